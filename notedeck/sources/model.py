"""A source: one file of notes, decoded."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path


class Form(StrEnum):
    """How a source is written."""

    MARKDOWN = "markdown"
    HTML = "html"
    CSV = "csv"


@dataclass(frozen=True, slots=True)
class Source:
    """One file of notes."""

    path: str
    """As the author would type it; messages name it so."""
    name: str
    """Its path as seen from the lock's folder, with `/` and in NFC; the lock names it so on every machine."""
    inside: str
    """Its path inside the notes' folder, likewise."""
    text: str
    """Decoded, with newlines at line ends."""
    folder: Path
    """Where it lies; relative pictures start here."""
    root: Path
    """The notes' folder; no picture comes from outside it."""
    form: Form = Form.MARKDOWN
