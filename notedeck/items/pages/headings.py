"""The headings that an item stands below, between its chapter's and its own: by these `장점은 무엇인가요?` is told from another one."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from notedeck.items.chapter import Chapter
from notedeck.items.item import Item
from notedeck.items.pages.sections import Page
from notedeck.items.signs.labels import without_presenter
from notedeck.outline.blocks import Block, Kind, text_of
from notedeck.plain import folded

_LOWEST = 7
"""Below every heading."""


def levels_of(page: Page) -> dict[int, int]:
    """The level of each heading, by its line."""
    return {block.span.start: block.level for section in page.sections for block in section.blocks if block.kind is Kind.HEADING}


def with_headings(row: Sequence[Block | Item], chapter: Chapter | None, levels: Mapping[int, int]) -> Iterator[tuple[Item, tuple[str, ...]]]:
    """The items of a row in one chapter, each with the headings above it, outermost first; a heading that is a question is none of them."""
    above: list[tuple[int, str]] = []
    for one in row:
        if isinstance(one, Block) and one.kind is not Kind.HEADING:
            continue
        level = one.level if isinstance(one, Block) else levels.get(one.span.start, _LOWEST)
        while above and above[-1][0] >= level:
            above.pop()
        if isinstance(one, Item):
            yield one, tuple([words for _, words in above])
        elif (words := folded(text_of(without_presenter(one.leaves)[0]))) and not (chapter and words == chapter.title):
            above.append((level, words))
