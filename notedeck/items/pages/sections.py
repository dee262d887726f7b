"""Which chapter a block lies in, and what of a page is its title, its properties and its headings."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from notedeck.items.chapter import UNITS_AFTER, UNITS_BEFORE, Chapter, number_of
from notedeck.items.signs.asking import asks
from notedeck.items.signs.labels import answer_label, without_presenter
from notedeck.items.signs.looks import numbering
from notedeck.outline.blocks import ASKED, Block, Extent, Kind, cut, extents, leaves_of, lines_of, text_of, walk
from notedeck.plain import folded, squeezed

_SIGNS = re.compile(r"^[^\w\[(（【]*")
_UNIT_AFTER = re.compile(
    rf"[\W_]*(?:제\s*|第\s*)?(\d{{1,4}}|(?<=第)[一二三四五六七八九十]{{1,3}})\s?({UNITS_AFTER})"
    r"(?![가-힣])(?!\s?[~\-–]\s?\d)"
)
_UNIT_BEFORE = re.compile(
    rf"[\W_]*({UNITS_BEFORE})\s?\.?(\d{{1,4}}|(?<=\s)(?-i:[IVXivx]{{1,5}}))\b(?!\s?[~\-–]\s?[\dIVX])",
    re.IGNORECASE,
)
_RANKS = {**dict.fromkeys(("부", "部", "Part"), 2), **dict.fromkeys(("Item", "아이템", "규칙"), 1)}
"""Units above and below a chapter: they count as chapters only where a page has none, those below before those above."""
_COLON = re.compile("[:：]")
_YAML_ITEM = re.compile(r"\s*+-\s++(.*)")
_PROPERTY = re.compile(r"\s*[^\s:：/][^:：\n]{0,30}[:：](?!//).*")


@dataclass(frozen=True, slots=True)
class Section:
    """What lies below one chapter's heading, or outside all chapters."""

    chapter: Chapter | None
    blocks: tuple[Block, ...]
    """With the headings in it that are no chapter's."""


@dataclass(frozen=True, slots=True)
class Page:
    """A source, divided."""

    title: str
    """Its first `#` heading, or the empty string; a chapter's heading is no title."""
    sections: tuple[Section, ...]
    structure: tuple[Extent, ...]
    """Title, chapters' headings, presenters, properties, front matter."""


def read_chapter(text: str) -> Chapter | None:
    """A heading's chapter, if it is numbered: `1장 …`, `제1장 …`, `Chapter 1: …`, `1주차 …`."""
    bare = folded(_SIGNS.sub("", text))
    if found := _UNIT_AFTER.match(bare):
        return Chapter(bare, number_of(found[1]), found[2])
    if found := _UNIT_BEFORE.match(bare):
        unit = found[1].rstrip(".").capitalize()
        return Chapter(bare, number_of(found[2]), {"Ch": "Chapter"}.get(unit, unit))
    return None


def divide(blocks: Sequence[Block], subdecks: str = "auto", is_question: bool = False) -> Page:
    """Divide a page at its chapters' headings (those that lie in no list and no quotation), as deck.toml's `subdecks` says.

    A title that asks, or that `is_question` says is one, stays among the blocks of its section.
    """
    title = _title_of(blocks)
    asked = title if title and (is_question or title.info == ASKED or asks(text_of(title.leaves))) else None
    own = [*_metadata(blocks), *([title] if title and not asked else []), *_contents(blocks)]
    skipped = {id(block) for block in own}
    chapters = {} if subdecks in ("file", "flat") else _at_level(blocks, int(subdecks[1])) if subdecks != "auto" else _chapters(blocks)
    sections: list[Section] = []
    here: list[Block] = []
    chapter: Chapter | None = None
    depth = 0
    for block in blocks:
        if id(block) in skipped:
            continue
        found = chapters.get(id(block))
        if found and chapter and block.level > depth and found.unit != chapter.unit:
            found = None  # `### 3과 4의 차이` within a chapter counts nothing
        if found or (block.kind is Kind.HEADING and block.level <= depth):
            sections.append(Section(chapter, tuple(here)))
            here = []
            chapter, depth = (found, block.level) if found else (None, 0)
        if found:
            own.append(block)
        else:
            here.append(block)
    sections.append(Section(chapter, tuple(here)))
    return Page(_words_of(title), tuple(section for section in sections if section.blocks), extents(leaves_of(own)))


def _contents(blocks: Sequence[Block]) -> Iterator[Block]:
    """The page's tables of contents: lists of which most lines are the words of its headings."""
    names = {_name_of(block) for block in blocks if block.kind is Kind.HEADING}
    for block in blocks if len(names) > 1 else ():
        if block.kind in (Kind.BULLET_LIST, Kind.ORDERED_LIST):
            lines = [one for one in walk((block,)) if one.leaves]
            if len(lines) > 2 and 3 * sum(_name_of(line) in names for line in lines) >= 2 * len(lines):
                yield block


def _name_of(block: Block) -> str:
    """A line's words without its number, as a table of contents repeats them."""
    return squeezed(text_of(cut(block.leaves, numbering(block.leaves))))


def title_of(blocks: Sequence[Block]) -> str:
    """A page's title, or the empty string."""
    return _words_of(_title_of(blocks))


def _words_of(title: Block | None) -> str:
    return "" if title is None else folded(text_of(without_presenter(title.leaves)[0]))


def _chapters(blocks: Sequence[Block]) -> dict[int, Chapter]:
    """The chapters of a page by their headings' identity: of units of different rank the lowest count."""
    chapters = {id(block): found for block in blocks if (found := _chapter_of(block))}
    rank = min((_RANKS.get(found.unit, 0) for found in chapters.values()), default=0)
    return {place: found for place, found in chapters.items() if _RANKS.get(found.unit, 0) == rank}


def _at_level(blocks: Sequence[Block], level: int) -> dict[int, Chapter]:
    """Every heading of one level as a chapter, numbered or not."""
    headings = [block for block in blocks if block.kind is Kind.HEADING and block.level == level]
    return {id(block): _chapter_of(block) or named_after(block) for block in headings}


def named_after(heading: Block) -> Chapter:
    """A heading without a number, as a chapter."""
    return Chapter(folded(text_of(without_presenter(heading.leaves)[0])))


def _chapter_of(block: Block) -> Chapter | None:
    if block.kind is not Kind.HEADING:
        return None
    bare, _ = without_presenter(block.leaves)
    return read_chapter(text_of(bare))


def _title_of(blocks: Sequence[Block]) -> Block | None:
    """The first `#` heading, unless it is a chapter's, or one of several that ask."""
    tops = [block for block in blocks if block.kind is Kind.HEADING and block.level == 1]
    if not tops or _chapter_of(tops[0]):
        return None
    return None if len(tops) > 1 and all(asks(text_of(block.leaves)) for block in tops[:2]) else tops[0]


def end_of_section(blocks: Sequence[Block], place: int, stop: int) -> int:
    """The line where a heading's section ends: at the next heading of its level or above, else at `stop`."""
    level = blocks[place].level
    behind = (blocks[number] for number in range(place + 1, len(blocks)))
    return next((block.span.start for block in behind if block.kind is Kind.HEADING and block.level <= level), stop)


def _metadata(blocks: Sequence[Block]) -> Iterator[Block]:
    """Front matter, and the paragraph of `키: 값` lines that a Notion export has right below the title."""
    body = list(blocks)
    if body and body[0].kind is Kind.FRONT_MATTER:
        yield body.pop(0)
    if len(body) > 1 and body[0].kind is Kind.HEADING and body[0].level == 1 and is_properties(body[1]):
        yield body[1]


def is_properties(block: Block) -> bool:
    """Whether a paragraph is a page's properties: each line `키: 값`, and none of them a question or an answer."""
    lines = lines_of(block.leaves)
    own = [_PROPERTY.fullmatch(text_of(line)) and not asks(text_of(line)) and not answer_label(line) for line in lines]
    return block.kind is Kind.PARAGRAPH and bool(own) and all(own)


def properties(blocks: Sequence[Block]) -> dict[str, str]:
    """A page's properties, in its front matter and below its title: key -> value, as written; of a list, its values with commas."""
    found: dict[str, str] = {}
    for block in _metadata(blocks):
        if block.kind is Kind.FRONT_MATTER:
            found |= _front_matter(text_of(block.leaves))
        else:
            pairs = (_COLON.split(text_of(line), maxsplit=1) for line in lines_of(block.leaves))
            found |= {folded(key): folded(value) for key, value in pairs}
    return found


def _front_matter(text: str) -> dict[str, str]:
    """The keys of front matter that hold words, or a list of them in one of YAML's two ways."""
    found: dict[str, str] = {}
    key = ""
    for line in text.splitlines():
        item = _YAML_ITEM.fullmatch(line)
        if item is None:
            key, _, value = line.partition(":")
            key, found[folded(key)] = folded(key), ", ".join(_yaml_words(value.strip().strip("[]").split(",")))
        elif key:
            found[key] = ", ".join(filter(None, (found[key], *_yaml_words([item[1]]))))
    return found


def _yaml_words(values: Iterable[str]) -> list[str]:
    """Words as YAML has them, without the quotation marks and without the sign of a tag."""
    words = (folded(value).strip("\"'").removeprefix("#") for value in values)
    return [one for one in words if one]
