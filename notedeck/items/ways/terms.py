"""Words and what they mean, a line each: `뮤텍스 :: 하나만 들어가는 자물쇠`.

A line of a paragraph, or the first one of a bullet. White space stands on both sides of `::`, so `std::vector` is none. In a
paragraph a meaning goes on to the next term, in a bullet over all that stands below.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace

from notedeck.config import Config
from notedeck.items.item import Item
from notedeck.items.recogniser import part_of_list
from notedeck.items.signs.labels import read_head
from notedeck.items.signs.looks import is_blank, shows
from notedeck.outline.blocks import Block, Kind, Line, cut, extents, joined, lines_of, masked, text_of, trimmed

_LISTS = (Kind.BULLET_LIST, Kind.ORDERED_LIST)
_DIVIDER = re.compile(r"(?<=\s)::(?=\s|$)")


def read_terms(blocks: Sequence[Block], config: Config) -> Iterator[Block | Item]:
    """Terms among a run of blocks; lists and paragraphs are divided around them."""
    for block in blocks:
        if block.kind in _LISTS:
            yield from _read_list(block, config)
        elif block.kind is Kind.PARAGRAPH:
            yield from _read_paragraph(block, config)
        else:
            yield block


def _read_list(block: Block, config: Config) -> Iterator[Block | Item]:
    waiting: list[Block] = []
    for number, child in enumerate(block.children, block.level):
        if item := _read_bullet(child, config):
            yield from part_of_list(block, waiting, number)
            waiting = []
            yield item
        else:
            waiting.append(child)
    yield from part_of_list(block, waiting, block.level + len(block.children))


def _read_bullet(bullet: Block, config: Config) -> Item | None:
    first = bullet.children[0] if bullet.children else None
    if first is None or first.kind is not Kind.PARAGRAPH:
        return None
    head, *rest = lines_of(first.leaves) or ((),)
    return _item(bullet, first, head, rest, bullet.children[1:], config)


def _read_paragraph(block: Block, config: Config) -> Iterator[Block | Item]:
    """A paragraph as its terms, each with the lines up to the next one, and what stands before the first."""
    groups: list[list[Line]] = [[]]
    for line in lines_of(block.leaves):
        if _DIVIDER.search(masked(line)):
            groups.append([])
        groups[-1].append(line)
    if len(groups) == 1:
        yield block
        return
    for lines in groups:
        if lines:
            part = _of_lines(block, lines)
            yield _item(part, part, lines[0], lines[1:], (), config) or part


def _of_lines(block: Block, lines: Sequence[Line]) -> Block:
    """Some lines of a paragraph as a paragraph."""
    span = replace(block.span, start=lines[0][0].line, stop=lines[-1][-1].line + 1)
    return replace(block, leaves=joined(lines), span=span)


def _item(whole: Block, paragraph: Block, head: Line, lines: Sequence[Line], below: tuple[Block, ...], config: Config) -> Item | None:
    """The term on a line, with what follows as its meaning; None if there is no word or no meaning."""
    found = _DIVIDER.search(masked(head))
    if found is None:
        return None
    term, marks = read_head(trimmed(cut(head, 0, found.start())), config)
    first = trimmed(cut(head, found.end()))
    said = [line for line in (first, *lines) if not is_blank(line)]
    meaning = (*((replace(paragraph, leaves=joined(said)),) if said else ()), *below)
    if not text_of(term).strip() or not shows(meaning):
        return None
    taken = (*marks.taken, *extents(cut(head, found.start(), found.end())))
    return Item(whole.span, (replace(paragraph, leaves=term),), (), meaning, replace(marks, taken=taken))
