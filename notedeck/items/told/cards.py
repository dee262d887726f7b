"""Items as cards whose lines can be taken and given, and back."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from notedeck.config import FOLLOW_UP, Config
from notedeck.diagnostics import Span
from notedeck.items.item import Item
from notedeck.items.scope.bare_answers import bare_answer
from notedeck.items.scope.cutting import number_of
from notedeck.items.scope.follow_ups import follow_up, on_one_line
from notedeck.items.signs.labels import read_questions
from notedeck.items.signs.looks import shows
from notedeck.items.told.lines import WHOLE, Lines, in_order, lines_in, part
from notedeck.outline.blocks import Block, Extent, Kind, cut, extents, lines_of, text_of, trimmed

NO_FOLLOW_UP = f"-{FOLLOW_UP}"
"""A tag of a question that follows up on none, though it stands in another one."""


@dataclass(eq=False, slots=True)
class Card:
    """A question while it is being corrected: the lines that are its own."""

    item: Item | None
    """As it was read; None if nobody took it for one."""
    question: set[int]
    context: set[int]
    answer: set[int]
    above: Card | None = None
    """The one that it follows up on."""
    tags: tuple[str, ...] = ()

    @property
    def first(self) -> int:
        """Where its question begins."""
        return min(self.question)

    @property
    def lines(self) -> set[int]:
        """All lines of its own."""
        return self.question | self.context | self.answer

    def above_all(self) -> Iterator[Card]:
        """The card, the one that it follows up on, and so on."""
        card: Card | None = self
        while card:
            yield card
            card = card.above


def cards_of(items: Sequence[Item], above: Card | None = None) -> Iterator[Card]:
    """Each item as a card, and right after it its follow-ups."""
    for item in items:
        card = Card(item, lines_in(item.question), lines_in(item.context), own_lines(item.answer), above)
        if card.question:
            yield card
            yield from cards_of(item.follow_ups, card)


def own_lines(blocks: Iterable[Block]) -> set[int]:
    """The lines of an answer without those of its follow-ups."""
    found: set[int] = set()
    for block in blocks:
        if block.kind is not Kind.FOLLOW_UP:
            found |= own_lines(block.children) if block.children else lines_in((block,))
    return found


def item_of(card: Card, below: Sequence[tuple[Card, Item]], lines: Lines, config: Config) -> Item:
    """The item that a card is now, with the cards below it as they are now."""
    was = card.item or _asked(card, lines, config)
    if card.item and _is_as_it_was(card, card.item, below):
        return was
    answer, taken = _answer(card, was, below, lines)
    follow_ups = tuple(item for _, item in below)
    every = card.lines | {line for item in follow_ups for line in (item.span.start, item.span.stop - 1)}
    return replace(
        was,
        span=Span(was.span.path, min(every), max(every) + 1),
        question=part(was.question, card.question),
        context=in_order(part(was.context, card.context), _without_rules(part(lines.blocks, card.context - lines_in(was.context)))),
        answer=answer,
        marks=replace(was.marks, labels=_labels(was.marks.labels, card.tags, config), taken=was.marks.taken + taken),
        follow_ups=follow_ups,
        tags=card.tags,
    )


def _is_as_it_was(card: Card, was: Item, below: Sequence[tuple[Card, Item]]) -> bool:
    """Whether nothing of a card was corrected."""
    parts = ((card.question, lines_in(was.question)), (card.context, lines_in(was.context)), (card.answer, own_lines(was.answer)))
    same = len(below) == len(was.follow_ups) and all(item is one for (_, item), one in zip(below, was.follow_ups, strict=True))
    return same and not card.tags and all(now == before for now, before in parts)


def _answer(card: Card, was: Item, below: Sequence[tuple[Card, Item]], lines: Lines) -> tuple[tuple[Block, ...], tuple[Extent, ...]]:
    """The answer of a card with its follow-ups where they stand, and what of it is a label."""
    shown = {one.span for one in was.follow_ups if one.is_answered}
    now = {one.item.span: follow_up(item) for one, item in below if one.item and one.item.span in shown and item.is_answered}
    new = [item for one, item in below if item.is_answered and not (one.item and one.item.span in now)]
    here = set() if card.item else lines_in(was.answer)  # on the line of a new question
    own = (card.answer | here) - {line for item in new for line in lines_in((*item.question, *item.context, *item.answer))}
    kept = part(_with_follow_ups(was.answer, now, shown), own)
    answer, taken = bare_answer(in_order(kept, _without_rules(part(lines.blocks, own - own_lines(was.answer)))))
    answer = answer if shows(answer) else ()
    return in_order(answer, map(follow_up, new)) if answer else (), taken


def _without_rules(blocks: Iterable[Block]) -> Iterator[Block]:
    """Parts of a page without what stands between them and shows nothing."""
    return (block for block in blocks if lines_in((block,)))


def _with_follow_ups(blocks: Sequence[Block], now: Mapping[Span, Block], shown: Collection[Span]) -> tuple[Block, ...]:
    """An answer with its follow-ups as they are now; without those that are none of its any more."""
    found = []
    for block in blocks:
        if block.kind is Kind.FOLLOW_UP and block.span in shown:
            found += [now[block.span]] if block.span in now else []
        else:
            children = _with_follow_ups(block.children, now, shown) if block.children else ()
            found.append(block if children == block.children else replace(block, children=children))
    return tuple(found)


def _labels(labels: Sequence[str], tags: Sequence[str], config: Config) -> tuple[str, ...]:
    """The labels of a question with those tags that are labels, and without those that are taken away."""
    gone = {tag[1:] for tag in tags if tag.startswith("-")}
    added = [tag for tag in tags if config.tag_of(tag)]
    return tuple(dict.fromkeys((*(label for label in labels if config.tag_of(label) not in gone), *added)))


def _asked(card: Card, lines: Lines, config: Config) -> Item:
    """A question that nobody took for one: its line, without number and labels, and what answers it there."""
    block = lines.places[card.first].block
    span = Span(block.span.path, card.first, card.first + 1)
    if block.kind is Kind.TABLE_ROW:
        return _in_row(block, span, config)
    [whole] = part((block,), card.question)
    line, *more = lines_of(whole.leaves)
    number = number_of(block, line)
    line = cut(line, number)
    begin, end = on_one_line(line) or (len(text_of(line)),) * 2
    holder = Block(Kind.PARAGRAPH, span) if block.kind not in WHOLE else replace(block, leaves=())
    question, marks = read_questions([cut(line, 0, begin), *more], holder, config)
    behind = trimmed(cut(line, end))
    taken = (*marks.taken, *extents(cut(whole.leaves, 0, number)), *extents(cut(line, begin, end)))
    return Item(span, question, (), (holder.with_leaves(behind),) if text_of(behind) else (), replace(marks, taken=taken), is_told=True)


def _in_row(row: Block, span: Span, config: Config) -> Item:
    """A row of a table as a question and its answer: the first cell that says anything in words, and those behind it."""
    cells = [replace(cell, kind=Kind.PARAGRAPH, info="") for cell in row.children if shows((cell,))]
    place = next((number for number, cell in enumerate(cells) if any(map(str.isalpha, text_of(cell.leaves)))), 0)
    question, marks = read_questions(lines_of(cells[place].leaves), cells[place], config)
    before = extents([leaf for cell in cells[:place] for leaf in cell.leaves])
    return Item(span, question, (), tuple(cells[place + 1 :]), replace(marks, taken=(*marks.taken, *before)), is_told=True)
