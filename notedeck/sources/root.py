"""The root of the notes: the folder that paths are seen from, wherever a build begins, and its name as a book."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from notedeck.sources.names import book_name


@dataclass(frozen=True, slots=True)
class Root:
    """Where the lock lies, and what that folder is called."""

    home: Path
    """The lock's folder."""
    book: str | None = None
    """Its name as a book, which the lock remembers: empty if it is none, None as long as nobody named a folder."""

    def base(self, given: Path, others: Sequence[Path]) -> Path:
        """The folder from which what was given is seen: the root, if it lies in there; else itself, or of several the one around it."""
        folder = given if given.is_dir() else given.parent
        is_notes = not self.book and not book_name(folder)
        if folder.resolve().is_relative_to(self.home.resolve()) and not (is_notes and book_name(self.home)):
            return self.home
        return folder.parent if len(others) > 1 and given.is_dir() and not is_notes else folder


def named_root(notes: Sequence[Path], home: Path, known: str | None, *, has_lock: bool) -> Root:
    """The root of some notes: the lock knows its name, or it is that of the folder that was given.

    A part of it gives it a name only if a lock is there already.
    """
    folders = [path for path in notes if path.is_dir()]
    if known is not None or not folders:
        return Root(home, known)
    if not any(map(book_name, folders)):
        return Root(home, "")
    if all(path.resolve().is_relative_to(home.resolve()) for path in folders):
        is_given = has_lock or any(path.resolve() == home.resolve() for path in folders)
        return Root(home, book_name(home) if is_given else None)
    return Root(home, book_name(folders[0]) if len(folders) == 1 else "")
