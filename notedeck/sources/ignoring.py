"""What `.notedeckignore` and `.gitignore` leave out, folder by folder.

`.notedeckignore` leaves out pages, which are told by count. `.gitignore` counts for folders that some program makes, and for nothing else: people
keep private notes out of git too.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path

from notedeck.paths.patterns import Pattern, excludes, patterns_of

IGNORE = ".notedeckignore"
_GIT = ".gitignore"
_MADE = frozenset(
    {
        "build",
        "dist",
        "out",
        "target",
        "bin",
        "obj",
        "vendor",
        "venv",
        "env",
        "coverage",
        "site",
        "_site",
        "public",
        "tmp",
        "temp",
        "bower_components",
    }
)
"""Folders that programs make."""


class Ignoring:
    """Knows of each file and folder below a root whether it is left out; files of patterns are read once, as far as somebody asks."""

    def __init__(self, root: Path) -> None:
        self.root = root.resolve()
        self.known: dict[Path, tuple[Pattern, ...]] = {}
        self.folders: dict[Path, tuple[str, ...] | None] = {}

    def leaves_out(self, path: Path) -> bool:
        """Whether `.notedeckignore` leaves out a file of notes, or a folder that it lies in."""
        below = self._below(path)
        return any(self._says(self.root, below[:depth], IGNORE, is_folder=depth < len(below)) for depth in range(1, len(below) + 1))

    def is_made(self, folder: Path) -> bool:
        """Whether a folder is made by a program, by its name, and git keeps it out for that."""
        if folder.name.casefold() not in _MADE:
            return False
        top = next((here for here in (self.root, *self.root.parents) if (here / ".git").exists()), self.root)
        return self._says(top, folder.resolve().relative_to(top).parts, _GIT, is_folder=True)

    def _below(self, path: Path) -> tuple[str, ...]:
        """The parts of a path below the root; of one that lies elsewhere, none."""
        if path.parent not in self.folders:
            folder = path.parent.resolve()
            self.folders[path.parent] = folder.relative_to(self.root).parts if folder.is_relative_to(self.root) else None
        above = self.folders[path.parent]
        return () if above is None else (*above, path.name)

    def _says(self, top: Path, below: Sequence[str], name: str, *, is_folder: bool) -> bool:
        """What the innermost file of patterns says that says anything of a path below `top`."""
        found = (excludes(patterns, below[depth:], is_folder=is_folder) for depth, patterns in self._files(top, below, name))
        return next((said for said in found if said is not None), False)

    def _files(self, top: Path, below: Sequence[str], name: str) -> Iterator[tuple[int, tuple[Pattern, ...]]]:
        """The files of patterns around a path, the innermost first, each with how deep it lies."""
        for depth in range(len(below) - 1, -1, -1):
            if patterns := self._patterns(top.joinpath(*below[:depth]) / name):
                yield depth, patterns

    def _patterns(self, file: Path) -> tuple[Pattern, ...]:
        if file not in self.known:
            try:
                self.known[file] = patterns_of(file.read_text("utf-8-sig", "replace"))
            except OSError:
                self.known[file] = ()
        return self.known[file]
