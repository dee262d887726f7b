"""The items of a page as its author corrects them: each line that is told takes or gives what its word says, and nothing else moves."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from notedeck.config import Config
from notedeck.corrections.correction import As, Told
from notedeck.items.item import Item
from notedeck.items.pages.subdecks import Rows
from notedeck.items.told.cards import NO_FOLLOW_UP, Card, cards_of, item_of
from notedeck.items.told.lines import Lines, Reach
from notedeck.outline.blocks import Kind

_ALONE = (As.NOTHING, As.CONTEXT, As.HEADING)
"""What a line is told to be that then belongs to no question's answer."""
_LEVEL = 6
"""Of a heading that nobody wrote as one."""


@dataclass(frozen=True, slots=True)
class Corrected:
    """A page as it is told to be."""

    items: tuple[Item, ...]
    apart: Mapping[int, As]
    """The lines that are told to be on no answer, each with what it is."""


def corrected(items: Sequence[Item], lines: Lines, told: Sequence[Told], placed: Callable[[Item], Item], config: Config) -> Corrected:
    """Items as they are told to be; `placed` gives one that is new its chapter and its headings."""
    heads = [replace(one, line=lines.head(one.line)) for one in sorted(told, reverse=True) if one.line in lines.places]
    here = sorted({one.line: one for one in heads}.values())  # of a block that is one thing the first of its lines counts
    cards = _Cards(items, lines, here)
    for one in here:
        _EFFECTS[one.role](cards, one)
    for one in here:
        if one.role is As.QUESTION:
            cards.name(one)
    return Corrected(tuple(placed(item) if card.item is None else item for card, item in cards.built(None, config)), cards.apart)


class _Cards:
    """All questions of a page while they are corrected."""

    def __init__(self, items: Sequence[Item], lines: Lines, told: Sequence[Told]) -> None:
        self.lines = lines
        self.told = {one.line: one for one in told}
        self.cards = list(cards_of(items))
        self.drop(card for card in self.cards if card.first in self.told and self.told[card.first].role is not As.QUESTION)
        self.apart = {line: one.role for one in told if one.role in _ALONE for line in self.alone(one.line)}
        self.take(self.apart, self.cards)

    def alone(self, line: int) -> list[int]:
        """A line with what its block says below, to the next question or the next line of which something is told."""
        others = {*self.told, *(card.first for card in self.cards)}
        own = self.lines.alone(line)
        stop = min((other for other in others if line < other and other in own), default=own[-1] + 1)
        return [one for one in own if one < stop]

    def drop(self, cards: Iterable[Card]) -> None:
        """Make no questions of some: what they had is of the one above them again, if they stood in one."""
        for card in list(cards):
            self.cards.remove(card)
            if card.above:
                card.above.answer |= card.lines
            for below in self.below(card):
                below.above = card.above

    def take(self, lines: Iterable[int], cards: Iterable[Card]) -> None:
        """Take lines from cards; of what asks, the first one stays."""
        gone = set(lines)
        for card in cards:
            card.question -= gone - {card.first}
            card.context -= gone
            card.answer -= gone

    def below(self, card: Card | None) -> list[Card]:
        """The cards that follow up on one; on None, those that follow up on none."""
        return sorted((one for one in self.cards if one.above is card), key=lambda one: min(one.lines))

    def next_question(self, line: int) -> int:
        """Where the next question begins behind a line, with the context that stands above it."""
        starts = (min(card.lines) if min(card.lines) > line else card.first for card in self.cards if card.first > line)
        return min(starts, default=self.lines.stop())

    def next_told(self, line: int) -> int:
        """The next line of which something is told that no answer goes on behind."""
        return min((one.line for one in self.told.values() if one.line > line and one.role is not As.NOTHING), default=self.lines.stop())

    def holds(self, line: int) -> Card | None:
        """The innermost card to whose question or answer a line belongs."""
        held = [card for card in self.cards if line in card.answer or (line in card.question and line > card.first)]
        return max(held, key=lambda card: card.first, default=None)

    def question_above(self, line: int) -> Card | None:
        """The card whose answer a line is in, else the last one above that does not stand in something which ends before the line."""
        if card := self.holds(line):
            return card
        last = max((card for card in self.cards if card.first < line), key=lambda card: card.first, default=None)
        above = list(last.above_all()) if last else []
        return next((card for card in above if self.is_open(card, line)), above[-1] if above else None)

    def ask(self, one: Told) -> None:
        """A question begins, unless it is one: what follows is its answer as far as any question's reaches."""
        if any(card.first == one.line for card in self.cards):
            return
        reach = self.lines.reach(one.line)
        holder = self.holds(one.line)
        is_inside = holder is not None and reach.is_held and holder.first not in self.around(one.line, reach)
        card = Card(None, {one.line}, set(), set(), holder if is_inside else holder and holder.above)
        self.cards.append(card)
        self.adopt(card, reach, holder)
        if holder and not is_inside:
            self.cut(holder, one.line)
        self.give(card, self.answering(card, reach))
        self.take(card.question, (other for other in self.cards if other is not card))

    def around(self, line: int, reach: Reach) -> range:
        """The lines of the block that holds a question and what may answer it."""
        return range(max((holder.start for holder in self.lines.places[line].holders if holder.stop == reach.stop), default=line), reach.stop)

    def adopt(self, card: Card, reach: Reach, holder: Card | None) -> None:
        """Let the questions follow up on a new card that stand in the block that it begins, and those behind it that its holder had."""
        for other in self.cards:
            is_in_block = reach.is_held and other.above in (None, holder) and other.first in reach
            if other is not card and (is_in_block or (holder and other.above is holder and card.above is not holder and other.first > card.first)):
                other.above = card

    def cut(self, card: Card, line: int) -> None:
        """Let a card end before a line."""
        rest = {one for one in card.lines if one >= line}
        self.take(rest, (card,))

    def answering(self, card: Card, reach: Reach) -> set[int]:
        """The lines that answer a new card, to the next question that does not follow up on it, or to what else is told."""
        own = [other for other in self.cards if other is not card and card in other.above_all()]
        asked = (min(other.lines) for other in self.cards if other is not card and other not in own)
        told = (line for line, one in self.told.items() if one.role is not As.NOTHING and not self.is_inside(line, reach))
        stop = min((line for line in (*asked, *told) if line > card.first), default=reach.stop)
        lines = set(self.lines.between(reach.start, min(stop, reach.stop)))
        return lines.difference(*(other.lines for other in own))

    def is_inside(self, line: int, reach: Reach) -> bool:
        """Whether a line that is told to be a question begins a block in the one that holds another question."""
        if self.told[line].role is not As.QUESTION or not reach.is_held or line not in reach or line not in self.lines.places:
            return False
        return any(holder.start == line for holder in self.lines.places[line].holders)

    def give(self, card: Card, lines: Iterable[int]) -> None:
        """Give lines to a card's answer, but for those that are on no answer."""
        given = set(lines) - set(self.apart)
        self.take(given, (other for other in self.cards if other is not card))
        card.question -= given - {card.first}
        card.answer |= given

    def answer(self, one: Told) -> None:
        """A line and what follows belong to the question above, and so does what lies between."""
        card = self.question_above(one.line)
        if card is None:
            return
        stop = min(self.next_question(one.line), self.next_told(one.line), self.lines.next_heading(one.line))
        last = max((line for line in card.lines if line < one.line), default=one.line - 1)
        others: set[int] = set().union(*(other.lines for other in self.cards if other is not card))
        between = set(self.lines.between(last + 1, one.line)) - others
        self.give(card, between.union(self.lines.between(one.line, stop)))

    def end(self, one: Told) -> None:
        """The answer above ends before a line; what follows is of the question around it, or unread to the next one."""
        card = self.question_above(one.line)
        around = next((other for other in card.above.above_all() if self.is_open(other, one.line)), None) if card and card.above else None
        kept = set(around.above_all()) if around else set()
        if card:
            own = {line for line in card.answer if line >= one.line}
            self.cut(card, one.line)
        gone = set(self.lines.between(one.line, self.next_question(one.line)))
        for other in self.cards:
            other.answer -= gone if other not in kept else set()
        if card and around:
            around.answer |= own - set(self.apart)

    def is_open(self, card: Card, line: int) -> bool:
        """Whether all that a question stands in goes on to a line."""
        return all(line in holder for holder in self.lines.places[card.first].holders)

    def stand_above(self, one: Told) -> None:
        """A line is the context of the question that follows."""
        behind = [card for card in self.cards if card.first > one.line]
        if behind:
            min(behind, key=lambda card: card.first).context.update(self.alone(one.line))

    def name(self, one: Told) -> None:
        """Give a question its tags, and the one that it follows up on."""
        card = next((card for card in self.cards if card.first == one.line), None)
        if card is None:
            return
        card.tags = one.tags
        if NO_FOLLOW_UP in one.tags:
            card.above = None
        above = next((other for other in self.cards if one.under in other.question), None)
        if above and card not in above.above_all():
            card.above = above

    def built(self, above: Card | None, config: Config) -> Iterator[tuple[Card, Item]]:
        """The cards that follow up on one, as items."""
        for card in self.below(above):
            yield card, item_of(card, list(self.built(card, config)), self.lines, config)


_EFFECTS: Mapping[As, Callable[[_Cards, Told], None]] = {
    As.QUESTION: _Cards.ask,
    As.ANSWER: _Cards.answer,
    As.END: _Cards.end,
    As.HEADING: _Cards.end,
    As.CONTEXT: _Cards.stand_above,
    As.NOTHING: lambda cards, one: None,
}
"""What each word does, beside that a line which is on no answer is taken from all."""


def with_headings_told(rows: Rows, lines: Lines, told: Sequence[Told]) -> Rows:
    """The rows of a page with the lines that are told to name a section as headings."""
    named = [lines.places[one.line].block for one in told if one.role is As.HEADING and one.line in lines.places]
    heads = [replace(block, kind=Kind.HEADING, level=_LEVEL) for block in named if block.leaves and block.kind is not Kind.HEADING]
    rows = [(chapter, list(row)) for chapter, row in rows]
    for head in heads:
        above = [row for _, row in rows if row and row[0].span.start <= head.span.start]
        if above:
            above[-1].append(head)
    return [(chapter, sorted(row, key=lambda one: one.span.start)) for chapter, row in rows]
