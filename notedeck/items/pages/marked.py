"""What a heading, a line, a fold, a title or a property says of all questions below it: that they may be asked in an interview.

    ### 📢 예상 면접 질문들            - 면접 질문                  태그: 면접질문
    - TCP란 무엇인가요?                 - TCP란 무엇인가요?

A section reaches to the next heading of its level, a line to the next heading or to the next line that says so.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from notedeck.config import INTERVIEW, Config
from notedeck.items.item import Item
from notedeck.items.pages.sections import end_of_section, properties
from notedeck.items.pages.subdecks import PagePlace
from notedeck.items.signs.titles import interview_words, interview_words_alone
from notedeck.outline.blocks import Block, Extent, Kind, Outline, extents, first_line, leaves_of, lines_of, plain_of, text_of


@dataclass(frozen=True, slots=True)
class _Marked:
    """Lines of a source of which a label is said."""

    start: int
    stop: int
    label: str
    said_in: tuple[Extent, ...] = ()
    """Where it is said, if that is a line which is nothing but a label."""


def with_section_marks(items: Sequence[Item], outline: Outline, place: PagePlace, config: Config) -> tuple[tuple[Item, ...], tuple[Extent, ...]]:
    """The items with the labels that their sections and their page say, and where lines say them."""
    marked = [*_of_page(outline, place, config), *_of_blocks(outline.blocks, outline.span.stop, config)]
    if not marked:
        return tuple(items), ()
    by_line = _labels_by_line(marked)
    starts = {item.span.start for item in items}
    said = (extent for one in marked if not starts.isdisjoint(range(one.start, one.stop)) for extent in one.said_in)
    return tuple(_with_label(item, by_line, config) for item in items), tuple(said)


def _labels_by_line(marked: Iterable[_Marked]) -> Mapping[int, str]:
    """The label of each line: the one that is said nearest above."""
    return {line: one.label for one in sorted(marked, key=lambda one: (one.start, -one.stop)) for line in range(one.start, one.stop)}


def _with_label(item: Item, by_line: Mapping[int, str], config: Config) -> Item:
    """An item with its section's label, unless it has one of the kind; its follow-ups take it from above, or else from their own section."""
    label = by_line.get(item.span.start, "")
    if any(config.tag_of(own).split("::")[0] == INTERVIEW for own in item.marks.labels):
        return item
    if label:
        return replace(item, marks=replace(item.marks, labels=(label, *item.marks.labels)))
    return replace(item, follow_ups=tuple([_with_label(one, by_line, config) for one in item.follow_ups])) if item.follow_ups else item


def _of_page(outline: Outline, place: PagePlace, config: Config) -> Iterator[_Marked]:
    """What a page's name, its front matter, its properties or its title says: the last of them that says anything, which tells most."""
    title = next((plain_of((block,)) for block in outline.blocks if block.kind is Kind.HEADING and block.level == 1), "")
    said = (value for text in properties(outline.blocks).values() for value in text.split(","))
    every = (place.name, *said, title)
    labels = [label for words in every if (label := _label_in(words.replace("_", " ").replace("-", " "), config))]
    if labels:
        yield _Marked(0, outline.span.stop, labels[-1])


def _label_in(words: str, config: Config) -> str:
    """The label that a heading, a title or a name says; empty if it says none."""
    return _known(interview_words(words), config)


def _known(words: str, config: Config) -> str:
    """Words that name interview questions, as a label that is known: if these words are none, the usual one with their meaning."""
    usual = "예상 면접질문" if "예상" in words else INTERVIEW
    return next((label for label in (words, usual) if words and config.tag_of(label)), "")


def _of_blocks(blocks: Sequence[Block], stop: int, config: Config) -> Iterator[_Marked]:
    """What is said among some blocks and inside them; `stop` is the line behind them."""
    for number, block in enumerate(blocks):
        if block.kind is Kind.HEADING:
            if label := _label_in(plain_of((block,)), config):
                yield _Marked(block.span.start, end_of_section(blocks, number, stop), label)
        elif block.kind is Kind.PARAGRAPH:
            if label := _label_of_line(block, config):
                yield _Marked(block.span.start, _end_of_line(blocks, number, stop, config), label, extents(block.leaves))
        elif block.kind is Kind.LIST_ITEM or block.kind is Kind.DETAILS:
            head = block.children[0] if len(block.children) > 1 else None
            label = _label_of_line(head, config) if head else ""
            if head and label:
                yield _Marked(block.span.start, block.span.stop, label, extents(leaves_of((head,))))
            yield from _of_blocks(block.children[bool(label) :], block.span.stop, config)
        elif block.children:
            yield from _of_blocks(block.children, block.span.stop, config)


def _label_of_line(block: Block, config: Config) -> str:
    """The label that a block of one line is."""
    if len(lines_of(block.leaves)) != 1:
        return ""
    return _known(interview_words_alone(text_of(first_line(block.leaves))), config)


def _end_of_line(blocks: Sequence[Block], number: int, stop: int, config: Config) -> int:
    """Where that ends which a line says: at the next heading or at the next such line, else at `stop`."""
    behind = (blocks[place] for place in range(number + 1, len(blocks)))
    return next((block.span.start for block in behind if block.kind is Kind.HEADING or _says(block, config)), stop)


def _says(block: Block, config: Config) -> bool:
    return block.kind is Kind.PARAGRAPH and bool(_label_of_line(block, config))
