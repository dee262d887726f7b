"""What builds ever packed of a note: its texts by their prints, its tags and its decks, as short words in the lock.

By these a program that looks into a collection tells what came from here from what its user wrote.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Protocol

from notedeck.places.decks import INSIDE, deck_part

_PRINT = 12
"""Digits of a print that are kept: that two texts of one note share them does not happen."""


class Remembered(Protocol):
    """A note in the lock, as far as this is about it; what has no docstring is as in `LockedNote`."""

    @property
    def book(self) -> str: ...
    @property
    def deck(self) -> str: ...
    @property
    def sent(self) -> str: ...
    @property
    def tags(self) -> tuple[str, ...]: ...
    @property
    def before(self) -> tuple[str, ...]: ...
    @property
    def decks(self) -> tuple[str, ...]: ...


@dataclass(frozen=True, slots=True)
class Version:
    """What was packed of a note at one time."""

    print: str
    """The first digits of its `sent`."""
    tags: tuple[str, ...]

    def is_of(self, fingerprint: str) -> bool:
        """Whether it is the one with this print of fields and tags."""
        return bool(self.print) and fingerprint.startswith(self.print)


def versions(locked: Remembered) -> Iterator[Version]:
    """All that was ever packed of a note, the last first."""
    yield Version(locked.sent[:_PRINT], locked.tags)
    for words in reversed(locked.before):
        first, *tags = words.split(" ")
        yield Version(first, tuple(tags))


def before(was: Remembered, sent: str, now: str, tags: tuple[str, ...]) -> tuple[str, ...]:
    """What was packed of a note before, or is packed `now` under the time of what was `sent`, but for that itself."""
    packed = (*was.before, _word(was.sent, was.tags or tags), _word(now, tags))
    return tuple(dict.fromkeys(one for one in packed if not one.startswith(" ") and one != _word(sent, tags)))


def _word(fingerprint: str, tags: Iterable[str]) -> str:
    return " ".join((fingerprint[:_PRINT], *tags))


def decks_before(was: Remembered, deck: str) -> tuple[str, ...]:
    """The decks that a note has left, each behind the number of parts of its book's own deck (`1 우체국::01장`)."""
    left = (*was.decks, _deck_word(was)) if was.deck and was.deck != deck else was.decks
    return tuple(one for one in dict.fromkeys(left) if one.partition(" ")[2] != deck)


def _deck_word(was: Remembered) -> str:
    parts = was.deck.split(INSIDE)
    book = deck_part(was.book)
    return f"{parts.index(book) + 1 if book in parts else len(parts)} {was.deck}"


def former_decks(locked: Remembered) -> Iterator[tuple[str, int]]:
    """The decks that a note has left, with the number of parts of its book's own deck."""
    for words in locked.decks:
        depth, _, deck = words.partition(" ")
        yield deck, int(depth)


def joined(one: Remembered, other: Remembered) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """`before` and `decks` of what two lines of one note remember together, as git joins two locks; the first is the one that counts."""
    packed = (*other.before, _word(other.sent, other.tags), *one.before)
    left = (*other.decks, *((_deck_word(other),) if other.deck != one.deck else ()), *one.decks)
    before = tuple(dict.fromkeys(word for word in packed if not word.startswith(" ") and word != _word(one.sent, one.tags)))
    return before, tuple(word for word in dict.fromkeys(left) if word.partition(" ")[2] != one.deck)
