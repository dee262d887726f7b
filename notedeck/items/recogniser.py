"""What a recogniser is: it reads a row of blocks, and puts items in the place of those that it has read."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import replace
from itertools import groupby

from notedeck.config import Config
from notedeck.items.item import Item
from notedeck.outline.blocks import Block

Recogniser = Callable[[Sequence[Block], Config], Iterator[Block | Item]]
"""Reads one way of writing a question: yields the blocks as they came, with items in the place of those that it read."""


def read_by(recognisers: Iterable[Recogniser], row: list[Block | Item], config: Config) -> list[Block | Item]:
    """A row as each recogniser in turn leaves it: it sees the runs of blocks between the items of those before it."""
    for recognise in recognisers:
        if Block not in set(map(type, row)):
            break  # there is nothing left to read
        row = [found for run in _runs(row) for found in (recognise(run, config) if isinstance(run, list) else (run,))]
    return row


def _runs(row: Sequence[Block | Item]) -> Iterator[list[Block] | Item]:
    """A row as its items, and the runs of blocks between them."""
    if Item not in set(map(type, row)):
        yield [one for one in row if isinstance(one, Block)]
        return
    for is_item, group in groupby(row, lambda one: isinstance(one, Item)):
        if is_item:
            yield from (one for one in group if isinstance(one, Item))
        else:
            yield [one for one in group if isinstance(one, Block)]


def part_of_list(block: Block, children: Sequence[Block], behind: int) -> Iterator[Block]:
    """Some neighbours of a list as a list, if there are any; `behind` is the number of the bullet behind them."""
    if len(children) == len(block.children):
        yield block
    elif children:
        span = replace(block.span, start=children[0].span.start, stop=children[-1].span.stop)
        yield replace(block, children=tuple(children), span=span, level=behind - len(children) if block.level else 0)
