"""Zips as Notion, a Mac, a Korean Windows and hostile people make them, in memory."""

from __future__ import annotations

import io
import struct
import zipfile
import zlib
from collections.abc import Mapping

IDS = {name: f"{number:x}".rjust(2, "0") * 16 for number, name in enumerate(("책", "하나", "둘", "셋", "표", "행", "열"), 0xA1)}
"""Ids of pages by a short name."""
UUID = "3e0f9a52-7c11-4d3b-9f0e-51d2aa7c60b"
DATE = (2026, 3, 1, 12, 0, 0)
LATER = (2026, 5, 1, 12, 0, 0)


def zipped(files: Mapping[str, str | bytes], date: tuple[int, ...] = DATE, method: int = zipfile.ZIP_DEFLATED) -> bytes:
    """A zip of files by their names."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", method) as archive:
        for name, content in files.items():
            entry = zipfile.ZipInfo(name, date)  # type: ignore[arg-type]
            entry.compress_type = method
            archive.writestr(entry, content)
    return out.getvalue()


def export(files: Mapping[str, str | bytes], number: int = 1, date: tuple[int, ...] = DATE) -> dict[str, str | bytes]:
    """What Notion gives to download, by its name: a zip with a part in it, and the pages in that."""
    part = zipped({f"Export-{UUID}{number}/{name}": content for name, content in {"index.html": "<html></html>", **files}.items()}, date)
    return {f"{UUID}{number}_Export-{UUID}{number}.zip": zipped({f"Export-{UUID}{number}-Part-1.zip": part}, date)}


def bare(entries: list[tuple[bytes, bytes]], flags: int = 0, mode: int = 0) -> bytes:
    """A zip of stored files whose names are these very bytes, in local header and directory."""
    body, directory = b"", b""
    for name, data in entries:
        crc, size = zlib.crc32(data), len(data)
        common = struct.pack("<HHHHHLLLHH", 20, flags, 0, 0x6000, 0x5C61, crc, size, size, len(name), 0)
        directory += b"PK\x01\x02" + struct.pack("<H", 0x0314) + common + struct.pack("<HHHLL", 0, 0, 0, mode << 16, len(body)) + name
        body += b"PK\x03\x04" + common + name + data
    return body + directory + b"PK\x05\x06" + struct.pack("<HHHHLLH", 0, 0, len(entries), len(entries), len(directory), len(body), 0)


def link(name: str, target: str) -> bytes:
    """A zip with a symbolic link in it."""
    return bare([(name.encode(), target.encode())], 0x800, 0o120777)


def declared(data: bytes, size: int) -> bytes:
    """The zip with another unpacked size of its first file in the directory."""
    place = data.index(b"PK\x01\x02") + 24
    return data[:place] + struct.pack("<L", size) + data[place + 4 :]
