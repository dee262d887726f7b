"""Pictures that were brought from the net, once: a folder beside the lock that can be committed, so that builds stay offline and the same.

The folder holds each picture under a name of its content, and `addresses.tsv`, which says for each address which file is its picture.
Both may come from others: a line that names anything but such a file is none.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterator, Mapping
from pathlib import Path

from notedeck.machine.mediatypes import PICTURES
from notedeck.sources.files import DiskFile, File

LIST = "addresses.tsv"
_NAME = re.compile(r"[0-9a-f]{16}(\.[a-z]{3,4})")
_WEB = re.compile(r"https?://[^\s/]", re.IGNORECASE)


def folder_of(lock: Path) -> Path:
    """The folder of the pictures of the notes that a lock belongs to."""
    return lock.with_suffix(".pictures")


def web_address(address: str) -> str:
    """A picture's address on the web as it is listed; of any other address, nothing."""
    whole = f"https:{address}" if address.startswith("//") else address
    return "".join(whole.split()) if _WEB.match(whole) else ""


def brought_from(folder: Path) -> dict[str, File]:
    """The pictures that lie in a folder, by their addresses."""
    try:
        lines = (folder / LIST).read_text("utf-8").splitlines()
    except (OSError, UnicodeDecodeError):
        return {}
    pairs = (line.split("\t") for line in lines)
    return {pair[1]: DiskFile(folder / pair[0]) for pair in pairs if len(pair) == 2 and _is_there(folder, pair[0])}


def _is_there(folder: Path, name: str) -> bool:
    found = _NAME.fullmatch(name)
    path = folder / name
    return bool(found) and found[1] in PICTURES and path.is_file() and not path.is_symlink()  # type: ignore[index]


def name_of(data: bytes, suffix: str) -> str:
    """What a picture is called there."""
    return f"{hashlib.sha256(data).hexdigest()[:16]}{suffix}"


def list_lines(files: Mapping[str, str]) -> Iterator[bytes]:
    """The list of the files of addresses."""
    return (f"{name}\t{address}\n".encode() for address, name in sorted(files.items()))
