"""Places where files lie: one small interface for a folder on disk and for a zip held by its directory.

A tree knows its files by their paths in it, with `/`; nothing is read before somebody asks for its bytes.
"""

from __future__ import annotations

import os
import re
from abc import ABC, abstractmethod
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Protocol
from urllib.parse import unquote

from notedeck.plain import nfc
from notedeck.sources.names import portable, without_id

_BLANK = re.compile(r"\s+")


_IS_WINDOWS = os.name == "nt"
_LONGEST = 259
"""Characters of a path that Windows opens, unless somebody has set it otherwise; it lists longer ones all the same."""


class OutsideError(Exception):
    """A path leads out of the notes."""


class File(Protocol):
    """A file somewhere."""

    @property
    def size(self) -> int:
        """Bytes."""

    @property
    def date(self) -> float:
        """When it was last written, seconds."""

    def read_bytes(self) -> bytes:
        """All of it. Raises OSError."""


@dataclass(frozen=True, slots=True)
class DiskFile:
    """A file on disk."""

    path: Path

    @property
    def size(self) -> int:
        """Bytes. Raises OSError."""
        return self.path.stat().st_size

    @property
    def date(self) -> float:
        """When it was last written, seconds. Raises OSError."""
        return self.path.stat().st_mtime

    def read_bytes(self) -> bytes:
        """All of it. Raises OSError."""
        return self.path.read_bytes()


def why_unread(error: OSError, path: Path) -> str:
    """Why a file that is listed cannot be read: Windows says of a path that is too long that it is not there."""
    length = len(os.path.abspath(path))  # noqa: PTH100 - Path.absolute leaves ".." in
    if _IS_WINDOWS and isinstance(error, FileNotFoundError) and length > _LONGEST:
        return f"경로 {length}자 · a path of {length} characters (Windows: {_LONGEST})"
    return error.strerror or str(error)


@dataclass(slots=True)
class Tree(ABC):
    """Files by their paths, found by name as a reader would find them."""

    root: Path
    """The folder or the zip."""
    _known: dict[str, dict[str, str]] = field(default_factory=dict, init=False, repr=False)

    @abstractmethod
    def names(self, folder: str) -> Sequence[str]:
        """The names in a folder, sorted; of what is no folder, none."""

    @abstractmethod
    def file(self, path: str) -> File | None:
        """The file of exactly this path. Raises OutsideError if it leads out of the tree."""

    @abstractmethod
    def files(self) -> Iterator[str]:
        """The paths of all files, sorted; hidden folders are left out."""

    def child(self, folder: str, name: str) -> str | None:
        """The path of what a folder calls so, composed or not; as last resort without ids, whatever the case."""
        if folder not in self._known:
            self._known[folder] = _by_key(self.names(folder))
        entries = self._known[folder]
        found = entries.get(key(name)) or entries.get(_loose(name))
        return found and (f"{folder}/{found}" if folder else found)


def key(name: str) -> str:
    """A name as it is compared."""
    return nfc(name).strip()


def _loose(name: str) -> str:
    readable = nfc(unquote(name, errors="replace"))
    return "\0" + _BLANK.sub(" ", without_id(readable)).strip().casefold()


def _by_key(names: Sequence[str]) -> dict[str, str]:
    exact = {key(portable(name)): name for name in names}
    return {**{_loose(portable(name)): name for name in reversed(names)}, **exact}


@dataclass(slots=True)
class DiskTree(Tree):
    """A folder on disk, listed as far as somebody looks into it."""

    def names(self, folder: str) -> Sequence[str]:
        """The names in a folder, sorted; of what is no folder, none."""
        try:
            return sorted(os.listdir(self.root / folder))
        except OSError:
            return ()

    def file(self, path: str) -> File | None:
        """The file of exactly this path. Raises OutsideError if a link leads out of the folder."""
        try:
            target = (self.root / path).resolve()
            if not target.is_relative_to(self.root.resolve()):
                raise OutsideError(path)
            return DiskFile(self.root / path) if target.is_file() else None
        except (OSError, RuntimeError):  # a link that leads in circles
            return None

    def files(self) -> Iterator[str]:
        """The paths of all files, sorted; hidden folders and links to folders are left out."""
        for folder, folders, names in os.walk(self.root):
            folders[:] = sorted(name for name in folders if not name.startswith("."))
            yield from ((Path(folder) / name).relative_to(self.root).as_posix() for name in sorted(names))
