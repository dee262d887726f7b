"""Decks -> .apkg bytes: the only place that knows genanki, and its traps.

Its check of tags is quadratic (nh3 has done the work), it leaves its database in the temporary folder, it computes
no card for a field that is used through a filter alone, it takes every time and id from one clock, and what it
zips is neither deflated nor the same twice. All measured with genanki 0.13.1.
"""

from __future__ import annotations

import io
import json
import sqlite3
import tempfile
import zipfile
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import genanki

from notedeck.decktree import PackagePlan, Row
from notedeck.notetypes import NoteType
from notedeck.plain import digest
from notedeck.sources.pictures import Picture

_DATE = (1980, 1, 1, 0, 0, 0)
_FORMAT = "1"
"""Moves when this module writes other rows or other bytes for the same notes."""


class _Model(genanki.Model):  # type: ignore[misc]
    """A note type: one card a note, whatever the templates say, and its own time."""

    def __init__(self, note_type: NoteType, modified: int) -> None:
        super().__init__(
            note_type.id,
            note_type.name,
            fields=[
                {"name": name, "id": id_, "size": 16, "plainText": False} for name, id_ in zip(note_type.fields, note_type.field_ids, strict=True)
            ],
            templates=[{"name": one.name, "id": one.id, "qfmt": one.front, "afmt": one.back} for one in note_type.templates],
            css=note_type.style,
        )
        self.modified = modified

    @property
    def _req(self) -> list[list[Any]]:
        return [[0, "any", [0]]]

    def to_json(self, timestamp: float, deck_id: int) -> dict[str, Any]:
        return {**super().to_json(self.modified, deck_id), "did": None}


class _Deck(genanki.Deck):  # type: ignore[misc]
    """A deck that leaves the note type to the package: genanki writes it again for each deck, under one key twice."""

    def add_model(self, model: _Model) -> None:
        """Left out."""


class _Note(genanki.Note):  # type: ignore[misc]
    """A note with its own ids and its own time."""

    def __init__(self, row: Row, model: _Model, fields: Sequence[str]) -> None:
        super().__init__(model, [row.fields.get(name, "") for name in fields], tags=list(row.tags), guid=row.guid, due=row.due)
        self.row = row
        self.cards = [genanki.Card(0)]

    def _check_invalid_html_tags_in_fields(self) -> None:
        """Left out: nh3 has cleaned the fields, and genanki's pattern is quadratic."""

    def write_to_db(self, cursor: sqlite3.Cursor, timestamp: float, deck_id: int, id_gen: Iterator[int]) -> None:
        super().write_to_db(cursor, self.row.modified, deck_id, iter((self.row.note, self.row.note)))


def content_digest(plan: PackagePlan, note_type: NoteType, modified: int) -> str:
    """What a package holds, as one digest: packages of the same digest have the same bytes on one machine."""
    parts = [_FORMAT, note_type.name, note_type.fingerprint, str(modified)]
    for deck in plan.decks:
        parts += [deck.name, deck.description, str(len(deck.rows))]
        for row in deck.rows:
            parts += [str(row.due), row.guid, str(row.note), str(row.modified), *row.tags, *row.fields.values()]
    return digest(*parts).hex()


def package_bytes(plan: PackagePlan, note_type: NoteType, modified: int) -> bytes:
    """Write one package: deflated, with fixed dates, the same bytes for the same notes.

    `modified` is the note type's time in seconds. Raises OSError if a picture or the temporary folder fails.
    """
    with tempfile.TemporaryDirectory(prefix="notedeck-") as folder:
        database = Path(folder) / "collection.anki2"
        _write_database(database, plan, note_type, modified)
        return _zipped(database.read_bytes(), _pictures(plan))


def _write_database(path: Path, plan: PackagePlan, note_type: NoteType, modified: int) -> None:
    model = _Model(note_type, modified)
    decks = []
    for planned in plan.decks:
        deck = _Deck(planned.id, planned.name, planned.description)
        for row in planned.rows:
            deck.add_note(_Note(row, model, note_type.fields))
        decks.append(deck)
    decks[0].models = {model.model_id: model}
    connection = sqlite3.connect(path)
    try:
        genanki.Package(decks).write_to_db(connection.cursor(), modified, iter(()))
        connection.commit()
        connection.execute("VACUUM")
    finally:
        connection.close()


def _pictures(plan: PackagePlan) -> list[Picture]:
    """Every picture of the notes, once."""
    found = {picture.name: picture for row in plan.rows for picture in row.pictures}
    return [found[name] for name in sorted(found)]


def _zipped(database: bytes, pictures: Sequence[Picture]) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED, compresslevel=9) as package:
        names = {str(number): picture.name for number, picture in enumerate(pictures)}
        _add(package, "collection.anki2", database)
        _add(package, "media", json.dumps(names).encode())
        for number, picture in enumerate(pictures):
            _add(package, str(number), picture.file.read_bytes())
    return out.getvalue()


def _add(package: zipfile.ZipFile, name: str, data: bytes) -> None:
    entry = zipfile.ZipInfo(name, _DATE)
    entry.compress_type = zipfile.ZIP_DEFLATED
    entry.external_attr = 0o644 << 16
    package.writestr(entry, data)
