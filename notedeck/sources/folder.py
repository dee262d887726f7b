"""The command line's NOTES -> sources, in the order in which a person would list them."""

from __future__ import annotations

import os
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from notedeck.diagnostics import Diagnostic, Span
from notedeck.plain import natural, nfc
from notedeck.sources.model import Source
from notedeck.sources.text import NotTextError, decode

KINDS = (".md", ".markdown", ".txt")
"""Files of notes that can be read."""
_SKIPPED = frozenset({"__macosx", "node_modules"})


@dataclass(frozen=True, slots=True)
class Notes:
    """All sources of a run."""

    sources: tuple[Source, ...]
    diagnostics: tuple[Diagnostic, ...]
    folders: tuple[str, ...]
    """The folders given whole, as seen from the lock's."""


def read_notes(paths: Sequence[Path], out: Path, home: Path) -> Notes:
    """Read all files of notes in `paths`, named as seen from `home`; the output folder `out` is left out of the walk."""
    sources: dict[Path, Source] = {}
    diagnostics: list[Diagnostic] = []
    for path in paths:
        if not path.exists():
            diagnostics.append(Diagnostic(Span(str(path)), "not-found"))
            continue
        root = path if path.is_dir() else path.parent
        files = list(_walk(path, out)) if path.is_dir() else [path]
        if not files:
            diagnostics.append(Diagnostic(Span(str(path)), "no-notes"))
        for file in files:
            if file.suffix.lower() not in KINDS:
                diagnostics.append(Diagnostic(Span(str(file)), "unknown-kind", (", ".join(KINDS),)))
            elif file.resolve() not in sources and (source := _read(file, root, home, diagnostics)):
                sources[file.resolve()] = source
    folders = tuple(dict.fromkeys(seen_from(home, path) for path in paths if path.is_dir()))
    return Notes(tuple(sources.values()), tuple(diagnostics), folders)


def _walk(folder: Path, out: Path) -> Iterator[Path]:
    """Files of notes below a folder. Hidden folders, links out of it and our own output are passed by."""
    entries = sorted(os.scandir(folder), key=lambda entry: (entry.is_dir(), natural(entry.name)))
    for entry in entries:
        path = folder / entry.name
        if entry.name.startswith(".") or entry.name.casefold() in _SKIPPED or path.resolve() == out.resolve() or entry.is_symlink():
            continue
        if entry.is_dir():
            yield from _walk(path, out)
        elif path.suffix.lower() in KINDS:
            yield path


def seen_from(home: Path, path: Path) -> str:
    """A path as seen from a folder, the same on every machine; of the folder itself the empty string."""
    relative = os.path.relpath(path.resolve(), home.resolve())
    return "" if relative == os.curdir else _portable(Path(relative))


def _portable(path: Path) -> str:
    return nfc(os.fsencode(path.as_posix()).decode("utf-8", "replace"))


def _read(file: Path, root: Path, home: Path, diagnostics: list[Diagnostic]) -> Source | None:
    span = Span(str(file))
    try:
        text, encoding = decode(file.read_bytes())
    except NotTextError:
        diagnostics.append(Diagnostic(span, "not-text"))
        return None
    except OSError as error:
        diagnostics.append(Diagnostic(span, "unreadable", (error.strerror or str(error),)))
        return None
    if encoding != "utf-8":
        diagnostics.append(Diagnostic(span, "encoding", (encoding.upper(),)))
    name = seen_from(home, file.parent)
    name = _portable(Path(name) / file.name)
    return Source(str(file), name, _portable(file.relative_to(root)), text, file.parent, root)
