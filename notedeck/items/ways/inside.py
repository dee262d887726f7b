"""Questions inside an answer, however they are written: labelled, bold, quoted, in a callout. They follow up on the one that is answered."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from itertools import groupby

from notedeck.config import Config
from notedeck.items.item import Item
from notedeck.items.recogniser import Recogniser, read_by
from notedeck.items.scope.follow_ups import follow_up
from notedeck.items.ways.emphasis import read_lines
from notedeck.items.ways.labels import read_labels
from notedeck.items.ways.tables import read_tables
from notedeck.outline.blocks import Block, Kind

_WAYS = (read_labels, read_tables, read_lines)
_OPEN = (Kind.ASIDE, Kind.BLOCK_QUOTE)


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
    """An item with the bold and quoted questions in its answer, beside those in bullets and folds; as it was if one of them is open."""
    if not item.answer or item.is_cloze:
        return item
    row = read_inside(item.answer, config, (read_lines,))
    asked = [one for one in row if isinstance(one, Item)]
    if not asked or not all(one.is_answered for one in asked):
        return item
    asked = [_with_own(one, item.follow_ups) for one in asked]
    inner = {follow_up.span for one in asked for follow_up in one.follow_ups}
    answer = tuple([follow_up(one) if isinstance(one, Item) else one for one in row])
    follow_ups = sorted((*(one for one in item.follow_ups if one.span not in inner), *asked), key=lambda one: one.span.start)
    return replace(item, answer=answer, follow_ups=tuple(follow_ups))


def _with_own(asked: Item, others: Sequence[Item]) -> Item:
    """A question inside an answer with those of the answer's that lie in its own lines: they follow up on it."""
    own = [one for one in others if asked.span.start < one.span.start and one.span.stop <= asked.span.stop]
    return replace(asked, follow_ups=tuple(sorted((*asked.follow_ups, *own), key=lambda one: one.span.start))) if own else asked
