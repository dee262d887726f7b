"""Chapters for a page that numbers none: the page itself in a folder of pages, else its sections, if it has several."""

from __future__ import annotations

from dataclasses import dataclass, replace

from notedeck.config import Config
from notedeck.items.chapter import Chapter
from notedeck.items.item import Item
from notedeck.items.pages.sections import Page, named_after, read_chapter
from notedeck.outline.blocks import Block, Kind

Rows = list[tuple[Chapter | None, list[Block | Item]]]
"""What was read in each chapter of a page, or outside them."""
_COVERS = ("readme", "index")
"""Names of a folder's own page."""


@dataclass(frozen=True, slots=True)
class PagePlace:
    """Where a page lies among the others, and what that says of it."""

    name: str = ""
    """Its file's, without ending and id."""
    folders: tuple[str, ...] = ()
    """The folders between the notes' folder and the page, outermost first."""
    is_question: bool = False
    """Whether its title is a question by its place: it is a row of a database of questions."""


ANYWHERE = PagePlace()


def with_chapters(rows: Rows, page: Page, place: PagePlace, config: Config) -> Rows:
    """The rows of a page without numbered headings, in the chapters that they lie in all the same."""
    row = [one for _, found in rows for one in found]
    numbered = None if page.title else read_chapter(place.name)
    if place.folders or numbered or config.subdecks == "file":
        return [(_folder_chapter(place) if _is_question(row, page) else _own_chapter(page.title, place), row)]
    if not any(isinstance(one, Item) and one.is_answered for one in row):
        return rows
    sections = _sections(row, _levels(page))
    filled = [found for chapter, found in sections if chapter and any(isinstance(one, Item) and one.is_answered for one in found)]
    return sections if len(filled) > 1 else rows


def _levels(page: Page) -> dict[int, int]:
    """The level of each heading, by its line."""
    return {block.span.start: block.level for section in page.sections for block in section.blocks if block.kind is Kind.HEADING}


def _is_question(row: list[Block | Item], page: Page) -> bool:
    """Whether the page's title is its question."""
    first = row[0] if row else None
    return isinstance(first, Item) and bool(page.title) and _levels(page).get(first.span.start) == 1


def _own_chapter(title: str, place: PagePlace) -> Chapter | None:
    """The chapter that a page stands for; a page that is named like its folder, or like a cover, stands for the book."""
    own = title if title and title not in place.folders[:1] else place.name
    if own in place.folders[:1] or own.casefold() in _COVERS:
        return None
    return replace(read_chapter(own) or Chapter(own), folders=place.folders[1:])


def _folder_chapter(place: PagePlace) -> Chapter | None:
    """The chapter of a page that is one question: the folder it lies in, below the book's (a database of Notion is one)."""
    inner = place.folders[1:]
    return replace(read_chapter(inner[-1]) or Chapter(inner[-1]), folders=inner[:-1]) if inner else None


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
