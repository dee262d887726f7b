"""Files -> a sign that some of them changed, so that a build can be made again; a burst of saves is one sign."""

from __future__ import annotations

import threading
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType
from typing import Self

from watchfiles import Change, watch

from notedeck.inputs import LOCK, config_of, corrections_of, homes, load_config
from notedeck.machine.templates import FOLDERS
from notedeck.report.run import Options
from notedeck.sources.folder import is_passed_by
from notedeck.sources.ignoring import IGNORE

_QUIET = 100
"""Milliseconds without a change after which a burst of saves is over."""
_LONGEST = 1_500
"""Milliseconds after which a burst that does not end is told all the same."""
_BREATH = 0.5
"""Seconds: nothing interrupts a longer wait on Windows, and no wait ends sooner."""


@dataclass(frozen=True, slots=True)
class Watched:
    """What a build depends on."""

    trees: tuple[Path, ...]
    """Folders of notes, with all below them."""
    folders: tuple[Path, ...]
    """Folders without what lies below them: of single files, of deck.toml, of corrections, of templates."""
    ours: tuple[Path, ...]
    """What builds write; no change there counts."""

    def concerns(self, file: Path) -> bool:
        """Whether a build may come out otherwise because this file changed."""
        if any(file == own or own in file.parents for own in self.ours) or file.name.endswith("~"):
            return False
        if file.name.startswith(".") and file.name != IGNORE:
            return False
        inside = next((file.relative_to(tree).parts for tree in self.trees if tree in file.parents), None)
        if inside is None:
            return file.parent in self.folders
        return not any(map(is_passed_by, inside[:-1] if file.name == IGNORE else inside))


def watched(options: Options, beside: Iterable[Path] = ()) -> Watched:
    """What a build with these options depends on; `beside` are folders of pictures."""
    notes = [path.resolve() for path in options.notes]
    trees = tuple(dict.fromkeys(path for path in notes if path.is_dir()))
    home = homes(options.notes)[0]
    config, lock = options.config or config_of(options.notes, options.lock), options.lock or home / LOCK
    own = config.parent / load_config(config, is_asked=bool(options.config))[0].templates
    looks = (options.templates.resolve(), own.resolve())
    corrections = options.corrections or corrections_of(options.notes, options.lock)
    folders = [config.resolve().parent, corrections.resolve().parent, *(look / name for look in looks for name in FOLDERS)]
    folders += [path.parent for path in notes if not path.is_dir()]
    folders += [folder.resolve() for folder in beside]
    kept = tuple(
        folder for folder in dict.fromkeys(folders) if folder.is_dir() and not any(tree == folder or tree in folder.parents for tree in trees)
    )
    return Watched(trees, kept, (options.out.resolve(), lock.resolve()))


class Watcher:
    """Watches from `with` on; `wait` returns when something has changed since the last call."""

    def __init__(self, what: Watched) -> None:
        self.what = what
        self._changed = threading.Event()
        self._stop = threading.Event()
        self._failure: Exception | None = None
        self._written: tuple[Path | None, bytes | None] = None, None
        groups = ((what.trees, True), (what.folders, False))
        self._threads = [threading.Thread(target=self._watch, args=group, daemon=True) for group in groups if group[0]]

    def __enter__(self) -> Self:
        for thread in self._threads:
            thread.start()
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        self._stop.set()
        for thread in self._threads:
            thread.join()

    def wake(self, file: Path, data: bytes | None) -> None:
        """Let whoever waits go on at once, since a file holds this now (None: is gone); the machine's own sign of that is none."""
        self._written = file.resolve(), data
        self._changed.set()

    def again(self) -> None:
        """Let whoever waits go on at once, since what builds write has changed."""
        self._changed.set()

    def wait(self) -> None:
        """Wait for a change. Raises OSError if the machine cannot watch (too many folders, say)."""
        while not self._changed.wait(_BREATH):
            pass
        self._changed.clear()
        if self._failure:
            raise self._failure

    def _watch(self, folders: tuple[Path, ...], recursive: bool) -> None:
        try:
            found = watch(
                *folders,
                watch_filter=self._concerns,
                debounce=_LONGEST,
                step=_QUIET,
                stop_event=self._stop,
                rust_timeout=int(_BREATH * 1000),
                recursive=recursive,
            )
            for _ in found:
                self._changed.set()
        except Exception as error:  # told where somebody waits
            self._failure = error if isinstance(error, OSError) else OSError(str(error))
            self._changed.set()

    def _concerns(self, change: Change, path: str) -> bool:
        return self.what.concerns(Path(path)) and not self._is_told(Path(path))

    def _is_told(self, file: Path) -> bool:
        """Whether a file is as `wake` has said."""
        known, data = self._written
        return file == known and data == (file.read_bytes() if file.exists() else None)
