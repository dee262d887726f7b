"""The lines of a source as markdown-it-py's rules for blocks ask for them, found in less time than by its own state.

What the rules see is the same; only how lines are measured and cut and how tokens are made is not.
"""

from __future__ import annotations

from itertools import accumulate
from typing import Literal

from markdown_it import MarkdownIt
from markdown_it.rules_block import StateBlock
from markdown_it.token import Token
from markdown_it.utils import EnvType


class SourceLines(StateBlock):
    """The state of the parser of blocks."""

    def __init__(self, src: str, md: MarkdownIt, env: EnvType, tokens: list[Token]) -> None:
        super().__init__("", md, env, tokens)
        lines = src.split("\n")
        if not lines[-1].strip(" \t"):
            lines.pop()
        lengths = list(map(len, lines))
        self.src = src
        self.lineMax = len(lines)
        self.bMarks = [0, *accumulate([length + 1 for length in lengths])]
        self.bMarks[-1] = len(src)  # a last line, which is none, ends each list
        self.eMarks = [*map(int.__add__, self.bMarks, lengths), len(src)]
        self.tShift = [*[length - len(line.lstrip(" \t")) for line, length in zip(lines, lengths, strict=True)], 0]
        self.sCount = [*map(_width, lines, self.tShift), 0] if "\t" in src else self.tShift.copy()
        self.bsCount = [0] * len(self.bMarks)

    def push(self, ttype: str, tag: str, nesting: Literal[-1, 0, 1]) -> Token:
        """A new token at the end."""
        if nesting < 0:
            self.level -= 1
        token = _Token(ttype, tag, nesting, self.level)
        if nesting > 0:
            self.level += 1
        self.tokens.append(token)
        return token

    def getLines(self, begin: int, end: int, indent: int, keepLastLF: bool) -> str:  # noqa: N802, N803 - the library's names
        """The text of lines without their indent."""
        if end == begin + 1:
            return self._line(begin, indent, keepLastLF)
        return "".join([self._line(line, indent, line + 1 < end or keepLastLF) for line in range(begin, end)])

    def _line(self, line: int, indent: int, with_end: bool) -> str:
        first = self.bMarks[line]
        if indent and (self.tShift[line] < indent or self.src.find("\t", first, first + indent) >= 0):
            return super().getLines(line, line + 1, indent, with_end)
        return self.src[first + indent : self.eMarks[line] + with_end]


def push_text(state: StateBlock, ttype: str, tag: str, start: int, stop: int, content: str, markup: str = "") -> None:
    """A block of text and no others, as one token: markdown-it-py makes three."""
    token = state.push(ttype, tag, 0)
    token.map, token.content, token.markup = [start, stop], content, markup
    state.line = stop


def _width(line: str, shift: int) -> int:
    """How wide the white space at a line's start is, where a tab reaches to the next of every four columns."""
    return len(line[:shift].expandtabs(4)) if shift else 0


class _Token(Token):
    """A token, made in less time."""

    __slots__ = ()

    def __init__(self, ttype: str, tag: str, nesting: Literal[-1, 0, 1], level: int) -> None:
        self.type = ttype
        self.tag = tag
        self.nesting = nesting
        self.attrs = {}
        self.map = None
        self.level = level
        self.children = None
        self.content = self.markup = self.info = ""
        self.meta = {}
        self.block = True
        self.hidden = False
