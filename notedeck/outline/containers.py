"""The blocks of an HTML page: headings, lists, quotations, folds, and what holds a row of text alone.

HTML leaves ends out and nests what cannot nest: where a block may not lie, it is lines of the one it lies in.
"""

from __future__ import annotations

from collections.abc import Iterable

from bs4.element import Tag

from notedeck.outline.blocks import Kind
from notedeck.outline.inlines import Inlines, Task, classes
from notedeck.outline.runs import Run


class Containers(Inlines):
    """Says what an element is that holds blocks, or a row of text that is one; the rest says a subclass."""

    def __init__(self, path: str, is_notion: bool) -> None:
        super().__init__(path, is_notion)
        self.icon: Run | None = None
        """A callout's icon, which the paragraph behind it begins with."""

    def _edge(self) -> None:
        """Where an element begins or ends that is a block of its own; behind a callout's icon its text goes on."""
        grown = self.grown
        if self.icon is not None and grown.runs[:1] == [self.icon] and all(run.is_blank for run in grown.runs[1:]):
            del grown.runs[1:]
        else:
            self.icon = None
            grown.flush()

    def _block(self, tag: Tag) -> None:
        self._edge()
        self._then(tag.contents, self._edge)

    def _contain(self, tag: Tag, kind: Kind, level: int = 0, children: Iterable[Task] | None = None) -> None:
        """An element with blocks in it; in a heading or a cell it is lines, and so it is where it lies too deep."""
        depth = len(self.grown.stack)
        if self.grown.holder is not None or not self.grown.open(kind, level):
            self._block(tag)
            return
        if kind is Kind.LIST_ITEM:
            depth = len(self.grown.stack) - 1
        self._then(tag.contents if children is None else children, lambda: self.grown.close_to(depth))

    def _hold(self, tag: Tag, kind: Kind, level: int = 0, info: str = "") -> None:
        holder = self.grown.hold(kind, level, info)

        def end() -> None:
            if self.grown.holder is holder:
                self.grown.release()

        self._then(tag.contents, end)

    def _heading(self, tag: Tag) -> None:
        if self.grown.holder is not None or "collection-title" in classes(tag):
            self._block(tag)
        else:
            self._hold(tag, Kind.HEADING, int(tag.name[1]))

    def _list(self, tag: Tag) -> None:
        is_ordered = tag.name == "ol"
        start = str(tag.get("start") or "1")
        level = int(start) if is_ordered and start.isdecimal() and len(start) < 10 else int(is_ordered)
        self._contain(tag, Kind.ORDERED_LIST if is_ordered else Kind.BULLET_LIST, level)

    def _item(self, tag: Tag) -> None:
        self._contain(tag, Kind.LIST_ITEM)

    def _quote(self, tag: Tag) -> None:
        self._contain(tag, Kind.BLOCK_QUOTE)

    def _rule(self, tag: Tag) -> None:
        if self.grown.holder is None:
            self.grown.put_rule()
        self._then(tag.contents)

    def _aside(self, tag: Tag) -> None:
        self._contain(tag, Kind.ASIDE)
