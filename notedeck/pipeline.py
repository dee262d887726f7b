"""The stages in their order. Read and check everything, then write."""

from __future__ import annotations

import os
import tempfile
import time
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from functools import partial
from pathlib import Path

from notedeck.account import Account
from notedeck.config import Config
from notedeck.diagnostics import Diagnostic, Level, Span, in_order
from notedeck.identity.drafts import drafts_of
from notedeck.identity.identifying import identify
from notedeck.identity.lock import EMPTY, Lock, LockedNote, LockedRoot, LockedType, text_lines
from notedeck.identity.notes import Change, Identified, Note, Rules
from notedeck.identity.scope import Scope
from notedeck.inputs import LOCK, config_of, homes, last_shipped, load_config, load_lock, own_templates, remember_lock, restore_lock, with_decisions
from notedeck.machine.cache import Cache, user_folder
from notedeck.machine.output import Wanted, leave_file, write_lines, write_output
from notedeck.machine.page import Page, read_page
from notedeck.packages.decktree import REMOVED_TAG, PackagePlan, filtered, has_tag, plan_marks, plan_packages, told_apart
from notedeck.packages.notetypes import NoteType, read_types
from notedeck.packages.package import IMPORTS, Types, content_digest, package_bytes
from notedeck.plain import digest, shortened, squeezed
from notedeck.preview.book import book_files, parents
from notedeck.reading.findings import Read
from notedeck.reading.hints import hints
from notedeck.reading.leaving import with_left_out
from notedeck.reading.readers import read_all
from notedeck.reading.remote import waiting
from notedeck.reading.respelling import respelled
from notedeck.report.run import Built, Options
from notedeck.sources.brought import brought_from, folder_of
from notedeck.sources.files import File
from notedeck.sources.folder import Notes, read_notes
from notedeck.sources.names import shown
from notedeck.sources.root import Root, named_root
from notedeck.sync.planning import Wish
from notedeck.sync.steps import Synced
from notedeck.sync.syncing import Agree, Target, planned_sync, sync

_DAY = 86_400
_NAMED = 5
"""Names in one message."""
_PATIENCE = 30
"""Seconds that a build waits for another one of the same notes."""

Progress = Callable[[str, int, int], None]
"""Called with a stage, how much of it is done, and how much there is."""


def build(options: Options, progress: Progress = lambda stage, done, total: None, agree: Agree = lambda cards, reviews: False) -> Built:
    """Build the decks, and bring Anki up to date if that is asked for. With an error in notes, configuration, templates or lock nothing is written.

    `agree` is asked before anything is deleted in Anki.

    Raises OSError if the machine fails (a folder that cannot be written, a full disk), and TimeoutError if another
    build of the same notes does not end.
    """
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
    now = int(time.time())
    config_path = options.config or config_of(options.notes, options.lock)
    config, problems = load_config(config_path, is_asked=bool(options.config))
    own, types, page, found = _look(config, config_path.parent, options)
    problems += found
    cache = Cache(user_folder())
    lock, found = (None, []) if options.fresh else load_lock(lock_path, now, cache)
    problems += found
    root = named_root(options.notes, lock_path.parent, lock.root.root if lock and lock.root else None, has_lock=lock is not None)
    config = replace(config, root=root.book or "")
    notes = read_notes(options.notes, options.out, root, config, used=(lock_path, config_path), look=own)
    problems += [*notes.diagnostics, *_unused_rules(config, notes)]
    scope = Scope(frozenset(source.name for source in notes.sources), notes.folders, notes.pages)
    reads = read_all(notes.sources, config, cache, options.jobs, progress, keeps_texts=options.keeps_texts)
    notes = replace(notes, sources=())
    reads, found = with_left_out(reads, lock.notes.values() if lock else (), lock_path.parent)
    problems += found
    problems += hints(reads, lock_path.parent)
    reads, found = respelled(reads, lock.notes.values() if lock else ())
    problems += [*found, *(one for read in reads for one in read.found.diagnostics)]
    lies = folder_of(lock_path)
    brought, found = _brought(reads, lies, options, progress) if not _stops(problems, options) else (brought_from(lies), [])
    problems += found
    drafts, found = drafts_of(reads, notes.trees, brought)
    problems += _without_known(found, problems)
    account = sum((read.found.account for read in reads), Account())
    built = Built(reads, account=account, config=config, types=types, page=page, trees=notes.trees, brought=brought)
    built = replace(built, on_the_net=len(waiting(reads, brought)))
    if not types or page is None or _stops(problems, options):
        return replace(built, diagnostics=_told(problems, options))
    if lock is None:
        lock, found = (EMPTY, []) if options.fresh else restore_lock(lock_path, options.out, drafts, types)
        problems += found
    last, lock = lock, with_decisions(_rooted(lock, root), options.same, options.apart)
    qa, cloze = (one.name for one in types)
    identified = identify(drafts, lock, scope, Rules(config.deck_id, qa, now, options.refresh, cloze))
    problems += _identity_problems(identified, lock, lock_path, options)
    retyped = {was.guid for _, was in identified.retyped}
    if not any(one.code == "lock-other" for one in problems):
        problems += [_told_removed(one, reads, lock_path.parent) for one in identified.removed if one.guid not in retyped]
    plans, found = _planned(identified, config, options, types, now)
    problems += found
    removed = tuple(replace(one, source=_typed(lock_path.parent, one)) for one in identified.removed)
    built = replace(built, notes=identified.notes, removed=removed, plans=plans, diagnostics=_told(problems, options))
    known = {one.name: _type_in_lock(one, identified.lock, now) for one in types}
    built = replace(built, lock=replace(identified.lock, types={**lock.types, **known}), is_whole=not options.only and not identified.elsewhere)
    if built.failed or options.plan:
        return built
    timed = _write_lock(identified.lock, last, lock_path, types, now, cache)
    return _write_decks(built, timed, page, options, cache, progress, removes=not options.only and not identified.elsewhere)


def _planned(
    identified: Identified, config: Config, options: Options, types: Sequence[NoteType], now: int
) -> tuple[tuple[PackagePlan, ...], list[Diagnostic]]:
    """The packages of a run: those of its books and of what is gone from them; with `--only`, those of some tags alone."""
    plans = plan_packages(identified.notes, config)
    if options.only:
        plans, found = _only(plans, identified.notes, options)
        return told_apart(plans), found
    return told_apart((*_marks(identified, config, options, types, now), *plans)), []


def _brought(reads: Sequence[Read], folder: Path, options: Options, progress: Progress) -> tuple[Mapping[str, File], list[Diagnostic]]:
    """The pictures that came from the net; with `--pictures` those that did not yet are brought."""
    known = brought_from(folder)
    if not options.pictures or options.plan or not waiting(reads, known):
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


def _look(config: Config, folder: Path, options: Options) -> tuple[Path | None, tuple[NoteType, ...], Page | None, list[Diagnostic]]:
    """Where templates of one's own lie, then the note types and the page as they make them; those of the program where one's own may not be used."""
    own, problems = own_templates(config, folder, options.templates)
    used = None if any(one.level is Level.ERROR for one in problems) else own
    types, found = read_types(options.templates, config.note_type, used)
    page, more = read_page(options.templates / "page", used and used / "page")
    return own, types, page, [*problems, *found, *more]


def _sync(built: Built, lock: Lock, options: Options, progress: Progress, agree: Agree) -> Synced:
    """Bring the Anki that runs here up to date, or say what that would do."""
    config = built.config
    plans = [one for one in built.plans if options.only or not one.tag]
    notes = {packed.guid: packed for one in plans for packed in one.notes}
    wish = Wish(tuple(notes.values()), lock, built.types, config.sync_removed, built.is_whole, options.overwrite_edited, options.delete_removed)
    target = Target(config.sync_port, options.key, config.sync_profile)
    if options.plan:
        return planned_sync(target, wish, progress)
    types = {one.name: (one, lock.types[one.name].modified) for one in built.types}
    return sync(target, wish, types, {deck.name: deck for one in plans for deck in one.decks}, Cache(user_folder()), agree, progress)


def _write_lock(lock: Lock, last: Lock, path: Path, types: Sequence[NoteType], now: int, cache: Cache) -> Types:
    """Write the lock unless it says so already; the note types with their times."""
    known = {one.name: _type_in_lock(one, lock, now) for one in types}
    used = {one.type for one in lock.notes.values()}
    lock = replace(lock, types={**lock.types, **{name: one for name, one in known.items() if name in used}})
    if last.digest and lock == last:
        leave_file(path)
    elif lock.notes:
        before = path.read_bytes() if last.digest else b""
        remember_lock(lock, write_lines(path, text_lines(lock, last, before)), cache)
    return {one.name: (one, known[one.name].modified) for one in types}


def _write_decks(built: Built, types: Types, page: Page, options: Options, cache: Cache, progress: Progress, *, removes: bool) -> Built:
    """Write the packages and each book's page; packages that mark removed notes first, since they are made from the last ones.

    A run over a part of the notes `removes` no file: it cannot know whether another part still makes it.
    """
    digests = [content_digest(plan, types) for plan in built.plans]
    wanted = [
        Wanted(
            plan.file,
            packed,
            partial(package_bytes, plan, types, cache),
            size=sum(1 for _ in plan.notes),
            matter=plan.book,
            goes_first=plan.tag == REMOVED_TAG,
            imports=IMPORTS,
        )
        for plan, packed in zip(built.plans, digests, strict=True)
    ]
    above = parents(built.notes)
    for plan, packed in zip(built.plans, digests, strict=True):
        if not plan.tag:
            wanted += book_files(plan, page, built.types, above, packed, built.config.pictures_mb, cache)
    if not wanted and not options.out.is_dir():
        return built
    return replace(built, written=write_output(options.out, wanted, removes, options.jobs, partial(progress, "writing")))


def _type_in_lock(note_type: NoteType, lock: Lock, now: int) -> LockedType:
    """The note type's time: it moves when its templates or style do."""
    known = lock.types.get(note_type.name)
    if known and known.style == note_type.fingerprint:
        return known
    if known is None:
        return LockedType(note_type.name, note_type.fingerprint, now)
    before = tuple(one for one in dict.fromkeys((*known.before, known.style)) if one != note_type.fingerprint)
    return LockedType(note_type.name, note_type.fingerprint, max(now, known.modified + 1), before)


def _marks(identified: Identified, config: Config, options: Options, types: Sequence[NoteType], now: int) -> tuple[PackagePlan, ...]:
    """The packages that mark removed notes, for as many days as deck.toml says."""
    gone = [one for one in identified.lock.notes.values() if one.removed and now - one.removed < config.removed_days * _DAY]
    if not gone or options.fresh:
        return ()
    return tuple(plan_marks(gone, last_shipped(options.out, sorted({one.book for one in gone}), types)))


def _identity_problems(identified: Identified, lock: Lock, lock_path: Path, options: Options) -> Iterator[Diagnostic]:
    """What the author must decide or should know about who is who."""
    here = Span(str(lock_path))
    for note in identified.notes:
        if note.change is Change.DOUBTFUL:
            likely = note.likely[0]
            details = (note.locked.id, likely.id, _named(likely))
            yield Diagnostic(note.draft.gist.span, "doubtful", details)
    for note, was in identified.retyped:
        yield Diagnostic(note.draft.gist.span, "retyped", (was.type, note.locked.type, note.locked.id, was.id))
    yield from _moved_books(identified)
    parts = Counter(one.book for one in identified.elsewhere)
    built = {note.draft.place.book for note in identified.notes}
    yield from (Diagnostic(here, "partial", (book, str(count))) for book, count in sorted(parts.items()) if book in built)
    if pairs := (*options.same, *options.apart):
        ids = identified.new_ids.union(one.id for one in identified.lock.notes.values())
        yield from (Diagnostic(here, "no-such-id", (one,)) for pair in pairs for one in pair if one not in ids)
    still = {note.locked.id for note in identified.notes}
    yield from (Diagnostic(here, "same-taken", (old, new)) for old, new in options.same if new in still)
    if _is_of_others(identified, lock, lock_path, options):
        alive = {one.book for one in lock.notes.values() if not one.removed}
        yield Diagnostic(here, "lock-other", (", ".join(sorted(alive)),))


def _is_of_others(identified: Identified, lock: Lock, lock_path: Path, options: Options) -> bool:
    """Whether a lock knows nothing of the notes and none of their books, though it is not that of a part that was added to it."""
    home = lock_path.parent.resolve()
    is_part = all(home in (path if path.is_dir() else path.parent).resolve().parents for path in options.notes)
    alive = {one.book for one in lock.notes.values() if not one.removed}
    is_new = bool(alive and identified.notes) and all(note.was is None for note in identified.notes)
    return is_new and not is_part and not alive & {note.draft.place.book for note in identified.notes}


def _named(one: LockedNote) -> str:
    """A remembered question with what stands right above it: by that the same words are told apart."""
    above = [words for words in (*one.headings, *one.parents) if words]
    return f"{shortened(one.question)} ← {shortened(above[-1], 30)}" if above else shortened(one.question)


def _moved_books(identified: Identified) -> Iterator[Diagnostic]:
    """The books whose cards would all go to other books: a new title or another layout did that, and Anki moves no card by itself."""
    went: dict[str, list[Note]] = {}
    for note in identified.notes:
        if note.was:
            went.setdefault(note.was.book, []).append(note)
    moved = {book: notes for book, notes in went.items() if len(notes) > 1 and all(note.locked.book != book for note in notes)}
    if every := [note for notes in moved.values() for note in notes]:
        there = dict.fromkeys(note.locked.book for note in every)
        yield Diagnostic(every[0].draft.gist.span, "book-moved", (_listed(moved), _listed(there), str(len(every))))


def _listed(names: Iterable[str]) -> str:
    """The first names of several, with how many there are beside them."""
    first, rest = list(names)[:_NAMED], list(names)[_NAMED:]
    return ", ".join(first) + (f" (+{len(rest)})" if rest else "")


def _told_removed(one: LockedNote, reads: Sequence[Read], home: Path) -> Diagnostic:
    """A removed note, with the reason as far as it can be seen."""
    span = Span(_typed(home, one), max(one.line - 1, 0), max(one.line, 1))
    waiting = {squeezed(gist.question_text) for read in reads for gist in read.found.gists if not gist.is_answered}
    code = "removed-answer" if squeezed(one.question) in waiting else "removed"
    return Diagnostic(span, code, (one.id, shortened(one.question)))


def _typed(home: Path, one: LockedNote) -> str:
    """A remembered source as the author would type it; without ids, if it lay in a zip or is gone."""
    path = Path(os.path.normpath(home / one.source))
    return str(path) if path.exists() else os.path.normpath(home / shown(one.source))


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
