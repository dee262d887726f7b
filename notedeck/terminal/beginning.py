"""The files that somebody begins with."""

from __future__ import annotations

from pathlib import Path

import typer

from notedeck.inputs import begin
from notedeck.machine.starting import copy_out
from notedeck.machine.templates import FOLDERS
from notedeck.report import messages
from notedeck.report.run import Options
from notedeck.report.settings import deck_toml


def begin_files(options: Options, tongue: int, *, init: bool, templates: Path | None) -> None:
    """Write the files that somebody begins with, and say of each whether it was there."""
    try:
        begun = [*(begin(options.notes, options.out, deck_toml(tongue)) if init else ())]
        begun += copy_out(options.templates, templates, FOLDERS) if templates else ()
    except (OSError, UnicodeDecodeError) as error:
        typer.echo(f"notedeck: {error}", err=True)
        raise typer.Exit(2) from None
    for path, is_written in begun:
        typer.echo(messages.label("wrote" if is_written else "kept", tongue, path))
