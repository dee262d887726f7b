"""Notes that changed only because another did: a question above that was reworded, a follow-up inside."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace

from notedeck.identity.lock import LockedNote
from notedeck.identity.notes import Change, Note


def with_causes(notes: Sequence[Note], gone: Sequence[LockedNote]) -> tuple[Note, ...]:
    """Say of each note that changed only because another did, which one that was."""
    by_guid = {note.locked.guid: note for note in notes}
    below: dict[str, str] = {}
    for one in (*(note.locked for note in notes if note.change is not Change.SAME), *gone):
        below.setdefault(one.parent, one.id)
    return tuple(replace(note, cause=cause) if (cause := _cause(note, by_guid, below)) else note for note in notes)


def _cause(note: Note, by_guid: Mapping[str, Note], below: Mapping[str, str]) -> str:
    was = note.was
    if note.change is not Change.EDITED or was is None or was.own != note.locked.own:
        return ""
    if was.parents != note.locked.parents:
        above = by_guid.get(note.locked.parent)
        while above and above.change is not Change.REWORDED:
            above = by_guid.get(above.locked.parent)
        return above.locked.id if above else ""
    return below.get(note.locked.guid, "")
