"""A zip: its directory, and the bytes of an entry, within limits.

Zips come from other people. All limits are checked against a zip's directory before any of its entries is inflated, and
add up over all zips of a run and all zips inside them; an entry is inflated to its declared size and no further.
"""

from __future__ import annotations

import errno
import os
import struct
import zipfile
import zlib
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import BinaryIO

ENTRIES = 100_000
"""Files in all zips of a run."""
BYTES = 2 << 30
"""What all of them may unpack to."""
RATIO = 200
"""How many times its own size a zip, or a zip inside it, may unpack to, once that is more than `SMALL`."""
SMALL = 64 << 20
DEPTH = 3
"""Zips in zips: an export is a zip with parts in it."""
BEYOND = frozenset({"zip-count", "zip-size", "zip-ratio", "zip-depth"})
"""What is told of a zip beyond a limit."""
_LONGEST_ENTRY = 1024
"""Bytes of a directory that a file takes with its name and all."""
_TAIL = 65_557
"""The longest end of a zip: its last record and a comment."""
_METHODS = {9: "deflate64", 12: "bzip2", 14: "lzma", 93: "zstd", 95: "xz"}
_LOCKED = 0x2041


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
class Zip:
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


def admitted(source: Zip, depth: int, budget: Budget) -> list[zipfile.ZipInfo]:
    """The directory of a zip that keeps to the limits. Raises RefusedError."""
    if depth > DEPTH:
        raise RefusedError("zip-depth", str(DEPTH))
    directory = source.directory()
    budget.take(directory, source.size)
    if any(entry.flag_bits & _LOCKED for entry in directory):
        raise RefusedError("zip-locked")
    return directory


def nested(source: Zip, entry: zipfile.ZipInfo) -> bytes:
    """A zip in a zip; a real one hardly shrinks when it is packed again. Raises RefusedError."""
    if entry.file_size > SMALL and entry.file_size > RATIO * max(entry.compress_size, 1):
        raise RefusedError("zip-ratio", megabytes(entry.compress_size), megabytes(entry.file_size))
    return source.read(entry)
