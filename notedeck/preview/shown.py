"""What the page shows as a card: a note, one that was packed, or a question that is no note yet."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from notedeck.packages.packed import PackedNote
from notedeck.preview.changes import plain_text

Json = dict[str, Any]
_ROOM = 200_000
"""Characters that the text of a note with gaps may take on the page, where each card holds all of it; Anki has the further cards."""


@dataclass(frozen=True, slots=True)
class Shown:
    """What is drawn as a card: a note, one that was packed before, or a question that is no note yet."""

    id: str
    type: str
    """Its note type's name."""
    fields: Mapping[str, str]
    tags: tuple[str, ...]
    book: str
    deck: str
    number: int = 0
    """Its note's number in Anki."""
    place: int = 0
    """Of a note with gaps, which of its cards, from 0."""
    parent: str = ""
    """ID of the card that it follows up."""
    more: Json = field(default_factory=dict)
    """What the preview says of it beside."""

    def cards(self, places: Sequence[int]) -> Iterator[Shown]:
        """The cards of a note, of one with very many and a long text the first; the first has the note's ID."""
        if places == (self.place,):
            yield self
            return
        room = _ROOM // max(len(next(iter(self.fields.values()))), 1)
        for place in places[: max(room, 1)]:
            yield replace(self, place=place, id=self.id if place == places[0] else f"{self.id}-{place + 1}")

    @property
    def title(self) -> str:
        """The chapter that it lies in."""
        return plain_text(self.fields["Chapter"])


def shown_as_packed(packed: PackedNote, book: str, parent: str = "") -> Shown:
    """A note as it lies in a package of a book."""
    fields = packed.fields
    return Shown(fields["ID"], packed.type, fields, packed.tags, book, packed.deck, packed.note, parent=parent)
