"""A page's path and title, and deck.toml -> its book, and the decks below it that its path gives.

Nothing else decides it: neither another page, nor what is on the page but for its title. So a page that is added moves no other.
"""

from __future__ import annotations

from dataclasses import dataclass

from notedeck.config import Config
from notedeck.items.chapter import Chapter
from notedeck.places.numbered import numbered
from notedeck.places.titles import bare_title, name_of, volume, without_ids
from notedeck.plain import alike

NAMELESS = "노트"
"""The book of pages that nothing names."""
_COVERS = ("readme", "index")
"""Names of a folder's own page."""


@dataclass(frozen=True, slots=True)
class Site:
    """Where a page lies among the decks."""

    book: str
    folders: tuple[Chapter, ...] = ()
    """The decks of its folders below the book."""
    page: Chapter | None = None
    """Its own deck; None if it stands for its folder, or for the book."""
    is_book: bool = False
    """Whether it is the book itself, whose sections are the subdecks."""


def site_of(title: str, path: str, config: Config) -> Site:
    """The site of a page: `title` is its first heading, `path` is seen from the root, `config` is its own."""
    folders, name = tuple(filter(None, map(without_ids, path.split("/")[:-1]))), name_of(path)
    if config.deck is not None:
        parts = tuple(_named(part) for part in config.deck.split("::") if part.strip())
        return Site(_book(title, folders, name, config)[0], parts)
    book, below, own = _book(title, folders, name, config)
    if own is None and config.subdecks == "file":
        return Site(book, (), _named(name))
    page = None if own is None or _is_cover(own, (book, *below)) else _named(own)
    return Site(book, tuple(map(_named, below)), page, own is None)


def _named(name: str) -> Chapter:
    return numbered(name) or Chapter(name)


def _is_cover(name: str, above: tuple[str, ...]) -> bool:
    """Whether a page stands for the innermost of what lies above it: by its name, or since it has the same."""
    return name.casefold() in _COVERS or alike(name) == alike(above[-1])


def _book(title: str, folders: tuple[str, ...], name: str, config: Config) -> tuple[str, tuple[str, ...], str | None]:
    """The book of a page, the folders below it, and the page's own name among these; None if the page is the book itself."""
    if config.book:
        return config.book, folders[config.above :], name
    given = next((config.books[words] for words in (title, name) if words and words in config.books), "")
    found = volume(title) or volume(name) if len(folders) < 2 else None
    if found or (not folders and not config.root):
        bare = found[0] if found else bare_title(title) or bare_title(name) or NAMELESS
        return given or config.books.get(bare, bare), (), _number_in(name)
    if config.root:
        return given or config.root, folders, name
    book, below = _outermost(folders)
    return given or config.books.get(book, book), below, name


def _number_in(name: str) -> str | None:
    """Of a page that is a book, or a part of one, what numbers it as a chapter."""
    rest = (volume(name) or ("", name))[1]
    return rest if numbered(rest) else None


def _outermost(folders: tuple[str, ...]) -> tuple[str, tuple[str, ...]]:
    """The book that the outermost folder is, and the folders below it: one that is a chapter is no book, and `운영체제 3장` is both."""
    if numbered(folders[0]):
        return NAMELESS, folders
    book, rest = volume(folders[0]) or (folders[0], "")
    return book, ((rest, *folders[1:]) if numbered(rest) else folders[1:])
