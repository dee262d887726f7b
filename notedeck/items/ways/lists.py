"""The study list: a bullet for each question, as study groups keep them in Notion.

    - p.5 a sentence of the book              - **[면접질문] the question**
      > the question? @이름                      A. the answer
      ***                                        - a follow-up?
      the answer                                   its answer

Nobody wrote it to a syntax. So each line of a bullet is given a part by what it says (`bullet_lines`): a line
that asks is the question, the book's sentence is context, and what comes after is the answer.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace
from itertools import groupby

from notedeck.config import Config
from notedeck.items.item import Item
from notedeck.items.recogniser import part_of_list
from notedeck.items.scope.bullet_parts import Bullet, has_words, take_apart
from notedeck.items.scope.follow_ups import on_one_line, read_bullet, with_answers_inside
from notedeck.items.signs.asking import asks, asks_at_end, asks_outright, has_question_mark, states, wonders
from notedeck.items.signs.looks import is_only_links, shows
from notedeck.items.signs.telling import asks_nobody, names_section
from notedeck.items.signs.titles import heads_agenda, heads_questions, heads_references, is_aside
from notedeck.outline.blocks import ASKED, Block, Kind, only_follow_ups, text_of

_LISTS = (Kind.BULLET_LIST, Kind.ORDERED_LIST)
_DEFINES = re.compile(r"\s*[^\s:：?？][^:：?？]{0,60}[:：]\s+\S.{9}")
"""A name and what it is (`버퍼: 잠시 담아 두는 자리`)."""


def read_study_list(blocks: Sequence[Block], config: Config) -> Iterator[Block | Item]:
    """The items among the bullets of a run of blocks, between two headings; a list that has some is yielded in parts."""
    above = ""
    for is_heading, group in groupby(map(with_answers_inside, blocks), lambda block: block.kind is Kind.HEADING):
        run = list(group)
        yield from run if is_heading or heads_references(above) else _read_lists(run, above, config)
        above = text_of(run[-1].leaves) if is_heading else ""


def _read_lists(blocks: Sequence[Block], above: str, config: Config) -> Iterator[Block | Item]:
    """The items of a run below a heading with these words; on an agenda what nobody answered is no question."""
    bullets = {id(child): take_apart(child, config) for block in blocks if block.kind in _LISTS for child in block.children}
    is_agenda = heads_agenda(above)
    evident = {place for place, bullet in bullets.items() if (bullet.has_body or not is_agenda) and _is_item(bullet, config)}
    bodies = sum(bullet.has_body for bullet in bullets.values())
    are_questions = heads_questions(above) or (len(evident) > 1 and 2 * len(evident) >= bodies)
    for block in blocks:
        found = [one for child in _bullets(block) for one in _items_in(bullets[id(child)], id(child) in evident, are_questions, config)]
        yield from _with_parts(block, found) if any(isinstance(one, Item) for one in found) else (block,)


def _with_parts(block: Block, found: Sequence[Block | Item]) -> Iterator[Block | Item]:
    """What became of a list's bullets, with those that nobody read as parts of the list: a bullet stands in no answer alone."""
    places = {id(child): place for place, child in enumerate(block.children, block.level)}
    for is_bullet, group in groupby(found, lambda one: id(one) in places):
        run = list(group)
        bullets = [one for one in run if is_bullet and isinstance(one, Block)]
        yield from part_of_list(block, bullets, places[id(bullets[-1])] + 1) if bullets else run


def _bullets(block: Block) -> tuple[Block, ...]:
    return block.children if block.kind in _LISTS else ()


def _items_in(bullet: Bullet, is_evident: bool, are_questions: bool, config: Config) -> Iterator[Block | Item]:
    """A bullet as an item; one that asks nothing is searched for some, and else is one by its place among questions."""
    if is_evident:
        item = read_bullet(bullet, config)
        yield from _below_topic(item) if _is_topic(bullet, item, config) else (item,)
        return
    has_lists = any(child.kind in _LISTS for child in bullet.block.children)
    found = list(read_study_list(bullet.block.children, config)) if has_lists else []
    if any(isinstance(one, Item) for one in found):
        yield from found
    elif are_questions and _may_be_item(bullet):
        yield read_bullet(bullet, config)
    else:
        yield bullet.block


def _is_topic(bullet: Bullet, item: Item, config: Config) -> bool:
    """Whether a bullet with a page asks nothing and holds nothing but questions with their answers: then it names what these are about."""
    if not item.follow_ups or bullet.is_labelled_question(config) or bullet.head_marks.labels or _asks_somewhere(bullet):
        return False
    return all(one.is_answered for one in item.follow_ups) and only_follow_ups(item.answer)


def _below_topic(item: Item) -> Iterator[Item]:
    """The questions below a topic, each with its page; the topic stands above the first one, as a sentence of the book does."""
    first, *others = item.follow_ups
    yield replace(first, context=(*item.question, *item.context, *first.context), marks=item.marks + first.marks)
    yield from (replace(one, marks=replace(one.marks, pages=one.marks.pages or item.marks.pages)) for one in others)


def _is_item(bullet: Bullet, config: Config) -> bool:
    """Whether a bullet that stands by itself is a question: by a page, a label, a quotation or its words."""
    marks = bullet.head_marks
    labelled = bullet.is_labelled_question(config) or marks.make_question(config)
    is_asked = labelled or bool(marks.pages) or bullet.block.info == ASKED or (_asks_somewhere(bullet) and not _is_chore(bullet))
    return is_asked and has_words(bullet) and (bullet.has_body or not _leads_elsewhere(bullet))


def _leads_elsewhere(bullet: Bullet) -> bool:
    """Whether a bullet's first line is nothing but links: without text below it stands in a table of contents."""
    return bullet.first is not None and is_only_links(bullet.first.bare)


def _is_chore(bullet: Bullet) -> bool:
    """Whether a bullet only says what is to be done (`[ ] 정리하기`): a task, or one with nothing below it."""
    return (bool(bullet.block.info) or not bullet.has_body) and bullet.first is not None and names_section(bullet.first.text)


def has_question(block: Block, config: Config) -> bool:
    """Whether a list has a bullet that is a question by itself, with an answer."""
    bullets = (take_apart(child, config) for child in block.children) if block.kind in _LISTS else ()
    return any(_is_item(bullet, config) and bullet.has_body for bullet in bullets)


def _asks_somewhere(bullet: Bullet) -> bool:
    """Whether the first line asks, or a quotation does, or any line before the rule, or a second line with an answer behind it."""
    for said in bullet.said:
        if (said is bullet.first or said.is_quoted or bullet.is_separated) and asks(said.text) and not asks_nobody(said.text):
            return bullet.has_body or asks_outright(said.text)
    if bullet.first is None or not bullet.has_body:
        ends = on_one_line(bullet.first.bare) if bullet.first else None
        return bool(bullet.first and ends and asks_at_end(bullet.first.text[: ends[0]]))
    second = bullet.said[1:2] if len(bullet.said) > 2 or shows(bullet.below) else ()
    text = bullet.first.text
    if states(text):
        return False
    return (wonders(text) and not asks_nobody(text)) or has_question_mark(text) or any(asks_at_end(one.text) for one in second)


def _may_be_item(bullet: Bullet) -> bool:
    """Whether a bullet among questions, which asks by no word, is one by its place: it has a body, is no aside and no definition."""
    first = bullet.first
    if first is None or first.is_blank or first.is_only_links or not bullet.has_body or bullet.block.info:
        return False
    return not (is_aside(first.text) or states(first.text) or _DEFINES.match(first.text))
