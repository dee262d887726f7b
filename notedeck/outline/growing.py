"""An outline that grows block by block: what a front end opens, fills and closes, in the order of the page.

HTML leaves ends out and nests what cannot nest; here a paragraph in a list gets its item, a cell its row, and what lies
deeper than `BLOCK_DEPTH` becomes plain paragraphs.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from itertools import groupby

from notedeck.diagnostics import Diagnostic, Span
from notedeck.machine.quick import quick
from notedeck.outline.blocks import Block, Extent, Kind, Leaf, LeafKind, Line, Mark, Outline
from notedeck.outline.folds import FOLD_DEPTH
from notedeck.outline.leaves import new_leaf
from notedeck.outline.links import bare_links
from notedeck.outline.rules import BLOCK_DEPTH
from notedeck.outline.runs import Run, RunLine, paragraphs, run_lines

_span, _block = quick(Span), quick(Block)
LISTS = (Kind.BULLET_LIST, Kind.ORDERED_LIST)
_TABULAR = (Kind.TABLE, Kind.TABLE_ROW)
_NOTHING_ALONE = (*LISTS, *_TABULAR, Kind.BLOCK_QUOTE, Kind.ASIDE)
"""Kinds that show nothing if nothing is in them."""


@dataclass(slots=True)
class Open:
    """A container whose end has not been read."""

    kind: Kind
    start: int
    level: int = 0
    info: str = ""
    is_implied: bool = False
    """Whether no element of the page stands for it."""
    children: list[Block] = field(default_factory=list)
    bottom: int = 0
    """Of a table's row, the line below its longest cell."""


@dataclass(slots=True)
class Holder:
    """A block that holds one row of text alone: all that is in it becomes lines of it."""

    kind: Kind
    depth: int
    level: int = 0
    info: str = ""


class Growing:
    """The outline so far: its open containers, the text gathered for the next paragraph, and its lines."""

    def __init__(self, path: str, keeps_space: bool, joins_lists: bool) -> None:
        self.path = path
        self.keeps_space = keeps_space
        """Whether line ends and spaces in the text are what a reader sees."""
        self.joins_lists = joins_lists
        self.line = 0
        self.pieces: list[str] = []
        self.at = 0
        self.structure: list[Extent] = []
        self.diagnostics: list[Diagnostic] = []
        self.stack = [Open(Kind.PARAGRAPH, 0)]
        self.holder: Holder | None = None
        self.runs: list[Run] = []
        self.told_depth = 0
        """How many containers were open when the author was told that they are too many; 0 since there are fewer."""

    @property
    def top(self) -> Open:
        """The innermost open container."""
        return self.stack[-1]

    def outline(self) -> Outline:
        """All of it, as soon as everything is read."""
        self.close_to(1)
        blocks = tuple(self._children(self.stack[0]))
        return Outline(Span(self.path, 0, max(self.line, 1)), blocks, "".join(self.pieces), tuple(self.structure), tuple(self.diagnostics))

    def warn(self, code: str, *details: str) -> None:
        """Tell something about the line that is being read."""
        self.diagnostics.append(Diagnostic(Span(self.path, self.line, self.line + 1), code, details))

    def hide(self, text: str) -> None:
        """Account for text that the page adds of itself: it is structure, and no leaf shows it."""
        if text.strip():
            self.structure.append((self.at, self.at + len(text)))
            self._append(text)

    def _append(self, text: str) -> int:
        place = self.at
        self.pieces.append(text)
        self.at += len(text)
        return place

    # Text

    def add(self, run: Run) -> None:
        """Go on with the text."""
        self.runs.append(run)

    def end_line(self) -> None:
        """Begin a new line of the text, if there is something on this one."""
        if self.runs and self.runs[-1].kind is not LeafKind.BREAK:
            self.runs.append(Run(LeafKind.BREAK))

    def flush(self) -> None:
        """End the paragraph, if one was begun; in a heading or a cell, the line."""
        if self.holder is not None:
            self.end_line()
            return
        lines, self.runs = run_lines(self.runs, self.keeps_space), []
        for paragraph in paragraphs(lines):
            self._paragraph(paragraph)

    def _paragraph(self, lines: list[RunLine]) -> None:
        self._make_room()
        if self.top.kind is Kind.TABLE:
            self.open(Kind.TABLE_ROW)
        if self.top.kind is Kind.TABLE_ROW:
            self._cell(lines, "")
        else:
            self._put(Kind.PARAGRAPH, self._leaves(lines), len(lines))

    def hold(self, kind: Kind, level: int = 0, info: str = "") -> Holder:
        """Begin a block of one row of text."""
        self.release()
        self.flush()
        self.holder = Holder(kind, len(self.stack), level, info)
        return self.holder

    def release(self) -> None:
        """End the block that `hold` began."""
        holder, self.holder = self.holder, None
        if holder is None:
            return
        lines, self.runs = [line for line in run_lines(self.runs, self.keeps_space) if line], []
        if holder.kind is Kind.TABLE_CELL:
            self._cell(lines, holder.info)
        elif lines or holder.kind is Kind.SUMMARY:
            self._make_room(Kind.HEADING)
            self._put(holder.kind, self._leaves(lines), max(len(lines), 1), holder.level)

    def _cell(self, lines: list[RunLine], info: str) -> None:
        """A cell; those of one row begin on one line."""
        row = self.top
        self._put(Kind.TABLE_CELL, self._leaves(lines), max(len(lines), 1), info=info)
        row.bottom, self.line = max(row.bottom, self.line), row.start

    def put_text(self, kind: Kind, leaf: LeafKind, text: str, lines: int, info: str = "") -> None:
        """A block with one leaf: code, a formula."""
        self.flush()
        self._make_room(kind)
        made = Leaf(leaf, text, self._append(text), self.line)
        self._put(kind, (made,), lines, info=info)

    def put_rule(self) -> None:
        """A thematic break."""
        self.flush()
        self._make_room(Kind.THEMATIC_BREAK)
        self._put(Kind.THEMATIC_BREAK, (), 1)

    def _put(self, kind: Kind, leaves: Line, lines: int, level: int = 0, info: str = "") -> None:
        span = _span(self.path, self.line, self.line + lines)
        self.top.children.append(_block(kind, span, leaves, (), level, info))
        self.line += lines

    def _leaves(self, lines: Sequence[RunLine]) -> Line:
        leaves: list[Leaf] = []
        for number, line in enumerate(lines, self.line):
            if leaves:
                leaves.append(Leaf(LeafKind.BREAK, "", self.at, number - 1))
            leaves.extend(self._leaf(run, number) for part in line for run in _with_links(part))
        return tuple(leaves)

    def _leaf(self, run: Run, line: int) -> Leaf:
        return new_leaf(run.kind, run.text, self._append(run.text), line, run.marks, run.target, run.width)

    # Containers

    def _make_room(self, kind: Kind = Kind.PARAGRAPH) -> None:
        """Close or open what the page left out, so that a block of `kind` may come."""
        while self.top.is_implied and self.top.kind in (*LISTS, Kind.TABLE) and kind not in (Kind.LIST_ITEM, Kind.TABLE_ROW):
            self._close()
        while self.top.kind in _TABULAR and kind not in (Kind.PARAGRAPH, Kind.TABLE_ROW):
            self._close()
        if kind is Kind.LIST_ITEM:
            if self.top.kind is Kind.LIST_ITEM and len(self.stack) > 1 and self.stack[-2].kind in LISTS:
                self._close()
            if self.top.kind not in LISTS:
                self._open(Kind.BULLET_LIST, is_implied=True)
        elif kind is Kind.TABLE_ROW:
            if self.top.kind is Kind.TABLE_ROW:
                self._close()
            if self.top.kind is not Kind.TABLE:
                self._make_room(Kind.TABLE)
                self._open(Kind.TABLE, is_implied=True)
        elif self.top.kind in LISTS:
            self._open(Kind.LIST_ITEM, is_implied=True)

    def open(self, kind: Kind, level: int = 0, info: str = "") -> bool:
        """Open a container; deeper than `BLOCK_DEPTH` none is, and no fold deeper in folds than `FOLD_DEPTH`: then it is told."""
        self.flush()
        self._make_room(kind)
        if len(self.stack) > BLOCK_DEPTH or (kind is Kind.DETAILS and self._folds() >= FOLD_DEPTH):
            if not self.told_depth:
                self.warn("too-deep")
                self.told_depth = len(self.stack)
            return False
        self._open(kind, level, info)
        return True

    def _folds(self) -> int:
        """How many folds are open."""
        return sum(one.kind is Kind.DETAILS for one in self.stack)

    def _open(self, kind: Kind, level: int = 0, info: str = "", is_implied: bool = False) -> None:
        self.stack.append(Open(kind, self.line, level, info, is_implied))

    def close_to(self, depth: int) -> None:
        """Close containers until `depth` are open."""
        if self.holder is not None and self.holder.depth > depth:
            self.release()
        if self.holder is None:
            self.flush()
            while len(self.stack) > depth:
                self._close()

    def _close(self) -> None:
        done = self.stack.pop()
        if len(self.stack) < self.told_depth - 1:  # an item gives way to the next one
            self.told_depth = 0
        self.line = max(self.line, done.bottom)
        children = tuple(self._children(done))
        if not children and done.kind in _NOTHING_ALONE:
            return
        if done.kind is Kind.DETAILS:
            children = _summary_first(children, Span(self.path, done.start, done.start + 1))
        self.line = max(self.line, done.start + 1)
        self.top.children.append(Block(done.kind, Span(self.path, done.start, self.line), children=children, level=done.level, info=done.info))

    def _children(self, done: Open) -> Iterator[Block]:
        """What a container holds; lists side by side are one, as in Markdown."""
        if not self.joins_lists:
            yield from done.children
            return
        for kind, group in groupby(done.children, lambda block: block.kind):
            blocks = list(group)
            yield from (_one_list(blocks),) if kind in LISTS and len(blocks) > 1 else blocks


def _one_list(lists: Sequence[Block]) -> Block:
    span = replace(lists[0].span, stop=lists[-1].span.stop)
    return replace(lists[0], span=span, children=tuple(item for one in lists for item in one.children))


def _summary_first(children: tuple[Block, ...], span: Span) -> tuple[Block, ...]:
    """What a fold holds, with its summary in front."""
    found = next((child for child in children if child.kind is Kind.SUMMARY), Block(Kind.SUMMARY, span))
    others = (replace(child, kind=Kind.PARAGRAPH) if child.kind is Kind.SUMMARY else child for child in children if child is not found)
    return (found, *others)


def _with_links(run: Run) -> Iterable[Run]:
    """A run of text, cut where bare addresses stand in it."""
    if run.kind is not LeafKind.TEXT or any(mark.name == "a" for mark in run.marks):
        return (run,)
    runs: list[Run] = []
    place = 0
    for begin, end in bare_links(run.text):
        address = run.text[begin:end]
        runs.append(replace(run, text=run.text[place:begin]))
        runs.append(replace(run, text=address, marks=(*run.marks, Mark("a", address))))
        place = end
    runs.append(replace(run, text=run.text[place:]))
    return [one for one in runs if one.text] if place else (run,)
