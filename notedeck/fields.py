"""Item -> Content: what stands in the fields of its note, as clean HTML.

A pure function of the item and the configuration. Pictures are placeholders (`<img src="picture-0">`, the
number of a `PictureReference`) until `with_pictures` puts in what was found for them.
"""

from __future__ import annotations

import html
import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import takewhile
from urllib.parse import unquote

import nh3

from notedeck.config import FOLLOW_UP, INTERVIEW, Config
from notedeck.diagnostics import Span
from notedeck.highlighting import highlighted
from notedeck.items.model import Chapter, Item
from notedeck.outline.blocks import CLOZE, Block, Kind, Leaf, LeafKind, Line, Mark, leaves_of, plain_of, text_of, written
from notedeck.outline.tags import read_tag
from notedeck.plain import fingerprint, folded, nfc, squeezed
from notedeck.sketch import sketch

_LINK = re.compile(r"(?:https?|ftp)://|mailto:", re.IGNORECASE)
_SCHEMES = {"http", "https", "ftp", "mailto"}
_TAGS = frozenset(
    "a aside b blockquote br caption code dd del details div dl dt em figcaption figure h1 h2 h3 h4 h5 h6 hr i img ins "
    "kbd li mark ol p pre s small span strong sub summary sup table tbody td tfoot th thead tr u ul".split()
)
_ATTRIBUTES = {
    "*": set[str](),
    "a": {"href"},
    "img": {"src", "alt"},
    "details": {"class", "open"},
    "ol": {"start"},
    "td": {"class", "colspan", "rowspan"},
    "th": {"class", "colspan", "rowspan"},
    **{tag: {"class"} for tag in ("summary", "div", "span", "li", "pre", "code", "table")},
}
_CLEANER = nh3.Cleaner(tags=_TAGS, attributes=_ATTRIBUTES, url_schemes=_SCHEMES, link_rel=None, strip_comments=True)
_KEPT_OF_RAW_TAGS = ("colspan", "rowspan", "start")
_ANKI_MARKS = re.compile(r"\[(?=sound:|anki:|\$|/\$|latex\]|/latex\])", re.IGNORECASE)
_MATHJAX_MARKS = re.compile(r"\\(?=[()\[\]])")
_OPENS, _NUMBERED, _HINTED, _CLOSES = "\2\3\4\5"
"""Stand for the marks of a cloze until all else in the field is written: sources hold no control characters."""
_SIGNS = re.compile(f"[{_OPENS}{_NUMBERED}{_HINTED}{_CLOSES}]")
_ANKI_SIGNS = {ord(_OPENS): "{{c", ord(_NUMBERED): "::", ord(_HINTED): "::", ord(_CLOSES): "}}"}
_SIGN = re.compile(rf"({_OPENS}[\d,]+{_NUMBERED}|[{_HINTED}{_CLOSES}])")
_GAP = re.compile(r"\{\{c(\d+)::")
_TOUCHING = re.compile(r"[{}](?=[{}]|\Z)|(?<=[{}])[{}]|\A[{}]")
_TOUCHING_IN_CLOZE = re.compile(rf"{_TOUCHING.pattern}|:(?=:|\Z)|(?<=:):|\A:")
_PLACEHOLDER = re.compile(r'<img src="picture-(\d+)"[^>]*>')


@dataclass(frozen=True, slots=True)
class PictureReference:
    """A picture as the notes name it."""

    address: str
    """As written: a path, percent-encoded or not, or a remote address."""
    alternative: str
    line: int
    """Line in the file, counted from 0."""


@dataclass(frozen=True, slots=True)
class Content:
    """One question with all that its note will say, and no identity yet."""

    span: Span
    question: str
    context: str
    answer: str
    parents: tuple[str, ...]
    """The questions above a follow-up, outermost first."""
    question_text: str
    context_text: str
    answer_text: str
    parent_texts: tuple[str, ...]
    written: str
    """A fingerprint of what the author wrote, markup and all, and of what deck.toml says of its form; of what nobody answered, nothing."""
    own: str
    """The same without the follow-ups in it."""
    answer_print: str
    """A fingerprint of the answer's text, of its pictures and of where its links lead; of a cloze note, of its text's."""
    answer_sketch: str
    """A sketch of the same, by which a changed answer is known again."""
    labels: tuple[str, ...]
    tags: tuple[str, ...]
    pages: tuple[str, ...]
    askers: tuple[str, ...]
    chapter: Chapter | None
    pictures: tuple[PictureReference, ...]
    is_answered: bool
    parent_span: Span | None
    """Where the question right above a follow-up stands."""
    cards: tuple[int, ...] = (0,)
    """The places of the cards that Anki makes of it among its note type's, from 0; of a cloze note, one for each number."""
    is_cloze: bool = False
    gaps: tuple[tuple[int, str], ...] = ()
    """Of a cloze note, each number with the text of its gaps, in the order of the text."""
    counted: tuple[int, ...] = ()
    """Of these numbers, those that the author did not write."""


def contents(items: Sequence[Item], config: Config, page_tags: tuple[str, ...] = ()) -> Iterator[Content]:
    """The content of each item and, right after it, of its follow-ups."""
    for item in items:
        yield from _contents(item, config, page_tags, (), ())


def _contents(item: Item, config: Config, page_tags: tuple[str, ...], above: tuple[Content, ...], tags: tuple[str, ...]) -> Iterator[Content]:
    own = [tag for label in item.marks.labels if (tag := config.tag_of(label))]
    inherited = [tag for tag in tags if tag.split("::")[0] == INTERVIEW]
    every = (*own, *inherited, *([FOLLOW_UP] if above else []), *page_tags)
    writer = _Writer(config)
    gaps = _gaps(item.question) if item.is_cloze else ()
    prints = _prints(item, config) if item.is_answered else _NO_PRINTS
    content = Content(
        span=item.span,
        question=writer.text_html(item.question) if item.is_cloze else _with_prompt(writer.inline_html(item.question), item),
        context=writer.context_html(item.context) if item.context else "",
        answer=writer.answer_html(item.answer) if item.answer else "",
        parents=tuple(one.question for one in above),
        question_text=_with_prompt(plain_of(item.question), item),
        context_text=plain_of(item.context),
        answer_text=plain_of(item.answer),
        parent_texts=tuple(one.question_text for one in above),
        written=prints[0],
        own=prints[1],
        answer_print=prints[2],
        answer_sketch=prints[3],
        labels=item.marks.labels or ((FOLLOW_UP,) if above else ()),
        tags=tuple(dict.fromkeys(every)),
        pages=item.marks.pages,
        askers=item.marks.askers if config.askers else (),
        chapter=item.chapter,
        pictures=tuple(writer.pictures),
        is_answered=item.is_answered,
        parent_span=above[-1].span if above else None,
        cards=tuple(sorted(number - 1 for number, _ in gaps)) if item.is_cloze else (0,),
        is_cloze=item.is_cloze,
        gaps=gaps,
        counted=item.counted,
    )
    yield content
    for follow_up in item.follow_ups:
        yield from _contents(follow_up, config, page_tags, (*above, _without_pictures(content)), content.tags)


_NO_PRINTS = ("", "", "", "")
"""Of a question that nobody answered: it is no note, so nothing is known again by them."""


def _prints(item: Item, config: Config) -> tuple[str, str, str, str]:
    """What an item is known again by: `written`, `own`, `answer_print` and `answer_sketch` of its content."""
    known_by = item.question if item.is_cloze else item.answer
    known_text = plain_of(known_by)
    targets = _targets(known_by)
    words = tuple(map(written, (item.question, item.context, item.answer)))
    without_follow_ups = written(_without_follow_ups(item.answer)) if item.follow_ups else words[2]
    return (
        fingerprint(*words, config.in_parent if item.follow_ups else ""),
        fingerprint(*words[:2], without_follow_ups),
        fingerprint(squeezed(known_text), *targets),
        sketch(" ".join((known_text, *targets))),
    )


def _with_prompt(question: str, item: Item) -> str:
    """A question with what is asked of its matter."""
    return " — ".join(part for part in (question, item.prompt) if part)


def _gaps(blocks: Sequence[Block]) -> tuple[tuple[int, str], ...]:
    """The numbers in a text with gaps, each with what its gaps hold."""
    found: dict[int, list[str]] = {}
    for leaf in leaves_of(blocks):
        for mark in leaf.marks:
            for number in mark.target.split("::")[0].split(",") if mark.name == CLOZE else ():
                found.setdefault(int(number), []).append(squeezed(leaf.text or leaf.target))
    return tuple((number, "".join(texts)) for number, texts in found.items())


def _targets(blocks: tuple[Block, ...]) -> tuple[str, ...]:
    """What the pictures and links in blocks lead to, each once."""
    leaves = (leaf for leaf in leaves_of(blocks) if leaf.target or leaf.marks)
    marks = ((leaf, mark) for leaf in leaves for mark in leaf.marks or (Mark(""),) if mark.name != CLOZE)
    return tuple(dict.fromkeys(target for leaf, mark in marks if (target := leaf.target or mark.target)))


def _without_follow_ups(blocks: tuple[Block, ...]) -> tuple[Block, ...]:
    return tuple(
        replace(block, children=_without_follow_ups(block.children)) if block.children else block
        for block in blocks
        if block.kind is not Kind.FOLLOW_UP
    )


def _without_pictures(content: Content) -> Content:
    """A question as its follow-ups name it: a picture in it is its alternative text."""
    words = (html.escape(picture.alternative) for picture in content.pictures)
    return replace(content, question=disarmed(with_pictures(content.question, [f"[{word}]" for word in words])))


def with_pictures(field: str, found: Sequence[str]) -> str:
    """A field with each placeholder replaced by the HTML found for its picture."""
    return _PLACEHOLDER.sub(lambda place: found[int(place[1])], field)


def clean(raw: str) -> str:
    """Let only the allowed tags, attributes and addresses through, close what is open, and disarm Anki's own marks."""
    return disarmed(raw if _is_text(raw) else _CLEANER.clean(raw))


def _is_text(raw: str) -> bool:
    """Whether HTML is text alone, in which a cleaner changes nothing: no tag, no entity, no character that it would write as one."""
    return raw.isprintable() and "<" not in raw and "&" not in raw and ">" not in raw


def disarmed(field: str) -> str:
    """HTML in NFC in which Anki's own marks (`[sound:…]`, `[$]`) are text, wherever they stand."""
    return _ANKI_MARKS.sub("&#91;", nfc(field))


def armed(field: str) -> str:
    """A field of a cloze note: its own marks become Anki's, and all else that Anki would take for one is text."""
    depth = 0
    parts: list[str] = []
    for place, piece in enumerate(_SIGN.split(disarmed(field))):
        is_sign = place % 2 == 1
        depth += is_sign * (piece.startswith(_OPENS) - piece.startswith(_CLOSES))
        parts.append(piece.translate(_ANKI_SIGNS) if is_sign else _apart(piece, _TOUCHING_IN_CLOZE if depth else _TOUCHING))
    return "".join(parts)


def with_numbers(armed_text: str, numbers: Mapping[int, int]) -> str:
    """The text of a cloze note with other numbers on its gaps."""
    return _GAP.sub(lambda found: f"{{{{c{numbers.get(int(found[1]), found[1])}::", armed_text)


def _apart(text: str, touching: re.Pattern[str]) -> str:
    """Text with the characters that would make a mark as entities."""
    return touching.sub(lambda found: f"&#{ord(found[0])};", text)


class _Writer:
    """Writes blocks as HTML; gathers the pictures that they name."""

    def __init__(self, config: Config) -> None:
        self.config = config
        self.pictures: list[PictureReference] = []

    def inline_html(self, blocks: Sequence[Block]) -> str:
        """The text of paragraphs alone, without their `<p>`."""
        return clean("<br>".join(self.line(block.leaves) for block in blocks))

    def text_html(self, blocks: Sequence[Block]) -> str:
        """The text of a cloze note: a paragraph alone without its `<p>`."""
        return self.inline_html(blocks) if len(blocks) == 1 and blocks[0].kind is Kind.PARAGRAPH else clean(self.all(blocks))

    def context_html(self, blocks: Sequence[Block]) -> str:
        """The book's sentences, and below them the code or table that the question is about."""
        lines = [block for block in blocks if block.kind is Kind.PARAGRAPH]
        others = [block for block in blocks if block.kind is not Kind.PARAGRAPH]
        return clean("<br>".join(self.line(block.leaves) for block in lines) + self.all(others))

    def answer_html(self, blocks: Sequence[Block]) -> str:
        """An answer; its follow-ups are open if there is nothing else in it."""
        if _only_follow_ups(blocks):
            opened = [self.follow_up(block, " open") for block in _follow_ups(blocks)]
            return clean("\n".join(opened))
        return clean(self.all(blocks))

    def all(self, blocks: Sequence[Block]) -> str:
        """Blocks one after another."""
        return "\n".join(_BLOCKS[block.kind](self, block) for block in blocks)

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

    def cell(self, block: Block) -> str:
        """A table's cell."""
        words = block.info.split()
        tag = "th" if "head" in words else "td"
        align = next((word for word in words if word in ("left", "center", "right")), "")
        opening = f'<{tag} class="{align}">' if align else f"<{tag}>"
        return f"{opening}{self.line(block.leaves)}</{tag}>"

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
        """A row of leaves, each mark opened once over its neighbours."""
        if not any(leaf.marks for leaf in leaves):
            return "".join([self.leaf(leaf) for leaf in leaves])
        parts: list[str] = []
        marks: tuple[Mark, ...] = ()
        for leaf, following in zip(leaves, _following(leaves), strict=True):
            wanted = tuple(mark for mark in following.marks if _is_shown(mark)) if following.marks else ()
            wanted = wanted if following is leaf else _common(marks, wanted)
            parts.append(_between(marks, wanted))
            parts.append(self.leaf(leaf))
            marks = wanted
        return "".join([*parts, _between(marks, ())])

    def leaf(self, leaf: Leaf) -> str:
        """One leaf without its marks."""
        if leaf.kind is LeafKind.IMAGE:
            return self.picture(leaf)
        return _LEAVES[leaf.kind](leaf)

    def picture(self, leaf: Leaf) -> str:
        """A placeholder; a remote picture is known as such and becomes a link later."""
        self.pictures.append(PictureReference(leaf.target, leaf.text, leaf.line))
        return f'<img src="picture-{len(self.pictures) - 1}">'


_BLOCKS: dict[Kind, Callable[[_Writer, Block], str]] = {
    Kind.PARAGRAPH: lambda writer, block: f"<p>{writer.line(block.leaves)}</p>",
    Kind.HEADING: lambda writer, block: f"<h{block.level}>{writer.line(block.leaves)}</h{block.level}>",
    Kind.BULLET_LIST: _Writer.list,
    Kind.ORDERED_LIST: _Writer.list,
    Kind.BLOCK_QUOTE: lambda writer, block: f"<blockquote>{writer.all(block.children)}</blockquote>",
    Kind.THEMATIC_BREAK: lambda writer, block: "<hr>",
    Kind.CODE_BLOCK: lambda writer, block: highlighted(_SIGNS.sub("", text_of(block.leaves)), block.info),
    Kind.MATH_BLOCK: lambda writer, block: f"<p>\\[{_escaped(text_of(block.leaves))}\\]</p>",
    Kind.HTML_BLOCK: lambda writer, block: writer.line(block.leaves),
    Kind.TABLE: lambda writer, block: f'<div class="table"><table>{writer.all(block.children)}</table></div>',
    Kind.TABLE_ROW: lambda writer, block: f"<tr>{writer.all(block.children)}</tr>",
    Kind.TABLE_CELL: _Writer.cell,
    Kind.FRONT_MATTER: lambda writer, block: "",
    Kind.DETAILS: lambda writer, block: f'<details class="tappable">{writer.all(block.children)}</details>',
    Kind.SUMMARY: lambda writer, block: f'<summary class="tappable">{writer.line(block.leaves)}</summary>',
    Kind.ASIDE: lambda writer, block: f"<aside>{writer.all(block.children)}</aside>",
    Kind.FOLLOW_UP: lambda writer, block: writer.follow_up(block, ""),
}
"""How each kind of block is written."""


def _text(leaf: Leaf) -> str:
    return _words(leaf.text or _address(leaf))


def _words(text: str) -> str:
    """Text as HTML, in which a formula's marks are text."""
    escaped = _escaped(text)
    return _MATHJAX_MARKS.sub(r"<span>\\</span>", escaped) if "\\" in escaped else escaped


def _math(leaf: Leaf) -> str:
    return rf"\[{_escaped(leaf.text)}\]" if leaf.target else rf"\({_escaped(leaf.text)}\)"


def _escaped(text: str) -> str:
    return _SIGNS.sub("", html.escape(text, quote=False))


def _address(leaf: Leaf) -> str:
    """What a link without text shows: its address, readable."""
    target = next((mark.target for mark in leaf.marks if mark.name == "a"), "")
    readable = unquote(target, errors="replace")
    return target if "\ufffd" in readable else readable


def _raw_tag(leaf: Leaf) -> str:
    """A tag of the notes' own HTML with none but harmless attributes; a fold is one that phones can tap."""
    tag = read_tag(leaf.target)
    if tag.closes:
        return f"</{tag.name}>"
    kept = "".join(f' {name}="{value}"' for name in _KEPT_OF_RAW_TAGS if (value := tag.attribute(name)).isdecimal())
    tappable = ' class="tappable"' if tag.name in ("details", "summary") else ""
    return f"<{tag.name}{tappable}{kept}>"


_LEAVES: dict[LeafKind, Callable[[Leaf], str]] = {
    LeafKind.TEXT: _text,
    LeafKind.CODE: lambda leaf: f"<code>{_escaped(leaf.text)}</code>",
    LeafKind.MATH: _math,
    LeafKind.BREAK: lambda leaf: "<br>",
    LeafKind.TAG: _raw_tag,
}


def _is_shown(mark: Mark) -> bool:
    """A link into the notes leads nowhere from a card: its text stays, the link goes."""
    return mark.name != "a" or bool(_LINK.match(mark.target))


def _following(leaves: Line) -> Iterator[Leaf]:
    """Each leaf; in the place of a break, the next leaf that is none."""
    behind: Leaf | None = None
    found: list[Leaf] = []
    for leaf in reversed(leaves):
        behind = behind if leaf.kind is LeafKind.BREAK else leaf
        found.append(behind or leaf)
    return reversed(found)


def _common(one: tuple[Mark, ...], other: tuple[Mark, ...]) -> tuple[Mark, ...]:
    """The marks that both begin with."""
    return tuple(mark for mark, _ in takewhile(lambda pair: pair[0] == pair[1], zip(one, other, strict=False)))


def _between(before: tuple[Mark, ...], after: tuple[Mark, ...]) -> str:
    """Close and open what differs between two neighbours."""
    if before == after:
        return ""
    same = len(_common(before, after))
    closing = "".join(map(_closing, reversed(before[same:])))
    return closing + "".join(_opening(mark) for mark in after[same:])


def _opening(mark: Mark) -> str:
    if mark.name == CLOZE:
        return f"{_OPENS}{mark.target.split('::')[0]}{_NUMBERED}"
    target = _SIGNS.sub("", html.escape(mark.target))
    return f'<a href="{target}">' if mark.name == "a" else f"<{mark.name}>"


def _closing(mark: Mark) -> str:
    if mark.name != CLOZE:
        return f"</{mark.name}>"
    _, hints, hint = mark.target.partition("::")
    return (_HINTED + _words(hint) if hints else "") + _CLOSES


def _only_follow_ups(blocks: Sequence[Block]) -> bool:
    """Whether an answer holds follow-ups and nothing else."""
    return bool(blocks) and all(
        block.kind is Kind.FOLLOW_UP or (block.kind in (Kind.BULLET_LIST, Kind.ORDERED_LIST) and _only_follow_ups(block.children)) for block in blocks
    )


def _follow_ups(blocks: Sequence[Block]) -> Iterator[Block]:
    for block in blocks:
        if block.kind is Kind.FOLLOW_UP:
            yield block
        else:
            yield from _follow_ups(block.children)


def plain_page(pages: Sequence[str]) -> str:
    """The `Page` field: `5`, or `7, 20`."""
    return ", ".join(folded(page) for page in pages)
