"""Questions with the answers behind them, for the ways that mark the one, the other or both by a sign in a line: labels, and emphasis."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace

from notedeck.config import FOLLOW_UP, Config
from notedeck.diagnostics import Span
from notedeck.items.item import Item
from notedeck.items.scope.bare_answers import bare_answer
from notedeck.items.scope.bullet_parts import has_page
from notedeck.items.scope.cutting import Piece, Role, Way, is_bare, number_of, part_of, pieces_of
from notedeck.items.scope.follow_ups import asked_fold, finished, on_one_line
from notedeck.items.signs.asking import asks_politely, asks_to_tell
from notedeck.items.signs.labels import is_fuller_answer, label_says_follow_up, question_label, read_questions
from notedeck.items.signs.looks import is_blank, is_placeholder, is_starred, is_strong, numbering, says_something, shows
from notedeck.items.signs.telling import goes_on
from notedeck.items.signs.titles import is_chapter_number
from notedeck.items.ways.lists import has_question
from notedeck.items.ways.tables import heads_of, question_and_answer
from notedeck.outline.blocks import Block, Extent, Kind, Line, cut, extents, first_line, leaves_of, lines_of, masked, plain_of, text_of, trimmed


def read_paired(blocks: Sequence[Block], way: Way, config: Config) -> Iterator[Block | Item]:
    """Read the questions of a run that are written in one way; what stands before the first one stays as it is."""
    for group in _paired(_groups(blocks, way, config)):
        if group[0].role is Role.QUESTION:
            yield from _item(group, way.by_form, config)
        else:
            yield from (piece.block for piece in group)


@dataclass(slots=True)
class _Asked:
    """A question's piece with those behind it so far."""

    pieces: list[Piece] = field(default_factory=list)
    is_answered: bool = False
    """Whether one of them is labelled as an answer."""
    is_followed: bool = False
    """Whether any behind the question shows anything."""

    def add(self, piece: Piece) -> None:
        self.is_answered = self.is_answered or piece.role is Role.ANSWER
        self.is_followed = self.is_followed or (bool(self.pieces) and shows((piece.block,)))
        self.pieces.append(piece)


def _groups(blocks: Sequence[Block], way: Way, config: Config) -> Iterator[list[Piece]]:
    """The pieces of a run: each question with those that follow it, and each piece of nobody's by itself."""
    outer = 0
    asked: _Asked | None = None
    inner = _inner_rules(blocks, way)
    for block in blocks:
        for piece in (Piece(block, Role.OTHER),) if asked and _is_list_of_questions(block, config) else pieces_of(block, way):
            if asked and (piece.role in (Role.QUESTION, Role.OTHER) or (id(block) not in inner and _ends(piece, asked, outer, config))):
                yield _heading_alone(asked.pieces) if piece.role is Role.QUESTION else asked.pieces
                asked = None
            if piece.role is Role.QUESTION or asked:
                asked = asked or _Asked()
                asked.add(piece)
            else:
                outer = piece.level or outer
                yield [piece]
    if asked:
        yield asked.pieces


def _heading_alone(pieces: list[Piece]) -> list[Piece]:
    """A heading that says no more than `문제`, with a question right below it: it heads questions, and is none."""
    [head, *others] = pieces
    is_heading = not others and is_bare(head.block, first_line(head.block.leaves))
    return [Piece(head.block, Role.OTHER)] if is_heading else pieces


def _inner_rules(blocks: Sequence[Block], way: Way) -> frozenset[int]:
    """The rules of a run that part an answer from more of it: where none stands before a question, and text that is no list of links comes behind."""
    rules = [place for place, block in enumerate(blocks) if block.kind is Kind.THEMATIC_BREAK]
    if not rules:
        return frozenset()
    begins = [place for place, block in enumerate(blocks) if block.kind is Kind.HEADING or next(pieces_of(block, way)).role is Role.QUESTION]
    if not {place + 1 for place in rules}.isdisjoint((*begins, len(blocks))):
        return frozenset()
    ends = [bisect_right(begins, place) for place in rules]
    stops = {place: begins[end] for place, end in zip(rules, ends, strict=True) if end < len(begins)}
    last = {stop: place for place, stop in stops.items()}
    inside = {stop for stop, place in last.items() if says_something(blocks[place + 1 : stop])}
    return frozenset(id(blocks[place]) for place, stop in stops.items() if stop in inside)


def _paired(groups: Iterator[list[Piece]]) -> Iterator[list[Piece]]:
    """Questions one after another, and then as many answers one after another: each has its own."""
    bare: list[list[Piece]] = []
    for group in groups:
        if group[0].role is not Role.QUESTION:
            yield from (*bare, group)
            bare = []
            continue
        answers = _answers_in(group) if bare else []
        if bare and len(answers) == len(bare) + 1:
            asked = [one[0] for one in (*bare, group)]
            ends = [*answers[1:], len(group)]
            yield from ([head, *group[begin:end]] for head, begin, end in zip(asked, answers, ends, strict=True))
            yield from ([between] for between in group[1 : answers[0]])
            bare = []
        elif len(group) == 1:
            bare.append(group)
        else:
            yield from (*bare, group)
            bare = []
    yield from bare


def _answers_in(group: Sequence[Piece]) -> list[int]:
    """Where the answers of a group begin; a heading above them that says no more than `정답` is none."""
    answers = [place for place, piece in enumerate(group) if piece.role is Role.ANSWER]
    is_headed = answers[1:2] == [answers[0] + 1] if answers else False
    return answers[1:] if is_headed and group[answers[0]].level else answers


def _ends(piece: Piece, asked: _Asked, outer: int, config: Config) -> bool:
    """Whether an answer ends before a piece; `outer` is the level of the heading above the question.

    A heading ends it (that of a question which is one itself only if it is of its level), and so do a rule and another line of its
    form, and, where the answer is labelled, a line that only names a chapter, a fold or a numbered list that asks by itself.
    """
    own = asked.pieces[0].level
    if _is_starred(piece) and _is_starred(asked.pieces[0]):
        return True
    if piece.level:
        return piece.role is not Role.ANSWER and (piece.level <= (own or outer) or not own)
    if piece.block.kind is Kind.THEMATIC_BREAK:
        return asked.is_answered or asked.is_followed
    if piece.block.kind is Kind.PARAGRAPH:
        return asked.is_answered and is_chapter_number(text_of(piece.block.leaves))
    if piece.block.kind is Kind.ORDERED_LIST:
        return asked.is_answered and has_question(piece.block, config)
    return asked.is_answered and piece.block.kind is Kind.DETAILS and asked_fold(piece.block, config) is not None


def _is_starred(piece: Piece) -> bool:
    """Whether a line is bold and begins with a sign: among others like it, each begins something of its own."""
    line = piece.block.leaves
    return piece.block.kind is Kind.PARAGRAPH and is_starred(line) and is_strong(cut(line, numbering(line)))


def _is_list_of_questions(block: Block, config: Config) -> bool:
    """Whether a block is questions of another form: a table with a column of them, or bullets with pages."""
    return (block.kind is Kind.TABLE and question_and_answer(heads_of(block), config) is not None) or has_page(block, config)


def _item(pieces: Sequence[Piece], needs_answer: bool, config: Config) -> Iterator[Block | Item]:
    """An item of a question's piece and of those that follow; by form alone a question without an answer is none."""
    head, rest = pieces[0], list(pieces[1:])
    lines = list(_head_lines(head.block))
    label = extents(lines[0]) if lines and (question_label(lines[0]) == len(masked(lines[0])) or is_bare(head.block, lines[0])) else ()
    said = text_of(lines[0]) if label else ""
    lines = lines[1:] if label else lines
    while not lines and rest and rest[0].role is Role.TEXT and rest[0].block.kind in (Kind.PARAGRAPH, Kind.HEADING, Kind.BLOCK_QUOTE):
        lines = list(_head_lines(rest.pop(0).block))
    if not lines:
        yield from (piece.block for piece in pieces)
        return
    rest, empty = _without_empty_label(rest)
    asked, sign, more = _question_lines(lines, has_label=any(piece.role is Role.ANSWER for piece in rest))
    question, marks = read_questions(asked, head.block, config)
    before = next((place for place, piece in enumerate(rest) if piece.role is Role.ANSWER and not is_fuller_answer(plain_of((piece.block,)))), 0)
    context = tuple(piece.block for piece in rest[:before]) if not more else ()
    answer = [*_paragraph(head.block, more), *(piece.block for piece in rest[len(context) :])]
    blocks = [piece.block for piece in pieces]
    is_cited = needs_answer and bool(answer) and goes_on(text_of(answer[0].leaves))
    if not question or is_placeholder(question[0].leaves) or (needs_answer and not shows(answer)) or is_cited:
        yield from blocks
        return
    span = Span(head.block.span.path, head.block.span.start, max(block.span.stop for block in blocks))
    labels = marks.labels if marks.labels or not label_says_follow_up(said) else (FOLLOW_UP,)
    taken = (*marks.taken, *label, *sign, *empty, *_numbers(head.block))
    item = finished(span, question, context, answer, replace(marks, labels=labels, taken=taken), config)
    if needs_answer and not item.is_answered:
        yield from blocks
    else:
        yield item


def _without_empty_label(pieces: list[Piece]) -> tuple[list[Piece], tuple[Extent, ...]]:
    """Without an answer's label that has nothing behind it: then what stands before it is the answer, if anything is."""
    place = next((place for place, piece in enumerate(pieces) if piece.role is Role.ANSWER), len(pieces))
    labelled = [piece.block for piece in pieces[place:]]
    if not labelled or bare_answer(labelled)[0]:
        return pieces, ()
    return pieces[:place], extents(leaves_of(labelled))


def _head_lines(block: Block) -> tuple[Line, ...]:
    """The lines of a question's block, a heading's without its number."""
    if block.kind is Kind.BLOCK_QUOTE:
        return tuple(line for child in block.children for line in lines_of(child.leaves))
    lines = lines_of(block.leaves)
    return (cut(lines[0], number_of(block, lines[0])), *lines[1:]) if lines else lines


def _numbers(block: Block) -> tuple[tuple[int, int], ...]:
    line = first_line(block.leaves)
    return extents(cut(line, 0, number_of(block, line)))


def _question_lines(lines: Sequence[Line], has_label: bool) -> tuple[list[Line], tuple[Extent, ...], list[Line]]:
    """The lines of the question, and those of its answer in its paragraph, with the sign between: none if an answer's label comes."""
    if has_label:
        return list(lines), (), []
    if ends := on_one_line(lines[0]):
        behind = trimmed(cut(lines[0], ends[1]))
        return [cut(lines[0], 0, ends[0])], extents(cut(lines[0], *ends)), [behind, *lines[1:]]
    end = 1
    while end < len(lines) and (is_blank(lines[end - 1]) or (asks_politely(masked(lines[end])) and asks_to_tell(masked(lines[end])))):
        end += 1
    return list(lines[:end]), (), list(lines[end:])


def _paragraph(block: Block, lines: Sequence[Line]) -> list[Block]:
    return [replace(part_of(block, lines), kind=Kind.PARAGRAPH, level=0, children=())] if lines and any(map(text_of, lines)) else []
