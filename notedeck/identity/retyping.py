"""Notes that came in the place of one of our other note type: a note never changes its type, so they are new, and both are named."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from notedeck.identity.asked import asked_of
from notedeck.identity.lock import Lock, LockedNote
from notedeck.identity.matching import match
from notedeck.identity.notes import Note, Rules
from notedeck.identity.scope import Scope


def retyped(notes: Sequence[Note], gone: Sequence[LockedNote], scope: Scope, rules: Rules) -> Iterator[tuple[Note, LockedNote]]:
    """New notes that were notes of our other type, by their words or else by the line where they stand."""
    for new, old in ((rules.note_type, rules.cloze_type), (rules.cloze_type, rules.note_type)):
        fresh = [note for note in notes if note.was is None and note.locked.type == new]
        left = {one.guid: one for one in gone if one.type == old}
        if not fresh or not left:
            continue
        found = match(asked_of([note.draft for note in fresh]), Lock(left, {}), scope)
        for place, note in enumerate(fresh):
            likely = (found.guids[place], *found.doubts.get(place, ()), *_on_its_lines(note, left.values()))
            if was := next((left.pop(guid) for guid in likely if guid in left), None):
                yield note, was


def _on_its_lines(note: Note, others: Iterable[LockedNote]) -> list[str]:
    span = note.draft.gist.span
    return [one.guid for one in others if one.source == note.draft.source and span.line <= one.line <= span.stop]
