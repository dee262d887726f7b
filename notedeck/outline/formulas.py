"""Formulas in Markdown: between dollars, in several lines, in a fence; and what has a dollar and is none.

A formula takes no spaces and no digits at its marks, so `$5 그리고 $10` is money. Between two dollars of a shell (`echo $$`), of
PostgreSQL (`DO $$ … $$`) or of MySQL (`DELIMITER $$`) and in `a$b$c` nothing is TeX.
"""

from __future__ import annotations

import re

from markdown_it import MarkdownIt
from markdown_it.rules_block import StateBlock, fence
from markdown_it.rules_inline import StateInline
from mdit_py_plugins.dollarmath import dollarmath_plugin
from mdit_py_plugins.dollarmath.index import math_block_dollar, math_inline_dollar

_NO_FORMULA_ENDS = "notedeck no formula ends"
"""By the last line of a block and where that ends, the line below which no formula does."""
_IS_PROGRAM = "notedeck dollars of a program"
_PROGRAM = re.compile(r"\b(?:DELIMITER|AS|DO)\s{1,3}\$\$|\$\$\s{0,3};?\s{1,3}LANGUAGE\b")
_BRACED = re.compile(r"\{[^{}]*\}")
_HANGUL = re.compile(r"[가-힣]")
_TEX = re.compile(r"[\\^_=]")
_NOTATION = re.compile(r"[^A-Za-z\s,.;:'\"!?-]|^\s*[A-Za-z]{1,2}\s*$|^\s*\S+\s*$")
_VARIABLE = re.compile(r"[A-Za-z_]\w{0,60}[^\w\\^{}\s]{1,3}")
"""What stands between two dollars of a path: `$HOME/$USER`."""


def formulas_plugin(md: MarkdownIt) -> None:
    """Read formulas."""
    md.use(dollarmath_plugin, allow_space=False, allow_digits=False, double_inline=True)
    md.block.ruler.at("math_block", _several_lines)
    md.block.ruler.at("fence", _fence, {"alt": ["paragraph", "reference", "blockquote", "list"]})
    md.inline.ruler.at("math_inline", _inline)
    md.inline.ruler.before("math_inline", "anki_latex", _anki_latex)
    md.inline.ruler.before("escape", "backslash_formula", _backslashed)


_math_block = math_block_dollar(allow_labels=True, allow_blank_lines=True)
_math_inline = math_inline_dollar(allow_space=False, allow_digits=False, allow_double=True)


def _several_lines(state: StateBlock, start: int, end: int, silent: bool) -> bool:
    """A formula of several lines; where its end was looked for in vain it is not again: the plugin looks to the end of the block each time."""
    text = state.src[state.bMarks[start] + state.tShift[start] : state.eMarks[start]].strip()
    if not text.startswith("$$") or state.is_code_block(start):
        return False
    known, block = state.env.setdefault(_NO_FORMULA_ENDS, {}), (end, state.eMarks[end - 1])
    if start > known.get(block, end):
        return _math_block(state, start, start + 1, silent)
    found = _math_block(state, start, end, silent)
    if not found and "$$" not in text[2:]:
        known[block] = start
    return found


def _fence(state: StateBlock, start: int, end: int, silent: bool) -> bool:
    """Code in a fence; in one that says `math` it is a formula."""
    if not fence(state, start, end, silent):
        return False
    token = state.tokens[-1] if not silent else None
    if token and token.info.strip().lower() == "math" and token.content.strip():
        token.type, token.tag = "math_block", "math"
    return True


def _inline(state: StateInline, silent: bool) -> bool:
    """A formula on a line, unless what stands between the dollars is none."""
    start = state.pos
    if not _math_inline(state, True):
        return False
    marks = 2 if state.src.startswith("$$", start) else 1
    content = state.src[start + marks : state.pos - marks]
    is_formula = _is_display(state, content) if marks == 2 else not _is_text(state.src, start, state.pos, content)
    if is_formula and silent:
        return True
    state.pos = start
    if is_formula:
        _math_inline(state, False)
        _without_ticks(state)
        return True
    if not silent:
        state.append_pending("$" * marks)
    state.pos = start + marks
    return True


def _without_ticks(state: StateInline) -> None:
    """GitHub and GitLab write `$` and a backtick around a formula."""
    token = state.tokens[-1]
    if len(token.content) > 2 and token.content[0] == token.content[-1] == "`":
        token.content = token.content[1:-1]


def _is_display(state: StateInline, content: str) -> bool:
    """Whether what stands between double dollars is TeX, and no words of a program's author."""
    env = state.env
    if env.get(_IS_PROGRAM, ("", False))[0] is not state.src:
        env[_IS_PROGRAM] = (state.src, bool(_PROGRAM.search(state.src)))
    if env[_IS_PROGRAM][1]:
        return False
    return bool((_TEX if _HANGUL.search(_BRACED.sub("", content)) else _NOTATION).search(content))


def _is_text(src: str, start: int, stop: int, content: str) -> bool:
    """Whether two dollars stand in words (`a$b$c`), around words (`$5 또는 10$`) or before two variables."""
    before, after = src[start - 1 : start], src[stop : stop + 1]
    if before.isascii() and before.isalnum():
        return True
    if " " in content and _HANGUL.search(bare := _BRACED.sub("", content)) and not _TEX.search(bare):
        return True
    return after.isascii() and (after.isalpha() or after in ("_", "{")) and after != "" and bool(_VARIABLE.fullmatch(content))


_CLOSING = {"(": "\\)", "[": "\\]"}
_LONGEST = 2_000
"""Characters of a formula between `\\(` and `\\)`."""


def _backslashed(state: StateInline, silent: bool) -> bool:
    r"""A formula between `\(` and `\)`, or `\[` and `\]`, as TeX and assistants write it; around mere words these are brackets."""
    start = state.pos
    closing = _CLOSING.get(state.src[start + 1 : start + 2], "")
    end = state.src.find(closing, start + 2, start + _LONGEST) if closing else -1
    content = state.src[start + 2 : max(end, 0)].strip()
    if end < 0 or not _TEX.search(_BRACED.sub("", content) if _HANGUL.search(content) else content):
        return False
    if not silent:
        token = state.push("math_inline_double" if closing == "\\]" else "math_inline", "math", 0)
        token.content = content
        token.meta["ends"] = state.src.count("\n", start, end) - content.count("\n")
    state.pos = end + 2
    return True


_ANKI_LATEX = re.compile(r"\[/?\${1,2}\]")


def _anki_latex(state: StateInline, silent: bool) -> bool:
    """Read `[$]` and `[/$$]` as text: they are Anki's marks, and no ends of a formula."""
    found = _ANKI_LATEX.match(state.src, state.pos) if state.src[state.pos] == "[" else None
    if found is None:
        return False
    if not silent:
        state.append_pending(found[0])
    state.pos = found.end()
    return True
