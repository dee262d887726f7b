"""HTML -> Outline: a page of Notion's HTML export as the outline that its Markdown export makes, and any other page as well as it goes.

Notion writes a page on one line, so lines here are those of **the page as a reader sees it**, counted from 0: each line of a
paragraph, each heading, row of a table, line of code, formula and rule is one. What the page adds of itself (its icon, a table
of contents, the description below a bookmark) stands in no leaf, because the Markdown export has none of it: it is structure.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable

from bs4.element import NavigableString, Tag

from notedeck.outline.blocks import Kind, LeafKind, Mark, Outline
from notedeck.outline.inlines import Inlines, Task, address_of, classes
from notedeck.outline.rules import BLOCK_DEPTH
from notedeck.outline.runs import Run
from notedeck.outline.soup import REMOVED, soup
from notedeck.outline.tags import MARKS

_SUMMARY_LEVELS = {"1.875em": 1, "1.5em": 2, "1.25em": 3, "1em": 4}
_FONT_SIZE = re.compile(r"font-weight:\s*600.*font-size:\s*([\d.]+em)|font-size:\s*([\d.]+em).*font-weight:\s*600")

_WARNED = frozenset("object embed applet form button select option optgroup canvas dialog portal slot video audio frame frameset".split())
"""Elements that load, run or take input, as in Markdown: they go, and what they hold stays."""
_TRANSPARENT = frozenset("html head body tbody thead tfoot link meta base source track param colgroup col area map".split())
"""Elements that say nothing themselves; where nobody closed one, all behind it lies in it."""
_INLINE = frozenset("span font abbr cite q dfn var samp data bdi bdo label time wbr ruby rt rp rb small nobr big tt".split())


def read_notion(path: str, text: str) -> Outline:
    """Read an HTML page into an outline; `path` goes into every span."""
    page = soup(text)
    is_notion = page.find(class_=["page-title", "page-body"]) is not None
    return _Reader(path, is_notion).outline(page)


class _Reader(Inlines):
    """Says what each element of a page is as a block."""

    def __init__(self, path: str, is_notion: bool) -> None:
        super().__init__(path, is_notion)
        self.icon: Run | None = None
        """A callout's icon, which the paragraph behind it begins with."""
        self.values: int | None = None
        """Among properties: how many runs there are before the value of this one."""
        self.is_in_properties = False
        self.is_flat = False
        """Whether rows and cells are lines, because they lie in a cell."""

    def _element(self, tag: Tag) -> None:
        for name in classes(tag):
            if name in _BY_CLASS and _BY_CLASS[name](self, tag):
                return
        _BY_NAME.get(tag.name, _Reader._other)(self, tag)

    def _other(self, tag: Tag) -> None:
        """An element without a rule of its own: removed, around text, or a block."""
        if tag.name in _WARNED or tag.name == REMOVED:
            self._removed(tag)
        elif tag.name in _TRANSPARENT:
            self._then(tag.contents)
        elif tag.name in _INLINE or ("-" not in tag.name and tag.name not in _BLOCKS):
            self._inline(tag)
        else:
            self._block(tag)

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

    def _callout(self, tag: Tag) -> bool:
        """A callout: its icon, if that is a sign, begins its text."""
        children = [child for child in tag.contents if isinstance(child, Tag) or str(child).strip()]
        first = children[0] if children else None
        icon = first.find(class_="icon", recursive=False) if isinstance(first, Tag) and len(children) > 1 else None
        if not isinstance(first, Tag) or not isinstance(icon, Tag):
            self._aside(tag)
            return True
        words = icon.get_text().strip() or str(icon.get("data-emoji") or "")
        beside = [child for child in first.contents if child is not icon]
        self._contain(tag, Kind.ASIDE, children=[lambda: self._begin_callout(words), *beside, *children[1:]])
        return True

    def _begin_callout(self, words: str) -> None:
        if words:
            self.icon = Run(LeafKind.TEXT, words + " ")
            self.grown.add(self.icon)

    def _checkbox(self, tag: Tag) -> bool:
        """A task's box; in a table and among properties, what the Markdown export says in its place."""
        is_on = "checkbox-on" in classes(tag) or tag.has_attr("checked")
        top = self.grown.top
        if self.is_in_properties or self.grown.holder is not None:
            self._add(LeafKind.TEXT, "Yes" if is_on else "No")
        elif top.kind is Kind.LIST_ITEM and not top.children:
            top.info = "done" if is_on else "todo"
        self._then(tag.contents)
        return True

    def _input(self, tag: Tag) -> None:
        if str(tag.get("type") or "").lower() == "checkbox" and self.grown.top.kind is Kind.LIST_ITEM:
            self._checkbox(tag)
        elif str(tag.get("type") or "").lower() != "hidden":
            self._removed(tag)

    def _removed(self, tag: Tag) -> None:
        """An element that loads, runs or takes input: it goes and is told, and what it holds stays."""
        name = str(tag.get("name") or "") if tag.name == REMOVED else tag.name
        self.grown.warn("html-removed", name)
        if name in ("form", "dialog"):
            self._block(tag)
        else:
            self._then(tag.contents)

    def _drawing(self, tag: Tag) -> None:
        """A drawing in the page itself: an icon most often, so that only one with words in it is told."""
        before = len(self.grown.pieces), len(self.grown.runs)

        def end() -> None:
            if before != (len(self.grown.pieces), len(self.grown.runs)):
                self.grown.warn("html-removed", tag.name)

        self._then(tag.contents, end)

    # Toggles

    def _details(self, tag: Tag) -> None:
        """A fold. Notion's toggle is what its Markdown export makes of it: a bullet, or a heading and what follows it."""
        parent = classes(tag.parent.parent) if tag.parent is not None and tag.parent.name == "li" else []
        if self.grown.holder is not None or "toggle" in parent:
            self._then(tag.contents)
        elif not self.is_notion and "toggle" not in classes(tag):
            self._contain(tag, Kind.DETAILS)
        elif any(_level(child) for child in tag.contents if isinstance(child, Tag)):
            self._block(tag)
        else:
            depth = len(self.grown.stack)
            self.grown.open(Kind.BULLET_LIST)
            self.grown.open(Kind.LIST_ITEM)
            depth = min(depth, len(self.grown.stack))
            self._then(tag.contents, lambda: self.grown.close_to(depth))

    def _summary(self, tag: Tag) -> None:
        holder = self.grown.holder
        if holder is not None and holder.kind is Kind.HEADING:
            self._then(tag.contents, self.grown.release)
        elif holder is not None:
            self._block(tag)
        elif level := _level(tag):
            self._hold(tag, Kind.HEADING, level)
        elif self.grown.top.kind is Kind.DETAILS:
            self._hold(tag, Kind.SUMMARY)
        else:
            self._block(tag)

    # Tables and properties

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

    # What only Notion has

    def _header(self, tag: Tag) -> None:
        """A page's head: title, properties, description."""
        children = sorted(tag.contents, key=lambda child: isinstance(child, Tag) and "page-description" in classes(child))
        self._edge()
        self._then(children if self.is_notion else tag.contents, self._edge)

    def _bookmark(self, tag: Tag) -> bool:
        """A bookmark: a link with its title; what the page says of it besides is not the author's."""
        every = tag.get_text()
        parts = (tag.find(class_=name) for name in ("bookmark-title", "bookmark-href"))
        title = next((words for part in parts if isinstance(part, Tag) and (words := part.get_text()).strip()), "")
        address = address_of(tag)
        self._edge()
        self.grown.hide(every.replace(title, "", 1))
        self.grown.add(Run(LeafKind.TEXT, " ".join(title.split()) or address, (Mark("a", address),) if address else ()))
        self._edge()
        return True

    def _hidden(self, tag: Tag) -> bool:
        self._edge()
        return self._icon(tag)


def _level(tag: Tag) -> int:
    """The level of a toggle that is a heading, by the size of its summary; 0 for any other element."""
    found = _FONT_SIZE.search(str(tag.get("style") or "")) if tag.name == "summary" else None
    return _SUMMARY_LEVELS.get(found[1] or found[2], 0) if found else 0


_BLOCKS = frozenset("p div section article main header footer nav figure figcaption center address dl dt dd fieldset legend caption hgroup".split())

_BY_NAME: dict[str, Callable[[_Reader, Tag], None]] = {
    "br": _Reader._break,
    "a": _Reader._link,
    "img": _Reader._image,
    "code": _Reader._inline_code,
    "math": _Reader._math,
    "svg": _Reader._drawing,
    "pre": _Reader._code,
    "ul": _Reader._list,
    "ol": _Reader._list,
    "menu": _Reader._list,
    "li": _Reader._item,
    "blockquote": _Reader._quote,
    "aside": _Reader._aside,
    "hr": _Reader._rule,
    "details": _Reader._details,
    "summary": _Reader._summary,
    "table": _Reader._table,
    "tr": _Reader._row,
    "td": _Reader._cell,
    "th": _Reader._cell,
    "time": _Reader._time,
    "input": _Reader._input,
    "header": _Reader._header,
    **dict.fromkeys(("h1", "h2", "h3", "h4", "h5", "h6"), _Reader._heading),
    **{name: _Reader._mark for name in MARKS if name not in ("a", "code")},
}
"""What an element is by its name."""

_BY_CLASS: dict[str, Callable[[_Reader, Tag], bool]] = {
    "callout": _Reader._callout,
    "checkbox": _Reader._checkbox,
    "properties": _Reader._properties,
    "selected-value": _Reader._value,
    "user": _Reader._value,
    "bookmark": _Reader._bookmark,
    "equation": _Reader._formula,
    "notion-text-equation-token": _Reader._formula,
    "katex-display": _Reader._formula,
    "katex": _Reader._formula,
    "icon": _Reader._icon,
    "page-header-icon": _Reader._hidden,
    "page-cover-image": _Reader._hidden,
    "table_of_contents": _Reader._hidden,
    "breadcrumb": _Reader._hidden,
}
"""What an element is by one of Notion's classes; a rule that says no leaves it to the name."""
