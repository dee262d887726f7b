"""One page in several exports, or in a zip and in the folder that it was unpacked to: the newest counts."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from notedeck.diagnostics import Diagnostic, Span
from notedeck.sources.archive import PackedFile
from notedeck.sources.files import File
from notedeck.sources.names import page_key
from notedeck.sources.source import Form, Source

_STEP = 2
"""Seconds: a zip knows its dates no better."""


@dataclass(frozen=True, slots=True)
class Found:
    """A file of notes before it is read; its fields mean what they mean in `Source`."""

    file: File
    path: str
    name: str
    inside: str
    folder: Path
    form: Form
    packed_in: Path | None = None
    is_ignored: bool = False

    @property
    def is_whole(self) -> bool:
        """Whether it is a database with all of its columns, not one view of it."""
        return self.name.rpartition(".")[0].endswith("_all")

    def bytes(self) -> bytes:
        """What is in it. Raises OSError or RefusedError."""
        return self.file.zip.read(self.file.entry) if isinstance(self.file, PackedFile) else self.file.read_bytes()


def newest(found: Sequence[Found]) -> tuple[list[Found], list[Diagnostic]]:
    """Of all files of one page the newest, in the order of the first; the others are told.

    A database is a page too: its table of all columns counts before that of a view, and both before a page that shows it.
    """
    pages: dict[str, list[Found]] = {}
    for one in found:
        pages.setdefault(page_key(_name(one)), []).append(one)
    kept, told = [], []
    for key, members in pages.items():
        latest = max(members, key=_age)
        beside = [one for one in members if one.folder == latest.folder]
        counts = max(beside, key=lambda one: (one.form is Form.CSV, one.is_whole, _age(one)))
        views = [one for one in members if one.folder == counts.folder and counts.form is Form.CSV and key != _name(counts)]
        kept.append(counts)
        told += [Diagnostic(Span(one.path), "same-page", (counts.path,)) for one in members if one is not counts and one not in views]
    return kept, told


def _name(found: Found) -> str:
    """The name under which another file is the same; a view of a database is beside the whole."""
    stem, dot, suffix = found.name.rpartition(".")
    return f"{stem.removesuffix('_all')}{dot}{suffix}" if found.form is Form.CSV else found.name


def _age(found: Found) -> tuple[float, bool, float]:
    """By its own date; of two of one date, the one on disk, which somebody may have edited, then the newer zip's."""
    try:
        date = found.file.date // _STEP
        zipped = found.packed_in.stat().st_mtime if found.packed_in else 0.0
    except OSError:
        return 0.0, False, 0.0
    return date, found.packed_in is None, zipped


def without_copies(read: Sequence[tuple[Found, Source]]) -> tuple[list[Source], list[Diagnostic]]:
    """Leave out what a zip holds and another place too, word for word and under one name, where no id says so."""
    first: dict[tuple[str, str], Found] = {}
    for found, source in sorted(read, key=lambda pair: pair[0].packed_in is not None):
        first.setdefault((source.inside.rpartition("/")[2], source.text), found)
    kept, told = [], []
    for found, source in read:
        other = first[source.inside.rpartition("/")[2], source.text]
        if found is other or found.packed_in is None or found.packed_in == other.packed_in or source.page_id or not source.text.strip():
            kept.append(source)
        else:
            told.append(Diagnostic(Span(source.path), "same-page", (other.path,)))
    return kept, told
