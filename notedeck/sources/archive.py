"""A zip, read by its directory: names, sizes and dates at once, the bytes of an entry when somebody asks.

Zips come from other people. All limits are checked against a zip's directory before any of its entries is inflated, and
add up over all zips of a run and all zips inside them; an entry is inflated to its declared size and no further.
Nothing is ever unpacked to disk.
"""

from __future__ import annotations

import errno
import io
import os
import posixpath
import re
import stat
import struct
import time
import zipfile
import zlib
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import BinaryIO

from notedeck.diagnostics import Diagnostic, Span
from notedeck.plain import nfc
from notedeck.sources.files import File, Tree
from notedeck.sources.names import is_wrapper, shown

SITEMAP = "index.html"
"""At the root of an export, and of each of its parts."""
ENTRIES = 100_000
"""Files in all zips of a run."""
BYTES = 2 << 30
"""What all of them may unpack to."""
RATIO = 200
"""How many times its own size a zip, or a zip inside it, may unpack to, once that is more than `SMALL`."""
SMALL = 64 << 20
DEPTH = 3
"""Zips in zips: an export is a zip with parts in it."""
_KINDS = (0, stat.S_IFREG, stat.S_IFDIR, stat.S_IFLNK)
_FOLDERS = 200
"""Folders in folders that a name may have."""
_LINK_BYTES = 4096
_LONGEST_ENTRY = 1024
"""Bytes of a directory that a file takes with its name and all."""
_TAIL = 65_557
"""The longest end of a zip: its last record and a comment."""
_METHODS = {9: "deflate64", 12: "bzip2", 14: "lzma", 93: "zstd", 95: "xz"}
_UTF8, _LOCKED = 0x800, 0x2041
_UNSET = 1981
"""Programs that know no date write one in 1980."""
_DRIVE = re.compile(r"[A-Za-z]:[\\/]")


_BEYOND = frozenset({"zip-count", "zip-size", "zip-ratio", "zip-depth"})


class RefusedError(Exception):
    """A zip, or an entry of it, cannot be read: a code and the details of its sentence."""

    def __init__(self, code: str, *details: str) -> None:
        super().__init__(code, *details)
        self.code = code
        self.details = details


@dataclass(slots=True)
class Budget:
    """What the zips of a run have asked for so far."""

    entries: int = 0
    bytes: int = 0

    def take(self, directory: Sequence[zipfile.ZipInfo], size: int) -> None:
        """Count a zip of so many bytes. Raises RefusedError if that is too much."""
        unpacked = sum(one.file_size for one in directory)
        self.entries += len(directory)
        self.bytes += unpacked
        if self.entries > ENTRIES:
            raise RefusedError("zip-count", str(self.entries), str(ENTRIES))
        if self.bytes > BYTES:
            raise RefusedError("zip-size", megabytes(self.bytes), megabytes(BYTES))
        if (unpacked > SMALL and unpacked > RATIO * size) or sum(one.compress_size for one in directory) > size:
            raise RefusedError("zip-ratio", megabytes(size), megabytes(unpacked))


def megabytes(number: int) -> str:
    """Bytes, for people."""
    return f"{number / (1 << 20):,.1f} MB"


@dataclass(frozen=True, slots=True, eq=False)
class _Zip:
    """A zip on disk or in memory."""

    open: Callable[[], BinaryIO]
    size: int
    date: float

    def directory(self) -> list[zipfile.ZipInfo]:
        """Its entries. Raises RefusedError."""
        try:
            with self.open() as stream:
                if (count := _promised_entries(stream)) > ENTRIES:
                    raise RefusedError("zip-count", str(count), str(ENTRIES))
                with zipfile.ZipFile(stream) as opened:
                    return opened.infolist()
        except (zipfile.BadZipFile, ValueError, NotImplementedError, EOFError, struct.error, OverflowError) as error:
            raise RefusedError("zip-broken", str(error)) from error
        except OSError as error:
            is_broken = error.errno == errno.EINVAL  # a place before the file's start
            raise RefusedError("zip-broken" if is_broken else "unreadable", error.strerror or str(error)) from error

    def read(self, entry: zipfile.ZipInfo) -> bytes:
        """An entry's bytes, never more than its directory says. Raises RefusedError."""
        try:
            with self.open() as stream:
                packed = _packed(stream, entry)
        except OSError as error:
            raise RefusedError("unreadable", error.strerror or str(error)) from error
        data = packed if entry.compress_type == zipfile.ZIP_STORED else _inflated(packed, entry.file_size)
        if len(data) != entry.file_size:
            raise RefusedError("zip-lies", megabytes(entry.file_size))
        if zlib.crc32(data) != entry.CRC:
            raise RefusedError("zip-broken", "CRC")
        return data


def _packed(stream: BinaryIO, entry: zipfile.ZipInfo) -> bytes:
    if entry.compress_type not in (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED):
        raise RefusedError("zip-method", _METHODS.get(entry.compress_type, str(entry.compress_type)))
    stream.seek(max(entry.header_offset, 0))
    header = stream.read(30)
    if entry.header_offset < 0 or len(header) < 30 or header[:4] != b"PK\x03\x04":
        raise RefusedError("zip-broken", "header")
    stream.seek(sum(struct.unpack("<HH", header[26:])), os.SEEK_CUR)
    packed = stream.read(entry.compress_size)
    if len(packed) < entry.compress_size:
        raise RefusedError("zip-broken", "end")
    return packed


def _inflated(packed: bytes, size: int) -> bytes:
    """Inflate to one byte more than should come, which is enough to see a lie."""
    try:
        return zlib.decompressobj(-zlib.MAX_WBITS).decompress(packed, size + 1)
    except zlib.error as error:
        raise RefusedError("zip-broken", str(error)) from error


def _promised_entries(stream: BinaryIO) -> int:
    """How many entries a zip's last record promises, or leaves room for: a directory needs 46 bytes an entry and its name."""
    end = stream.seek(0, os.SEEK_END)
    stream.seek(max(end - _TAIL, 0))
    tail = stream.read()
    stream.seek(0)
    record, large = tail.rfind(b"PK\x05\x06"), tail.rfind(b"PK\x06\x06")
    if not 0 <= record <= len(tail) - 22:
        return 0
    count, length = struct.unpack_from("<HL", tail, record + 10)
    if 0 <= large <= len(tail) - 56 and (count == 0xFFFF or length == 0xFFFFFFFF):
        count, length = struct.unpack_from("<QQ", tail, large + 32)
    return max(int(count), int(length) // _LONGEST_ENTRY)


@dataclass(frozen=True, slots=True, eq=False)
class PackedFile:
    """A file in a zip."""

    zip: _Zip
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
        reader.gather(_Zip(lambda: path.open("rb"), status.st_size, status.st_mtime), str(path), 1)
    except OSError as error:
        reader.tell(str(path), "unreadable", error.strerror or str(error))
    if beyond := [one for one in reader.diagnostics if one.code in _BEYOND]:
        return PackedTree(path), beyond
    return reader.tree, reader.diagnostics


def _admitted(source: _Zip, depth: int, budget: Budget) -> list[zipfile.ZipInfo]:
    """The directory of a zip that keeps to the limits. Raises RefusedError."""
    if depth > DEPTH:
        raise RefusedError("zip-depth", str(DEPTH))
    directory = source.directory()
    budget.take(directory, source.size)
    if any(entry.flag_bits & _LOCKED for entry in directory):
        raise RefusedError("zip-locked")
    return directory


def _nested(source: _Zip, entry: zipfile.ZipInfo) -> bytes:
    """A zip in a zip; a real one hardly shrinks when it is packed again. Raises RefusedError."""
    if entry.file_size > SMALL and entry.file_size > RATIO * max(entry.compress_size, 1):
        raise RefusedError("zip-ratio", megabytes(entry.compress_size), megabytes(entry.file_size))
    return source.read(entry)


class _Reader:
    """Puts the entries of a zip, and of the zips at its root, into one tree."""

    def __init__(self, tree: PackedTree, budget: Budget) -> None:
        self.tree = tree
        self.budget = budget
        self.diagnostics: list[Diagnostic] = []

    def tell(self, where: str, code: str, *details: str) -> None:
        """Say what is wrong with a zip or an entry."""
        self.diagnostics.append(Diagnostic(Span(where), code, details))

    def gather(self, source: _Zip, where: str, depth: int) -> None:
        """Add a zip's files; what is wrong with it is told, and the others are read."""
        try:
            directory = _admitted(source, depth, self.budget)
        except RefusedError as error:
            self.tell(where, error.code, *error.details)
            return
        names = [(self.name(entry, where), entry) for entry in directory]
        files = self.kept(source, [(name, entry) for name, entry in names if name], where)
        for name, entry in files.items():
            if any(one.code in _BEYOND for one in self.diagnostics[-1:]):
                return
            if name.lower().endswith(".zip") and "/" not in name:
                self.nested(source, entry, f"{where}/{shown(name)}", depth)
                continue
            if name in self.tree.packed and name != SITEMAP:
                self.tell(f"{where}/{shown(name)}", "zip-twice")
            self.tree.add(name, PackedFile(source, entry))

    def nested(self, source: _Zip, entry: zipfile.ZipInfo, where: str, depth: int) -> None:
        """A zip at a zip's root; zips deeper inside are what somebody attached to a page."""
        try:
            data = _nested(source, entry)
        except RefusedError as error:
            self.tell(where, error.code, *error.details)
            return
        self.gather(_Zip(lambda: io.BytesIO(data), len(data), PackedFile(source, entry).date), where, depth + 1)

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

    def kept(self, source: _Zip, files: Sequence[tuple[str, zipfile.ZipInfo]], where: str) -> dict[str, zipfile.ZipInfo]:
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

    def leads_out(self, source: _Zip, name: str, entry: zipfile.ZipInfo) -> bool:
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
