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
from notedeck.items.answers import bare_answer, reveals
from notedeck.items.bullets import has_page, shows
from notedeck.items.forms import asks_at_end, asks_politely, asks_to_tell, is_quotation, names_section
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
from notedeck.items.study import asked_fold, finished
from notedeck.items.tables import heads_of, question_and_answer
from notedeck.outline.blocks import Block, Extent, Kind, Leaf, Line, cut, extents, joined, leaves_of, lines_of, masked, text_of, trimmed

_LISTS = (Kind.BULLET_LIST, Kind.ORDERED_LIST)


_SPOKEN = re.compile(r"\s*[^\s:：]{1,6}\s?[:：]\s")
"""A line that begins with who says it."""
_CITED = re.compile(r"\s*이?라[는고]\s")
"""How a sentence goes on behind a question that it cites."""
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
    heads = [line for block in blocks if block.kind is Kind.PARAGRAPH for line in lines_of(block.leaves)[:1]]
    are_numbered = any(numbering(line) and _emphasised_line(line) is _Role.QUESTION for line in heads)
    return _read(blocks, _emphasised_or_numbered if are_numbered else _emphasised, config)


def _labelled(block: Block, line: Line) -> _Role:
    if question_label(line) and not is_only_links(line):
        return _Role.QUESTION
    is_word = block.kind in (Kind.HEADING, Kind.BLOCK_QUOTE) and is_answer_word(masked(line).strip())
    return _Role.ANSWER if answer_label(line) or is_word else _Role.TEXT


def _labelled_or_bare(block: Block, line: Line) -> _Role:
    """Among headings that say `답변`, one that says `질문` is a label too."""
    return _Role.QUESTION if _is_bare(block, line) else _labelled(block, line)


def _emphasised(block: Block, line: Line) -> _Role:
    if block.kind is Kind.BLOCK_QUOTE:
        return _Role.QUESTION if _asks_aloud(line) else _Role.TEXT
    return _emphasised_line(line) if block.kind is Kind.PARAGRAPH else _Role.TEXT


def _emphasised_line(line: Line) -> _Role:
    return _Role.QUESTION if is_strong(line) and _asks_aloud(cut(line, numbering(line))) else _Role.TEXT


def _emphasised_or_numbered(block: Block, line: Line) -> _Role:
    """Among bold lines with numbers that ask, one that has a number is a question by its place."""
    is_numbered = block.kind is Kind.PARAGRAPH and is_strong(line) and numbering(line) > 0 and not is_blank(cut(line, numbering(line)))
    return _Role.QUESTION if is_numbered else _emphasised(block, line)


def _asks_aloud(line: Line) -> bool:
    """Whether a line asks, and neither quotes somebody nor is a link."""
    text = masked(line).strip()
    return asks_at_end(text) and not is_only_links(line) and not is_quotation(text) and not names_section(text)


def _read(blocks: Sequence[Block], role_of: _Reader, config: Config) -> Iterator[Block | Item]:
    by_form = role_of in (_emphasised, _emphasised_or_numbered)
    for group in _paired(list(_groups(blocks, role_of, config))):
        if group[0].role is _Role.QUESTION:
            yield from _item(group, by_form, config)
        else:
            yield from (piece.block for piece in group)


def _groups(blocks: Sequence[Block], role_of: _Reader, config: Config) -> Iterator[list[_Piece]]:
    """The pieces of a run: each question with those that follow it, and each piece of nobody's by itself."""
    outer = 0
    asked: list[_Piece] = []
    for block in blocks:
        for piece in _pieces(block, role_of) if not _is_list_of_questions(block, config) else (_Piece(block, _Role.OTHER),):
            if asked and (piece.role in (_Role.QUESTION, _Role.OTHER) or _ends(piece, asked, asked[0].level or outer, config)):
                yield asked
                asked = []
            if piece.role is _Role.QUESTION or asked:
                asked.append(piece)
            else:
                outer = piece.level or outer
                yield [piece]
    if asked:
        yield asked


def _paired(groups: list[list[_Piece]]) -> Iterator[list[_Piece]]:
    """Questions one after another, and then as many answers one after another: each has its own."""
    bare: list[list[_Piece]] = []
    for group in groups:
        if group[0].role is not _Role.QUESTION:
            yield from (*bare, group)
            bare = []
            continue
        answers = [place for place, piece in enumerate(group) if piece.role is _Role.ANSWER]
        if bare and len(answers) == len(bare) + 1:
            asked = [one[0] for one in (*bare, group)]
            ends = [*answers[1:], len(group)]
            yield from ([head, *group[begin:end]] for head, begin, end in zip(asked, answers, ends, strict=True))
            bare = []
        elif len(group) == 1:
            bare.append(group)
        else:
            yield from (*bare, group)
            bare = []
    yield from bare


def _ends(piece: _Piece, asked: Sequence[_Piece], level: int, config: Config) -> bool:
    """Whether an answer ends before a piece.

    A heading ends it (that of a question which is one itself only if it is of its level), a rule does, and, where the answer
    is labelled, what would be a question by itself.
    """
    is_answered = any(one.role is _Role.ANSWER for one in asked)
    if piece.level:
        return piece.role is not _Role.ANSWER and (piece.level <= level or not asked[0].level)
    if piece.block.kind is Kind.THEMATIC_BREAK:
        return is_answered or shows([one.block for one in asked[1:]])
    return is_answered and piece.block.kind is Kind.DETAILS and asked_fold(piece.block, config) is not None


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
        if roles.count(_Role.QUESTION) > 1 or (_Role.QUESTION in roles and _Role.ANSWER in roles[roles.index(_Role.QUESTION) :]):
            yield from (piece for child in block.children for piece in _pieces(child, role_of))
            return
        if roles[:1] != [_Role.QUESTION] or roles[-1] is _Role.QUESTION or role_of in (_labelled, _labelled_or_bare):
            is_labelled = role_of in (_labelled, _labelled_or_bare)
            yield _Piece(block, (roles[0] if is_labelled else roles[-1]) if roles else _Role.TEXT)
        else:  # a question and its answer in one quotation
            yield from (piece for child in block.children for piece in _quoted(child, roles[0]))
        return
    if block.kind not in (Kind.PARAGRAPH, Kind.HEADING):
        yield _Piece(block, _Role.ANSWER if reveals(block) else _Role.TEXT)
        return
    yield from _lines(block, role_of)


def _quoted(block: Block, role: _Role) -> Iterator[_Piece]:
    """A paragraph of a quotation whose first line asks and whose last one does not."""
    first, *rest = lines_of(block.leaves)
    yield _Piece(_part(block, [first]), role)
    if rest:
        yield _Piece(_part(block, rest), _Role.TEXT)


def _first_role(item: Block, role_of: _Reader) -> _Role:
    """What the first line of a bullet is."""
    line = next(iter(lines_of(item.children[0].leaves)), ()) if item.children and item.children[0].kind is Kind.PARAGRAPH else ()
    return role_of(item.children[0], line) if line else _Role.TEXT


def _lines(block: Block, role_of: _Reader) -> Iterator[_Piece]:
    here: list[Line] = []
    role = _Role.TEXT
    lines = [part for whole in lines_of(block.leaves) for part in _parted(whole)]
    roles = [role_of(block, cut(line, _number(block, line)) if role_of is _labelled else line) for line in lines]
    for place, line in enumerate(lines):
        is_first = _Role.QUESTION not in roles[:place] and not _SPOKEN.match(masked(line))
        is_asked = is_first and roles[place : place + 2] == [_Role.TEXT, _Role.ANSWER] and asks_at_end(masked(line))
        found = _Role.QUESTION if is_asked else roles[place]
        if found is not _Role.TEXT and here:
            yield _Piece(_part(block, here), role)
            here = []
        role = found if found is not _Role.TEXT or not here else role
        here.append(line)
    yield _Piece(_part(block, here), role) if here else _Piece(block, _Role.TEXT)


def _parted(line: Line) -> Iterator[Line]:
    """A line with question and answer on it (`Q. …? A. …`) as two."""
    found = _ANSWER_BEHIND.search(masked(line)) if question_label(line) else None
    end = found.end() if found else _bold_question(line)
    yield from (cut(line, 0, end), trimmed(cut(line, end))) if end else (line,)


def _bold_question(line: Line) -> int:
    """Where a bold question ends that has its answer behind it on its line (`**AOP란?** 관심사를 …`); 0 if there is none."""
    end = 0
    for leaf in line:
        if not any(mark.name == "strong" for mark in leaf.marks):
            break
        end += len(leaf.text)
    head, rest = text_of(cut(line, 0, end)).rstrip(), text_of(cut(line, end))
    return end if head.endswith(("?", "？")) and len(rest.split()) > 1 else 0


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
    rest, empty = _without_empty_label(rest)
    asked, more = _question_lines(lines, has_label=any(piece.role is _Role.ANSWER for piece in rest))
    question, marks = read_questions(asked, head.block, config)
    before = next((place for place, piece in enumerate(rest) if piece.role is _Role.ANSWER), 0)
    context = tuple(piece.block for piece in rest[:before]) if not more else ()
    answer = [*_paragraph(head.block, more), *(piece.block for piece in rest[len(context) :])]
    blocks = [piece.block for piece in pieces]
    is_cited = needs_answer and bool(answer) and bool(_CITED.match(text_of(answer[0].leaves)))
    if not question or is_placeholder(question[0].leaves) or (needs_answer and not shows(answer)) or is_cited:
        yield from blocks
        return
    span = Span(head.block.span.path, head.block.span.start, max(block.span.stop for block in blocks))
    item = finished(span, question, context, answer, replace(marks, taken=(*marks.taken, *label, *empty, *_numbers(head.block))), config)
    if needs_answer and not item.is_answered:
        yield from blocks
    else:
        yield item


def _without_empty_label(pieces: list[_Piece]) -> tuple[list[_Piece], tuple[Extent, ...]]:
    """Without an answer's label that has nothing behind it: then what stands before it is the answer, if anything is."""
    place = next((place for place, piece in enumerate(pieces) if piece.role is _Role.ANSWER), len(pieces))
    labelled = [piece.block for piece in pieces[place:]]
    if not labelled or bare_answer(labelled)[0]:
        return pieces, ()
    return pieces[:place], extents(leaves_of(labelled))


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
    while end < len(lines) and (is_blank(lines[end - 1]) or (asks_politely(masked(lines[end])) and asks_to_tell(masked(lines[end])))):
        end += 1
    return list(lines[:end]), list(lines[end:])


def _paragraph(block: Block, lines: Sequence[Line]) -> list[Block]:
    return [replace(_part(block, lines), kind=Kind.PARAGRAPH, level=0, children=())] if lines and any(map(text_of, lines)) else []
