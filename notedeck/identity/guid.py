"""Names for notes that nobody has to write down: guid, ID and note id, all from what the note asks.

They come from the book, the questions above, the question and its number among equals: never from a path,
a line, an order or a clock, so two people who build the same notes make the same notes.
"""

from __future__ import annotations

import base64
from collections.abc import Callable
from dataclasses import dataclass

from notedeck.plain import alike, digest, squeezed

_NAMESPACE = "notedeck"
_FIRST_ID = 1_262_304_000_000
_IDS = 315_532_800_000
"""Note ids are milliseconds; ours lie in 2010 to 2019, where no clock of a reader makes any."""


@dataclass(frozen=True, slots=True)
class Key:
    """What identifies a note as long as its words stay."""

    book: str
    parents: tuple[str, ...]
    question: str
    number: int
    """Among notes whose other parts are equal, from 1, in the order of the notes."""


def key_of(book: str, parents: tuple[str, ...], question: str, number: int) -> Key:
    """The key of a question; spacing makes no difference, nor do large and small letters in the book's name."""
    return Key(squeezed(alike(book)), tuple(map(squeezed, parents)), squeezed(question), number)


def guid_of(key: Key, deck_id: str, note_type: str) -> str:
    """A guid of our own, 96 bits behind `nd-`."""
    parts = (_NAMESPACE, deck_id, note_type, key.book, str(len(key.parents)), *key.parents, key.question, str(key.number))
    return "nd-" + base64.urlsafe_b64encode(digest(*parts)[:12]).decode()


def id_of(guid: str, taken: Callable[[str], bool]) -> str:
    """A short name to search for (`ID:k3v9q2xa`): letters and digits, one for each guid."""
    letters = base64.b32encode(digest("id", guid)[:10]).decode().lower()
    return next(letters[:length] for length in range(8, len(letters)) if not taken(letters[:length]))


def note_id_of(guid: str, taken: Callable[[int], bool]) -> int:
    """A note id that is the same on every machine, so that two devices which sync hold one note."""
    number = _FIRST_ID + int.from_bytes(digest("note", guid)[:8], "big") % _IDS
    while taken(number):
        number += 1
    return number
