"""The text of an HTML page: what stands in a line (marks, links, pictures, formulas), and code.

`Inlines` walks the tree without recursion, so that no depth of tags is too much for it; what the blocks are says a subclass.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from urllib.parse import unquote

from bs4.element import NavigableString, PageElement, RubyParenthesisString, RubyTextString, Tag
from markdown_it.common.normalize_url import normalizeLink, validateLink

from notedeck.machine.mediatypes import is_played
from notedeck.outline.blocks import Kind, LeafKind, Mark, Outline
from notedeck.outline.growing import Growing
from notedeck.outline.runs import Run
from notedeck.outline.tags import MARKS, width_of, written_width

_UNDERLINED = re.compile(r"border-bottom|text-decoration:\s*underline")
_PAGE = re.compile(r"\A([^?#]*)\.html(?=$|[?#])", re.IGNORECASE)
_LANGUAGE = re.compile(r"(?:^|\s)lang(?:uage)?-(.+)")
_HAS_SCHEME = re.compile(r"[a-z][a-z0-9+.-]*:|//", re.IGNORECASE)
_NUMBERED = re.compile(r"(Untitled|image)(?: \d+)?(\.\w+)?", re.IGNORECASE)
_MOST_MARKS = 16
_TEXTS = (NavigableString, RubyTextString, RubyParenthesisString)
"""What a reader sees: of the other kinds of strings are comments and declarations."""
_DRAWING = frozenset({"math", "semantics", "annotation", "style", "svg"})
"""Elements that KaTeX draws with, beside those of its own classes."""

_BLOCK_TEX, _INLINE_TEX = "data-notion-equation", "data-notion-inline-equation"
"""Where Notion's exports have a formula's TeX since 2026; before, it stood in KaTeX's MathML alone."""

Task = PageElement | Callable[[], None]


class Inlines:
    """Reads a page as a row of tasks: elements, and what is to be done at their ends."""

    def __init__(self, path: str, is_notion: bool) -> None:
        self.is_notion = is_notion
        self.grown = Growing(path, keeps_space=is_notion, joins_lists=is_notion)
        self.tasks: list[Task] = []
        self.marks: tuple[Mark, ...] = ()
        self.code = 0
        """The number of the inline code that is being read, or 0."""
        self.groups = 0
        self.is_in_formula = False
        self.is_drawing = False
        """Whether what is read draws a formula whose TeX is known: it is the page's own."""

    def outline(self, page: Tag) -> Outline:
        self._then(page.contents)
        while self.tasks:
            task = self.tasks.pop()
            if isinstance(task, Tag):
                self._element(task)
            elif not isinstance(task, PageElement):
                task()
            elif type(task) in _TEXTS:
                self._text(str(task))
        return self.grown.outline()

    def _then(self, children: Iterable[Task], end: Callable[[], None] | None = None) -> None:
        """Go on with `children`, and with `end` after them."""
        if end is not None:
            self.tasks.append(end)
        self.tasks.extend(reversed(list(children)))

    def _element(self, tag: Tag) -> None:
        """Read an element."""
        raise NotImplementedError

    def _text(self, text: str) -> None:
        if self.is_drawing:
            self.grown.hide(text)
        elif self.code:
            self._add(LeafKind.CODE, text.replace("\n", " "), group=self.code)
        elif not self.is_notion:
            self._add(LeafKind.TEXT, text)
        else:
            for number, line in enumerate(text.split("\n")):
                if number:
                    self.grown.add(Run(LeafKind.BREAK))
                if line:
                    self._add(LeafKind.TEXT, line)

    def _add(self, kind: LeafKind, text: str, target: str = "", group: int = 0) -> None:
        self.grown.add(Run(kind, text, self.marks, target, group))

    def _alone(self, kind: LeafKind, text: str, target: str = "", width: int = 0) -> None:
        """A leaf that no neighbour joins."""
        self.groups += 1
        self.grown.add(Run(kind, text, self.marks, target, self.groups, width))

    def _break(self, tag: Tag) -> None:
        self.grown.add(Run(LeafKind.BREAK))
        self._then(tag.contents)

    def _inline(self, tag: Tag) -> None:
        style = str(tag.get("style") or "")
        if tag.name == "span" and _UNDERLINED.search(style):
            self._marked(tag, Mark("u"))
        else:
            self._then(tag.contents)

    def _mark(self, tag: Tag) -> None:
        """Bold, italic and the like; Notion's `<mark>` is a colour, which goes."""
        if tag.name == "mark" and self.is_notion:
            self._then(tag.contents)
        else:
            self._marked(tag, Mark(MARKS[tag.name]))

    def _marked(self, tag: Tag, mark: Mark, end: Callable[[], None] | None = None) -> None:
        before = self.marks

        def restore() -> None:
            if end:
                end()
            self.marks = before

        if mark not in before and len(before) < _MOST_MARKS:
            self.marks = (*before, mark)
        self._then(tag.contents, restore)

    def _inline_code(self, tag: Tag) -> None:
        before = self.code

        def restore() -> None:
            self.code = before

        if not before:
            self.groups += 1
            self.code = self.groups
        self._then(tag.contents, restore)

    def _link(self, tag: Tag) -> None:
        address = address_of(tag)
        is_picture = "image" in classes(tag.parent) and self.is_notion
        if not address or is_picture or any(mark.name == "a" for mark in self.marks):
            self._then(tag.contents)
            return
        mark = Mark("a", address)
        before = len(self.grown.runs)

        def end() -> None:
            if all(run.is_blank for run in self.grown.runs[before:]) and self.marks[-1:] == (mark,):
                self._add(LeafKind.TEXT, "")  # so that a link without text is not lost
            if is_played(address):
                self.marks = self.marks[:-1]
                self._alone(LeafKind.IMAGE, "", address)

        self._marked(tag, mark, end)

    def _image(self, tag: Tag) -> None:
        source = str(tag.get("src") or "")
        alternative = tag.get("alt")
        text = str(alternative) if alternative is not None or not self.is_notion else self._name_of(tag, source)
        if source or text:
            self._alone(LeafKind.IMAGE, text, source, width_of(str(tag.get("width") or "") or written_width(str(tag.get("style") or ""))))
        self._then(tag.contents)

    def _played(self, tag: Tag) -> None:
        """A sound or a film; of several sources the first."""
        address = str(tag.get("src") or "")
        is_another = tag.name == "source" and self.grown.runs[-1:] and self.grown.runs[-1].kind is LeafKind.IMAGE
        if address and not is_another:
            self._alone(LeafKind.IMAGE, "", address)
        self._then(tag.contents)

    def _name_of(self, tag: Tag, source: str) -> str:
        """What Notion's Markdown export calls a picture: its caption, or the name that its file had."""
        figure = next((one for one in (tag.parent, tag.parent and tag.parent.parent) if one is not None and one.name == "figure"), None)
        caption = figure.find("figcaption", recursive=False) if figure is not None else None
        if isinstance(caption, Tag) and caption.find("img") is None and (words := " ".join(caption.get_text().split())):
            return words
        if _HAS_SCHEME.match(source):
            return "" if source.startswith("data:") else source
        name = unquote(source.rpartition("/")[2])
        found = _NUMBERED.fullmatch(name)
        if found is None:
            return name
        return found[1] if found[1] == "Untitled" else found[1] + (found[2] or "")

    def _kept(self, tag: Tag) -> None:
        """An element that a card has as it is: how a word is read."""
        self._alone(LeafKind.TAG, "", f"<{tag.name}>")
        self._then(tag.contents, lambda: self._alone(LeafKind.TAG, "", f"</{tag.name}>"))

    def _icon(self, tag: Tag) -> bool:
        """A page's, a property's or a person's icon: the Markdown export has none."""
        self.grown.hide(tag.get_text())
        return True

    def _formula(self, tag: Tag) -> bool:
        """A formula by its TeX; without any, by what is seen of it."""
        found = None if self.is_in_formula else tag.find("annotation")
        drawn = found if isinstance(found, Tag) else None
        tex = written_tex(tag) or (drawn.get_text() if drawn else "")
        if self.is_in_formula or not tex.strip():
            return self._without_tex(tag)
        if (tag.has_attr(_BLOCK_TEX) or "equation" in classes(tag)) and self.grown.holder is None:
            tex = tex.strip()
            self.grown.put_text(Kind.MATH_BLOCK, LeafKind.MATH, tex, tex.count("\n") + 1)
        else:
            self._alone(LeafKind.MATH, " ".join(tex.split()), "display" if "katex-display" in classes(tag) else "")
        if drawn:
            self._then(_beside(tag, drawn))
        else:
            self._within(tag, is_in_formula=True, is_drawing=True)
        return True

    def _within(self, tag: Tag, *, is_in_formula: bool, is_drawing: bool = False) -> None:
        """Go on with what an element holds, which is part of a formula or is none."""
        before = self.is_in_formula, self.is_drawing
        self.is_in_formula, self.is_drawing = is_in_formula, is_drawing

        def restore() -> None:
            self.is_in_formula, self.is_drawing = before

        self._then(tag.contents, restore)

    def _math(self, tag: Tag) -> None:
        self._formula(tag)

    def _without_tex(self, tag: Tag) -> bool:
        self._within(tag, is_in_formula=True, is_drawing=self.is_drawing)
        return True

    def _code(self, tag: Tag) -> None:
        for line_end in tag.find_all("br"):
            line_end.insert_before("\n")
        text = tag.get_text()
        if self.grown.holder is not None:
            for line in text.strip("\n").split("\n"):
                self._alone(LeafKind.CODE, line)
                self.grown.end_line()
            return
        if not self.is_notion:
            text = text.removeprefix("\n").removesuffix("\n")
        self.grown.put_text(Kind.CODE_BLOCK, LeafKind.CODE, text + "\n", text.count("\n") + 1, _language(tag))


def classes(tag: Tag | None) -> list[str]:
    """The classes of an element."""
    found = tag.get("class") if tag is not None else None
    return found.split() if isinstance(found, str) else list(found or ())


def address_of(tag: Tag) -> str:
    """Where a link leads, as markdown-it writes it; a page of the export by the name that it has in Markdown."""
    address = str(tag.get("href") or "").strip()
    if not _HAS_SCHEME.match(address):
        address = _PAGE.sub(r"\1.md", address, count=1)
    normal = normalizeLink(address) if address else ""
    return normal if validateLink(normal) else ""


def written_tex(tag: Tag) -> str:
    """The TeX that an element has for an attribute."""
    return str(tag.get(_BLOCK_TEX) or tag.get(_INLINE_TEX) or "")


def _beside(formula: Tag, tex: Tag) -> list[PageElement]:
    """What stands in a formula's element and draws nothing of it: a caption, and what a missing end has let in."""
    path: list[Tag] = [tex]
    while path[-1].parent is not None and path[-1].parent is not formula:
        path.append(path[-1].parent)
    drawing = max((place for place, one in enumerate(path) if _is_katex(one)), default=0)
    return [one for inner in path[drawing:] for one in (inner.parent or formula).contents if one is not inner and not _draws(one)]


def _draws(one: PageElement) -> bool:
    """Whether an element beside a formula's TeX is how KaTeX draws it."""
    return isinstance(one, Tag) and (one.name == "span" or _is_katex(one))


def _is_katex(tag: Tag) -> bool:
    """Whether an element is KaTeX's own: a mere `<span>` around it may hold something else."""
    return tag.name in _DRAWING or any(name.startswith("katex") for name in classes(tag))


def _language(tag: Tag) -> str:
    """The language of code: `language-Plain Text` and `language-C++` are one name, as below a Markdown fence."""
    code = tag.find("code")
    named = [found[1] for one in (code, tag) if isinstance(one, Tag) and (found := _LANGUAGE.search(" ".join(classes(one))))]
    name = next((one for one in (*named, str(tag.get("data-notion-code-syntax") or "")) if one.strip()), "").lower()
    return "" if not name or name.startswith("plain text") else name.split()[0]
