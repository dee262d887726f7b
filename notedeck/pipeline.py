"""The stages in their order. Read and check everything, then write."""

from __future__ import annotations

import tempfile
import threading
import time
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from notedeck.account import Account
from notedeck.config import Config
from notedeck.corrections.corrected import NO_CORRECTIONS, Corrected
from notedeck.corrections.correction import Correction
from notedeck.corrections.finding import find_lines
from notedeck.diagnostics import Diagnostic, Level, Span, in_order
from notedeck.identity.drafts import Draft, drafts_of
from notedeck.identity.identifying import identify
from notedeck.identity.lock import EMPTY, Lock, LockedRoot
from notedeck.identity.notes import Identified, Note, Rules
from notedeck.identity.scope import Scope
from notedeck.inputs import (
    LOCK,
    config_of,
    corrections_of,
    homes,
    load_config,
    load_corrections,
    load_lock,
    own_templates,
    restore_lock,
    with_decisions,
)
from notedeck.machine.cache import Cache, user_folder
from notedeck.machine.page import Page, read_page
from notedeck.outputs import marks, types_of, with_types, write_decks, write_lock
from notedeck.packages.decktree import PackagePlan, filtered, has_tag, plan_packages, told_apart
from notedeck.packages.notetypes import NoteType, read_types
from notedeck.plain import digest
from notedeck.reading.findings import Read
from notedeck.reading.hints import hints
from notedeck.reading.leaving import with_left_out
from notedeck.reading.lines import pages_of
from notedeck.reading.readers import read_all
from notedeck.reading.remote import waiting
from notedeck.reading.respelling import respelled
from notedeck.report.identities import identity_problems, typed
from notedeck.report.run import Built, Options, Progress
from notedeck.sources.brought import brought_from, folder_of
from notedeck.sources.files import File
from notedeck.sources.folder import Notes, read_notes
from notedeck.sources.root import Root, named_root
from notedeck.sources.source import Source

if TYPE_CHECKING:  # most builds speak to no Anki
    from notedeck.sync.steps import Synced
    from notedeck.sync.syncing import Agree

_ALONE = threading.Lock()
"""Held by a build in its process: the preview may ask for one while it makes another, and what a build hands to its helpers is the process's."""
_PATIENCE = 30
"""Seconds that a build waits for another one of the same notes."""


def build(options: Options, progress: Progress = lambda stage, done, total: None, agree: Agree = lambda cards, reviews: False) -> Built:
    """Build the decks, and bring Anki up to date if that is asked for. With an error in notes, configuration, templates or lock nothing is written.

    `agree` is asked before anything is deleted in Anki.

    Raises OSError if the machine fails (a folder that cannot be written, a full disk), and TimeoutError if another
    build of the same notes does not end.
    """
    with _ALONE:
        built = _locked_build(options, progress)
    if not options.sync or built.failed or built.lock is None:
        return built
    synced = _sync(built, built.lock, options, progress, agree)
    problems = [*built.diagnostics, *([synced.problem] if synced.problem else [])]
    return replace(built, synced=synced, diagnostics=in_order(problems))


def _locked_build(options: Options, progress: Progress) -> Built:
    """Build while no other build of the same notes runs."""
    places = homes(options.notes)
    if len(places) > 1 and options.lock is None:
        return Built(diagnostics=(Diagnostic(Span(str(options.notes[0])), "lock-place"),))
    lock_path = options.lock or places[0] / LOCK
    if options.plan:
        return _build(options, lock_path, progress)
    from filelock import FileLock

    name = digest(str(lock_path.resolve())).hex()[:16]
    with FileLock(Path(tempfile.gettempdir()) / f"notedeck-{name}.lock", timeout=_PATIENCE):
        return _build(options, lock_path, progress)


def _build(options: Options, lock_path: Path, progress: Progress) -> Built:
    now, cache = int(time.time()), Cache(user_folder())
    given = _given(options, lock_path, now, cache)
    material = _material(given, options, cache, progress)
    built, problems = material.built, [*given.problems, *material.problems]
    if not given.types or given.page is None or _stops(problems, options):
        return replace(built, diagnostics=_told(problems, options))
    last, found = (given.lock, []) if given.lock else _new_lock(given, material, options)
    problems += found
    lock = with_decisions(_rooted(last, given.root), options.same, options.apart)
    qa, cloze = (one.name for one in given.types)
    identified = identify(material.drafts, lock, material.scope, Rules(given.config.deck_id, qa, now, options.refresh, cloze))
    problems += identity_problems(identified, lock, lock_path, built.reads, options)
    plans, found = _planned(identified, given.config, options, given.types, now)
    problems += found
    removed = tuple(replace(one, source=typed(lock_path.parent, one)) for one in identified.removed)
    is_whole = not options.only and not identified.elsewhere
    new = with_types(replace(identified.lock, sightings=built.corrected.sightings), given.types, now)
    built = replace(built, notes=identified.notes, removed=removed, plans=plans, diagnostics=_told(problems, options), lock=new, is_whole=is_whole)
    if built.failed or options.plan:
        return built
    write_lock(new, last, lock_path, cache)
    return write_decks(built, types_of(new, given.types), given.page, options, cache, progress)


@dataclass(frozen=True, slots=True)
class _Given:
    """What is read beside the notes."""

    config: Config
    files: tuple[Path, ...]
    """The lock, the deck.toml and the corrections.toml that count."""
    own: Path | None
    """Where templates of one's own lie."""
    types: tuple[NoteType, ...]
    page: Page | None
    lock: Lock | None
    corrections: tuple[Correction, ...]
    root: Root
    problems: tuple[Diagnostic, ...]


def _given(options: Options, lock_path: Path, now: int, cache: Cache) -> _Given:
    config_path = options.config or config_of(options.notes, options.lock)
    config, problems = load_config(config_path, is_asked=bool(options.config))
    own, types, page, found = _look(config, config_path.parent, options)
    problems += found
    lock, found = (None, []) if options.fresh else load_lock(lock_path, now, cache)
    problems += found
    corrections_path = options.corrections or corrections_of(options.notes, lock_path)
    corrections, found = load_corrections(corrections_path, is_asked=bool(options.corrections))
    problems += found
    root = named_root(options.notes, lock_path.parent, lock.root.root if lock and lock.root else None, has_lock=lock is not None)
    files = (lock_path, config_path, corrections_path)
    return _Given(replace(config, root=root.book or ""), files, own, types, page, lock, corrections, root, tuple(problems))


def _look(config: Config, folder: Path, options: Options) -> tuple[Path | None, tuple[NoteType, ...], Page | None, list[Diagnostic]]:
    """Where templates of one's own lie, then the note types and the page as they make them; those of the program where one's own may not be used."""
    own, problems = own_templates(config, folder, options.templates)
    used = None if any(one.level is Level.ERROR for one in problems) else own
    types, found = read_types(options.templates, config.note_type, used)
    page, more = read_page(options.templates / "page", used and used / "page")
    return own, types, page, [*problems, *found, *more]


@dataclass(frozen=True, slots=True)
class _Material:
    """What the notes give."""

    built: Built
    drafts: Sequence[Draft]
    scope: Scope
    problems: tuple[Diagnostic, ...]


def _material(given: _Given, options: Options, cache: Cache, progress: Progress) -> _Material:
    config, home = given.config, given.files[0].parent
    notes = read_notes(options.notes, options.out, given.root, config, used=given.files, look=given.own)
    problems = [*notes.diagnostics, *_unused_rules(config, notes)]
    scope = Scope(frozenset(source.name for source in notes.sources), notes.folders, notes.pages)
    corrected = _corrected(given, notes.sources, scope, cache)
    problems += corrected.problems
    reads = read_all(notes.sources, config, cache, options.jobs, progress, told=corrected.told, keeps_texts=options.keeps_texts)
    notes = replace(notes, sources=())
    reads, found = with_left_out(reads, given.lock.notes.values() if given.lock else (), home)
    problems += [*found, *hints(reads, home)]
    reads, found = respelled(reads, given.lock.notes.values() if given.lock else ())
    problems += [*found, *(one for read in reads for one in read.found.diagnostics)]
    brought, found = _brought(reads, folder_of(given.files[0]), options, progress, is_done=_stops([*given.problems, *problems], options))
    problems += found
    drafts, found = drafts_of(reads, notes.trees, brought)
    problems += _without_known(found, problems)
    built = Built(reads, config=config, types=given.types, page=given.page, trees=notes.trees, brought=brought, corrected=corrected)
    account = sum((read.found.account for read in reads), Account())
    return _Material(replace(built, account=account, on_the_net=len(waiting(reads, brought))), drafts, scope, tuple(problems))


def _corrected(given: _Given, sources: Sequence[Source], scope: Scope, cache: Cache) -> Corrected:
    """The corrections with the lines that they mean; without any no line is looked at."""
    if not given.corrections:
        return NO_CORRECTIONS
    return find_lines(given.corrections, list(pages_of(sources, cache)), given.lock.sightings if given.lock else {}, scope.holds)


def _new_lock(given: _Given, material: _Material, options: Options) -> tuple[Lock, list[Diagnostic]]:
    """The lock of notes that have none: as the last packages tell of them."""
    return (EMPTY, []) if options.fresh else restore_lock(given.files[0], options.out, material.drafts, given.types)


def _planned(
    identified: Identified, config: Config, options: Options, types: Sequence[NoteType], now: int
) -> tuple[tuple[PackagePlan, ...], list[Diagnostic]]:
    """The packages of a run: those of its books and of what is gone from them; with `--only`, those of some tags alone."""
    plans = plan_packages(identified.notes, config)
    if options.only:
        plans, found = _only(plans, identified.notes, options)
        return told_apart(plans), found
    return told_apart((*marks(identified, config, options, types, now), *plans)), []


def _brought(
    reads: Sequence[Read], folder: Path, options: Options, progress: Progress, *, is_done: bool
) -> tuple[Mapping[str, File], list[Diagnostic]]:
    """The pictures that came from the net; with `--pictures` those that did not yet are brought, unless the build `is_done`."""
    known = brought_from(folder)
    if is_done or not options.pictures or options.plan or not waiting(reads, known):
        return known, []
    from notedeck.reading.bringing import bring
    from notedeck.sources.fetching import fetch_all

    return bring(reads, folder, known, partial(fetch_all, tell=partial(progress, "bringing")))


def _without_known(found: Sequence[Diagnostic], told: Sequence[Diagnostic]) -> Iterator[Diagnostic]:
    """That a picture is on the net, where nothing is told of why it did not come."""
    known = {(one.span, one.details[:1]) for one in told if one.code.startswith("net-")}
    return (one for one in found if one.code != "picture-remote" or (one.span, one.details[:1]) not in known)


def _unused_rules(config: Config, notes: Notes) -> Iterator[Diagnostic]:
    """The patterns of deck.toml that mean no page, where all pages were read."""
    paths = [source.inside.split("/") for source in notes.sources] if "" in notes.folders else []
    return (
        Diagnostic(rule.span, "path-unused", (rule.pattern.words,))
        for rule in config.paths
        if paths and not any(rule.pattern.depth(path) for path in paths)
    )


def _rooted(lock: Lock, root: Root) -> Lock:
    """The lock with the name of the notes' folder, as soon as it has one."""
    return replace(lock, root=lock.root or (None if root.book is None else LockedRoot(root.book)))


def _sync(built: Built, lock: Lock, options: Options, progress: Progress, agree: Agree) -> Synced:
    """Bring the Anki that runs here up to date, or say what that would do."""
    from notedeck.sync.planning import Wish
    from notedeck.sync.syncing import Target, planned_sync, sync

    config = built.config
    plans = [one for one in built.plans if options.only or not one.tag]
    notes = {packed.guid: packed for one in plans for packed in one.notes}
    wish = Wish(tuple(notes.values()), lock, built.types, config.sync_removed, built.is_whole, options.overwrite_edited, options.delete_removed)
    target = Target(config.sync_port, options.key, config.sync_profile)
    if options.plan:
        return planned_sync(target, wish, progress)
    types = {one.name: (one, lock.types[one.name].modified) for one in built.types}
    return sync(target, wish, types, {deck.name: deck for one in plans for deck in one.decks}, Cache(user_folder()), agree, progress)


def _stops(problems: Sequence[Diagnostic], options: Options) -> bool:
    return any(one.level is Level.ERROR for one in _told(problems, options))


def _told(problems: Sequence[Diagnostic], options: Options) -> tuple[Diagnostic, ...]:
    """The diagnostics in order; with `--strict` each warning counts as an error."""
    told = in_order(list(problems))
    return tuple(replace(one, is_strict=True) for one in told) if options.strict else told


def _only(plans: tuple[PackagePlan, ...], notes: Sequence[Note], options: Options) -> tuple[tuple[PackagePlan, ...], list[Diagnostic]]:
    """The packages that `--only` asks for; a tag that no note has is told with those there are."""
    every = ", ".join(sorted({tag for note in notes for tag in note.tags}))
    unknown = [tag for tag in options.only if not any(has_tag(note.tags, tag) for note in notes)]
    problems = [Diagnostic(Span(str(options.notes[0])), "no-such-tag", (tag, every)) for tag in unknown]
    wholes = [plan for plan in plans if not plan.tag]
    tags = {tag.casefold(): tag for tag in options.only}.values()
    return tuple(one for whole in wholes for tag in tags for one in filtered(whole, tag)), problems
