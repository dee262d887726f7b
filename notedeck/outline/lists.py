"""The rules for lists and thematic breaks: what markdown-it-py's own read, without what only its HTML needs."""

from __future__ import annotations

import re

from markdown_it.rules_block import StateBlock, hr

_MARKER = re.compile(r"(?:[*+-]|[0-9]{1,9}[.)])(?![^ \t])")
"""What an item begins with; its last character is the same for all items of a list."""


def read_break(state: StateBlock, start: int, end: int, silent: bool) -> bool:
    """A thematic break: most lines that begin as one have something else in them."""
    text = state.src[state.bMarks[start] + state.tShift[start] : state.eMarks[start]]
    return not text.strip(text[:1] + " \t") and hr(state, start, end, silent)


def read_list(state: StateBlock, start: int, end: int, silent: bool) -> bool:
    """A list: most lines that begin with a digit or an asterisk are none."""
    marker = _marker(state, start)
    if marker is None or _is_text(state, start, marker, silent):
        return False
    if silent:
        return True
    number = marker[0][:-1]
    kind = "ordered_list" if number else "bullet_list"
    opening = state.push(f"{kind}_open", "ol" if number else "ul", 1)
    if number and int(number) != 1:
        opening.attrs = {"start": int(number)}
    before, state.parentType = state.parentType, "list"
    line = _read_items(state, start, end, marker)
    state.push(f"{kind}_close", "ol" if number else "ul", -1)
    opening.map = [start, line]
    state.line, state.parentType = line, before
    return True


def _marker(state: StateBlock, line: int) -> re.Match[str] | None:
    return _MARKER.match(state.src, state.bMarks[line] + state.tShift[line], state.eMarks[line])


def _is_text(state: StateBlock, line: int, marker: re.Match[str], silent: bool) -> bool:
    """Whether what looks like an item goes on with the text above it, or is code."""
    indent = state.sCount[line]
    if indent - state.blkIndent >= 4 or (state.listIndent >= 0 and state.blkIndent > indent >= state.listIndent + 4):
        return True
    if not silent or state.parentType != "paragraph" or indent < state.blkIndent:
        return False
    number = marker[0][:-1]
    return bool(number and int(number) != 1) or not state.src[marker.end() : state.eMarks[line]].strip(" \t")


def _read_items(state: StateBlock, line: int, end: int, marker: re.Match[str]) -> int:
    """Read the items of a list; says which line follows it."""
    sign = marker[0][-1]
    found: re.Match[str] | None = marker
    while found and found[0][-1] == sign:
        _read_item(state, line, end, found)
        line = state.line
        if line >= end or not 0 <= state.sCount[line] - state.blkIndent < 4:
            break
        found = None if read_break(state, line, end, True) else _marker(state, line)
    return line


def _is_two_spaces(state: StateBlock, line: int, end: int, indent: int) -> bool:
    """Whether what lies in a numbered item is indented by two columns, as below a bullet: a list, code, or what stands behind an empty line.

    CommonMark wants as many as the number takes. A number there is the next item.
    """
    for here in range(line + 1, end):
        column = state.sCount[here] - state.sCount[line]
        if state.isEmpty(here):
            continue
        if column < 2 or column >= indent - state.sCount[line]:
            if column < 2:
                return False
            continue
        found = _marker(state, here)
        if found and found[0][:-1]:
            return False
        if found or state.isEmpty(here - 1) or state.src.startswith(("```", "~~~"), state.bMarks[here] + state.tShift[here]):
            return True
    return False


def _read_item(state: StateBlock, line: int, end: int, marker: re.Match[str]) -> None:
    content, offset = marker.end(), state.sCount[line] + len(marker[0])
    stop, indent = state.eMarks[line], offset + 1
    while content < stop and (space := state.src[content]) in " \t":
        offset += 4 - (offset + state.bsCount[line]) % 4 if space == "\t" else 1
        content += 1
    if content < stop and offset - indent < 4:
        indent = offset
    if marker[0][:-1] and _is_two_spaces(state, line, end, indent):
        indent = min(indent, state.sCount[line] + 2)
    opening = state.push("list_item_open", "li", 1)
    kept = state.blkIndent, state.listIndent, state.bMarks[line], state.tShift[line], state.sCount[line]
    state.listIndent, state.blkIndent = state.blkIndent, indent
    state.bMarks[line] = max(state.bMarks[line], content - indent)
    state.tShift[line], state.sCount[line] = content - state.bMarks[line], offset
    if content >= stop and state.isEmpty(line + 1):
        state.line = min(line + 2, end)
    else:
        state.md.block.tokenize(state, line, end)
    state.blkIndent, state.listIndent, state.bMarks[line], state.tShift[line], state.sCount[line] = kept
    state.push("list_item_close", "li", -1)
    opening.map = [line, state.line]
