"""Which remembered note each question is, over the whole collection at once.

First the questions whose words stayed, in their place; then those that stand elsewhere with much the same answer;
then those whose place got another name; then the reworded ones, for which question, answer, place and neighbours are
weighed together. A pair is taken only if each is by far the best for the other. In doubt there is no match: history
must never go to another question.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from notedeck.identity.asked import Asked
from notedeck.identity.candidates import COMMON, best, candidates
from notedeck.identity.lock import UNKNOWN, Lock, LockedNote
from notedeck.identity.matters import Matters
from notedeck.identity.neighbours import Order
from notedeck.identity.scope import Scope
from notedeck.identity.scores import AGAINST, answer_likeness, likeness
from notedeck.identity.standing import Home, Standing, heirs, names, tells_apart
from notedeck.identity.words import bare, same_headings

ALIKE_ANSWER = 0.35
"""From here on an answer speaks for a question that moved."""
SAME_ANSWER = 0.85
"""From here on an answer speaks for a question that would ask something else elsewhere (`예를 들어 설명해주세요`)."""
ONLY = 0.905
"""How much a question is like the only note that has its words, whatever its answer is: two things against that leave it sure, three do not."""
SURE = 0.78
"""From here on a reworded question is the note that it looks like."""
DOUBT = 0.5
"""From here on a question that is not matched is told as doubtful."""
_LIKELY = 3
"""Notes of the same words that are told with a doubt."""


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
    settled: Callable[[], Collection[str]] = tuple,
) -> Matches:
    """Match questions to remembered notes.

    `apart` holds pairs of IDs, of a note and of a new question, that the author has told to be two; `new_id` says which
    ID a question would get if it were new; `settled` gives the matters of the questions that are known already.
    """
    return _Matcher(asked, lock, scope, new_id, apart, settled).run()


@dataclass(slots=True)
class _Matcher:
    asked: Sequence[Asked]
    lock: Lock
    scope: Scope
    new_id: Callable[[int], str]
    apart: frozenset[tuple[str, str]]
    settled: Callable[[], Collection[str]]
    found: dict[int, str] = field(default_factory=dict)
    """Place of a question -> guid."""
    taken: set[str] = field(default_factory=set)
    """Guids that a question has."""
    doubts: dict[int, tuple[str, ...]] = field(default_factory=dict)
    alone: dict[Home, str] = field(default_factory=dict)
    """Homes in which only one question and one note have these words, and that note's guid."""
    words: list[str] = field(init=False)
    """Of each question."""
    asking: dict[str, list[int]] = field(init=False)
    """Words -> places of the questions that have them."""
    known: dict[str, list[LockedNote]] = field(init=False)
    """Words -> the notes that have them."""
    matters: Matters = field(init=False)
    standing: Standing = field(init=False)

    def __post_init__(self) -> None:
        self.words = [bare(one.question) for one in self.asked]
        self.asking, self.known = defaultdict(list), defaultdict(list)
        for place, words in enumerate(self.words):
            self.asking[words].append(place)
        for one in self.lock.notes.values():
            self.known[bare(one.question)].append(one)
        self.matters = Matters(self.asked, self.lock.notes.values(), self.settled)
        self.standing = Standing(self.asked, self.lock, self.scope.read, self.found)

    def run(self) -> Matches:
        """Match from the outermost questions inwards, since a follow-up is known by the one above it; then across."""
        depths = range(max((len(one.parents) for one in self.asked), default=-1) + 1)
        for depth in depths:
            self.match_all([place for place, one in enumerate(self.asked) if len(one.parents) == depth], depth)
        self.match_all(range(len(self.asked)), None)
        self.doubt_same_words()
        guids = tuple(self.found.get(place) for place in range(len(self.asked)))
        return Matches(guids, {place: likely for place, likely in self.doubts.items() if place not in self.found})

    def match_all(self, places: Sequence[int], depth: int | None) -> None:
        """Match some questions to notes of one depth, or of any."""
        self.unmoved(places)
        self.same_words(places, depth, self.in_place)
        self.same_words(places, depth, self.elsewhere)
        self.standing.look_who_moved()
        self.same_words(places, depth, self.is_alone)
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
                is_here = (one.source, one.deck, one.parents, one.parent) == (asked.source, asked.deck, asked.parents, self.standing.parent(place))
                if is_here and one.answer == asked.answer and not one.removed and not self.is_apart(place, one):
                    self.take(place, one.guid)

    def in_place(self, place: int, one: LockedNote) -> bool:
        """Where it stood: then the words are enough, if they are nobody else's."""
        return self.standing.is_in_place(place, one) and (self.is_alone(place, one) or self.elsewhere(place, one))

    def elsewhere(self, place: int, one: LockedNote) -> bool:
        """Anywhere: then the answer must speak for it too, and the more so where these words would ask something else."""
        enough = ALIKE_ANSWER if self.asks_the_same(place, one) else SAME_ANSWER
        return answer_likeness(self.asked[place], one) >= enough

    def is_alone(self, place: int, one: LockedNote) -> bool:
        """Where it stood, as the only one of these words, or the only one that is left of them; and they ask there what they asked."""
        return self.alone.get(self.standing.home(place)) == one.guid and self.standing.asks_here_what_it_asked(place, one)

    def asks_the_same(self, place: int, one: LockedNote) -> bool:
        """Whether words ask here what they asked there: below the same question, and if they name nothing, below the same headings."""
        asked = self.asked[place]
        if self.standing.parent(place) != one.parent:
            return False
        return bool(asked.parent is not None or names(one) or one.headings == UNKNOWN or same_headings(asked.headings, one.headings))

    def same_words(self, places: Iterable[int], depth: int | None, may_be: Callable[[int, LockedNote], bool]) -> None:
        """Pair questions with notes of the same words; among several, those with the likest answers, then in order."""
        waiting: dict[str, list[int]] = defaultdict(list)
        for place in places:
            if place not in self.found:
                waiting[self.words[place]].append(place)
        known = {words: notes for words in waiting if (notes := self.free(self.known.get(words, ()), depth))}
        self.alone = self.who_is_alone(known, among_left=may_be == self.is_alone)
        for words, notes in known.items():
            notes.sort(key=lambda one: (bool(one.removed), one.source, one.line, one.number, one.guid))
            self.pair_off(waiting[words], notes, may_be)

    def who_is_alone(self, words: Iterable[str], *, among_left: bool) -> dict[Home, str]:
        """The homes in which one question and one note have the same words; `among_left`, beside those that have found each other.

        Two of the same words that nothing tells apart are never alone: that one of them is known says nothing of the other.
        """
        asking: dict[Home, list[int]] = defaultdict(list)
        known: dict[Home, list[LockedNote]] = defaultdict(list)
        for one_of in words:
            for place in self.asking[one_of]:
                if not (among_left and place in self.found and tells_apart(self.asked[place])):
                    asking[self.standing.home(place)].append(place)
            for one in self.known[one_of]:
                if not (among_left and one.guid in self.taken and tells_apart(one)):
                    known[self.standing.former_home(one)].append(one)
        return {home: one.guid for home, places in asking.items() if len(places) == 1 and len(own := heirs(known[home])) == 1 for one in own}

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
            (-answer_likeness(self.asked[place], one), one.book != self.asked[place].book, bool(one.removed), abs(order - rank), order, rank)
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
        """How much a question is like a note; one that is the only one of its words is so, whatever became of its answer."""
        sure = likeness(self.asked[place], one)
        return ONLY if sure < ONLY and self.matters.is_the_only_one(self.asked[place], one) else sure

    def nearness(self, place: int, one: LockedNote, order: Order) -> float:
        """What speaks for a note's place, less what speaks against it."""
        asked = self.asked[place]
        against = (self.standing.parent(place) != one.parent) + (one.book != asked.book) + bool(one.removed)
        return 0.02 * order.beside(place, one, self.found) - AGAINST * against

    def doubt_same_words(self) -> None:
        """Doubt each question whose words a note had that is gone: nobody can know whether it asks the same."""
        for place, words in enumerate(self.words):
            if place in self.found or words not in self.known:
                continue
            gone = [one for one in self.free(self.known[words][:COMMON], None) if not one.removed and not self.is_apart(place, one)]
            gone.sort(key=lambda one: (-answer_likeness(self.asked[place], one), one.source, one.line))
            if likely := (*self.doubts.get(place, ()), *(one.guid for one in gone[:_LIKELY])):
                self.doubts[place] = tuple(dict.fromkeys(likely))
