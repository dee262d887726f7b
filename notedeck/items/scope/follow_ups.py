"""Items made of their parts: the answer without its label, and the follow-ups in it, which are bullets and folds that ask."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace

from notedeck.config import Config
from notedeck.diagnostics import Span
from notedeck.items.item import Item
from notedeck.items.scope.bare_answers import bare_answer, is_put_off, pointed_at_before, reveals
from notedeck.items.scope.bullet_lines import ANSWER, CONTEXT, QUESTION, parts_of
from notedeck.items.scope.bullet_parts import Bullet, Said, has_words, take_apart
from notedeck.items.signs.asking import asks, asks_at_end, asks_politely
from notedeck.items.signs.labels import Marks, answer_label, question_label, read_head, together
from notedeck.items.signs.looks import bold_question, defined_end, is_blank, numbering, shows
from notedeck.items.signs.telling import goes_on, names_section
from notedeck.machine.quick import quick
from notedeck.outline.blocks import ASKED, Block, Kind, Line, cut, extents, first_line, joined, leaves_of, lines_of, masked, text_of, trimmed

_LISTS = (Kind.BULLET_LIST, Kind.ORDERED_LIST)
_HOLDERS = (*_LISTS, Kind.LIST_ITEM, Kind.BLOCK_QUOTE, Kind.DETAILS)
"""What may hold follow-ups in an answer."""
_item = quick(Item)
_ON_ONE_LINE = re.compile(
    r"(?P<question>.*?[?？](?P<quoted>[\"”])?)\s*+"
    r"(?:→|->|=>|⇒|[:：]|(?<=\s)(?:A|답|답변|정답)\s?[.:：]|(?<=\s)[—–-](?=\s)(?!\s+[가-힣]{2,4}\s*$)|(?(quoted)(?=[(（])|(?!)))\s*+(?P<answer>\S.*)"
)
"""A question with its answer behind it on its line; a word of a few syllables behind a dash may be somebody's name."""
_SUMS_UP = re.compile(r"(?:정리|요약|후기|회고|소감|느낀\s?점|공지|안내|출석(?:\s?체크)?)$")
"""How the name of a fold ends that stands among questions and is none."""


def finished(span: Span, question: tuple[Block, ...], context: tuple[Block, ...], answer: Sequence[Block], marks: Marks, config: Config) -> Item:
    """An item of its parts: the answer without its label and with its follow-ups found; one that only asks on is no answer."""
    if not answer:
        return _item(span, question, context, (), marks)
    pointed_at, answer = pointed_at_before(answer, question)
    bare, label = bare_answer(answer)
    bare, asked_on = _without_questions_behind(bare, config)
    bare, follow_ups = folded_in(bare, config)
    follow_ups += asked_on
    if _is_waiting(bare, follow_ups) or is_put_off(bare) or (bare and goes_on(text_of(bare[0].leaves))):
        bare = ()
    marks = replace(marks, taken=marks.taken + label) if label else marks
    return _item(span, question, (*context, *pointed_at), bare, marks, follow_ups)


def _without_questions_behind(answer: tuple[Block, ...], config: Config) -> tuple[tuple[Block, ...], tuple[Item, ...]]:
    """An answer without a list behind it that only asks on, and the questions of that, which nobody answered."""
    last = answer[-1] if len(answer) > 1 else None
    if last is None or last.kind not in _LISTS or not all(_asks_only(bullet) for bullet in last.children):
        return answer, ()
    return answer[:-1], tuple(read_bullet(take_apart(bullet, config), config) for bullet in last.children)


def _asks_only(bullet: Block) -> bool:
    """Whether a bullet is one line that asks."""
    if len(bullet.children) != 1 or bullet.children[0].kind is not Kind.PARAGRAPH:
        return False
    lines = lines_of(bullet.children[0].leaves)
    return len(lines) == 1 and asks_at_end(masked(lines[0])) and not on_one_line(lines[0])


def _is_waiting(answer: tuple[Block, ...], follow_ups: tuple[Item, ...]) -> bool:
    """Whether all that an answer holds is questions that nobody answered."""
    if not shows(answer):
        return True
    open_lines = {line for item in follow_ups if not item.is_answered for line in range(item.span.start, item.span.stop)}
    return bool(open_lines) and all(leaf.line in open_lines for leaf in leaves_of(answer))


def folded_in(blocks: Sequence[Block], config: Config) -> tuple[tuple[Block, ...], tuple[Item, ...]]:
    """Find the follow-ups in an answer: the answer with a `FOLLOW_UP` block for each, and the items themselves."""
    if not any(block.kind in _HOLDERS for block in blocks):
        return tuple(blocks), ()
    pairs = [_fold_block(block, config) for block in blocks]
    return tuple(block for block, _ in pairs), tuple(item for _, items in pairs for item in items)


def _fold_block(block: Block, config: Config) -> tuple[Block, tuple[Item, ...]]:
    block = with_answers_inside(block)
    if block.kind is Kind.LIST_ITEM:
        return _fold_bullet(block, config)
    if block.kind is Kind.DETAILS and (item := asked_fold(block, config)) and item.is_answered:
        return follow_up(item), (item,)
    if block.kind not in _HOLDERS:
        return block, ()
    children, items = folded_in(block.children, config)
    return (replace(block, children=children) if items else block), items


def _fold_bullet(block: Block, config: Config) -> tuple[Block, tuple[Item, ...]]:
    bullet = take_apart(block, config)
    if _is_follow_up(bullet, config):
        item = read_bullet(bullet, config)
        if item.is_answered:
            return follow_up(item), (item,)
        if item.follow_ups or bullet.is_labelled_question(config) or asks_politely(bullet.said[0].text):
            return block, (replace(item, marks=replace(item.marks, taken=())),)
    children, items = folded_in(block.children, config)
    return (replace(block, children=children) if items else block), items


def _is_follow_up(bullet: Bullet, config: Config) -> bool:
    """Whether a bullet inside an answer is a question: only if its first line asks, or is labelled as a question."""
    if bullet.first is None or not has_words(bullet):
        return False
    return (
        bullet.is_labelled_question(config)
        or bullet.block.info == ASKED
        or asks_at_end(bullet.first.text)
        or (not bullet.has_body and on_one_line(bullet.first.bare) is not None)
        or (bool(bullet.head_marks.pages) and any(asks(said.text) for said in bullet.said))
    )


def follow_up(item: Item) -> Block:
    """An answered question as it stands in the answer above it."""
    return Block(Kind.FOLLOW_UP, item.span, children=(*item.question, *item.context, *item.answer))


def with_answers_inside(block: Block) -> Block:
    """A list in which a bullet labelled as an answer (`- A. …`) lies in the one right before it, if that is a question without any."""
    children: list[Block] = []
    for child in block.children if block.kind in _LISTS else ():
        if children and _is_answer(child) and _waits_for_answer(children[-1]):
            asked = children.pop()
            children.append(replace(asked, span=replace(asked.span, stop=child.span.stop), children=(*asked.children, *child.children)))
        else:
            children.append(child)
    return replace(block, children=tuple(children)) if len(children) < len(block.children) and children else block


def _is_answer(bullet: Block) -> bool:
    """Whether a bullet is labelled as an answer."""
    return bool(bullet.children) and answer_label(first_line(bullet.children[0].leaves)) > 0


def _waits_for_answer(bullet: Block) -> bool:
    """Whether a bullet is a question, labelled or by its words, with nothing below it."""
    return _asks_only(bullet) or (len(bullet.children) == 1 and question_label(first_line(bullet.children[0].leaves)) > 0)


def asked_fold(block: Block, config: Config, by_place: bool = False) -> Item | None:
    """A fold as an item if its summary asks or is labelled as a question, or is one by its form, or `by_place`: it stands among others that ask."""
    summary = block.children[0] if block.children and block.children[0].kind is Kind.SUMMARY else None
    if summary is None or reveals(block):
        return None
    number = numbering(summary.leaves)
    line, marks = read_head(cut(summary.leaves, number), config)
    marks += Marks(taken=extents(cut(summary.leaves, 0, number)))
    text = masked(line).strip()
    labelled = bool(question_label(summary.leaves)) or marks.make_question(config)
    is_by_place = (by_place or block.info == ASKED) and shows(block.children[1:]) and not _SUMS_UP.search(text)
    if is_blank(line) or not (labelled or (asks_at_end(text) and not names_section(text)) or is_by_place):
        return None
    question = (replace(summary, kind=Kind.PARAGRAPH, leaves=line),)
    return finished(block.span, question, (), block.children[1:], marks, config)


def read_bullet(bullet: Bullet, config: Config) -> Item:
    """A bullet that is a question as an item."""
    parts = parts_of(bullet, config)
    question = [said for said in bullet.said if parts[said] is QUESTION and not said.is_blank]
    context = [said for said in bullet.said if parts[said] is CONTEXT and not said.is_blank]
    marks = together(said.marks for said in bullet.said if parts[said] is not ANSWER)
    if not bullet.below and len(bullet.said) == 1 and (ends := on_one_line(bullet.said[0].bare)):
        return _read_line(bullet, *ends)
    answer = (*_paragraphs([said for said in bullet.said if parts[said] is ANSWER]), *bullet.below)
    return finished(bullet.block.span, _one_paragraph(question), (*_one_paragraph(context), *bullet.pointed_at), answer, marks, config)


def on_one_line(line: Line) -> tuple[int, int] | None:
    """Where a question ends and its answer begins on the same line: behind an arrow or a dash, or where the bold ends."""
    if (found := _ON_ONE_LINE.match(masked(line))) and not asks(found["answer"]):
        return found.end("question"), found.start("answer")
    end = bold_question(line) or defined_end(line)
    return (end, end) if end and not asks(masked(cut(line, end))) else None


def _read_line(bullet: Bullet, end: int, begin: int) -> Item:
    """Question and answer on one line: `왜 그런가요? → 빠르기 때문이다`."""
    said = bullet.said[0]
    question, answer = cut(said.bare, 0, end), trimmed(cut(said.bare, begin))
    taken = (*said.marks.taken, *extents(cut(said.bare, end, begin)))
    blocks = [replace(said.holder, leaves=leaves) for leaves in (question, answer)]
    return Item(bullet.block.span, (blocks[0],), (), (blocks[1],), replace(said.marks, taken=taken))


def _one_paragraph(said: Sequence[Said]) -> tuple[Block, ...]:
    if not said:
        return ()
    return (said[0].holder.with_leaves(joined([one.bare for one in said])),)


def _paragraphs(said: Sequence[Said]) -> tuple[Block, ...]:
    """Lines as the paragraphs and quotations that they came from."""
    groups: dict[int, list[Said]] = {}
    for one in said:
        groups.setdefault(id(one.holder), []).append(one)
    blocks = []
    for group in groups.values():
        block = group[0].holder.with_leaves(joined([one.line for one in group]))
        blocks.append(Block(Kind.BLOCK_QUOTE, block.span, children=(block,)) if group[0].is_quoted else block)
    return tuple(blocks)
