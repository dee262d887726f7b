"""CSV -> Outline: a database's rows as one table."""

from __future__ import annotations

import csv
from collections.abc import Iterator
from contextlib import contextmanager

from notedeck.diagnostics import Span
from notedeck.machine.quick import quick
from notedeck.outline.blocks import Block, Kind, Leaf, LeafKind, Line, Outline
from notedeck.outline.leaves import Leaves
from notedeck.outline.markdown import inline_row

_CELL, _ROW = Kind.TABLE_CELL, Kind.TABLE_ROW
_span, _block = quick(Span), quick(Block)


def read_table(path: str, text: str) -> Outline:
    """Read a CSV file's text into an outline of one table, whose `info` is `csv`; lines are those of the file."""
    with _long_cells(len(text)):
        return _Reader(path, text).outline()


class _Reader:
    """Reads rows one after another; the leaves get their places as they come."""

    def __init__(self, path: str, text: str) -> None:
        self.path = path
        self.lines = text.removesuffix("\n").split("\n")
        self.leaves = Leaves(path)

    def outline(self) -> Outline:
        whole = Span(self.path, 0, max(len(self.lines), 1))
        rows: list[Block] = []
        for start, stop, cells in self._rows():
            rows.append(self._row(start, stop, cells, "" if rows else "head"))
        span = Span(self.path, rows[0].span.start, rows[-1].span.stop) if rows else whole
        blocks = (Block(Kind.TABLE, span, children=tuple(rows), info="csv"),) if rows else ()
        return Outline(whole, blocks, "".join(self.leaves.pieces), diagnostics=tuple(self.leaves.diagnostics))

    def _rows(self) -> Iterator[tuple[int, int, list[str]]]:
        """Each row that says something, with its lines; a line whose quotes are broken is one by itself, its quotes as written."""
        start = 0
        delimiter = _delimiter(self.lines[0])
        while start < len(self.lines):
            for first, stop, cells in _quoted(self.lines, start, delimiter):
                start = stop
                if any(cell.strip() for cell in cells):
                    yield first, stop, cells
            if start < len(self.lines):
                self.leaves.warn("csv-broken", start)
                yield start, start + 1, self.lines[start].split(delimiter)
                start += 1

    def _row(self, start: int, stop: int, cells: list[str], info: str) -> Block:
        children = []
        line = start
        for cell in cells:
            last = line + cell.count("\n")
            leaves = self._leaves(cell, line)
            children.append(_block(_CELL, _span(self.path, line, last + 1), leaves, (), 0, info))
            line = last
        return _block(_ROW, _span(self.path, start, stop), (), tuple(children))

    def _leaves(self, cell: str, start: int) -> Line:
        """A cell's lines, without the empty ones at its ends; what is marked in them is drawn as in a table of Markdown."""
        if "\n" not in cell:
            return inline_row(cell.strip(), start, self.leaves) if cell.strip() else ()
        lines = [(number, line.strip()) for number, line in enumerate(cell.split("\n"), start)]
        solid = [place for place, (_, line) in enumerate(lines) if line]
        leaves: list[Leaf] = []
        for number, line in lines[solid[0] : solid[-1] + 1] if solid else ():
            if leaves:
                leaves.append(self.leaves.add(LeafKind.BREAK, "", number - 1))
            leaves.extend(inline_row(line, number, self.leaves) if line else ())
        return tuple(leaves)


def _quoted(lines: list[str], start: int, delimiter: str) -> Iterator[tuple[int, int, list[str]]]:
    """Rows from a line on, up to the first with broken quotes."""
    place = start
    reader = csv.reader((lines[number] + "\n" for number in range(start, len(lines))), delimiter=delimiter, strict=True)
    try:
        for cells in reader:
            stop = start + reader.line_num
            yield place, stop, cells
            place = stop
    except csv.Error:
        return


@contextmanager
def _long_cells(length: int) -> Iterator[None]:
    """Let a cell be as long as its file, where the csv module stops at 128 kB."""
    limit = csv.field_size_limit(max(length, csv.field_size_limit()))
    try:
        yield
    finally:
        csv.field_size_limit(limit)


def _delimiter(head: str) -> str:
    """What parts the cells, by the first line: a comma, or where there is none what spreadsheets write in its place."""
    return next((one for one in ",;\t" if one in head), ",")
