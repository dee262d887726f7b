"""Questions inside an answer, however they are written: labelled, bold, quoted, in a callout. They follow up on the one that is answered."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from itertools import groupby

from notedeck.config import Config
from notedeck.items.item import Item
from notedeck.items.recogniser import Recogniser, read_by
from notedeck.items.scope.follow_ups import follow_up
from notedeck.items.signs.labels import question_label
from notedeck.items.ways.emphasis import read_lines
from notedeck.items.ways.labels import read_labels
from notedeck.items.ways.tables import read_tables
from notedeck.outline.blocks import PARAGRAPH, Block, Kind, lines_of

_WAYS = (read_labels, read_tables, read_lines)
_OPEN = (Kind.ASIDE, Kind.BLOCK_QUOTE)
_BULLETS = (Kind.BULLET_LIST, Kind.ORDERED_LIST, Kind.LIST_ITEM)


def read_inside(blocks: Sequence[Block | Item], config: Config, ways: Sequence[Recogniser] = _WAYS) -> list[Block | Item]:
    """The blocks of an answer with items in the place of those that ask; of a callout or a quotation with some, its parts."""
    row = read_by(ways, list(blocks), config)
    return [found for one in row for found in (_opened(one, config, ways) if isinstance(one, Block) and one.kind in _OPEN else (one,))]


def _opened(block: Block, config: Config, ways: Sequence[Recogniser]) -> Iterator[Block | Item]:
    """A callout or a quotation as its parts between the questions in it, and these; whole if there are none."""
    inner = read_inside(block.children, config, ways)
    if not any(isinstance(one, Item) for one in inner):
        yield block
        return
    for is_item, group in groupby(inner, lambda one: isinstance(one, Item)):
        run = list(group)
        yield from run if is_item else (replace(block, children=tuple(one for one in run if isinstance(one, Block))),)


def with_inside(item: Item, config: Config) -> Item:
    """An item with the bold and quoted questions in its answer, and the labelled ones in bullets of it, beside bullets and folds that ask.

    Questions of one run are found only if all of them are answered.
    """
    if not item.answer or item.is_cloze:
        return item
    answer, asked = _found_in(item.answer, (read_lines,), config)
    pairs = [_in_bullets(block, config) for block in answer]
    asked = [_with_own(one, item.follow_ups) for one in (*asked, *(one for _, items in pairs for one in items))]
    if not asked:
        return item
    inner = {follow_up.span for one in asked for follow_up in one.follow_ups}
    follow_ups = sorted((*(one for one in item.follow_ups if one.span not in inner), *asked), key=lambda one: one.span.start)
    return replace(item, answer=tuple(block for block, _ in pairs), follow_ups=tuple(follow_ups))


def _found_in(blocks: Sequence[Block], ways: Sequence[Recogniser], config: Config) -> tuple[Sequence[Block], Sequence[Item]]:
    """Blocks with those that ask as follow-ups, and the items that these are; as they were if one of them is open."""
    row = read_inside(blocks, config, ways)
    asked = [one for one in row if isinstance(one, Item)]
    if not asked or not all(one.is_answered for one in asked):
        return blocks, ()
    return [follow_up(one) if isinstance(one, Item) else one for one in row], asked


def _in_bullets(block: Block, config: Config) -> tuple[Block, tuple[Item, ...]]:
    """A list, or a bullet, with the labelled questions in its bullets, below their first line, as follow-ups."""
    if block.kind not in _BULLETS:
        return block, ()
    children, asked = _found_in(block.children, (read_labels,), config) if any(map(_is_labelled, block.children[1:])) else (block.children, ())
    pairs = [_in_bullets(child, config) for child in children]
    asked = (*asked, *(one for _, items in pairs for one in items))
    return (replace(block, children=tuple(child for child, _ in pairs)) if asked else block), asked


def _is_labelled(block: Block) -> bool:
    """Whether a line of a paragraph has a question's label."""
    return block.kind is PARAGRAPH and any(map(question_label, lines_of(block.leaves)))


def _with_own(asked: Item, others: Sequence[Item]) -> Item:
    """A question inside an answer with those of the answer's that lie in its own lines: they follow up on it."""
    own = [one for one in others if asked.span.start < one.span.start and one.span.stop <= asked.span.stop]
    return replace(asked, follow_ups=tuple(sorted((*asked.follow_ups, *own), key=lambda one: one.span.start))) if own else asked
