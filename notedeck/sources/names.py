"""Names of files as Notion and zips give them -> what people see, and what stays the same from export to export.

A page is `제목 <32 digits>.md`, and its subpages and pictures lie in `제목 <32 digits>/`. An export wraps all of it into
`Export-<uuid>/`, and that into one zip or two, of new names each time.
"""

from __future__ import annotations

import os
import re
from pathlib import Path

from notedeck.plain import folded, natural, nfc

_DIGITS = r"[0-9a-f]{32}"
_UUID = r"[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}"
_ID = re.compile(rf"(?:^|[ -])({_DIGITS})(?=(?:_all)?(?:\.[^.]*)?$)", re.IGNORECASE)
_WRAPPER = re.compile(rf"(?:{_UUID}_)?Export(?:Block)?-{_UUID}(?:-Part-\d+)?(?: ?\(\d+\))?(?:\.zip)?|Private & Shared", re.IGNORECASE)
_UNSEEN = re.compile(r"[\x00-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069]")


def page_id(name: str) -> str:
    """The id of the Notion page that a file or folder is named for; empty if it is for none."""
    found = _ID.search(name)
    return found[1].lower() if found else ""


def without_id(name: str) -> str:
    """A file's or folder's name as a person would say it; an untitled page keeps its id, since it has nothing else."""
    bare = _ID.sub("", name)
    return bare if bare and not bare.startswith((".", "_all")) else name


def page_key(path: str) -> str:
    """What of a path stays when a page is renamed, moved, or exported in another form: its id, and what lies below it."""
    parts = path.split("/")
    for place in range(len(parts) - 1, -1, -1):
        if found := page_id(parts[place]):
            return "/".join([found, *parts[place + 1 :]])
    return path


def page_ids(path: str) -> frozenset[str]:
    """The ids of all pages along a path."""
    return frozenset(filter(None, map(page_id, path.split("/"))))


def is_wrapper(name: str) -> bool:
    """Whether a folder or zip is what Notion wraps an export into."""
    return bool(_WRAPPER.fullmatch(name))


def unwrapped(parts: tuple[str, ...]) -> tuple[str, ...]:
    """A path without the wrappers that an export adds."""
    return tuple(part for part in parts[:-1] if not is_wrapper(part)) + parts[-1:]


def portable(name: str) -> str:
    """A name from a disk as it is on every machine: NFC, and what is no UTF-8 replaced."""
    return nfc(os.fsencode(name).decode("utf-8", "replace"))


def seen_from(home: Path, path: Path) -> str:
    """A path as seen from a folder, the same on every machine; of the folder itself the empty string."""
    relative = os.path.relpath(path.resolve(), home.resolve())
    return "" if relative == os.curdir else portable(Path(relative).as_posix())


def shown(path: str) -> str:
    """A path as a message names it: without ids, and without characters that would move the cursor."""
    return _UNSEEN.sub("\ufffd", "/".join(map(without_id, path.split("/"))))


def listed(parts: tuple[str, ...]) -> tuple[tuple[bool, tuple[tuple[int, int, str], ...], str], ...]:
    """A key that sorts paths as a person lists them: in each folder its files, then its folders, by number."""
    last = len(parts) - 1
    return tuple((place < last, natural(without_id(part)), part) for place, part in enumerate(parts))


def book_name(root: Path) -> str:
    """The name of a notes' folder as a book; of `notes`, and of what Notion wraps an export into, none."""
    name = portable(root.resolve().name)
    return "" if name.casefold() == "notes" or is_wrapper(name) else folded(without_id(name))
