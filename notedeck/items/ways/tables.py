"""Tables with a question and an answer column: an item for each row; a database of Notion is one, as a CSV file."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace

from notedeck.config import Config
from notedeck.items.item import Item
from notedeck.items.scope.follow_ups import finished
from notedeck.items.signs.labels import Marks, read_questions, together
from notedeck.items.signs.looks import is_blank, is_placeholder, shows
from notedeck.outline.blocks import Block, Kind, Line, extents, leaves_of, lines_of, plain_of, text_of
from notedeck.plain import folded, squeezed

_LABEL_COLUMNS = ("태그", "분류", "유형", "tag", "tags", "label", "type")
_NUMBER_COLUMNS = ("", "#", "번호", "no", "no.", "순번", "id")
_PROBLEMS, _SOLUTIONS = ("문제", "problem"), ("답", "답변", "정답", "해답", "풀이", "해설", "answer", "solution")
"""A column of problems asks only beside one of answers: beside others (`설명`, `해결`) it tells of troubles."""
DATABASE = "csv"
"""`info` of a table that is a database: its other columns are the properties of a row."""


def read_tables(blocks: Sequence[Block], config: Config) -> Iterator[Block | Item]:
    """Read the tables of a run that have a question and an answer column; other blocks stay as they are."""
    for block in blocks:
        columns = question_and_answer(heads_of(block), config) if block.kind is Kind.TABLE else None
        if columns is None:
            yield block
        else:
            yield from _rows(block, *columns, config)


def question_and_answer(heads: Sequence[str], config: Config) -> tuple[int, int] | None:
    """Which columns hold the questions and the answers, by the words at their heads; None if one of them is missing."""
    words = [squeezed(head).casefold().strip("*:：.") for head in heads]
    asked = _column(words, config.question_columns)
    answered = _column(words, config.answer_columns)
    if asked is None or answered is None or (words[asked] in _PROBLEMS and words[answered] not in _SOLUTIONS):
        return None
    return asked, answered


def _column(words: Sequence[str], names: Sequence[str]) -> int | None:
    """The column of the first name that stands at a head, else of one that ends with a name (`면접관 질문`, `내가 한 답변`)."""
    known = [squeezed(name).casefold() for name in names]
    exact = (words.index(name) for name in known if name in words)
    ending = (place for name in known if len(name) > 1 for place, word in enumerate(words) if word.endswith(name))
    return next(exact, None) if any(name in words for name in known) else next(ending, None)


def heads_of(table: Block) -> list[str]:
    """The words at the heads of a table's columns."""
    head = table.children[0].children if table.children else ()
    return [text_of(cell.leaves) for cell in head]


def _rows(table: Block, asked: int, answered: int, config: Config) -> Iterator[Item]:
    heads = [folded(head) for head in heads_of(table)]
    taken = extents(leaves_of(table.children[:1]))
    for row in table.children[1:]:
        if len(row.children) > asked and not _is_empty(row.children[asked].leaves):
            item = _row(row, heads, asked, answered, table.info == DATABASE, config)
            yield replace(item, marks=replace(item.marks, taken=(*item.marks.taken, *taken))) if taken else item
            taken = ()


def _is_empty(line: Line) -> bool:
    return is_blank(line) or is_placeholder(line)


def _row(row: Block, heads: Sequence[str], asked: int, answered: int, is_database: bool, config: Config) -> Item:
    """A row: what its other columns say is a label, a number, a property of a database, or more of the answer.

    So is what has no head: a comma in an answer without quotation marks has cut it off.
    """
    cell = row.children[asked]
    question, marks = read_questions(lines_of(cell.leaves), cell, config)
    answer = [_paragraph(one) for one in row.children[answered : answered + 1]]
    is_answered = shows(answer)
    every = [marks]
    for place, other in enumerate(row.children):
        head = heads[place] if place < len(heads) else ""
        if place in (asked, answered) or not shows((other,)):
            continue
        words = head.casefold()
        if words in _LABEL_COLUMNS:
            every.append(_labels(other, config))
        elif (is_database and head) or (words in _NUMBER_COLUMNS and not any(char.isalpha() for char in text_of(other.leaves))):
            every.append(Marks(taken=extents(other.leaves)))
        elif is_answered:
            answer.append(_paragraph(other))
    return finished(row.span, question, (), answer, together(every), config)


def _labels(cell: Block, config: Config) -> Marks:
    """The labels in a cell of their own, parted by commas."""
    words = [word.strip(" []#") for word in plain_of((cell,)).replace("\n", ",").split(",")]
    return Marks(labels=tuple(word for word in words if config.tag_of(word)), taken=extents(cell.leaves))


def _paragraph(cell: Block) -> Block:
    return replace(cell, kind=Kind.PARAGRAPH, info="")
