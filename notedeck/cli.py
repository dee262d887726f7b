"""The command line: options, what is printed, exit status. The only place that prints."""

from __future__ import annotations

import io
import json
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Annotated

import typer

from notedeck import __version__, messages
from notedeck.diagnostics import Level
from notedeck.pipeline import Built, Options, Progress, build

USAGE = frozenset({"not-found", "lock-place"})
"""Errors of the command line rather than of the notes."""
_QUIET_SECONDS = 1.0


def _version(asked: bool) -> None:
    if asked:
        typer.echo(f"notedeck {__version__}")
        raise typer.Exit


def command(
    notes: Annotated[list[Path] | None, typer.Argument(metavar="[NOTES]...", help="Folders and .md/.txt files; default: notes/")] = None,
    out: Annotated[Path, typer.Option("--out", "-o", metavar="DIR", help="Where the decks go.")] = Path("decks"),
    only: Annotated[list[str] | None, typer.Option("--only", metavar="TAG", help="Write only <book> - TAG.apkg; may be repeated.")] = None,
    strict: Annotated[bool, typer.Option("--strict", help="Warnings count as errors.")] = False,
    as_json: Annotated[bool, typer.Option("--json", help="Print the report as JSON, and nothing else, on standard output.")] = False,
    lock: Annotated[Path | None, typer.Option("--lock", metavar="FILE", help="Default: cards.lock in the notes' folder.")] = None,
    config: Annotated[Path | None, typer.Option("--config", metavar="FILE", help="Default: deck.toml there.")] = None,
    quiet: Annotated[bool, typer.Option("--quiet", "-q", help="Print errors and warnings alone.")] = False,
    version: Annotated[bool, typer.Option("--version", callback=_version, is_eager=True, help="Print the version.")] = False,
) -> None:
    """Build Anki decks from study notes: a package for each book, a subdeck for each chapter, a card for each answered question."""
    options = Options(tuple(notes or (Path("notes"),)), out, tuple(only or ()), lock, config, strict)
    tongue = messages.language()
    try:
        with _progress(shown=not quiet and not as_json, tongue=tongue) as progress:
            built = build(options, progress)
    except OSError as error:
        typer.echo(f"notedeck: {messages.label('machine', tongue, _reason(error))}", err=True)
        raise typer.Exit(2) from None
    _tell(built, tongue, quiet=quiet, as_json=as_json)
    if built.failed:
        raise typer.Exit(2 if any(one.code in USAGE for one in built.diagnostics) else 1)


def _reason(error: OSError) -> str:
    return ": ".join(str(part) for part in (error.filename, error.strerror) if part) or str(error)


def _tell(built: Built, tongue: int, *, quiet: bool, as_json: bool) -> None:
    from notedeck.report import json_report

    for one in built.diagnostics:
        if not quiet or one.level > Level.NOTE:
            typer.echo(messages.line(one, tongue), err=True)
    if not quiet:
        typer.echo(_totals(built, tongue), err=True)
    if as_json:
        typer.echo(json.dumps(json_report(built, tongue), ensure_ascii=False, indent=1))
    elif not quiet:
        _print_summary(built, tongue)


def _totals(built: Built, tongue: int) -> str:
    levels = [one.level for one in built.diagnostics]
    unanswered = sum(not content.is_answered for read in built.reads for content in read.contents)
    counts = (len(built.notes), unanswered, built.account.unread, levels.count(Level.ERROR), levels.count(Level.WARNING))
    return messages.label("totals", tongue, *counts)


def _print_summary(built: Built, tongue: int) -> None:
    """A short table of the decks, what changed, and which files were written."""
    from rich.console import Console
    from rich.table import Table

    from notedeck.identity.notes import Change
    from notedeck.report import changes, interview_cards, subdecks

    console = Console(highlight=False)
    if built.failed:
        console.print(messages.label("nothing-written", tongue))
        return
    table = Table(box=None, padding=(0, 2, 0, 0), pad_edge=False)
    table.add_column(messages.label("deck", tongue))
    table.add_column(messages.label("cards", tongue), justify="right")
    table.add_column(messages.label("interview", tongue), justify="right")
    for plan in (one for one in built.plans if not one.tag):
        asked = interview_cards(plan)
        table.add_row(plan.name, str(sum(subdecks(plan).values())), str(sum(asked.values())), style="bold")
        for name, cards in subdecks(plan).items():
            if name != plan.name:
                table.add_row(f"  {name.removeprefix(plan.name + '::')}", str(cards), str(asked[name]))
    if table.row_count:
        console.print(table)
    counts = changes(built)
    edited = counts[Change.EDITED] + counts[Change.REWORDED] + counts[Change.RETURNED]
    shown = (counts[Change.NEW] + counts[Change.DOUBTFUL], edited, counts[Change.MOVED], counts[Change.REMOVED], counts[Change.SAME])
    console.print(messages.label("changes", tongue, *shown))
    if stale := sum(note.is_stale for note in built.notes):
        console.print(messages.label("stale", tongue, stale))
    kept = [plan.file for plan in built.plans if plan.file not in built.written.written]
    for name, files in (("wrote", built.written.written), ("kept", kept), ("deleted", built.written.removed)):
        if files:
            console.print(messages.label(name, tongue, ", ".join(files)), soft_wrap=True)


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


def main() -> None:
    """Run the command; whatever a console's encoding cannot show is shown escaped."""
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(errors="backslashreplace")
    app = typer.Typer(add_completion=False, context_settings={"help_option_names": ["-h", "--help"]}, pretty_exceptions_enable=False)
    app.command()(command)
    try:
        app(standalone_mode=True)
    except KeyboardInterrupt:
        typer.echo(messages.label("interrupted", messages.language()), err=True)
        sys.exit(130)
