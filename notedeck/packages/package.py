"""Decks -> .apkg bytes: the only place that knows genanki, and its traps.

genanki makes the empty collection, its decks and its note types. The rows go in by our own `executemany`: genanki's check of tags is
quadratic, so are its decks, it computes no card for a field that is used through a filter alone and too few for nested
clozes, it takes every time and id from one clock, and what it zips is neither deflated nor the same twice. All
measured with genanki 0.13.1.
"""

from __future__ import annotations

import io
import json
import sqlite3
import tempfile
import zipfile
import zlib
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

from notedeck.machine.cache import Cache, key_of, version_of
from notedeck.packages.decktree import PackagePlan
from notedeck.packages.notetypes import NoteType
from notedeck.packages.packed import PackedNote
from notedeck.plain import digest
from notedeck.sources.pictures import Picture

_FIRST_SIBLING = 1_577_836_800_000
_SIBLINGS = 126_230_400_000
"""Ids of a note's further cards are milliseconds; ours lie in 2020 to 2023, behind those of all first cards."""
_SQLITE = b"SQLite format 3\0"
"""The beginning of each database ("Database File Format", 1.3)."""
IMPORTS = ("genanki",)
"""What a process that writes packages imports."""
_DATE = (1980, 1, 1, 0, 0, 0)
_FORMAT = "3"
"""Moves when this module writes other rows or other bytes for the same notes."""

_NOTE = "INSERT INTO notes VALUES (?, ?, ?, ?, -1, ?, ?, ?, 0, 0, '')"
"""A note's row: what Anki computes anew is left out (the checksum), and the usn says that it was never synced."""
_CARD = "INSERT INTO cards VALUES (?, ?, ?, ?, ?, -1, 0, 0, ?, 0, 0, 0, 0, 0, 0, 0, 0, '')"
"""A new card's row: never studied."""

Types = Mapping[str, tuple[NoteType, int]]
"""Note types by name, each with its time in seconds."""


class _CardIds:
    """Ids for cards that are the same on every machine: a note's first card has the note's, the others lie together in their order."""

    def __init__(self) -> None:
        self.taken: set[int] = set()

    def of(self, packed: PackedNote) -> list[int]:
        """The ids of a note's cards."""
        start = _FIRST_SIBLING + int.from_bytes(digest("card", packed.guid)[:8], "big") % _SIBLINGS
        return [self._free(start + place) if place else packed.note for place in packed.cards]

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
        parts += [deck.name, deck.description, str(len(deck.notes))]
        parts += [f"{one.due} {one.guid} {one.note} {one.cards} {one.modified} {one.print} {one.type}" for one in deck.notes]
    return digest(*parts).hex()


def package_bytes(plan: PackagePlan, types: Types, cache: Cache) -> bytes:
    """Write one package: deflated, with fixed dates, the same bytes for the same notes.

    Raises OSError if a picture or the temporary folder fails.
    """
    used = _used(plan, types)
    with tempfile.TemporaryDirectory(prefix="notedeck-") as folder:
        database = Path(folder) / "collection.anki2"
        database.write_bytes(_collection(plan, [note_type for note_type, _ in used], cache))
        _write_rows(database, plan, used)
        return _zipped(database.read_bytes(), list(plan.pictures.values()))


def _used(plan: PackagePlan, types: Types) -> list[tuple[NoteType, int]]:
    """The note types of a package's notes: Anki imports no other."""
    used = {packed.type for packed in plan.notes}
    return [types[name] for name in types if name in used]


def _collection(plan: PackagePlan, types: Sequence[NoteType], cache: Cache) -> bytes:
    """The collection without its notes, as it was remembered: to import genanki alone takes as long as to write a thousand notes.

    It holds no time, so all locks share it.
    """
    decks = (part for one in plan.decks for part in (str(one.id), one.name, one.description))
    key = key_of("collection", version_of("genanki"), repr(types), *decks)
    if known := _unpacked(cache.get(key)):
        return known
    made = _new_collection(plan, types)
    cache.put(key, zlib.compress(made, 1))
    return made


def _unpacked(known: bytes | None) -> bytes:
    """A remembered collection; nothing if what was remembered is none."""
    try:
        data = zlib.decompress(known or b"")
    except zlib.error:
        return b""
    return data if data.startswith(_SQLITE) else b""


def _new_collection(plan: PackagePlan, types: Sequence[NoteType]) -> bytes:
    """A collection with all decks and note types, written at once; genanki reads and writes all of them again for each deck."""
    import genanki

    connection = sqlite3.connect(":memory:")
    try:
        genanki.Package([]).write_to_db(connection.cursor(), 0, iter(()))
        decks = json.loads(connection.execute("SELECT decks FROM col").fetchone()[0])
        decks.update((str(one.id), genanki.Deck(one.id, one.name, one.description).to_json()) for one in plan.decks)
        models = {str(note_type.id): _model(note_type) for note_type in types}
        connection.execute("UPDATE col SET decks = ?, models = ?", (json.dumps(decks), json.dumps(models)))
        connection.commit()
        return connection.serialize()
    finally:
        connection.close()


def _write_rows(path: Path, plan: PackagePlan, used: Sequence[tuple[NoteType, int]]) -> None:
    """Write notes, cards and the note types' times. The file is ours alone and read back at once, so nothing needs to be safe from a stop."""
    ids, types = _CardIds(), {note_type.name: note_type for note_type, _ in used}
    connection = sqlite3.connect(path)
    try:
        connection.execute("PRAGMA synchronous = OFF")
        connection.execute("PRAGMA journal_mode = OFF")
        _write_times(connection, used)
        connection.executemany(_NOTE, (_note(packed, types[packed.type]) for packed in plan.notes))
        connection.executemany(_CARD, (card for deck in plan.decks for packed in deck.notes for card in _cards(packed, deck.id, ids.of(packed))))
        connection.commit()
        connection.execute("VACUUM")
    finally:
        connection.close()


def _write_times(connection: sqlite3.Connection, used: Sequence[tuple[NoteType, int]]) -> None:
    models = json.loads(connection.execute("SELECT models FROM col").fetchone()[0])
    for note_type, modified in used:
        models[str(note_type.id)]["mod"] = modified
    connection.execute("UPDATE col SET models = ?", (json.dumps(models),))


def _model(note_type: NoteType) -> dict[str, Any]:
    """A note type as Anki stores it, but for its time; which cards a note has, the note says."""
    import genanki

    fields = [{"name": name, "id": id_, "size": 16, "plainText": False} for name, id_ in zip(note_type.fields, note_type.field_ids, strict=True)]
    templates = [{"name": one.name, "id": one.id, "qfmt": one.front, "afmt": one.back} for one in note_type.templates]
    kind = genanki.Model.CLOZE if note_type.is_cloze else genanki.Model.FRONT_BACK
    model = genanki.Model(note_type.id, note_type.name, fields=fields, templates=templates, css=note_type.style, model_type=kind)
    model._req = [[0, "any", [0]]]
    return {**model.to_json(0, 0), "did": None}


def _note(packed: PackedNote, note_type: NoteType) -> tuple[object, ...]:
    written = packed.fields
    fields = [written.get(name, "") for name in note_type.fields]
    return packed.note, packed.guid, note_type.id, packed.modified, f" {' '.join(packed.tags)} ", "\x1f".join(fields), fields[0]


def _cards(packed: PackedNote, deck: int, ids: Sequence[int]) -> Iterator[tuple[object, ...]]:
    """The cards of a note."""
    return ((id_, packed.note, deck, place, packed.modified, packed.due) for id_, place in zip(ids, packed.cards, strict=True))


def _zipped(database: bytes, pictures: Sequence[Picture]) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as package:
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
