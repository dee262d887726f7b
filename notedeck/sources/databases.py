"""Databases of Notion: a table, and beside it a folder with a page for each row.

A row whose page has a body is read as the page, and its lines in the table become empty ones; a page that says nothing
beyond its row is left to the row. So each text is read once.
"""

from __future__ import annotations

import csv
import html
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from notedeck.config import Config
from notedeck.plain import squeezed
from notedeck.sources.names import page_id, without_id
from notedeck.sources.source import Form, Source

_MARKDOWN_TITLE = re.compile(r"\s*#[ \t]+(.*)")
_HTML_TITLE = re.compile(r'<h1[^<>]{0,400}\bclass="page-title"[^<>]{0,400}>')
_HTML_BODY = re.compile(r'<div[^<>]{0,400}\bclass="page-body"[^<>]{0,400}>')
_EMPTY_LINE = re.compile(r"\n[ \t]*\n")
_SHOWN_TAG = re.compile(r"<(?:img|hr|iframe|video|audio|a)\b")
_TAG = re.compile(r"<[^<>]*>")
_ALIKE = 64
"""Rows of one title that are weighed against each other."""


@dataclass(frozen=True, slots=True)
class _Row:
    """A row of a table, with its lines in the file."""

    start: int
    stop: int
    cells: tuple[str, ...]


def with_rows(sources: Sequence[Source], config: Config) -> tuple[Source, ...]:
    """The sources with each row of a database in one place: in its page, or in the table."""
    pages: dict[tuple[Path, str], list[Source]] = {}
    for one in sources:
        if one.form is not Form.CSV:
            folder = one.folder.name
            pages.setdefault((one.folder.parent, page_id(folder) or _title_key(folder)), []).append(one)
    changed: dict[str, Source | None] = {}
    for table in sources:
        if table.form is Form.CSV:
            title = _title_key(Path(table.inside).stem.removesuffix("_all"))
            beside = {one.name: one for name in (table.page_id, title) if name for one in pages.get((table.folder, name), ())}
            changed |= _joined(table, list(beside.values()), config) if beside else {}
    return tuple(found for one in sources if (found := changed.get(one.name, one)))


def _title_key(name: str) -> str:
    return squeezed(without_id(name)).casefold()


def _joined(table: Source, pages: Sequence[Source], config: Config) -> dict[str, Source | None]:
    """A table and the pages of its rows by their names; None for one that the other stands for."""
    rows = list(_rows(table.text))
    if not rows:
        return {}
    columns = rows[0].cells
    asks = _names(columns[0], config.question_columns)
    found = _paired(rows[1:], pages, columns)
    read_as_pages = {place for page, place in found if _has_body(page, columns, rows[1 + place].cells)}
    changed: dict[str, Source | None] = {page.name: replace(page, is_question=asks) if place in read_as_pages else None for page, place in found}
    if len(read_as_pages) == len(rows) - 1:
        return {**changed, table.name: None}
    gone = {line for place in read_as_pages for line in range(rows[1 + place].start, rows[1 + place].stop)}
    lines = table.text.split("\n")
    text = "\n".join("" if number in gone else line for number, line in enumerate(lines))
    return {**changed, table.name: replace(table, text=text)}


def _names(column: str, names: Sequence[str]) -> bool:
    return squeezed(column).casefold().strip("*:：.") in {squeezed(name).casefold() for name in names}


def _rows(text: str) -> Iterator[_Row]:
    """The rows of a table that are not empty; of a broken one, those before the break."""
    csv.field_size_limit(max(csv.field_size_limit(), len(text)))
    reader = csv.reader(iter(text.splitlines(keepends=True)))
    start = 0
    try:
        for cells in reader:
            if any(cells):
                yield _Row(start, reader.line_num, tuple(cells))
            start = reader.line_num
    except csv.Error:
        return


def _paired(rows: Sequence[_Row], pages: Sequence[Source], columns: Sequence[str]) -> list[tuple[Source, int]]:
    """Each page with the place of its row: of several rows of one title, the one whose cells it shows."""
    places: dict[str, list[int]] = {}
    for place, row in enumerate(rows):
        places.setdefault(squeezed(row.cells[0]), []).append(place)
    found = []
    for page in pages:
        waiting = places.get(squeezed(_title(page)), [])
        if waiting:
            text = squeezed(_plain(page))
            best = max(waiting[:_ALIKE], key=lambda place: (sum(bool(cell) and squeezed(cell) in text for cell in rows[place].cells), -place))
            waiting.remove(best)
            found.append((page, best))
    return found


def _title(page: Source) -> str:
    if page.form is Form.MARKDOWN:
        heading = _MARKDOWN_TITLE.match(page.text)
        return heading[1] if heading else Path(page.inside).stem
    opening = _HTML_TITLE.search(page.text)
    words = page.text[opening.end() :].split("</h1>", maxsplit=1)[0] if opening else Path(page.inside).stem
    return html.unescape(_TAG.sub("", words))


def _plain(page: Source) -> str:
    return html.unescape(_TAG.sub("", page.text)) if page.form is Form.HTML else page.text


def _has_body(page: Source, columns: Sequence[str], cells: Sequence[str]) -> bool:
    """Whether a page shows more than its title and its row."""
    if page.form is Form.HTML:
        body = _HTML_BODY.search(page.text)
        rest = page.text[body.end() :] if body else ""
        return bool(_SHOWN_TAG.search(rest) or html.unescape(_TAG.sub("", rest)).strip())
    known = squeezed("\n".join(cells))
    title = _MARKDOWN_TITLE.match(page.text)
    paragraphs = _EMPTY_LINE.split(page.text[title.end() if title else 0 :].strip())
    is_properties = any(paragraphs[0].startswith(f"{column}:") for column in columns)
    return any(squeezed(one) and squeezed(one) not in known for one in paragraphs[is_properties:])
