"""Decks -> .apkg bytes: the only place that knows genanki, and its traps.

Its check of tags is quadratic (nh3 has done the work), it leaves its database in the temporary folder, it computes
no card for a field that is used through a filter alone and too few for nested clozes, it takes every time and id from
one clock, and what it zips is neither deflated nor the same twice. All measured with genanki 0.13.1.
"""

from __future__ import annotations

import io
import json
import sqlite3
import tempfile
import zipfile
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

import genanki

from notedeck.decktree import PackagePlan, Row
from notedeck.notetypes import NoteType
from notedeck.plain import digest
from notedeck.sources.pictures import Picture

_FIRST_SIBLING = 1_577_836_800_000
_SIBLINGS = 126_230_400_000
"""Ids of a note's further cards are milliseconds; ours lie in 2020 to 2023, behind those of all first cards."""
_DATE = (1980, 1, 1, 0, 0, 0)
_FORMAT = "1"
"""Moves when this module writes other rows or other bytes for the same notes."""

Types = Mapping[str, tuple[NoteType, int]]
"""Note types by name, each with its time in seconds."""


class _Model(genanki.Model):  # type: ignore[misc]
    """A note type with its own time; which cards a note has, the note says."""

    def __init__(self, note_type: NoteType, modified: int) -> None:
        super().__init__(
            note_type.id,
            note_type.name,
            fields=[
                {"name": name, "id": id_, "size": 16, "plainText": False} for name, id_ in zip(note_type.fields, note_type.field_ids, strict=True)
            ],
            templates=[{"name": one.name, "id": one.id, "qfmt": one.front, "afmt": one.back} for one in note_type.templates],
            css=note_type.style,
            model_type=self.CLOZE if note_type.is_cloze else self.FRONT_BACK,
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

    def __init__(self, row: Row, model: _Model, fields: Sequence[str], cards: Sequence[int]) -> None:
        """`cards` are the ids of its cards."""
        super().__init__(model, [row.fields.get(name, "") for name in fields], tags=list(row.tags), guid=row.guid, due=row.due)
        self.row = row
        self.cards = [genanki.Card(place) for place in row.cards]
        self.ids = (row.note, *cards)

    def _check_invalid_html_tags_in_fields(self) -> None:
        """Left out: nh3 has cleaned the fields, and genanki's pattern is quadratic."""

    def write_to_db(self, cursor: sqlite3.Cursor, timestamp: float, deck_id: int, id_gen: Iterator[int]) -> None:
        super().write_to_db(cursor, self.row.modified, deck_id, iter(self.ids))


class _CardIds:
    """Ids for cards that are the same on every machine: a note's first card has the note's, the others lie together in their order."""

    def __init__(self) -> None:
        self.taken: set[int] = set()

    def of(self, row: Row) -> list[int]:
        """The ids of a note's cards."""
        start = _FIRST_SIBLING + int.from_bytes(digest("card", row.guid)[:8], "big") % _SIBLINGS
        return [self._free(start + place) if place else row.note for place in row.cards]

    def _free(self, number: int) -> int:
        while number in self.taken:
            number += 1
        self.taken.add(number)
        return number


def content_digest(plan: PackagePlan, types: Types) -> str:
    """What a package holds, as one digest: packages of the same digest have the same bytes on one machine."""
    parts = [_FORMAT]
    for note_type, modified in _used(plan, types):
        parts += [note_type.name, note_type.fingerprint, str(modified)]
    for deck in plan.decks:
        parts += [deck.name, deck.description, str(len(deck.rows))]
        for row in deck.rows:
            parts += [str(row.due), row.guid, str(row.note), row.type, *map(str, row.cards), str(row.modified), *row.tags, *row.fields.values()]
    return digest(*parts).hex()


def package_bytes(plan: PackagePlan, types: Types) -> bytes:
    """Write one package: deflated, with fixed dates, the same bytes for the same notes.

    Raises OSError if a picture or the temporary folder fails.
    """
    with tempfile.TemporaryDirectory(prefix="notedeck-") as folder:
        database = Path(folder) / "collection.anki2"
        _write_database(database, plan, _used(plan, types))
        return _zipped(database.read_bytes(), _pictures(plan))


def _used(plan: PackagePlan, types: Types) -> list[tuple[NoteType, int]]:
    """The note types of a package's notes: Anki imports no other."""
    used = {row.type for row in plan.rows}
    return [types[name] for name in types if name in used]


def _write_database(path: Path, plan: PackagePlan, types: Sequence[tuple[NoteType, int]]) -> None:
    models = {note_type.name: _Model(note_type, modified) for note_type, modified in types}
    fields = {note_type.name: note_type.fields for note_type, _ in types}
    ids = _CardIds()
    decks = []
    for planned in plan.decks:
        deck = _Deck(planned.id, planned.name, planned.description)
        for row in planned.rows:
            deck.add_note(_Note(row, models[row.type], fields[row.type], ids.of(row)))
        decks.append(deck)
    decks[0].models = {model.model_id: model for model in models.values()}
    latest = max((modified for _, modified in types), default=0)
    connection = sqlite3.connect(path)
    try:
        genanki.Package(decks).write_to_db(connection.cursor(), latest, iter(()))
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
