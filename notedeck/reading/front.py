"""Source -> Findings: a pure function of a source, the name of its folder and the configuration, whatever the form of the source."""

from __future__ import annotations

from collections.abc import Callable

from notedeck.config import Config
from notedeck.content.fields import contents
from notedeck.content.notefields import Home
from notedeck.items.pages.subdecks import PagePlace
from notedeck.items.reading import read_items
from notedeck.outline.blocks import Outline
from notedeck.places.decks import place_of
from notedeck.places.titles import book_of, folders_of, name_of
from notedeck.reading.findings import Findings, gist_of, pack
from notedeck.sources.names import folder_name
from notedeck.sources.source import Form, Source


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


def read_source(source: Source, config: Config) -> Findings:
    """Read one source."""
    page = PagePlace(name_of(source.inside), folders_of(source.inside), source.is_question)
    reading = read_items(FRONT_ENDS[source.form](source.path, source.text), config, page)
    book = book_of(reading.title, source.inside, folder_name(source.root), config, reading.in_folder)
    every = tuple(contents(reading.items, config, reading.page_tags))
    gists = tuple(gist_of(content, Home(place_of(book, content.chapter, config), reading.title, source.page_id)) for content in every)
    return Findings(book, reading.title, gists, pack(every), reading.account, reading.diagnostics, reading.roles)
