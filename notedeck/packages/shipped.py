"""What a package of ours holds, read back: to restore a lost lock, and to mark notes that are gone."""

from __future__ import annotations

import json
import re
import sqlite3
import tempfile
import zipfile
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from notedeck.content.arming import SOUND
from notedeck.content.notefields import fields_print
from notedeck.content.sketch import sketch
from notedeck.identity.gaps import as_words
from notedeck.identity.lock import Lock, LockedNote, LockedType
from notedeck.packages.notetypes import CLOZE_FIELDS, NoteType, style_fingerprint
from notedeck.packages.packed import PackedNote, PackedText
from notedeck.plain import fingerprint, squeezed

_LARGEST = 2 << 30
"""Bytes; a package of text and pictures is never larger inside."""
_INNERMOST = re.compile(r"\{\{c[\d,]+::((?:(?!\{\{|\}\}|::).)*)(?:::(?:(?!\}\}).)*)?\}\}", re.DOTALL)
"""A cloze with no other in it; what its text holds of braces and colons is written as entities."""


@dataclass(frozen=True, slots=True)
class Shipped:
    """A package as it was packed."""

    notes: tuple[PackedNote, ...]
    types: tuple[LockedType, ...]


def read_package(path: Path, types: Sequence[NoteType]) -> Shipped | None:
    """Read a package of ours; None if it is not there, is no package, or has no notes of these note types."""
    try:
        with tempfile.TemporaryDirectory(prefix="notedeck-") as folder, zipfile.ZipFile(path) as package:
            if package.getinfo("collection.anki2").file_size > _LARGEST:
                return None
            database = Path(package.extract("collection.anki2", folder))
            connection = sqlite3.connect(database)
            try:
                return _read_database(connection, types)
            finally:
                connection.close()
    except (OSError, KeyError, ValueError, zipfile.BadZipFile, sqlite3.Error):
        return None


def _read_database(connection: sqlite3.Connection, types: Sequence[NoteType]) -> Shipped | None:
    models, decks = (json.loads(text) for text in connection.execute("SELECT models, decks FROM col").fetchone())
    known = {int(model["id"]): model for one in types if (model := models.get(str(one.id)))}
    if not known:
        return None
    cards: dict[int, list[tuple[int, int, int]]] = {}
    for note, place, deck, due in connection.execute("SELECT nid, ord, did, due FROM cards ORDER BY ord"):
        cards.setdefault(note, []).append((place, deck, due))
    notes = [
        _note(row, known[int(row[2])], cards[row[1]], decks)
        for row in connection.execute("SELECT guid, id, mid, mod, tags, flds FROM notes")
        if int(row[2]) in known
    ]
    styles = (LockedType(model["name"], _style_of(model), int(model["mod"])) for model in known.values())
    return Shipped(tuple(sorted(notes, key=lambda one: (one.due, one.note))), tuple(styles))


def _note(row: tuple[Any, ...], model: Mapping[str, Any], cards: Sequence[tuple[int, int, int]], decks: Mapping[str, Any]) -> PackedNote:
    guid, note, _, modified, tags, values = row
    names = [field["name"] for field in model["flds"]]
    text = PackedText(dict(zip(names, values.split("\x1f"), strict=True)), tuple(tags.split()))
    places = tuple(place for place, _, _ in cards)
    _, deck, due = cards[0]
    return PackedNote(guid, note, model["name"], places, modified, decks[str(deck)]["name"], due, text)


def _style_of(model: Mapping[str, Any]) -> str:
    return style_fingerprint(model["css"], [(template["qfmt"], template["afmt"]) for template in model["tmpls"]])


def restored(packages: Iterator[Shipped]) -> Lock:
    """A lock made again from packages: guids, IDs, times and texts."""
    notes: dict[str, LockedNote] = {}
    types: dict[str, LockedType] = {}
    for package in packages:
        types.update({one.type: one for one in package.types})
        above: dict[tuple[str, ...], str] = {}
        for shipped in package.notes:
            parents = tuple(_lines(shipped.fields["Parent"]))
            question, _ = _said(shipped.fields)
            above[(*parents, question)] = shipped.guid
            notes[shipped.guid] = _locked(shipped, parents, question, above.get(parents, ""))
    return Lock(notes, types)


def _locked(shipped: PackedNote, parents: tuple[str, ...], question: str, parent: str) -> LockedNote:
    fields = shipped.fields
    _, answer = _said(fields)
    filled = {name: value for name, value in fields.items() if not name.startswith("Spare")}
    return LockedNote(
        guid=shipped.guid, id=fields["ID"], note=shipped.note, type=shipped.type, created=shipped.modified, modified=shipped.modified,
        source="", line=shipped.due, book=_text(fields["Book"]), deck=shipped.deck, chapter=_text(fields["Chapter"]), parent=parent,
        parents=parents, question=question, number=1, text="", own="", answer=fingerprint(squeezed(answer)), sketch=sketch(answer),
        sent=fields_print(filled, shipped.tags), gaps=_gaps(fields), tags=shipped.tags,
    )  # fmt: skip


def _said(fields: Mapping[str, str]) -> tuple[str, str]:
    """Question and answer as the notes have them; a cloze note is known by its text, without the marks, as both."""
    is_cloze = _is_cloze(fields)
    first, second, *_ = fields.values()
    while is_cloze and first != (bare := _INNERMOST.sub(r"\1", first)):
        first = bare
    return _text(first), _text(first if is_cloze else second)


def _gaps(fields: Mapping[str, str]) -> tuple[str, ...]:
    """The numbers and texts of a cloze note's gaps, as the lock holds them."""
    found: dict[int, str] = {}
    text = fields[CLOZE_FIELDS[0]] if _is_cloze(fields) else ""
    while gap := _INNERMOST.search(text):
        for number in gap[0][3 : gap[0].index("::")].split(","):
            found[int(number)] = found.get(int(number), "") + squeezed(_text(gap[1]))
        text = text[: gap.start()] + gap[1] + text[gap.end() :]
    return as_words(tuple(found.items()))


def _is_cloze(fields: Mapping[str, str]) -> bool:
    """Whether the first field is a text with gaps."""
    return next(iter(fields)) == CLOZE_FIELDS[0]


def _lines(field: str) -> Iterator[str]:
    from bs4 import BeautifulSoup

    for line in BeautifulSoup(field, "html.parser").find_all("div", recursive=False):
        yield _text(line.decode_contents())


def _text(field: str) -> str:
    """The text of a field as the notes have it: a break is a line's end, a picture its alternative text."""
    from bs4 import BeautifulSoup

    soup = BeautifulSoup(SOUND.sub("", field), "html.parser")
    for tag in soup.find_all("br"):
        tag.replace_with("\n")
    for tag in soup.find_all("img"):
        tag.replace_with(str(tag.get("alt", "")))
    return soup.get_text()
