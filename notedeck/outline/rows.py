"""Tokens of markdown-it-py's inline parser -> a row of leaves."""

from __future__ import annotations

import html
from collections.abc import Sequence

from markdown_it.token import Token

from notedeck.machine.mediatypes import is_played
from notedeck.outline.blocks import Leaf, LeafKind, Line, Mark
from notedeck.outline.leaves import Leaves
from notedeck.outline.links import bare_links
from notedeck.outline.obsidian import SIZE
from notedeck.outline.tags import MARKS, NESTING, SILENT, Part, Tag, pieces_of, read_tag, width_of, written_width

_MOST_OPEN = 256
"""Tags of the notes' own HTML that may be open in a source; people nest ten."""
_EMPHASIS = {"strong_open": Mark("strong"), "em_open": Mark("em"), "s_open": Mark("s"), "small_open": Mark("small")}


def row_of(tokens: Sequence[Token], line: int, leaves: Leaves, in_html: bool = False) -> Line:
    """The leaves of one inline text that begins on a line; in an HTML block tags stay."""
    return _Row(leaves, line, tokens, in_html).read()


def raw_tokens(content: str) -> list[Token]:
    """The tokens of raw HTML: tags and comments, and between them text that is no Markdown."""
    tokens: list[Token] = []
    place = 0
    for begin, end in pieces_of(content):
        tokens.extend(_text_tokens(content[place:begin]))
        tokens.append(Token("html_inline", "", 0, content=content[begin:end]))
        place = end
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

    def __init__(self, leaves: Leaves, line: int, tokens: Sequence[Token], in_html: bool) -> None:
        self.leaves = leaves
        self.line = line
        self.tokens = tokens
        self.in_html = in_html
        self.marks: tuple[Mark, ...] = ()
        self.outer: list[tuple[str, tuple[Mark, ...]]] = []
        self.row: list[Leaf] = []
        self.silent = ""
        self.paired: set[str] = set()

    def read(self) -> Line:
        tags = [read_tag(token.content) for token in self.tokens if token.type == "html_inline"]
        self.paired = {tag.name for tag in tags if tag.closes} & {tag.name for tag in tags if not tag.closes}
        rest = iter(tags)
        for token in self.tokens:
            if token.type == "html_inline":
                self._html(token.content, next(rest))
            elif not self.silent:
                self._token(token)
            self.line += token.meta.get("ends", 0) + token.content.count("\n") + (token.type in ("softbreak", "hardbreak"))
        return self._without_empty_breaks() if self.in_html else tuple(self.row)

    def _add(self, kind: LeafKind, text: str, target: str = "", marks: tuple[Mark, ...] | None = None, width: int = 0) -> None:
        self.row.append(self.leaves.add(kind, text, self.line, self.marks if marks is None else marks, target, width))

    def _token(self, token: Token) -> None:
        if token.type in ("text", "text_special"):
            self._text(token.content)
        elif token.type in _EMPHASIS:
            self._open(token.tag, _EMPHASIS[token.type])
        elif token.type == "link_open":
            self._open("a", Mark("a", str(token.attrs.get("href", ""))))
        elif token.type in ("strong_close", "em_close", "s_close", "link_close", "small_close"):
            if token.type == "link_close" and not (self.row and self.marks[-1:] and self.marks[-1] in self.row[-1].marks):
                self._add(LeafKind.TEXT, "")  # so that a link without text is not lost
            target = self.marks[-1].target if token.type == "link_close" and self.marks else ""
            self._close(token.tag)
            self._behind_link(target)
        elif token.type == "footnote_ref":
            self._add(LeafKind.TEXT, token.content, marks=(*self.marks, Mark("sup", token.info)))
        elif token.type == "code_inline":
            self._add(LeafKind.CODE, token.content)
        elif token.type.startswith("math_inline"):
            self._add(LeafKind.MATH, token.content, "display" if token.type.endswith("double") else "")
        elif token.type == "image":
            self._image(_alternative(token), str(token.attrs.get("src", "")), str(token.attrs.get("width", "")))
        elif token.type in ("softbreak", "hardbreak"):
            self._add(LeafKind.BREAK, "", marks=())
        else:
            self._text(token.content)

    def _image(self, words: str, address: str, size: str) -> None:
        """A picture, with the width that its author gives it; of a sound or a film, the words before it."""
        before, bar, last = words.rpartition("|")
        if bar and (found := SIZE.fullmatch(last)) and not size:
            words, size = before, found[1]
        if is_played(address) and words:
            self._add(LeafKind.TEXT, words)
            words = ""
        self._add(LeafKind.IMAGE, words, address, width=width_of(size))

    def _played(self, tag: Tag) -> None:
        """A sound or a film; of several sources the first."""
        address = "" if tag.closes else tag.attribute("src")
        is_another = tag.name == "source" and self.row[-1:] and self.row[-1].kind is LeafKind.IMAGE
        if address and not is_another:
            self._add(LeafKind.IMAGE, "", address)

    def _behind_link(self, address: str) -> None:
        """What a link leads to, if that is a sound or a film beside the notes: it is played behind the link's words."""
        if is_played(address):
            self._add(LeafKind.IMAGE, "", address)

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
            self._image(tag.attribute("alt"), tag.attribute("src"), tag.attribute("width") or written_width(tag.attribute("style")))
        elif tag.part is Part.PLAYED:
            self._played(tag)
        elif tag.part is Part.BLOCK:
            if not self._is_too_deep(tag):
                self._add(LeafKind.TAG, "", raw, marks=())
        elif tag.part is Part.MARK and tag.closes:
            target = self.marks[-1].target if tag.name == "a" and self.marks else ""
            self._close("html " + tag.name)
            self._behind_link(target)
        elif tag.part is Part.MARK:
            self._open("html " + tag.name, Mark(MARKS[tag.name], tag.attribute("href")))

    def _is_too_deep(self, tag: Tag) -> bool:
        """Whether a tag lies in so many others that it goes, which is said once: a cleaner looks through all that are open, again and again."""
        if tag.name not in NESTING:
            return False
        leaves = self.leaves
        is_too_deep = leaves.open_tags >= _MOST_OPEN + tag.closes
        if is_too_deep and not leaves.is_told_too_deep:
            leaves.warn("too-deep", self.line)
            leaves.is_told_too_deep = True
        leaves.open_tags = max(leaves.open_tags - 1, 0) if tag.closes else leaves.open_tags + 1
        return is_too_deep

    def _remove(self, tag: Tag) -> None:
        """Leave a tag out and say so."""
        if tag.name in SILENT and not tag.closes and tag.name in self.paired:
            self.silent = tag.name
        if not tag.closes:
            self.leaves.warn("html-removed", self.line, tag.name)

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
