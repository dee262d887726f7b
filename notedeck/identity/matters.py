"""What questions ask of, and how often each matter was and is asked of: the only question of its matter is known whatever its answer is."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable, Collection, Iterable, Sequence
from functools import cached_property

from notedeck.identity.asked import Asked
from notedeck.identity.lock import LockedNote
from notedeck.identity.standing import heirs, says_enough
from notedeck.identity.words import ask_alike, core, matter


class Matters:
    """The matters of all questions of a run and of all notes; they are counted for the first pair that needs it."""

    def __init__(self, asked: Sequence[Asked], notes: Iterable[LockedNote], settled: Callable[[], Collection[str]]) -> None:
        """`settled` gives the matters of the questions that are known already."""
        self.asked = asked
        self.notes = notes
        self.settled = settled

    @cached_property
    def now(self) -> Counter[str]:
        """How many questions ask of a matter."""
        return Counter(matter(core(one.question)) for one in self.asked)

    @cached_property
    def before(self) -> dict[str, list[LockedNote]]:
        """The notes that ask of a matter."""
        found: dict[str, list[LockedNote]] = defaultdict(list)
        for one in self.notes:
            found[matter(core(one.question))].append(one)
        return found

    def is_the_only_one(self, asked: Asked, one: LockedNote) -> bool:
        """Whether a question's words say enough, and occur once before and once now."""
        if not ask_alike(asked.question, one.question):
            return False
        what = matter(core(asked.question))
        if self.now[what] > 1 or heirs(self.before[what]) != [one] or what in self.settled():
            return False
        return says_enough(asked, one)
