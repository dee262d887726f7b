"""HTML -> Outline: a page of Notion's HTML export as the outline that its Markdown export makes, and any other page as well as it goes.

Notion writes a page on one line, so lines here are those of **the page as a reader sees it**, counted from 0: each line of a
paragraph, each heading, row of a table, line of code, formula and rule is one. What the page adds of itself (its icon, a table
of contents, the description below a bookmark) stands in no leaf, because the Markdown export has none of it: it is structure.
"""

from __future__ import annotations

import re
from collections.abc import Callable

from bs4.element import NavigableString, Tag

from notedeck.outline.blocks import Kind, LeafKind, Mark, Outline
from notedeck.outline.htmltables import Tables
from notedeck.outline.inlines import address_of, classes, written_tex
from notedeck.outline.runs import Run
from notedeck.outline.soup import REMOVED, soup
from notedeck.outline.tags import MARKS

_SUMMARY_LEVELS = {"1.875em": 1, "1.5em": 2, "1.25em": 3, "1.125em": 4, "1em": 4}
_FONT_SIZE = re.compile(r"font-weight:\s*600.*font-size:\s*([\d.]+em)|font-size:\s*([\d.]+em).*font-weight:\s*600")
_HEADINGS = ("h1", "h2", "h3", "h4", "h5", "h6")

_WARNED = frozenset("object embed applet form button select option optgroup canvas dialog portal slot frame frameset".split())
"""Elements that load, run or take input, as in Markdown: they go, and what they hold stays."""
_TRANSPARENT = frozenset("html head body tbody thead tfoot link meta base track param colgroup col area map".split())
"""Elements that say nothing themselves; where nobody closed one, all behind it lies in it."""
_INLINE = frozenset("span font abbr cite q dfn var samp data bdi bdo label time wbr rb small nobr big tt".split())


def read_notion(path: str, text: str) -> Outline:
    """Read an HTML page into an outline; `path` goes into every span."""
    page = soup(text)
    is_notion = page.find(class_=["page-title", "page-body"]) is not None
    return _Reader(path, is_notion).outline(page)


class _Reader(Tables):
    """Says what each element of a page is as a block."""

    def _element(self, tag: Tag) -> None:
        for name in classes(tag):
            if name in _BY_CLASS and _BY_CLASS[name](self, tag):
                return
        if written_tex(tag) and self._formula(tag):
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

    def _callout(self, tag: Tag) -> bool:
        """A callout: its icon, if that is a sign, begins its text."""
        children = [child for child in tag.contents if isinstance(child, Tag) or str(child).strip()]
        named = str(tag.get("data-notion-callout-icon") or "")
        first = children[0] if children else None
        icon = first.find(class_="icon", recursive=False) if isinstance(first, Tag) and len(children) > 1 else None
        if isinstance(first, Tag) and isinstance(icon, Tag):
            words = icon.get_text().strip() or str(icon.get("data-emoji") or "") or named
            children[:1] = [child for child in first.contents if child is not icon]
        else:
            words = named
            children = children[bool(named) and isinstance(first, Tag) and _is_text(first, named) :]
        self._contain(tag, Kind.ASIDE, children=[lambda: self._begin_callout(words), *children])
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

    def _caption(self, tag: Tag) -> None:
        """What stands below a picture or a formula: no part of that."""
        self._edge()
        self.tasks.append(self._edge)
        self._within(tag, is_in_formula=False)

    def _hidden(self, tag: Tag) -> bool:
        self._edge()
        return self._icon(tag)


def _level(tag: Tag) -> int:
    """The level of a toggle that is a heading, by the heading in its summary or by its size; 0 for any other element."""
    if tag.name != "summary":
        return 0
    inside = next((child.name for child in tag.contents if isinstance(child, Tag)), "")
    found = _FONT_SIZE.search(str(tag.get("style") or ""))
    return int(inside[1]) if inside in _HEADINGS else _SUMMARY_LEVELS.get(found[1] or found[2], 0) if found else 0


def _is_text(tag: Tag, words: str) -> bool:
    """Whether an element holds these words and nothing else."""
    return len(tag.contents) == 1 and isinstance(tag.contents[0], NavigableString) and str(tag.contents[0]).strip() == words


_BLOCKS = frozenset("p div section article main header footer nav figure figcaption center address dl dt dd fieldset legend caption hgroup".split())

_BY_NAME: dict[str, Callable[[_Reader, Tag], None]] = {
    "br": _Reader._break,
    "a": _Reader._link,
    "img": _Reader._image,
    **dict.fromkeys(("ruby", "rt", "rp"), _Reader._kept),
    **dict.fromkeys(("audio", "video", "source"), _Reader._played),
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
    "figcaption": _Reader._caption,
    **dict.fromkeys(_HEADINGS, _Reader._heading),
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
