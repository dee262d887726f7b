"""One spelling for names that differ in case or in NFC and NFD alone: that of the lock, else the first.

Anki takes such decks for one and renames one of them. A spelling moves no card and no time, so it is settled before anything is compared.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from itertools import accumulate

from notedeck.places.decks import INSIDE, Place, tag_of
from notedeck.plain import alike


@dataclass(frozen=True, slots=True)
class Spelled:
    """What the lock knows of a place."""

    book: str
    deck: str
    chapter: str


class Spelling:
    """The spelling of each name, by its place among the others: the first that is seen counts."""

    def __init__(self, known: Iterable[Spelled]) -> None:
        self.books: dict[str, str] = {}
        self.decks: dict[str, str] = {}
        self.chapters: dict[tuple[str, str], str] = {}
        for one in known:
            self.learn(one.book, one.deck, one.chapter)

    def learn(self, book: str, deck: str, chapter: str) -> tuple[str, str, str]:
        """The names of a place as they are spelled from now on."""
        spelled = ""
        for whole in _prefixes(deck):
            last = whole.rpartition(INSIDE)[2]
            spelled = self.decks.setdefault(alike(whole), INSIDE.join(filter(None, (spelled, last))))
        return self.books.setdefault(alike(book), book), spelled, self.chapters.setdefault((alike(deck), alike(chapter)), chapter)

    def of(self, place: Place) -> Place:
        """A place under the spelling of its names."""
        book, deck, chapter = self.learn(place.book, place.deck, place.chapter)
        if (book, deck, chapter) == (place.book, place.deck, place.chapter):
            return place
        return replace(place, book=book, deck=deck, chapter=chapter, tag=tag_of(book, deck.split(INSIDE)[-place.depth :]) if place.depth else "")


def _prefixes(deck: str) -> Iterator[str]:
    """A deck's name and those of the decks above it, the outermost first."""
    return accumulate(deck.split(INSIDE), lambda above, part: above + INSIDE + part)
