"""Chapters for a page that numbers none: its sections, if several have cards."""

from __future__ import annotations

from dataclasses import dataclass

from notedeck.items.chapter import Chapter
from notedeck.items.item import Item
from notedeck.items.pages.headings import levels_of
from notedeck.items.pages.sections import Page, named_after
from notedeck.outline.blocks import Block, Kind

Rows = list[tuple[Chapter | None, list[Block | Item]]]
"""What was read in each chapter of a page, or outside them."""


@dataclass(frozen=True, slots=True)
class PagePlace:
    """Where a page lies among the others, and what that says of it."""

    name: str = ""
    """Its file's, without ending and id."""
    is_question: bool = False
    """Whether its title is a question by its place: it is a row of a database of questions."""


ANYWHERE = PagePlace()


def with_sections(rows: Rows, page: Page) -> Rows:
    """The rows of a page without numbered headings, in the sections that they lie in."""
    row = [one for _, found in rows for one in found]
    if not any(isinstance(one, Item) and one.is_answered for one in row):
        return rows
    sections = _sections(row, levels_of(page))
    filled = [found for chapter, found in sections if chapter and any(isinstance(one, Item) and one.is_answered for one in found)]
    return sections if len(filled) > 1 else rows


def asks_its_title(rows: Rows, page: Page) -> bool:
    """Whether the page's title is its question."""
    first = next((one for _, found in rows for one in found), None)
    return isinstance(first, Item) and bool(page.title) and levels_of(page).get(first.span.start) == 1


def _sections(row: list[Block | Item], levels: dict[int, int]) -> Rows:
    """A row divided at its outermost headings; one that is a question ends a section too."""
    level = min((one.level for one in row if isinstance(one, Block) and one.kind is Kind.HEADING), default=0)
    sections: Rows = [(None, [])]
    for one in row:
        if isinstance(one, Block) and one.kind is Kind.HEADING and one.level == level:
            sections.append((named_after(one), []))
        elif isinstance(one, Item) and levels.get(one.span.start, 7) <= level:
            sections.append((None, []))
        sections[-1][1].append(one)
    return sections
