"""Notes: drafts that are somebody in Anki, what became of each since the last build, and what all of it hangs on."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

from notedeck.content.notefields import ID, Numbers
from notedeck.identity.drafts import Draft
from notedeck.identity.lock import Lock, LockedNote


class Change(StrEnum):
    """What became of a note since the last build; the first that holds."""

    REMOVED = "removed"
    NEW = "new"
    DOUBTFUL = "doubtful"
    RETURNED = "returned"
    REWORDED = "reworded"
    MOVED = "moved"
    EDITED = "edited"
    SAME = "same"


@dataclass(frozen=True, slots=True)
class Note:
    """A draft that is somebody in Anki."""

    draft: Draft
    locked: LockedNote
    print: str
    """Fingerprint of its fields and tags as they are now."""
    change: Change
    was: LockedNote | None
    likely: tuple[LockedNote, ...] = ()
    """Of a doubtful note, those that it might have been."""
    cards: tuple[int, ...] = (0,)
    """The places of its cards among its note type's, from 0."""
    cause: str = ""
    """The ID of the note along with which this one changed, if nothing of its own did."""
    numbers: Numbers = ()

    @property
    def fields(self) -> Mapping[str, str]:
        """The fields of its note type by name, written anew each time."""
        return {**self.draft.fields(self.numbers), ID: self.locked.id}

    @property
    def tags(self) -> tuple[str, ...]:
        """Its tags, sorted."""
        return self.draft.gist.tags

    @property
    def is_stale(self) -> bool:
        """Whether our HTML for the same text moved: it is sent with the note's next edit."""
        return self.locked.sent != self.print


@dataclass(frozen=True, slots=True)
class Identified:
    """What came of a run."""

    notes: tuple[Note, ...]
    """In the order of the notes."""
    removed: tuple[LockedNote, ...]
    """Notes that this run found gone."""
    lock: Lock
    elsewhere: tuple[LockedNote, ...]
    """Notes of sources that this run does not speak of."""
    retyped: tuple[tuple[Note, LockedNote], ...]
    """New notes, each with the removed note of another note type that it seems to have been."""
    new_ids: frozenset[str]
    """If anything was decided, the IDs that the questions would have if they were new: the author can mean these too."""


@dataclass(frozen=True, slots=True)
class Rules:
    """What a run knows beside the notes."""

    deck_id: str
    note_type: str
    now: int
    """Seconds."""
    refresh: bool = False
    """Send notes whose HTML alone changed."""
    cloze_type: str = ""
    """The name of the note type that notes with gaps have."""

    def type_of(self, draft: Draft) -> str:
        """The note type that a draft's note has."""
        return self.cloze_type if draft.gist.is_cloze else self.note_type
