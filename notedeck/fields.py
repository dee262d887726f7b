"""Item -> Content: what stands in the fields of its note, as clean HTML.

A pure function of the item and the configuration. Pictures are placeholders (`<img src="picture-0">`, the
number of a `PictureReference`) until `with_pictures` puts in what was found for them.
"""

from __future__ import annotations

import html
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from notedeck.config import FOLLOW_UP, INTERVIEW, Config
from notedeck.diagnostics import Span
from notedeck.items.model import Chapter, Item
from notedeck.outline.blocks import CLOZE, Block, leaves_of
from notedeck.plain import folded, nfc, squeezed
from notedeck.prints import Prints, prints_of, said
from notedeck.writing import CLOSES, HINTED, NUMBERED, OPENS, Writer

_ANKI_MARKS = re.compile(r"\[(?=sound:|anki:|\$|/\$|latex\]|/latex\])", re.IGNORECASE)
_STROKE = "\u0338"
_TEXT_BEHIND_A_TAG = re.compile(r"(?<=>)[^<]+")
_ANKI_SIGNS = {ord(OPENS): "{{c", ord(NUMBERED): "::", ord(HINTED): "::", ord(CLOSES): "}}"}
_SIGN = re.compile(rf"({OPENS}[\d,]+{NUMBERED}|[{HINTED}{CLOSES}])")
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
    writer = Writer(config)
    gaps = _gaps(item.question) if item.is_cloze else ()
    question, context, answer = map(said, (item.question, item.context, item.answer))
    prints = prints_of(item, question, context, answer, config) if item.is_answered else Prints()
    content = Content(
        span=item.span,
        question=disarmed(writer.text_html(item.question)) if item.is_cloze else _with_prompt(disarmed(writer.inline_html(item.question)), item),
        context=disarmed(writer.context_html(item.context)) if item.context else "",
        answer=disarmed(writer.answer_html(item.answer)) if item.answer else "",
        parents=tuple([one.question for one in above]),
        question_text=_with_prompt(question.text, item),
        context_text=context.text,
        answer_text=answer.text,
        parent_texts=tuple([one.question_text for one in above]),
        written=prints.written,
        own=prints.own,
        answer_print=prints.answer,
        answer_sketch=prints.sketch,
        labels=item.marks.labels or ((FOLLOW_UP,) if above else ()),
        tags=tuple(dict.fromkeys(every)),
        pages=item.marks.pages,
        askers=item.marks.askers if config.askers else (),
        chapter=item.chapter,
        pictures=tuple([PictureReference(leaf.target, leaf.text, leaf.line) for leaf in writer.pictures]),
        is_answered=item.is_answered,
        parent_span=above[-1].span if above else None,
        cards=tuple(sorted(number - 1 for number, _ in gaps)) if item.is_cloze else (0,),
        is_cloze=item.is_cloze,
        gaps=gaps,
        counted=item.counted,
    )
    yield content
    if item.follow_ups:
        above = (*above, _without_pictures(content))
    for follow_up in item.follow_ups:
        yield from _contents(follow_up, config, page_tags, above, content.tags)


def _with_prompt(question: str, item: Item) -> str:
    """A question with what is asked of its matter."""
    return " — ".join(filter(None, (question, item.prompt))) if item.prompt else question


def _gaps(blocks: Sequence[Block]) -> tuple[tuple[int, str], ...]:
    """The numbers in a text with gaps, each with what its gaps hold."""
    found: dict[int, list[str]] = {}
    for leaf in leaves_of(blocks):
        for mark in leaf.marks:
            for number in mark.target.split("::")[0].split(",") if mark.name == CLOZE else ():
                found.setdefault(int(number), []).append(squeezed(leaf.text or leaf.target))
    return tuple((number, "".join(texts)) for number, texts in found.items())


def _without_pictures(content: Content) -> Content:
    """A question as its follow-ups name it: a picture in it is its alternative text."""
    words = (html.escape(picture.alternative) for picture in content.pictures)
    return replace(content, question=disarmed(with_pictures(content.question, [f"[{word}]" for word in words])))


def with_pictures(field: str, found: Sequence[str]) -> str:
    """A field with each placeholder replaced by the HTML found for its picture."""
    return _PLACEHOLDER.sub(lambda place: found[int(place[1])], field)


def disarmed(field: str) -> str:
    """HTML in NFC in which Anki's own marks (`[sound:…]`, `[$]`) are text, wherever they stand."""
    return _ANKI_MARKS.sub("&#91;", nfc(_TEXT_BEHIND_A_TAG.sub(_unstruck, field) if _STROKE in field else field))


def _unstruck(text: re.Match[str]) -> str:
    """Text behind a tag whose stroke stays off the tag: in NFC `>` with a stroke is `≯`, and what follows would be attributes."""
    composed = nfc(text[0])
    return f"&#{ord(_STROKE)};{composed[1:]}" if composed.startswith(_STROKE) else composed


def armed(field: str) -> str:
    """A field of a cloze note: its own marks become Anki's, and all else that Anki would take for one is text."""
    depth = 0
    parts: list[str] = []
    for place, piece in enumerate(_SIGN.split(disarmed(field))):
        is_sign = place % 2 == 1
        depth += is_sign * (piece.startswith(OPENS) - piece.startswith(CLOSES))
        parts.append(piece.translate(_ANKI_SIGNS) if is_sign else _apart(piece, _TOUCHING_IN_CLOZE if depth else _TOUCHING))
    return "".join(parts)


def with_numbers(armed_text: str, numbers: Mapping[int, int]) -> str:
    """The text of a cloze note with other numbers on its gaps."""
    return _GAP.sub(lambda found: f"{{{{c{numbers.get(int(found[1]), found[1])}::", armed_text)


def _apart(text: str, touching: re.Pattern[str]) -> str:
    """Text with the characters that would make a mark as entities."""
    return touching.sub(lambda found: f"&#{ord(found[0])};", text)


def plain_page(pages: Sequence[str]) -> str:
    """The `Page` field: `5`, or `7, 20`."""
    return ", ".join(folded(page) for page in pages)
