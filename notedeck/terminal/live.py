"""Builds again whenever something changes, told on a line or shown in the browser."""

from __future__ import annotations

import os
import sys
import time
import webbrowser
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import partial

import typer

from notedeck.inputs import corrections_of
from notedeck.preview.editing import Editor
from notedeck.preview.live import Live
from notedeck.preview.server import serving
from notedeck.preview.syncing import Syncer
from notedeck.preview.watching import Watcher, watched
from notedeck.report import messages
from notedeck.report.run import Built, Options
from notedeck.terminal.manner import Manner
from notedeck.terminal.running import run
from notedeck.terminal.telling import tell_on_a_line

HOPELESS = frozenset({"not-found", "lock-place"})
"""Errors that no change of a file mends."""


def keep_building(options: Options, manner: Manner, *, preview: bool) -> Built:
    """Build whenever something changes, until somebody interrupts; with `preview` that is shown, and written only when its page asks for a sync.

    Ends with the build that no change can mend. Raises KeyboardInterrupt.
    """
    with Watcher(watched(options)) as watcher, _shown(options, manner, watcher, preview=preview) as show:
        while True:
            built = show(partial(_once, options, manner))
            if any(one.code in HOPELESS for one in built.diagnostics):
                return built
            watcher.wait()


def _once(options: Options, manner: Manner) -> Built:
    """Build once, and tell it."""
    started = time.monotonic()
    built = run(options, manner, has_bar=False)
    tell_on_a_line(built, time.monotonic() - started, options, manner)
    return built


def _synced(manner: Manner, options: Options) -> Built:
    """Build and sync as the page asks; what was done is told here too."""
    return run(options, manner, has_bar=False) if options.plan else _once(options, manner)


@contextmanager
def _shown(options: Options, manner: Manner, watcher: Watcher, *, preview: bool) -> Iterator[Callable[[Callable[[], Built]], Built]]:
    """How builds are shown: as they are told, or in a browser too, which is opened after the first."""
    if not preview:
        yield lambda build_once: build_once()
        return
    editor = Editor(options.corrections or corrections_of(options.notes, options.lock), watcher.wake)
    syncer = Syncer(options, partial(_synced, manner), watcher.again)
    with serving(Live(", ".join(map(str, options.notes)), options.out, editor, syncer)) as (live, url):
        typer.echo(messages.label("preview", manner.tongue, url))
        opened: list[bool] = []

        def show(build_once: Callable[[], Built]) -> Built:
            live.begin()
            built = build_once()
            live.take(built)
            if not opened:
                opened.append(_open(url))
            return built

        yield show


def _open(url: str) -> bool:
    """Open the browser, unless somebody does not want one, or there is none but one that would take the terminal."""
    has_screen = sys.platform != "linux" or any(os.environ.get(name) for name in ("DISPLAY", "WAYLAND_DISPLAY", "BROWSER"))
    return has_screen and not os.environ.get("NOTEDECK_NO_BROWSER") and webbrowser.open(url)
