"""The study list: a bullet for each question, as study groups keep them in Notion.

    - p.5 a sentence of the book              - **[면접질문] the question**
      > the question? @이름                      A. the answer
      ***                                        - a follow-up?
      the answer                                   its answer

Nobody wrote it to a syntax. So each line of a bullet is given a part by what it says (`_parts`): a line
that asks is the question, the book's sentence is context, and what comes after is the answer.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from enum import Enum, auto

from notedeck.config import Config
from notedeck.items.forms import asks, asks_at_end, asks_politely, states, trails_off
from notedeck.items.marks import Marks, answer_label, is_blank, is_only_links, read_head
from notedeck.items.model import Item
from notedeck.outline.blocks import Block, Kind, LeafKind, Line, cut, extents, joined, leaves_of, lines_of, masked, text_of

_LISTS = (Kind.BULLET_LIST, Kind.ORDERED_LIST)


class _Part(Enum):
    QUESTION = auto()
    CONTEXT = auto()
    ANSWER = auto()


@dataclass(frozen=True, slots=True, eq=False)
class _Said:
    """One line at the head of a bullet."""

    line: Line
    """As written."""
    bare: Line
    """Without labels, pages and mentions."""
    marks: Marks
    holder: Block
    """The paragraph that it stands in."""
    is_quoted: bool

    @property
    def text(self) -> str:
        return masked(self.bare).strip()


@dataclass(frozen=True, slots=True)
class _Bullet:
    """A bullet, taken apart: the lines at its head, and the blocks below them."""

    block: Block
    said: tuple[_Said, ...]
    below: tuple[Block, ...]
    is_separated: bool
    """Whether a rule stands between the two."""

    @property
    def head_marks(self) -> Marks:
        """The marks of the first line that shows anything, and of those before it."""
        marks = Marks()
        for said in self.said:
            marks += said.marks
            if not is_blank(said.bare):
                break
        return marks


def read_study_list(blocks: Sequence[Block], config: Config) -> Iterator[Item]:
    """Items among the bullets of `blocks`, outermost first; a bullet that asks nothing is searched for some."""
    for block in blocks:
        if block.kind in _LISTS:
            for child in block.children:
                bullet = _take_apart(child, config)
                if _is_item(bullet, config):
                    yield _read(bullet, config)
                else:
                    yield from read_study_list(child.children, config)


def _take_apart(block: Block, config: Config) -> _Bullet:
    rule = _separator(block.children)
    head = list(block.children[:rule])
    if rule is None:
        head = []
        for child in block.children:
            if not _is_head(child):
                break
            head.append(child)
    below = block.children[len(head) if rule is None else rule + 1 :]
    said = tuple(one for child in head for one in _said(child, config))
    return _Bullet(block, said, below, rule is not None)


def _separator(children: Sequence[Block]) -> int | None:
    """The place of the rule between question and answer: only paragraphs and quotations before it, something after it.

    A rule after the answer, or at the end with nothing behind it, separates nothing.
    """
    for place, child in enumerate(children):
        if child.kind is Kind.THEMATIC_BREAK:
            return place if place and _shows(children[place + 1 :]) else None
        if not _is_head(child):
            return None
    return None


def _is_head(block: Block) -> bool:
    quoted = block.kind is Kind.BLOCK_QUOTE and all(child.kind is Kind.PARAGRAPH for child in block.children)
    return block.kind is Kind.PARAGRAPH or quoted


def _said(block: Block, config: Config) -> Iterator[_Said]:
    for holder in block.children if block.kind is Kind.BLOCK_QUOTE else (block,):
        for line in lines_of(holder.leaves):
            bare, marks = read_head(line, config)
            yield _Said(line, bare, marks, holder, block.kind is Kind.BLOCK_QUOTE)


def _shows(blocks: Sequence[Block]) -> bool:
    """Whether blocks show anything to learn: text, a picture, a link."""
    return any(leaf.text.strip() or leaf.kind is LeafKind.IMAGE or leaf.marks for leaf in leaves_of(blocks))


def _is_item(bullet: _Bullet, config: Config) -> bool:
    """Whether a bullet that stands by itself is a question: by a page, a label, a quotation or its words."""
    marks = bullet.head_marks
    labelled = any(config.tag_of(label) not in ("", "참고") for label in marks.labels)
    return bool(bullet.said) and (labelled or bool(marks.pages) or _asks_somewhere(bullet))


def _is_follow_up(bullet: _Bullet, config: Config) -> bool:
    """Whether a bullet inside an answer is a question: only if its first line asks, or is labelled as a question."""
    if not bullet.said:
        return False
    first = next((said for said in bullet.said if not is_blank(said.bare)), bullet.said[0])
    return _is_labelled_question(bullet, config) or asks_at_end(first.text) or (bool(bullet.head_marks.pages) and _asks_somewhere(bullet))


def _is_labelled_question(bullet: _Bullet, config: Config) -> bool:
    return any("질문" in config.tag_of(label) for label in bullet.head_marks.labels)


def _asks_somewhere(bullet: _Bullet) -> bool:
    """Whether the first line asks, or a quotation does, or any line before the rule."""
    return any(asks(said.text) for number, said in enumerate(bullet.said) if not number or said.is_quoted or bullet.is_separated)


def _read(bullet: _Bullet, config: Config) -> Item:
    parts = _parts(bullet, config)
    question = [said for said in bullet.said if parts[said] is _Part.QUESTION and not is_blank(said.bare)]
    context = [said for said in bullet.said if parts[said] is _Part.CONTEXT and not is_blank(said.bare)]
    marks = sum((said.marks for said in bullet.said if parts[said] is not _Part.ANSWER), Marks())
    answer = _paragraphs([said for said in bullet.said if parts[said] is _Part.ANSWER]) + bullet.below
    answer, label = _without_label(_without_rules(answer))
    answer, follow_ups = _fold(answer, config)
    if _is_waiting(answer, follow_ups):
        answer = ()
    return Item(bullet.block.span, _one_paragraph(question), _one_paragraph(context), answer, replace(marks, taken=marks.taken + label), follow_ups)


def _parts(bullet: _Bullet, config: Config) -> dict[_Said, _Part]:
    """What each line at the head of a bullet is."""
    parts = dict.fromkeys(bullet.said, _Part.ANSWER)
    front: list[_Said] = []
    for said in bullet.said:
        if front and answer_label(said.line):
            break
        if is_blank(said.bare):
            parts[said] = _Part.CONTEXT
        elif not is_only_links(said.bare) or said is bullet.said[0]:
            front.append(said)
    if any(said.is_quoted for said in front):
        parts.update(_parts_with_quotation(bullet, front))
    elif front:
        parts.update(_parts_without_quotation(bullet, front, config))
    return parts


def _parts_with_quotation(bullet: _Bullet, front: Sequence[_Said]) -> dict[_Said, _Part]:
    """A quotation is the question, unless it asks nothing and a line beside it does."""
    quoted = [said for said in front if said.is_quoted]
    beside = [said for said in front if not said.is_quoted]
    asking = [said for said in beside if asks(said.text)]
    before = front[: front.index(quoted[0])]
    if any(asks(said.text) for said in quoted) or (not asking and (bullet.is_separated or bullet.head_marks.pages)):
        question = quoted
    else:
        question = asking or list(before[:1])
    parts = dict.fromkeys(question, _Part.QUESTION)
    for said in front:
        if said in parts:
            continue
        is_reference = said.is_quoted and bool(bullet.head_marks.pages) and _shows(bullet.below)
        comes_first = front.index(said) < front.index(question[-1]) if question else True
        parts[said] = _Part.CONTEXT if bullet.is_separated or comes_first or is_reference else _Part.ANSWER
    return parts


def _parts_without_quotation(bullet: _Bullet, front: Sequence[_Said], config: Config) -> dict[_Said, _Part]:
    """The first line is the question if it is labelled or asks; else it is the book's, and those that ask are."""
    first, rest = front[0], front[1:]
    asking = [said for said in rest if asks(said.text)]
    book_asks = bool(bullet.head_marks.pages) and not asks_politely(first.text) and any(asks_politely(said.text) for said in asking)
    if not rest or _is_labelled_question(bullet, config) or (asks(first.text) and not book_asks):
        begin = 0
    elif asking:
        begin = front.index(asking[0])
    else:
        begin = _silent_question(bullet, rest)
    divides_answer = begin == 0 and not bullet.head_marks.pages and any(states(said.text) for said in rest)
    if bullet.is_separated and not divides_answer:
        return _before_the_rule(front, begin)
    return _without_a_rule(front, begin)


def _silent_question(bullet: _Bullet, rest: Sequence[_Said]) -> int:
    """Where the question begins when no line asks: below the book's sentence if a rule or a list shows its end."""
    one_line = len(rest) == 1 and not states(rest[0].text) and _shows(bullet.below)
    return 1 if bullet.head_marks.pages and (bullet.is_separated or one_line) else 0


def _before_the_rule(front: Sequence[_Said], begin: int) -> dict[_Said, _Part]:
    """Before a rule nothing is an answer: a statement is the book's, all else belongs to the question."""
    return {
        said: _Part.QUESTION if place == begin or (place > begin and not states(said.text)) else _Part.CONTEXT for place, said in enumerate(front)
    }


def _without_a_rule(front: Sequence[_Said], begin: int) -> dict[_Said, _Part]:
    """Without a rule the question ends where its lines stop asking; a line that trails off is still the asker's."""
    end = begin + 1
    while end < len(front) and asks_at_end(front[end].text):
        end += 1
    parts = {said: _Part.CONTEXT if place < begin else _Part.QUESTION if place < end else _Part.ANSWER for place, said in enumerate(front)}
    for said in front[end:]:
        if not trails_off(said.text) or states(said.text.rstrip(".…")):
            break
        parts[said] = _Part.CONTEXT
    return parts


def _one_paragraph(said: Sequence[_Said]) -> tuple[Block, ...]:
    if not said:
        return ()
    return (replace(said[0].holder, leaves=joined(one.bare for one in said)),)


def _paragraphs(said: Sequence[_Said]) -> tuple[Block, ...]:
    """Lines as the paragraphs and quotations that they came from."""
    groups: dict[int, list[_Said]] = {}
    for one in said:
        groups.setdefault(id(one.holder), []).append(one)
    blocks = []
    for group in groups.values():
        block = replace(group[0].holder, leaves=joined(one.line for one in group))
        blocks.append(Block(Kind.BLOCK_QUOTE, block.span, children=(block,)) if group[0].is_quoted else block)
    return tuple(blocks)


def _without_rules(blocks: tuple[Block, ...]) -> tuple[Block, ...]:
    """Without the rules at both ends; one inside divides the answer."""
    solid = [place for place, block in enumerate(blocks) if block.kind is not Kind.THEMATIC_BREAK and _shows((block,))]
    return blocks[solid[0] : solid[-1] + 1] if solid else ()


def _without_label(blocks: tuple[Block, ...]) -> tuple[tuple[Block, ...], tuple[tuple[int, int], ...]]:
    """Take `A.` off an answer, unless a line with `B.` shows that it counts; says what was taken."""
    first = blocks[0] if blocks else None
    if first is None or first.kind is not Kind.PARAGRAPH or not (end := answer_label(first.leaves)):
        return blocks, ()
    if any(text_of(line).lstrip().startswith(("B.", "B)", "B:")) for block in blocks for line in lines_of(block.leaves)):
        return blocks, ()
    rest = replace(first, leaves=cut(first.leaves, end))
    kept = blocks[1:] if is_blank(rest.leaves) else (rest, *blocks[1:])
    return kept, extents(cut(first.leaves, 0, end))


def _fold(blocks: tuple[Block, ...], config: Config) -> tuple[tuple[Block, ...], tuple[Item, ...]]:
    """Find the follow-ups in an answer: the answer with a `FOLLOW_UP` block for each, and the items themselves."""
    pairs = [_fold_block(block, config) for block in blocks]
    return tuple(block for block, _ in pairs), tuple(item for _, items in pairs for item in items)


def _fold_block(block: Block, config: Config) -> tuple[Block, tuple[Item, ...]]:
    if block.kind is Kind.LIST_ITEM:
        return _fold_bullet(block, config)
    if block.kind not in (*_LISTS, Kind.BLOCK_QUOTE):
        return block, ()
    children, items = _fold(block.children, config)
    return (replace(block, children=children) if items else block), items


def _fold_bullet(block: Block, config: Config) -> tuple[Block, tuple[Item, ...]]:
    bullet = _take_apart(block, config)
    if _is_follow_up(bullet, config):
        item = _read(bullet, config)
        if item.is_answered:
            return Block(Kind.FOLLOW_UP, block.span, children=(*item.question, *item.context, *item.answer)), (item,)
        if item.follow_ups or _is_labelled_question(bullet, config) or asks_politely(bullet.said[0].text):
            return block, (replace(item, marks=replace(item.marks, taken=())),)
    children, items = _fold(block.children, config)
    return (replace(block, children=children) if items else block), items


def _is_waiting(answer: tuple[Block, ...], follow_ups: tuple[Item, ...]) -> bool:
    """Whether all that an answer holds is questions that nobody answered."""
    if not _shows(answer):
        return True
    open_lines = {line for item in follow_ups if not item.is_answered for line in range(item.span.start, item.span.stop)}
    return bool(open_lines) and all(leaf.line in open_lines for leaf in leaves_of(answer))
