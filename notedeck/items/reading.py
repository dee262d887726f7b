"""All items of one outline, and what became of its text."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace

from notedeck.config import Config
from notedeck.diagnostics import Diagnostic, Span
from notedeck.items.account import Account, Ledger
from notedeck.items.model import Chapter, Item
from notedeck.items.sections import divide, properties
from notedeck.items.study import read_study_list
from notedeck.outline.blocks import Block, Outline, plain_of
from notedeck.plain import shortened

RECOGNISERS: dict[str, Callable[[Sequence[Block], Config], Iterator[Item]]] = {"study": read_study_list}
"""The ways of writing a question, in the order in which they are asked."""

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
    items = tuple(
        _in_chapter(item, section.chapter)
        for section in page.sections
        for recognise in RECOGNISERS.values()
        for item in recognise(section.blocks, config)
    )
    every = list(with_follow_ups(items))
    ledger = Ledger(outline, every, page.structure)
    told = [Diagnostic(item.span, "unanswered", (_asked(item),)) for item in every if not item.is_answered]
    unread = list(ledger.unread()) if every else [Diagnostic(outline.span, "no-questions")]
    tags = _page_tags(properties(outline.blocks), config)
    return Reading(outline.span, page.title, tags, items, ledger.account(), (*outline.diagnostics, *told, *unread))


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
