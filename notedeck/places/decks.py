"""Where a note belongs: its book's deck or its chapter's, and the names of these in Anki and on disk."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache

from notedeck.config import Config
from notedeck.items.chapter import Chapter
from notedeck.plain import folded, nfc

_FORBIDDEN = re.compile(r'[<>:"/\\|?*\x00-\x1f]')
_LEADING_NUMBER = re.compile(r"^\d+(?=[.)]\s?\D)")
_DIVIDER = re.compile(":{2,}")
"""What parts the names of decks that lie in each other."""
_RESERVED = re.compile(r"(?:con|prn|aux|nul|com\d|lpt\d)(?:\.|$)", re.IGNORECASE)
_NAME_BYTES = 120
INSIDE = "::"
"""Stands between the parts of a deck's name."""


@dataclass(frozen=True, slots=True)
class Place:
    """A note's place in Anki."""

    book: str
    deck: str
    """Full name, with `::` between its parts."""
    chapter: str
    """The chapter as written; empty outside chapters."""
    tag: str
    """The chapter's tag; empty outside chapters."""


def place_of(book: str, chapter: Chapter | None, config: Config) -> Place:
    """The deck of a note: the book's, or below it the chapter's, number and unit only, padded (Anki sorts as text)."""
    return _place(book, chapter, config.under, config.digits)


@lru_cache(maxsize=1 << 10)
def _place(book: str, chapter: Chapter | None, under: str, digits: int) -> Place:
    root = "::".join(part for part in (*under.split("::"), deck_part(book)) if part)
    if chapter is None:
        return Place(book, root, "", "")
    parts = [_folder(folder) for folder in chapter.folders]
    names = [_numbered(part, digits) for part in (*parts, chapter)]
    deck = "::".join((root, *map(deck_part, names)))
    return Place(book, deck, chapter.title, "::".join(("장", tag_part(book), *map(tag_part, names))))


def _folder(name: str) -> Chapter:
    """A folder between the book's and the page's."""
    from notedeck.items.pages.sections import read_chapter

    return read_chapter(name) or Chapter(name)


def _numbered(chapter: Chapter, digits: int) -> str:
    """A chapter's own deck: number and unit, the number padded; without a unit its title, with the number before it padded."""
    if not chapter.unit:
        return _LEADING_NUMBER.sub(lambda found: found[0].zfill(digits), chapter.title)
    number = str(chapter.number).zfill(digits)
    return f"{chapter.unit} {number}" if chapter.unit_leads else number + chapter.unit


def deck_part(words: str) -> str:
    """A name as one part of a deck's: `::` would divide it."""
    return _DIVIDER.sub(":", folded(words)).strip() or "노트"


def tag_part(words: str) -> str:
    """Words as one part of a tag: Anki ends a tag at white space."""
    return "_".join(deck_part(words).split()).replace('"', "").replace("*", "")


def file_name(words: str, ending: str) -> str:
    """A name for a file on any system: NFC, without what Windows forbids, at most 120 bytes with its ending."""
    name = _FORBIDDEN.sub("_", folded(words)).strip(" .") or "_"
    name = f"_{name}" if _RESERVED.match(name) else name
    stem, dot, suffix = _FORBIDDEN.sub("_", nfc(ending)).rpartition(".")
    last = stem.encode()[: _NAME_BYTES // 2].decode(errors="ignore") + dot + suffix
    return name.encode()[: _NAME_BYTES - len(last.encode())].decode(errors="ignore").strip() + last
