"""Folds: a question in the summary, or `정답 보기` in the summary and the question before it.

<details><summary>TCP란?</summary>        **문제** 다음 중 아닌 것은?
연결을 맺고 …                              <details><summary>정답 보기</summary>
</details>                                2번 …
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace

from notedeck.config import Config
from notedeck.diagnostics import Span
from notedeck.items.item import Item
from notedeck.items.scope.bare_answers import hints, reveals
from notedeck.items.scope.follow_ups import asked_fold, finished
from notedeck.items.signs.asking import asks
from notedeck.items.signs.labels import question_label, read_questions
from notedeck.items.signs.looks import numbering, shows
from notedeck.items.signs.titles import heads_questions
from notedeck.outline.blocks import DETAILS, HEADING, Block, Kind, cut, extents, lines_of, masked, text_of

_LISTS = (Kind.BULLET_LIST, Kind.ORDERED_LIST)


_REACH = 12
"""Blocks above a fold among which its question is looked for."""
_ENDS = (Kind.HEADING, Kind.THEMATIC_BREAK, Kind.DETAILS)


def read_details(blocks: Sequence[Block], config: Config) -> Iterator[Block | Item]:
    """Read the folds of a run; one that is neither a question nor an answer stays as it is."""
    are_questions = _are_questions(blocks, config)
    below_questions = False
    waiting: list[Block] = []
    for block in blocks:
        if block.kind is HEADING:
            below_questions = heads_questions(text_of(block.leaves))
        if block.kind is not DETAILS:
            waiting.append(block)
            continue
        item = asked_fold(block, config, are_questions or below_questions)
        if item is None and reveals(block, is_alone=True):
            found = _revealed(waiting[-_REACH:], block, config)
            if found:
                yield from (*waiting[:-_REACH], *found)
                waiting = []
                continue
        if item is None:
            waiting.append(block)
            continue
        yield from waiting
        yield item
        waiting = []
    yield from waiting


def _are_questions(blocks: Sequence[Block], config: Config) -> bool:
    """Whether at least half of the folds of a run ask: then the others do so by their place."""
    folds = [block for block in blocks if block.kind is Kind.DETAILS and not reveals(block, is_alone=True)]
    asked = sum(asked_fold(block, config) is not None for block in folds)
    return asked > 1 and 2 * asked >= len(folds)


def _revealed(before: Sequence[Block], fold: Block, config: Config) -> list[Block | Item] | None:
    """The question before a fold that holds its answer, behind what stands before it; None if there is none."""
    begin = _question_place(before)
    if begin is None:
        return None
    asked, between = before[begin], before[begin + 1 :]
    kept: list[Block | Item] = list(before[:begin])
    if asked.kind in _LISTS:
        kept += [replace(asked, children=asked.children[:-1])] if len(asked.children) > 1 else []
        asked, between = asked.children[-1].children[0], (*asked.children[-1].children[1:], *between)
    lines = lines_of(asked.leaves)
    if asked.kind is Kind.HEADING:
        lines = (cut(lines[0], numbering(lines[0])), *lines[1:]) if lines else ()
    if lines and question_label(lines[0]) == len(masked(lines[0])):
        lines = lines[1:]
        if between and not lines:
            lines, between = lines_of(between[0].leaves), between[1:]
    question, marks = read_questions(lines, asked, config)
    taken = (*marks.taken, *extents(asked.leaves))
    span = Span(fold.span.path, before[begin].span.start, fold.span.stop)
    return [*kept, finished(span, question, tuple(between), (fold,), replace(marks, taken=taken), config)]


def _question_place(before: Sequence[Block]) -> int | None:
    """Where the question of a fold begins: what asks or is labelled, else its one paragraph, else its heading."""
    first = max((place for place, block in enumerate(before) if block.kind in _ENDS and not hints(block)), default=-1)
    asked = [place for place in range(max(first, 0), len(before)) if _asks(before[place])]
    if asked:
        return asked[-1]
    paragraphs = [place for place in range(first + 1, len(before)) if before[place].kind is Kind.PARAGRAPH and shows((before[place],))]
    if paragraphs:
        return paragraphs[-1] if len(paragraphs) > 2 else paragraphs[0]
    if before and before[-1].kind in _LISTS and before[-1].children and _asked_bullet(before[-1]):
        return len(before) - 1
    return first if first >= 0 and before[first].kind is Kind.HEADING else None


def _asks(block: Block) -> bool:
    if block.kind in _LISTS and block.children:
        return _asked_bullet(block) and any(asks(masked(line)) for line in lines_of(block.children[-1].children[0].leaves))
    if block.kind not in (Kind.PARAGRAPH, Kind.HEADING):
        return False
    return any(asks(masked(line)) or question_label(line) for line in lines_of(block.leaves))


def _asked_bullet(block: Block) -> bool:
    """Whether the last bullet of a list may be a question whose answer stands behind the list: a paragraph, and no more text."""
    inside = block.children[-1].children
    return bool(inside) and inside[0].kind is Kind.PARAGRAPH and all(one.kind in (Kind.CODE_BLOCK, Kind.TABLE) for one in inside[1:])
