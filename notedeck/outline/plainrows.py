"""Rows of plain text -> leaves: what has no more in it than line ends, code and asterisks in pairs needs no parser.

Most rows of notes are such. Of any other one nothing is read here, and the parser reads it.
"""

from __future__ import annotations

import re

from notedeck.outline.blocks import Leaf, LeafKind, Line, Mark
from notedeck.outline.cjk import flanks
from notedeck.outline.leaves import Leaves, new_leaf

_SIGNS = re.compile(r"\n[ \t]*|\*\**|`[^`\n]+`(?!`)|`|\$|\\|_|~~|<|&(?=[#A-Za-z][0-9A-Za-z]{0,31};)|\]\(|\[\[|\^\[|://")
"""What is more than text; brackets, a `!` and one tilde are no more without the others."""
_MARKS: tuple[tuple[Mark, ...], ...] = (), (Mark("em"),), (Mark("strong"),)
"""The marks that so many asterisks make."""
_TEXT, _CODE, _BREAK = LeafKind.TEXT, LeafKind.CODE, LeafKind.BREAK


def plain_row(content: str, line: int, leaves: Leaves) -> Line | None:
    """The leaves of an inline text, or None if it takes the parser to read it."""
    row: list[Leaf] = []
    at, place, stars = leaves.at, 0, 0
    for found in _SIGNS.finditer(content) if len(content) > 1 else ():  # one sign has no other half
        start, stop = found.span()
        sign = content[start]
        text = content[place:start].rstrip(" ") if sign == "\n" else content[place:start]
        if text:
            row.append(new_leaf(_TEXT, text, at, line, _MARKS[stars]))
            at += len(text)
        place = stop
        if sign == "\n":
            row.append(new_leaf(_BREAK, "", at, line))
            line += 1
        elif sign == "*" and _is_half(content, start, stop, stars):
            stars = 0 if stars else stop - start
        elif sign == "`" and stop - start > 2:
            text = _code(content[start + 1 : stop - 1])
            row.append(new_leaf(_CODE, text, at, line, _MARKS[stars]))
            at += len(text)
        else:
            return None
    if stars:
        return None
    if place < len(content):
        row.append(new_leaf(_TEXT, content[place:], at, line))
        at += len(content) - place
    leaves.extend(row, at)
    return tuple(row)


def _is_half(content: str, start: int, stop: int, stars: int) -> bool:
    """Whether asterisks close those that are open, as many as they are; if none are, whether they can open."""
    opens, closes = flanks(content, start, stop, len(content))
    return closes and stop - start == stars if stars else opens and stop - start < 3


def _code(text: str) -> str:
    """What a code span shows: one space at both ends is left out."""
    return text[1:-1] if text[0] == text[-1] == " " and text.strip(" ") else text
