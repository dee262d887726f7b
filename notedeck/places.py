"""Where a note belongs: its book, its chapter's deck, and the names of these in Anki and on disk."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache

from notedeck.config import Config
from notedeck.items.model import Chapter
from notedeck.plain import folded, nfc

_ID = re.compile(r"[ -]?\b[0-9a-f]{32}\b")
_UNIT = r"(?:장|주차|강|과|챕터|회차|章|chapters?|weeks?)"
_NUMBER = rf"(?:(?<![가-힣])제\s?)?\d+\s*{_UNIT}?"
_RANGE = re.compile(rf"[(\[]?\s*{_NUMBER}\s*[~\-–,]\s*(?:제\s?)?\d+\s*{_UNIT}(?![가-힣A-Za-z])\s*[)\]]?", re.IGNORECASE)
_ONE = rf"[(\[]?\s*(?:(?:(?<![가-힣])제\s?)?\d+\s*{_UNIT}(?![가-힣A-Za-z])|(?:chapters?|weeks?)\s*\d+(?:\s*[~\-–,]\s*\d+)?)\s*[)\]]?"
_ONE_AT_AN_END = re.compile(rf"^\s*{_ONE}|{_ONE}\s*$", re.IGNORECASE)
_FORBIDDEN = re.compile(r'[<>:"/\\|?*\x00-\x1f]')
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


def folders_of(name: str) -> tuple[str, ...]:
    """The folders that a page lies in, by its path inside the notes' folder, without ids and chapter ranges, outermost first."""
    return tuple(bare for folder in name.split("/")[:-1] if (bare := bare_title(folder) or folded(folder)))


def name_of(name: str) -> str:
    """A page's name by its path: its file's, without ending and id, and a database's without Notion's `_all`."""
    stem = re.sub(r"(?:_all\.csv|\.[^.]+)$", "", name.rsplit("/", 1)[-1])
    return folded(_ID.sub("", nfc(stem)))


def book_of(title: str, name: str, folder: str, config: Config, in_folder: bool = False) -> str:
    """The book of a page: deck.toml, else its title, else its file's name, else its folder; `in_folder`, the outermost folder.

    `title` is the first heading, `name` the path inside the notes' folder, `folder` that folder's own name.
    """
    if config.book:
        return config.book
    stem = name_of(name)
    for words in (title, stem):
        if words and words in config.books:
            return config.books[words]
    parents = name.split("/")[-2::-1]
    for words in (*parents[::-1], folder) if in_folder else (title, stem, *parents, folder):
        if bare := bare_title(words):
            return config.books.get(bare, bare)
    return "노트"


def bare_title(words: str) -> str:
    """A title without ids and without a chapter range: `대규모 1~3장` is of the book `대규모`."""
    without_id = _ID.sub("", nfc(words))
    return folded(_ONE_AT_AN_END.sub(" ", _RANGE.sub(" ", without_id))).strip(" -–_:|,.~")


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
    from notedeck.items.sections import read_chapter

    return read_chapter(name) or Chapter(name)


def _numbered(chapter: Chapter, digits: int) -> str:
    """A chapter's own deck: number and unit, the number padded; without a unit its title, with the number before it padded."""
    if not chapter.unit:
        return re.sub(r"^\d+(?=[.)]\s?\D)", lambda found: found[0].zfill(digits), chapter.title)
    number = str(chapter.number).zfill(digits)
    return f"{chapter.unit} {number}" if chapter.unit_leads else number + chapter.unit


def deck_part(words: str) -> str:
    """A name as one part of a deck's: `::` would divide it."""
    return re.sub(r":{2,}", ":", folded(words)).strip() or "노트"


def tag_part(words: str) -> str:
    """Words as one part of a tag: Anki ends a tag at white space."""
    return re.sub(r"[\s\u3000]+", "_", deck_part(words)).replace('"', "").replace("*", "")


def file_name(words: str, ending: str) -> str:
    """A name for a file on any system: NFC, without what Windows forbids, at most 120 bytes with its ending."""
    name = _FORBIDDEN.sub("_", folded(words)).strip(" .") or "_"
    name = f"_{name}" if _RESERVED.match(name) else name
    stem, dot, suffix = _FORBIDDEN.sub("_", nfc(ending)).rpartition(".")
    last = stem.encode()[: _NAME_BYTES // 2].decode(errors="ignore") + dot + suffix
    return name.encode()[: _NAME_BYTES - len(last.encode())].decode(errors="ignore").strip() + last
