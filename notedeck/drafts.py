"""Content -> Draft: each answered question with its place in Anki and its pictures found."""

from __future__ import annotations

import html
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from urllib.parse import unquote

from notedeck.config import Config
from notedeck.diagnostics import Diagnostic, Span
from notedeck.fields import Content, PictureReference, armed, contents, disarmed, with_pictures
from notedeck.items.reading import PagePlace, Reading, read_items
from notedeck.outline.blocks import Outline
from notedeck.outline.markdown import read_markdown
from notedeck.outline.notion import read_notion
from notedeck.outline.table import read_table
from notedeck.places import Place, book_of, folders_of, name_of, place_of
from notedeck.plain import nfc
from notedeck.sources.model import Form, Source
from notedeck.sources.pictures import Picture, Trouble, find_picture

FRONT_ENDS: dict[Form, Callable[[str, str], Outline]] = {
    Form.MARKDOWN: read_markdown,
    Form.HTML: read_notion,
    Form.CSV: read_table,
}
"""What makes an outline of a path and a text, by the form that the text is in."""


@dataclass(frozen=True, slots=True)
class Read:
    """One source, read: the result of the pure part."""

    source: Source
    book: str
    reading: Reading
    contents: tuple[Content, ...]


@dataclass(frozen=True, slots=True)
class Draft:
    """An answered question with its place and its pictures: all of a note but its identity."""

    source: str
    """Path as seen from the lock's folder."""
    title: str
    """The page's title."""
    content: Content
    place: Place
    question: str
    """HTML; of a cloze note its text, with Anki's marks."""
    context: str
    answer: str
    pictures: tuple[Picture, ...]

    @property
    def parents(self) -> tuple[str, ...]:
        """The questions above, plain, outermost first."""
        return self.content.parent_texts


def read_source(source: Source, config: Config) -> Read:
    """From one source to its items: a pure function of the source and the configuration."""
    place = PagePlace(name_of(source.inside), folders_of(source.inside))
    reading = read_items(FRONT_ENDS[source.form](source.path, source.text), config, place)
    folder = source.root.resolve().name
    book = book_of(reading.title, source.inside, "노트" if folder == "notes" else folder, config, reading.in_folder)
    return Read(source, book, reading, tuple(contents(reading.items, config, reading.page_tags)))


def drafts_of(reads: Sequence[Read], config: Config) -> tuple[list[Draft], list[Diagnostic]]:
    """The answered questions of all sources, with their places and pictures."""
    problems: list[Diagnostic] = []
    drafts = []
    for read in reads:
        for content in read.contents:
            if content.is_answered:
                drafts.append(_draft(read, content, config, problems))
    return drafts, problems


def _draft(read: Read, content: Content, config: Config, problems: list[Diagnostic]) -> Draft:
    found = [find_picture(picture.address, read.source) for picture in content.pictures]
    shown = []
    for reference, picture in zip(content.pictures, found, strict=True):
        shown.append(_shown(reference, picture))
        if isinstance(picture, Trouble):
            span = Span(read.source.path, reference.line, reference.line + 1)
            problems.append(Diagnostic(span, f"picture-{picture.name.lower()}", (_readable(reference),)))
    finished = armed if content.is_cloze else disarmed
    return Draft(
        source=read.source.name,
        title=read.reading.title,
        content=content,
        place=place_of(read.book, content.chapter, config),
        question=finished(with_pictures(content.question, shown)),
        context=finished(with_pictures(content.context, shown)),
        answer=finished(with_pictures(content.answer, shown)),
        pictures=tuple(dict.fromkeys(picture for picture in found if isinstance(picture, Picture))),
    )


def _readable(reference: PictureReference) -> str:
    """A picture's address as a person would write it."""
    address = nfc(unquote(reference.address, errors="replace"))
    return (reference.address if "\ufffd" in address else address) or reference.alternative


def _shown(reference: PictureReference, picture: Picture | Trouble) -> str:
    """A picture on a card: itself, a link if it is remote, or words in its place."""
    words = html.escape(reference.alternative)
    if isinstance(picture, Picture):
        return f'<img src="{picture.name}" alt="{words}">'
    if picture is Trouble.REMOTE and reference.address.lower().startswith(("http://", "https://")):
        address = html.escape(reference.address)
        return f'<a href="{address}">{words or address}</a>'
    return f'<span class="missing">그림 없음{": " if words else ""}{words}</span>'
