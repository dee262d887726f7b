"""Blocks by their lines: where each line lies, what stands beside it, and the parts of blocks that some lines are."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace

from notedeck.diagnostics import Span
from notedeck.items.pages.sections import end_of_section
from notedeck.outline.blocks import BREAK, TAG, Block, Kind, Leaf, Line, lines_of

_HOLDERS = (Kind.LIST_ITEM, Kind.DETAILS, Kind.ASIDE, Kind.BLOCK_QUOTE)
"""Blocks that a question can begin, and whose rest is its answer then."""
_LISTS = (Kind.BULLET_LIST, Kind.ORDERED_LIST)
WHOLE = (Kind.CODE_BLOCK, Kind.MATH_BLOCK, Kind.HTML_BLOCK)
"""Blocks that no line of theirs leaves by itself."""


@dataclass(frozen=True, slots=True)
class Holder:
    """A block that may hold a question and its answer."""

    start: int
    stop: int
    """The line behind its last one."""
    ends: bool
    """Whether others like it follow, so that no answer goes on behind it."""

    def __contains__(self, line: int) -> bool:
        return self.start <= line < self.stop


@dataclass(frozen=True, slots=True)
class Reach:
    """The lines behind a question that may answer it."""

    start: int
    stop: int
    is_held: bool
    """Whether they end with a block that holds the question."""

    def __contains__(self, line: int) -> bool:
        return self.start <= line < self.stop


@dataclass(frozen=True, slots=True)
class Place:
    """Where a line lies."""

    block: Block
    """The innermost one that it is a line of; of a table, the row."""
    holders: tuple[Holder, ...]
    """Those around it, outermost first."""


class Lines:
    """The lines of some blocks that show anything."""

    def __init__(self, blocks: Sequence[Block], beside: Iterable[Block] = ()) -> None:
        """What stands `beside` the blocks, as footnotes do, has a place and is in no answer's reach."""
        self.blocks = blocks
        self.places: dict[int, Place] = {}
        self.rules: list[int] = []
        """The lines at which nothing but a rule stands."""
        self._look(blocks, ())
        self.shown = sorted(self.places)
        self._look(tuple(beside), ())
        self.headings = sorted(line for line, place in self.places.items() if place.block.kind is Kind.HEADING)

    def _look(self, blocks: Sequence[Block], holders: tuple[Holder, ...]) -> None:
        for number, block in enumerate(blocks):
            own = lines_in((block,))
            if block.kind is Kind.THEMATIC_BREAK:
                self.rules.append(block.span.start)
            elif block.kind is Kind.TABLE_ROW or block.leaves:
                self._give(block, own, holders)
            elif own and block.kind in _HOLDERS:
                ends = block.kind is Kind.LIST_ITEM and number + 1 < len(blocks)
                self._look(block.children, (*holders, Holder(min(own), max(own) + 1, ends)))
            else:
                self._look(block.children, holders)

    def _give(self, block: Block, lines: Iterable[int], holders: tuple[Holder, ...]) -> None:
        for line in lines:
            self.places.setdefault(line, Place(block, holders))

    def between(self, begin: int, end: int) -> list[int]:
        """The lines that show anything from one on, to the one before another."""
        return self.shown[bisect_left(self.shown, begin) : bisect_left(self.shown, end)]

    def stop(self) -> int:
        """The line behind all."""
        return self.shown[-1] + 1 if self.shown else 0

    def reach(self, line: int) -> Reach:
        """What may answer a question: the rest of a heading's section, of a row, of the innermost block with more in it, or what follows."""
        place = self.places[line]
        if place.block.kind is Kind.TABLE_ROW:
            return Reach(line + 1, line + 1, is_held=True)
        if not place.holders and place.block.kind is Kind.HEADING:
            number = next(number for number, block in enumerate(self.blocks) if block is place.block)
            return Reach(line + 1, end_of_section(self.blocks, number, self.stop()), is_held=False)
        for holder in reversed(place.holders):
            if holder.ends or self.between(line + 1, holder.stop):
                return Reach(line + 1, holder.stop, is_held=True)
        return Reach(line + 1, min(self.next_heading(line), self._next_rule(line)), is_held=False)

    def next_heading(self, line: int) -> int:
        """The first heading behind a line; the end where there is none."""
        place = bisect_right(self.headings, line)
        return self.headings[place] if place < len(self.headings) else self.stop()

    def _next_rule(self, line: int) -> int:
        """The first rule that has anything between a line and itself; the end where there is none."""
        return next((rule for rule in self.rules if self.between(line + 1, rule)), self.stop())

    def alone(self, line: int) -> list[int]:
        """A line and what its block says below it; all lines of a block that is one thing, as code is."""
        own = sorted(lines_in((self.places[line].block,)))
        return own[own.index(self.head(line)) :]

    def head(self, line: int) -> int:
        """The line itself; in a block that is one thing, its first."""
        block = self.places[line].block
        return min(lines_in((block,))) if block.kind in WHOLE else line


def lines_in(blocks: Iterable[Block]) -> set[int]:
    """The lines on which blocks show anything."""
    found: set[int] = set()
    waiting = list(blocks)
    while waiting:
        block = waiting.pop()
        waiting += block.children
        for leaf in block.leaves:
            found.update(_rows(leaf))
    return found


def part(blocks: Sequence[Block], lines: Collection[int]) -> tuple[Block, ...]:
    """Of blocks what stands on some lines, with the follow-ups among them; what shows nothing, as a rule, stays among what is left."""
    kept = [found for block in blocks for found in _part(block, lines)]
    return tuple(kept) if any(map(_shows, kept)) else ()


def _shows(block: Block) -> bool:
    return bool(block.leaves or block.children)


def _part(block: Block, lines: Collection[int]) -> tuple[Block, ...]:
    """What of a block stands on some lines: mostly one block."""
    if block.kind is Kind.FOLLOW_UP or not _shows(block):
        return (block,)
    if block.kind in _LISTS:
        return tuple(_parts_of_list(block, lines))
    children, leaves = part(block.children, lines), _leaves(block.leaves, lines)
    if children == block.children and leaves == block.leaves:
        return (block,)
    return (_with(block, children, leaves),) if children or leaves else ()


def _parts_of_list(block: Block, lines: Collection[int]) -> Iterator[Block]:
    """A list in parts: what is left of a bullet without its first line stands between them, in no bullet."""
    run: list[Block] = []
    for bullet in block.children:
        kept = _part(bullet, lines)
        is_headless = kept and kept[0] is not bullet and bullet.kind is Kind.LIST_ITEM and min(lines_in((bullet,))) not in lines
        if is_headless:
            yield from (_list_of(block, run), *kept[0].children) if run else kept[0].children
            run = []
        else:
            run += kept
    if run:
        yield _list_of(block, run)


def in_order(blocks: Iterable[Block], more: Iterable[Block] = ()) -> tuple[Block, ...]:
    """Blocks in the order of their lines; a list between whose bullets one more stands is parted there."""
    row = list(blocks)
    for one in more:
        line = _first(one)
        row = [part for block in row for part in (_parted(block, line) if block.kind in _LISTS else (block,))] + [one]
    return tuple(sorted(row, key=_first))


def _first(block: Block) -> int:
    return min(lines_in((block,)), default=block.span.start)


def _parted(block: Block, line: int) -> Iterator[Block]:
    """A list as what stands before a line, and what stands behind it."""
    for bullets in ([one for one in block.children if _first(one) < line], [one for one in block.children if _first(one) >= line]):
        if bullets:
            yield _list_of(block, bullets)


def _list_of(block: Block, bullets: Sequence[Block]) -> Block:
    """A list with some of its bullets."""
    if tuple(bullets) == block.children:
        return block
    before = next((number for number, one in enumerate(block.children) if one.span.stop > bullets[0].span.start), 0)
    level = block.level + before if block.kind is Kind.ORDERED_LIST else block.level
    return replace(_with(block, tuple(bullets), ()), level=level)


def _with(block: Block, children: tuple[Block, ...], leaves: Line) -> Block:
    own = lines_in(children) | {leaf.line for leaf in leaves} or {block.span.start}
    return replace(block, leaves=leaves, children=children, span=Span(block.span.path, min(own), max(own) + 1))


def _leaves(leaves: Line, lines: Collection[int]) -> Line:
    """The leaves on some lines, with a break between two of them; what lies on several lines, as code does, goes with its first."""
    kept: list[Leaf] = []
    for line in lines_of(leaves):
        own = [leaf for leaf in line if min(_rows(leaf), default=leaf.line) in lines]
        if own:
            kept += [Leaf(BREAK, "", own[0].at, own[0].line)] if kept else []
            kept += own
    return tuple(kept)


def _rows(leaf: Leaf) -> Sequence[int]:
    """The lines on which a leaf shows anything."""
    if "\n" not in leaf.text:
        return () if leaf.kind in (BREAK, TAG) or leaf.text.isspace() else (leaf.line,)
    return [number for number, words in enumerate(leaf.text.split("\n"), leaf.line) if words.strip()]
