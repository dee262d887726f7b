"""The real Anki as judge: a desk with notes, the decks built of it, and collections that import them.

Nothing here knows how a package is written. What it says of a deck is what Anki's own library says.
"""

from __future__ import annotations

import html
import re
import struct
import zlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from types import TracebackType
from typing import Any, Self
from unittest import mock

from anki.collection import Collection, ImportAnkiPackageOptions, ImportAnkiPackageRequest

from notedeck.pipeline import build
from notedeck.report.run import Built, Options

REPO = Path(__file__).resolve().parent.parent
NOW = 1_700_000_000
"""The time of a first build, in seconds: before the clock of any machine that runs this, as a reader's edit comes later."""

_LOGGED = ("new", "updated", "duplicate", "conflicting")


def png(shade: int) -> bytes:
    """A picture of one pixel; another shade is another picture."""

    def chunk(kind: bytes, data: bytes) -> bytes:
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))

    size = struct.pack(">IIBBBBB", 1, 1, 8, 0, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", size) + chunk(b"IDAT", zlib.compress(bytes([0, shade]))) + chunk(b"IEND", b"")


def question(asked: str, answer: str, page: int | None = None) -> str:
    """One question of a study list, answered in one line."""
    mark = f"p.{page} " if page else ""
    return f"- {mark}**{asked}**\n\n  {answer}\n"


@dataclass(frozen=True, slots=True)
class Desk:
    """A folder with `notes/`, and `decks/` beside it."""

    root: Path

    @property
    def notes(self) -> Path:
        return self.root / "notes"

    @property
    def decks(self) -> Path:
        return self.root / "decks"

    @property
    def lock(self) -> Path:
        return self.notes / "cards.lock"

    def write(self, files: Mapping[str, str | bytes]) -> Self:
        """Put files into `notes/`, by their paths in it."""
        for name, content in files.items():
            path = self.notes / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(content.encode() if isinstance(content, str) else content)
        return self

    def build(self, now: int = NOW, **options: Any) -> Built:
        """Build the decks as if it were `now`; an option overrides ours."""
        with mock.patch("time.time", return_value=float(now)):
            return build(Options(**{"notes": (self.notes,), "out": self.decks, **options}))

    def packages(self) -> list[Path]:
        """The packages built, whole books before their filtered ones."""
        return sorted(self.decks.glob("*.apkg"), key=lambda path: (" - " in path.name, path.name))

    def package_bytes(self) -> dict[str, bytes]:
        return {path.name: path.read_bytes() for path in self.packages()}


def codes(built: Built) -> list[str]:
    """The codes of what a build told, in its order."""
    return [one.code for one in built.diagnostics]


@dataclass(frozen=True, slots=True)
class Row:
    """A note in a collection, with its only card."""

    guid: str
    note: int
    deck: str
    due: int
    modified: int
    tags: tuple[str, ...]
    fields: Mapping[str, str]

    @property
    def book(self) -> str:
        return self.fields["Book"]


@dataclass(frozen=True, slots=True)
class Outcome:
    """What an import did, as guids."""

    new: tuple[str, ...] = ()
    updated: tuple[str, ...] = ()
    duplicate: tuple[str, ...] = ()
    conflicting: tuple[str, ...] = ()
    counts: Mapping[str, int] = field(default_factory=dict)
    """How many of each kind; those that are in no collection have no guid."""


class Anki:
    """A fresh collection; use it with `with`."""

    def __init__(self, folder: Path) -> None:
        folder.mkdir(parents=True, exist_ok=True)
        self.col: Any = Collection(str(folder / "collection.anki2"))

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        self.col.close()

    def take(self, package: Path) -> Outcome:
        """Import a package as a user does who touches no option."""
        request = ImportAnkiPackageRequest(package_path=str(package), options=ImportAnkiPackageOptions())
        log = self.col.import_anki_package(request).log
        guids: dict[int, str] = dict(self.col.db.all("select id, guid from notes"))
        named = {kind: tuple(guids.get(one.id.nid, "?") for one in getattr(log, kind)) for kind in _LOGGED}
        return Outcome(**named, counts={kind: len(getattr(log, kind)) for kind in _LOGGED})

    def take_all(self, packages: Sequence[Path]) -> list[Outcome]:
        return [self.take(package) for package in packages]

    def rows(self) -> list[Row]:
        """All notes as (book, due) order them. A note without exactly one card is an error."""
        rows = []
        for note_id in self.col.find_notes(""):
            note = self.col.get_note(note_id)
            (card,) = note.cards()
            rows.append(Row(note.guid, note.id, self.col.decks.name(card.did), card.due, note.mod, tuple(note.tags), dict(note.items())))
        return sorted(rows, key=lambda row: (row.book, row.due))

    def row(self, asked: str) -> Row:
        """The note whose question holds these words."""
        (row,) = (row for row in self.rows() if asked in row.fields["Question"])
        return row

    def rendered(self, guid: str) -> Any:
        """A card as Anki shows it: `question_text`, `answer_text`, and sounds."""
        note = self.col.get_note(self.col.db.scalar("select id from notes where guid = ?", guid))
        return note.cards()[0].render_output()

    def find(self, search: str) -> list[str]:
        """The guids that Anki's browser finds."""
        return [self.col.get_note(note_id).guid for note_id in self.col.find_notes(search)]

    def notetype(self) -> dict[str, Any]:
        """The note type of the notes, of which there is one."""
        (number,) = self.col.db.list("select distinct mid from notes")
        self.col.models._clear_cache()  # an import leaves it as it was
        found: dict[str, Any] = self.col.models.get(number)
        return found

    def media(self) -> set[str]:
        return {path.name for path in Path(self.col.media.dir()).iterdir()}

    def media_troubles(self) -> tuple[list[str], list[str]]:
        """What Anki's own check calls missing, and unused."""
        found = self.col.media.check()
        return list(found.missing), list(found.unused)


def plain(field_html: str) -> str:
    """A field as one line of words; a picture is `[그림]`."""
    shown = re.sub(r"<img [^>]*>", "[그림]", field_html)
    spaced = re.sub(r"<(?:br|/?p|/?div|/?li|/?ul|/?ol|/?tr|/?td|/?th|hr|/?pre|/?summary|/?details|/?blockquote|/?h\d)\b[^>]*>", " ", shown)
    return " ".join(html.unescape(re.sub(r"<[^>]+>", "", spaced)).split())
