"""Corrections and the lines of all sources -> which line each means, beyond doubt or not at all.

A line is known by its letters. Where no line has them any more, it was edited: then the line that was found last and its neighbours,
which the lock keeps, tell which one it is now. What is in doubt is told, and nothing is guessed.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Container, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import combinations

from notedeck.corrections.corrected import Corrected, Place, Sighting
from notedeck.corrections.correction import As, Correction, Told, letters
from notedeck.corrections.pages import Page, Pages, Spot
from notedeck.diagnostics import Diagnostic
from notedeck.plain import fingerprint, shortened

_SURE = {(True, True): 0.45, (False, True): 0.6, (True, False): 0.95, (False, False): 0.95}
"""How much the words of a line must be those that were there, by whether the lines above and below it are.

What stands below a line is its own, as an answer is: without it, another question of the same form in its place would pass for it.
"""
_SURE_OF_WORDS = 0.9
"""The same where nobody remembers its neighbours."""
_LEAST = 0.45
"""Of a line that is named as like one that is lost."""
_BESIDE = 0.2
"""What a neighbour says for a line that stood beside it."""
_AHEAD = 0.1
"""How much surer a line must be than the next one."""
_SAYS_ENOUGH = 12
"""Letters of a line that, standing whole in a longer one, make that one the same with something added."""
_WITH_MORE = 0.9
_NAMED = 3
"""Lines that are named."""
_RIVALS = 12
"""Lines like a found one that are remembered."""

Known = Mapping[str, Sighting]


def find_lines(corrections: Sequence[Correction], pages: Sequence[Page], known: Known, looks_at: Callable[[str], bool]) -> Corrected:
    """Find the line of each correction; `known` is what the lock remembers, `looks_at` says whether a run speaks of a source."""
    return _Search(corrections, Pages(pages), known, looks_at).corrected()


class _Search:
    """The lines of some corrections, as they are found."""

    def __init__(self, corrections: Sequence[Correction], pages: Pages, known: Known, looks_at: Callable[[str], bool]) -> None:
        self.given = corrections
        self.corrections = (*corrections, *_questions_above(corrections))
        """With the questions that some follow up on, which are known again in the same way."""
        self.pages = pages
        self.known = known
        self.looks_at = looks_at
        self.found: dict[int, Spot] = {}
        self.several: dict[int, list[Spot]] = {}
        """Lines of which nobody can know which one is meant."""
        self.nearest: dict[int, list[Spot]] = {}
        """Of those that are lost."""
        self.under: dict[int, Spot] = {}
        self.told: list[Diagnostic] = []

    def corrected(self) -> Corrected:
        """Look for all: first for the same letters, so that no line that is known stands for another."""
        edited = [number for number in range(len(self.corrections)) if not self._is_there(number)]
        for number in edited:
            self._find_edited(number)
        self._find_questions_above()
        contrary = self._contrary()
        own = range(len(self.given))
        held = {number: spot for number, spot in self.found.items() if number in own and number not in contrary}
        self._tell_missing()
        places = {number: Place(spot.page.path, spot.line + 1) for number, spot in sorted(held.items())}
        unclear = frozenset((*self.several, *contrary)).intersection(own)
        return Corrected(tuple(self.given), places, unclear, self._told_by_path(held), self._sightings(), tuple(self.told))

    def _is_there(self, number: int) -> bool:
        """Whether lines have a correction's letters, or those that it was found by last; one of them is it, or nobody knows which."""
        one, last = self.corrections[number], self.known.get(self.corrections[number].key)
        spots = self._same(one, last)
        if last and last.others and len(self.pages.same(last.words)) <= last.others:
            # of several of the same words one is gone, which may be the one that is meant
            spots = [spot for spot in spots if _is_between(spot, last)] if not last.twins else []
        spots = _narrowed(spots, one, last)
        if len(spots) == 1:
            self.found[number] = spots[0]
        elif spots:
            self.several[number] = spots
        return bool(spots)

    def _same(self, one: Correction, last: Sighting | None) -> list[Spot]:
        wanted = letters(one.text)
        is_whole = last is not None and last.words == wanted
        spots = (self.pages.same(last.words) if last else []) or self.pages.same(wanted) or list(() if is_whole else self.pages.begun(wanted))
        pages = {id(page) for page in self.pages.named(one.file)}
        inside = [spot for spot in spots if id(spot.page) in pages]
        is_there = one.file and any(page.is_named(one.file) for page in self.pages.pages)
        return inside if inside or (is_there and not last) else spots

    def _find_edited(self, number: int) -> None:
        """Take the line that is beyond doubt the one that was edited."""
        one, last = self.corrections[number], self.known.get(self.corrections[number].key)
        taken = {(id(spot.page), spot.line) for other, spot in self.found.items() if not self._were_one(number, other)}
        scored = sorted((_scored(spot, one, last) for spot in self._free(one, last, taken)), key=lambda one: -one.score)
        best = scored[:_NAMED]
        if best and best[0].is_sure and (len(best) < 2 or best[0].score - best[1].score >= _AHEAD):
            self.found[number] = best[0].spot
        else:
            self.nearest[number] = [one.spot for one in best if one.score >= _LEAST]

    def _were_one(self, number: int, other: int) -> bool:
        """Whether two corrections meant one line, as equal ones do that git has joined."""
        one, same = (self.known.get(self.corrections[place].key) for place in (number, other))
        return self.corrections[number].key == self.corrections[other].key or bool(
            one and same and (one.source, one.line) == (same.source, same.line)
        )

    def _free(self, one: Correction, last: Sighting | None, taken: Container[tuple[int, int]]) -> Iterable[Spot]:
        """The lines that may be one that was edited: in its file, or anywhere if that is gone; none that stood there beside it."""
        others = {last.above, last.below, *([last.words] if last.others else [])} if last else set()
        rivals = frozenset(last.like if last else ())
        home = [page for page in self.pages.pages if last and page.name == last.source]
        for page in home or self.pages.named(one.file):
            free = (Spot(page, line) for line, words in enumerate(page.words) if words and (id(page), line) not in taken and words not in others)
            yield from (spot for spot in free if not rivals or fingerprint(spot.words) not in rivals)

    def _find_questions_above(self) -> None:
        """Find the question that each follows up on, in the same file: the nearest of several, above it if there is one."""
        edited = {letters(one.text): spot for one, spot in ((self.corrections[number], spot) for number, spot in self.found.items())}
        for number, spot in self.found.items():
            if words := letters(self.corrections[number].under):
                lines = [line for line, known in enumerate(spot.page.words) if known.startswith(words) and line != spot.line]
                known = edited.get(words)
                lines = lines or ([known.line] if known and known.page is spot.page else [])
                if lines:
                    self.under[number] = Spot(spot.page, min(lines, key=lambda line: (line > spot.line, abs(line - spot.line))))

    def _contrary(self) -> set[int]:
        """The corrections that say another thing of a line than another one does; told with both lines."""
        contrary: set[int] = set()
        by_line: dict[tuple[int, int], list[int]] = defaultdict(list)
        for number, spot in ((number, spot) for number, spot in self.found.items() if number < len(self.given)):
            by_line[id(spot.page), spot.line].append(number)
        for one, other in (pair for same in by_line.values() for pair in combinations(sorted(same), 2)):
            if _are_contrary(self.corrections[one], self.corrections[other]):
                contrary |= {one, other}
                both = " ≠ ".join(f"{said.span} {said.role}" for said in (self.corrections[one], self.corrections[other]))
                self.told.append(Diagnostic(self.corrections[other].span, "correction-unclear", (shortened(self.corrections[one].text), both)))
        return contrary

    def _tell_missing(self) -> None:
        """Tell of each correction that has no line, or several; of one whose file was not read, nothing."""
        for number, one in enumerate(self.corrections):
            last = self.known.get(one.key)
            if number in self.several and number < len(self.given):
                spots = ", ".join(f"{spot.page.path}:{spot.line + 1}" for spot in self.several[number][:_NAMED])
                self.told.append(Diagnostic(one.span, "correction-unclear", (shortened(one.text), spots)))
            elif number not in self.found and number not in self.several and self.looks_at(last.source if last else ""):
                was = f"{last.source}:{last.line}" if last else one.file or "-"
                near = ", ".join(f"{spot.page.path}:{spot.line + 1}" for spot in self.nearest.get(number, ())) or "-"
                self.told.append(Diagnostic(one.span, "correction-lost", (shortened(one.text), was, near)))

    def _told_by_path(self, held: Mapping[int, Spot]) -> dict[str, tuple[Told, ...]]:
        """What is told of each source's lines; of several corrections that agree, all tags."""
        lines: dict[tuple[str, int], Told] = {}
        for number, spot in held.items():
            one, key = self.corrections[number], (spot.page.path, spot.line)
            under = self.under[number].line if number in self.under else -1
            told = Told(spot.line, one.role, one.tags, under)
            if before := lines.get(key):
                told = replace(before, tags=tuple(dict.fromkeys((*before.tags, *one.tags))), under=max(before.under, under))
            lines[key] = told
        by_path: dict[str, list[Told]] = defaultdict(list)
        for path, _ in lines:
            by_path[path] = []
        for (path, _), told in lines.items():
            by_path[path].append(told)
        return {path: tuple(sorted(told)) for path, told in by_path.items()}

    def _sightings(self) -> dict[str, Sighting]:
        """What is remembered of each correction: where it is now, else where it was."""
        seen: dict[str, Sighting] = {}
        for number, one in enumerate(self.corrections):
            if spot := self.found.get(number):
                page, line = spot.page, spot.line
                beside = page.above(line), page.below(line)
                others = [other for other in self.pages.same(spot.words) if other != spot]
                twins = sum((other.page.above(other.line), other.page.below(other.line)) == beside for other in others)
                seen[one.key] = Sighting(one.key, page.name, line + 1, spot.words, *beside, len(others), twins, _rivals(spot))
            elif one.key in self.known:
                seen[one.key] = self.known[one.key]
        return seen


def _questions_above(corrections: Sequence[Correction]) -> tuple[Correction, ...]:
    """The questions that some corrections follow up on, as corrections of their own; but for those that have one."""
    asked = {one.under: Correction(one.span, one.under, As.QUESTION, one.file) for one in corrections if letters(one.under)}
    known = {one.key for one in corrections}
    return tuple(one for one in asked.values() if one.key not in known)


def _rivals(spot: Spot) -> tuple[str, ...]:
    """Fingerprints of the other lines of a page that are most like one."""
    from rapidfuzz import fuzz, process

    others = {words for words in spot.page.words if words and words != spot.words}
    like = process.extract(spot.words, others, scorer=fuzz.ratio, score_cutoff=_LEAST * 100, limit=_RIVALS)
    return tuple(sorted(fingerprint(words) for words, *_ in like))


def _narrowed(spots: list[Spot], one: Correction, last: Sighting | None) -> list[Spot]:
    """Of several lines those that more speaks for, one thing after another, as long as there are several."""
    tests: list[Callable[[Spot], bool]] = [lambda spot: _is_first_after(spot, letters(one.after), spots)] if one.after else []
    if last:
        tests += [
            lambda spot: _is_between(spot, last),
            lambda spot: spot.page.name == last.source and _is_beside(spot, last),
            lambda spot: _is_beside(spot, last),
            lambda spot: spot.page.name == last.source,
        ]
    for test in tests:
        if len(spots) > 1:
            spots = [spot for spot in spots if test(spot)] or spots
    return spots


def _is_first_after(spot: Spot, words: str, spots: Sequence[Spot]) -> bool:
    """Whether a line is the first of several behind one that has these letters, or begins with them where none has."""
    above = spot.page.words[: spot.line]
    same = [line for line, known in enumerate(above) if known == words] or [line for line, known in enumerate(above) if known.startswith(words)]
    return bool(same) and not any(other.page is spot.page and same[-1] < other.line < spot.line for other in spots)


def _is_between(spot: Spot, last: Sighting) -> bool:
    """Whether a line stands between those that it stood between."""
    return spot.page.above(spot.line) == last.above and spot.page.below(spot.line) == last.below


def _is_beside(spot: Spot, last: Sighting) -> bool:
    """Whether a line stands beside one that it stood beside."""
    return (bool(last.above) and spot.page.above(spot.line) == last.above) or (bool(last.below) and spot.page.below(spot.line) == last.below)


@dataclass(frozen=True, slots=True)
class _Scored:
    """A line that may be one that was edited."""

    spot: Spot
    score: float
    """How much its words and its neighbours say so."""
    is_sure: bool


def _scored(spot: Spot, one: Correction, last: Sighting | None) -> _Scored:
    """How much a line is the one that was edited."""
    words = max(_likeness(spot.words, name) for name in {letters(one.text), *([last.words] if last else [])})
    if last is None:
        return _Scored(spot, words, words >= _SURE_OF_WORDS)
    beside = (spot.page.above(spot.line) == last.above, spot.page.below(spot.line) == last.below)
    return _Scored(spot, words + _BESIDE * sum(beside), words >= _SURE[beside])


def _likeness(words: str, other: str) -> float:
    """How much two lines have the same letters, 0 to 1, and with something added."""
    from rapidfuzz import fuzz

    shorter, longer = sorted((words, other), key=len)
    has_more = len(shorter) >= max(_SAYS_ENOUGH, len(longer) / 2) and shorter in longer
    return max(_WITH_MORE * has_more, fuzz.ratio(words, other) / 100)


def _are_contrary(one: Correction, other: Correction) -> bool:
    """Whether two corrections of a line cannot both hold."""
    tags = {*one.tags, *other.tags}
    is_under_both = one.under and other.under and letters(one.under) != letters(other.under)
    return one.role is not other.role or bool(is_under_both) or any(f"-{tag}" in tags for tag in tags)
