"""Markdown -> Outline: tokens of markdown-it-py as a tree of blocks with rows of leaves."""

from __future__ import annotations

import html
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from functools import cache

from markdown_it import MarkdownIt
from markdown_it.token import Token

from notedeck.diagnostics import Diagnostic, Span
from notedeck.outline.blocks import Block, Extent, Kind, Leaf, LeafKind, Line, Mark, Outline, cut, extents, masked
from notedeck.outline.links import bare_links
from notedeck.outline.rules import parser
from notedeck.outline.tags import MARKS, PIECES, SILENT, Part, Tag, read_tag

_FRONT_MATTER_KEY = re.compile(r"[\w가-힣-]{1,40}:(?:\s|$)")
_TASK = re.compile(r"\[([ xX])\]\s+")
_CONTAINERS = {
    "bullet_list_open": Kind.BULLET_LIST,
    "ordered_list_open": Kind.ORDERED_LIST,
    "list_item_open": Kind.LIST_ITEM,
    "blockquote_open": Kind.BLOCK_QUOTE,
    "table_open": Kind.TABLE,
    "tr_open": Kind.TABLE_ROW,
    "details_open": Kind.DETAILS,
    "aside_open": Kind.ASIDE,
}
_HOLDERS = {
    "paragraph_open": Kind.PARAGRAPH,
    "heading_open": Kind.HEADING,
    "th_open": Kind.TABLE_CELL,
    "td_open": Kind.TABLE_CELL,
    "summary_open": Kind.SUMMARY,
}
_EMPHASIS = {"strong_open": Mark("strong"), "em_open": Mark("em"), "s_open": Mark("s")}


def read_markdown(path: str, text: str) -> Outline:
    """Read a source's text (its line ends are newlines) into an outline; `path` goes into every span."""
    return _Reader(path, text).outline()


@cache
def _parser() -> MarkdownIt:
    return parser()


@dataclass(slots=True)
class _Open:
    """A container whose end has not been read."""

    kind: Kind
    span: Span
    token: Token
    children: list[Block] = field(default_factory=list)


class _Reader:
    """Turns one token stream into blocks; the leaves get their places as they come."""

    def __init__(self, path: str, text: str) -> None:
        self.path = path
        self.source = text
        self.lines = text.removesuffix("\n").split("\n")
        self.pieces: list[str] = []
        self.at = 0
        self.structure: list[Extent] = []
        self.diagnostics: list[Diagnostic] = []

    def outline(self) -> Outline:
        top: list[Block] = []
        source = self._front_matter(top)
        top.extend(self._blocks(_parser().parse(source)))
        whole = Span(self.path, 0, max(len(self.lines), 1))
        return Outline(whole, tuple(top), "".join(self.pieces), tuple(self.structure), tuple(self.diagnostics))

    def _front_matter(self, top: list[Block]) -> str:
        """The text with its front matter as empty lines, so that all lines keep their numbers."""
        stop = _front_matter_stop(self.lines)
        if not stop:
            return self.source
        text = "\n".join(self.lines[1 : stop - 1])
        top.append(Block(Kind.FRONT_MATTER, Span(self.path, 0, stop), (self.leaf(LeafKind.CODE, text, 1),)))
        return "\n" * stop + "\n".join(self.lines[stop:])

    def leaf(self, kind: LeafKind, text: str, line: int, marks: tuple[Mark, ...] = (), target: str = "") -> Leaf:
        """A new leaf at the end of the text so far."""
        made = Leaf(kind, text, self.at, line, marks, target)
        self.pieces.append(text)
        self.at += len(text)
        return made

    def warn(self, code: str, line: int, *details: str) -> None:
        self.diagnostics.append(Diagnostic(Span(self.path, line, line + 1), code, details))

    def _span(self, token: Token, outer: Span) -> Span:
        """A token's lines without the empty ones behind it."""
        if not token.map:
            return outer
        start, stop = token.map
        while stop > start + 1 and not "".join(self.lines[stop - 1 : stop]).strip():
            stop -= 1
        return Span(self.path, start, stop)

    def _blocks(self, tokens: Sequence[Token]) -> list[Block]:
        root = _Open(Kind.PARAGRAPH, Span(self.path), Token("root", "", 0))
        stack = [root]
        for token in tokens:
            here = stack[-1]
            if token.type in _CONTAINERS:
                stack.append(_Open(_CONTAINERS[token.type], self._span(token, here.span), token))
            elif token.type in _HOLDERS:
                stack.append(_Open(_HOLDERS[token.type], self._span(token, here.span), token))
            elif token.type == "inline":
                self._hold(stack, token)
            elif token.nesting == -1 and token.type not in ("thead_close", "tbody_close"):
                done = stack.pop()
                if done.token.type not in _HOLDERS:
                    stack[-1].children.append(self._container(done))
            elif token.nesting == 0:
                here.children.append(self._single(token, here.span))
        return root.children

    def _hold(self, stack: list[_Open], token: Token) -> None:
        """A paragraph, heading or cell, whose text is `token`."""
        holder, outer = stack[-1], stack[-2]
        if holder.token.meta.get("too_deep"):
            self.warn("too-deep", holder.span.start)
        leaves = _Row(self, holder.span.start, token.children or ()).leaves()
        if holder.token.markup == "-" and holder.token.type == "heading_open" and outer.kind in (Kind.LIST_ITEM, Kind.BLOCK_QUOTE):
            rule = Span(self.path, holder.span.stop - 1, holder.span.stop)
            outer.children.append(Block(Kind.PARAGRAPH, replace(holder.span, stop=rule.start), leaves))
            outer.children.append(Block(Kind.THEMATIC_BREAK, rule))
            return
        level = int(holder.token.tag[1]) if holder.kind is Kind.HEADING else 0
        outer.children.append(Block(holder.kind, holder.span, leaves, level=level, info=_cell_info(holder.token)))

    def _container(self, done: _Open) -> Block:
        children = tuple(done.children)
        if done.kind is Kind.ORDERED_LIST:
            return Block(done.kind, done.span, children=children, level=int(done.token.attrs.get("start", 1)))
        block = Block(done.kind, done.span, children=children)
        return self._task(block) if done.kind is Kind.LIST_ITEM else block

    def _task(self, item: Block) -> Block:
        """A list item without its task box, which becomes `info`."""
        first = item.children[0] if item.children else None
        found = _TASK.match(masked(first.leaves)) if first and first.kind is Kind.PARAGRAPH else None
        if first is None or found is None:
            return item
        self.structure.extend(extents(cut(first.leaves, 0, found.end())))
        rest = replace(first, leaves=cut(first.leaves, found.end()))
        return replace(item, children=(rest, *item.children[1:]), info="todo" if found[1] == " " else "done")

    def _single(self, token: Token, outer: Span) -> Block:
        span = self._span(token, outer)
        if token.type == "hr":
            return Block(Kind.THEMATIC_BREAK, span)
        if token.type in ("fence", "code_block"):
            first = span.start + (token.type == "fence")
            return Block(Kind.CODE_BLOCK, span, (self.leaf(LeafKind.CODE, token.content, first),), info=_language(token.info))
        if token.type.startswith("math_block"):
            return Block(Kind.MATH_BLOCK, span, (self.leaf(LeafKind.MATH, token.content.strip(), span.start),))
        return Block(Kind.HTML_BLOCK, span, _html_row(self, span.start, token.content).leaves())


def _front_matter_stop(lines: Sequence[str]) -> int:
    """How many lines front matter takes, 0 if there is none: `---`, keys (what is indented or `- …` belongs to one), `---`."""
    if lines[0].rstrip() != "---":
        return 0
    has_key = False
    for number, line in enumerate(lines[1:], 1):
        if line.rstrip() in ("---", "..."):
            return number + 1 if has_key else 0
        is_key = bool(_FRONT_MATTER_KEY.match(line))
        if not is_key and not (has_key and line.startswith((" ", "\t", "- "))) and not (line.startswith("#") and has_key):
            return 0
        has_key = has_key or is_key
    return 0


def _language(info: str) -> str:
    """The language of a code block: Notion's `Plain Text` and `C++` are one name, a Markdown writer's is the first word."""
    words = html.unescape(info).strip().lower()
    return "" if words == "plain text" else words.split()[0] if words else ""


def _cell_info(token: Token) -> str:
    if token.type not in ("th_open", "td_open"):
        return ""
    align = str(token.attrs.get("style", "")).removeprefix("text-align:")
    return " ".join(part for part in ("head" if token.type == "th_open" else "", align) if part)


def _html_row(reader: _Reader, line: int, content: str) -> _Row:
    """The leaves of an HTML block: its tags stay, the Markdown between them is read (a Notion callout has some)."""
    raw = re.match(r"\s*<(?:pre|script|style|textarea)\b", content, re.IGNORECASE)
    tokens = _raw_tokens(content) if raw else _parser().parseInline(content)[0].children or ()
    return _Row(reader, line, tokens, in_html=True)


def _raw_tokens(content: str) -> list[Token]:
    tokens: list[Token] = []
    place = 0
    for found in PIECES.finditer(content):
        tokens.extend(_text_tokens(content[place : found.start()]))
        tokens.append(Token("html_inline", "", 0, content=found[0]))
        place = found.end()
    return tokens + _text_tokens(content[place:])


def _text_tokens(raw: str) -> list[Token]:
    tokens: list[Token] = []
    for number, line in enumerate(raw.split("\n")):
        if number:
            tokens.append(Token("softbreak", "br", 0))
        if line:
            tokens.append(Token("text", "", 0, content=html.unescape(line)))
    return tokens


class _Row:
    """Turns the tokens of one inline text into leaves."""

    def __init__(self, reader: _Reader, line: int, tokens: Iterable[Token], in_html: bool = False) -> None:
        self.reader = reader
        self.line = line
        self.tokens = list(tokens)
        self.in_html = in_html
        self.marks: tuple[Mark, ...] = ()
        self.outer: list[tuple[str, tuple[Mark, ...]]] = []
        self.row: list[Leaf] = []
        self.silent = ""
        self.paired: set[str] = set()

    def leaves(self) -> Line:
        tags = [read_tag(token.content) for token in self.tokens if token.type == "html_inline"]
        self.paired = {tag.name for tag in tags if tag.closes} & {tag.name for tag in tags if not tag.closes}
        for token in self.tokens:
            if token.type == "html_inline":
                self._html(token.content, read_tag(token.content))
            elif not self.silent:
                self._token(token)
            self.line += token.meta.get("ends", 0) + token.content.count("\n") + (token.type in ("softbreak", "hardbreak"))
        return self._without_empty_breaks() if self.in_html else tuple(self.row)

    def _add(self, kind: LeafKind, text: str, target: str = "", marks: tuple[Mark, ...] | None = None) -> None:
        made = self.reader.leaf(kind, text, self.line, self.marks if marks is None else marks, target)
        self.row.append(made)

    def _token(self, token: Token) -> None:
        if token.type in ("text", "text_special"):
            self._text(token.content)
        elif token.type in _EMPHASIS:
            self._open(token.tag, _EMPHASIS[token.type])
        elif token.type == "link_open":
            self._open("a", Mark("a", str(token.attrs.get("href", ""))))
        elif token.type in ("strong_close", "em_close", "s_close", "link_close"):
            if token.type == "link_close" and not (self.row and self.marks[-1:] and self.marks[-1] in self.row[-1].marks):
                self._add(LeafKind.TEXT, "")  # so that a link without text is not lost
            self._close(token.tag)
        elif token.type == "code_inline":
            self._add(LeafKind.CODE, token.content)
        elif token.type.startswith("math_inline"):
            self._add(LeafKind.MATH, token.content, "display" if token.type.endswith("double") else "")
        elif token.type == "image":
            self._add(LeafKind.IMAGE, _alternative(token), str(token.attrs.get("src", "")))
        elif token.type in ("softbreak", "hardbreak"):
            self._add(LeafKind.BREAK, "", marks=())
        else:
            self._text(token.content)

    def _text(self, text: str) -> None:
        place = 0
        if not any(mark.name == "a" for mark in self.marks):
            for begin, end in bare_links(text):
                if begin > place:
                    self._add(LeafKind.TEXT, text[place:begin])
                self._add(LeafKind.TEXT, text[begin:end], marks=(*self.marks, Mark("a", text[begin:end])))
                place = end
        if place < len(text):
            self._add(LeafKind.TEXT, text[place:])

    def _open(self, name: str, mark: Mark) -> None:
        self.outer.append((name, self.marks))
        if mark not in self.marks and len(self.marks) < 16:
            self.marks = (*self.marks, mark)

    def _close(self, name: str) -> None:
        if any(opened == name for opened, _ in self.outer[-16:]):
            while self.outer:
                opened, self.marks = self.outer.pop()
                if opened == name:
                    return

    def _is_word(self, tag: Tag) -> bool:
        """Whether a tag is a word about HTML (`<span>과 <div>의 차이`): it stands alone and bare."""
        is_alone = tag.name not in self.paired and not tag.attributes.strip() and tag.name != "hr"
        return (
            tag.part is Part.TEXT
            or (is_alone and tag.part in (Part.MARK, Part.BLOCK, Part.NOTHING) and not self.in_html and bool(tag.name))
            or (is_alone and tag.part is Part.REMOVED and not tag.closes)
        )

    def _html(self, raw: str, tag: Tag) -> None:
        if self.silent:
            self.silent = "" if tag.closes and tag.name == self.silent else self.silent
        elif self._is_word(tag):
            self._text(raw)
        elif tag.part is Part.REMOVED:
            self._remove(tag)
        elif tag.part is Part.BREAK:
            self._add(LeafKind.BREAK, "", marks=())
        elif tag.part is Part.IMAGE:
            self._add(LeafKind.IMAGE, tag.attribute("alt"), tag.attribute("src"))
        elif tag.part is Part.BLOCK:
            self._add(LeafKind.TAG, "", raw, marks=())
        elif tag.part is Part.MARK and tag.closes:
            self._close("html " + tag.name)
        elif tag.part is Part.MARK:
            self._open("html " + tag.name, Mark(MARKS[tag.name], tag.attribute("href")))

    def _remove(self, tag: Tag) -> None:
        """Leave a tag out and say so."""
        if tag.name in SILENT and not tag.closes and tag.name in self.paired:
            self.silent = tag.name
        if not tag.closes:
            self.reader.warn("html-removed", self.line, tag.name)

    def _without_empty_breaks(self) -> Line:
        """In an HTML block a line's end beside a tag is layout, not a break."""
        solid = [leaf for leaf in self.row if leaf.kind is not LeafKind.TEXT or leaf.text.strip()]
        kept = [
            leaf
            for index, leaf in enumerate(solid)
            if leaf.kind is not LeafKind.BREAK or (0 < index < len(solid) - 1 and LeafKind.TAG not in (solid[index - 1].kind, solid[index + 1].kind))
        ]
        return tuple(kept)


def _alternative(token: Token) -> str:
    """A picture's alternative text without its markup."""
    if not token.children:
        return token.content
    return "".join(child.content if child.type != "image" else _alternative(child) for child in token.children)
