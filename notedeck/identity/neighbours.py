"""Who stands beside whom in the sources, now and before."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TypeVar

from notedeck.identity.asked import Asked
from notedeck.identity.lock import Lock, LockedNote

_Name = TypeVar("_Name", int, str)


class Order:
    """Who stands beside whom in the sources, now and before."""

    def __init__(self, asked: Sequence[Asked], lock: Lock) -> None:
        self.now = _neighbours([(one.source, place) for place, one in enumerate(asked)])
        before = sorted((one for one in lock.notes.values() if not one.removed), key=lambda one: (one.source, one.line, one.guid))
        self.before = _neighbours([(one.source, one.guid) for one in before])

    def beside(self, place: int, one: LockedNote, found: Mapping[int, str]) -> int:
        """How many of the two neighbours of a question are those that the note had."""
        was = self.before.get(one.guid, (None, None))
        return sum(beside is not None and found.get(beside) == guid and guid is not None for beside, guid in zip(self.now[place], was, strict=True))


def _neighbours(rows: Sequence[tuple[str, _Name]]) -> dict[_Name, tuple[_Name | None, _Name | None]]:
    """For each name the one before and the one after it in the same source."""
    sides: dict[_Name, tuple[_Name | None, _Name | None]] = {}
    for number, (source, name) in enumerate(rows):
        before = rows[number - 1] if number else None
        after = rows[number + 1] if number + 1 < len(rows) else None
        sides[name] = (before[1] if before and before[0] == source else None, after[1] if after and after[0] == source else None)
    return sides
