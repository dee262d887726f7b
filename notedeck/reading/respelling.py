"""Reads -> the same under one spelling of each deck's name; which names were written otherwise is told."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace
from typing import Protocol

from notedeck.diagnostics import Diagnostic, Span
from notedeck.places.decks import INSIDE, Place
from notedeck.places.spelling import Spelled, Spelling
from notedeck.reading.findings import Findings, Gist, Read


class Known(Protocol):
    """What the lock knows of a note's place."""

    @property
    def book(self) -> str:
        """Its book."""

    @property
    def deck(self) -> str:
        """Its deck's full name."""

    @property
    def chapter(self) -> str:
        """Its chapter as written."""


def respelled(reads: Sequence[Read], known: Iterable[Known]) -> tuple[tuple[Read, ...], list[Diagnostic]]:
    """The reads with each name as `known` notes spell it, else as it was read first."""
    spelling = Spelling(Spelled(*names) for names in dict.fromkeys((one.book, one.deck, one.chapter) for one in known))
    places = {place: spelling.of(place) for place in dict.fromkeys(gist.place for read in reads for gist in read.found.gists)}
    changed = {place: other for place, other in places.items() if other is not place}
    if not changed:
        return tuple(reads), []
    told: dict[tuple[str, str], Diagnostic] = {}
    for read in reads:
        for place in dict.fromkeys(gist.place for gist in read.found.gists if gist.place in changed):
            if pair := _other_name(place, changed[place]):
                told.setdefault(pair, Diagnostic(Span(read.source.path), "spelling", pair))
    return tuple(replace(read, found=_found(read.found, changed)) for read in reads), list(told.values())


def _other_name(place: Place, other: Place) -> tuple[str, str] | None:
    """The outermost name of a deck that is spelled otherwise, as written and as it counts."""
    pairs = zip(place.deck.split(INSIDE), other.deck.split(INSIDE), strict=True)
    return next((pair for pair in pairs if pair[0] != pair[1]), None)


def _found(found: Findings, changed: dict[Place, Place]) -> Findings:
    gists = tuple(_gist(gist, changed[gist.place]) if gist.place in changed else gist for gist in found.gists)
    return replace(found, gists=gists, book=gists[0].place.book if gists else found.book)


def _gist(gist: Gist, place: Place) -> Gist:
    """A gist at a place that is spelled otherwise; its traces are taken anew where they are wanted."""
    tags = tuple(sorted({*gist.tags, place.tag} - {gist.place.tag} | ({place.tag} if place.tag else set()) - {""}))
    return replace(gist, place=place, tags=tags, own="", text="", fields="")
