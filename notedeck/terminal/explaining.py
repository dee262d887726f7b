"""What a line of the notes is taken for, told on the terminal."""

from __future__ import annotations

import typer

from notedeck.report import messages
from notedeck.report.explaining import explained
from notedeck.report.run import Built, Options
from notedeck.terminal.manner import Manner
from notedeck.terminal.running import run


def explain_line(options: Options, where: str, manner: Manner) -> Built:
    """Build without writing anything, and tell what was read in a line (`FILE:LINE`, from 1); errors are told instead of it."""
    file, _, line = where.rpartition(":")
    built = run(options, manner)
    told = explained(built, file, int(line), manner.tongue) if line.isdecimal() else []
    for one in (messages.line(problem, manner.tongue) for problem in built.diagnostics if built.failed):
        typer.echo(one, err=True)
    if not told and not built.failed:
        raise typer.BadParameter(messages.label("no-such-line", manner.tongue, where), param_hint="--explain")
    for one in told:
        typer.echo(one)
    return built
