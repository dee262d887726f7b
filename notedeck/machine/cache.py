"""What pure steps gave, as bytes, kept for the next run by what went into them: a folder of the user's own, outside the notes.

An entry is a file named by a digest of all that its value depends on, the code among it, so nothing in it is ever out of date. It
holds a digest of itself and is put in place at once: one that was cut off or damaged is no entry. Every failure of the disk is a miss;
the folder may be deleted at any time.
"""

from __future__ import annotations

import contextlib
import hashlib
import os
import stat
import sys
import tempfile
import time
from collections.abc import Mapping, Sequence
from functools import cache
from pathlib import Path

import notedeck
from notedeck.plain import digest

_FORMAT = b"notedeck cache 3\n"
_HEAD = len(_FORMAT) + hashlib.sha256().digest_size
"""Bytes before what is remembered."""
_ENDING = ".entry"
_LARGEST = 256 << 20
"""Bytes that all entries together may take."""
_AFTER_TIDYING = 3 / 4
"""How much of that stays when the least used entries go."""
_LEFT_OVER = 3_600
"""Seconds after which a file that never became an entry is rubbish."""
_LIBRARIES = ("markdown-it-py", "mdit-py-plugins", "linkify-it-py", "beautifulsoup4", "nh3", "Pygments")
"""Those that a value may depend on."""


class Cache:
    """A folder of entries; without one, nothing is remembered."""

    def __init__(self, folder: Path | None, largest: int = _LARGEST) -> None:
        self.folder = folder if folder is not None and _is_ours(folder) else None
        self.largest = largest

    def get(self, key: str) -> bytes | None:
        """What was remembered under a key; None if nothing was, or if it cannot be believed."""
        if self.folder is None:
            return None
        path = self._path(self.folder, key)
        try:
            with path.open("rb") as stream:
                head, data = stream.read(_HEAD), stream.read()
            os.utime(path)
        except OSError:
            return None
        return data if head == _head(data, key) else None

    def put(self, key: str, data: bytes) -> None:
        """Remember something; if the disk does not let us, nothing happens."""
        if self.folder is None:
            return
        with contextlib.suppress(OSError):
            descriptor, temporary = tempfile.mkstemp(dir=self.folder)
            try:
                with os.fdopen(descriptor, "wb") as stream:
                    stream.writelines((_head(data, key), data))
                Path(temporary).replace(self._path(self.folder, key))
            except BaseException:
                Path(temporary).unlink(missing_ok=True)
                raise

    def tidy(self) -> None:
        """Remove the entries that were not used for longest, if all together are too large, and what a stop left behind."""
        if self.folder is None:
            return
        with contextlib.suppress(OSError):
            files = sorted(((entry.stat(), Path(entry.path)) for entry in os.scandir(self.folder)), key=lambda one: -one[0].st_mtime_ns)
            kept, is_full = 0, sum(status.st_size for status, _ in files) > self.largest
            for status, path in files:
                kept += status.st_size
                is_left_over = path.suffix != _ENDING and status.st_mtime < time.time() - _LEFT_OVER
                if is_left_over or (is_full and kept > self.largest * _AFTER_TIDYING):
                    path.unlink(missing_ok=True)

    @staticmethod
    def _path(folder: Path, key: str) -> Path:
        return folder / f"{key}{_ENDING}"


def user_folder() -> Path | None:
    """Where this user's entries lie: `$NOTEDECK_CACHE` if it is set (empty: nowhere), else where the system keeps caches."""
    if (given := os.environ.get("NOTEDECK_CACHE")) is not None:
        return Path(given) if given else None
    from platformdirs import user_cache_path

    return user_cache_path("notedeck", appauthor=False)


def key_of(*parts: str) -> str:
    """A key of all that a value depends on: these parts, our code, and the libraries that have a say."""
    return digest(*_versions(), *parts).hex()


@cache
def _versions() -> Sequence[str]:
    """What every value depends on. Our code counts by its text: no version number moves while somebody works on it."""
    home = Path(notedeck.__file__).parent
    code = hashlib.sha256(b"\0".join(path.read_bytes() for path in sorted(home.rglob("*.py")))).hexdigest()
    return code, *map(version_of, _LIBRARIES)


def version_of(library: str) -> str:
    """A library with its version. The name of its folder says it; importlib.metadata, which reads what is in there, takes 20 ms to import."""
    if found := _installed().get(library.replace("-", "_").lower()):
        return found
    from importlib import metadata

    return f"{library} {metadata.version(library)}"


@cache
def _installed() -> Mapping[str, str]:
    """The folders that say what is installed, by the libraries' names; of two the first on the path counts."""
    found: dict[str, str] = {}
    for place in sys.path:
        with contextlib.suppress(OSError):
            for name in os.listdir(place or "."):
                if name.endswith(".dist-info"):
                    found.setdefault(name.partition("-")[0].lower(), name)
    return found


def _is_ours(folder: Path) -> bool:
    """Whether a folder is there, or can be made, in which nobody else can put anything."""
    try:
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        status = folder.lstat()
    except OSError:
        return False
    if os.name == "nt":  # a user's folders are closed to others there
        return stat.S_ISDIR(status.st_mode)
    return stat.S_ISDIR(status.st_mode) and status.st_uid == os.getuid() and not status.st_mode & (stat.S_IWGRP | stat.S_IWOTH)


def _head(data: bytes, key: str) -> bytes:
    """What stands before what is remembered: a mark, and a digest of the key and of all that follows."""
    seal = hashlib.sha256(key.encode())
    seal.update(data)
    return _FORMAT + seal.digest()
