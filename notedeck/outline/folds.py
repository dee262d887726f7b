"""Folds and callouts, `<details>` and `<aside>`, in Markdown as blocks with blocks inside, whether or not empty lines stand around them.

To CommonMark they are raw HTML up to the next empty line, and the Markdown in them stays as it is. People, and Notion's
export of callouts, write lists and bold text in there.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from dataclasses import dataclass
from typing import Any

from markdown_it import MarkdownIt
from markdown_it.rules_block import StateBlock

_FENCE = re.compile(r"[ \t>*+-]*(`{3,}|~{3,})")
_TAG = re.compile(r"<(/?)(details|aside)\b[^<>]*>", re.IGNORECASE)
_CODE = re.compile(r"(?<!`)(`+)(?!`)(?:.*?[^`])\1(?!`)")
_SUMMARY = re.compile(r"[\s>]*<summary\b[^<>]*>", re.IGNORECASE)
_SUMMARY_END = re.compile(r"</summary\s*>", re.IGNORECASE)
_STARTS = re.compile(r"<details\b|#{1,6}\s", re.IGNORECASE)
"""Where a fold that nobody closed ends: before the next one, or a heading."""
_KEY, _DEPTH_KEY = "notedeck folds", "notedeck fold depth"
_SPACES = re.compile(r"(?:[ \t]|<br\s*/?>)*", re.IGNORECASE)
FOLD_DEPTH = 10
"""How deep folds may lie in folds; what is deeper is read as plain text."""


@dataclass(frozen=True, slots=True)
class _Fold:
    """A pair of tags, by their places in the source."""

    name: str
    inner: int
    """Behind the opening tag."""
    close: int
    """Where the closing tag begins."""
    end: int
    """Behind it."""


def folds_plugin(md: MarkdownIt) -> None:
    """Read `<details>` and `<aside>` as blocks; one that ends beyond the block it lies in is left to CommonMark's rule for HTML."""
    md.block.ruler.before("html_block", "fold", _fold, {"alt": ["paragraph", "reference", "blockquote"]})


def _fold(state: StateBlock, start: int, end: int, silent: bool) -> bool:
    place = state.bMarks[start] + state.tShift[start]
    if state.is_code_block(start) or state.src[place : place + 1] != "<":
        return False
    fold, last = _fold_at(state, place, start, end)
    if fold is None or silent:
        return fold is not None
    if state.env.get(_DEPTH_KEY, 0) >= FOLD_DEPTH:
        read_as_text(state, start, end)
        return True
    while fold is not None:
        _read_fold(state, fold, start, last, end)
        start, place = last, _SPACES.match(state.src, fold.end, max(state.eMarks[last], fold.end)).end()  # type: ignore[union-attr]
        behind = fold.end
        fold, last = _fold_at(state, place, start, end)
    if state.src[behind : state.eMarks[start]].strip():
        _inside(state, start, start, behind, state.eMarks[start])
    state.line = start + 1
    return True


def _fold_at(state: StateBlock, place: int, start: int, end: int) -> tuple[_Fold | None, int]:
    """The fold whose tag stands at a place, with the line of its end, if the block that is being read reaches so far."""
    fold = _folds(state).get(place)
    last = None if fold is None else _line_of(state, fold.close, start, end)
    return (None, start) if last is None else (fold, last)


def _read_fold(state: StateBlock, fold: _Fold, start: int, last: int, end: int) -> None:
    state.env[_DEPTH_KEY] = state.env.get(_DEPTH_KEY, 0) + 1
    opening = state.push(f"{fold.name}_open", fold.name, 1)
    opening.map = [start, last + 1]
    inner = _summary(state, fold, start, last) if fold.name == "details" else fold.inner
    _inside(state, _line_of(state, inner, start, end) or start, last, inner, fold.close)
    state.push(f"{fold.name}_close", fold.name, -1)
    state.env[_DEPTH_KEY] -= 1


def read_as_text(state: StateBlock, start: int, end: int) -> None:
    """Read lines that lie too deep as a plain paragraph, so that nothing is lost; the reader warns of it."""
    opening = state.push("paragraph_open", "p", 1)
    opening.map, opening.meta = [start, end], {"too_deep": True}
    inline = state.push("inline", "", 0)
    inline.content = state.getLines(start, end, state.blkIndent, False).strip()
    inline.map, inline.children = [start, end], []
    state.push("paragraph_close", "p", -1)
    state.line = end


def _folds(state: StateBlock) -> dict[int, _Fold]:
    """All pairs of tags in the source, by the place of the opening one: found once, in one walk."""
    known: Any = state.env
    if _KEY not in known:
        known[_KEY] = _pairs(state.src) if _TAG.search(state.src) else {}
    found: dict[int, _Fold] = known[_KEY]
    return found


def _pairs(src: str) -> dict[int, _Fold]:
    pairs: dict[int, _Fold] = {}
    opened: dict[str, list[tuple[int, int]]] = {"details": [], "aside": []}
    starts: list[int] = []
    for begin, line in _lines_without_code(src):
        starts += [begin] if _STARTS.match(line) else []
        for tag in _TAG.finditer(line):
            name = tag[2].lower()
            if not tag[1]:
                opened[name].append((begin + tag.start(), begin + tag.end()))
            elif opened[name]:
                place, inner = opened[name].pop()
                pairs[place] = _Fold(name, inner, begin + tag.start(), begin + tag.end())
    starts.append(len(src.rstrip()) + 1)
    for place, inner in opened["details"]:
        end = starts[min(bisect_right(starts, place), len(starts) - 1)] - 1
        pairs[place] = _Fold("details", inner, max(end, inner), max(end, inner))
    return pairs


def _lines_without_code(src: str) -> list[tuple[int, str]]:
    """The lines that have a tag, outside of fences, with code spans blanked, each with its place."""
    found = []
    fence = ""
    begin = 0
    for line in src.split("\n"):
        mark = _FENCE.match(line)
        if mark and not fence:
            fence = mark[1]
        elif fence:
            fence = "" if mark and mark[1].startswith(fence) and not line[mark.end() :].strip("`~ \t") else fence
        elif "<" in line or line.startswith("#"):
            found.append((begin, _CODE.sub(lambda span: " " * len(span[0]), line) if "`" in line else line))
        begin += len(line) + 1
    return found


def _line_of(state: StateBlock, place: int, start: int, end: int) -> int | None:
    """The line that a place in the source lies in, if the block that is being read reaches so far."""
    low, high = start, end - 1
    while low < high:
        middle = (low + high) // 2
        low, high = (middle + 1, high) if state.eMarks[middle] < place else (low, middle)
    if state.eMarks[low] < place or any(0 <= state.sCount[line] < state.blkIndent and not state.isEmpty(line) for line in range(start + 1, low)):
        return None
    return low


def _summary(state: StateBlock, fold: _Fold, start: int, last: int) -> int:
    """Push the summary of a fold; says where what it folds begins."""
    opening = _SUMMARY.match(state.src, fold.inner, fold.close)
    closing = _SUMMARY_END.search(state.src, opening.end(), fold.close) if opening else None
    if opening is None or closing is None:
        return fold.inner
    line = _line_of(state, opening.end(), start, last + 1) or start
    token = state.push("summary_open", "summary", 1)
    token.map = [line, line + 1]
    inline = state.push("inline", "", 0)
    inline.content = state.src[opening.end() : closing.start()].strip()
    inline.map, inline.children = [line, line + 1], []
    state.push("summary_close", "summary", -1)
    return closing.end()


def _inside(state: StateBlock, first: int, last: int, begin: int, end: int) -> None:
    """Read the blocks between two places, whose lines are cut there and indented no more than they have in common."""
    kept = (state.bMarks[first], state.tShift[first], state.sCount[first], state.eMarks[last], state.blkIndent, state.parentType, state.lineMax)
    _cut(state, first, begin)
    state.eMarks[last] = max(end, state.bMarks[last])
    state.tShift[last] = min(state.tShift[last], state.eMarks[last] - state.bMarks[last])
    indents = [state.sCount[line] for line in range(first + 1, last + 1) if not state.isEmpty(line)]
    state.blkIndent = max(min(indents, default=state.blkIndent), state.blkIndent)
    state.sCount[first] = state.blkIndent
    state.parentType, state.lineMax = "root", last + 1
    count = len(state.tokens)
    state.md.block.tokenize(state, first, last + 1)
    for token in state.tokens[count:]:
        if token.type in ("html_block", "fence") and token.map and token.map[1] > last and state.src[end : end + 1] == "<":
            token.content = token.content.removesuffix("<")  # markdown-it takes the character behind a line for its end
    state.bMarks[first], state.tShift[first], state.sCount[first], state.eMarks[last], state.blkIndent, state.parentType, state.lineMax = kept


def _cut(state: StateBlock, line: int, place: int) -> None:
    """Let a line begin at a place in it."""
    while place < state.eMarks[line] and state.src[place] in " \t":
        place += 1
    state.bMarks[line], state.tShift[line] = place, 0
