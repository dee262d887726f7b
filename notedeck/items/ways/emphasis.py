"""A question that says so by its form alone: a line that is bold or quoted as a whole, and asks; its answer stands below."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from notedeck.config import Config
from notedeck.items.item import Item
from notedeck.items.scope.cutting import Role, Way, parted
from notedeck.items.scope.follow_ups import on_one_line
from notedeck.items.signs.asking import asks_at_end
from notedeck.items.signs.looks import is_blank, is_only_links, is_starred, is_strong, numbering, stands_out
from notedeck.items.signs.telling import is_quotation, is_spoken, names_section
from notedeck.items.ways.pairing import read_paired
from notedeck.outline.blocks import ASKED, BLOCK_QUOTE, HEADING, PARAGRAPH, Block, Line, cut, first_line, lines_of, masked

_QUESTION, _ANSWER, _TEXT = Role.QUESTION, Role.ANSWER, Role.TEXT


@dataclass(frozen=True, slots=True)
class Emphasised(Way):
    """By form: a line that is bold or quoted as a whole, and asks."""

    are_numbered: bool
    """Whether bold lines with numbers ask: then each that has a number is a question by its place."""
    by_form = True

    def role(self, block: Block, line: Line) -> Role:
        """An emphasised line's role."""
        if block.kind is BLOCK_QUOTE:
            ends = on_one_line(line)
            return _QUESTION if _asks_aloud(cut(line, 0, ends[0]) if ends else line) else _TEXT
        if block.kind is not PARAGRAPH:
            return _TEXT
        if is_starred(line) and _asks_aloud(line):
            return _QUESTION
        bare = cut(line, numbering(line))
        if not is_strong(bare):
            return _TEXT
        by_place = (block.info == ASKED or (self.are_numbered and _is_numbered(line))) and not is_blank(bare)
        return _QUESTION if by_place or _asks_aloud(bare) else _TEXT

    def of_quotation(self, roles: Sequence[Role]) -> Role:
        """A quotation asks if all of it does; one that tells something first, and asks at its end, is part of a text."""
        return _QUESTION if roles and set(roles) == {_QUESTION} else _TEXT


def read_lines(blocks: Sequence[Block], config: Config) -> Iterator[Block | Item]:
    """Read the questions of a run that are bold or quoted as a whole, and answered below."""
    form = Emphasised(are_numbered=False)
    if not any(_asks_in(block, form) for block in blocks):
        return iter(blocks)  # as in most answers
    heads = ((block, first_line(block.leaves)) for block in blocks if block.kind is PARAGRAPH)
    are_numbered = any(_is_numbered(line) and form.role(block, line) is _QUESTION for block, line in heads)
    return read_paired(blocks, Emphasised(are_numbered), config)


def _asks_in(block: Block, form: Emphasised) -> bool:
    """Whether any line of a paragraph or of a quotation, or the part of one before an answer, asks by its form."""
    if block.kind is BLOCK_QUOTE:
        lines = [line for text in block.children if text.kind in (PARAGRAPH, HEADING) for line in lines_of(text.leaves)]
    else:
        lines = [line for line in lines_of(block.leaves) if stands_out(line)] if block.kind is PARAGRAPH else []
    return any(form.role(block, part) is _QUESTION for line in lines for part in (line, *parted(line)))


def _is_numbered(line: Line) -> bool:
    """Whether a line begins with a number, and not with signs alone."""
    return any(map(str.isdecimal, masked(line)[: numbering(line)]))


def _asks_aloud(line: Line) -> bool:
    """Whether a line asks, and neither quotes somebody nor is a link or a part in a dialogue."""
    text = masked(line).strip()
    is_asked = asks_at_end(text) and not names_section(text)
    return is_asked and not is_only_links(line) and not is_quotation(text) and not is_spoken(text)
