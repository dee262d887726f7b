"""Where questions stand and where notes stood: below whom, in which deck, and, for words that name nothing, under which headings."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from notedeck.identity.asked import Asked
from notedeck.identity.lock import Lock, LockedNote
from notedeck.identity.words import bare, core

Home = tuple[str, ...]
"""The note above or else source and deck, and the words; behind them, where the words name nothing, what tells them from the same ones."""
_Place = tuple[str, str]
"""A source and a deck."""
_ENOUGH = 2
"""Questions that must have gone from a source which still stands, until it is said to have moved."""


@dataclass(slots=True)
class Standing:
    """Where all questions of a run stand, and where the notes stood that they may be."""

    asked: Sequence[Asked]
    lock: Lock
    read: frozenset[str]
    """Sources that were read."""
    found: Mapping[int, str]
    """Place of a question -> guid, as far as it is known."""
    moved: dict[_Place, _Place] = field(default_factory=dict)
    """What became of places that most of their questions left for one other: a file or a folder was renamed."""

    def parent(self, place: int) -> str:
        """The guid of the note above a question; above a new one, what no note has."""
        above = self.asked[place].parent
        return "" if above is None else self.found.get(above, "new")

    def is_in_place(self, place: int, one: LockedNote) -> bool:
        """Whether a note stood where a question stands: below the same note, or in the same deck and source."""
        asked = self.asked[place]
        if one.parent != self.parent(place):
            return False
        if asked.parent is not None:
            return True
        source, deck = self._now_at(one)
        return deck == asked.deck and (source in ("", asked.source) or source not in self.read)

    def asks_here_what_it_asked(self, place: int, one: LockedNote) -> bool:
        """Whether words ask in their place what they asked: below the same question or the same headings, or they say it themselves."""
        asked = self.asked[place]
        return asked.parent is not None or not names(one) or says_enough(asked, one)

    def home(self, place: int) -> Home:
        """Where a question stands."""
        asked = self.asked[place]
        if asked.parent is not None:
            return self.parent(place), bare(asked.question)
        return asked.source, asked.deck, bare(asked.question), *_apart(asked)

    def former_home(self, one: LockedNote) -> Home:
        """Where a note stood, by what its place is called now."""
        if one.parent:
            return one.parent, bare(one.question)
        return *self._now_at(one), bare(one.question), *_apart(one)

    def look_who_moved(self) -> None:
        """Learn from the questions that were found what became of the places that they left."""
        votes: dict[_Place, Counter[_Place]] = defaultdict(Counter)
        for place, guid in self.found.items():
            one, asked = self.lock.notes[guid], self.asked[place]
            if asked.parent is None and not one.parent and one.source:
                votes[one.source, one.deck][asked.source, asked.deck] += 1
        for old, counts in votes.items():
            [(new, count)] = counts.most_common(1)
            if new != old and 2 * count > counts.total() and (count >= _ENOUGH or old[0] not in self.read):
                self.moved[old] = new

    def _now_at(self, one: LockedNote) -> _Place:
        place = one.source, one.deck
        return self.moved.get(place, place)


def _apart(one: Asked | LockedNote) -> Home:
    """What tells a question whose words name nothing from the same ones beside it: its headings, and what of the book it is about."""
    return () if names(one) else (*map(core, one.headings), "", one.context)


def names(one: Asked | LockedNote) -> int:
    """How many words of a question say what it is about; what knows them is imported by the first question that is not where it was."""
    from notedeck.items.signs.subjects import names_in

    return names_in(one.question)


def says_enough(asked: Asked, one: LockedNote) -> bool:
    """Whether a note's words name what it is about, so that they ask the same here; where something else stands above them, two must."""
    above, before = _above(asked), _above(one)
    return names(one) > bool(above and before and above != before)


def _above(one: Asked | LockedNote) -> tuple[str, ...]:
    """The headings and the questions above, as far as they are known."""
    return tuple(filter(None, (*map(core, one.headings), *map(bare, one.parents))))


def tells_apart(one: Asked | LockedNote) -> bool:
    """Whether a question says what it is about, by its words or by what of the book it is about."""
    return bool(one.context or names(one))


def heirs(notes: Iterable[LockedNote]) -> list[LockedNote]:
    """Of notes with the same home those that a question may come after: those that are there, else those that went last."""
    every = list(notes)
    there = [one for one in every if not one.removed]
    last = max((one.removed for one in every), default=0)
    return there or [one for one in every if one.removed == last]
