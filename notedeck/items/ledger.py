"""An account of a source's text: each visible character is on a card, structure, set aside, or unread."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from enum import StrEnum
from functools import cached_property
from itertools import pairwise

from notedeck.account import Account
from notedeck.diagnostics import Diagnostic, Span
from notedeck.items.item import Item
from notedeck.outline.blocks import HEADING, IMAGE, Extent, Leaf, Outline, extents, leaves_of, walk
from notedeck.plain import folded, shortened, visible


class Role(StrEnum):
    """What a line of a source is, in one letter; of two that hold, the first counts."""

    UNREAD = "u"
    QUESTION = "q"
    OPEN = "o"
    """Of a question that waits for its answer."""
    CONTEXT = "c"
    ANSWER = "a"
    HEADING = "h"
    METADATA = "m"
    """Labels, pages, mentions, properties."""
    ASIDE = "x"
    """Set aside by a correction."""
    NOTHING = "."
    """Nothing to read: an empty line, a rule, a fence."""


_NOTHING_TOLD: Mapping[int, Role] = {}


class Ledger:
    """Knows of each character of one outline where it went."""

    def __init__(self, outline: Outline, items: Sequence[Item], structure: Iterable[Extent], told: Mapping[int, Role] = _NOTHING_TOLD) -> None:
        """`items` are all of the outline, follow-ups among them; `structure` is what its headings and properties cover.

        `told` are the lines that a correction sets aside or says to be headings.
        """
        self.outline = outline
        self.parts = [part for item in items for part in _parts_of(item)]
        self.waiting = {line for item in items if not item.is_answered for line in range(item.span.start, item.span.stop)}
        shown = [leaf for role, leaves in self.parts if role not in _OPEN for leaf in leaves]
        self.wordless = {(leaf.line, address) for leaf in shown if not leaf.text and (address := _wordless(leaf))}
        self.on_cards = _covered(bytearray(len(outline.text)), extents(shown))
        taken = [extent for item in items for extent in item.marks.taken]
        self.told = told
        self.aside = self._told_extents(Role.ASIDE)
        self.known = _covered(self.on_cards[:], [*outline.structure, *structure, *taken, *self.aside, *self._told_extents(Role.HEADING)])

    def _told_extents(self, role: Role) -> tuple[Extent, ...]:
        """What a correction says to be one thing."""
        return extents(leaf for leaf in leaves_of(self.outline.blocks) if self.told.get(leaf.line) is role) if self.told else ()

    def account(self) -> Account:
        """Count."""
        text = self.outline.text
        characters = visible(text)
        beside, unread = (visible("".join([text[begin:end] for begin, end in _gaps(covered)])) for covered in (self.on_cards, self.known))
        aside = visible("".join([text[begin:end] for begin, end in self.aside]))
        return Account(characters, characters - beside, beside - unread - aside, unread, aside)

    def unread(self) -> Iterator[Diagnostic]:
        """A note for each run of lines that reached no card; an unanswered question is told as such instead."""
        lost = self._lost_lines
        for first, last in _runs(sorted(lost)):
            words = folded(" ".join(lost[line] for line in range(first, last + 1)))
            yield Diagnostic(Span(self.outline.span.path, first, last + 1), "unread", (shortened(words), str(visible(words))))

    def roles(self) -> str:
        """What each line of the source is, a letter a line."""
        roles: dict[int, Role] = {}
        heading, other = Role.HEADING, Role.METADATA
        for block in walk(self.outline.blocks):
            if block.leaves:
                _give(roles, heading if block.kind is HEADING else other, block.leaves)
        for role, leaves in self.parts:
            _give(roles, role, leaves)
        roles.update(dict.fromkeys(self._lost_lines, Role.UNREAD))
        roles.update({line: role for line, role in self.told.items() if line in roles})
        nothing = Role.NOTHING
        return "".join([roles.get(line, nothing) for line in range(self.outline.span.stop)])

    @cached_property
    def _lost_lines(self) -> dict[int, str]:
        """The text that reached no card, by its line."""
        lost: dict[int, list[str]] = {}
        for leaf in leaves_of(self.outline.blocks):
            if leaf.text and self.known.find(0, leaf.at, leaf.at + len(leaf.text)) < 0:
                continue  # as nearly all
            if words := self._lost(leaf):
                for number, part in enumerate(words.split("\n"), leaf.line):
                    if part and not part.isspace() and number not in self.waiting:
                        lost.setdefault(number, []).append(part)
        return {number: "".join(parts) for number, parts in lost.items()}

    def _lost(self, leaf: Leaf) -> str:
        """What of a leaf nobody has accounted for; of a picture or a link without words, its address."""
        if not leaf.text:
            address = _wordless(leaf)
            return "" if (leaf.line, address) in self.wordless else address
        if self.known.find(1, leaf.at, leaf.at + len(leaf.text)) < 0:
            return leaf.text
        return "".join([char for place, char in enumerate(leaf.text, leaf.at) if char == "\n" or not self.known[place]])


_ANSWERED = (Role.ANSWER, Role.CONTEXT, Role.QUESTION)
_OPEN = (Role.OPEN, Role.OPEN, Role.OPEN)


def _parts_of(item: Item) -> list[tuple[Role, list[Leaf]]]:
    """The parts of an item with what they are, of which the last counts; its follow-ups say themselves what theirs are."""
    roles = _ANSWERED if item.is_answered else _OPEN
    return [(role, leaves_of(blocks)) for role, blocks in zip(roles, (item.answer, item.context, item.question), strict=True) if blocks]


def _give(roles: dict[int, Role], role: Role, leaves: Iterable[Leaf]) -> None:
    """Give a role to the lines of leaves that show anything."""
    for leaf in leaves:
        text = leaf.text
        if not text:
            if _wordless(leaf):
                roles[leaf.line] = role
        elif "\n" in text:
            roles.update({line: role for line, words in enumerate(text.split("\n"), leaf.line) if words.strip()})
        elif not text.isspace():
            roles[leaf.line] = role


def _wordless(leaf: Leaf) -> str:
    """The address of a picture or a link, of a leaf that has no words; of all else, nothing."""
    if leaf.kind is IMAGE:
        return leaf.target
    return next((mark.target for mark in leaf.marks if mark.name == "a"), "") if leaf.marks else ""


def _covered(covered: bytearray, found: Iterable[Extent]) -> bytearray:
    """A byte for each character of a text, set to 1 where an extent covers it."""
    for begin, end in found:
        covered[begin:end] = b"\1" * (end - begin)
    return covered


def _gaps(covered: bytearray) -> Iterator[Extent]:
    """Where runs of characters begin and end that nothing covers: far fewer than the others."""
    begin = covered.find(0)
    while begin >= 0:
        end = covered.find(1, begin)
        end = len(covered) if end < 0 else end
        yield begin, end
        begin = covered.find(0, end)


def _runs(lines: Sequence[int]) -> Iterator[tuple[int, int]]:
    """Neighbouring numbers as first and last."""
    if not lines:
        return
    breaks = [0, *(place + 1 for place, (one, two) in enumerate(pairwise(lines)) if two - one > 1), len(lines)]
    for begin, end in pairwise(breaks):
        yield lines[begin], lines[end - 1]
