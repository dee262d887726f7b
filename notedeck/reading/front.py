"""Source -> Findings: a pure function of a source and the configuration, whatever the form of the source."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from urllib.parse import unquote

from notedeck.config import Config
from notedeck.content.fields import contents
from notedeck.content.notefields import Home
from notedeck.corrections.correction import As, Told
from notedeck.diagnostics import Diagnostic, Span
from notedeck.items.pages.subdecks import PagePlace
from notedeck.items.reading import read_items
from notedeck.machine.mediatypes import is_attached
from notedeck.outline.blocks import Outline, leaves_of
from notedeck.places.decks import place_of
from notedeck.places.site import site_of
from notedeck.places.titles import name_of
from notedeck.reading.aside import why_aside
from notedeck.reading.findings import Findings, gist_of, pack
from notedeck.reading.leaving import ASKED
from notedeck.reading.missing import missed
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


def read_source(source: Source, config: Config, told: Sequence[Told] = ()) -> Findings:
    """Read one source; `config` is that of its path, and `told` what its author says of its lines."""
    outline = FRONT_ENDS[source.form](source.path, source.text)
    reading = read_items(outline, config, PagePlace(name_of(source.inside), source.is_question), told)
    site = site_of(reading.title, source.inside, config)
    site = replace(site, page=None) if reading.is_question else site
    is_asked = any(one.role is As.QUESTION for one in told)
    aside = why_aside(reading, outline, source.inside) if config.skip is None and not is_asked else ""
    aside = ASKED if source.is_ignored or config.skip else aside
    left = missed(outline, source.form, reading, reads_gaps=config.recognisers["cloze"])
    every = contents(reading.items, config, (*reading.page_tags, *config.tags))
    gists = tuple(gist_of(content, Home(place_of(site, content.chapter, config), reading.title, source.page_id)) for content in every)
    problems = (*reading.diagnostics, *_attachments(outline))
    return Findings(site.book, reading.title, gists, pack(every), reading.account, problems, reading.roles, aside, left)


def _attachments(outline: Outline) -> Iterator[Diagnostic]:
    """The files beside the notes that links lead to and no card can hold, each once."""
    told: set[str] = set()
    for leaf in leaves_of(outline.blocks):
        for address in (mark.target for mark in leaf.marks if mark.name == "a" and is_attached(mark.target)):
            name = unquote(address, errors="replace")
            if name not in told:
                told.add(name)
                yield Diagnostic(Span(outline.span.path, leaf.line, leaf.line + 1), "attachment", (name,))
