"""The tables of an HTML page, and Notion's table of a page's properties."""

from __future__ import annotations

from bs4.element import NavigableString, Tag

from notedeck.outline.blocks import Kind, LeafKind
from notedeck.outline.containers import Containers
from notedeck.outline.inlines import classes
from notedeck.outline.rules import BLOCK_DEPTH


class Tables(Containers):
    """Says what the elements of tables and of properties are."""

    def __init__(self, path: str, is_notion: bool) -> None:
        super().__init__(path, is_notion)
        self.values: int | None = None
        """Among properties: how many runs there are before the value of this one."""
        self.is_in_properties = False
        self.is_flat = False
        """Whether rows and cells are lines, because they lie in a cell."""

    def _table(self, tag: Tag) -> None:
        if self.grown.holder is not None:
            self._flat(tag)
            return
        captions = [child for child in tag.contents if isinstance(child, Tag) and child.name == "caption"]
        rows = [child for child in tag.contents if not (isinstance(child, Tag) and child.name == "caption")]
        self._then([*captions, lambda: self._contain(tag, Kind.TABLE, children=rows)])

    def _flat(self, tag: Tag) -> None:
        """A table inside a cell: lines of it."""
        self.grown.end_line()
        before, self.is_flat = self.is_flat, True

        def restore() -> None:
            self.is_flat = before
            self.grown.end_line()

        self._then(tag.contents, restore)

    def _row(self, tag: Tag) -> None:
        if self.is_in_properties:
            self._property(tag)
        elif self.is_flat or len(self.grown.stack) > BLOCK_DEPTH:
            self._block(tag)
        else:
            self.grown.release()
            self._contain(tag, Kind.TABLE_ROW)

    def _cell(self, tag: Tag) -> None:
        if self.is_in_properties:
            self._property_part(tag)
        elif self.is_flat or len(self.grown.stack) > BLOCK_DEPTH:
            self._block(tag)
        else:
            self.grown.release()
            if self.grown.top.kind is not Kind.TABLE_ROW:
                self.grown.open(Kind.TABLE_ROW)
            is_first = len(self.grown.stack) > 1 and not self.grown.stack[-2].children
            self._hold(tag, Kind.TABLE_CELL, info="head" if (is_first if self.is_notion else tag.name == "th") else "")

    def _properties(self, tag: Tag) -> bool:
        """A page's properties: a paragraph of `키: 값` lines, as the Markdown export has it below the title."""
        if tag.name != "table" or self.grown.holder is not None:
            return False
        holder = self.grown.hold(Kind.PARAGRAPH)
        self.is_in_properties = True

        def end() -> None:
            self.is_in_properties = False
            if self.grown.holder is holder:
                self.grown.release()

        self._then(tag.contents, end)
        return True

    def _property(self, tag: Tag) -> None:
        self.grown.end_line()
        start = len(self.grown.runs)

        def end() -> None:
            runs = self.grown.runs
            if self.values is not None and all(run.is_blank for run in runs[self.values :]):
                for run in runs[start : self.values - 1]:
                    self.grown.hide(run.text)
                del runs[start:]
            self.values = None
            self.grown.end_line()

        self._then(tag.contents, end)

    def _property_part(self, tag: Tag) -> None:
        def end() -> None:
            self._add(LeafKind.TEXT, ": ")
            self.values = len(self.grown.runs)

        self._then(tag.contents, end if tag.name == "th" else None)

    def _value(self, tag: Tag) -> bool:
        """One of several values: commas part them, as in the Markdown export."""
        before = tag.previous_sibling
        if self.grown.holder is not None and isinstance(before, Tag) and set(classes(before)) & {"selected-value", "user"}:
            self._add(LeafKind.TEXT, ", ")
        self._inline(tag)
        return True

    def _time(self, tag: Tag) -> None:
        """A date; among properties without its `@`, as in the Markdown export."""
        words = str(tag.contents[0]) if len(tag.contents) == 1 and isinstance(tag.contents[0], NavigableString) else ""
        if self.is_in_properties and words.startswith("@"):
            self.grown.hide("@")
            self._text(words[1:])
        else:
            self._then(tag.contents)
