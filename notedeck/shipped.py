"""What a package of ours holds, read back: to restore a lost lock, and to mark notes that are gone."""

from __future__ import annotations

import json
import sqlite3
import tempfile
import zipfile
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from bs4 import BeautifulSoup

from notedeck.identity.lock import Lock, LockedNote, LockedType
from notedeck.notetypes import NoteType, style_fingerprint
from notedeck.plain import fingerprint, squeezed
from notedeck.sketch import sketch

_LARGEST = 2 << 30
"""Bytes; a package of text and pictures is never larger inside."""


@dataclass(frozen=True, slots=True)
class ShippedNote:
    """A note as it was packed."""

    guid: str
    note: int
    modified: int
    """Seconds."""
    tags: tuple[str, ...]
    fields: Mapping[str, str]
    deck: str
    due: int


@dataclass(frozen=True, slots=True)
class Shipped:
    """A package as it was packed."""

    notes: tuple[ShippedNote, ...]
    types: tuple[LockedType, ...]


def read_package(path: Path, note_type: NoteType) -> Shipped | None:
    """Read a package of ours; None if it is not there, is no package, or has no notes of this note type."""
    try:
        with tempfile.TemporaryDirectory(prefix="notedeck-") as folder, zipfile.ZipFile(path) as package:
            if package.getinfo("collection.anki2").file_size > _LARGEST:
                return None
            database = Path(package.extract("collection.anki2", folder))
            connection = sqlite3.connect(database)
            try:
                return _read_database(connection, note_type)
            finally:
                connection.close()
    except (OSError, KeyError, ValueError, zipfile.BadZipFile, sqlite3.Error):
        return None


def _read_database(connection: sqlite3.Connection, note_type: NoteType) -> Shipped | None:
    models, decks = (json.loads(text) for text in connection.execute("SELECT models, decks FROM col").fetchone())
    model = models.get(str(note_type.id))
    if model is None:
        return None
    names = [field["name"] for field in model["flds"]]
    rows = connection.execute(
        "SELECT n.guid, n.id, n.mod, n.tags, n.flds, c.did, c.due FROM notes n JOIN cards c ON c.nid = n.id WHERE n.mid = ? ORDER BY c.due, n.id",
        (note_type.id,),
    )
    notes = tuple(
        ShippedNote(guid, note, modified, tuple(tags.split()), dict(zip(names, fields.split("\x1f"), strict=True)), decks[str(deck)]["name"], due)
        for guid, note, modified, tags, fields, deck, due in rows
    )
    style = style_fingerprint(model["css"], [(template["qfmt"], template["afmt"]) for template in model["tmpls"]])
    return Shipped(notes, (LockedType(model["name"], style, int(model["mod"])),))


def restored(packages: Iterator[Shipped]) -> Lock:
    """A lock made again from packages: guids, IDs, times and texts."""
    notes: dict[str, LockedNote] = {}
    types: dict[str, LockedType] = {}
    for package in packages:
        types.update({one.type: one for one in package.types})
        above: dict[tuple[str, ...], str] = {}
        for shipped in package.notes:
            parents = tuple(_lines(shipped.fields["Parent"]))
            question = _text(shipped.fields["Question"])
            above[(*parents, question)] = shipped.guid
            notes[shipped.guid] = _locked(shipped, parents, question, above.get(parents, ""), package.types[0].type)
    return Lock(notes, types)


def _locked(shipped: ShippedNote, parents: tuple[str, ...], question: str, parent: str, note_type: str) -> LockedNote:
    fields = shipped.fields
    answer = _text(fields["Answer"])
    filled = {name: value for name, value in fields.items() if not name.startswith("Spare")}
    return LockedNote(
        guid=shipped.guid, id=fields["ID"], note=shipped.note, type=note_type, created=shipped.modified, modified=shipped.modified,
        source="", line=shipped.due, book=_text(fields["Book"]), deck=shipped.deck, chapter=_text(fields["Chapter"]), parent=parent,
        parents=parents, question=question, number=1, text="", own="", answer=fingerprint(squeezed(answer)), sketch=sketch(answer),
        shipped=fingerprint(*filled.values(), *shipped.tags),
    )  # fmt: skip


def _lines(field: str) -> Iterator[str]:
    for line in BeautifulSoup(field, "html.parser").find_all("div", recursive=False):
        yield _text(line.decode_contents())


def _text(field: str) -> str:
    """The text of a field as the notes have it: a break is a line's end, a picture its alternative text."""
    soup = BeautifulSoup(field, "html.parser")
    for tag in soup.find_all("br"):
        tag.replace_with("\n")
    for tag in soup.find_all("img"):
        tag.replace_with(str(tag.get("alt", "")))
    return soup.get_text()
