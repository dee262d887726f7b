"""A note as a package holds it: one that is about to be packed, or one that was read back."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from notedeck.content.notefields import fields_print
from notedeck.identity.notes import Note
from notedeck.sources.pictures import Picture


@dataclass(frozen=True, slots=True)
class PackedText:
    """What a package says of a note, read back or changed since."""

    fields: Mapping[str, str]
    """By name, in their note type's order."""
    tags: tuple[str, ...]

    @property
    def print(self) -> str:
        """Fingerprint of its fields and tags."""
        return fields_print(self.fields, self.tags)


@dataclass(frozen=True, slots=True)
class Retagged:
    """What a package says of a note, under other tags."""

    said: Note | PackedText | Retagged
    tags: tuple[str, ...]

    @property
    def fields(self) -> Mapping[str, str]:
        """By name, in their note type's order."""
        return self.said.fields

    @property
    def print(self) -> str:
        """Fingerprint of its fields and tags."""
        return fields_print(self.fields, self.tags)


@dataclass(frozen=True, slots=True)
class PackedNote:
    """A note with its place in a package."""

    guid: str
    note: int
    """Its note id, milliseconds."""
    type: str
    """Its note type's name."""
    cards: tuple[int, ...]
    """The places of its cards among its note type's, from 0."""
    modified: int
    """Seconds."""
    deck: str
    """Full name of the deck of its first card."""
    due: int
    """Its place in the order of new cards, from 1."""
    text: Note | PackedText | Retagged
    """What it says."""
    pictures: tuple[Picture, ...] = ()

    @property
    def fields(self) -> Mapping[str, str]:
        """Its fields by name; those of a note are written anew each time, as those of many would fill the memory."""
        return self.text.fields

    @property
    def tags(self) -> tuple[str, ...]:
        """Its tags, sorted."""
        return self.text.tags

    @property
    def print(self) -> str:
        """Fingerprint of its fields and tags."""
        return self.text.print
