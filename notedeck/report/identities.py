"""What the author must decide or should know about who is who."""

from __future__ import annotations

import os
from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Sequence
from pathlib import Path

from notedeck.diagnostics import Diagnostic, Span
from notedeck.identity.lock import Lock, LockedNote
from notedeck.identity.notes import Change, Identified, Note
from notedeck.plain import shortened, squeezed
from notedeck.reading.findings import Read
from notedeck.report.run import Options
from notedeck.sources.names import shown

_NAMED = 5
"""Names in one message."""


def identity_problems(identified: Identified, lock: Lock, lock_path: Path, reads: Sequence[Read], options: Options) -> Iterator[Diagnostic]:
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
    else:
        retyped = {was.guid for _, was in identified.retyped}
        waiting = {squeezed(gist.question_text) for read in reads for gist in read.found.gists if not gist.is_answered}
        yield from (_removed(one, waiting, lock_path.parent) for one in identified.removed if one.guid not in retyped)


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


def _removed(one: LockedNote, waiting: Collection[str], home: Path) -> Diagnostic:
    """A removed note, with the reason as far as it can be seen; `waiting` are the questions that have no answer."""
    span = Span(typed(home, one), max(one.line - 1, 0), max(one.line, 1))
    code = "removed-answer" if squeezed(one.question) in waiting else "removed"
    return Diagnostic(span, code, (one.id, shortened(one.question)))


def typed(home: Path, one: LockedNote) -> str:
    """A remembered source as the author would type it; without ids, if it lay in a zip or is gone."""
    path = Path(os.path.normpath(home / one.source))
    return str(path) if path.exists() else os.path.normpath(home / shown(one.source))
