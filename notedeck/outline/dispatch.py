"""Which of the parser's rules are asked about a line or a piece of it: those that read what begins with its first character.

markdown-it-py asks each of a dozen rules about each line, and each one looks at the first character itself. What the rules read, and
their order, is as before; only the time is not.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import TypeVar

from markdown_it import MarkdownIt
from markdown_it.common.utils import mdTrim
from markdown_it.parser_block import ParserBlock, RuleFuncBlockType
from markdown_it.parser_inline import RuleFuncInlineType
from markdown_it.ruler import Rule, Ruler
from markdown_it.rules_block import StateBlock, code
from markdown_it.rules_inline import StateInline
from markdown_it.token import Token
from markdown_it.utils import EnvType

from notedeck.outline.lists import read_break, read_list
from notedeck.outline.sourcelines import SourceLines, push_text

_LINES = {
    "math_block": "$", "fence": "`~", "blockquote": ">", "hr": "*-_", "list": "*+-0123456789", "fold": "<", "html_block": "<", "heading": "#",
    "comment": "%", "footnote": "[",
}  # fmt: skip
"""With what a line begins that a rule reads."""
_BELOW = frozenset(first + second for first in "|-:" for second in "|-: \t") - {"- ", "-\t"}
"""With what the second line of a table begins; the first one may begin with anything."""
_NOT_FIRST = frozenset({"half_lazy", "quote_end"})
"""Rules that say where a block ends, and are not asked about its first line."""
_HEADING = re.compile(r"#{1,6}(?![^ \t])")
_ENDS = frozenset("".join(waits for name, waits in _LINES.items() if name != "math_block") + "=")
"""With what a line begins that may end a paragraph or underline it."""
_PIECES = {
    "text": "", "newline": "\n", "anki_latex": "[", "math_inline": "$", "escape": "\\",
    "backslash_formula": "\\", "backticks": "`", "strikethrough": "~", "emphasis": "*_",
    "wiki": "[!", "footnote_ref": "[", "footnote_inline": "^",
    "link": "[", "spaced_path": "[!", "image": "!", "autolink": "<", "html_inline": "<", "entity": "&",
}  # fmt: skip
"""With what a piece of a line begins that a rule reads; all between them is text."""
_TERMINATORS = re.compile(r"[\n$\\`~*_\[\]!<&^]")
"""Where text ends: at the characters above, and at `]`, for which links look."""

_Function = TypeVar("_Function")


class _Blocks(ParserBlock):
    """The parser of blocks."""

    def __init__(self, ruler: Ruler[RuleFuncBlockType]) -> None:
        self.ruler = _Lines(ruler)

    def parse(self, src: str, md: MarkdownIt, env: EnvType, outTokens: list[Token]) -> list[Token] | None:  # noqa: N803 - the library's names
        """The tokens of a source."""
        state = SourceLines(src, md, env, outTokens)
        self.tokenize(state, 0, state.lineMax)
        return state.tokens

    def tokenize(self, state: StateBlock, startLine: int, endLine: int) -> None:  # noqa: N803
        """Read the blocks that begin in some lines. How deep they may lie is a rule's matter."""
        (first_rule,) = self.ruler.getRules()
        line = startLine
        while line < endLine:
            state.line = line = state.skipEmptyLines(line)
            if line >= endLine or state.sCount[line] < state.blkIndent:
                break
            first_rule(state, line, endLine, False)
            line = state.line
            if line < endLine and state.isEmpty(line):
                state.line = line = line + 1


class _Lines(Ruler[RuleFuncBlockType]):
    """The rules of blocks, each chain of them as one."""

    def __init__(self, ruler: Ruler[RuleFuncBlockType]) -> None:
        super().__init__()
        self.__rules__ = ruler.__rules__
        self.chains: dict[str, list[RuleFuncBlockType]] = {}

    def getRules(self, chainName: str = "") -> list[RuleFuncBlockType]:  # noqa: N802, N803 - the library's names
        """One rule for a chain."""
        if chainName not in self.chains:
            self.chains[chainName] = [_line_rule(self._chain(chainName))]
        return self.chains[chainName]

    def _chain(self, name: str) -> list[Rule[RuleFuncBlockType]]:
        return [rule for rule in self.__rules__ if rule.enabled and (name in rule.alt if name else rule.name not in _NOT_FIRST)]


class _Pieces(Ruler[RuleFuncInlineType]):
    """The rules of what stands in a line, as one."""

    def __init__(self, ruler: Ruler[RuleFuncInlineType]) -> None:
        super().__init__()
        self.__rules__ = ruler.__rules__
        self.rules = [_piece_rule(*_by_character([rule for rule in self.__rules__ if rule.enabled], _PIECES))]

    def getRules(self, chainName: str = "") -> list[RuleFuncInlineType]:  # noqa: N802, N803 - the library's names
        """One rule."""
        return self.rules


def dispatch_plugin(md: MarkdownIt) -> None:
    """Ask only the rules that a character concerns, and make one token of a paragraph or heading. Rules that are added later are not asked."""
    rules = md.block.ruler
    rules.disable("lheading")
    rules.at("paragraph", _paragraph)
    rules.at("code", _code)
    rules.at("heading", _heading, {"alt": ["paragraph", "reference", "blockquote"]})
    rules.at("hr", read_break, {"alt": ["paragraph", "reference", "blockquote", "list"]})
    rules.at("list", read_list, {"alt": ["paragraph", "reference", "blockquote"]})
    md.block = _Blocks(rules)
    md.inline.ruler = _Pieces(md.inline.ruler)
    md.inline.terminator_re = _TERMINATORS


def _by_character(rules: Sequence[Rule[_Function]], waits: Mapping[str, str]) -> tuple[dict[str, tuple[_Function, ...]], tuple[_Function, ...]]:
    """The rules for each character that one waits for, and for all others."""
    found = {one: tuple(rule.fn for rule in rules if one in waits.get(rule.name, one)) for one in "".join(waits.values())}
    return found, tuple(rule.fn for rule in rules if not waits.get(rule.name))


def _line_rule(rules: Sequence[Rule[RuleFuncBlockType]]) -> RuleFuncBlockType:
    of_tables = _by_character(rules, _LINES)
    of_others = _by_character([rule for rule in rules if rule.name != "table"], _LINES)

    def line_rule(state: StateBlock, start: int, end: int, silent: bool) -> bool:
        place = state.bMarks[start] + state.tShift[start]
        below = state.bMarks[start + 1] + state.tShift[start + 1]
        known, others = of_tables if state.src[below : below + 2] in _BELOW else of_others
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


def _code(state: StateBlock, start: int, end: int, silent: bool) -> bool:
    """Indented code, for which every line is asked."""
    return state.sCount[start] - state.blkIndent >= 4 and code(state, start, end, silent)


def _heading(state: StateBlock, start: int, end: int, silent: bool) -> bool:
    """A heading behind number signs; more of them at its end are no text."""
    stop = state.eMarks[start]
    found = _HEADING.match(state.src, state.bMarks[start] + state.tShift[start], stop)
    if found is None or state.is_code_block(start):
        return False
    if not silent:
        text = state.src[found.end() : stop].rstrip(" \t")
        bare = text.rstrip("#")
        push_text(state, "heading", f"h{len(found[0])}", start, start + 1, mdTrim(bare if bare.endswith((" ", "\t")) else text))
    return True


def _paragraph(state: StateBlock, start: int, end: int, silent: bool) -> bool:
    """A paragraph, or a heading that is underlined: markdown-it-py goes over the lines of each paragraph twice to know which.

    The state stays "in a paragraph" behind one, as it does where markdown-it-py looks for an underline and finds none.
    """
    before, state.parentType = state.parentType, "paragraph"
    line, marker = _paragraph_end(state, start, end)
    text = mdTrim(state.getLines(start, line, state.blkIndent, False))
    if marker:
        state.parentType = before
        push_text(state, "heading", "h1" if marker == "=" else "h2", start, line + 1, text, marker)
    else:
        push_text(state, "paragraph", "p", start, line, text)
    return True


def _paragraph_end(state: StateBlock, start: int, end: int) -> tuple[int, str]:
    """The line behind the text of a paragraph, and the character that underlines it if that line does."""
    (ends_before,) = state.md.block.ruler.getRules("paragraph")
    src, begins, shifts = state.src, state.bMarks, state.tShift
    below = begins[start + 1] + shifts[start + 1]
    for line in range(start + 1, end):
        place, below = below, begins[line + 1] + shifts[line + 1]
        if place >= state.eMarks[line]:
            return line, ""
        indent = state.sCount[line]
        if src[place] not in _ENDS and src[below : below + 2] not in _BELOW and indent >= state.listIndent:
            continue
        if indent - state.blkIndent <= 3:
            if indent >= state.blkIndent and (marker := _underline(state, line)):
                return line, marker
            if indent >= 0 and ends_before(state, line, end, True):
                return line, ""
    return max(end, start + 1), ""


def _underline(state: StateBlock, line: int) -> str:
    """The character that a line consists of if it underlines a heading."""
    place = state.bMarks[line] + state.tShift[line]
    marker = state.src[place]
    if marker not in "-=":
        return ""
    rest = state.src[place : state.eMarks[line]].lstrip(marker)
    return "" if rest.strip(" \t") else marker
