"""Which remembered note each question is: the same words, first in the same source, then elsewhere."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass

from notedeck.identity.lock import Lock, LockedNote
from notedeck.plain import squeezed

Wanted = tuple[str, tuple[str, ...], str, str]
"""Book, questions above, question, source."""


@dataclass(frozen=True, slots=True)
class Scope:
    """Which of the remembered sources this run can speak of."""

    read: frozenset[str]
    """Sources that were read."""
    is_whole: bool
    """Whether the notes' folder was given whole, so that a source that is not there is gone."""
    failed: frozenset[str] = frozenset()
    """Sources that are there and could not be read."""

    def holds(self, source: str) -> bool:
        """Whether a note of this source would have been found."""
        return source in self.read or (self.is_whole and source not in self.failed)


def match(wanted: Sequence[Wanted], lock: Lock, scope: Scope) -> list[str | None]:
    """For each question the guid of the note that it was, or None for a new one."""
    known: dict[tuple[str, ...], list[LockedNote]] = defaultdict(list)
    for locked in sorted(lock.notes.values(), key=lambda one: (bool(one.removed), one.number, one.guid)):
        known[_words(locked.book, locked.parents, locked.question)].append(locked)
    found: list[str | None] = [None] * len(wanted)
    for is_same_source in (True, False):
        for place, (book, parents, question, source) in enumerate(wanted):
            candidates = known.get(_words(book, parents, question), [])
            if found[place] is None:
                chosen = next((one for one in candidates if _may_be(one, source, is_same_source, scope)), None)
                if chosen:
                    candidates.remove(chosen)
                    found[place] = chosen.guid
    return found


def _may_be(locked: LockedNote, source: str, is_same_source: bool, scope: Scope) -> bool:
    """A note of a source that this run does not read is somebody else's."""
    return locked.source == source if is_same_source else bool(locked.removed) or scope.holds(locked.source)


def _words(book: str, parents: tuple[str, ...], question: str) -> tuple[str, ...]:
    return (squeezed(book), *map(squeezed, parents), squeezed(question))
