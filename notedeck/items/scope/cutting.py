"""Blocks cut where a line asks or answers: pieces, each a question, an answer or neither."""

from __future__ import annotations

import re
from abc import ABC, abstractmethod
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from enum import Enum, auto

from notedeck.diagnostics import Span
from notedeck.items.scope.bare_answers import reveals
from notedeck.items.signs.asking import asks_at_end
from notedeck.items.signs.labels import bare_question_label, question_label
from notedeck.items.signs.looks import bold_question, defined_end, is_starred, is_strong, numbering, stands_out
from notedeck.items.signs.telling import is_spoken
from notedeck.machine.quick import quick
from notedeck.outline.blocks import HEADING, PARAGRAPH, Block, Kind, Leaf, Line, cut, first_line, joined, lines_of, masked, trimmed

_LISTS = (Kind.BULLET_LIST, Kind.ORDERED_LIST)
_ANSWER_BEHIND = re.compile(r"[?？.]\s+(?=(?:A\s?\d{0,3}|답변?|정답)\s?[.:：]\s)")


class Role(Enum):
    """What a piece is."""

    QUESTION = auto()
    ANSWER = auto()
    TEXT = auto()
    OTHER = auto()
    """A list of questions, which are no part of another one."""


_QUESTION, _ANSWER, _TEXT = Role.QUESTION, Role.ANSWER, Role.TEXT


@dataclass(frozen=True, slots=True)
class Piece:
    """A block, or some lines of one."""

    block: Block
    role: Role

    @property
    def level(self) -> int:
        """A heading's level; 0 of all else."""
        return self.block.level if self.block.kind is Kind.HEADING else 0


class Way(ABC):
    """A way in which lines show that they ask or answer."""

    by_form = False
    """Whether a line asks by its form alone: then it is a question only with an answer."""

    @abstractmethod
    def role(self, block: Block, line: Line) -> Role:
        """What a line is; `block` is the one that it stands in, or the quotation around that."""

    def of_quotation(self, roles: Sequence[Role]) -> Role:
        """What a quotation is whose lines have these roles."""
        return roles[0] if roles else Role.TEXT


def is_bare(block: Block, line: Line) -> bool:
    """Whether a heading says no more than `질문`."""
    return block.kind is Kind.HEADING and bare_question_label(line)


def number_of(block: Block, line: Line) -> int:
    """How many characters are the number or the signs of a heading, of a line that is bold without them, or of one that begins with a sign."""
    number = numbering(line)
    return number if block.kind is HEADING or is_strong(cut(line, number)) or is_starred(line) else 0


_piece = quick(Piece)


def pieces_of(block: Block, way: Way) -> Iterator[Piece]:
    """A block in pieces that begin where a line is labelled; bullets side by side are pieces too if one answers another."""
    if block.kind in _LISTS:
        first = [_first_role(item, way) for item in block.children]
        if Role.QUESTION in first and Role.ANSWER in first:
            yield from (piece for item in block.children for child in item.children for piece in pieces_of(child, way))
        else:
            yield _piece(block, Role.OTHER if Role.QUESTION in first else Role.TEXT)
        return
    if block.kind is Kind.BLOCK_QUOTE and way.by_form and _asks_first(block, way):
        yield from _quoted(block)
        return
    if block.kind is Kind.BLOCK_QUOTE and all(
        child.kind is PARAGRAPH or (child.kind is HEADING and len(block.children) == 1) for child in block.children
    ):
        roles = [way.role(block, line) for child in block.children for line in lines_of(child.leaves)]
        if roles.count(Role.QUESTION) > 1 or (Role.QUESTION in roles and Role.ANSWER in roles[roles.index(Role.QUESTION) :]):
            yield from (piece for child in block.children for piece in pieces_of(child, way))
            return
        yield _piece(block, way.of_quotation(roles))
        return
    if block.kind is Kind.PARAGRAPH and way.by_form and not stands_out(block.leaves):
        yield _piece(block, Role.TEXT)
        return
    if block.kind not in (Kind.PARAGRAPH, Kind.HEADING):
        yield _piece(block, Role.ANSWER if reveals(block) else Role.TEXT)
        return
    yield from _lines(block, way)


def _asks_first(quotation: Block, way: Way) -> bool:
    """Whether a quotation holds a question, in its first line alone, and the answer to it."""
    head = quotation.children[0] if quotation.children else quotation
    if head.kind is not PARAGRAPH:
        return False
    paragraphs = [child for child in quotation.children if child.kind is PARAGRAPH]
    lines = [line for child in paragraphs for whole in lines_of(child.leaves) for line in parted(whole)]
    if len(lines) > 1 and numbering(lines[0]) and numbering(lines[1]):
        return False  # they are of one kind
    roles = [way.role(quotation, line) for line in lines]
    has_more = len(roles) > 1 or len(paragraphs) < len(quotation.children)
    return roles.count(_QUESTION) == 1 and roles[0] is _QUESTION and has_more


def _quoted(quotation: Block) -> Iterator[Piece]:
    """A quotation whose first line asks, with the answer behind it."""
    head, *others = quotation.children
    first, *rest = [line for whole in lines_of(head.leaves) for line in parted(whole)]
    yield _piece(part_of(head, [first]), Role.QUESTION)
    yield from (_piece(block, Role.TEXT) for block in ([part_of(head, rest)] if rest else []) + others)


def _first_role(item: Block, way: Way) -> Role:
    """What the first line of a bullet is."""
    first = item.children[0] if item.children else item
    line = first_line(first.leaves) if first.kind is PARAGRAPH else ()
    return way.role(first, line) if line else _TEXT


def _lines(block: Block, way: Way) -> Iterator[Piece]:
    """A paragraph or a heading in pieces, each from a line that asks or answers on."""
    lines = [part for whole in lines_of(block.leaves) for part in parted(whole)]
    roles = [way.role(block, line if way.by_form else cut(line, number_of(block, line))) for line in lines]
    if not lines or (len(lines) == 1 and len(lines[0]) == len(block.leaves)):
        yield _piece(block, roles[0] if roles else _TEXT)
        return
    first = roles.index(_QUESTION) if _QUESTION in roles else len(roles)
    here: list[Line] = []
    role = _TEXT
    for place, (line, found) in enumerate(zip(lines, roles, strict=True)):
        is_before = place <= first and found is _TEXT and roles[place + 1 : place + 2] == [_ANSWER]
        is_asked = is_before and not is_spoken(masked(line)) and asks_at_end(masked(line))
        begun = _QUESTION if is_asked else found
        if begun is not _TEXT and here:
            yield _piece(part_of(block, here), role)
            here = []
        role = begun if begun is not _TEXT or not here else role
        here.append(line)
    yield _piece(part_of(block, here), role)


def parted(line: Line) -> tuple[Line, ...]:
    """A line with question and answer on it (`Q. …? A. …`) as two."""
    found = _ANSWER_BEHIND.search(masked(line)) if question_label(line) else None
    end = found.end() if found else bold_question(line) or defined_end(line)
    return (cut(line, 0, end), trimmed(cut(line, end))) if end else (line,)


def part_of(block: Block, lines: Sequence[Line]) -> Block:
    """Some lines of a block, as a block."""
    leaves: tuple[Leaf, ...] = joined(lines)
    start, stop = lines[0][0].line, lines[-1][-1].line + 1
    return block.with_leaves(leaves, Span(block.span.path, min(start, block.span.stop - 1), max(stop, start + 1)))
