"""Where a note belongs: its book's deck or a deck below it, and the names of these in Anki and on disk."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import lru_cache

from notedeck.config import Config
from notedeck.items.chapter import Chapter
from notedeck.places.numbered import chapter_name
from notedeck.places.site import Site
from notedeck.plain import alike, folded, nfc

_FORBIDDEN = re.compile(r'[<>:"/\\|?*\x00-\x1f]')
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
    depth: int = 0
    """How many decks it lies below the book's."""


def place_of(site: Site, chapter: Chapter | None, config: Config) -> Place:
    """The deck of a note of a page, by the chapter of the page that it lies in.

    Each folder is a deck, and in it the page or, in its place, a numbered heading. The sections of a page are decks if it is a book.
    """
    parts = tuple(_parts(site, chapter, config))
    innermost = next((one for one in reversed(parts) if one.unit), parts[-1] if parts else None)
    return placed(site.book, tuple(chapter_name(one, config.digits) for one in parts), innermost.title if innermost else "", config.under)


def _parts(site: Site, chapter: Chapter | None, config: Config) -> Iterator[Chapter]:
    """The decks below the book's, outermost first; a heading that is numbered like the folder around it says nothing new."""
    if config.subdecks == "flat":
        return
    yield from site.folders
    own = [site.page] if site.page and not (chapter and chapter.unit) else []
    own += [chapter] if chapter and (chapter.unit or site.is_book or config.subdecks != "auto") else []
    above = _names(site.folders[-1]) if site.folders else ""
    yield from (one for one in own if _names(one) != above)


def _names(chapter: Chapter) -> str:
    return alike(chapter_name(chapter, 1))


@lru_cache(maxsize=1 << 12)
def placed(book: str, names: tuple[str, ...], chapter: str, under: str) -> Place:
    """A place by its book, the names of the decks below the book's, and its chapter."""
    root = [part for part in (*under.split(INSIDE), deck_part(book)) if part]
    return Place(book, INSIDE.join((*root, *map(deck_part, names))), chapter, tag_of(book, names) if names else "", len(names))


def tag_of(book: str, names: Iterable[str]) -> str:
    """The tag of a deck below a book's."""
    return INSIDE.join(("장", tag_part(book), *map(tag_part, names)))


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
