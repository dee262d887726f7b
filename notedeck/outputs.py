"""What a build writes: the lock, then the packages and each book's page, then a record of them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from functools import partial
from pathlib import Path

from notedeck.config import Config
from notedeck.identity.lock import Lock, LockedType, text_lines
from notedeck.identity.notes import Identified
from notedeck.inputs import last_shipped, remember_lock
from notedeck.machine.cache import Cache
from notedeck.machine.output import Wanted, leave_file, write_lines, write_output
from notedeck.machine.page import Page
from notedeck.packages.decktree import REMOVED_TAG, PackagePlan, plan_marks
from notedeck.packages.notetypes import NoteType
from notedeck.packages.package import IMPORTS, Types, content_digest, package_bytes
from notedeck.preview.book import book_files, parents
from notedeck.report.run import Built, Options, Progress

_DAY = 86_400


def with_types(lock: Lock, types: Sequence[NoteType], now: int) -> Lock:
    """A lock with the note types as they are: the time of each moves when its templates or style do."""
    return replace(lock, types={**lock.types, **{one.name: _type_in_lock(one, lock, now) for one in types}})


def _type_in_lock(note_type: NoteType, lock: Lock, now: int) -> LockedType:
    known = lock.types.get(note_type.name)
    if known and known.style == note_type.fingerprint:
        return known
    if known is None:
        return LockedType(note_type.name, note_type.fingerprint, now)
    before = tuple(one for one in dict.fromkeys((*known.before, known.style)) if one != note_type.fingerprint)
    return LockedType(note_type.name, note_type.fingerprint, max(now, known.modified + 1), before)


def types_of(lock: Lock, types: Sequence[NoteType]) -> Types:
    """The note types with the times that a lock has of them."""
    return {one.name: (one, lock.types[one.name].modified) for one in types}


def write_lock(lock: Lock, last: Lock, path: Path, cache: Cache) -> None:
    """Write the lock unless it says so already; of note types those that its notes have."""
    used = {one.type for one in lock.notes.values()}
    lock = replace(lock, types={**last.types, **{name: one for name, one in lock.types.items() if name in used}})
    if last.digest and lock == last:
        leave_file(path)
    elif lock.notes:
        before = path.read_bytes() if last.digest else b""
        remember_lock(lock, write_lines(path, text_lines(lock, last, before)), cache)


def write_decks(built: Built, types: Types, page: Page, options: Options, cache: Cache, progress: Progress) -> Built:
    """Write the packages and each book's page; packages that mark removed notes first, since they are made from the last ones.

    A run over a part of the notes removes no file: it cannot know whether another part still makes it.
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
    return replace(built, written=write_output(options.out, wanted, built.is_whole, options.jobs, partial(progress, "writing")))


def marks(identified: Identified, config: Config, options: Options, types: Sequence[NoteType], now: int) -> tuple[PackagePlan, ...]:
    """The packages that mark removed notes, for as many days as deck.toml says."""
    gone = [one for one in identified.lock.notes.values() if one.removed and now - one.removed < config.removed_days * _DAY]
    if not gone or options.fresh:
        return ()
    return tuple(plan_marks(gone, last_shipped(options.out, sorted({one.book for one in gone}), types)))
