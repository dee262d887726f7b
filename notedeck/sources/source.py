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
    """As the author would type it, through a zip as through a folder; messages name it so."""
    name: str
    """Its path as seen from the lock's folder, with `/` and in NFC; the lock names it so on every machine.

    A page of Notion keeps its id here, and no name of a zip or of an export stands in it: `notedeck.sources.names.page_key`
    knows it again.
    """
    inside: str
    """Its path as seen from the root, likewise, without wrappers, ids and unseen characters: books and decks are named after it."""
    text: str
    """Decoded, with newlines at line ends."""
    folder: Path
    """Where it lies, through a zip as through a folder; relative pictures start here."""
    form: Form = Form.MARKDOWN
    page_id: str = ""
    """The id of its page in Notion, 32 digits."""
    is_question: bool = False
    """Whether its title is a question and its body the answer: a row of a database whose title column holds the questions."""
    is_ignored: bool = False
    """Whether `.notedeckignore` leaves it out."""
