"""Footnotes: each belongs to the answer of the question that refers to it, wherever on the page it stands."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace

from notedeck.items.item import Item
from notedeck.outline.blocks import Block, Kind, leaves_of


def without_footnotes(blocks: Sequence[Block]) -> tuple[Sequence[Block], Mapping[str, Block]]:
    """A page's blocks without its footnotes, and these by their names; of two of one name the first."""
    notes = [block for block in blocks if block.kind is Kind.FOOTNOTE]
    return ([block for block in blocks if block.kind is not Kind.FOOTNOTE] if notes else blocks), {one.info: one for one in reversed(notes)}


def with_footnotes(items: Iterable[Item], notes: Mapping[str, Block]) -> Iterator[Item]:
    """Items with the footnotes that they refer to at the end of their answers."""
    for item in items:
        below = tuple(with_footnotes(item.follow_ups, notes))
        own = _referred((*item.context, *item.question, *item.answer), notes) if item.is_answered else {}
        yield replace(item, answer=(*item.answer, *own.values()), follow_ups=below) if own or below else item


def _referred(blocks: Sequence[Block], notes: Mapping[str, Block]) -> dict[str, Block]:
    """The footnotes that blocks refer to, and those that these do, in their order."""
    found: dict[str, Block] = {}
    waiting: list[Block] = list(blocks)
    while waiting:
        names = [mark.target for leaf in leaves_of(waiting) for mark in leaf.marks if mark.name == "sup" and mark.target]
        new = {name: notes[name] for name in names if name in notes and name not in found}
        found |= new
        waiting = list(new.values())
    return found
