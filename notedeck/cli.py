"""The command line: options and exit status."""

from __future__ import annotations

import gc
import io
import os
import re
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Annotated

import typer

from notedeck import __version__

USAGE = frozenset({"not-found", "lock-place", "machine", "busy"})
"""Errors of the command line or of the machine rather than of the notes."""
INTERRUPTED = 130
COLLECT = (50_000, 20, 100)
"""A build makes much and throws little away: to look for rubbish as often as Python does would take a fifth of its time."""
_DECISION = re.compile(r"([a-z2-7]{8,})=([a-z2-7]{8,})")


def _version(asked: bool) -> None:
    if asked:
        typer.echo(f"notedeck {__version__}")
        raise typer.Exit


def _decisions(values: Sequence[str] | None, option: str) -> tuple[tuple[str, str], ...]:
    found = [_DECISION.fullmatch(value.strip().lower()) for value in values or ()]
    if not all(found):
        raise typer.BadParameter("OLD=NEW, two IDs as the cards show them", param_hint=option)
    return tuple((one[1], one[2]) for one in found if one)


def command(
    notes: Annotated[
        list[Path] | None, typer.Argument(metavar="NOTES", help="Folders, Notion's zips, .md/.html/.csv/.txt files; default: notes/")
    ] = None,
    out: Annotated[Path, typer.Option("--out", "-o", metavar="DIR", help="Where the decks go.")] = Path("decks"),
    only: Annotated[list[str] | None, typer.Option("--only", metavar="TAG", help="Write only <book> - TAG.apkg; may be repeated.")] = None,
    plan: Annotated[bool, typer.Option("--plan", help="Say what would change; write nothing.")] = False,
    refresh: Annotated[bool, typer.Option("--refresh", help="Send notes whose HTML changed though their text did not.")] = False,
    fresh: Annotated[bool, typer.Option("--fresh", help="Start without the lock and without what --out remembers.")] = False,
    same: Annotated[list[str] | None, typer.Option("--same", metavar="OLD=NEW", help="Two IDs are one card; remembered.")] = None,
    apart: Annotated[list[str] | None, typer.Option("--apart", metavar="OLD=NEW", help="Two IDs are two cards; remembered.")] = None,
    strict: Annotated[bool, typer.Option("--strict", help="Warnings count as errors.")] = False,
    as_json: Annotated[bool, typer.Option("--json", help="Print the report as JSON, and nothing else, on standard output.")] = False,
    lock: Annotated[Path | None, typer.Option("--lock", metavar="FILE", help="Default: cards.lock in the notes' folder.")] = None,
    config: Annotated[Path | None, typer.Option("--config", metavar="FILE", help="Default: deck.toml there.")] = None,
    corrections: Annotated[Path | None, typer.Option("--corrections", metavar="FILE", help="Default: corrections.toml beside the lock.")] = None,
    jobs: Annotated[int | None, typer.Option("--jobs", "-j", min=1, metavar="N", help="Processes; default: the machine's cores.")] = None,
    verbose: Annotated[bool, typer.Option("--verbose", "-v", help="Every message and every deck, line by line.")] = False,
    quiet: Annotated[bool, typer.Option("--quiet", "-q", help="Print errors and warnings alone.")] = False,
    pictures: Annotated[bool, typer.Option("--pictures", help="Bring pictures from the net, once, into a folder beside the lock.")] = False,
    watch: Annotated[bool, typer.Option("--watch", help="Build again whenever something changes.")] = False,
    preview: Annotated[bool, typer.Option("--preview", help="Show the cards in the browser, and again after every change.")] = False,
    explain: Annotated[str | None, typer.Option("--explain", metavar="FILE:LINE", help="Say what a line is taken for, and why.")] = None,
    init: Annotated[bool, typer.Option("--init", help="Write a commented deck.toml, .gitignore and .gitattributes; overwrite nothing.")] = False,
    templates: Annotated[Path | None, typer.Option("--templates", metavar="DIR", help="Copy the card templates into DIR.")] = None,
    sync: Annotated[bool, typer.Option("--sync", help="After the build, into the Anki that runs here, over its add-on AnkiConnect.")] = False,
    delete_removed: Annotated[bool, typer.Option("--delete-removed", help="With --sync: delete removed cards instead of suspending them.")] = False,
    overwrite_edited: Annotated[bool, typer.Option("--overwrite-edited", help="With --sync: send notes that were edited in Anki too.")] = False,
    yes: Annotated[bool, typer.Option("--yes", help="With --delete-removed: do not ask.")] = False,
    version: Annotated[bool, typer.Option("--version", callback=_version, is_eager=True, help="Print the version.")] = False,
) -> None:
    """Build Anki decks from study notes: a package for each book, a subdeck for each chapter, a card for each answered question."""
    # what is imported here `--help` and `--version` need not wait for
    from notedeck.machine.spelled import as_on_disk
    from notedeck.report import messages
    from notedeck.report.run import Options
    from notedeck.terminal.beginning import begin_files
    from notedeck.terminal.manner import Manner
    from notedeck.terminal.running import run
    from notedeck.terminal.telling import tell

    options = Options(
        notes=tuple(dict.fromkeys(map(as_on_disk, notes or (Path("notes"),)))),
        out=as_on_disk(out),
        only=tuple(only or ()),
        lock=lock and as_on_disk(lock),
        config=config and as_on_disk(config),
        corrections=corrections and as_on_disk(corrections),
        strict=strict,
        plan=plan or preview or bool(explain),
        refresh=refresh,
        fresh=fresh,
        same=_decisions(same, "--same"),
        apart=_decisions(apart, "--apart"),
        jobs=jobs or 0,
        pictures=pictures,
        sync=sync,
        delete_removed=delete_removed,
        overwrite_edited=overwrite_edited,
        key=os.environ.get("NOTEDECK_ANKI_KEY", ""),
        keeps_texts=preview or bool(explain),
    )
    if (delete_removed or overwrite_edited or yes) and not sync:
        raise typer.BadParameter("only with --sync", param_hint="--delete-removed, --overwrite-edited, --yes")
    if explain and (watch or preview or as_json or sync):
        raise typer.BadParameter("not with --json, --watch, --preview or --sync", param_hint="--explain")
    if sync and preview:
        raise typer.BadParameter("not with --preview, whose page has a button for it", param_hint="--sync")
    if delete_removed and not (yes or plan or sys.stdin.isatty()):
        raise typer.BadParameter("needs --yes where nobody can be asked", param_hint="--delete-removed")
    if (watch or preview) and (as_json or (watch and preview) or plan):
        raise typer.BadParameter("not with --json, with --plan or with each other", param_hint="--preview" if preview else "--watch")
    manner = Manner(messages.language(), quiet, verbose, as_json, yes)
    if init or templates:
        begin_files(options, manner.tongue, init=init, templates=templates)
        return
    try:
        if explain:
            from notedeck.terminal.explaining import explain_line

            built = explain_line(options, explain, manner)
        elif watch or preview:
            from notedeck.terminal.live import keep_building

            built = keep_building(options, manner, preview=preview)
        else:
            built = run(options, manner)
            tell(built, options, manner)
    except KeyboardInterrupt:
        typer.echo(messages.label("interrupted", manner.tongue), err=True)
        raise typer.Exit(INTERRUPTED) from None
    if built.failed:
        raise typer.Exit(2 if any(one.code in USAGE for one in built.diagnostics) else 1)
    if built.synced and built.synced.problem:
        raise typer.Exit(2)


def main() -> None:
    """Run the command; whatever a console's encoding cannot show is shown escaped."""
    gc.set_threshold(*COLLECT)
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(errors="backslashreplace")
    app = typer.Typer(
        add_completion=False, rich_markup_mode=None, context_settings={"help_option_names": ["-h", "--help"]}, pretty_exceptions_enable=False
    )
    app.command()(command)
    try:
        try:
            app()
        finally:
            sys.stdout.flush()
    except OSError as error:  # a full disk behind a redirection
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        sys.stderr.write(f"notedeck: {error.strerror}\n")
        sys.exit(2)
