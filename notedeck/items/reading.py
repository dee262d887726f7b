"""All items of one outline, and what became of its text."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import partial

from notedeck.account import Account
from notedeck.config import Config
from notedeck.corrections.correction import As, Told
from notedeck.diagnostics import Diagnostic, Span
from notedeck.items.item import Item
from notedeck.items.ledger import Ledger, Role
from notedeck.items.pages.forms import with_forms
from notedeck.items.pages.headings import levels_of, with_headings
from notedeck.items.pages.marked import with_section_marks
from notedeck.items.pages.nesting import nested
from notedeck.items.pages.sections import divide, properties, title_of
from notedeck.items.pages.subdecks import ANYWHERE, PagePlace, Rows, asks_its_title, with_sections
from notedeck.items.pages.waiting import asked, told_waiting
from notedeck.items.recogniser import Recogniser, read_by
from notedeck.items.scope.footnotes import with_footnotes, without_footnotes
from notedeck.items.scope.marked_words import with_marked_words
from notedeck.items.scope.mended import mended
from notedeck.items.signs.labels import question_label
from notedeck.items.told.correcting import Corrected, corrected, with_headings_told
from notedeck.items.told.lines import Lines, lines_in
from notedeck.items.ways.emphasis import read_lines
from notedeck.items.ways.folds import read_details
from notedeck.items.ways.gaps import read_cloze
from notedeck.items.ways.headings import read_every_heading, read_headings, read_title
from notedeck.items.ways.inside import with_inside
from notedeck.items.ways.labels import read_labels
from notedeck.items.ways.lists import read_study_list
from notedeck.items.ways.outlines import read_outlines
from notedeck.items.ways.tables import read_tables
from notedeck.items.ways.terms import read_terms
from notedeck.outline.blocks import Block, Kind, Outline, extents, leaves_of, plain_of
from notedeck.outline.highlights import with_highlights
from notedeck.plain import alike, squeezed, visible

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
    "outlines": read_outlines,
}
"""The ways of writing a question, in the order in which they are asked: what one has read, no other one sees."""

_LISTS = (Kind.BULLET_LIST, Kind.ORDERED_LIST)
_OPEN = (*_LISTS, Kind.BLOCK_QUOTE, Kind.ASIDE, Kind.DETAILS)
"""Blocks that may hold questions though they are none."""
_GAPS_DEPTH = 10
"""Blocks in blocks below which no gap is searched for: it is searched for in all that lies in a block, at each depth anew."""
_SCREEN = 1_200
"""Characters that a phone shows on a screen or two; who reads more has forgotten the question."""
_SIGNS = ("::", "==", "{{")
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
    is_question: bool = False
    """Whether the page's title is its question."""
    roles: str = ""
    """What each line of the source is: a letter a line, as in `ledger.Role`."""
    headings: int = 0
    """Headings with text right below that nobody reads, as `every_heading` would."""
    outlines: int = 0
    """On a page where nobody reads anything, the bullets that name something, as `outlines` would."""


def read_items(outline: Outline, config: Config, place: PagePlace = ANYWHERE, told: Sequence[Told] = ()) -> Reading:
    """Read the items of one outline, as far as its author tells nothing else, and report what could not be read."""
    outline = outline if config.recognisers["cloze"] else with_highlights(outline)
    blocks, notes = without_footnotes(outline.blocks)
    whole = mended(blocks)
    page = divide(with_forms(whole, title_of(whole), config), config.subdecks, place.is_question)
    rows = [(section.chapter, _read_section(section.blocks, config, place)) for section in page.sections]
    is_unnumbered = config.subdecks == "auto" and not any(chapter for chapter, _ in rows)
    is_question = is_unnumbered and asks_its_title(rows, page)
    rows = with_sections(rows, page) if is_unnumbered else rows
    rows, found = (
        _as_told(rows, levels_of(page), Lines(whole, notes.values()), told, config) if told else (rows, _found(rows, levels_of(page), config))
    )
    notes = {name: note for name, note in notes.items() if found.apart.keys().isdisjoint(lines_in((note,)))} if found.apart else notes
    items, labels = with_section_marks(found.items, outline, place, config)
    items = nested(items, whole, config)
    items = tuple(map(with_marked_words, items)) if config.recognisers["cloze"] else items
    items = tuple(with_footnotes(items, notes)) if notes else items
    headings = [one for _, row in rows for one in row if isinstance(one, Block) and one.kind is Kind.HEADING]
    every = list(with_follow_ups(items))
    ledger = Ledger(outline, every, (*page.structure, *labels, *extents(leaves_of(headings))), _told_roles(found.apart))
    problems = [*told_waiting(every)]
    problems += [Diagnostic(item.span, "long-answer", (asked(item), str(length))) for item in every if (length := _too_long(item))]
    unread = list(ledger.unread()) if every else [Diagnostic(outline.span, "no-questions")]
    tags = _page_tags(properties(outline.blocks), config)
    return Reading(
        outline.span,
        page.title,
        tags,
        items,
        ledger.account(),
        (*outline.diagnostics, *problems, *unread),
        is_question,
        ledger.roles(),
        sum(_count(read_by((read_every_heading,), row, config)) - _count(row) for _, row in rows),
        0 if every else sum(_count(tuple(read_outlines(section.blocks, config))) for section in page.sections),
    )


def _count(row: Sequence[Block | Item]) -> int:
    """How many items there are in a row."""
    return sum(isinstance(one, Item) for one in row)


def _read_section(blocks: Sequence[Block], config: Config, place: PagePlace) -> list[Block | Item]:
    """One section as a row; on a page that is a question itself the title is, and all below it the answer."""
    item = read_title(blocks, config) if place.is_question else None
    return [item] if item else list(_read_row(blocks, config))


def _items_in(rows: Rows, levels: Mapping[int, int], config: Config) -> Iterator[Item]:
    """The items of a page's sections, each in its chapter, below its headings, and with the questions inside its answer."""
    for chapter, row in rows:
        for one, above in with_headings(row, chapter, levels):
            yield with_inside(one, config).in_place(chapter, above)


def _found(rows: Rows, levels: Mapping[int, int], config: Config) -> Corrected:
    """The items of a page as they are read."""
    return Corrected(tuple(_without_repeats(list(_items_in(rows, levels, config)))), {})


def _as_told(rows: Rows, levels: Mapping[int, int], lines: Lines, told: Sequence[Told], config: Config) -> tuple[Rows, Corrected]:
    """A page's rows and its items as its author tells them to be."""
    rows = with_headings_told(rows, lines, told)
    return rows, corrected(_found(rows, levels, config).items, lines, told, partial(_placed, rows=rows, levels=levels), config)


def _placed(item: Item, rows: Rows, levels: Mapping[int, int]) -> Item:
    """An item that no row has, in the chapter and below the headings that stand above it."""
    chapter, row = next(((chapter, row) for chapter, row in reversed(rows) if row[:1] and row[0].span.start <= item.span.start), (None, []))
    above = [one for one in row if one.span.start < item.span.start]
    [*_, (_, headings)] = with_headings([*above, item], chapter, levels)
    return item.in_place(chapter, headings)


def _told_roles(apart: Mapping[int, As]) -> dict[int, Role]:
    """The lines that are told to be structure, or nothing."""
    roles = {As.HEADING: Role.HEADING, As.NOTHING: Role.ASIDE}
    return {line: roles[one] for line, one in apart.items() if one in roles}


def _without_repeats(items: Sequence[Item]) -> Iterator[Item]:
    """Without the questions that nobody answered here and somebody did elsewhere on the page: a table of contents has such."""
    if all(item.is_answered or item.follow_ups for item in items) or not any(item.is_answered for item in items):
        return iter(items)
    answered = {squeezed(plain_of(item.question)) for item in with_follow_ups(items) if item.is_answered}
    return (item for item in items if item.is_answered or item.follow_ups or squeezed(plain_of(item.question)) not in answered)


def _read_row(blocks: Sequence[Block], config: Config, without: frozenset[str] = frozenset(), depth: int = 0) -> Iterator[Block | Item]:
    """Blocks with items in the place of those that hold one, by all recognisers but some; what nobody reads is searched for more inside."""
    without = without | {"cloze"} if depth == _GAPS_DEPTH else without
    asked = (recognise for name, recognise in RECOGNISERS.items() if config.recognisers[name] and name not in without)
    for one in read_by(asked, list(blocks), config):
        if isinstance(one, Item) or one.kind not in _OPEN:
            yield one
        elif one.kind in _LISTS:
            # a bullet by itself is nobody's question, and into those of its lists the study list has looked itself
            for bullet in one.children:
                if not _is_one_plain_line(bullet.children):
                    yield from _read_row(bullet.children, config, without | {"study", "outlines"}, depth + 1)
        elif one.children:
            yield from _read_row(one.children, config, without, depth + 1)


def _is_one_plain_line(blocks: Sequence[Block]) -> bool:
    """Whether blocks are one line without any mark of a question or of a gap: there are many such, and nothing is to be found in them."""
    if len(blocks) != 1 or blocks[0].kind is not Kind.PARAGRAPH or len(blocks[0].leaves) != 1:
        return not blocks
    [leaf] = blocks[0].leaves
    return not leaf.marks and not any(mark in leaf.text for mark in _SIGNS) and not question_label(blocks[0].leaves)


def with_follow_ups(items: Sequence[Item]) -> Iterator[Item]:
    """Each item, and right after it its follow-ups, to any depth."""
    for item in items:
        yield item
        if item.follow_ups:
            yield from with_follow_ups(item.follow_ups)


def _too_long(item: Item) -> int:
    """How many characters the answer to a heading that only names its matter has, if they are more than a screen; else 0."""
    length = visible(plain_of(item.answer)) if item.is_name else 0
    return length if length > _SCREEN else 0


def _page_tags(found: dict[str, str], config: Config) -> tuple[str, ...]:
    values = [value.strip() for key, text in found.items() if key.casefold() in _TAG_KEYS for value in text.split(",")]
    wanted = {alike(tag): tag for tag in config.page_tags}
    return tuple(wanted[alike(value)] for value in values if alike(value) in wanted)
