"""Blocks -> HTML, as it stands on a card.

The writer's own HTML is as a cleaner leaves it: what is opened is closed, nothing lies where it may not, and text is escaped
as HTML is serialised. Where the notes' own tags or a link in a link stand among it, a cleaner has the last word.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from functools import lru_cache
from urllib.parse import unquote

from notedeck.config import Config
from notedeck.content.arming import CLOSES, HINTED, NUMBERED, OPENS, SIGNS
from notedeck.content.cleaning import clean, escaped, link_tag
from notedeck.content.highlighting import highlighted
from notedeck.outline.blocks import BEGINS, CLOZE, ENDS, Block, Kind, Leaf, LeafKind, Line, Mark, only_follow_ups, text_of
from notedeck.outline.tags import read_tag

_SIGN = re.compile(f"[{SIGNS}]")
_UNSAFE = re.compile(rf"[&<>\\\xa0{SIGNS}]")
_MATHJAX_MARKS = re.compile(r"\\(?=[()\[\]])")
_LINK = re.compile(r"(?:https?|ftp)://|mailto:", re.IGNORECASE)
_KEPT_OF_RAW_TAGS = ("colspan", "rowspan", "start")
_TEXT, _BREAK, _IMAGE, _TAG = LeafKind.TEXT, LeafKind.BREAK, LeafKind.IMAGE, LeafKind.TAG  # to look one up takes a while
_LISTS = (Kind.BULLET_LIST, Kind.ORDERED_LIST)
_Marks = tuple[Mark, ...]


class Writer:
    """Writes blocks as HTML; gathers the pictures that they name."""

    def __init__(self, config: Config) -> None:
        self.config = config
        self.pictures: list[Leaf] = []
        """Each is a placeholder with its number, `<img src="picture-0">`."""
        self.is_ours = True
        """Whether all that was written so far is as a cleaner leaves it."""

    def inline_html(self, blocks: Sequence[Block]) -> str:
        """The text of paragraphs alone, without their `<p>`."""
        return self.cleaned("<br>".join([self.line(block.leaves) for block in blocks]))

    def text_html(self, blocks: Sequence[Block]) -> str:
        """The text of a cloze note: a paragraph alone without its `<p>`."""
        return self.inline_html(blocks) if len(blocks) == 1 and blocks[0].kind is Kind.PARAGRAPH else self.cleaned(self.all(blocks))

    def context_html(self, blocks: Sequence[Block]) -> str:
        """The book's sentences, and below them the code or table that the question is about."""
        lines = [block for block in blocks if block.kind is Kind.PARAGRAPH]
        others = [block for block in blocks if block.kind is not Kind.PARAGRAPH]
        return self.cleaned("<br>".join([self.line(block.leaves) for block in lines]) + self.all(others))

    def answer_html(self, blocks: Sequence[Block]) -> str:
        """An answer; its follow-ups are open if there is nothing else in it."""
        if only_follow_ups(blocks):
            return self.cleaned("\n".join([self.follow_up(block, ' open=""') for block in _follow_ups(blocks)]))
        return self.cleaned(self.all(blocks))

    def cleaned(self, written: str) -> str:
        """A field as it is if all of it is ours; what a parser reads otherwise than it is written is not."""
        is_ours = self.is_ours and not (written.startswith("\ufeff") or "\r" in written or "\0" in written)
        self.is_ours = True
        return written if is_ours else clean(written)

    def all(self, blocks: Sequence[Block]) -> str:
        """Blocks one after another."""
        return "\n".join([_BLOCKS[block.kind](self, block) for block in blocks])

    def list(self, block: Block) -> str:
        """A list; a follow-up in it stands between its items, and an ordered list goes on counting behind it."""
        parts: list[str] = []
        tag = "ul" if block.kind is Kind.BULLET_LIST else "ol"
        is_open = False
        for number, child in enumerate(block.children, block.level):
            if child.kind is Kind.FOLLOW_UP:
                parts.append(f"</{tag}>" if is_open else "")
                parts.append(self.follow_up(child, ""))
            else:
                start = f' start="{number}"' if tag == "ol" and number != 1 else ""
                parts.append("" if is_open else f"<{tag}{start}>")
                parts.append(self.item(child))
            is_open = child.kind is not Kind.FOLLOW_UP
        return "".join([*parts, f"</{tag}>" if is_open else ""])

    def item(self, block: Block) -> str:
        """A list item; its first paragraph stands right behind the bullet."""
        box = {"todo": "☐ ", "done": "☑ "}.get(block.info, "")
        opening = f'<li class="task">{box}' if box else "<li>"
        first, rest = block.children[:1], block.children[1:]
        if first and first[0].kind is Kind.PARAGRAPH:
            return f"{opening}{self.line(first[0].leaves)}{self.all(rest)}</li>"
        return f"{opening}{self.all(block.children)}</li>"

    def table(self, block: Block) -> str:
        """A table with the element around its rows that a parser would add."""
        rows = self.all(block.children)
        return f'<div class="table"><table>{f"<tbody>{rows}</tbody>" if rows else ""}</table></div>'

    def cell(self, block: Block) -> str:
        """A table's cell."""
        words = block.info.split()
        tag = "th" if "head" in words else "td"
        align = next((word for word in words if word in ("left", "center", "right")), "")
        opening = f'<{tag} class="{align}">' if align else f"<{tag}>"
        return f"{opening}{self.line(block.leaves)}</{tag}>"

    def footnote(self, block: Block) -> str:
        """A footnote below the answer that refers to it."""
        first, rest = block.children[:1], block.children[1:]
        has_text = bool(first) and first[0].kind is Kind.PARAGRAPH
        words = self.line(first[0].leaves) if has_text else ""
        return f"<p><small><sup>[{_words(block.info)}]</sup> {words}</small></p>{self.all(rest if has_text else block.children)}"

    def follow_up(self, block: Block, state: str) -> str:
        """A follow-up inside its parent's answer, as deck.toml wants it.

        `tappable` tells AnkiMobile, and AnkiDroid after it, that a tap here is no tap on the card (its manual, "Javascript").
        """
        question, below = block.children[0], block.children[1:]
        if self.config.in_parent == "none" and not state:
            return ""
        title = self.line(question.leaves)
        if self.config.in_parent != "folded":
            return f'<div class="followup">{title}</div>'
        summary = f'<summary class="tappable">{title}</summary>'
        return f'<details class="followup tappable"{state}>{summary}<div class="body">{self.all(below)}</div></details>'

    def line(self, leaves: Line) -> str:
        """A row of leaves, each mark opened once over its neighbours; a break between two is within the marks of both."""
        parts: list[str] = []
        opened: _Marks = ()
        breaks = 0
        for leaf in leaves:
            if opened and leaf.kind is _BREAK:
                breaks += 1
                continue
            if opened or leaf.marks:
                wanted = self.shown(leaf.marks)
                parts.append(_between(opened, wanted, breaks))
                opened, breaks = wanted, 0
            parts.append(self.leaf(leaf) if leaf.kind is not _TEXT or not leaf.text or _UNSAFE.search(leaf.text) else leaf.text)
        if opened:
            parts.append(_between(opened, (), breaks))
        return "".join(parts)

    def leaf(self, leaf: Leaf) -> str:
        """One leaf without its marks."""
        if leaf.kind is _IMAGE:
            self.pictures.append(leaf)
            return f'<img src="picture-{len(self.pictures) - 1}">'
        self.is_ours = self.is_ours and leaf.kind is not _TAG
        return _LEAVES[leaf.kind](leaf)

    def shown(self, marks: _Marks) -> _Marks:
        """The marks that a card shows: a link into the notes leads nowhere from there, so its text stays and the link goes."""
        shown = tuple([mark for mark in marks if mark.name != "a" or _LINK.match(mark.target)])
        self.is_ours = self.is_ours and (len(shown) < 2 or [mark.name for mark in shown].count("a") < 2)
        return shown


_BLOCKS: dict[Kind, Callable[[Writer, Block], str]] = {
    Kind.PARAGRAPH: lambda writer, block: f"<p>{writer.line(block.leaves)}</p>",
    Kind.HEADING: lambda writer, block: f"<h{block.level}>{writer.line(block.leaves)}</h{block.level}>",
    Kind.BULLET_LIST: Writer.list,
    Kind.ORDERED_LIST: Writer.list,
    Kind.BLOCK_QUOTE: lambda writer, block: f"<blockquote>{writer.all(block.children)}</blockquote>",
    Kind.THEMATIC_BREAK: lambda writer, block: "<hr>",
    Kind.CODE_BLOCK: lambda writer, block: highlighted(_SIGN.sub("", text_of(block.leaves)), block.info),
    Kind.MATH_BLOCK: lambda writer, block: f"<p>\\[{_bare(text_of(block.leaves))}\\]</p>",
    Kind.HTML_BLOCK: lambda writer, block: writer.line(block.leaves),
    Kind.TABLE: Writer.table,
    Kind.TABLE_ROW: lambda writer, block: f"<tr>{writer.all(block.children)}</tr>",
    Kind.TABLE_CELL: Writer.cell,
    Kind.FRONT_MATTER: lambda writer, block: "",
    Kind.DETAILS: lambda writer, block: f'<details class="tappable">{writer.all(block.children)}</details>',
    Kind.SUMMARY: lambda writer, block: f'<summary class="tappable">{writer.line(block.leaves)}</summary>',
    Kind.ASIDE: lambda writer, block: f"<aside>{writer.all(block.children)}</aside>",
    Kind.FOOTNOTE: Writer.footnote,
    Kind.FOLLOW_UP: lambda writer, block: writer.follow_up(block, ""),
}
"""How each kind of block is written."""


def _text(leaf: Leaf) -> str:
    return _words(leaf.text or _address(leaf))


def _words(text: str) -> str:
    """Text as HTML, in which a formula's marks are text."""
    bare = _bare(text)
    return _MATHJAX_MARKS.sub(r"<span>\\</span>", bare) if "\\" in bare else bare


def _math(leaf: Leaf) -> str:
    *display, part = leaf.target.split(" ") if leaf.target != "display" else ("display", "")
    opening, closing = (r"\[", r"\]") if display else (r"\(", r"\)")
    return f"{opening if part in ('', BEGINS) else ''}{_bare(leaf.text)}{closing if part in ('', ENDS) else ''}"


def _bare(text: str) -> str:
    return escaped(_SIGN.sub("", text)) if _UNSAFE.search(text) else text


def _address(leaf: Leaf) -> str:
    """What a link without text shows: its address, readable."""
    target = next((mark.target for mark in leaf.marks if mark.name == "a"), "")
    readable = unquote(target, errors="replace")
    return target if "\ufffd" in readable else readable


@lru_cache(maxsize=1 << 10)
def _raw_tag(raw: str) -> str:
    """A tag of the notes' own HTML with none but harmless attributes; a fold is one that phones can tap."""
    tag = read_tag(raw)
    if tag.closes:
        return f"</{tag.name}>"
    kept = "".join(f' {name}="{value}"' for name in _KEPT_OF_RAW_TAGS if (value := tag.attribute(name)).isdecimal())
    tappable = ' class="tappable"' if tag.name in ("details", "summary") else ""
    return f"<{tag.name}{tappable}{kept}>"


_LEAVES: dict[LeafKind, Callable[[Leaf], str]] = {
    LeafKind.TEXT: _text,
    LeafKind.CODE: lambda leaf: f"<code>{_bare(leaf.text)}</code>",
    LeafKind.MATH: _math,
    LeafKind.BREAK: lambda leaf: "<br>",
    LeafKind.TAG: lambda leaf: _raw_tag(leaf.target),
}


def _between(before: _Marks, after: _Marks, breaks: int) -> str:
    """Close and open what differs between two neighbours, with the breaks between them."""
    same = _alike(before, after) if before and after else 0
    closing = "".join([_closing(mark) for mark in before[same:][::-1]])
    return closing + "<br>" * breaks + "".join([_opening(mark) for mark in after[same:]])


def _alike(one: _Marks, other: _Marks) -> int:
    """With how many marks both begin."""
    pairs = zip(one, other, strict=False)
    return next((place for place, (left, right) in enumerate(pairs) if left != right), min(len(one), len(other)))


def _opening(mark: Mark) -> str:
    if mark.name == CLOZE:
        return f"{OPENS}{mark.target.split('::')[0]}{NUMBERED}"
    return link_tag(_SIGN.sub("", mark.target)) if mark.name == "a" else f"<{mark.name}>"


def _closing(mark: Mark) -> str:
    if mark.name != CLOZE:
        return f"</{mark.name}>"
    _, hints, hint = mark.target.partition("::")
    return (HINTED + _words(hint) if hints else "") + CLOSES


def _follow_ups(blocks: Sequence[Block]) -> Iterator[Block]:
    for block in blocks:
        if block.kind is Kind.FOLLOW_UP:
            yield block
        else:
            yield from _follow_ups(block.children)
