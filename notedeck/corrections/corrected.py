"""What becomes of corrections in one run: where the line of each was found, and what is remembered of it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from notedeck.corrections.correction import Correction, Told
from notedeck.diagnostics import Diagnostic


@dataclass(frozen=True, slots=True)
class Place:
    """A line of the notes."""

    path: str
    line: int
    """From 1."""


@dataclass(frozen=True, slots=True)
class Sighting:
    """Where the line of a correction was found last, as the lock keeps it."""

    corrects: str
    """The correction's `key`."""
    source: str
    """Path as seen from the lock's folder."""
    line: int
    """From 1."""
    words: str
    """The line's letters, as those of its neighbours."""
    above: str
    """The nearest line above it that says anything."""
    below: str
    others: int
    """How many lines had the same letters beside it."""
    twins: int
    """How many of these stood between lines of the same letters too."""
    like: tuple[str, ...] = ()
    """Fingerprints of the lines of its page that were most like it: what stood there beside it is not what became of it."""


@dataclass(frozen=True, slots=True)
class Corrected:
    """The corrections of a run."""

    corrections: tuple[Correction, ...] = ()
    """In the order of their file."""
    held: Mapping[int, Place] = field(default_factory=dict)
    """Where the line of each is, by its place among all; those that are lost or unclear are not in it."""
    unclear: frozenset[int] = frozenset()
    told: Mapping[str, tuple[Told, ...]] = field(default_factory=dict)
    """By the path of a source, what its lines are told to be."""
    sightings: Mapping[str, Sighting] = field(default_factory=dict)
    """By the keys of the corrections that are in the file."""
    problems: tuple[Diagnostic, ...] = ()


NO_CORRECTIONS = Corrected()
