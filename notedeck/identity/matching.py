"""Which remembered note each question is, over the whole collection at once.

First the questions whose words stayed, in their place; then those that stand elsewhere with much the same answer;
then the reworded ones, for which question, answer, place and neighbours are weighed together. A pair is taken only
if each is by far the best for the other. In doubt there is no match: history must never go to another question.
"""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import lru_cache

from notedeck.content.sketch import likeness, weight
from notedeck.identity.asked import Asked
from notedeck.identity.candidates import COMMON, best, candidates
from notedeck.identity.lock import Lock, LockedNote
from notedeck.identity.neighbours import Order
from notedeck.identity.scope import Scope
from notedeck.plain import nfc, squeezed

ALIKE_ANSWER = 0.35
"""From here on an answer speaks for a question that moved."""
SAME_ANSWER = 0.85
"""From here on an answer speaks for a follow-up whose question above is another."""
SURE = 0.78
"""From here on a reworded question is the note that it looks like."""
DOUBT = 0.5
"""From here on a question that is not matched is told as doubtful."""


@dataclass(frozen=True, slots=True)
class Matches:
    """Who is who."""

    guids: tuple[str | None, ...]
    """For each question the guid of the note that it was; None for a new one."""
    doubts: Mapping[int, tuple[str, ...]]
    """For a new question the guids of the notes that it might be, most likely first."""


def match(
    asked: Sequence[Asked],
    lock: Lock,
    scope: Scope,
    new_id: Callable[[int], str] = lambda place: "",
    apart: frozenset[tuple[str, str]] = frozenset(),
) -> Matches:
    """Match questions to remembered notes.

    `apart` holds pairs of IDs, of a note and of a new question, that the author has told to be two; `new_id` says which
    ID a question would get if it were new.
    """
    return _Matcher(asked, lock, scope, new_id, apart).run()


@dataclass(slots=True)
class _Matcher:
    asked: Sequence[Asked]
    lock: Lock
    scope: Scope
    new_id: Callable[[int], str]
    apart: frozenset[tuple[str, str]]
    found: dict[int, str] = field(default_factory=dict)
    """Place of a question -> guid."""
    taken: set[str] = field(default_factory=set)
    """Guids that a question has."""
    doubts: dict[int, tuple[str, ...]] = field(default_factory=dict)
    alone: set[tuple[str, str]] = field(default_factory=set)
    """Homes in which only one question and one note have these words."""
    words: list[str] = field(init=False)
    """Of each question."""
    asking: dict[str, list[int]] = field(init=False)
    """Words -> places of the questions that have them."""
    known: dict[str, list[LockedNote]] = field(init=False)
    """Words -> the notes that have them."""

    def __post_init__(self) -> None:
        self.words = [_bare(one.question) for one in self.asked]
        self.asking, self.known = defaultdict(list), defaultdict(list)
        for place, words in enumerate(self.words):
            self.asking[words].append(place)
        for one in self.lock.notes.values():
            self.known[_bare(one.question)].append(one)

    def run(self) -> Matches:
        """Match from the outermost questions inwards, since a follow-up is known by the one above it; then across."""
        depths = range(max((len(one.parents) for one in self.asked), default=-1) + 1)
        for depth in depths:
            self.match_all([place for place, one in enumerate(self.asked) if len(one.parents) == depth], depth)
        self.match_all(range(len(self.asked)), None)
        guids = tuple(self.found.get(place) for place in range(len(self.asked)))
        return Matches(guids, {place: likely for place, likely in self.doubts.items() if place not in self.found})

    def match_all(self, places: Sequence[int], depth: int | None) -> None:
        """Match some questions to notes of one depth, or of any."""
        self.unmoved(places)
        self.same_words(places, depth, self.in_place)
        self.same_words(places, depth, self.elsewhere)
        self.reworded([place for place in places if place not in self.found], depth)

    def take(self, place: int, guid: str) -> None:
        """A question is a note."""
        self.found[place] = guid
        self.taken.add(guid)

    def free(self, notes: Iterable[LockedNote], depth: int | None) -> list[LockedNote]:
        """Notes that no question has taken and that this run can speak of; one restored from a package could be anywhere."""
        return [
            one
            for one in notes
            if one.guid not in self.taken and (one.removed or not one.source or self.scope.holds(one.source)) and depth in (None, len(one.parents))
        ]

    def unmoved(self, places: Iterable[int]) -> None:
        """Take what is as it was, where no other question and no other note has its words: nearly all, without a look at the rest."""
        for place in places:
            notes = self.known.get(self.words[place], ())
            if len(notes) == 1 and place not in self.found and len(self.asking[self.words[place]]) == 1:
                [one] = notes
                asked = self.asked[place]
                is_here = (one.source, one.deck, one.parents, one.parent) == (asked.source, asked.deck, asked.parents, self.parent(place))
                if is_here and one.answer == asked.answer and not one.removed and not self.is_apart(place, one):
                    self.take(place, one.guid)

    def parent(self, place: int) -> str:
        """The guid of the note above a question; above a new one, what no note has."""
        above = self.asked[place].parent
        return "" if above is None else self.found.get(above, "new")

    def home(self, place: int) -> tuple[str, str]:
        """Where a question stands, the note above it or its deck, and its words."""
        asked = self.asked[place]
        return asked.deck if asked.parent is None else self.parent(place), self.words[place]

    def in_place(self, place: int, one: LockedNote) -> bool:
        """Below the same note, or in the same deck and source: then the words are enough, if they are nobody else's."""
        asked = self.asked[place]
        if one.parent != self.parent(place):
            return False
        is_here = asked.parent is not None or (one.deck == asked.deck and (one.source in ("", asked.source) or one.source not in self.scope.read))
        return is_here and (self.home(place) in self.alone or self.elsewhere(place, one))

    def elsewhere(self, place: int, one: LockedNote) -> bool:
        """Anywhere: then the answer must speak for it too, and the more so below another question (`예를 들어 설명해주세요`)."""
        enough = ALIKE_ANSWER if self.parent(place) == one.parent else SAME_ANSWER
        return self.answer_likeness(place, one) >= enough

    def answer_likeness(self, place: int, one: LockedNote) -> float:
        """How much a question's answer shares with a note's, 0 to 1."""
        asked = self.asked[place]
        return 1.0 if asked.answer == one.answer else min(likeness(asked.sketch, one.sketch), 0.99)

    def same_words(self, places: Iterable[int], depth: int | None, may_be: Callable[[int, LockedNote], bool]) -> None:
        """Pair questions with notes of the same words; among several, those with the likest answers, then in order."""
        waiting: dict[str, list[int]] = defaultdict(list)
        for place in places:
            if place not in self.found:
                waiting[self.words[place]].append(place)
        known = {words: notes for words in waiting if (notes := self.free(self.known.get(words, ()), depth))}
        homes = Counter(self.home(place) for words in known for place in self.asking[words])
        former = Counter((one.parent or one.deck, words) for words in known for one in self.known[words])
        self.alone = {home for home, count in homes.items() if count == former[home] == 1}
        for words, notes in known.items():
            notes.sort(key=lambda one: (bool(one.removed), one.source, one.line, one.number, one.guid))
            self.pair_off(waiting[words], notes, may_be)

    def pair_off(self, places: Sequence[int], notes: Sequence[LockedNote], may_be: Callable[[int, LockedNote], bool]) -> None:
        """Pair two groups of the same words: first those with equal answers, in order, then the surest pair first."""
        same: dict[str, list[LockedNote]] = defaultdict(list)
        for one in reversed(notes):
            same[one.answer].append(one)
        for place in places:
            stack = same[self.asked[place].answer]
            likely = range(len(stack) - 1, max(len(stack) - COMMON, 0) - 1, -1)
            equal = next((rank for rank in likely if may_be(place, stack[rank]) and not self.is_apart(place, stack[rank])), None)
            if equal is not None:
                self.take(place, stack.pop(equal).guid)
        open_places = [place for place in places if place not in self.found][:COMMON]
        open_notes = [one for one in notes if one.guid not in self.taken][:COMMON]
        pairs = [
            (-self.answer_likeness(place, one), one.book != self.asked[place].book, bool(one.removed), abs(order - rank), order, rank)
            for order, place in enumerate(open_places)
            for rank, one in enumerate(open_notes)
            if may_be(place, one) and not self.is_apart(place, one)
        ]
        for *_, order, rank in sorted(pairs):
            if open_places[order] not in self.found and open_notes[rank].guid not in self.taken:
                self.take(open_places[order], open_notes[rank].guid)

    def is_apart(self, place: int, one: LockedNote) -> bool:
        """Whether the author has said that these are two."""
        return bool(self.apart) and (one.id, self.new_id(place)) in self.apart

    def reworded(self, places: Sequence[int], depth: int | None) -> None:
        """Pair what is left by likeness: surest first, again and again, since each pair leaves fewer rivals."""
        notes = self.free(self.lock.notes.values(), depth) if places else []
        if not notes:
            return
        order = Order(self.asked, self.lock)
        pairs = [(place, one) for place, one in candidates(places, self.asked, notes) if not self.is_apart(place, one)]
        likely = {(place, one.guid): self.likeness(place, one) for place, one in pairs}
        while True:
            likely = {(place, guid): sure for (place, guid), sure in likely.items() if place not in self.found and guid not in self.taken}
            scores = {(place, guid): sure + self.nearness(place, self.lock.notes[guid], order) for (place, guid), sure in likely.items()}
            sure = [(place, guid) for place, guid, score in best(scores) if score >= SURE]
            if not sure:
                break
            for place, guid in sure:
                self.take(place, guid)
        for (place, guid), _ in sorted(((pair, score) for pair, score in scores.items() if score >= DOUBT), key=lambda one: -one[1]):
            self.doubts[place] = tuple(dict.fromkeys((*self.doubts.get(place, ()), guid)))

    def likeness(self, place: int, one: LockedNote) -> float:
        """How much a question's words and its answer, as far as it tells anything, are those of a note."""
        from rapidfuzz import fuzz

        asked = self.asked[place]
        words = fuzz.ratio(squeezed(asked.question), squeezed(one.question)) / 100
        trust = 0.7 * weight(asked.sketch)
        return (1 - trust) * words + trust * self.answer_likeness(place, one)

    def nearness(self, place: int, one: LockedNote, order: Order) -> float:
        """What speaks for a note's place, less what speaks against it."""
        asked = self.asked[place]
        against = 0.06 * (self.parent(place) != one.parent) + 0.06 * (one.book != asked.book) + 0.06 * bool(one.removed)
        return 0.02 * order.beside(place, one, self.found) - against


_SILENT = re.compile(r"[^\w+#\-*/<>=&|$%^]|_")


@lru_cache(maxsize=1 << 16)
def _bare(question: str) -> str:
    """A question's letters and digits, and the signs that tell `C`, `C++` and `C#` apart."""
    return _SILENT.sub("", nfc(question).casefold())
