"""Markdown -> Outline: tokens of markdown-it-py as a tree of blocks with rows of leaves."""

from __future__ import annotations

import html
import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import cache

from markdown_it import MarkdownIt
from markdown_it.rules_core import StateCore, block, normalize
from markdown_it.token import Token
from markdown_it.utils import EnvType

from notedeck.diagnostics import Span
from notedeck.machine.quick import quick
from notedeck.outline.blocks import ASKING_CALLOUTS, Block, Extent, Kind, LeafKind, Line, Outline, cut, extents, first_line, joined, lines_of, masked
from notedeck.outline.dispatch import dispatch_plugin
from notedeck.outline.footnotes import NOWHERE, Elsewhere, elsewhere
from notedeck.outline.htmllists import lists_of
from notedeck.outline.leaves import Leaves
from notedeck.outline.obsidian import ASIDE_SIGNS, COMMENT, without_asides
from notedeck.outline.plainrows import plain_row
from notedeck.outline.rows import raw_tokens, row_of
from notedeck.outline.rules import parser
from notedeck.outline.tablerows import CODE_PIPE

_FRONT_MATTER_KEY = re.compile(r"[\w가-힣-]{1,40}:(?:\s|$)")
_RAW = re.compile(r"\s*<(?:pre|script|style|textarea)\b", re.IGNORECASE)
_TASK = re.compile(r"\[([ xX?!/<>*\"-])\]\s+")
_TASKS = {"x": "done", "X": "done", " ": "todo", "/": "todo", "-": "todo", "<": "todo", ">": "todo"}
"""What a task's box says; Obsidian's other signs in one (`[?]`, `[!]`) say that its line is no task."""
_CALLOUT = re.compile(r"\[!([A-Za-z][\w-]{0,40})(?:\|[^\[\]\n]{0,80})?\][+-]?(?=\s|$)[ \t]*")
_CONTAINERS = {
    "bullet_list_open": Kind.BULLET_LIST,
    "ordered_list_open": Kind.ORDERED_LIST,
    "list_item_open": Kind.LIST_ITEM,
    "blockquote_open": Kind.BLOCK_QUOTE,
    "table_open": Kind.TABLE,
    "tr_open": Kind.TABLE_ROW,
    "details_open": Kind.DETAILS,
    "aside_open": Kind.ASIDE,
    "footnote_open": Kind.FOOTNOTE,
}
_TEXTS = {"paragraph": Kind.PARAGRAPH, "heading": Kind.HEADING}
_HOLDERS = {
    "paragraph_open": Kind.PARAGRAPH,
    "th_open": Kind.TABLE_CELL,
    "td_open": Kind.TABLE_CELL,
    "summary_open": Kind.SUMMARY,
}

_span, _block = quick(Span), quick(Block)


def read_markdown(path: str, text: str) -> Outline:
    """Read a source's text (its line ends are newlines) into an outline; `path` goes into every span."""
    return _Reader(path, text).outline()


def inline_row(content: str, line: int, leaves: Leaves, known: Elsewhere = NOWHERE) -> Line:
    """The leaves of an inline text that begins on a line; `known` is what it may refer to."""
    row = None if known and "[" in content else plain_row(content, line, leaves)
    return row_of(_inline_tokens(content, known.env), line, leaves) if row is None else row


@cache
def _parser() -> MarkdownIt:
    return parser().use(dispatch_plugin)


@dataclass(slots=True)
class _Open:
    """A container whose end has not been read."""

    kind: Kind
    span: Span
    token: Token
    children: list[Block]


class _Reader:
    """Turns one token stream into blocks; the leaves get their places as they come."""

    def __init__(self, path: str, text: str) -> None:
        self.path = path
        self.source = text
        self.lines = text.removesuffix("\n").split("\n")
        self.leaves = Leaves(path)
        self.structure: list[Extent] = []
        self.elsewhere = elsewhere(text)

    def outline(self) -> Outline:
        top: list[Block] = []
        source = self._front_matter(top)
        top.extend(self._blocks(_block_tokens(source)))
        whole = Span(self.path, 0, max(len(self.lines), 1))
        return Outline(whole, tuple(top), "".join(self.leaves.pieces), tuple(self.structure), tuple(self.leaves.diagnostics))

    def _front_matter(self, top: list[Block]) -> str:
        """The text with its front matter as empty lines, so that all lines keep their numbers."""
        stop = _front_matter_stop(self.lines)
        if not stop:
            return self.source
        text = "\n".join(self.lines[1 : stop - 1])
        top.append(Block(Kind.FRONT_MATTER, Span(self.path, 0, stop), (self.leaves.add(LeafKind.CODE, text, 1),)))
        return "\n" * stop + "\n".join(self.lines[stop:])

    def _span(self, token: Token, outer: Span) -> Span:
        """A token's lines without the empty ones behind it."""
        if not token.map:
            return outer
        start, stop = token.map
        while stop > start + 1 and (stop > len(self.lines) or not self.lines[stop - 1].strip()):
            stop -= 1
        return _span(self.path, start, stop)

    def _blocks(self, tokens: Sequence[Token]) -> list[Block]:
        root = _Open(Kind.PARAGRAPH, Span(self.path), Token("root", "", 0), [])
        stack = [root]
        rest = iter(tokens)
        for token in rest:
            here = stack[-1]
            if kind := _TEXTS.get(token.type):
                here.children.extend(self._text(kind, token, token.content, here))
            elif kind := _CONTAINERS.get(token.type):
                stack.append(_Open(kind, self._span(token, here.span), token, []))
            elif kind := _HOLDERS.get(token.type):
                here.children.extend(self._text(kind, token, next(rest).content, here))
                next(rest)  # its end
            elif token.type == COMMENT:
                self._hide(token.content)
            elif token.nesting == 0:
                here.children.extend(self._single(token, here.span))
            elif token.nesting == -1 and token.type not in ("thead_close", "tbody_close"):
                done = stack.pop()
                stack[-1].children.append(self._container(done))
        return root.children

    def _text(self, kind: Kind, token: Token, content: str, outer: _Open) -> tuple[Block, ...]:
        """A paragraph, heading or cell; in a list or a quotation a line of dashes below a paragraph makes no heading of it."""
        span = self._span(token, outer.span)
        if token.meta.get("too_deep"):
            self.leaves.warn("too-deep", span.start)
        bare = self._without_asides(content)
        if not bare and kind is Kind.PARAGRAPH:
            return ()
        leaves = self._row(bare, span.start)
        leaves = leaves if bare is content else joined(lines_of(leaves))
        if kind is Kind.TABLE_CELL:
            return (self._cell(token, span, leaves),)
        if kind is not Kind.HEADING:
            return (_block(kind, span, leaves),)
        if token.markup == "-" and outer.kind in (Kind.LIST_ITEM, Kind.BLOCK_QUOTE):
            rule = Span(self.path, span.stop - 1, span.stop)
            return Block(Kind.PARAGRAPH, replace(span, stop=rule.start), leaves), Block(Kind.THEMATIC_BREAK, rule)
        return (Block(kind, span, leaves, level=int(token.tag[1])),)

    def _cell(self, token: Token, span: Span, leaves: Line) -> Block:
        """A table's cell; lines in it that show nothing are none."""
        if token.meta.get(CODE_PIPE):
            self.leaves.warn("table-code", span.start)
        lines = joined(lines_of(leaves)) if any(leaf.kind is LeafKind.BREAK for leaf in leaves) else leaves
        return _block(Kind.TABLE_CELL, span, lines, (), 0, _cell_info(token))

    def _container(self, done: _Open) -> Block:
        level = int(done.token.attrs.get("start", 1)) if done.kind is Kind.ORDERED_LIST else 0
        block = _block(done.kind, done.span, (), tuple(done.children), level)
        if done.kind is Kind.FOOTNOTE:
            self._hide(f"[^{done.token.info}]:")
            return replace(block, info=done.token.info)
        if done.kind is Kind.BLOCK_QUOTE:
            return self._callout(block)
        return self._task(block) if done.kind is Kind.LIST_ITEM else block

    def _callout(self, quote: Block) -> Block:
        """A quotation with the type that its first line names, if it does; a type that asks is a question's label, and stays."""
        first = quote.children[0] if quote.children else None
        if first is None or first.kind is not Kind.PARAGRAPH or not first.leaves or not first.leaves[0].text.startswith("[!"):
            return quote
        found = _CALLOUT.match(masked(first_line(first.leaves)))
        if found is None:
            return quote
        kind = found[1].lower()
        if kind in ASKING_CALLOUTS:
            return replace(quote, info=kind)
        self.structure.extend(extents(cut(first.leaves, 0, found.end())))
        rest = replace(first, leaves=joined(lines_of(cut(first.leaves, found.end()))))
        return replace(quote, info=kind, children=(*([rest] if rest.leaves else []), *quote.children[1:]))

    def _task(self, item: Block) -> Block:
        """A list item without its task box, which becomes `info`."""
        first = item.children[0] if item.children else None
        if first is None or first.kind is not Kind.PARAGRAPH or not first.leaves or first.leaves[0].text[:1] not in ("", "["):
            return item
        found = _TASK.match(masked(first.leaves))
        if found is None:
            return item
        self.structure.extend(extents(cut(first.leaves, 0, found.end())))
        rest = replace(first, leaves=cut(first.leaves, found.end()))
        return replace(item, children=(rest, *item.children[1:]), info=_TASKS.get(found[1], ""))

    def _single(self, token: Token, outer: Span) -> tuple[Block, ...]:
        span = self._span(token, outer)
        if token.type == "hr":
            return (_block(Kind.THEMATIC_BREAK, span),)
        if token.type in ("fence", "code_block"):
            first = min(span.start + (token.type == "fence"), span.stop - 1)
            return (Block(Kind.CODE_BLOCK, span, (self.leaves.add(LeafKind.CODE, token.content, first),), info=_language(token.info)),)
        if token.type.startswith("math_block"):
            return (Block(Kind.MATH_BLOCK, span, (self.leaves.add(LeafKind.MATH, token.content.strip(), span.start),)),)
        return lists_of(Block(Kind.HTML_BLOCK, span, self._html_row(token.content, span.start)))

    def _row(self, content: str, line: int) -> Line:
        return inline_row(content, line, self.leaves, self.elsewhere)

    def _without_asides(self, content: str) -> str:
        """A block's text without what its writer wants nobody to see, or what says something of another place; the same if there is no such thing."""
        bare, asides = self.elsewhere.without_definitions(content)
        if any(sign in bare for sign in ASIDE_SIGNS):
            bare, more = without_asides(bare)
            asides += more
        for words in asides:
            self._hide(words)
        return bare.strip() if asides else content

    def _hide(self, words: str) -> None:
        """Account for words that are structure, which no leaf shows."""
        begin = self.leaves.at
        self.leaves.hide(words)
        self.structure.append((begin, self.leaves.at))

    def _html_row(self, content: str, line: int) -> Line:
        """The leaves of an HTML block: its tags stay, the Markdown between them is read (a Notion callout has some)."""
        tokens = raw_tokens(content) if _RAW.match(content) else _inline_tokens(content, self.elsewhere.env)
        return row_of(tokens, line, self.leaves, in_html=True)


def _block_tokens(text: str) -> list[Token]:
    """The tokens of blocks; the inline text in them is not read yet."""
    state = StateCore(text, _parser(), {})
    if "\r" in text or "\0" in text:
        normalize(state)
    block(state)
    return state.tokens


def _inline_tokens(content: str, env: EnvType | None = None) -> list[Token]:
    """The tokens of one inline text; `env` says what it may refer to."""
    state = StateCore(content, _parser(), {} if env is None else env, [Token("inline", "", 0, content=content)])
    for rule in _parser().core.ruler.getRules()[2:]:  # behind those for blocks
        rule(state)
    return state.tokens[0].children or []


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
    align = str(token.attrs.get("style", "")).removeprefix("text-align:")
    return " ".join(part for part in ("head" if token.type == "th_open" else "", align) if part)
