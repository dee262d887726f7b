"""Findings -> Draft: each answered question with its pictures found."""

from __future__ import annotations

import html
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from types import MappingProxyType

from notedeck.content.arming import PLAYED, PLAYS
from notedeck.content.content import Content, PictureReference
from notedeck.content.notefields import Home, Numbers, fields_of
from notedeck.diagnostics import Diagnostic, Span
from notedeck.machine.mediatypes import is_played
from notedeck.machine.quick import quick
from notedeck.places.decks import Place
from notedeck.reading.findings import Gist, Read, Traces, traces_of
from notedeck.sources.files import File, Tree
from notedeck.sources.pictures import Picture, Pictures, Trouble


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
    def place(self) -> Place:
        """Where it belongs."""
        return self.gist.place

    @property
    def parents(self) -> tuple[str, ...]:
        """The questions above, plain, outermost first."""
        return self.gist.parent_texts

    @property
    def home(self) -> Home:
        """Where it belongs and where it comes from."""
        return Home(self.gist.place, self.read.found.title, self.read.source.page_id)

    def fields(self, numbers: Numbers = ()) -> dict[str, str]:
        """The fields of its note but for the ID, written anew each time; a gap that was counted as the first of a pair is given the second."""
        return fields_of(self.content, self.home, self.shown, numbers)

    def traces(self, numbers: Numbers = ()) -> Traces:
        """By what it is told that it moved."""
        gist = self.gist
        if gist.text:
            return Traces(gist.own, gist.text, gist.fields)
        widths = [f"{reference.address} {reference.width}" for reference in gist.pictures if reference.width]
        return traces_of(self.content, self.home, [*(picture.name for picture in self.pictures), *widths], self.shown, numbers)

    @property
    def content(self) -> Content:
        """All that its note will say, unpacked."""
        return self.read.found.contents[self.number]


_draft = quick(Draft)


def drafts_of(
    reads: Sequence[Read], trees: Mapping[Path, Tree] = MappingProxyType({}), brought: Mapping[str, File] = MappingProxyType({})
) -> tuple[list[Draft], list[Diagnostic]]:
    """The answered questions of all sources, with the pictures that lie in `trees` and those that were `brought` from the net."""
    problems: list[Diagnostic] = []
    pictures = Pictures(trees, brought)
    drafts = [
        draft_of(read, number, pictures, problems) if gist.pictures else _draft(read, number, gist)
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
            is_sound = picture is Trouble.MISSING and is_played(reference.address)
            problems.append(Diagnostic(span, "sound-missing" if is_sound else f"picture-{picture.name.lower()}", (reference.readable,)))
    return Draft(read, number, gist, tuple(dict.fromkeys(picture for picture in found if isinstance(picture, Picture))), tuple(shown))


def _shown(reference: PictureReference, picture: Picture | Trouble) -> str:
    """A picture on a card: itself, a link if it is remote, or words in its place; a sound or a film is played."""
    words = html.escape(reference.alternative)
    if isinstance(picture, Picture) and is_played(picture.name):
        return f"{PLAYS}{picture.name}{PLAYED}"
    if isinstance(picture, Picture):
        width = f' width="{reference.width}"' if reference.width else ""
        return f'<img src="{picture.name}" alt="{words}"{width}>'
    if picture is Trouble.REMOTE and reference.address.lower().startswith(("http://", "https://")):
        address = html.escape(reference.address)
        return f'<a href="{address}">{words or address}</a>'
    kind = "소리" if is_played(reference.address) else "그림"
    return f'<span class="missing">{kind} 없음{": " if words else ""}{words}</span>'
