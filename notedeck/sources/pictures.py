"""Pictures, sounds and films that notes name: found as a reader would find them, and named by what they hold.

A Notion export names them percent-encoded, in NFD or NFC, below folders that carry ids, sometimes with a
folder in front that was there when it was exported; the files may have been renamed by a download.
"""

from __future__ import annotations

import hashlib
import re
from base64 import b64decode
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from enum import Enum, auto
from pathlib import Path, PurePosixPath
from types import MappingProxyType
from urllib.parse import unquote, unquote_to_bytes

from notedeck.machine.mediatypes import MEDIA, picture_kind
from notedeck.sources.brought import web_address
from notedeck.sources.files import DiskFile, File, OutsideError, Tree, key
from notedeck.sources.names import portable
from notedeck.sources.source import Source

KINDS = frozenset(MEDIA)
LARGEST = 100 << 20
"""Bytes; AnkiWeb syncs no larger file."""
_REMOTE = re.compile(r"(?:[a-z][a-z0-9+.-]+:)?//", re.IGNORECASE)
_DATA = re.compile(r"data:([\w.+-]+/[\w.+-]+)?((?:;[\w.+-]+(?:=[^;,]*)?)*),", re.IGNORECASE)
_NAMELESS = re.compile(r"(?:untitled|image|img|제목 ?없음|스크린샷)(?:[ _-]?\d+)?\.\w+", re.IGNORECASE)
"""Names that programs give: a file of such a name elsewhere is likely another picture."""


class Trouble(Enum):
    """Why a picture is not on a card."""

    REMOTE = auto()
    MISSING = auto()
    OUTSIDE = auto()
    KIND = auto()
    LARGE = auto()
    BROKEN = auto()


@dataclass(frozen=True, slots=True)
class WrittenFile:
    """A file that is written in the notes themselves."""

    data: bytes = field(repr=False)
    date: float = 0.0

    @property
    def size(self) -> int:
        """Bytes."""
        return len(self.data)

    def read_bytes(self) -> bytes:
        """All of it."""
        return self.data


@dataclass(frozen=True, slots=True)
class Picture:
    """A picture, or what is played, in the notes' folder or zip, or in the notes themselves."""

    file: File = field(compare=False)
    name: str
    """Its name in Anki: it carries a hash of the content, so two pictures never share one."""


class Pictures:
    """Finds the pictures of a run's sources; what it has looked up once it knows."""

    def __init__(self, trees: Mapping[Path, Tree], brought: Mapping[str, File] = MappingProxyType({})) -> None:
        """`brought` are the pictures that came from the net, by their addresses."""
        self.trees = trees
        self.brought = brought
        self.named: dict[Path, dict[str, list[str]]] = {}
        self.taken: dict[tuple[Path, str], Picture | Trouble] = {}

    def find(self, address: str, source: Source) -> Picture | Trouble:
        """Find what a source's picture address means."""
        if not address:
            return Trouble.MISSING
        if _REMOTE.match(address):
            return self._brought(web_address(address))
        if address[:5].lower() == "data:":
            return _written(address)
        leads_out = False
        for reading in _readings(address):
            parts = [part for part in reading.replace("\\", "/").split("/") if part not in ("", ".")]
            for tree, start, path in self._ways(parts, source):
                try:
                    if (place := _descend(tree, start, path)) and (found := self._take(tree, place)):
                        return found
                except OutsideError:
                    leads_out = True
        return Trouble.OUTSIDE if leads_out else Trouble.MISSING

    def _brought(self, address: str) -> Picture | Trouble:
        """A picture that came from the net."""
        file = self.brought.get(address)
        return _picture(file, PurePosixPath(file.path.name).suffix) if isinstance(file, DiskFile) else Trouble.REMOTE

    def _ways(self, parts: list[str], source: Source) -> Iterator[tuple[Tree, str, list[str]]]:
        """Where an address may lead, the likeliest first: a tree, a folder in it, and the way from there."""
        own, folder = self._own(source)
        if not parts or own is None:
            return
        for start in dict.fromkeys((folder, "")):
            yield from ((own, start, parts[begin:]) for begin in range(max(len(parts) - 1, 1)))
        if ".." not in parts:
            yield from ((tree, "", parts) for tree in self.trees.values() if tree is not own and len(parts) > 1)
        yield from ((own, "", path.split("/")) for path in self._by_name(own, parts))

    def _own(self, source: Source) -> tuple[Tree | None, str]:
        """The tree that a source lies in, and its folder there."""
        for folder in (source.folder, source.folder.absolute()):
            for place in (folder, *folder.parents):
                if place in self.trees:
                    return self.trees[place], "/".join(folder.relative_to(place).parts)
        return None, ""

    def _by_name(self, tree: Tree, parts: list[str]) -> list[str]:
        """The only picture of this name, wherever it lies."""
        if _NAMELESS.fullmatch(parts[-1]) and len(parts) > 1:
            return []
        if tree.root not in self.named:
            self.named[tree.root] = _pictures_by_name(tree)
        found = self.named[tree.root].get(key(parts[-1]), [])
        return found if len(found) == 1 else []

    def _take(self, tree: Tree, path: str) -> Picture | Trouble | None:
        if (tree.root, path) not in self.taken:
            file = tree.file(path)
            if file is None:
                return None
            self.taken[tree.root, path] = _picture(file, PurePosixPath(path).suffix.lower())
        return self.taken[tree.root, path]


def _written(address: str) -> Picture | Trouble:
    """The picture that an address holds itself."""
    found = _DATA.match(address)
    if found is None:
        return Trouble.BROKEN
    try:
        body = unquote_to_bytes(address[found.end() :])
        data = b64decode(b"".join(body.split()), validate=True) if ";base64" in found[2].lower() else body
    except ValueError:
        return Trouble.BROKEN
    if not (found[1] or "").lower().startswith("image/"):
        return Trouble.KIND
    suffix = picture_kind(data)
    return _picture(WrittenFile(data), suffix) if suffix else Trouble.BROKEN


def _readings(address: str) -> Iterator[str]:
    """What an address may mean: percent-decoded as often as it was encoded, or as it stands."""
    bare = address.split("?", maxsplit=1)[0].split("#", maxsplit=1)[0]
    once = unquote(bare, errors="replace")
    yield from dict.fromkeys((once, unquote(once, errors="replace"), address, unquote(address, errors="replace")))


def _descend(tree: Tree, folder: str, parts: list[str]) -> str | None:
    """Go down a path name by name. Raises OutsideError if `..` leads out."""
    here = folder
    for part in parts:
        if part == "..":
            if not here:
                raise OutsideError("/".join(parts))
            here = here.rpartition("/")[0]
        elif (found := tree.child(here, part)) is None:
            return None
        else:
            here = found
    return here


def _pictures_by_name(tree: Tree) -> dict[str, list[str]]:
    found: dict[str, list[str]] = {}
    for path in tree.files():
        if PurePosixPath(path).suffix.lower() in KINDS:
            found.setdefault(key(portable(path.rpartition("/")[2])), []).append(path)
    return found


def _picture(file: File, suffix: str) -> Picture | Trouble:
    """A file of a picture's kind that can be read, named by its content."""
    if suffix not in KINDS:
        return Trouble.KIND
    try:
        if file.size > LARGEST:
            return Trouble.LARGE
        return Picture(file, f"notedeck-{hashlib.sha256(file.read_bytes()).hexdigest()[:16]}{suffix}")
    except OSError:
        return Trouble.BROKEN
