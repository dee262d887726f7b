"""Labels, `Q.` and `A.`, `질문:` and `답변:`: as a line, bold, as a heading, as bullets side by side, or alone above the question.

    **Q1. TCP란?**         ### 질문 1               - Q. TCP란?
    A. 연결을 맺고 …          TCP란 무엇인가요?           - A. 연결을 맺고 …
                           **답변** 연결을 맺고 …

And, as `lines`, a question that says so by its form alone: a line that is bold or quoted as a whole, and asks.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from enum import Enum, auto

from notedeck.config import Config
from notedeck.diagnostics import Span
from notedeck.items.bullets import has_page, shows
from notedeck.items.forms import asks_at_end, asks_politely
from notedeck.items.marks import (
    answer_label,
    bare_question_label,
    is_answer_word,
    is_blank,
    is_only_links,
    is_placeholder,
    is_strong,
    numbering,
    question_label,
    read_questions,
)
from notedeck.items.model import Item
from notedeck.items.study import finished
from notedeck.items.tables import heads_of, question_and_answer
from notedeck.outline.blocks import Block, Kind, Leaf, Line, cut, extents, joined, lines_of, masked, text_of, trimmed

_LISTS = (Kind.BULLET_LIST, Kind.ORDERED_LIST)


_ANSWER_BEHIND = re.compile(r"[?？.]\s+(?=(?:A\s?\d{0,3}|답변?|정답)\s?[.:：]\s)")


class _Role(Enum):
    """What a piece is."""

    QUESTION = auto()
    ANSWER = auto()
    TEXT = auto()
    OTHER = auto()
    """A list of questions, which are no part of another one."""


@dataclass(frozen=True, slots=True)
class _Piece:
    """A block, or some lines of one."""

    block: Block
    role: _Role

    @property
    def level(self) -> int:
        """A heading's level; 0 of all else."""
        return self.block.level if self.block.kind is Kind.HEADING else 0


_Reader = Callable[[Block, Line], _Role]


def read_labels(blocks: Sequence[Block], config: Config) -> Iterator[Block | Item]:
    """Read the questions of a run that are labelled as such; what stands before the first one stays as it is."""
    answers = any(block.kind is Kind.HEADING and is_answer_word(masked(block.leaves).strip()) for block in blocks)
    return _read(blocks, _labelled_or_bare if answers else _labelled, config)


def read_lines(blocks: Sequence[Block], config: Config) -> Iterator[Block | Item]:
    """Read the questions of a run that are bold or quoted as a whole, and answered below."""
    return _read(blocks, _emphasised, config)


def _labelled(block: Block, line: Line) -> _Role:
    if question_label(line) and not is_only_links(line):
        return _Role.QUESTION
    is_word = block.kind in (Kind.HEADING, Kind.BLOCK_QUOTE) and is_answer_word(masked(line).strip())
    return _Role.ANSWER if answer_label(line) or is_word else _Role.TEXT


def _labelled_or_bare(block: Block, line: Line) -> _Role:
    """Among headings that say `답변`, one that says `질문` is a label too."""
    return _Role.QUESTION if _is_bare(block, line) else _labelled(block, line)


def _emphasised(block: Block, line: Line) -> _Role:
    is_whole = block.kind is Kind.BLOCK_QUOTE or (block.kind is Kind.PARAGRAPH and is_strong(line))
    text = masked(line).strip()
    if is_whole and asks_at_end(text) and not is_only_links(line):
        return _Role.QUESTION
    return _Role.TEXT


def _read(blocks: Sequence[Block], role_of: _Reader, config: Config) -> Iterator[Block | Item]:
    outer = 0
    asked: list[_Piece] = []
    inner = 0
    for block in blocks:
        for piece in _pieces(block, role_of) if not _is_list_of_questions(block, config) else (_Piece(block, _Role.OTHER),):
            is_next = bool(piece.level) and piece.role is not _Role.ANSWER and (piece.level <= max(inner, outer) or not inner + outer)
            if asked and (is_next or piece.role in (_Role.QUESTION, _Role.OTHER)):
                yield from _item(asked, role_of is _emphasised, config)
                asked = []
            if piece.role is _Role.QUESTION:
                asked, inner = [piece], piece.level
            elif asked:
                asked.append(piece)
            else:
                outer = piece.level or outer
                yield piece.block
    if asked:
        yield from _item(asked, role_of is _emphasised, config)


def _is_list_of_questions(block: Block, config: Config) -> bool:
    """Whether a block is questions of another form: a table with a column of them, or bullets with pages."""
    return (block.kind is Kind.TABLE and question_and_answer(heads_of(block), config) is not None) or has_page(block, config)


def _pieces(block: Block, role_of: _Reader) -> Iterator[_Piece]:
    """A block in pieces that begin where a line is labelled; bullets side by side are pieces too if one answers another."""
    if block.kind in _LISTS:
        first = [_first_role(item, role_of) for item in block.children]
        if _Role.QUESTION in first and _Role.ANSWER in first:
            yield from (piece for item in block.children for child in item.children for piece in _pieces(child, role_of))
        else:
            yield _Piece(block, _Role.OTHER if _Role.QUESTION in first else _Role.TEXT)
        return
    if block.kind is Kind.BLOCK_QUOTE and all(child.kind is Kind.PARAGRAPH for child in block.children):
        lines = [line for child in block.children for line in lines_of(child.leaves)]
        roles = [role_of(block, line) for line in lines]
        if _Role.QUESTION in roles and _Role.ANSWER in roles[roles.index(_Role.QUESTION) :]:
            yield from (piece for child in block.children for piece in _pieces(child, role_of))
            return
        role = roles[-1] if roles and role_of is _emphasised else roles[0] if roles else _Role.TEXT
        yield _Piece(block, role)
        return
    if block.kind not in (Kind.PARAGRAPH, Kind.HEADING):
        yield _Piece(block, _Role.TEXT)
        return
    yield from _lines(block, role_of)


def _first_role(item: Block, role_of: _Reader) -> _Role:
    """What the first line of a bullet is."""
    line = next(iter(lines_of(item.children[0].leaves)), ()) if item.children and item.children[0].kind is Kind.PARAGRAPH else ()
    return role_of(item.children[0], line) if line else _Role.TEXT


def _lines(block: Block, role_of: _Reader) -> Iterator[_Piece]:
    here: list[Line] = []
    role = _Role.TEXT
    for line in (part for whole in lines_of(block.leaves) for part in _parted(whole)):
        bare = cut(line, _number(block, line))
        found = role_of(block, bare)
        if found is not _Role.TEXT and here:
            yield _Piece(_part(block, here), role)
            here = []
        role = found if found is not _Role.TEXT or not here else role
        here.append(line)
    yield _Piece(_part(block, here), role) if here else _Piece(block, _Role.TEXT)


def _parted(line: Line) -> Iterator[Line]:
    """A line with question and answer on it (`Q. …? A. …`) as two."""
    found = _ANSWER_BEHIND.search(masked(line)) if question_label(line) else None
    yield from (cut(line, 0, found.end()), trimmed(cut(line, found.end()))) if found else (line,)


def _part(block: Block, lines: Sequence[Line]) -> Block:
    """Some lines of a block, as a block."""
    leaves: tuple[Leaf, ...] = joined(lines)
    start, stop = lines[0][0].line, lines[-1][-1].line + 1
    return replace(block, leaves=leaves, span=Span(block.span.path, min(start, block.span.stop - 1), max(stop, start + 1)))


def _item(pieces: Sequence[_Piece], needs_answer: bool, config: Config) -> Iterator[Block | Item]:
    """An item of a question's piece and of those that follow; by form alone a question without an answer is none."""
    head, rest = pieces[0], list(pieces[1:])
    lines = list(_head_lines(head.block))
    label = extents(lines[0]) if lines and (question_label(lines[0]) == len(masked(lines[0])) or _is_bare(head.block, lines[0])) else ()
    lines = lines[1:] if label else lines
    while not lines and rest and rest[0].role is _Role.TEXT and rest[0].block.kind in (Kind.PARAGRAPH, Kind.HEADING, Kind.BLOCK_QUOTE):
        lines = list(_head_lines(rest.pop(0).block))
    asked, more = _question_lines(lines, has_label=any(piece.role is _Role.ANSWER for piece in rest))
    question, marks = read_questions(asked, head.block, config)
    before = next((place for place, piece in enumerate(rest) if piece.role is _Role.ANSWER), 0)
    context = tuple(piece.block for piece in rest[:before]) if not more else ()
    answer = [*_paragraph(head.block, more), *(piece.block for piece in rest[len(context) :])]
    blocks = [piece.block for piece in pieces]
    if not question or is_placeholder(question[0].leaves) or (needs_answer and not shows(answer)):
        yield from blocks
        return
    span = Span(head.block.span.path, head.block.span.start, max(block.span.stop for block in blocks))
    item = finished(span, question, context, answer, replace(marks, taken=(*marks.taken, *label, *_numbers(head.block))), config)
    if needs_answer and not item.is_answered:
        yield from blocks
    else:
        yield item


def _is_bare(block: Block, line: Line) -> bool:
    return block.kind is Kind.HEADING and bare_question_label(line)


def _head_lines(block: Block) -> tuple[Line, ...]:
    """The lines of a question's block, a heading's without its number."""
    if block.kind is Kind.BLOCK_QUOTE:
        return tuple(line for child in block.children for line in lines_of(child.leaves))
    lines = lines_of(block.leaves)
    return (cut(lines[0], _number(block, lines[0])), *lines[1:]) if lines else lines


def _number(block: Block, line: Line) -> int:
    """How many characters are the number of a heading, or of a line that is bold as a whole."""
    return numbering(line) if block.kind is Kind.HEADING or is_strong(line) else 0


def _numbers(block: Block) -> tuple[tuple[int, int], ...]:
    line = next(iter(lines_of(block.leaves)), ())
    return extents(cut(line, 0, _number(block, line)))


def _question_lines(lines: Sequence[Line], has_label: bool) -> tuple[list[Line], list[Line]]:
    """The lines of the question, and those below it in its paragraph that are its answer: none if an answer's label comes."""
    if has_label:
        return list(lines), []
    end = 1
    while end < len(lines) and (asks_politely(masked(lines[end])) or is_blank(lines[end - 1])):
        end += 1
    return list(lines[:end]), list(lines[end:])


def _paragraph(block: Block, lines: Sequence[Line]) -> list[Block]:
    return [replace(_part(block, lines), kind=Kind.PARAGRAPH, level=0, children=())] if lines and any(map(text_of, lines)) else []
