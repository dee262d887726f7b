"""The numbers of a cloze note's gaps, which are its cards: a gap that the author did not number keeps the one it had.

Counted anew, a gap put in at the front would hand each card's history on to the next gap.
"""

from __future__ import annotations

import difflib
from collections.abc import Mapping, Sequence

_LAST = 500
"""Anki has no card for a higher number."""

Gaps = tuple[tuple[int, str], ...]
"""Numbers with the text of their gaps, in the order in which they stand."""


def kept_numbers(gaps: Gaps, counted: Sequence[int], before: Gaps, gone: Gaps) -> dict[int, int]:
    """For each number that was counted, the one that its gap has had, or one that no gap of the note ever had.

    `before` are the note's gaps in the last build, `gone` those that it lost earlier.
    """
    if not before:
        return {}
    written = {number for number, _ in gaps if number not in counted}
    same, edited = _in_place(gaps, before)
    pairs = [*same, *_by_text(gaps, (*before, *gone)), *edited]
    kept: dict[int, int] = {}
    for new, old in pairs:
        if new in counted and new not in kept and old not in written and old not in kept.values():
            kept[new] = old
    ever = {number for number, _ in (*before, *gone)} | written
    for number in counted:
        if number not in kept:
            kept[number] = next((free for free in range(1, _LAST) if free not in ever), _LAST)
            ever.add(kept[number])
    return kept


def _in_place(gaps: Gaps, before: Gaps) -> tuple[list[tuple[int, int]], list[tuple[int, int]]]:
    """Pairs of a new and an old number: the same texts in the same order, and as many others between two of these."""
    same: list[tuple[int, int]] = []
    edited: list[tuple[int, int]] = []
    texts, known = ([text for _, text in one] for one in (gaps, before))
    for tag, begin, end, start, stop in difflib.SequenceMatcher(None, known, texts, autojunk=False).get_opcodes():
        if stop - start == end - begin:
            pairs = [(new, old) for (new, _), (old, _) in zip(gaps[start:stop], before[begin:end], strict=True)]
            (same if tag == "equal" else edited).extend(pairs)
    return same, edited


def _by_text(gaps: Gaps, known: Gaps) -> list[tuple[int, int]]:
    """Pairs of a new and an old number whose gaps say the same."""
    return [(new, old) for new, text in gaps for old, was in known if text == was]


def renumbered(gaps: Gaps, numbers: Mapping[int, int]) -> Gaps:
    """The gaps under the numbers that they keep."""
    return tuple((numbers.get(number, number), text) for number, text in gaps)


def gone_by_now(gaps: Gaps, before: Gaps, gone: Gaps) -> Gaps:
    """Every gap that the note once had and has no more, since a reader of the deck still has its card."""
    here = {number for number, _ in gaps}
    return tuple({number: (number, text) for number, text in (*gone, *before) if number not in here}.values())


def as_words(gaps: Gaps) -> tuple[str, ...]:
    """The gaps as the lock holds them: `2 the text`."""
    return tuple(f"{number} {text}" for number, text in gaps)


def from_words(words: Sequence[str]) -> Gaps:
    """The gaps that the lock holds. Raises ValueError where one is none."""
    return tuple((int(number), text) for number, _, text in (one.partition(" ") for one in words))
