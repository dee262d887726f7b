"""Rows of plain text -> leaves: what has no more in it than line ends, code and asterisks in pairs needs no parser.

Nineteen of twenty rows of notes are such. Of any other one nothing is read here, and the parser reads it.
"""

from __future__ import annotations

import re

from notedeck.outline.blocks import Leaf, LeafKind, Line, Mark
from notedeck.outline.cjk import flanks
from notedeck.outline.leaves import Leaves
from notedeck.quick import quick

_SIGNS = re.compile(r"\n[ \t]*|\*\**|`[^`\n]+`(?!`)|`|\$|\\|_|~~|<|&|\]\(|://")
"""What is more than text; brackets, a `!` and one tilde are no more without the others."""
_EMPHASIS = {1: (Mark("em"),), 2: (Mark("strong"),)}
"""The marks that a number of asterisks makes."""
_leaf = quick(Leaf)
_TEXT, _CODE, _BREAK = LeafKind.TEXT, LeafKind.CODE, LeafKind.BREAK


def plain_row(content: str, line: int, leaves: Leaves) -> Line | None:
    """The leaves of an inline text, or None if it takes the parser to read it."""
    row: list[Leaf] = []
    at, place, opened = leaves.at, 0, 0
    marks: tuple[Mark, ...] = ()
    for found in _SIGNS.finditer(content):
        start, stop = found.span()
        sign = content[start]
        text = content[place:start].rstrip(" ") if sign == "\n" else content[place:start]
        if text:
            row.append(_leaf(_TEXT, text, at, line, marks))
            at += len(text)
        place = stop
        if sign == "\n":
            row.append(_leaf(_BREAK, "", at, line))
            line += 1
        elif sign == "*" and stop - start == (opened or stop - start) < 3 and flanks(content, start, stop, len(content))[opened > 0]:
            opened = 0 if opened else stop - start
            marks = _EMPHASIS.get(opened, ())
        elif sign == "`" and stop - start > 2:
            text = _code(content[start + 1 : stop - 1])
            row.append(_leaf(_CODE, text, at, line, marks))
            at += len(text)
        else:
            return None
    if opened:
        return None
    if place < len(content):
        row.append(_leaf(_TEXT, content[place:], at, line))
        at += len(content) - place
    leaves.extend(row, at)
    return tuple(row)


def _code(text: str) -> str:
    """What a code span shows: one space at both ends is left out."""
    return text[1:-1] if text[0] == text[-1] == " " and text.strip(" ") else text
