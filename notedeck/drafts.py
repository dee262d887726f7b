"""Findings -> Draft: each answered question with its pictures found, and what stands in the fields of its note."""

from __future__ import annotations

import html
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from types import MappingProxyType
from urllib.parse import unquote

from notedeck.diagnostics import Diagnostic, Span
from notedeck.fields import Content, PictureReference, armed, disarmed, plain_page, with_numbers, with_pictures
from notedeck.findings import Gist, Read, html_print, parent_html
from notedeck.places import Place
from notedeck.plain import fingerprint, folded, nfc
from notedeck.sources.files import Tree
from notedeck.sources.pictures import Picture, Pictures, Trouble

Numbers = tuple[tuple[int, int], ...]
"""Of a cloze note, pairs of the number that a gap was counted as and the one that it keeps."""


@dataclass(frozen=True, slots=True)
class Draft:
    """An answered question with its place and its pictures: all of a note but its identity."""

    read: Read
    number: int
    """Its place among the questions of its source."""
    gist: Gist
    pictures: tuple[Picture, ...] = ()
    shown: tuple[str, ...] = ()
    """HTML for each picture that its text refers to."""

    @property
    def source(self) -> str:
        """Path of its source as seen from the lock's folder."""
        return self.read.source.name

    @property
    def title(self) -> str:
        """The page's title."""
        return self.read.found.title

    @property
    def place(self) -> Place:
        """Where it belongs."""
        return self.gist.place

    @property
    def parents(self) -> tuple[str, ...]:
        """The questions above, plain, outermost first."""
        return self.gist.parent_texts

    @property
    def content(self) -> Content:
        """All that its note will say, unpacked."""
        return self.read.found.contents[self.number]


def drafts_of(reads: Sequence[Read], trees: Mapping[Path, Tree] = MappingProxyType({})) -> tuple[list[Draft], list[Diagnostic]]:
    """The answered questions of all sources, with the pictures that lie in `trees`."""
    problems: list[Diagnostic] = []
    pictures = Pictures(trees)
    drafts = [
        draft_of(read, number, pictures, problems) if gist.pictures else Draft(read, number, gist)
        for read in reads
        for number, gist in enumerate(read.found.gists)
        if gist.is_answered
    ]
    return drafts, problems


def draft_of(read: Read, number: int, pictures: Pictures, problems: list[Diagnostic]) -> Draft:
    """A question with its pictures found; what is wrong with those is told."""
    gist = read.found.gists[number]
    found = [pictures.find(picture.address, read.source) for picture in gist.pictures]
    shown = []
    for reference, picture in zip(gist.pictures, found, strict=True):
        shown.append(_shown(reference, picture))
        if isinstance(picture, Trouble):
            span = Span(read.source.path, reference.line, reference.line + 1)
            problems.append(Diagnostic(span, f"picture-{picture.name.lower()}", (_readable(reference),)))
    return Draft(read, number, gist, tuple(dict.fromkeys(picture for picture in found if isinstance(picture, Picture))), tuple(shown))


def _readable(reference: PictureReference) -> str:
    """A picture's address as a person would write it."""
    address = nfc(unquote(reference.address, errors="replace"))
    return (reference.address if "\ufffd" in address else address) or reference.alternative


def _shown(reference: PictureReference, picture: Picture | Trouble) -> str:
    """A picture on a card: itself, a link if it is remote, or words in its place."""
    words = html.escape(reference.alternative)
    if isinstance(picture, Picture):
        return f'<img src="{picture.name}" alt="{words}">'
    if picture is Trouble.REMOTE and reference.address.lower().startswith(("http://", "https://")):
        address = html.escape(reference.address)
        return f'<a href="{address}">{words or address}</a>'
    return f'<span class="missing">그림 없음{": " if words else ""}{words}</span>'


def fields_of(draft: Draft, id_: str, numbers: Numbers = ()) -> dict[str, str]:
    """The fields of the draft's note type, by name; the spare ones stay empty. `id_` is the ID of its note."""
    content = draft.content
    finished = armed if content.is_cloze else disarmed
    own = ("Text", "Extra") if content.is_cloze else ("Question", "Answer")
    question, answer, context = (finished(with_pictures(part, draft.shown)) for part in (content.question, content.answer, content.context))
    fields = {
        own[0]: with_numbers(question, dict(numbers)) if numbers else question,
        own[1]: answer,
        "Context": context,
        "Parent": parent_html(content),
        **plain_fields(draft, id_),
    }
    return {name: value if name in own else armed(value) for name, value in fields.items()} if content.is_cloze else fields


def plain_fields(draft: Draft, id_: str) -> dict[str, str]:
    """The fields that hold plain text."""
    gist, place = draft.gist, draft.gist.place
    address = _address(draft.read.source.page_id)
    return {
        "Label": _plain(", ".join(gist.labels)),
        "Book": _plain(place.book),
        "Chapter": _plain(place.chapter),
        "Page": plain_page(gist.pages),
        "Asker": _plain(", ".join(gist.askers)),
        "Source": _plain(" · ".join(filter(None, (draft.title or place.book, place.chapter, address)))),
        "ID": id_,
    }


def shipped_print(draft: Draft, id_: str, numbers: Numbers = ()) -> str:
    """A fingerprint of a note's fields and tags, for which most need not be written."""
    html_known = draft.gist.html_print
    if html_known:
        return fingerprint(html_known, *plain_fields(draft, id_).values(), *draft.gist.tags)
    return print_of(fields_of(draft, id_, numbers), draft.gist.tags)


def print_of(fields: Mapping[str, str], tags: Sequence[str]) -> str:
    """The same, of fields that are written."""
    first, second, context, parent, *plain = fields.values()
    return fingerprint(html_print(first, second, context, parent), *plain, *tags)


def _address(page_id: str) -> str:
    """Where a page of Notion is: its id alone leads there, whatever it is called and wherever it was moved."""
    return f"https://www.notion.so/{page_id}" if page_id else ""


@lru_cache(maxsize=1 << 12)
def _plain(words: str) -> str:
    """Plain text in a field, which Anki shows as HTML."""
    return disarmed(html.escape(folded(words), quote=False))
