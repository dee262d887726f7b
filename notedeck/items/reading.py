"""All items of one outline, and an account of its text: on cards, structure, or unread."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise

from notedeck.config import Config
from notedeck.diagnostics import Diagnostic, Span
from notedeck.items.model import Chapter, Item
from notedeck.items.sections import divide, properties
from notedeck.items.study import read_study_list
from notedeck.outline.blocks import Block, Extent, Outline, extents, leaves_of, plain_of, walk
from notedeck.plain import folded, shortened, visible

RECOGNISERS: dict[str, Callable[[Sequence[Block], Config], Iterator[Item]]] = {"study": read_study_list}
"""The ways of writing a question, in the order in which they are asked."""

_TAG_KEYS = ("태그", "tags", "tag")


@dataclass(frozen=True, slots=True)
class Account:
    """How many visible characters there are, and where they went."""

    characters: int = 0
    on_cards: int = 0
    structure: int = 0
    unread: int = 0

    def __add__(self, other: Account) -> Account:
        return Account(
            self.characters + other.characters,
            self.on_cards + other.on_cards,
            self.structure + other.structure,
            self.unread + other.unread,
        )


@dataclass(frozen=True, slots=True)
class Reading:
    """What was read in one source."""

    span: Span
    title: str
    page_tags: tuple[str, ...]
    """The page's own tags in Notion, as far as deck.toml asks for them."""
    items: tuple[Item, ...]
    """In the order of the file; follow-ups lie in their items."""
    account: Account
    diagnostics: tuple[Diagnostic, ...]


def read_items(outline: Outline, config: Config) -> Reading:
    """Read the items of one outline, and report what could not be read."""
    page = divide(outline.blocks)
    items = tuple(
        _in_chapter(item, section.chapter)
        for section in page.sections
        for recognise in RECOGNISERS.values()
        for item in recognise(section.blocks, config)
    )
    every = list(with_follow_ups(items))
    shown = _Places(outline.text, [extent for item in every if item.is_answered for extent in item_extents(item)])
    taken = [extent for item in every for extent in item.marks.taken]
    structure = _Places(outline.text, [*outline.structure, *page.structure, *taken])
    told = [Diagnostic(item.span, "unanswered", (_asked(item),)) for item in every if not item.is_answered]
    unread = list(_unread(outline, shown, structure, every)) if every else [Diagnostic(outline.span, "no-questions")]
    account = _account(outline.text, shown, structure)
    tags = _page_tags(properties(outline.blocks), config)
    return Reading(outline.span, page.title, tags, items, account, (*outline.diagnostics, *told, *unread))


def _in_chapter(item: Item, chapter: Chapter | None) -> Item:
    return replace(item, chapter=chapter, follow_ups=tuple(_in_chapter(one, chapter) for one in item.follow_ups))


def with_follow_ups(items: Sequence[Item]) -> Iterator[Item]:
    """Each item, and right after it its follow-ups, to any depth."""
    for item in items:
        yield item
        yield from with_follow_ups(item.follow_ups)


def item_extents(item: Item) -> tuple[Extent, ...]:
    """Where the text on an item's card stands in the source."""
    return extents(leaves_of((*item.question, *item.context, *item.answer)))


def _asked(item: Item) -> str:
    return shortened(plain_of(item.question) or plain_of(item.context))


def _page_tags(found: dict[str, str], config: Config) -> tuple[str, ...]:
    values = [value.strip() for key, text in found.items() if key.casefold() in _TAG_KEYS for value in text.split(",")]
    return tuple(value for value in values if value in config.page_tags)


class _Places:
    """Which characters of a text some extents cover."""

    def __init__(self, text: str, found: Sequence[Extent]) -> None:
        self.covered = bytearray(len(text))
        for begin, end in found:
            self.covered[begin:end] = b"\1" * (end - begin)

    def hold(self, place: int) -> bool:
        """Whether the character at `place` is covered."""
        return bool(self.covered[place])


def _account(text: str, shown: _Places, structure: _Places) -> Account:
    places = [place for place, char in enumerate(text) if not char.isspace()]
    on_cards = sum(shown.covered[place] for place in places)
    other = sum(structure.covered[place] and not shown.covered[place] for place in places)
    return Account(len(places), on_cards, other, len(places) - on_cards - other)


def _unread(outline: Outline, shown: _Places, structure: _Places, items: Sequence[Item]) -> Iterator[Diagnostic]:
    """A note for each run of lines that reached no card; an unanswered question is told as such instead."""
    waiting = {line for item in items if not item.is_answered for line in range(item.span.start, item.span.stop)}
    lost: dict[int, list[str]] = {}
    for block in walk(outline.blocks):
        for leaf in block.leaves:
            kept = "".join(char for place, char in enumerate(leaf.text, leaf.at) if not shown.hold(place) and not structure.hold(place))
            empty = not leaf.text and leaf.target and not shown
            if (visible(kept) or empty) and leaf.line not in waiting:
                lost.setdefault(leaf.line, []).append(kept)
    for first, last in _runs(sorted(lost)):
        words = folded(" ".join("".join(lost[line]) for line in range(first, last + 1) if line in lost))
        yield Diagnostic(Span(outline.span.path, first, last + 1), "unread", (shortened(words), str(visible(words))))


def _runs(lines: Sequence[int]) -> Iterator[tuple[int, int]]:
    """Neighbouring numbers as first and last."""
    if not lines:
        return
    breaks = [0, *(place + 1 for place, (one, two) in enumerate(pairwise(lines)) if two - one > 1), len(lines)]
    for begin, end in pairwise(breaks):
        yield lines[begin], lines[end - 1]
