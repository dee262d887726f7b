"""Lists that people write as HTML in Markdown (`<ul><li>…</li></ul>`, in folds most often), as the lists that they are."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from notedeck.diagnostics import Span
from notedeck.outline.blocks import Block, Kind, Leaf, LeafKind, trimmed
from notedeck.outline.rules import BLOCK_DEPTH
from notedeck.outline.tags import Tag, read_tag

_LISTS = {"ul": Kind.BULLET_LIST, "ol": Kind.ORDERED_LIST}


@dataclass(slots=True)
class _Open:
    """A list, or an item of one, whose end has not come."""

    kind: Kind
    start: int
    level: int = 0
    text: list[Leaf] = field(default_factory=list)
    """An item's leaves behind its last child."""
    children: list[Block] = field(default_factory=list)


def lists_of(html: Block) -> tuple[Block, ...]:
    """A block of HTML as its lists if it is nothing but lists; one with other tags, with text beside, or with a tag too few stays as it is."""
    if not any(leaf.kind is LeafKind.TAG for leaf in html.leaves):
        return (html,)
    return _Reader(html.span.path).read(html.leaves) or (html,)


class _Reader:
    """Reads leaves one after another; whether they are lists is known at the end."""

    def __init__(self, path: str) -> None:
        self.path = path
        self.root = _Open(Kind.HTML_BLOCK, 0)
        self.stack = [self.root]

    def read(self, leaves: Iterable[Leaf]) -> tuple[Block, ...]:
        """The lists; nothing if the leaves are more, or less."""
        is_list = all(self._tag(leaf, read_tag(leaf.target)) if leaf.kind is LeafKind.TAG else self._text(leaf) for leaf in leaves)
        return tuple(self.root.children) if is_list and len(self.stack) == 1 else ()

    def _tag(self, leaf: Leaf, tag: Tag) -> bool:
        if tag.name == "li":
            return self._item(leaf, tag)
        if tag.name not in _LISTS:
            return False
        return self._end_list(tag) if tag.closes else self._begin_list(leaf, tag)

    def _item(self, leaf: Leaf, tag: Tag) -> bool:
        """The begin or the end of an item; the next one ends one that nobody closed."""
        if self.stack[-1].kind is Kind.LIST_ITEM:
            self._close()
            if tag.closes:
                return True
        if tag.closes or self.stack[-1] is self.root:
            return False
        self.stack.append(_Open(Kind.LIST_ITEM, leaf.line))
        return True

    def _begin_list(self, leaf: Leaf, tag: Tag) -> bool:
        """A list in an item, or behind the last one where its writer closed that too early."""
        here = self.stack[-1]
        if here.kind in _LISTS.values():
            if not here.children:
                return False
            last = here.children.pop()
            self.stack.append(_Open(Kind.LIST_ITEM, last.span.start, children=list(last.children)))
        self._paragraph()
        start = tag.attribute("start")
        level = (int(start) if start.isdecimal() and len(start) < 10 else 1) if tag.name == "ol" else 0
        self.stack.append(_Open(_LISTS[tag.name], leaf.line, level))
        return len(self.stack) <= BLOCK_DEPTH

    def _end_list(self, tag: Tag) -> bool:
        if self.stack[-1].kind is Kind.LIST_ITEM:
            self._close()
        if self.stack[-1].kind is not _LISTS[tag.name] or not self.stack[-1].children:
            return False
        self._close()
        return True

    def _text(self, leaf: Leaf) -> bool:
        """Text in an item; elsewhere there may be none."""
        here = self.stack[-1]
        if here.kind is Kind.LIST_ITEM:
            here.text.append(leaf)
            return True
        return leaf.kind is LeafKind.BREAK or (leaf.kind is LeafKind.TEXT and not leaf.text.strip())

    def _paragraph(self) -> None:
        """What was said in the item so far as a paragraph of it."""
        here = self.stack[-1]
        line = trimmed(_without_outer_breaks(here.text))
        if line:
            here.children.append(Block(Kind.PARAGRAPH, Span(self.path, line[0].line, line[-1].line + 1), line))
        here.text = []

    def _close(self) -> None:
        """End the innermost list or item, with the line that its last words stand on."""
        self._paragraph()
        done = self.stack.pop()
        stop = done.children[-1].span.stop if done.children else done.start + 1
        self.stack[-1].children.append(Block(done.kind, Span(self.path, done.start, stop), (), tuple(done.children), done.level))


def _without_outer_breaks(leaves: Sequence[Leaf]) -> tuple[Leaf, ...]:
    begin, end = 0, len(leaves)
    while begin < end and leaves[begin].kind is LeafKind.BREAK:
        begin += 1
    while begin < end and leaves[end - 1].kind is LeafKind.BREAK:
        end -= 1
    return tuple(leaves[begin:end])
