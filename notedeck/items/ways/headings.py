"""A heading that asks, and is answered below it; the questions in its 꼬리질문 section are its follow-ups.

    ## TCP란 무엇인가?
    연결을 맺고 …
    ### 꼬리질문
    - 3-way handshake는 왜 세 번인가요?
      …

And, as `every_heading`, each heading that has text right below it.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace

from notedeck.config import Config
from notedeck.diagnostics import Span
from notedeck.items.item import Item
from notedeck.items.recogniser import read_by
from notedeck.items.scope.bullet_parts import has_page
from notedeck.items.scope.follow_ups import finished, follow_up
from notedeck.items.scope.named import named
from notedeck.items.signs.labels import Marks, answer_label, is_answer_word, read_questions
from notedeck.items.signs.looks import numbering, says_something, shows
from notedeck.items.signs.titles import heads_follow_ups, is_aside
from notedeck.items.ways.emphasis import read_lines
from notedeck.items.ways.folds import read_details
from notedeck.items.ways.inside import read_inside
from notedeck.items.ways.labels import read_labels
from notedeck.items.ways.lists import read_study_list
from notedeck.items.ways.tables import read_tables
from notedeck.outline.blocks import ASKED, Block, Kind, cut, extents, leaves_of, plain_of, text_of

_IN_SECTION = (read_labels, read_details, read_tables, read_study_list, read_lines)


def read_headings(blocks: Sequence[Block], config: Config) -> Iterator[Block | Item]:
    """Read the headings of a run that ask; one with nothing below it but questions of their own is the heading of a section."""
    return _read(blocks, config, is_inside=False)


def read_title(blocks: Sequence[Block], config: Config) -> Item | None:
    """A page whose title is its question, whatever its words; None if the page has no title, or questions alone below it."""
    is_titled = bool(blocks) and blocks[0].kind is Kind.HEADING and blocks[0].level == 1
    return _question(blocks[0], blocks[1:], config) if is_titled else None


def read_every_heading(blocks: Sequence[Block], config: Config) -> Iterator[Block | Item]:
    """Read each heading that names something and has text right below it as a question for that."""
    place = 0
    above: dict[int, str] = {}
    while place < len(blocks):
        block = blocks[place]
        stop = _next_heading(blocks, place)
        words = bare_words(block) if block.kind is Kind.HEADING else ""
        above = {level: name for level, name in above.items() if level < block.level} if words else above
        if words and not is_aside(words) and says_something(blocks[place + 1 : stop]):
            yield named(_item(block, blocks[place + 1 : stop], Marks(), (), config), words, next(reversed(above.values()), ""))
        else:
            yield from blocks[place:stop]
        above = {**above, block.level: words} if words else above
        place = stop


def bare_words(heading: Block) -> str:
    """A heading's words without number and decoration; empty if it has none."""
    words = text_of(cut(heading.leaves, numbering(heading.leaves))).strip()
    return words if any(map(str.isalnum, words)) else ""


def _next_heading(blocks: Sequence[Block], place: int) -> int:
    return next((end for end in range(place + 1, len(blocks)) if blocks[end].kind is Kind.HEADING), len(blocks))


def _read(blocks: Sequence[Block], config: Config, is_inside: bool) -> Iterator[Block | Item]:
    """A run with its headings that ask as items; inside another one's answer, with the questions of its 꼬리질문 sections."""
    place = 0
    while place < len(blocks):
        block = blocks[place]
        is_heading = block.kind is Kind.HEADING
        if is_heading and is_inside and heads_follow_ups(plain_of((block,))):
            stop = _end(blocks, place)
            yield block
            yield from _read_section(blocks[place + 1 : stop], config)
        elif is_heading and block.info == ASKED and (item := _question(block, blocks[place + 1 : (stop := _end(blocks, place))], config)):
            yield item
        else:
            stop = place + 1
            yield block
        place = stop


def _read_section(blocks: Sequence[Block], config: Config) -> Iterator[Block | Item]:
    """The questions of a 꼬리질문 section, however they are written."""
    return iter(read_by(_IN_SECTION, list(_read(blocks, config, is_inside=True)), config))


def _end(blocks: Sequence[Block], place: int) -> int:
    """Where the text below a heading ends: at the next one of its level or above that is no `답변`."""
    level = blocks[place].level
    for end in range(place + 1, len(blocks)):
        block = blocks[end]
        is_answer = block.kind is Kind.HEADING and (is_answer_word(plain_of((block,))) or answer_label(block.leaves))
        if block.kind is Kind.HEADING and block.level <= level and not is_answer:
            return end
    return len(blocks)


def _question(heading: Block, below: Sequence[Block], config: Config) -> Item | None:
    """A heading's item; None if it is the heading of questions rather than one itself."""
    if any(has_page(block, config) for block in below):
        return None
    row = read_inside(list(_read(below, config, is_inside=True)), config)
    taken = [one for one in row if isinstance(one, Block) and one.kind is Kind.HEADING and _says_nothing(one)]
    skipped = {id(one) for one in taken}
    answer = [follow_up(one) if isinstance(one, Item) else one for one in row if id(one) not in skipped and not _is_open(one)]
    asked = tuple(one for one in row if isinstance(one, Item))
    item = _item(heading, answer, Marks(taken=extents(leaves_of(taken))), asked, config)
    is_section = not _has_own(item.answer) if item.is_answered else bool(item.follow_ups)
    return None if is_section else replace(item, span=Span(heading.span.path, heading.span.start, max(one.span.stop for one in (heading, *below))))


def _says_nothing(heading: Block) -> bool:
    words = plain_of((heading,))
    return heads_follow_ups(words) or is_answer_word(words)


def _is_open(one: Block | Item) -> bool:
    """Whether something is a question that nobody answered: it is told, and no part of an answer."""
    return isinstance(one, Item) and not one.is_answered


def _item(heading: Block, answer: Sequence[Block], marks: Marks, asked: tuple[Item, ...], config: Config) -> Item:
    number = numbering(heading.leaves)
    question, own = read_questions((cut(heading.leaves, number),), heading, config)
    taken = (*own.taken, *marks.taken, *extents(cut(heading.leaves, 0, number)))
    item = finished(heading.span, question, (), answer, replace(own, taken=taken), config)
    follow_ups = sorted((*asked, *item.follow_ups), key=lambda one: one.span.start)
    stop = max((block.span.stop for block in answer), default=heading.span.stop)
    return replace(item, follow_ups=tuple(follow_ups), span=replace(heading.span, stop=stop))


def _has_own(blocks: Sequence[Block]) -> bool:
    """Whether an answer says anything beside headings and the questions in it."""
    for block in blocks:
        if block.kind in (Kind.BULLET_LIST, Kind.ORDERED_LIST, Kind.LIST_ITEM) and block.children:
            if _has_own(block.children):
                return True
        elif block.kind not in (Kind.FOLLOW_UP, Kind.HEADING) and shows((block,)):
            return True
    return False
