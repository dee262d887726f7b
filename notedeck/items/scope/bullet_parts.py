"""A bullet taken apart: the lines at its head, what they point at, and the blocks below them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from notedeck.config import Config
from notedeck.items.signs.labels import NOTHING, Marks, may_have_marks, question_label, read_head
from notedeck.items.signs.looks import is_blank, is_only_links, is_placeholder, leads_within, shows
from notedeck.items.signs.telling import points_at
from notedeck.machine.quick import quick
from notedeck.outline.blocks import BLOCK_QUOTE, PARAGRAPH, Block, Kind, Line, lines_of, masked, text_of

_POINTED_AT = (Kind.CODE_BLOCK, Kind.TABLE, Kind.MATH_BLOCK)


@dataclass(frozen=True, slots=True, eq=False)
class Said:
    """One line at the head of a bullet."""

    line: Line
    """As written."""
    bare: Line
    """Without labels, pages and mentions."""
    marks: Marks
    holder: Block
    """The paragraph that it stands in."""
    is_quoted: bool
    text: str
    """What patterns may read of it."""
    is_blank: bool
    """Whether nothing of it is left."""

    @property
    def is_only_links(self) -> bool:
        """Whether nothing but links and pictures is left; no pattern reads inside those."""
        return not self.text[:1].isalnum() and is_only_links(self.bare)


@dataclass(frozen=True, slots=True)
class Bullet:
    """A list item, taken apart."""

    block: Block
    said: tuple[Said, ...]
    pointed_at: tuple[Block, ...]
    """Code, a table or a formula that the question is about (`아래 코드에서 …`), with an answer behind it."""
    below: tuple[Block, ...]
    is_separated: bool
    """Whether a rule stands between the two."""
    first: Said | None
    """The first line that shows anything; where none does, the first."""
    head_marks: Marks
    """The marks of the first line that shows anything, and of those before it."""

    @property
    def has_body(self) -> bool:
        """Whether anything stands behind its first line."""
        return len(self.said) > 1 or shows(self.below)

    def is_labelled_question(self, config: Config) -> bool:
        """Whether a label says that it is a question."""
        is_marked = self.first is not None and question_label(self.first.line) > 0
        labels = self.head_marks.labels
        return is_marked or (bool(labels) and any("질문" in label or "질문" in config.tag_of(label) for label in labels))


_read, _bullet = quick(Said), quick(Bullet)


def take_apart(block: Block, config: Config) -> Bullet:
    """Take a list item apart.

    What was written behind the bullet and lies in it since (`mended`) is no part of its head.

    A rule separates question and answer if only paragraphs, quotations and what they point at stand before it, and
    something behind it; one after the answer, or at the end, separates nothing.
    """
    children = block.children
    size = 0
    while size < (block.level or len(children)) and _is_head(children[size]):
        size += 1
    said = tuple([one for child in children[:size] for one in _lines(child, config)])
    below = children[size:]
    points = below and below[0].kind in _POINTED_AT and points_below(said) and shows(_without_rule(below[1:]))
    pointed_at, rest = (below[:1], below[1:]) if points else ((), below)
    is_separated = bool(size and rest and rest[0].kind is Kind.THEMATIC_BREAK and shows(rest[1:]))
    return _bullet(block, said, pointed_at, rest[1:] if is_separated else rest, is_separated, *_first(said))


def _first(said: Sequence[Said]) -> tuple[Said | None, Marks]:
    """The first line that shows anything, with its marks and those of the lines before it."""
    marks = NOTHING
    for one in said:
        marks += one.marks
        if not one.is_blank:
            return one, marks
    return (said[0] if said else None), marks


def points_below(said: Sequence[Said]) -> bool:
    """Whether a line at a bullet's head points at what stands below."""
    return any(points_at(one.text) for one in said)


def _without_rule(blocks: Sequence[Block]) -> Sequence[Block]:
    return blocks[1:] if blocks and blocks[0].kind is Kind.THEMATIC_BREAK else blocks


def _is_head(block: Block) -> bool:
    return block.kind is PARAGRAPH or (block.kind is BLOCK_QUOTE and all(child.kind is PARAGRAPH for child in block.children))


def _lines(block: Block, config: Config) -> list[Said]:
    is_quoted = block.kind is BLOCK_QUOTE
    return [_said(line, holder, is_quoted, config) for holder in (block.children if is_quoted else (block,)) for line in lines_of(holder.leaves)]


def _said(line: Line, holder: Block, is_quoted: bool, config: Config) -> Said:
    text = masked(line)
    bare, marks = line, NOTHING
    if may_have_marks(text):
        bare, marks = read_head(line, config)
        text = masked(bare)
    if not text[:1].isalnum() and leads_within(bare):
        text = text_of(bare)
    return _read(line, bare, marks, holder, is_quoted, text.strip(), is_blank(bare))


def has_page(block: Block, config: Config) -> bool:
    """Whether a list has a bullet with a page: such a one is nobody's answer."""
    return block.kind in (Kind.BULLET_LIST, Kind.ORDERED_LIST) and any(take_apart(child, config).head_marks.pages for child in block.children)


def has_words(bullet: Bullet) -> bool:
    """Whether the head of a bullet says anything beside its labels, pages and links."""
    return not all(map(_is_wordless, bullet.said))


def _is_wordless(said: Said) -> bool:
    return said.is_blank or said.is_only_links or is_placeholder(said.bare)
