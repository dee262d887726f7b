"""Labels, `Q.` and `A.`, `질문:` and `답변:`: as a line, bold, as a heading, as bullets side by side, or alone above the question.

    **Q1. TCP란?**         ### 질문 1               - Q. TCP란?
    A. 연결을 맺고 …          TCP란 무엇인가요?           - A. 연결을 맺고 …
                           **답변** 연결을 맺고 …

A heading that says no more than `질문` is a label only where others say `답변`.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from notedeck.config import Config
from notedeck.items.item import Item
from notedeck.items.scope.cutting import Role, Way, is_bare
from notedeck.items.signs.labels import answer_label, is_answer_word, question_label
from notedeck.items.signs.looks import is_only_links
from notedeck.items.ways.pairing import read_paired
from notedeck.outline.blocks import Block, Kind, Line, masked

_QUESTION, _ANSWER, _TEXT = Role.QUESTION, Role.ANSWER, Role.TEXT
_TITLES = (Kind.HEADING, Kind.BLOCK_QUOTE)


@dataclass(frozen=True, slots=True)
class Labelled(Way):
    """By labels: `Q.`, `답변:`."""

    among_answers: bool
    """Whether there are headings that say `답변`: then one that says `질문` is a label too."""

    def role(self, block: Block, line: Line) -> Role:
        """A labelled line's role."""
        if (question_label(line) and not is_only_links(line)) or (self.among_answers and is_bare(block, line)):
            return _QUESTION
        is_word = block.kind in _TITLES and is_answer_word(masked(line).strip())
        return _ANSWER if is_word or answer_label(line) else _TEXT


def read_labels(blocks: Sequence[Block], config: Config) -> Iterator[Block | Item]:
    """Read the questions of a run that are labelled as such; what stands before the first one stays as it is."""
    answers = any(block.kind is Kind.HEADING and is_answer_word(masked(block.leaves).strip()) for block in blocks)
    return read_paired(blocks, Labelled(answers), config)
