"""The stages in their order. Read and check everything, then write."""

from __future__ import annotations

import html
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path

from notedeck.config import Config, read_config
from notedeck.decktree import PackagePlan, filtered, has_tag, plan_packages
from notedeck.diagnostics import Diagnostic, Level, Span, in_order
from notedeck.fields import Content, PictureReference, contents, with_pictures
from notedeck.identity.lock import EMPTY, Lock, LockedNote, LockedType, lock_text, read_lock
from notedeck.identity.matching import Scope
from notedeck.identity.notes import Draft, Note, Rules, identify
from notedeck.items.reading import Account, Reading, read_items
from notedeck.notetypes import NoteType, read_qa
from notedeck.outline.markdown import read_markdown
from notedeck.output import Wanted, Written, write_output, write_text
from notedeck.package import content_digest, package_bytes
from notedeck.places import book_of, place_of
from notedeck.sources.folder import read_notes
from notedeck.sources.model import Source
from notedeck.sources.pictures import Picture, Trouble, find_picture, forget

LOCK = "cards.lock"
CONFIG = "deck.toml"
TEMPLATES = Path(__file__).resolve().parent.parent / "templates"
_DAY = 86_400

Progress = Callable[[str, int, int], None]
"""Called with a stage, how much of it is done, and how much there is."""


@dataclass(frozen=True, slots=True)
class Options:
    """What the command line asks for."""

    notes: tuple[Path, ...] = (Path("notes"),)
    out: Path = Path("decks")
    only: tuple[str, ...] = ()
    lock: Path | None = None
    config: Path | None = None
    strict: bool = False
    templates: Path = TEMPLATES


@dataclass(frozen=True, slots=True)
class Read:
    """One source, read: the result of the pure part."""

    source: Source
    reading: Reading
    contents: tuple[Content, ...]


@dataclass(frozen=True, slots=True)
class Built:
    """All that a run knows when it ends."""

    reads: tuple[Read, ...] = ()
    notes: tuple[Note, ...] = ()
    removed: tuple[LockedNote, ...] = ()
    plans: tuple[PackagePlan, ...] = ()
    diagnostics: tuple[Diagnostic, ...] = ()
    account: Account = Account()
    written: Written = Written((), ())

    @property
    def failed(self) -> bool:
        """Whether the author has something to mend."""
        return any(one.level is Level.ERROR for one in self.diagnostics)


def read_source(source: Source, config: Config) -> Read:
    """From one source to its items: a pure function of the source and the configuration."""
    reading = read_items(read_markdown(source.path, source.text), config)
    return Read(source, reading, tuple(contents(reading.items, config, reading.page_tags)))


def build(options: Options, progress: Progress = lambda stage, done, total: None) -> Built:
    """Build the decks. With an error in notes, configuration, templates or lock nothing is written.

    Raises OSError if the machine fails: a folder that cannot be written, a full disk.
    """
    forget()
    now = int(time.time())
    if len(places := _homes(options.notes)) > 1 and options.lock is None:
        return Built(diagnostics=(Diagnostic(Span(str(options.notes[0])), "lock-place"),))
    config, problems = _read_config(options.config, places[0])
    notes = read_notes(options.notes, options.out)
    reads = tuple(_read_all(notes.sources, config, progress))
    problems += notes.diagnostics
    problems += [one for read in reads for one in read.reading.diagnostics]
    note_type, found = read_qa(options.templates / "qa", config.note_type)
    problems += found
    lock_path = options.lock or places[0] / LOCK
    lock, found = _read_lock(lock_path, now)
    problems += found
    drafts, found = drafts_of(reads, config)
    problems += found
    account = sum((read.reading.account for read in reads), Account())
    if note_type is None or _stops(problems, options):
        return Built(reads, diagnostics=_told(problems, options), account=account)

    scope = Scope(frozenset(source.name for source in notes.sources), all(path.is_dir() for path in options.notes))
    identified = identify(drafts, lock, scope, Rules(config.deck_id, note_type.name, now))
    plans, found = plan_packages(identified.notes, config)
    problems += found
    plans, found = _only(plans, identified.notes, options)
    problems += found
    built = Built(reads, identified.notes, identified.removed, plans, _told(problems, options), account)
    if built.failed:
        return built
    style = _type_in_lock(note_type, identified.lock, now)
    next_lock = replace(identified.lock, types={**identified.lock.types, note_type.name: style})
    progress("writing", 0, len(plans))
    if next_lock.notes:
        write_text(lock_path, lock_text(next_lock))
    wanted = [_wanted(plan, note_type, style.modified) for plan in plans]
    return replace(built, written=write_output(options.out, wanted, removes=not options.only) if wanted or options.out.is_dir() else built.written)


def _homes(notes: Sequence[Path]) -> tuple[Path, ...]:
    """The folders in which lock and configuration lie: one for each folder given, and that of each single file."""
    return tuple(dict.fromkeys(path if path.is_dir() or not path.suffix else path.parent for path in notes))


def _read_config(path: Path | None, home: Path) -> tuple[Config, list[Diagnostic]]:
    file = path or home / CONFIG
    try:
        text = file.read_text("utf-8-sig")
    except UnicodeDecodeError:
        return Config(), [Diagnostic(Span(str(file)), "not-text")]
    except OSError as error:
        missing = isinstance(error, (FileNotFoundError, NotADirectoryError))
        return Config(), [] if missing and path is None else [Diagnostic(Span(str(file)), "not-found")]
    return read_config(str(file), text)


def _read_lock(path: Path, now: int) -> tuple[Lock, list[Diagnostic]]:
    try:
        text = path.read_text("utf-8")
    except (FileNotFoundError, NotADirectoryError):
        return EMPTY, []
    except UnicodeDecodeError:
        return EMPTY, [Diagnostic(Span(str(path)), "not-text")]
    lock, problems = read_lock(str(path), text)
    latest = max((one.modified for one in lock.notes.values()), default=0)
    if latest > now + _DAY:
        problems = [*problems, Diagnostic(Span(str(path)), "clock", (time.strftime("%Y-%m-%d %H:%M", time.localtime(latest)),))]
    return lock, problems


def _read_all(sources: Sequence[Source], config: Config, progress: Progress) -> Iterator[Read]:
    for done, source in enumerate(sources):
        progress("reading", done, len(sources))
        yield read_source(source, config)


def drafts_of(reads: Sequence[Read], config: Config) -> tuple[list[Draft], list[Diagnostic]]:
    """The answered questions of all sources, with their places and pictures."""
    problems: list[Diagnostic] = []
    drafts = []
    for read in reads:
        folder = read.source.root.resolve().name
        book = book_of(read.reading.title, read.source.name, "노트" if folder == "notes" else folder, config)
        for content in read.contents:
            if content.is_answered:
                drafts.append(_draft(read, content, book, config, problems))
    return drafts, problems


def _draft(read: Read, content: Content, book: str, config: Config, problems: list[Diagnostic]) -> Draft:
    found = [find_picture(picture.address, read.source) for picture in content.pictures]
    shown = []
    for reference, picture in zip(content.pictures, found, strict=True):
        shown.append(_shown(reference, picture))
        if isinstance(picture, Trouble):
            span = Span(read.source.path, reference.line, reference.line + 1)
            problems.append(Diagnostic(span, f"picture-{picture.name.lower()}", (reference.address or reference.alternative,)))
    return Draft(
        source=read.source.name,
        title=read.reading.title,
        content=content,
        place=place_of(book, content.chapter, config),
        question=with_pictures(content.question, shown),
        context=with_pictures(content.context, shown),
        answer=with_pictures(content.answer, shown),
        pictures=tuple(dict.fromkeys(picture for picture in found if isinstance(picture, Picture))),
    )


def _shown(reference: PictureReference, picture: Picture | Trouble) -> str:
    """A picture on a card: itself, a link if it is remote, or words in its place."""
    words = html.escape(reference.alternative)
    if isinstance(picture, Picture):
        return f'<img src="{picture.name}" alt="{words}">'
    if picture is Trouble.REMOTE and reference.address.lower().startswith(("http://", "https://")):
        address = html.escape(reference.address)
        return f'<a href="{address}">{words or address}</a>'
    return f'<span class="missing">그림 없음{": " if words else ""}{words}</span>'


def _stops(problems: Sequence[Diagnostic], options: Options) -> bool:
    return any(one.level is Level.ERROR for one in _told(problems, options))


def _told(problems: Sequence[Diagnostic], options: Options) -> tuple[Diagnostic, ...]:
    """The diagnostics in order; with `--strict` each warning counts as an error."""
    told = in_order(list(problems))
    return tuple(replace(one, is_strict=True) for one in told) if options.strict else told


def _only(plans: tuple[PackagePlan, ...], notes: Sequence[Note], options: Options) -> tuple[tuple[PackagePlan, ...], list[Diagnostic]]:
    """The packages that `--only` asks for; a tag that no note has is told with those there are."""
    if not options.only:
        return plans, []
    every = ", ".join(sorted({tag for note in notes for tag in note.tags}))
    unknown = [tag for tag in options.only if not any(has_tag(note, tag) for note in notes)]
    problems = [Diagnostic(Span(str(options.notes[0])), "no-such-tag", (tag, every)) for tag in unknown]
    wholes = [plan for plan in plans if not plan.tag]
    chosen = [plan for whole in wholes for tag in options.only for plan in filtered(whole, next(whole.notes).draft.place.book, tag)]
    return tuple(chosen), problems


def _type_in_lock(note_type: NoteType, lock: Lock, now: int) -> LockedType:
    """The note type's time: it moves when its templates or style do."""
    known = lock.types.get(note_type.name)
    if known and known.style == note_type.fingerprint:
        return known
    return LockedType(note_type.name, note_type.fingerprint, max(now, known.modified + 1) if known else now)


def _wanted(plan: PackagePlan, note_type: NoteType, modified: int) -> Wanted:
    return Wanted(plan.file, content_digest(plan, note_type, modified), partial(package_bytes, plan, note_type, modified))
