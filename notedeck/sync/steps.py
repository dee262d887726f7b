"""What a sync does, or would do, to a collection: plain values, the same for the plan, the work and the report."""

from __future__ import annotations

from dataclasses import dataclass

from notedeck.diagnostics import Diagnostic
from notedeck.packages.packed import PackedNote
from notedeck.sync.held import HeldNote


@dataclass(frozen=True, slots=True)
class Send:
    """A note that the collection does not have as it is now."""

    id: str
    packed: PackedNote
    """With the user's tags beside ours."""
    held: HeldNote | None
    """As the collection has it; nothing if it is new there."""


@dataclass(frozen=True, slots=True)
class Move:
    """A card that goes to another deck."""

    id: str
    card: int
    old: str
    new: str


@dataclass(frozen=True, slots=True)
class Rest:
    """A note that is gone from the notes, and what it still needs to be at rest."""

    id: str
    note: int
    cards: tuple[int, ...]
    """Those to be suspended."""
    tags: tuple[str, ...]
    """Beside the one that says that it is gone."""


@dataclass(frozen=True, slots=True)
class Wake:
    """A note that has come back, and what was done to it when it was gone."""

    id: str
    note: int
    cards: tuple[int, ...]
    """Those that a sync had suspended."""
    tags: tuple[str, ...]
    """Those to be taken off: none if the note is sent, which does it."""


@dataclass(frozen=True, slots=True)
class Delete:
    """A note that is gone from the notes and goes from the collection too."""

    id: str
    note: int
    cards: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Edited:
    """A note, or a note type, that was edited in Anki and is left as it is."""

    id: str
    fields: tuple[str, ...]
    """The names of those that differ."""


@dataclass(frozen=True, slots=True)
class Elsewhere:
    """A card that its user moved to a deck where no build had put it."""

    id: str
    deck: str
    """Empty for a filtered deck that it comes back from to such a one."""


@dataclass(frozen=True, slots=True)
class Steps:
    """What a sync does, in its order, and what it leaves."""

    wakes: tuple[Wake, ...] = ()
    styles: tuple[str, ...] = ()
    """Note types whose look is brought up to date, by our names."""
    sends: tuple[Send, ...] = ()
    moves: tuple[Move, ...] = ()
    rests: tuple[Rest, ...] = ()
    deletes: tuple[Delete, ...] = ()
    empty: tuple[str, ...] = ()
    """Decks that cards have left, to be removed; the lowest first."""
    edited: tuple[Edited, ...] = ()
    edited_types: tuple[str, ...] = ()
    elsewhere: tuple[Elsewhere, ...] = ()
    waiting: tuple[str, ...] = ()
    """IDs of notes of which a card moves when it comes back from a filtered deck."""

    @property
    def are_none(self) -> bool:
        """Whether there is nothing to do and nothing to say."""
        return self == Steps()


@dataclass(frozen=True, slots=True)
class Synced:
    """What came of a sync."""

    steps: Steps = Steps()
    profile: str = ""
    is_plan: bool = False
    late: tuple[str, ...] = ()
    """IDs of notes that were sent and did not arrive."""
    problem: Diagnostic | None = None
    """Why it did not begin, or where it was cut off."""
