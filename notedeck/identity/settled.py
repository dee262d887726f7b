"""Notes that are as they were, and sources in which all are: nearly all sources, and their notes need no search for who they were."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from itertools import count, groupby
from operator import attrgetter

from notedeck.identity.drafts import Draft
from notedeck.identity.lock import Lock, LockedNote
from notedeck.reading.findings import Traces

_as_it_was = attrgetter(
    "question", "parents", "headings", "context", "answer", "sketch", "line",
    "book", "deck", "chapter", "text", "sent", "removed", "source", "parent", "tags",
)  # fmt: skip


def is_as_it_was(draft: Draft, traces: Traces, was: LockedNote, parent: str) -> bool:
    """Whether a draft is what is remembered of a note, where it stood and below the note `parent`; of a note without gaps."""
    gist, place = draft.gist, draft.gist.place
    return _as_it_was(was) == (
        gist.question_text, gist.parent_texts, gist.headings, gist.context_print, gist.answer_print, gist.answer_sketch, gist.span.line,
        place.book, place.deck, place.chapter, traces.text, traces.fields, 0, draft.source, parent, gist.tags,
    )  # fmt: skip


def settled(drafts: Sequence[Draft], types: Sequence[str], lock: Lock) -> dict[int, LockedNote]:
    """Of the sources in which no note moved, the note that each draft still is, by the draft's place; `types` are the drafts' note types.

    In such a source each draft is as the note on its line was, and no note is gone. After a decision of the author, and where
    notes have gaps, whose numbers are kept apart, none is such.
    """
    found: dict[int, LockedNote] = {}
    there = {} if lock.decisions else _by_line(lock)
    for source, group in groupby(zip(count(), drafts, types, strict=False), lambda row: row[1].source):
        rows, known = list(group), there.get(source, {})
        if len(rows) == len(known) and all(_stays(draft, type_, known) for _, draft, type_ in rows):
            found.update((place, known[draft.gist.span.line]) for place, draft, _ in rows)
    return found


def _by_line(lock: Lock) -> dict[str, dict[int, LockedNote]]:
    """The notes of each source that are not gone, by their lines; nothing of a source in which two share a line."""
    there: dict[str, list[LockedNote]] = defaultdict(list)
    for one in lock.notes.values():
        if not one.removed:
            there[one.source].append(one)
    by_line = {source: {one.line: one for one in notes} for source, notes in there.items()}
    return {source: lines for source, lines in by_line.items() if len(lines) == len(there[source])}


def _stays(draft: Draft, type_: str, known: dict[int, LockedNote]) -> bool:
    """Whether a draft is as the note on its line was, of those `known` by their lines."""
    gist = draft.gist
    was = known.get(gist.span.line)
    if was is None or gist.is_cloze or was.type != type_:
        return False
    above = known.get(gist.parent_span.line) if gist.parent_span else None
    return is_as_it_was(draft, draft.traces(), was, above.guid if above else "")
