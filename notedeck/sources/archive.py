"""Zips as folders: a zip, with the zips at its root, as one tree of files. Nothing is ever unpacked to disk."""

from __future__ import annotations

import io
import posixpath
import re
import stat
import time
import zipfile
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from notedeck.diagnostics import Diagnostic, Span
from notedeck.plain import nfc
from notedeck.sources.files import File, Tree
from notedeck.sources.names import is_wrapper, shown
from notedeck.sources.zips import BEYOND, Budget, RefusedError, Zip, admitted, nested

SITEMAP = "index.html"
"""At the root of an export, and of each of its parts."""
_KINDS = (0, stat.S_IFREG, stat.S_IFDIR, stat.S_IFLNK)
_FOLDERS = 200
"""Folders in folders that a name may have."""
_LINK_BYTES = 4096
_UTF8 = 0x800
_UNSET = 1981
"""Programs that know no date write one in 1980."""
_DRIVE = re.compile(r"[A-Za-z]:[\\/]")


@dataclass(frozen=True, slots=True, eq=False)
class PackedFile:
    """A file in a zip."""

    zip: Zip
    entry: zipfile.ZipInfo

    @property
    def size(self) -> int:
        """Bytes, as the directory declares."""
        return self.entry.file_size

    @property
    def date(self) -> float:
        """When it was last written, as the zip says, else when the zip was."""
        if self.entry.date_time[0] >= _UNSET:
            try:
                return time.mktime((*self.entry.date_time, 0, 0, -1))
            except (OverflowError, ValueError):
                return self.zip.date
        return self.zip.date

    def read_bytes(self) -> bytes:
        """All of it. Raises OSError."""
        try:
            return self.zip.read(self.entry)
        except RefusedError as error:
            raise OSError(0, " ".join((error.code, *error.details))) from error


@dataclass(slots=True)
class PackedTree(Tree):
    """A zip with the zips at its root, as one folder without the wrappers that Notion puts around an export."""

    packed: dict[str, PackedFile] = field(default_factory=dict)
    _folders: dict[str, set[str]] = field(default_factory=dict, init=False, repr=False)

    def add(self, path: str, file: PackedFile) -> None:
        """Put a file in its place."""
        self.packed[path] = file
        while path:
            folder, _, name = path.rpartition("/")
            self._folders.setdefault(folder, set()).add(name)
            path = folder

    def names(self, folder: str) -> Sequence[str]:
        """The names in a folder, sorted; of what is no folder, none."""
        return sorted(self._folders.get(folder, ()))

    def file(self, path: str) -> File | None:
        """The file of exactly this path."""
        return self.packed.get(path)

    def files(self) -> Iterator[str]:
        """The paths of all files, sorted; hidden ones were left out."""
        return iter(sorted(self.packed))


def read_zip(path: Path, budget: Budget) -> tuple[PackedTree, list[Diagnostic]]:
    """A zip's files and what is wrong with it; of one with a damaged part the other parts, of one beyond a limit nothing."""
    reader = _Reader(PackedTree(path), budget)
    try:
        status = path.stat()
        reader.gather(Zip(lambda: path.open("rb"), status.st_size, status.st_mtime), str(path), 1)
    except OSError as error:
        reader.tell(str(path), "unreadable", error.strerror or str(error))
    if beyond := [one for one in reader.diagnostics if one.code in BEYOND]:
        return PackedTree(path), beyond
    return reader.tree, reader.diagnostics


class _Reader:
    """Puts the entries of a zip, and of the zips at its root, into one tree."""

    def __init__(self, tree: PackedTree, budget: Budget) -> None:
        self.tree = tree
        self.budget = budget
        self.diagnostics: list[Diagnostic] = []

    def tell(self, where: str, code: str, *details: str) -> None:
        """Say what is wrong with a zip or an entry."""
        self.diagnostics.append(Diagnostic(Span(where), code, details))

    def gather(self, source: Zip, where: str, depth: int) -> None:
        """Add a zip's files; what is wrong with it is told, and the others are read."""
        try:
            directory = admitted(source, depth, self.budget)
        except RefusedError as error:
            self.tell(where, error.code, *error.details)
            return
        names = [(self.name(entry, where), entry) for entry in directory]
        files = self.kept(source, [(name, entry) for name, entry in names if name], where)
        for name, entry in files.items():
            if any(one.code in BEYOND for one in self.diagnostics[-1:]):
                return
            if name.lower().endswith(".zip") and "/" not in name:
                self.nested(source, entry, f"{where}/{shown(name)}", depth)
                continue
            if name in self.tree.packed and name != SITEMAP:
                self.tell(f"{where}/{shown(name)}", "zip-twice")
            self.tree.add(name, PackedFile(source, entry))

    def nested(self, source: Zip, entry: zipfile.ZipInfo, where: str, depth: int) -> None:
        """A zip at a zip's root; zips deeper inside are what somebody attached to a page."""
        try:
            data = nested(source, entry)
        except RefusedError as error:
            self.tell(where, error.code, *error.details)
            return
        self.gather(Zip(lambda: io.BytesIO(data), len(data), PackedFile(source, entry).date), where, depth + 1)

    def name(self, entry: zipfile.ZipInfo, where: str) -> str:
        """An entry's path without wrappers; empty if it is none to read. A path that leads out is told."""
        raw = _written(entry)
        parts = [part for part in raw.replace("\\", "/").split("/") if part != "."]
        kind = stat.S_IFMT(entry.external_attr >> 16)
        if not parts or parts[0] == "" or len(parts) > _FOLDERS or ".." in parts or "\0" in raw or _DRIVE.match(raw) or kind not in _KINDS:
            self.tell(where, "zip-path", shown(raw))
            return ""
        if not parts[-1] or any(part.startswith(".") or part.casefold() == "__macosx" for part in parts):
            return ""
        while len(parts) > 1 and is_wrapper(parts[0]):
            del parts[0]
        return "/".join(part for part in parts if part)

    def kept(self, source: Zip, files: Sequence[tuple[str, zipfile.ZipInfo]], where: str) -> dict[str, zipfile.ZipInfo]:
        """The files by their names: of two with one name the last, as all programs unpack them; links are passed by."""
        kept: dict[str, zipfile.ZipInfo] = {}
        for name, entry in files:
            if stat.S_ISLNK(entry.external_attr >> 16):
                if self.leads_out(source, name, entry):
                    self.tell(f"{where}/{shown(name)}", "link-outside")
                continue
            if name in kept:
                self.tell(f"{where}/{shown(name)}", "zip-twice")
            kept[name] = entry
        return kept

    def leads_out(self, source: Zip, name: str, entry: zipfile.ZipInfo) -> bool:
        """Whether a link in a zip leads out of it, or nobody can say where."""
        try:
            target = source.read(entry).decode("utf-8", "replace") if entry.file_size <= _LINK_BYTES else ".."
        except RefusedError:
            return True
        place = posixpath.normpath(posixpath.join(name.rpartition("/")[0], target))
        return place.startswith(("/", ".."))


def _written(entry: zipfile.ZipInfo) -> str:
    """An entry's name: UTF-8 whether it says so or not (Python reads the rest in the dress of CP437), or a Korean Windows'."""
    if entry.flag_bits & _UTF8:
        return nfc(entry.orig_filename)
    try:
        raw = entry.orig_filename.encode("cp437")
    except UnicodeEncodeError:
        return nfc(entry.orig_filename)
    for encoding in ("utf-8", "cp949"):
        try:
            return nfc(raw.decode(encoding))
        except UnicodeDecodeError:
            continue
    return entry.orig_filename
