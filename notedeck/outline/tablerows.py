"""The rows of a Markdown table: markdown-it-py reads the head, and what GFM and Notion make of the rows below is read here.

A row that has more cells than the head keeps them, where GFM drops them. Notion breaks lines in cells, so a row may go on over
lines, even empty ones, until it has as many cells as the head. A `|` in code parts cells, as GFM wants it, unless the row is
of the head's length only with the code whole; both are told.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from markdown_it import MarkdownIt
from markdown_it.rules_block import StateBlock, table
from markdown_it.rules_block.table import escapedSplit
from markdown_it.token import Token

CODE_PIPE = "code pipe"
"""Says in a cell's token that a `|` in code stands in its row."""
_TICKS = re.compile("`+")
_AUTOCOMPLETED = 1 << 16
"""Cells that rows shorter than their head may be given, as in markdown-it: a wide head over many short rows would fill the memory."""


@dataclass(frozen=True, slots=True)
class _Row:
    """A row: its cells, and the line behind it."""

    cells: Sequence[str]
    stop: int
    has_code_pipe: bool = False


def table_rows_plugin(md: MarkdownIt) -> None:
    """Read tables with rows as they are meant."""
    md.block.ruler.at("table", _table, {"alt": ["paragraph", "reference"]})


def _table(state: StateBlock, start: int, end: int, silent: bool) -> bool:
    first = len(state.tokens)
    if not table(state, start, min(start + 2, end), silent):
        return False
    if silent:
        return True
    heads = [token for token in state.tokens[first:] if token.type == "th_open"]
    closing = state.tokens.pop()
    state.level += 1
    line = _rows(state, start + 2, end, heads)
    state.level -= 1
    state.tokens.append(closing)
    state.tokens[first].map = [start, line]
    state.line = line
    return True


def _rows(state: StateBlock, line: int, end: int, heads: Sequence[Token]) -> int:
    """Read the rows below a head; says which line follows them."""
    before, state.parentType = state.parentType, "table"
    first, missing = len(state.tokens), 0
    while line < end and not _ends(state, line, end):
        row = _row_at(state, line, end, len(heads))
        missing += max(len(heads) - len(row.cells), 0)
        if missing > _AUTOCOMPLETED:
            break
        if len(state.tokens) == first:
            state.push("tbody_open", "tbody", 1)
        _push(state, line, row, heads)
        line = row.stop
    if len(state.tokens) > first:
        state.push("tbody_close", "tbody", -1)
    state.parentType = before
    return line


def _ends(state: StateBlock, line: int, end: int) -> bool:
    """Whether a table ends before a line."""
    if state.sCount[line] < state.blkIndent or state.isEmpty(line) or state.is_code_block(line):
        return True
    return any(rule(state, line, end, True) for rule in state.md.block.ruler.getRules("blockquote"))


def _row_at(state: StateBlock, line: int, end: int, columns: int) -> _Row:
    """The row that begins in a line."""
    text = _text(state, line)
    cells = _cells(text)
    row = _Row(cells, line + 1)
    if text.startswith("|") and (len(cells) < columns or not _is_closed(text)):
        row = _over_lines(state, line, end, columns) or row
    elif "`" in text and len(whole := _cells(text, keeps_code=True)) < len(cells):
        row = _Row(whole if len(whole) == columns else cells, line + 1, has_code_pipe=True)
    return row


def _over_lines(state: StateBlock, line: int, end: int, columns: int) -> _Row | None:
    """A row that goes on behind its line, if it has as many cells as the head then; another row's beginning is none of it."""
    parts: list[str] = []
    pipes = 0
    for here in range(line, end):
        part = _text(state, here)
        if parts and part.startswith("|"):
            return None
        parts.append(part)
        pipes += len(escapedSplit(part)) - 1
        if pipes > columns:
            text = "\n".join(parts)
            return _Row(_cells(text), here + 1) if pipes == columns + 1 and _is_closed(part) else None
    return None


def _push(state: StateBlock, line: int, row: _Row, heads: Sequence[Token]) -> None:
    opening = state.push("tr_open", "tr", 1)
    opening.map = [line, row.stop]
    beyond = filter(None, map(str.strip, row.cells[len(heads) :]))
    for place, head in enumerate(heads):
        cell = row.cells[place] if place < len(row.cells) else ""
        cell = cell if place + 1 < len(heads) else " | ".join(filter(None, (cell.rstrip(), *beyond)))
        opening = state.push("td_open", "td", 1)
        opening.attrs = dict(head.attrs)
        begin = line + cell[: len(cell) - len(cell.lstrip())].count("\n")
        content = cell.strip()
        opening.map = [begin, begin + content.count("\n") + 1]
        opening.meta = {CODE_PIPE: row.has_code_pipe and place == 0}
        token = state.push("inline", "", 0)
        token.map, token.content, token.children = opening.map, content, []
        state.push("td_close", "td", -1)
        line += cell.count("\n")
    state.push("tr_close", "tr", -1)


def _text(state: StateBlock, line: int) -> str:
    return state.src[state.bMarks[line] + state.tShift[line] : state.eMarks[line]].strip()


def _is_closed(text: str) -> bool:
    """Whether the last character is a `|` that parts."""
    return text.endswith("|") and not text.endswith("\\|")


def _cells(text: str, *, keeps_code: bool = False) -> list[str]:
    """The cells of a row's text, without the empty ones outside of its first and last `|`."""
    cells = _split_around_code(text) if keeps_code else escapedSplit(text)
    cells = cells[1:] if cells and not cells[0] else cells
    return cells[:-1] if cells and not cells[-1] else cells


def _split_around_code(text: str) -> list[str]:
    """The cells of a text in whose code a `|` parts nothing."""
    parts: list[str] = []
    place = 0
    for begin, end in _code_spans(text):
        parts += [text[place:begin], text[begin:end].replace("|", "\0")]
        place = end
    return [cell.replace("\0", "|") for cell in escapedSplit("".join([*parts, text[place:]]))]


def _code_spans(text: str) -> list[tuple[int, int]]:
    """Where code begins and ends: behind as many backticks as before it."""
    ticks = list(_TICKS.finditer(text))
    later: dict[int, list[int]] = {}
    for number in range(len(ticks) - 1, -1, -1):
        later.setdefault(len(ticks[number][0]), []).append(number)
    spans = []
    place = 0
    while place < len(ticks):
        same = later[len(ticks[place][0])]
        while same and same[-1] <= place:
            same.pop()
        if same:
            spans.append((ticks[place].end(), ticks[same[-1]].start()))
            place = same[-1]
        place += 1
    return spans
