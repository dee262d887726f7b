"""What was read in one source: plain values, light enough to travel between processes, to be kept, and to be held by the hundred thousand.

Of each question its gist is at hand, by which it is placed and known again; its HTML and its texts are packed until
somebody writes its card.
"""

from __future__ import annotations

import zlib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import islice
from typing import NamedTuple

from notedeck.account import Account
from notedeck.content.content import Content, PictureReference
from notedeck.content.notefields import Home, Numbers, fields_of, fields_print, own_print, tags_of, text_print
from notedeck.diagnostics import Diagnostic, Span
from notedeck.machine.quick import quick
from notedeck.places.decks import Place
from notedeck.reading.packing import dumped, loaded
from notedeck.sources.source import Source

_TOGETHER = 16
"""Contents in a pack: enough to deflate well, few enough to open for one of them."""
_OPENED = 128
"""Packs that stay open: cards are written in nearly the order of the notes."""


class Traces(NamedTuple):
    """By what it is told that a note moved."""

    own: str
    """Of its own text, place, labels and pictures."""
    text: str
    """The same with the questions above and the follow-ups inside."""
    fields: str
    """Of its fields and tags as they are packed."""


@dataclass(frozen=True, slots=True)
class Gist:
    """What identity and place need of a question; what has no docstring is as in `Content`."""

    span: Span
    parent_span: Span | None
    place: Place
    headings: tuple[str, ...]
    question_text: str
    parent_texts: tuple[str, ...]
    answer_print: str
    answer_sketch: str
    context_print: str
    own: str
    """As in `Traces`; empty as long as these wait for pictures or for the numbers of gaps."""
    text: str
    fields: str
    tags: tuple[str, ...]
    """In Anki's form, the chapter's among them."""
    askers: tuple[str, ...]
    pictures: tuple[PictureReference, ...]
    is_answered: bool
    cards: tuple[int, ...]
    is_cloze: bool
    gaps: tuple[tuple[int, str], ...]
    counted: tuple[int, ...]


_gist = quick(Gist)


@dataclass(frozen=True, slots=True)
class Packed:
    """Contents in their order, packed."""

    packs: tuple[bytes, ...]

    def __getitem__(self, number: int) -> Content:
        return _opened(self.packs[number // _TOGETHER])[number % _TOGETHER]

    def __iter__(self) -> Iterator[Content]:
        return (content for pack in self.packs for content in _opened(pack))


@dataclass(frozen=True, slots=True)
class Missed:
    """What of a page would be read if deck.toml said so."""

    headings: int = 0
    """Headings with text right below that are no questions."""
    outlines: int = 0
    """On a page without questions, bullets that name something over a list of points."""
    gaps: int = 0
    """Texts in `==…==`."""
    columns: tuple[str, ...] = ()
    """The columns of a table that holds no questions."""


@dataclass(frozen=True, slots=True)
class Findings:
    """What was read in one source."""

    book: str
    title: str
    gists: tuple[Gist, ...]
    """In the order of the file; follow-ups right behind their questions."""
    contents: Packed
    """Of the same questions."""
    account: Account
    diagnostics: tuple[Diagnostic, ...]
    roles: str
    """What each line of the source is: a letter a line, as in `ledger.Role`."""
    aside: str = ""
    """Why it may be left out, as in `aside`; empty if it may not."""
    missed: Missed = Missed()
    is_out: bool = False
    """Whether it is left out."""


def nothing_found(why: Diagnostic) -> Findings:
    """Of a source that was not read."""
    return Findings("", "", (), Packed(()), Account(), (why,), "")


@dataclass(frozen=True, slots=True)
class Read:
    """One source with what was read in it."""

    source: Source
    found: Findings


def pack(contents: Sequence[Content]) -> Packed:
    """Contents as they are kept."""
    rest = iter(contents)
    return Packed(tuple(zlib.compress(dumped(some), 1) for some in iter(lambda: tuple(islice(rest, _TOGETHER)), ())))


@lru_cache(maxsize=_OPENED)
def _opened(pack: bytes) -> tuple[Content, ...]:
    found: tuple[Content, ...] = loaded(zlib.decompress(pack))
    return found


def gist_of(content: Content, home: Home) -> Gist:
    """The gist of a content."""
    waits = bool(content.pictures) or content.is_cloze or not content.is_answered
    traces = Traces("", "", "") if waits else traces_of(content, home)
    return _gist(
        span=content.span,
        parent_span=content.parent_span,
        place=home.place,
        headings=content.headings,
        question_text=content.question_text,
        parent_texts=content.parent_texts,
        answer_print=content.answer_print,
        answer_sketch=content.answer_sketch,
        context_print=content.context_print,
        own=traces.own,
        text=traces.text,
        fields=traces.fields,
        tags=tags_of(content.tags, home.place),
        askers=content.askers,
        pictures=content.pictures,
        is_answered=content.is_answered,
        cards=content.cards,
        is_cloze=content.is_cloze,
        gaps=content.gaps,
        counted=content.counted,
    )


def traces_of(content: Content, home: Home, pictures: Sequence[str] = (), shown: Sequence[str] = (), numbers: Numbers = ()) -> Traces:
    """The traces of a content: `pictures` are their names, `shown` is their HTML, `numbers` are those that its gaps keep."""
    own = own_print(content, home, pictures)
    fields = fields_of(content, home, shown, numbers)
    return Traces(own, text_print(content, own), fields_print(fields, tags_of(content.tags, home.place)))
