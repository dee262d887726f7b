"""Text with gaps: `HTTP의 기본 포트는 ==80==이다`, or Anki's own `{{c1::80::숫자}}`. Each block that holds some is one cloze note.

A block is a paragraph, a table, a quotation, or a bullet with all below it. What stands in a bullet behind its last gap is
said beside the text. `==` counts up through the note, past the numbers that are written; equal numbers make one card.
"""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import accumulate, count
from operator import is_

from notedeck.config import Config
from notedeck.items.item import Item
from notedeck.items.recogniser import part_of_list
from notedeck.items.scope.bullet_parts import Bullet, take_apart
from notedeck.items.signs.asking import asks
from notedeck.items.signs.labels import Marks, answer_label, read_head
from notedeck.items.signs.looks import shows
from notedeck.outline.blocks import (
    BEGINS,
    CLOZE,
    ENDS,
    INSIDE,
    OPAQUE,
    Block,
    Extent,
    Kind,
    Leaf,
    LeafKind,
    Line,
    Mark,
    extents,
    joined,
    lines_of,
    masked,
    text_of,
    walk,
)  # fmt: skip
from notedeck.plain import folded

_LISTS = (Kind.BULLET_LIST, Kind.ORDERED_LIST)
_WHOLE = (Kind.PARAGRAPH, Kind.TABLE, Kind.BLOCK_QUOTE, Kind.ASIDE)
_HOLDERS = (Kind.PARAGRAPH, Kind.TABLE_CELL, Kind.HEADING)
_SIGN = re.compile(r"\{\{c(?P<numbers>\d+(?:,\d+)*)::|(?P<close>\}\})|(?<!=)==(?!=)")
_GAP_IN_FORMULA = re.compile(r"\{\{c\d+(?:,\d+)*::")
_SIGN_IN_FORMULA = re.compile(rf"{_GAP_IN_FORMULA.pattern}|\}}\}}|::")
_LAST = 500
"""Anki has no card for a higher number."""
_DEPTH = 8
"""How deep gaps may lie in gaps; what is deeper is text, as in Anki."""
_NO_OPENER = re.compile(r"[\w)\]=!<>]")
_NO_CLOSER = re.compile(r"[A-Za-z0-9_=]")


@dataclass(frozen=True, slots=True)
class _Row:
    """A row of leaves as patterns may read it, each leaf with one character at least."""

    line: Line
    text: str
    starts: tuple[int, ...]
    """Where each leaf begins in `text`, and where the last one ends."""

    def part(self, begin: int, end: int) -> Iterator[Leaf]:
        """The leaves between two places in `text`."""
        for number in range(bisect_right(self.starts, begin) - 1, bisect_left(self.starts, end)):
            leaf, start = self.line[number], self.starts[number]
            first, last = max(begin - start, 0), min(end - start, len(leaf.text))
            yield replace(leaf, text=leaf.text[first:last], at=leaf.at + first) if leaf.text else leaf


@dataclass(frozen=True, slots=True)
class _Sign:
    """A mark of a gap: from `begin` to `end` in its row."""

    begin: int
    end: int
    opens: bool
    numbers: str = ""
    """Of an opening one, as written; empty for `==`."""
    hint: str | None = None
    """Of an opening one, what stands in the gap on the card, if the author says it."""


def read_cloze(blocks: Sequence[Block], config: Config) -> Iterator[Block | Item]:
    """Cloze notes among a run of blocks; lists are divided around the bullets that are some."""
    blocks = [_with_formula_lines(block) for block in blocks]
    for before, block in zip((None, *blocks), blocks, strict=False):
        if block.kind in _LISTS:
            yield from _read_list(block, config)
        elif (
            block.kind in _WHOLE and _is_cloze(block, config) and (before is None or not _is_asked(before, config) or _are_numbered(_signs_in(block)))
        ):
            yield _item((block,), (), block, config)
        else:
            yield block


def _with_formula_lines(block: Block) -> Block:
    """A block in which a formula of its own lines that has gaps is a paragraph, as it is written on a card."""
    if block.kind is Kind.MATH_BLOCK and _GAP_IN_FORMULA.search(text_of(block.leaves)):
        return replace(block, kind=Kind.PARAGRAPH, leaves=tuple(replace(leaf, target="display") for leaf in block.leaves))
    children = tuple(_with_formula_lines(child) for child in block.children)
    return block if all(map(is_, children, block.children)) else replace(block, children=children)


def _read_list(block: Block, config: Config) -> Iterator[Block | Item]:
    """A list as its parts between the bullets that are cloze notes, and these."""
    notes = {id(child) for child in block.children if _is_cloze(child, config)}
    waiting: list[Block] = []
    for number, child in enumerate(block.children, block.level):
        if id(child) not in notes:
            waiting.append(child)
            continue
        yield from part_of_list(block, waiting, number)
        waiting = []
        yield _item(*_divided(child.children), child, config)
    yield from part_of_list(block, waiting, block.level + len(block.children))


def _divided(blocks: tuple[Block, ...]) -> tuple[tuple[Block, ...], tuple[Block, ...]]:
    """What a bullet holds up to the line with its last gap, and what stands behind it."""
    last = next(place for place in range(len(blocks) - 1, -1, -1) if _signs_in(blocks[place]))
    text, below = blocks[: last + 1], blocks[last + 1 :]
    row = _row(text[-1].leaves)
    signs = _signs(row)
    line = row.text.find("\n", signs[-1].end) if signs and text[-1].kind is Kind.PARAGRAPH else -1
    if line < 0:
        return text, below
    head, rest = (replace(text[-1], leaves=tuple(row.part(*ends))) for ends in ((0, line), (line + 1, len(row.text))))
    return (*text[:-1], head), (rest, *below)


def _is_cloze(block: Block, config: Config) -> bool:
    """Whether a block holds gaps and is no question: `==` may only set off a word of an answer, `{{c1::…}}` is meant."""
    signs = _signs_in(block)
    return _are_numbered(signs) or (bool(signs) and not _is_asked(block, config))


def _are_numbered(signs: Sequence[_Sign]) -> bool:
    return any(sign.numbers for sign in signs)


def _signs_in(block: Block) -> list[_Sign]:
    holders = (holder for holder in walk((block,)) if holder.kind in _HOLDERS and _may_have_signs(holder.leaves))
    return [sign for holder in holders for sign in _signs(_row(holder.leaves))]


def _may_have_signs(line: Line) -> bool:
    """Whether a character of a sign stands in a line: in most there is none."""
    text = text_of(line)
    return "=" in text or "{" in text


def _is_asked(block: Block, config: Config) -> bool:
    """Whether something in a block asks or answers, so that it belongs to a question."""
    for one in walk((block,)):
        if one.kind is Kind.LIST_ITEM and _is_question(take_apart(one, config), config):
            return True
        if one.kind in _HOLDERS and any(asks(masked(line)) or answer_label(line) for line in lines_of(one.leaves)):
            return True
    return False


def _is_question(bullet: Bullet, config: Config) -> bool:
    """Whether a bullet is a question by its rule, or by its label over an answer; a label before a gap only names it."""
    head = bullet.first.line if bullet.first else ()
    return bullet.is_separated or (bullet.is_labelled_question(config) and bullet.has_body and not _signs(_row(head)))


def _item(text: Sequence[Block], below: Sequence[Block], whole: Block, config: Config) -> Item:
    """The note of one block."""
    text, marks = _without_head(text, config)
    used = {int(number) for block in text for sign in _signs_in(block) for number in sign.numbers.split(",") if number}
    counted: list[int] = []
    taken: list[Extent] = []
    numbers = _counting(used, counted)
    gapped = tuple(_gapped(block, numbers, taken) for block in text)
    solid = [place for place, block in enumerate(below) if block.kind is not Kind.THEMATIC_BREAK and shows((block,))]
    extra = tuple(below[solid[0] : solid[-1] + 1]) if solid else ()
    return Item(whole.span, gapped, (), extra, replace(marks, taken=(*marks.taken, *taken)), is_cloze=True, counted=tuple(counted))


def _counting(used: set[int], counted: list[int]) -> Iterator[str]:
    """Numbers that nobody wrote; each that is asked for is put down in `counted`."""
    for number in count(1):
        if number not in used and number <= _LAST:
            counted.append(number)
        if number not in used:
            yield str(min(number, _LAST))


def _without_head(text: Sequence[Block], config: Config) -> tuple[Sequence[Block], Marks]:
    """Take labels, pages and mentions off the first line, unless it would lose a gap with them."""
    first = text[0]
    lines = lines_of(first.leaves)
    if first.kind is not Kind.PARAGRAPH or not lines:
        return text, Marks()
    bare, marks = read_head(lines[0], config)
    if len(_SIGN.findall(masked(bare))) != len(_SIGN.findall(masked(lines[0]))):
        return text, Marks()
    return (replace(first, leaves=joined((bare, *lines[1:]))), *text[1:]), marks


def _gapped(block: Block, numbers: Iterator[str], taken: list[Extent]) -> Block:
    """A block with its gaps as marks; the characters of their signs go to `taken`."""
    if block.kind in _HOLDERS:
        return replace(block, leaves=tuple(_marked(block.leaves, numbers, taken)))
    return replace(block, children=tuple(_gapped(child, numbers, taken) for child in block.children))


def _marked(line: Line, numbers: Iterator[str], taken: list[Extent]) -> Iterator[Leaf]:
    row = _row(line)
    marks: list[Mark] = []
    place = 0
    for sign in _signs(row):
        yield from _under(row.part(place, sign.begin), marks)
        taken.extend(extents(row.part(sign.begin, sign.end)))
        place = sign.end
        if sign.opens:
            number = sign.numbers or next(numbers)
            marks.append(Mark(CLOZE, number if sign.hint is None else f"{number}::{sign.hint}"))
        else:
            marks.pop()
    yield from _under(row.part(place, len(row.text)), marks)


def _under(leaves: Iterable[Leaf], marks: Sequence[Mark]) -> Iterator[Leaf]:
    """Leaves with more marks around their own; a break has none."""
    return (leaf if leaf.kind in (LeafKind.BREAK, LeafKind.TAG) else replace(leaf, marks=(*marks, *leaf.marks)) for leaf in leaves)


def _row(line: Line) -> _Row:
    line = tuple(part for leaf in line for part in _formula_parts(leaf)) if _GAP_IN_FORMULA.search(text_of(line)) else line
    spelled = ["\n" if leaf.kind is LeafKind.BREAK else _spelled(leaf) for leaf in line]
    return _Row(line, "".join(spelled), tuple(accumulate(map(len, spelled), initial=0)))


def _formula_parts(leaf: Leaf) -> tuple[Leaf, ...]:
    """A formula with a gap in it as what begins it, its TeX, and what ends it; any other leaf as it is."""
    if leaf.kind is not LeafKind.MATH or not _GAP_IN_FORMULA.search(leaf.text):
        return (leaf,)
    begins, inside, ends = (f"{leaf.target} {part}".strip() for part in (BEGINS, INSIDE, ENDS))
    end = leaf.at + len(leaf.text)
    return replace(leaf, text="", target=begins), replace(leaf, target=inside), replace(leaf, text="", at=end, target=ends)


def _spelled(leaf: Leaf) -> str:
    """A leaf as patterns may read it: of a formula with gaps their signs alone, so that as in Anki the first `}}` ends one."""
    if leaf.kind is not LeafKind.MATH or not leaf.target.endswith(INSIDE):
        return masked((leaf,)) or OPAQUE
    parts: list[str] = []
    place = 0
    for found in _SIGN_IN_FORMULA.finditer(leaf.text):
        parts += [OPAQUE * (found.start() - place), found[0]]
        place = found.end()
    return "".join([*parts, OPAQUE * (len(leaf.text) - place)])


def _signs(row: _Row) -> list[_Sign]:
    """The signs of whole gaps in a row, in order and well nested: an opening one without its closing one is text."""
    opened: list[re.Match[str]] = []
    signs: list[_Sign] = []
    inner = 0
    for found in _SIGN.finditer(row.text):
        if found["close"]:
            while opened and not opened[-1]["numbers"]:
                opened.pop()
            closes = bool(opened)
        else:
            closes = not found["numbers"] and bool(opened) and not opened[-1]["numbers"] and _may_close(row.text, found)
        if closes and (pair := _pair(row, opened.pop(), found, inner)):
            signs.extend(pair)
            inner = found.end()
        elif not closes and not found["close"] and len(opened) < _DEPTH and _may_open(row.text, found):
            opened.append(found)
        elif not closes and opened and not opened[-1]["numbers"] and _is_operator(row.text, found):
            opened.pop()
    return sorted(signs, key=lambda sign: sign.begin)


def _pair(row: _Row, opening: re.Match[str], closing: re.Match[str], inner: int) -> tuple[_Sign, _Sign] | None:
    """Both signs of a gap, if there is anything in it; `inner` is where the last gap before its end has closed."""
    begin = closing.start()
    hint = None
    if opening["numbers"]:
        divider = row.text.find("::", max(inner, opening.end()), begin)
        if divider >= 0:
            hint = folded("".join(leaf.text or " " for leaf in row.part(divider + 2, begin)))
            begin = divider
    if not row.text[opening.end() : begin].strip():
        return None
    return _Sign(opening.start(), opening.end(), True, opening["numbers"] or "", hint), _Sign(begin, closing.end(), False)


def _may_open(text: str, found: re.Match[str]) -> bool:
    """Whether a sign may open a gap: a number that Anki knows, or `==` that no operator is (`x==1`, `나이==20`)."""
    if found["numbers"]:
        return all(len(number) < 5 and 0 < int(number) <= _LAST for number in found["numbers"].split(","))
    before, after = text[found.start() - 1 : found.start()], text[found.end() : found.end() + 1]
    is_in_word = before.isalpha() and after.isalpha() and not before.isascii() and not after.isascii()
    return bool(after.strip()) and (not _NO_OPENER.match(before) or is_in_word)


def _is_operator(text: str, found: re.Match[str]) -> bool:
    """Whether `==` compares two words (`나이==20`): what opened before it was an operator too."""
    around = text[found.start() - 1 : found.start()] + text[found.end() : found.end() + 1]
    return found[0] == "==" and len(around.strip()) == 2


def _may_close(text: str, found: re.Match[str]) -> bool:
    """Whether `==` may close a gap: it stands at a word's end; a Korean particle may follow."""
    before, after = text[found.start() - 1 : found.start()], text[found.end() : found.end() + 1]
    return bool(before.strip()) and not _NO_CLOSER.match(after)
