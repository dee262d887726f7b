"""The outline: a source as a tree of blocks, each with its lines in the file.

Text is a row of leaves. A leaf carries its marks (bold, link …) instead of lying inside them, so a
line can be cut anywhere and stays well formed. Each leaf knows where its characters begin in
`Outline.text`; by that place every visible character is counted once, on however many cards it stands.
"""

from __future__ import annotations

import sys
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum

from notedeck.diagnostics import Diagnostic, Span

Extent = tuple[int, int]
"""Where a run of characters begins and ends in `Outline.text`."""


class Kind(StrEnum):
    """What a block is, in CommonMark's words, or HTML's where it has none.

    A `DETAILS` begins with its `SUMMARY`; an `ASIDE` is a callout of Notion; a `FOLLOW_UP` is ours, a question inside an answer.
    """

    PARAGRAPH = "paragraph"
    HEADING = "heading"
    BULLET_LIST = "bullet_list"
    ORDERED_LIST = "ordered_list"
    LIST_ITEM = "list_item"
    BLOCK_QUOTE = "block_quote"
    THEMATIC_BREAK = "thematic_break"
    CODE_BLOCK = "code_block"
    MATH_BLOCK = "math_block"
    HTML_BLOCK = "html_block"
    TABLE = "table"
    TABLE_ROW = "table_row"
    TABLE_CELL = "table_cell"
    FRONT_MATTER = "front_matter"
    DETAILS = "details"
    SUMMARY = "summary"
    ASIDE = "aside"
    FOLLOW_UP = "follow_up"
    FOOTNOTE = "footnote"


class LeafKind(StrEnum):
    """What a leaf is; an `IMAGE` is any file that a card shows or plays in its place: a picture, a sound, a film."""

    TEXT = "text"
    CODE = "code"
    MATH = "math"
    IMAGE = "image"
    BREAK = "break"
    TAG = "tag"


(
    PARAGRAPH, HEADING, BULLET_LIST, ORDERED_LIST, LIST_ITEM, BLOCK_QUOTE, THEMATIC_BREAK, CODE_BLOCK, MATH_BLOCK, HTML_BLOCK,
    TABLE, TABLE_ROW, TABLE_CELL, FRONT_MATTER, DETAILS, SUMMARY, ASIDE, FOLLOW_UP, FOOTNOTE,
) = Kind  # fmt: skip
TEXT, CODE, MATH, IMAGE, BREAK, TAG = LeafKind
"""The kinds by their names alone: to look up `Kind.PARAGRAPH` takes Python 3.11 as long as to match a pattern, and it is done for each leaf."""

ASKED = "asked"
"""Of a heading, a fold or a bullet: it asks, by its words or by those that stand in the same form."""
ASKING_CALLOUTS = frozenset({"question", "faq", "help"})
"""Types of Obsidian's callouts that label a question: of these alone the mark (`[!question]-`) stays in the text, as any label does."""

BEGINS, INSIDE, ENDS = "begins", "inside", "ends"

CLOZE = "cloze"
"""The name of a mark that is no element: a gap in the text of a cloze note."""


@dataclass(frozen=True, slots=True)
class Mark:
    """An element around text: its HTML name, and for a link its address.

    Of a footnote's sign (`sup`) the target is the footnote's name. Of a gap (`CLOZE`) it is its number, or its numbers (`1,3`), and behind `::`
    its hint.
    """

    name: str
    target: str = ""


@dataclass(frozen=True, slots=True)
class Leaf:
    """A run of one kind with the same marks on one line of the file."""

    kind: LeafKind
    text: str
    """What a reader sees; of a picture, its alternative text; of a break or a tag, nothing."""
    at: int
    """Where `text` begins in `Outline.text`."""
    line: int
    """Line in the file, counted from 0."""
    marks: tuple[Mark, ...] = ()
    target: str = ""
    """A picture's address as written, or the tag itself; of a formula, `display` if it has a line of its own.

    Of a formula with gaps the part of it that a leaf is stands behind that: `BEGINS` and `ENDS` have no text.
    """
    width: int = 0
    """Of a picture, how wide its author wants it, in pixels; 0 if nobody says so."""


Line = tuple[Leaf, ...]


@dataclass(frozen=True, slots=True)
class Block:
    """A block with its own text (`leaves`) or with blocks inside it (`children`)."""

    kind: Kind
    span: Span
    leaves: Line = ()
    children: tuple[Block, ...] = ()
    level: int = 0
    """Of a heading, 1 to 6; of an ordered list, the first number; of a list item with more in it than was written there, how many blocks were."""
    info: str = ""
    """Of code, its language; of a list item, `todo` or `done`; of a cell, `head` and its alignment; of a quotation that is a callout, its type;
    of a footnote, its name; of what asks, `ASKED`."""

    def with_leaves(self, leaves: Line, span: Span | None = None) -> Block:
        """The block with another text, and its lines; `dataclasses.replace` takes twice as long."""
        return Block(self.kind, span or self.span, leaves, self.children, self.level, self.info)


@dataclass(frozen=True, slots=True)
class Outline:
    """One source, read."""

    span: Span
    """The whole file."""
    blocks: tuple[Block, ...]
    text: str
    """The text of all leaves, one after another, in the order of the file."""
    structure: tuple[Extent, ...] = ()
    """What of the text the front end took as structure (a task's box)."""
    diagnostics: tuple[Diagnostic, ...] = ()


def walk(blocks: Iterable[Block]) -> Iterator[Block]:
    """Each block and all that lie inside it, in the order of the file."""
    stack = list(blocks)[::-1]
    while stack:
        block = stack.pop()
        yield block
        if block.children:
            stack += block.children[::-1]


def leaves_of(blocks: Iterable[Block]) -> list[Leaf]:
    """All leaves of the blocks, in the order of the file."""
    leaves: list[Leaf] = []
    stack = list(blocks)[::-1]
    while stack:
        block = stack.pop()
        leaves += block.leaves
        if block.children:
            stack += block.children[::-1]
    return leaves


def only_follow_ups(blocks: Sequence[Block]) -> bool:
    """Whether an answer holds follow-ups and nothing else, also as bullets of a list."""
    for block in blocks:
        if block.kind is not FOLLOW_UP and not (block.kind in (BULLET_LIST, ORDERED_LIST) and only_follow_ups(block.children)):
            return False
    return bool(blocks)


def lines_as_read(outline: Outline) -> tuple[str, ...]:
    """The text of each line, for a form whose own lines are not what a reader sees; cells stand apart."""
    lines: list[list[str]] = [[] for _ in range(outline.span.stop)]
    for block in walk(outline.blocks):
        own: dict[int, str] = {}
        for leaf in block.leaves:
            for number, words in enumerate((leaf.text or leaf.target).split("\n") if leaf.kind is not TAG else (), leaf.line):
                own[number] = own.get(number, "") + words
        for number, words in own.items():
            lines[number].append(words)
    return tuple("  ".join(words) for words in lines)


def extents(leaves: Iterable[Leaf]) -> tuple[Extent, ...]:
    """Where the leaves' characters stand, neighbours joined."""
    joined: list[Extent] = []
    for leaf in leaves:
        if not leaf.text:
            continue
        begin, end = leaf.at, leaf.at + len(leaf.text)
        if joined and joined[-1][1] == begin:
            begin = joined.pop()[0]
        joined.append((begin, end))
    return tuple(joined)


def lines_of(leaves: Line) -> tuple[Line, ...]:
    """Split at the breaks; the breaks themselves go."""
    breaks = [place for place, leaf in enumerate(leaves) if leaf.kind is BREAK] if len(leaves) > 1 else ()
    if not breaks:
        return (leaves,) if leaves and leaves[0].kind is not BREAK else ()
    begins = [0, *(place + 1 for place in breaks)]
    return tuple([leaves[begin:end] for begin, end in zip(begins, [*breaks, len(leaves)], strict=True) if begin < end])


def first_line(leaves: Line) -> Line:
    """The first of `lines_of`; nothing if there is none."""
    begin = 0
    for place, leaf in enumerate(leaves):
        if leaf.kind is BREAK and begin < place:
            return leaves[begin:place]
        if leaf.kind is BREAK:
            begin = place + 1
    return leaves[begin:]


def joined(lines: Iterable[Line]) -> Line:
    """Put lines together again, with a break between two."""
    leaves: list[Leaf] = []
    for line in lines:
        if leaves and line:
            leaves.append(Leaf(BREAK, "", line[0].at, line[0].line))
        leaves.extend(line)
    return tuple(leaves)


def text_of(leaves: Iterable[Leaf]) -> str:
    """The characters a reader sees; a break is a line's end."""
    return "".join([leaf.text if leaf.kind is not BREAK else "\n" for leaf in leaves])


def plain_of(blocks: Iterable[Block]) -> str:
    """The text of blocks, a line for each line and block."""
    return "\n".join([text_of(block.leaves) for block in walk(blocks) if block.leaves])


OPAQUE = "\ufffc"
"""Stands for a character of code, of a formula, of a picture or of a link's text: no pattern reads inside those."""


def masked(line: Line) -> str:
    """The line's text, as long as `text_of`, with `OPAQUE` where patterns must not look."""
    if len(line) == 1 and line[0].kind is TEXT and not line[0].marks:
        return line[0].text  # as most are
    return "".join([leaf.text if leaf.kind is TEXT and not is_link(leaf) else OPAQUE * len(leaf.text) for leaf in line])


def is_link(leaf: Leaf) -> bool:
    """Whether a leaf leads somewhere."""
    return bool(leaf.marks) and "a" in [mark.name for mark in leaf.marks]


def cut(line: Line, begin: int, end: int | None = None) -> Line:
    """The part of a line between two places in its text; leaves without text stay where they are."""
    if begin <= 0 and end is None:
        return line
    kept: list[Leaf] = []
    place = 0
    stop = sys.maxsize if end is None else end
    for leaf in line:
        length = len(leaf.text)
        first = begin - place if begin > place else 0
        last = stop - place if stop - place < length else length
        if last - first == length and (length or begin <= place <= stop):
            kept.append(leaf)
        elif first < last:
            kept.append(Leaf(leaf.kind, leaf.text[first:last], leaf.at + first, leaf.line, leaf.marks, leaf.target))
        place += length
    return tuple(kept)


def trimmed(line: Line) -> Line:
    """The line without white space at its ends."""
    text = text_of(line)
    bare = text.strip()
    return line if bare == text else cut(line, len(text) - len(text.lstrip()), len(text.rstrip()))
