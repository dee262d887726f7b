"""All items of one outline, and what became of its text."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from notedeck.config import Config
from notedeck.diagnostics import Diagnostic, Span
from notedeck.items.account import Account, Ledger
from notedeck.items.cloze import read_cloze
from notedeck.items.details import read_details
from notedeck.items.headings import read_every_heading, read_headings, read_title
from notedeck.items.labels import read_labels, read_lines
from notedeck.items.model import Chapter, Item
from notedeck.items.rows import Recogniser, read_by
from notedeck.items.sections import divide, named_after, properties, read_chapter
from notedeck.items.study import read_study_list
from notedeck.items.tables import read_tables
from notedeck.items.terms import read_terms
from notedeck.outline.blocks import Block, Kind, Outline, extents, leaves_of, plain_of
from notedeck.plain import shortened, squeezed

RECOGNISERS: dict[str, Recogniser] = {
    "headings": read_headings,
    "labels": read_labels,
    "details": read_details,
    "tables": read_tables,
    "terms": read_terms,
    "cloze": read_cloze,
    "study": read_study_list,
    "lines": read_lines,
    "every_heading": read_every_heading,
}
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
    in_folder: bool = False
    """Whether the book is the folder that the page lies in."""
    roles: str = ""
    """What each line of the source is: a letter a line, as in `account.Role`."""


@dataclass(frozen=True, slots=True)
class PagePlace:
    """Where a page lies among the others, and what that says of it."""

    name: str = ""
    """Its file's, without ending and id."""
    folders: tuple[str, ...] = ()
    """The folders between the notes' folder and the page, outermost first."""
    is_question: bool = False
    """Whether its title is a question by its place: it is a row of a database of questions."""


def read_items(outline: Outline, config: Config, place: PagePlace = PagePlace()) -> Reading:
    """Read the items of one outline, and report what could not be read."""
    page = divide(outline.blocks, config.subdecks, place.is_question)
    rows = [(section.chapter, _read_section(section.blocks, config, place)) for section in page.sections]
    has_chapters = any(chapter for chapter, _ in rows)
    in_folder = bool(place.folders) and not has_chapters and config.subdecks in ("auto", "file")
    if not has_chapters and config.subdecks in ("auto", "file"):
        levels = {block.span.start: block.level for section in page.sections for block in section.blocks if block.kind is Kind.HEADING}
        rows = _with_chapters(rows, page.title, levels, place, config)
    items = tuple(_in_chapter(one, chapter) for chapter, row in rows for one in row if isinstance(one, Item))
    items = tuple(_without_repeats(items))
    headings = [one for _, row in rows for one in row if isinstance(one, Block) and one.kind is Kind.HEADING]
    every = list(with_follow_ups(items))
    ledger = Ledger(outline, every, (*page.structure, *extents(leaves_of(headings))))
    told = [Diagnostic(item.span, "unanswered", (_asked(item),)) for item in every if not item.is_answered]
    unread = list(ledger.unread()) if every else [Diagnostic(outline.span, "no-questions")]
    tags = _page_tags(properties(outline.blocks), config)
    return Reading(outline.span, page.title, tags, items, ledger.account(), (*outline.diagnostics, *told, *unread), in_folder, ledger.roles())


_Rows = list[tuple[Chapter | None, list[Block | Item]]]


def _read_section(blocks: Sequence[Block], config: Config, place: PagePlace) -> list[Block | Item]:
    """One section as a row; on a page that is a question itself the title is, and all below it the answer."""
    item = read_title(blocks, config) if place.is_question else None
    return [item] if item else list(_read_row(blocks, config))


def _with_chapters(rows: _Rows, title: str, levels: Mapping[int, int], place: PagePlace, config: Config) -> _Rows:
    """Chapters for a page that numbers none: the page itself in a folder of pages, else its sections, if it has several.

    `levels` are those of all headings by their lines: a heading that is a question ends a section too.
    """
    row = [one for _, found in rows for one in found]
    is_asked = any(isinstance(one, Item) and one.span.start == 0 for one in row[:1]) and title
    numbered = None if title else read_chapter(place.name)
    if place.folders or numbered or config.subdecks == "file":
        return [(_folder_chapter(place) if is_asked else _own_chapter(title, place), row)]
    level = min((one.level for one in row if isinstance(one, Block) and one.kind is Kind.HEADING), default=0)
    sections: _Rows = [(None, [])]
    for one in row:
        if isinstance(one, Block) and one.kind is Kind.HEADING and one.level == level:
            sections.append((named_after(one), []))
        elif isinstance(one, Item) and levels.get(one.span.start, 7) <= level:
            sections.append((None, []))
        sections[-1][1].append(one)
    filled = sum(any(isinstance(one, Item) and one.is_answered for one in found) for chapter, found in sections if chapter)
    return sections if filled > 1 else rows


def _own_chapter(title: str, place: PagePlace) -> Chapter | None:
    """The chapter that a page stands for; a page that is named like its folder, or like a cover, stands for the book."""
    own = title if title and title not in place.folders[:1] else place.name
    if own in place.folders[:1] or own.casefold() in ("readme", "index"):
        return None
    return replace(read_chapter(own) or Chapter(own), folders=place.folders[1:])


def _folder_chapter(place: PagePlace) -> Chapter | None:
    """The chapter of a page that is one question: the folder it lies in, below the book's (a database of Notion is one)."""
    inner = place.folders[1:]
    return replace(read_chapter(inner[-1]) or Chapter(inner[-1]), folders=inner[:-1]) if inner else None


def _without_repeats(items: Sequence[Item]) -> Iterator[Item]:
    """Without the questions that nobody answered here and somebody did elsewhere on the page: a table of contents has such."""
    answered = {squeezed(plain_of(item.question)) for item in with_follow_ups(items) if item.is_answered}
    return (item for item in items if item.is_answered or item.follow_ups or squeezed(plain_of(item.question)) not in answered)


def _read_row(blocks: Sequence[Block], config: Config, without: str = "") -> Iterator[Block | Item]:
    """Blocks with items in the place of those that hold one; what nobody reads is searched for more inside."""
    asked = (recognise for name, recognise in RECOGNISERS.items() if config.recognisers[name] and name != without)
    for one in read_by(asked, list(blocks), config):
        if isinstance(one, Block) and one.kind in _OPEN:
            # the study list has looked into the bullets of its lists itself
            yield from _read_row(one.children, config, "study" if one.kind is Kind.LIST_ITEM else without)
        else:
            yield one


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
