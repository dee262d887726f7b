"""A correction: what a person says of a line that was read wrongly, as it stands in corrections.toml."""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import StrEnum

from notedeck.diagnostics import Span
from notedeck.plain import nfc

_ADDRESS = re.compile(r"\]\([^()\n]*(?:\([^()\n]*\)[^()\n]*)?\)")
_TAG = re.compile(r"<[^<>\n]{1,300}>")


class As(StrEnum):
    """What a line is said to be."""

    QUESTION = "question"
    """It begins a card."""
    ANSWER = "answer"
    """It belongs to the question above, with what lies between and what follows."""
    END = "end"
    """The answer above ends before it."""
    CONTEXT = "context"
    """It stands above the question that follows."""
    HEADING = "heading"
    """It names a section."""
    NOTHING = "nothing"
    """It is on no card."""


@dataclass(frozen=True, slots=True)
class Correction:
    """One `[[line]]` of corrections.toml."""

    span: Span
    """Where it stands in corrections.toml."""
    text: str
    """The line as it stood in the notes, or its beginning."""
    role: As
    """The value of `as`."""
    file: str = ""
    """Only there; of a page of Notion its name is enough."""
    tags: tuple[str, ...] = ()
    """Of the card that begins here; one that begins with `-` is taken away."""
    under: str = ""
    """The question that it follows up on."""
    reason: str = ""
    """Why, for whoever reads the file."""


def letters(words: str) -> str:
    """What a line is known by: its letters and digits, whatever its marks, white space, addresses and form of Unicode."""
    bare = _TAG.sub("", _ADDRESS.sub("]", words)) if "](" in words or "<" in words else words
    return "".join([char for char in nfc(bare).casefold() if char.isalnum()])


@dataclass(frozen=True, slots=True, order=True)
class Told:
    """What a line of one source is told to be: all that its reading needs of a correction."""

    line: int
    """Counted from 0."""
    role: As
    tags: tuple[str, ...] = ()
    under: int = -1
    """The line of the question that it follows up on; -1 of most."""
