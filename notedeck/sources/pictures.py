"""Pictures that notes name: found as a reader would find them, and named by what they hold.

A Notion export names them percent-encoded, in NFD or NFC, below folders that carry ids, sometimes with a
folder in front that was there when it was exported; the files may have been renamed by a download.
"""

from __future__ import annotations

import hashlib
import os
import re
from collections.abc import Iterator
from dataclasses import dataclass
from enum import Enum, auto
from functools import lru_cache
from pathlib import Path
from urllib.parse import unquote

from notedeck.plain import nfc
from notedeck.sources.model import Source

KINDS = frozenset({".png", ".jpg", ".jpeg", ".gif", ".webp", ".svg", ".avif", ".bmp", ".ico", ".tif", ".tiff"})
_REMOTE = re.compile(r"(?:[a-z][a-z0-9+.-]+:)?//|data:", re.IGNORECASE)
_ID = re.compile(r"[ -][0-9a-f]{32}(?=\.|$)")
_NAMELESS = re.compile(r"(?:untitled|image|img|제목 ?없음|스크린샷)(?:[ _-]?\d+)?\.\w+", re.IGNORECASE)
"""Names that programs give: a file of such a name elsewhere is likely another picture."""


class Trouble(Enum):
    """Why a picture is not on a card."""

    REMOTE = auto()
    MISSING = auto()
    OUTSIDE = auto()
    KIND = auto()


@dataclass(frozen=True, slots=True)
class Picture:
    """A picture in the notes' folder."""

    file: Path
    name: str
    """Its name in Anki: it carries a hash of the content, so two pictures never share one."""


def find_picture(address: str, source: Source) -> Picture | Trouble:
    """Find what a source's picture address means."""
    if _REMOTE.match(address) or not address:
        return Trouble.REMOTE if address else Trouble.MISSING
    for reading in _readings(address):
        if file := _find(reading, source):
            return _picture(file, source.root)
    return Trouble.MISSING


def _readings(address: str) -> Iterator[str]:
    """What an address may mean: percent-decoded as often as it was encoded, or as it stands."""
    bare = address.split("?", maxsplit=1)[0].split("#", maxsplit=1)[0]
    once = unquote(bare, errors="replace")
    yield from dict.fromkeys((once, unquote(once, errors="replace"), address, unquote(address, errors="replace")))


def _find(path: str, source: Source) -> Path | None:
    parts = [part for part in path.replace("\\", "/").split("/") if part not in ("", ".")]
    if not parts:
        return None
    for begin in range(len(parts) - 1 if len(parts) > 1 else 1):
        for folder in dict.fromkeys((source.folder, source.root)):
            if file := _descend(folder, parts[begin:], source.root):
                return file
    if _NAMELESS.fullmatch(parts[-1]) and len(parts) > 1:
        return None
    named = _by_name(source.root).get(_key(parts[-1]), ())
    return named[0] if len(named) == 1 else None


def _descend(folder: Path, parts: list[str], root: Path) -> Path | None:
    """Go down a path name by name; `..` may lead back, and where it leads out, `_picture` says no."""
    here = folder
    for part in parts:
        if part == "..":
            here = here.resolve().parent
            continue
        found = _entries(here).get(_key(part)) or _entries(here).get(_loose_key(part))
        if found is None:
            return None
        here = here / found
    return here if _is_file(here) else None


def _is_file(path: Path) -> bool:
    """Whether a path is a regular file; a link that leads in circles is none."""
    try:
        return path.is_file()
    except (OSError, RuntimeError):
        return False


def _key(name: str) -> str:
    return nfc(name).strip()


def _loose_key(name: str) -> str:
    """As last resort: without ids, whatever the case."""
    return "\0" + _ID.sub("", nfc(name)).strip().casefold()


@lru_cache(maxsize=1024)
def _entries(folder: Path) -> dict[str, str]:
    try:
        names = sorted(os.listdir(folder))
    except OSError:
        return {}
    exact = {_key(name): name for name in names}
    return {**{_loose_key(name): name for name in reversed(names)}, **exact}


@lru_cache(maxsize=16)
def _by_name(root: Path) -> dict[str, tuple[Path, ...]]:
    """All pictures below the notes' folder, by name."""
    found: dict[str, tuple[Path, ...]] = {}
    for folder, folders, names in os.walk(root):
        folders[:] = sorted(name for name in folders if not name.startswith("."))
        for name in sorted(names):
            if Path(name).suffix.lower() in KINDS:
                found[_key(name)] = (*found.get(_key(name), ()), Path(folder) / name)
    return found


def _picture(file: Path, root: Path) -> Picture | Trouble:
    """A regular file that can be read, inside the notes' folder and of a picture's kind."""
    suffix = file.suffix.lower()
    try:
        if not file.resolve().is_relative_to(root.resolve()):
            return Trouble.OUTSIDE
        return Picture(file, f"notedeck-{_hash(file)}{suffix}") if suffix in KINDS else Trouble.KIND
    except (OSError, RuntimeError):
        return Trouble.MISSING


@lru_cache(maxsize=4096)
def _hash(file: Path) -> str:
    with file.open("rb") as stream:
        return hashlib.file_digest(stream, "sha256").hexdigest()[:16]


def forget() -> None:
    """Look at the disk anew: a run must see what changed since the one before."""
    for remembered in (_entries, _by_name, _hash):
        remembered.cache_clear()
