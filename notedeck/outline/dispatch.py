"""Which of the parser's rules are asked about a line or a piece of it: those that read what begins with its first character.

markdown-it-py asks each of a dozen rules about each line, and each one looks at the first character itself. What the rules read, and
their order, is as before; only the time is not.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import TypeVar

from markdown_it import MarkdownIt
from markdown_it.common.utils import mdTrim
from markdown_it.parser_block import RuleFuncBlockType
from markdown_it.parser_inline import RuleFuncInlineType
from markdown_it.ruler import Ruler
from markdown_it.rules_block import StateBlock
from markdown_it.rules_inline import StateInline

_LINES = {
    "math_block": "$", "fence": "`~", "blockquote": ">", "hr": "*-_", "list": "*+-0123456789", "fold": "<", "html_block": "<", "heading": "#",
}  # fmt: skip
"""With what a line begins that a rule reads; all other rules are asked about every line."""
_PIECES = {
    "text": "", "newline": "\n", "anki_latex": "[", "math_inline": "$", "escape": "\\", "backticks": "`", "strikethrough": "~", "emphasis": "*_",
    "link": "[", "spaced_image": "!", "image": "!", "autolink": "<", "html_inline": "<", "entity": "&",
}  # fmt: skip
"""With what a piece of a line begins that a rule reads; all between them is text."""
_TERMINATORS = re.compile(r"[\n$\\`~*_\[\]!<&]")
"""Where text ends: at the characters above, and at `]`, for which links look."""

_Rule = TypeVar("_Rule")


class _Lines(Ruler[RuleFuncBlockType]):
    """The rules of blocks, each chain of them as one."""

    def __init__(self, ruler: Ruler[RuleFuncBlockType]) -> None:
        super().__init__()
        self.__rules__ = ruler.__rules__
        self.chains: dict[str, list[RuleFuncBlockType]] = {}

    def getRules(self, chainName: str = "") -> list[RuleFuncBlockType]:  # noqa: N802, N803 - the library's names
        """One rule for a chain."""
        if chainName not in self.chains:
            self.chains[chainName] = [_line_rule(*_by_character(self, _LINES, chainName))]
        return self.chains[chainName]


class _Pieces(Ruler[RuleFuncInlineType]):
    """The rules of what stands in a line, as one."""

    def __init__(self, ruler: Ruler[RuleFuncInlineType]) -> None:
        super().__init__()
        self.__rules__ = ruler.__rules__
        self.rules = [_piece_rule(*_by_character(self, _PIECES, ""))]

    def getRules(self, chainName: str = "") -> list[RuleFuncInlineType]:  # noqa: N802, N803 - the library's names
        """One rule."""
        return self.rules


def dispatch_plugin(md: MarkdownIt) -> None:
    """Ask only the rules that a character concerns. Rules that are added later are not asked."""
    md.block.ruler.disable("lheading")
    md.block.ruler.at("paragraph", _paragraph)
    md.block.ruler = _Lines(md.block.ruler)
    md.inline.ruler = _Pieces(md.inline.ruler)
    md.inline.terminator_re = _TERMINATORS


def _by_character(ruler: Ruler[_Rule], waits: Mapping[str, str], chain: str) -> tuple[dict[str, tuple[_Rule, ...]], tuple[_Rule, ...]]:
    """The rules of a chain for each character that one waits for, and for all others."""
    rules = [rule for rule in ruler.__rules__ if rule.enabled and (not chain or chain in rule.alt)]
    found = {one: tuple(rule.fn for rule in rules if one in waits.get(rule.name, one)) for one in "".join(waits.values())}
    return found, tuple(rule.fn for rule in rules if not waits.get(rule.name))


def _line_rule(known: Mapping[str, tuple[RuleFuncBlockType, ...]], others: tuple[RuleFuncBlockType, ...]) -> RuleFuncBlockType:
    def line_rule(state: StateBlock, start: int, end: int, silent: bool) -> bool:
        place = state.bMarks[start] + state.tShift[start]
        for rule in known.get(state.src[place : place + 1], others):  # noqa: SIM110 - a generator would take longer than the rules
            if rule(state, start, end, silent):
                return True
        return False

    return line_rule


def _piece_rule(known: Mapping[str, tuple[RuleFuncInlineType, ...]], others: tuple[RuleFuncInlineType, ...]) -> RuleFuncInlineType:
    def piece_rule(state: StateInline, silent: bool) -> bool:
        for rule in known.get(state.src[state.pos], others):  # noqa: SIM110 - a generator would take longer than the rules
            if rule(state, silent):
                return True
        return False

    return piece_rule


def _paragraph(state: StateBlock, start: int, end: int, silent: bool) -> bool:
    """A paragraph, or a heading that is underlined: markdown-it-py goes over the lines of each paragraph twice to know which.

    The state stays "in a paragraph" behind one, as it does where markdown-it-py looks for an underline and finds none.
    """
    before, state.parentType = state.parentType, "paragraph"
    (ends_before,) = state.md.block.ruler.getRules("paragraph")
    line, marker = start + 1, ""
    while line < end and not state.isEmpty(line):
        indent = state.sCount[line]
        if indent - state.blkIndent <= 3:
            if indent >= state.blkIndent and (marker := _underline(state, line)):
                break
            if indent >= 0 and ends_before(state, line, end, True):
                break
        line += 1
    if marker:
        state.parentType = before
    name, tag = ("heading", "h1" if marker == "=" else "h2") if marker else ("paragraph", "p")
    state.line = line + 1 if marker else line
    opening = state.push(f"{name}_open", tag, 1)
    opening.map, opening.markup = [start, state.line], marker
    inline = state.push("inline", "", 0)
    inline.content = mdTrim(state.getLines(start, line, state.blkIndent, False))
    inline.map, inline.children = [start, line], []
    state.push(f"{name}_close", tag, -1).markup = marker
    return True


def _underline(state: StateBlock, line: int) -> str:
    """The character that a line consists of if it underlines a heading."""
    place = state.bMarks[line] + state.tShift[line]
    marker = state.src[place]
    if marker not in "-=":
        return ""
    rest = state.src[place : state.eMarks[line]].lstrip(marker)
    return "" if rest.strip(" \t") else marker
