"""Files that somebody begins with: written where there are none, and never over one that is there."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path

from notedeck.machine.output import write_text

Begun = tuple[Path, bool]
"""A file, and whether something was written into it."""


def begin_file(path: Path, text: str) -> Begun:
    """Write a file unless there is one. Raises OSError."""
    if path.exists():
        return path, False
    path.parent.mkdir(parents=True, exist_ok=True)
    write_text(path, text)
    return path, True


def add_lines(path: Path, lines: Sequence[str]) -> Begun:
    """Add to a file the lines that it does not have. Raises OSError, and UnicodeDecodeError if it is no text."""
    before = path.read_bytes().decode() if path.exists() else ""
    wanted = [line for line in lines if line not in before.splitlines()]
    if wanted:
        end = "" if not before or before.endswith("\n") else "\n"
        write_text(path, before + end + "".join(f"{line}\n" for line in wanted))
    return path, bool(wanted)


def copy_out(source: Path, target: Path, folders: Sequence[str]) -> Iterator[Begun]:
    """Copy the files in some folders of one place to another. Raises OSError."""
    for path in sorted(path for folder in folders for path in (source / folder).iterdir()):
        yield begin_file(target / path.relative_to(source), path.read_text("utf-8"))
