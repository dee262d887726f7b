"""Content -> the fields of its note by name, and the fingerprints by which an edit is told from a change of our HTML."""

from __future__ import annotations

import html
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache

from notedeck.content.arming import armed, disarmed, with_numbers, with_pictures, with_sounds
from notedeck.content.content import Content
from notedeck.places.decks import Place
from notedeck.plain import fingerprint, folded

ID = "ID"
Numbers = tuple[tuple[int, int], ...]
"""Of a cloze note, pairs of the number that a gap was counted as and the one that it keeps."""


@dataclass(frozen=True, slots=True)
class Home:
    """Where a content belongs and where it comes from."""

    place: Place
    title: str
    """Its page's title."""
    page_id: str
    """The id of its page in Notion."""


def fields_of(content: Content, home: Home, shown: Sequence[str] = (), numbers: Numbers = ()) -> dict[str, str]:
    """The fields of the content's note type but for its ID; the spare ones stay empty. `shown` is the HTML of each picture."""
    own = ("Text", "Extra") if content.is_cloze else ("Question", "Answer")
    question, answer, context = content.question, content.answer, content.context
    if shown or content.is_cloze:
        finished = armed if content.is_cloze else disarmed
        question, answer, context = (with_sounds(finished(with_pictures(part, shown))) for part in (question, answer, context))
    fields = {
        own[0]: with_numbers(question, dict(numbers)) if numbers else question,
        own[1]: answer,
        "Context": context,
        "Parent": "".join([f"<div>{question}</div>" for question in content.parents]),
        **_plain_fields(content, home),
    }
    return {name: value if name in (*own, "Context") else armed(value) for name, value in fields.items()} if content.is_cloze else fields


def _plain_fields(content: Content, home: Home) -> dict[str, str]:
    place = home.place
    return {
        "Label": _plain(", ".join(content.labels)),
        "Book": _plain(place.book),
        "Chapter": _plain(place.chapter),
        "Page": plain_page(content.pages),
        "Asker": _plain(", ".join(content.askers)),
        "Source": _plain(" · ".join(filter(None, (home.title or place.book, place.chapter, _address(home.page_id))))),
    }


def _address(page_id: str) -> str:
    """Where a page of Notion is: its id alone leads there, whatever it is called and wherever it was moved."""
    return f"https://www.notion.so/{page_id}" if page_id else ""


@lru_cache(maxsize=1 << 12)
def _plain(words: str) -> str:
    """Plain text in a field, which Anki shows as HTML."""
    return disarmed(html.escape(folded(words), quote=False))


@lru_cache(maxsize=1 << 12)
def tags_of(tags: tuple[str, ...], place: Place) -> tuple[str, ...]:
    """A note's tags in Anki's form, the chapter's among them, sorted: their order says nothing."""
    return tuple(sorted({"_".join(tag.split()) for tag in tags} | ({place.tag} if place.tag else set())))


def fields_print(fields: Mapping[str, str], tags: Sequence[str]) -> str:
    """A fingerprint of what a package says of a note, but for its ID, which never moves."""
    return fingerprint(*(value for name, value in fields.items() if name != ID), *tags)


def own_print(content: Content, home: Home, pictures: Iterable[str] = ()) -> str:
    """A fingerprint of a content's own text, place, labels and pictures, these by their names in Anki."""
    lists = (content.labels, content.pages, content.askers, tags_of(content.tags, home.place), tuple(pictures))
    return fingerprint(content.own, home.title, home.place.deck, home.place.chapter, *map(_list_print, lists))


def text_print(content: Content, own: str) -> str:
    """The same with the questions above and the follow-ups inside; `own` is its `own_print`."""
    return fingerprint(own, content.written, *content.parent_texts)


@lru_cache(maxsize=1 << 12)
def _list_print(words: tuple[str, ...]) -> str:
    return fingerprint(*words)


def plain_page(pages: Sequence[str]) -> str:
    """The `Page` field: `5`, or `7, 20`."""
    return ", ".join(folded(page) for page in pages)
