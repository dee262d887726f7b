"""Item -> Content: what stands in the fields of its note, as clean HTML.

A pure function of the item and the configuration. Pictures are placeholders (`<img src="picture-0">`, the
number of a `PictureReference`) until `with_pictures` puts in what was found for them.
"""

from __future__ import annotations

import html
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import replace

from notedeck.config import FOLLOW_UP, INTERVIEW, Config
from notedeck.content.arming import disarmed, with_pictures
from notedeck.content.content import Content, PictureReference
from notedeck.content.prints import Prints, prints_of, said
from notedeck.content.writing import Writer
from notedeck.items.item import Item
from notedeck.items.reasons import why_asked
from notedeck.machine.mediatypes import is_played
from notedeck.machine.quick import quick
from notedeck.outline.blocks import CLOZE, Block, leaves_of
from notedeck.plain import alike, squeezed

BELOW = " › "
"""Between a heading and one below it."""
_content = quick(Content)
_NO_PRINTS = Prints()


def contents(items: Sequence[Item], config: Config, page_tags: tuple[str, ...] = ()) -> tuple[Content, ...]:
    """The content of each item of a page and, right after it, of its follow-ups."""
    every = tuple(_contents(items, config, tuple(dict.fromkeys(page_tags))))
    asked = Counter(map(_words, every))
    return tuple([_below_headings(one) if config.headings or asked[_words(one)] > 1 or _names_nothing(one) else one for one in every])


def _names_nothing(content: Content) -> bool:
    """Whether a question says nothing of what it is about (`왜 쓰나요?`), and no question above it does."""
    if not content.headings or content.parents or content.is_cloze:
        return False
    from notedeck.items.signs.subjects import names_in  # its pattern is made where a page has headings alone

    return not names_in(content.question_text)


def _words(content: Content) -> tuple[str, ...]:
    """By what a learner knows a question from the others of its page."""
    return (*content.parent_texts, squeezed(content.question_text))


def _below_headings(content: Content) -> Content:
    """A content whose card shows the headings above its question; no print by which an edit is told holds them."""
    shown = html.escape(BELOW.join(content.headings), quote=False)
    return replace(content, context=f"<div><small>{shown}</small></div>{content.context}") if shown else content


def _contents(items: Sequence[Item], config: Config, page_tags: tuple[str, ...]) -> Iterator[Content]:
    for item in items:
        yield (content := _content_of(item, config, page_tags, (), ()))
        if item.follow_ups:
            yield from _below(item, content, config, page_tags, ())


def _below(item: Item, content: Content, config: Config, page_tags: tuple[str, ...], above: tuple[Content, ...]) -> Iterator[Content]:
    """The contents of an item's follow-ups; `content` is its own."""
    above = (*above, _without_pictures(content))
    for follow_up in item.follow_ups:
        yield (below := _content_of(follow_up, config, page_tags, above, content.tags))
        yield from _below(follow_up, below, config, page_tags, above)


def _content_of(item: Item, config: Config, page_tags: tuple[str, ...], above: tuple[Content, ...], tags: tuple[str, ...]) -> Content:
    writer = Writer(config)
    gaps = _gaps(item.question) if item.is_cloze else ()
    question, context, answer = map(said, (item.question, item.context, item.answer))
    prints = prints_of(item, question, context, answer, config) if item.is_answered else _NO_PRINTS
    return _content(
        span=item.span,
        question=disarmed(writer.text_html(item.question))
        if item.is_cloze
        else _asked(disarmed(writer.inline_html(item.question)), item, html.escape(item.subject, quote=False)),
        context=disarmed(writer.context_html(item.context)) if item.context else "",
        answer=disarmed(writer.answer_html(item.answer)) if item.answer else "",
        parents=tuple([one.question for one in above]) if above else (),
        question_text=_asked(question.text, item, item.subject),
        context_text=context.text,
        answer_text=answer.text,
        parent_texts=tuple([one.question_text for one in above]) if above else (),
        written=prints.written,
        own=prints.own,
        answer_print=prints.answer,
        answer_sketch=prints.sketch,
        context_print=prints.context,
        labels=_labels(item, config, bool(above)),
        tags=_tags(item, config, tags, bool(above), page_tags) if item.marks.labels or above or item.tags else page_tags,
        pages=item.marks.pages,
        askers=item.marks.askers if config.askers else (),
        chapter=item.chapter,
        pictures=tuple([PictureReference(leaf.target, leaf.text, leaf.line, leaf.width) for leaf in writer.pictures]) if writer.pictures else (),
        headings=item.headings,
        is_answered=item.is_answered,
        why=why_asked(item).value,
        parent_span=above[-1].span if above else None,
        cards=tuple(sorted(number - 1 for number, _ in gaps)) if item.is_cloze else (0,),
        is_cloze=item.is_cloze,
        gaps=gaps,
        counted=item.counted,
    )


def _labels(item: Item, config: Config, is_follow_up: bool) -> tuple[str, ...]:
    """An item's labels as written, without those that a correction takes away."""
    labels = item.marks.labels or ((FOLLOW_UP,) if is_follow_up else ())
    return tuple(label for label in labels if not _is_taken_away(config.tag_of(label), item)) if item.tags else labels


def _is_taken_away(tag: str, item: Item) -> bool:
    """Whether a correction takes a tag, or the one that it is part of, from an item."""
    return any(gone[1:] in (tag, tag.split("::", maxsplit=1)[0]) for gone in item.tags if gone.startswith("-"))


def _tags(item: Item, config: Config, above: tuple[str, ...], is_follow_up: bool, page_tags: tuple[str, ...]) -> tuple[str, ...]:
    """An item's own tags, those that it takes from the questions `above`, and its page's."""
    own = [tag for label in item.marks.labels if (tag := config.tag_of(label))]
    inherited = [tag for tag in above if tag.split("::")[0] == INTERVIEW]
    told = [config.tag_of(tag) or tag for tag in item.tags if not tag.startswith("-")]
    every = (*own, *told, *inherited, *([FOLLOW_UP] if is_follow_up else []), *page_tags)
    found: dict[str, str] = {}
    for tag in every:
        found.setdefault(alike(tag), tag)
    return tuple(tag for tag in found.values() if not _is_taken_away(tag, item))


def _asked(question: str, item: Item, subject: str) -> str:
    """A question that only names its matter with its subject and with what is asked of it."""
    question = f"{subject} {question}" if subject else question
    return f"{question} — {item.prompt}" if item.prompt else question


def _gaps(blocks: Sequence[Block]) -> tuple[tuple[int, str], ...]:
    """The numbers in a text with gaps, each with what its gaps hold."""
    found: dict[int, list[str]] = {}
    for leaf in leaves_of(blocks):
        for mark in leaf.marks:
            for number in mark.target.split("::")[0].split(",") if mark.name == CLOZE else ():
                found.setdefault(int(number), []).append(squeezed(leaf.text or leaf.target))
    return tuple((number, "".join(texts)) for number, texts in found.items())


def _without_pictures(content: Content) -> Content:
    """A question as its follow-ups name it: a picture in it is its alternative text, and nothing is played."""
    words = ["" if is_played(picture.address) else f"[{html.escape(picture.alternative)}]" for picture in content.pictures]
    return replace(content, question=disarmed(with_pictures(content.question, words)))
