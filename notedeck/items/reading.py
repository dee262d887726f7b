"""All items of one outline, and what became of its text."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import groupby

from notedeck.config import Config
from notedeck.diagnostics import Diagnostic, Span
from notedeck.items.account import Account, Ledger
from notedeck.items.model import Chapter, Item
from notedeck.items.sections import divide, properties
from notedeck.items.study import read_study_list
from notedeck.outline.blocks import Block, Kind, Outline, extents, leaves_of, plain_of
from notedeck.plain import shortened

Recogniser = Callable[[Sequence[Block], Config], Iterator[Block | Item]]
"""Reads one way of writing a question: yields the blocks as they came, with items in the place of those that it read."""

RECOGNISERS: dict[str, Recogniser] = {"study": read_study_list}
"""The ways of writing a question, in the order in which they are asked: what one has read, no other one sees."""

_OPEN = (Kind.BULLET_LIST, Kind.ORDERED_LIST, Kind.LIST_ITEM, Kind.BLOCK_QUOTE, Kind.ASIDE, Kind.DETAILS)
"""Blocks that may hold questions though they are none."""
_TAG_KEYS = ("태그", "tags", "tag")


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
    rows = [(section.chapter, list(_read_row(section.blocks, config))) for section in page.sections]
    items = tuple(_in_chapter(one, chapter) for chapter, row in rows for one in row if isinstance(one, Item))
    headings = [one for _, row in rows for one in row if isinstance(one, Block) and one.kind is Kind.HEADING]
    every = list(with_follow_ups(items))
    ledger = Ledger(outline, every, (*page.structure, *extents(leaves_of(headings))))
    told = [Diagnostic(item.span, "unanswered", (_asked(item),)) for item in every if not item.is_answered]
    unread = list(ledger.unread()) if every else [Diagnostic(outline.span, "no-questions")]
    tags = _page_tags(properties(outline.blocks), config)
    return Reading(outline.span, page.title, tags, items, ledger.account(), (*outline.diagnostics, *told, *unread))


def _read_row(blocks: Sequence[Block], config: Config, without: str = "") -> Iterator[Block | Item]:
    """Blocks with items in the place of those that hold one; what nobody reads is searched for more inside."""
    row: list[Block | Item] = list(blocks)
    for name, recognise in RECOGNISERS.items():
        if config.recognisers[name] and name != without:
            row = [found for one in _runs(row) for found in (recognise(one, config) if isinstance(one, list) else (one,))]
    for one in row:
        if isinstance(one, Block) and one.kind in _OPEN:
            # the study list has looked into the bullets of its lists itself
            yield from _read_row(one.children, config, "study" if one.kind is Kind.LIST_ITEM else without)
        else:
            yield one


def _runs(row: Sequence[Block | Item]) -> Iterator[list[Block] | Item]:
    """A row as its items, and the runs of blocks between them."""
    for is_item, group in groupby(row, lambda one: isinstance(one, Item)):
        if is_item:
            yield from (one for one in group if isinstance(one, Item))
        else:
            yield [one for one in group if isinstance(one, Block)]


def _in_chapter(item: Item, chapter: Chapter | None) -> Item:
    return replace(item, chapter=chapter, follow_ups=tuple(_in_chapter(one, chapter) for one in item.follow_ups))


def with_follow_ups(items: Sequence[Item]) -> Iterator[Item]:
    """Each item, and right after it its follow-ups, to any depth."""
    for item in items:
        yield item
        yield from with_follow_ups(item.follow_ups)


def _asked(item: Item) -> str:
    return shortened(plain_of(item.question) or plain_of(item.context))


def _page_tags(found: dict[str, str], config: Config) -> tuple[str, ...]:
    values = [value.strip() for key, text in found.items() if key.casefold() in _TAG_KEYS for value in text.split(",")]
    return tuple(value for value in values if value in config.page_tags)
