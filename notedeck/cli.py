"""The command line: options, what is printed, exit status. The only place that prints."""

from __future__ import annotations

import gc
import io
import os
import re
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, NoReturn

import typer

from notedeck import __version__

if TYPE_CHECKING:  # `--help` and `--version` wait for nothing that only a build needs
    from notedeck.diagnostics import Diagnostic
    from notedeck.pipeline import Progress
    from notedeck.report.run import Built, Options

USAGE = frozenset({"not-found", "lock-place", "machine", "busy"})
"""Errors of the command line or of the machine rather than of the notes."""
_HOPELESS = frozenset({"not-found", "lock-place"})
"""Errors that no change of a file mends."""
INTERRUPTED = 130
COLLECT = (50_000, 20, 100)
"""A build makes much and throws little away: to look for rubbish as often as Python does would take a fifth of its time."""
_QUIET_SECONDS = 1.0
_LINES = 38
"""Lines of a report that a person reads, but for the totals and the word where there are more."""
_LEAST = 8
"""Lines that what was not as it should be has in any case."""
_DECKS = 14
_CHANGES = 20
_MOVED = 3
"""Decks, changes of a plan, and decks of moved cards that are told."""
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
    jobs: Annotated[int | None, typer.Option("--jobs", "-j", min=1, metavar="N", help="Processes; default: the machine's cores.")] = None,
    verbose: Annotated[bool, typer.Option("--verbose", "-v", help="Every message and every deck, line by line.")] = False,
    quiet: Annotated[bool, typer.Option("--quiet", "-q", help="Print errors and warnings alone.")] = False,
    pictures: Annotated[bool, typer.Option("--pictures", help="Bring pictures from the net, once, into a folder beside the lock.")] = False,
    watch: Annotated[bool, typer.Option("--watch", help="Build again whenever something changes.")] = False,
    preview: Annotated[bool, typer.Option("--preview", help="Show the cards in the browser, and again after every change.")] = False,
    init: Annotated[bool, typer.Option("--init", help="Write a commented deck.toml, .gitignore and .gitattributes; overwrite nothing.")] = False,
    templates: Annotated[Path | None, typer.Option("--templates", metavar="DIR", help="Copy the card templates into DIR.")] = None,
    sync: Annotated[bool, typer.Option("--sync", help="After the build, into the Anki that runs here, over its add-on AnkiConnect.")] = False,
    delete_removed: Annotated[bool, typer.Option("--delete-removed", help="With --sync: delete removed cards instead of suspending them.")] = False,
    overwrite_edited: Annotated[bool, typer.Option("--overwrite-edited", help="With --sync: send notes that were edited in Anki too.")] = False,
    yes: Annotated[bool, typer.Option("--yes", help="With --delete-removed: do not ask.")] = False,
    version: Annotated[bool, typer.Option("--version", callback=_version, is_eager=True, help="Print the version.")] = False,
) -> None:
    """Build Anki decks from study notes: a package for each book, a subdeck for each chapter, a card for each answered question."""
    from notedeck.pipeline import build
    from notedeck.report import messages
    from notedeck.report.run import Built, Options

    options = Options(
        notes=tuple(notes or (Path("notes"),)),
        out=out,
        only=tuple(only or ()),
        lock=lock,
        config=config,
        strict=strict,
        plan=plan or preview,
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
        keeps_texts=preview,
    )
    if (delete_removed or overwrite_edited or yes) and not sync:
        raise typer.BadParameter("only with --sync", param_hint="--delete-removed, --overwrite-edited, --yes")
    if sync and preview:
        raise typer.BadParameter("not with --preview, which writes nothing", param_hint="--sync")
    if delete_removed and not (yes or plan or sys.stdin.isatty()):
        raise typer.BadParameter("needs --yes where nobody can be asked", param_hint="--delete-removed")
    if (watch or preview) and (as_json or (watch and preview) or plan):
        raise typer.BadParameter("not with --json, with --plan or with each other", param_hint="--preview" if preview else "--watch")
    tongue = messages.language()
    if init or templates:
        _begin(options, tongue, init=init, templates=templates)
        return
    if watch or preview:
        _live(options, tongue, quiet=quiet, preview=preview, yes=yes)
    try:
        with _progress(shown=not quiet and not as_json, tongue=tongue) as progress:
            built = build(options, progress, partial(_agrees, tongue, yes=yes))
    except KeyboardInterrupt:
        typer.echo(messages.label("interrupted", tongue), err=True)
        raise typer.Exit(INTERRUPTED) from None
    except OSError as error:
        built = Built(diagnostics=(_machine(error, options),))
    _tell(built, tongue, options, quiet=quiet, verbose=verbose, as_json=as_json)
    if built.failed:
        raise typer.Exit(2 if any(one.code in USAGE for one in built.diagnostics) else 1)
    if built.synced and built.synced.problem:
        raise typer.Exit(2)


def _begin(options: Options, tongue: int, *, init: bool, templates: Path | None) -> None:
    """Write the files that somebody begins with, and say of each whether it was there."""
    from notedeck.inputs import begin
    from notedeck.machine.starting import copy_out
    from notedeck.machine.templates import FOLDERS
    from notedeck.report import messages
    from notedeck.report.settings import deck_toml

    try:
        begun = [*(begin(options.notes, options.out, deck_toml(tongue)) if init else ())]
        begun += copy_out(options.templates, templates, FOLDERS) if templates else ()
    except (OSError, UnicodeDecodeError) as error:
        typer.echo(f"notedeck: {error}", err=True)
        raise typer.Exit(2) from None
    for path, is_written in begun:
        typer.echo(messages.label("wrote" if is_written else "kept", tongue, path))


def _say_first(built: Built, options: Options, tongue: int) -> bool:
    """Say what to do to somebody who named no notes and has none yet."""
    from notedeck.report import messages

    if options.notes != (Path("notes"),) or not built.diagnostics or {one.code for one in built.diagnostics} - {"not-found", "no-notes"}:
        return False
    for one in built.diagnostics:
        if one.code == "no-notes":  # something is there, but nothing that is read
            typer.echo(messages.line(one, tongue), err=True)
    names = {"build.py": "python build.py", "__main__.py": "python -m notedeck"}
    typer.echo(messages.label("first", tongue, names.get(Path(sys.argv[0]).name, "notedeck")), err=True)
    return True


def _agrees(tongue: int, cards: int, reviews: int, *, yes: bool) -> bool:
    """Whether cards may be deleted in Anki: the user says so now, or has said so on the command line."""
    from notedeck.report import messages

    return yes or typer.confirm(messages.label("sync-delete", tongue, cards, reviews), err=True)


def _live(options: Options, tongue: int, *, quiet: bool, preview: bool, yes: bool) -> NoReturn:
    """Build, and again whenever something changes, until somebody interrupts; with `preview` nothing is written but shown."""
    from notedeck.preview.watching import Watcher, watched
    from notedeck.report import messages

    try:
        with Watcher(watched(options)) as watcher, _shown(options, tongue, preview=preview) as show:
            while True:
                built = show(partial(_once, options, tongue, quiet=quiet, yes=yes))
                if any(one.code in _HOPELESS for one in built.diagnostics):
                    raise typer.Exit(2)
                watcher.wait()
    except KeyboardInterrupt:
        typer.echo(messages.label("interrupted", tongue), err=True)
        raise typer.Exit(INTERRUPTED) from None


@contextmanager
def _shown(options: Options, tongue: int, *, preview: bool) -> Iterator[Callable[[Callable[[], Built]], Built]]:
    """How builds are shown: as they are told, or in a browser too, which is opened after the first."""
    if not preview:
        yield lambda build_once: build_once()
        return
    from notedeck.preview.live import Live
    from notedeck.preview.server import serving
    from notedeck.report import messages

    with serving(Live(", ".join(map(str, options.notes)), options.out)) as (live, url):
        typer.echo(messages.label("preview", tongue, url))
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
    import webbrowser

    has_screen = sys.platform != "linux" or any(os.environ.get(name) for name in ("DISPLAY", "WAYLAND_DISPLAY", "BROWSER"))
    return has_screen and not os.environ.get("NOTEDECK_NO_BROWSER") and webbrowser.open(url)


def _once(options: Options, tongue: int, *, quiet: bool, yes: bool) -> Built:
    """Build once, and tell it on a line; of what is not as it should be, a line each."""
    from notedeck.diagnostics import Level
    from notedeck.pipeline import build
    from notedeck.report import messages
    from notedeck.report.brief import brief
    from notedeck.report.run import Built
    from notedeck.report.summary import change_line, totals
    from notedeck.report.syncs import sync_lines

    started = time.monotonic()
    try:
        built = build(options, agree=partial(_agrees, tongue, yes=yes))
    except OSError as error:
        built = Built(diagnostics=(_machine(error, options),))
    if _say_first(built, options, tongue):
        return built
    for line in brief([one for one in built.diagnostics if one.level > Level.NOTE], _LEAST, tongue):
        typer.echo(line, err=True)
    if not quiet:
        said = f"{totals(built, tongue)} · {change_line(built, tongue)} · {time.monotonic() - started:.1f} s"
        failed = messages.label("cards-stay" if options.plan else "nothing-written", tongue)
        typer.echo(f"{time.strftime('%H:%M:%S')}  {failed if built.failed else said}")
        for line in sync_lines(built, tongue):
            typer.echo(f"          {line}")
    return built


def _machine(error: OSError, options: Options) -> Diagnostic:
    """What the machine did, told like all else."""
    from notedeck.diagnostics import Diagnostic, Span

    if isinstance(error, TimeoutError):
        return Diagnostic(Span(str(options.notes[0])), "busy")
    return Diagnostic(Span(str(error.filename or options.out)), "machine", (error.strerror or str(error),))


def _tell(built: Built, tongue: int, options: Options, *, quiet: bool, verbose: bool, as_json: bool) -> None:
    """What was not as it should be, and a line of totals; then the summary: all of it in so many lines as a person reads, unless asked for more."""
    from notedeck.diagnostics import Level
    from notedeck.report import messages
    from notedeck.report.brief import brief
    from notedeck.report.summary import totals

    if not as_json and _say_first(built, options, tongue):
        return
    summary = [] if as_json or quiet else _summary(built, tongue, options, verbose=verbose)
    told = [one for one in built.diagnostics if not quiet or one.level > Level.NOTE]
    room = max(_LINES - len("\n".join(map(str, summary)).split("\n")), _LEAST)
    is_whole = verbose or as_json or len(told) <= room
    for line in (messages.line(one, tongue) for one in told) if is_whole else brief(told, room, tongue):
        typer.echo(line, err=True)
    if not quiet:
        typer.echo(totals(built, tongue), err=True)
    if as_json:
        _print_json(built, tongue)
    for line in summary:
        typer.echo(line)
    if summary and not is_whole:
        typer.echo(messages.label("look", tongue))


def _print_json(built: Built, tongue: int) -> None:
    import json

    from notedeck.report.report import json_report

    is_unicode = (sys.stdout.encoding or "").lower().replace("-", "").startswith("utf")
    typer.echo(json.dumps(json_report(built, tongue), ensure_ascii=not is_unicode, indent=1))


def _summary(built: Built, tongue: int, options: Options, *, verbose: bool) -> list[str]:
    """A short table of the decks, what changed, what to do in Anki, and which files were written: as lines for this screen."""
    from rich.console import Console

    from notedeck.report import messages
    from notedeck.report.summary import change_line, deck_table, ends, plan_lines
    from notedeck.report.syncs import sync_lines

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


@contextmanager
def _progress(*, shown: bool, tongue: int) -> Iterator[Progress]:
    """A progress bar on a terminal, for a build that takes longer than a second."""
    if not shown or not sys.stderr.isatty():
        yield lambda stage, done, total: None
        return
    from rich.console import Console
    from rich.progress import Progress as Bar

    from notedeck.report import messages

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
