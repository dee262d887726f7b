"""Words between `==` in an outline as marked words, where they are no gaps: Obsidian and others show them as if with a marker."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace
from operator import is_

from notedeck.outline.blocks import Block, Extent, Leaf, LeafKind, Line, Mark, Outline, cut, extents, joined, lines_of, masked

_SIGN = re.compile(r"(?<!=)==(?!=)")
_NO_OPENER = re.compile(r"[A-Za-z0-9_)\]!<>]")
"""Before `==` that compares: `x==1`, `f()==2`."""
_NO_CLOSER = re.compile(r"[A-Za-z0-9_]")
_MARK = Mark("mark")


def with_highlights(outline: Outline) -> Outline:
    """An outline with its marked words as such; their signs are structure."""
    if "==" not in outline.text:
        return outline
    blocks, taken = highlighted(outline.blocks)
    return replace(outline, blocks=blocks, structure=(*outline.structure, *taken)) if taken else outline


def highlighted(blocks: Sequence[Block]) -> tuple[tuple[Block, ...], tuple[Extent, ...]]:
    """Blocks with their marked words as such, and where the signs of these stand."""
    taken: list[Extent] = []
    return tuple([_marked(block, taken) for block in blocks]), tuple(taken)


def _marked(block: Block, taken: list[Extent]) -> Block:
    if block.children:
        return replace(block, children=tuple(_marked(child, taken) for child in block.children))
    if not any("==" in leaf.text for leaf in block.leaves if leaf.kind is LeafKind.TEXT):
        return block
    lines = lines_of(block.leaves)
    found = [_line(line, taken) for line in lines]
    return block if all(map(is_, found, lines)) else block.with_leaves(joined(found))


def _line(line: Line, taken: list[Extent]) -> Line:
    """A line with what stands between two signs as marked words."""
    parts: list[Leaf] = []
    place = 0
    for begin, end in _pairs(masked(line)):
        taken += [*extents(cut(line, begin, begin + 2)), *extents(cut(line, end, end + 2))]
        parts += cut(line, place, begin)
        parts += [replace(leaf, marks=(_MARK, *leaf.marks)) for leaf in cut(line, begin + 2, end)]
        place = end + 2
    return (*parts, *cut(line, place)) if place else line


def _pairs(text: str) -> Iterator[tuple[int, int]]:
    """Where the signs of pairs stand: one opens before a word, and the next one closes behind one."""
    opened: int | None = None
    for found in _SIGN.finditer(text):
        begin, end = found.span()
        before, after = text[begin - 1 : begin], text[end : end + 1]
        if opened is not None and before.strip() and not _NO_CLOSER.match(after):
            yield opened, begin
            opened = None
        else:
            opened = begin if after.strip() and not _NO_OPENER.match(before) else None
