"""Lists as their writers mean them: what CommonMark puts beside a list, though it answers the list's last question, lies in its bullet.

    1. 큐란 무엇인가요?                 - [스택이란?](#2)

    | 표 | …                          되돌아가기 쉬운 …
    2. 스택이란 무엇인가요?
                                      - [덱이란?](#3)

Few writers know how far CommonMark wants an answer indented. An answer ends at a heading, at a rule, at the next question of the
list's own kind or the next number of its row, and where nobody answers such a list so.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from notedeck.items.signs.asking import asks
from notedeck.items.signs.labels import question_label
from notedeck.items.signs.looks import shows
from notedeck.outline.blocks import HEADING, LIST_ITEM, PARAGRAPH, THEMATIC_BREAK, Block, Kind, first_line, lines_of, masked, text_of

_LISTS = (Kind.BULLET_LIST, Kind.ORDERED_LIST)
_HOLDERS = (*_LISTS, Kind.LIST_ITEM, Kind.BLOCK_QUOTE, Kind.DETAILS, Kind.ASIDE)
_ENDS = (HEADING, THEMATIC_BREAK)


def mended(blocks: Sequence[Block]) -> tuple[Block, ...]:
    """Blocks side by side, and those in them, with each list's last question as long as its writer means it."""
    whole = [_inside(block) for block in blocks]
    if not any(block.kind in _LISTS for block in whole):
        return tuple(whole)
    rows: list[Block] = []
    place, was_taken = 0, False
    while place < len(whole):
        block = whole[place]
        place += 1
        was_taken = was_taken and block.kind not in _ENDS
        if block.kind in _LISTS and _asks(block.children[-1:]):
            stop = _stop(whole, place, was_taken)
            was_taken = was_taken or stop > place
            block, place = _with(block, whole[place:stop]), stop
        rows.append(block)
    return tuple(rows)


def _inside(block: Block) -> Block:
    """A block with what lies in it mended."""
    if block.kind not in _HOLDERS or not block.children:
        return block
    children = mended(block.children)
    is_same = all(one is other for one, other in zip(children, block.children, strict=False)) and len(children) == len(block.children)
    return block if is_same else replace(block, children=children)


def _stop(blocks: Sequence[Block], place: int, was_taken: bool) -> int:
    """Where the answer to the last question of the list before `place` ends; `place` itself if nothing behind it is its answer."""
    asked = blocks[place - 1]
    end = next((end for end in range(place, len(blocks)) if _ends(blocks[end], asked)), len(blocks))
    end = min(end, _row_before(blocks, place, end) if asked.kind is Kind.BULLET_LIST else end)
    if end == place or not shows(blocks[place:end]):
        return place
    goes_on = end < len(blocks) and blocks[end].kind is asked.kind
    return end if goes_on or was_taken or _waits(asked) else place


def _row_before(blocks: Sequence[Block], place: int, end: int) -> int:
    """Where a numbered list stands that goes on with one before the questions (`2. 8월 17일` between two lists of them); `end` if none does."""
    first = next((at for at in range(place, end) if blocks[at].kind is Kind.ORDERED_LIST), end)
    return first if first < end and blocks[first].level > 1 else end


def _ends(block: Block, asked: Block) -> bool:
    """Whether the answer to a list's last question ends before a block."""
    if block.kind in _ENDS:
        return True
    if block.kind not in _LISTS:
        return False
    is_row = asked.kind is Kind.ORDERED_LIST
    is_next = is_row and block.kind is asked.kind and block.level == asked.level + len(asked.children)
    follows_up = is_row and block.kind is not asked.kind
    return is_next or (_asks(block.children[:1]) and not follows_up)


def _asks(bullets: Sequence[Block]) -> bool:
    """Whether a bullet's first line asks, or is labelled as a question; what stands in a link counts."""
    first = bullets[0].children[0] if bullets and bullets[0].kind is LIST_ITEM and bullets[0].children else None
    if first is None or first.kind is not PARAGRAPH:
        return False
    line = first_line(first.leaves)
    return question_label(line) > 0 or asks(text_of(line)) or asks(masked(line))


def _waits(asked: Block) -> bool:
    """Whether a list is one question without an answer; where others stand above it, they would be answered in the same way."""
    [bullet, *others] = asked.children
    return not others and len(bullet.children) == 1 and len(lines_of(bullet.children[0].leaves)) == 1


def _with(block: Block, behind: Sequence[Block]) -> Block:
    """A list with some blocks in its last bullet."""
    if not behind:
        return block
    last = block.children[-1]
    stop = behind[-1].span.stop
    whole = replace(last, children=mended((*last.children, *behind)), span=replace(last.span, stop=stop), level=len(last.children))
    return replace(block, children=(*block.children[:-1], whole), span=replace(block.span, stop=stop))
