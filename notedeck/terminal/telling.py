"""What is told of a build when it ends."""

from __future__ import annotations

import json
import sys
import time
from pathlib import Path

import typer

from notedeck.diagnostics import Level
from notedeck.report import messages
from notedeck.report.brief import brief
from notedeck.report.report import json_report
from notedeck.report.run import Built, Options
from notedeck.report.summary import change_line, deck_table, ends, plan_lines, totals
from notedeck.report.syncs import sync_lines
from notedeck.terminal.manner import Manner

_LINES = 38
"""Lines of a report that a person reads, but for the totals and the word where there are more."""
_LEAST = 8
"""Lines that what was not as it should be has in any case."""
_DECKS = 14
_CHANGES = 20
_MOVED = 3
"""Decks, changes of a plan, and decks of moved cards that are told."""


def tell(built: Built, options: Options, manner: Manner) -> None:
    """What was not as it should be, and a line of totals; then the summary: all of it in so many lines as a person reads, unless asked for more."""
    tongue = manner.tongue
    if not manner.as_json and _said_first(built, options, tongue):
        return
    summary = [] if manner.as_json or manner.quiet else _summary(built, tongue, options, verbose=manner.verbose)
    told = [one for one in built.diagnostics if not manner.quiet or one.level > Level.NOTE]
    room = max(_LINES - len("\n".join(map(str, summary)).split("\n")), _LEAST)
    is_whole = manner.verbose or manner.as_json or len(told) <= room
    for line in (messages.line(one, tongue) for one in told) if is_whole else brief(told, room, tongue):
        typer.echo(line, err=True)
    if not manner.quiet:
        typer.echo(totals(built, tongue), err=True)
    if manner.as_json:
        _print_json(built, tongue)
    for line in summary:
        typer.echo(line)
    if summary and not is_whole:
        typer.echo(messages.label("look", tongue))


def tell_on_a_line(built: Built, seconds: float, options: Options, manner: Manner) -> None:
    """The same on one line for a build among many; of what is not as it should be, a line each."""
    tongue = manner.tongue
    if _said_first(built, options, tongue):
        return
    for line in brief([one for one in built.diagnostics if one.level > Level.NOTE], _LEAST, tongue):
        typer.echo(line, err=True)
    if not manner.quiet:
        said = f"{totals(built, tongue)} · {change_line(built, tongue)} · {seconds:.1f} s"
        failed = messages.label("cards-stay" if options.plan else "nothing-written", tongue)
        typer.echo(f"{time.strftime('%H:%M:%S')}  {failed if built.failed else said}")
        for line in sync_lines(built, tongue):
            typer.echo(f"          {line}")


def _said_first(built: Built, options: Options, tongue: int) -> bool:
    """Say what to do to somebody who named no notes and has none yet."""
    if options.notes != (Path("notes"),) or not built.diagnostics or {one.code for one in built.diagnostics} - {"not-found", "no-notes"}:
        return False
    for one in built.diagnostics:
        if one.code == "no-notes":  # something is there, but nothing that is read
            typer.echo(messages.line(one, tongue), err=True)
    names = {"build.py": "python build.py", "__main__.py": "python -m notedeck"}
    typer.echo(messages.label("first", tongue, names.get(Path(sys.argv[0]).name, "notedeck")), err=True)
    return True


def _print_json(built: Built, tongue: int) -> None:

    is_unicode = (sys.stdout.encoding or "").lower().replace("-", "").startswith("utf")
    typer.echo(json.dumps(json_report(built, tongue), ensure_ascii=not is_unicode, indent=1))


def _summary(built: Built, tongue: int, options: Options, *, verbose: bool) -> list[str]:
    """A short table of the decks, what changed, what to do in Anki, and which files were written: as lines for this screen."""
    from rich.console import Console

    if built.failed:
        is_machine = any(one.code == "machine" for one in built.diagnostics)
        return [] if is_machine else [messages.label("nothing-written", tongue)]
    console = Console(highlight=False, markup=False)
    with console.capture() as captured:
        if built.plans:
            console.print(deck_table(built, tongue, 0 if verbose else _DECKS))
        changed = list(plan_lines(built, tongue)) if options.plan else []
        shown = changed if verbose else changed[:_CHANGES]
        for line in shown:
            console.print(line, soft_wrap=True)
        if rest := len(changed) - len(shown):
            console.print(messages.label("more-lines", tongue, rest), soft_wrap=True)
        for text in (
            change_line(built, tongue),
            *ends(built, tongue, is_plan=options.plan, most=0 if verbose else _MOVED),
            *sync_lines(built, tongue, verbose=verbose),
        ):
            console.print(text, soft_wrap=True)
    return captured.get().rstrip("\n").split("\n")
