"""A correction: what a person says of a line that was read wrongly, as it stands in corrections.toml."""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import StrEnum

from notedeck.diagnostics import Span
from notedeck.plain import nfc

_UNSAID = re.compile(
    r"^[ \t>]*+(?:(?:[-*+]|#{1,6})[ \t]++)*+\d{1,3}[.)][ \t]|(?<=\])\([^()\n]*+(?:\([^()\n]*+\)[^()\n]*+)?\)|<[^<>\n]{1,300}>", re.MULTILINE
)
"""What of a line may be another one in the next export: its number in a list, the addresses of its links, its tags."""
_SILENT = re.compile(r"(?:[^\w\n]|_)+")


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
    after: str = ""
    """A line above it, where there are several of the same words: it is the first of them behind that line."""
    reason: str = ""
    """Why, for whoever reads the file."""

    @property
    def key(self) -> str:
        """By what it is known from build to build: what it says of its line, and not what the line is."""
        return "@".join(map(letters, (self.text, self.file, self.after))).rstrip("@")


def letters(words: str) -> str:
    """What a line, or each of several, is known by: its letters and digits, whatever its marks, white space and form of Unicode."""
    return _SILENT.sub("", _UNSAID.sub("", nfc(words))).casefold()


@dataclass(frozen=True, slots=True, order=True)
class Told:
    """What a line of one source is told to be: all that its reading needs of a correction."""

    line: int
    """Counted from 0."""
    role: As
    tags: tuple[str, ...] = ()
    under: int = -1
    """The line of the question that it follows up on; -1 of most."""
