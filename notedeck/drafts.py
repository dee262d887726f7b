"""Content -> Draft: each answered question with its place in Anki and its pictures found."""

from __future__ import annotations

import html
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from types import MappingProxyType
from urllib.parse import unquote

from notedeck.config import Config
from notedeck.diagnostics import Diagnostic, Span
from notedeck.fields import Content, PictureReference, armed, contents, disarmed, with_pictures
from notedeck.items.account import Account
from notedeck.items.reading import read_items
from notedeck.items.subdecks import PagePlace
from notedeck.outline.blocks import Outline
from notedeck.places import Place, book_of, folders_of, name_of, place_of
from notedeck.plain import nfc
from notedeck.sources.files import Tree
from notedeck.sources.model import Form, Source
from notedeck.sources.names import is_wrapper
from notedeck.sources.pictures import Picture, Pictures, Trouble


def _markdown(path: str, text: str) -> Outline:
    from notedeck.outline.markdown import read_markdown

    return read_markdown(path, text)


def _html(path: str, text: str) -> Outline:
    from notedeck.outline.notion import read_notion

    return read_notion(path, text)


def _csv(path: str, text: str) -> Outline:
    from notedeck.outline.table import read_table

    return read_table(path, text)


FRONT_ENDS: dict[Form, Callable[[str, str], Outline]] = {Form.MARKDOWN: _markdown, Form.HTML: _html, Form.CSV: _csv}
"""What makes an outline of a path and a text, by the form that the text is in; no parser is imported that no source needs."""


@dataclass(frozen=True, slots=True)
class Findings:
    """What was read in one source: plain values, light enough to travel between processes and to be kept."""

    book: str
    title: str
    contents: tuple[Content, ...]
    """In the order of the file; follow-ups right behind their questions."""
    account: Account
    diagnostics: tuple[Diagnostic, ...]
    roles: str
    """What each line of the source is: a letter a line, as in `account.Role`."""


@dataclass(frozen=True, slots=True)
class Read:
    """One source with what was read in it."""

    source: Source
    found: Findings


@dataclass(frozen=True, slots=True)
class Draft:
    """An answered question with its place and its pictures: all of a note but its identity."""

    source: str
    """Path as seen from the lock's folder."""
    title: str
    """The page's title."""
    page_id: str
    """The id of its page in Notion."""
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


def read_source(source: Source, config: Config) -> Findings:
    """From one source to its contents: a pure function of the source, the name of its folder and the configuration."""
    place = PagePlace(name_of(source.inside), folders_of(source.inside), source.is_question)
    reading = read_items(FRONT_ENDS[source.form](source.path, source.text), config, place)
    book = book_of(reading.title, source.inside, folder_name(source.root), config, reading.in_folder)
    every = tuple(contents(reading.items, config, reading.page_tags))
    return Findings(book, reading.title, every, reading.account, reading.diagnostics, reading.roles)


def folder_name(root: Path) -> str:
    """What a notes' folder or zip calls the book of pages that have no title of their own."""
    name = root.resolve().name
    return "노트" if name == "notes" or is_wrapper(name) else name.removesuffix(".zip")


def drafts_of(reads: Sequence[Read], config: Config, trees: Mapping[Path, Tree] = MappingProxyType({})) -> tuple[list[Draft], list[Diagnostic]]:
    """The answered questions of all sources, with their places and the pictures that lie in `trees`."""
    problems: list[Diagnostic] = []
    pictures = Pictures(trees)
    drafts = []
    for read in reads:
        for content in read.found.contents:
            if content.is_answered:
                drafts.append(draft_of(read, content, config, pictures, problems))
    return drafts, problems


def draft_of(read: Read, content: Content, config: Config, pictures: Pictures, problems: list[Diagnostic]) -> Draft:
    """A question with its place, and with its pictures found; what is wrong with those is told."""
    found = [pictures.find(picture.address, read.source) for picture in content.pictures]
    shown = []
    for reference, picture in zip(content.pictures, found, strict=True):
        shown.append(_shown(reference, picture))
        if isinstance(picture, Trouble):
            span = Span(read.source.path, reference.line, reference.line + 1)
            problems.append(Diagnostic(span, f"picture-{picture.name.lower()}", (_readable(reference),)))
    finished = armed if content.is_cloze else disarmed
    return Draft(
        source=read.source.name,
        title=read.found.title,
        page_id=read.source.page_id,
        content=content,
        place=place_of(read.found.book, content.chapter, config),
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
