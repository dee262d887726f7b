"""Which questions and notes are worth a closer look, and which of these pairs are sure: both are bounded, however many there are."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping, Sequence
from heapq import nsmallest

from notedeck.identity.asked import Asked
from notedeck.identity.lock import LockedNote
from notedeck.identity.words import core, matter
from notedeck.plain import squeezed

MARGIN = 0.08
"""How much better than any other a match must be."""
_CANDIDATES = 24
COMMON = 64
"""A feature that more notes than this share tells nothing apart."""


def candidates(places: Sequence[int], asked: Sequence[Asked], notes: Sequence[LockedNote]) -> Iterator[tuple[int, LockedNote]]:
    """Pairs worth a closer look: those that share the most features that few notes have, of equals the first."""
    index: dict[str, list[int]] = defaultdict(list)
    for number, one in enumerate(notes):
        for feature in _features(one.question, one.sketch, one.answer):
            index[feature].append(number)
    for place in places:
        shared: Counter[int] = Counter()
        for feature in _features(asked[place].question, asked[place].sketch, asked[place].answer):
            members = index.get(feature, ())
            if len(members) <= COMMON:
                shared.update(members)
        most = nsmallest(_CANDIDATES, ((-count, number) for number, count in shared.items()))
        yield from ((place, notes[number]) for _, number in most)


def _features(question: str, sketched: str, answer: str) -> set[str]:
    """Threes of letters of the question, boxes of the sketch, what it asks of, and the answer as a whole."""
    letters = squeezed(question).casefold()
    threes = {f"q{letters[start : start + 3]}" for start in range(max(len(letters) - 2, 1))}
    boxes = {f"s{start}{sketched[start : start + 4]}" for start in range(0, len(sketched), 4)}
    return threes | boxes | {f"a{answer}", f"w{matter(core(question))}"}


def best(pairs: Mapping[tuple[int, str], float]) -> Iterator[tuple[int, str, float]]:
    """Pairs in which each is by far the best for the other."""
    by_place: dict[int, tuple[float, float]] = {}
    by_guid: dict[str, tuple[float, float]] = {}
    for (place, guid), score in pairs.items():
        by_place[place] = _two_best(by_place.get(place, (-1, -1)), score)
        by_guid[guid] = _two_best(by_guid.get(guid, (-1, -1)), score)
    for (place, guid), score in pairs.items():
        if all(score == best and best - next_best >= MARGIN for best, next_best in (by_place[place], by_guid[guid])):
            yield place, guid, score


def _two_best(known: tuple[float, float], score: float) -> tuple[float, float]:
    """The two highest of three scores, the best first."""
    best, next_best = known
    return (score, best) if score > best else (best, max(score, next_best))
