"""A build from the command line: with a bar that says how far it is, and what the machine did told like all else."""

from __future__ import annotations

import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial

import typer

from notedeck.diagnostics import Diagnostic, Span
from notedeck.machine.held import HeldError
from notedeck.pipeline import build
from notedeck.report import messages
from notedeck.report.run import Built, Options, Progress
from notedeck.terminal.manner import Manner

_QUIET_SECONDS = 1.0


def run(options: Options, manner: Manner, *, has_bar: bool = True) -> Built:
    """Build once. Raises KeyboardInterrupt."""
    try:
        with _progress(shown=has_bar and not manner.quiet and not manner.as_json, tongue=manner.tongue) as progress:
            return build(options, progress, partial(_agrees, manner))
    except OSError as error:
        return Built(diagnostics=(_machine(error, options, manner.tongue),))


def _agrees(manner: Manner, cards: int, reviews: int) -> bool:
    """Whether cards may be deleted in Anki: the user says so now, or has said so on the command line."""
    return manner.yes or typer.confirm(messages.label("sync-delete", manner.tongue, cards, reviews), err=True)


def _machine(error: OSError, options: Options, tongue: int) -> Diagnostic:
    """What the machine did, told like all else."""
    if isinstance(error, TimeoutError):
        return Diagnostic(Span(str(options.notes[0])), "busy")
    said = messages.label("held", tongue) if isinstance(error, HeldError) else error.strerror or str(error)
    return Diagnostic(Span(str(error.filename or options.out)), "machine", (said,))


@contextmanager
def _progress(*, shown: bool, tongue: int) -> Iterator[Progress]:
    """A progress bar on a terminal, for a build that takes longer than a second."""
    if not shown or not sys.stderr.isatty():
        yield lambda stage, done, total: None
        return
    from rich.console import Console
    from rich.progress import Progress as Bar

    started = time.monotonic()
    with Bar(console=Console(stderr=True), transient=True, auto_refresh=False) as bar:
        task = bar.add_task("", total=None, visible=False)

        def advance(stage: str, done: int, total: int) -> None:
            late = time.monotonic() - started > _QUIET_SECONDS
            bar.update(task, description=messages.label(stage, tongue), completed=done, total=total, visible=late)
            if late:
                bar.refresh()

        yield advance
