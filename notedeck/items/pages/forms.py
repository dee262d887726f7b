"""A page has a form, and its writer keeps to it: what asks by its words is marked, then what stands in the same form as those that do.

## 큐란?            - **왜 큐인가요?**          <details><summary>컨텍스트 스위칭</summary> …
## 스택이란?          > 차례대로 …              <details><summary>데드락 발생 조건</summary> …
## 덱의 특징         - **스택과의 차이**
> 되돌아가기 …
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence, Set
from dataclasses import dataclass, replace
from operator import is_

from notedeck.config import FOLLOW_UP, Config
from notedeck.items.scope.bare_answers import hints, reveals
from notedeck.items.signs.asking import asks, asks_at_end, defines
from notedeck.items.signs.labels import answer_label, is_answer_word, question_label, read_questions
from notedeck.items.signs.looks import is_only_links, is_placeholder, is_strong, numbering, says_something, shows
from notedeck.items.signs.telling import feels, names_section
from notedeck.items.signs.titles import heads_follow_ups, heads_questions, heads_references, hides, is_part_of_page, lists_questions, names_source
from notedeck.outline.blocks import (
    ASKED,
    BULLET_LIST,
    DETAILS,
    HEADING,
    LIST_ITEM,
    ORDERED_LIST,
    PARAGRAPH,
    TABLE,
    Block,
    Line,
    cut,
    lines_of,
    masked,
    plain_of,
    text_of,
    walk,
)


def with_forms(blocks: Sequence[Block], title: str, config: Config) -> tuple[Block, ...]:
    """A page's blocks, with headings, folds and bullets that ask by their words or by their form marked as `ASKED`."""
    is_list = lists_questions(title)
    bold = _asked_bullets(blocks) if is_list else frozenset[int]()
    return _Run(config, bold.union(_listed(blocks))).marked(blocks, 1 if is_list else 0)


@dataclass(frozen=True, slots=True)
class _Run:
    """Marks the blocks of a run."""

    config: Config
    asked: Set[int]
    """The identities of the bullets and the bold lines that ask by their form, or by the heading above them."""

    def marked(self, blocks: Sequence[Block], above: int = 0) -> tuple[Block, ...]:
        """A run with what asks in it; `above` is the level of the heading that says that questions stand below it, if one does."""
        asked = {*_asked_headings(blocks, above, self.config), *_asked_folds(blocks), *_asked_lines(blocks)}
        return tuple([self._block(block, id(block) in asked or id(block) in self.asked) for block in blocks])

    def _block(self, block: Block, is_asked: bool) -> Block:
        children = self.marked(block.children) if block.children else ()
        is_same = all(map(is_, children, block.children))
        whole = block if is_same else replace(block, children=children)
        return replace(whole, info=ASKED) if is_asked and not whole.info else whole


def _asked_headings(blocks: Sequence[Block], above: int, config: Config) -> Iterator[int]:
    """The headings of a run that ask: by their words, since most of their level do, or since that above them says so."""
    headings = [(place, block) for place, block in enumerate(blocks) if block.kind is HEADING]
    if not headings:
        return
    levels = _levels(headings, blocks, config)
    asked = 0
    for place, heading in headings:
        if lists_questions(plain_of((heading,))):
            above, asked = heading.level, 0
        elif heading.level <= above:
            above = asked = 0
        elif above:
            asked = asked or heading.level
        by_form = (heading.level == asked or heading.level in levels) and _names(heading) and not _asks_on(_below(blocks, place, True))
        is_above_follow_ups = heading is blocks[0] and heading.level == 1 and _is_followed_up(headings[1:], config)
        if _asks(heading, config) or is_above_follow_ups or (by_form and says_something(_below(blocks, place, heading.level == asked))):
            yield id(heading)


def _is_followed_up(headings: Sequence[tuple[int, Block]], config: Config) -> bool:
    """Whether the first heading below a title that asks follows up on a question: then the title is that one."""
    first = next((heading for _, heading in headings if _asks(heading, config)), None)
    labels = read_questions((first.leaves,), first, config)[1].labels if first else ()
    return any(config.tag_of(label) == FOLLOW_UP for label in labels)


def _levels(headings: Sequence[tuple[int, Block]], blocks: Sequence[Block], config: Config) -> frozenset[int]:
    """The levels at which three of four headings with text below them ask, or have an answer's label there."""
    below = [(heading, _below(blocks, place)) for place, heading in headings if _names(heading)]
    told = [(heading.level, _asks(heading, config) or _is_answered(text)) for heading, text in below if says_something(text)]
    every, asking = Counter(level for level, _ in told), Counter(level for level, asks in told if asks)
    return frozenset(level for level, count in asking.items() if count > 2 and 4 * count >= 3 * every[level])


def _is_answered(below: Sequence[Block]) -> bool:
    """Whether the first line below a heading that is labelled or asks is labelled as an answer: then the heading is its question."""
    lines = (line for block in below if block.kind is PARAGRAPH for line in lines_of(block.leaves))
    first = next((line for line in lines if answer_label(line) or question_label(line) or asks(masked(line))), ())
    return answer_label(first) > 0


def _below(blocks: Sequence[Block], place: int, is_whole: bool = False) -> list[Block]:
    """What stands below a heading up to the next one, or, if `is_whole`, to the next of its level; without the headings."""
    level = blocks[place].level if is_whole else 6
    ends = (end for end in range(place + 1, len(blocks)) if blocks[end].kind is HEADING and blocks[end].level <= level)
    return [block for block in blocks[place + 1 : next(ends, len(blocks))] if block.kind is not HEADING]


def _asks(heading: Block, config: Config) -> bool:
    """Whether a heading asks, or is labelled and says more than its label; what stands in a link counts."""
    bare = cut(heading.leaves, numbering(heading.leaves))
    label = question_label(bare)
    if label == len(text_of(bare)) or is_placeholder(bare):
        return False
    question, marks = read_questions((bare,), heading, config)
    labelled = label > 0 or marks.make_question(config)
    words = plain_of(question)
    return bool(words.strip()) and (labelled or (asks_at_end(words) and not feels(words) and not names_section(words)))


def _names(heading: Block) -> bool:
    """Whether a heading names what can be asked about, and no part of a page (`결론`, `참고 자료`)."""
    bare = cut(heading.leaves, numbering(heading.leaves))
    words = text_of(bare).strip()
    is_named = any(map(str.isalnum, words)) and question_label(bare) < len(words)
    heads = heads_questions(words) or heads_follow_ups(words) or heads_references(words)
    return is_named and not (heads or is_part_of_page(words) or is_answer_word(words))


def _asks_on(blocks: Sequence[Block]) -> bool:
    """Whether what stands below a heading are questions of its own: at least two bullets without anything below them ask."""
    return sum(_is_one_line(bullet) and asks(masked(bullet.children[0].leaves)) for bullet in walk(blocks) if bullet.kind is LIST_ITEM) > 1


def _asked_folds(blocks: Sequence[Block]) -> Iterator[int]:
    """The folds that stand side by side, each with a name and an explanation."""
    if not any(block.kind is DETAILS for block in blocks):
        return
    row: list[Block] = []
    is_reading = False
    for block in (*blocks, None):
        if block is not None and block.kind is HEADING:
            is_reading = heads_references(plain_of((block,)))
        if block is not None and block.kind is DETAILS and not is_reading and _explains(block):
            row.append(block)
        elif block is None or shows((block,)):
            yield from (id(fold) for fold in row if len(row) > 1)
            row = []


def _explains(fold: Block) -> bool:
    """Whether a fold's summary names something, and an explanation is in it rather than what is only hidden, or a section."""
    summary, *body = fold.children or (fold,)
    words = text_of(summary.leaves).strip()
    is_other = hides(words) or is_part_of_page(words) or names_source(words) or reveals(fold, is_alone=True) or hints(fold)
    names = any(map(str.isalnum, words)) and not is_other
    has_text = any(block.kind is not DETAILS and shows((block,)) and not _is_plan(block) for block in body)
    return names and has_text and not any(block.kind is HEADING for block in walk(body))


def _is_plan(table: Block) -> bool:
    """Whether a table is one of things to do: most of its cells are empty or hold nothing but a link."""
    cells = [cell for row in table.children[1:] for cell in row.children] if table.kind is TABLE else []
    said = [cell for cell in cells if not is_only_links(cell.leaves) and shows((cell,))]
    return 2 * len(said) < len(cells)


def _asked_lines(bullets: Sequence[Block]) -> Iterator[int]:
    """The bullets of a bare list of which at least half ask: nobody answered it yet."""
    is_bare = len(bullets) > 2 and all(bullet.kind is LIST_ITEM and _is_one_line(bullet) for bullet in bullets)
    if is_bare and 2 * sum(asks(masked(bullet.children[0].leaves)) for bullet in bullets) >= len(bullets):
        yield from map(id, bullets)


def _is_one_line(bullet: Block) -> bool:
    return len(bullet.children) == 1 and bullet.children[0].kind is PARAGRAPH and len(lines_of(bullet.children[0].leaves)) == 1


def _listed(blocks: Sequence[Block]) -> Iterator[int]:
    """What stands below a heading that says that nothing but questions does: bullets of a line, and bold lines."""
    is_below = False
    for block in blocks:
        if block.kind is HEADING:
            is_below = lists_questions(plain_of((block,)))
        elif is_below and block.kind in (BULLET_LIST, ORDERED_LIST):
            yield from (id(bullet) for bullet in block.children if _is_one_line(bullet) and _is_name(bullet.children[0].leaves))
        elif is_below and block.kind is PARAGRAPH and len(lines_of(block.leaves)) == 1 and is_strong(block.leaves) and _is_name(block.leaves):
            yield id(block)


def _is_name(line: Line) -> bool:
    """Whether a line has words, and is no label, no links alone and no word with its meaning."""
    words = text_of(line)
    is_other = answer_label(line) or question_label(line) or is_answer_word(words) or is_only_links(line) or defines(words)
    return any(map(str.isalnum, words)) and not is_other


def _asked_bullets(blocks: Sequence[Block]) -> frozenset[int]:
    """The bold bullets with an answer below them that stand as deep in an answer as those that ask."""
    bold = list(_bold_bullets(blocks, 0))
    every = Counter(depth for depth, _ in bold)
    asking = Counter(depth for depth, bullet in bold if asks_at_end(masked(bullet.children[0].leaves)))
    depths = {depth for depth, count in asking.items() if depth > 1 and count > 1 and 3 * count >= every[depth]}
    return frozenset(id(bullet) for depth, bullet in bold if depth in depths)


def _bold_bullets(blocks: Sequence[Block], depth: int) -> Iterator[tuple[int, Block]]:
    """The bullets whose head is one bold line, with more below it, each with how many bullets lie around it and itself."""
    for block in blocks:
        inner = depth + (block.kind is LIST_ITEM)
        if block.kind is LIST_ITEM and len(block.children) > 1 and block.children[0].kind is PARAGRAPH and is_strong(block.children[0].leaves):
            yield inner, block
        yield from _bold_bullets(block.children, inner)
