"""A page's titles and names -> its book and the folders that it lies in, without ids and chapter ranges."""

from __future__ import annotations

import re

from notedeck.config import Config
from notedeck.plain import folded, nfc

_ID = re.compile(r"[ -]?\b[0-9a-f]{32}\b")
_FILE_ENDING = re.compile(r"(?:_all\.csv|\.[^.]+)$")
_UNIT = r"(?:장|주차|강|과|챕터|회차|章|chapters?|weeks?)"
_DIGITS = r"(?<!\d)\d++"
_NUMBER = rf"(?:(?-i:(?<![가-힣]))제\s?)?{_DIGITS}\s*+{_UNIT}?"
_ENDS = r"(?-i:(?![가-힣A-Za-z]))"  # a class of Hangul in two cases takes 8 ms to compile
_RANGE = re.compile(rf"(?:[(\[]\s*+)?{_NUMBER}\s*+[~\-–,]\s*+(?:제\s?)?\d++\s*+{_UNIT}{_ENDS}(?:\s*+[)\]])?", re.IGNORECASE)
_ONE = (
    rf"(?:[(\[]\s*+)?(?:(?:(?-i:(?<![가-힣]))제\s?)?{_DIGITS}\s*+{_UNIT}{_ENDS}|(?:chapters?|weeks?)\s*+\d++(?:\s*+[~\-–,]\s*+\d++)?)"
    r"(?:\s*+[)\]])?"
)
_ONE_AT_AN_END = re.compile(rf"^\s*+{_ONE}|{_ONE}\s*+$", re.IGNORECASE)


def folders_of(name: str) -> tuple[str, ...]:
    """The folders that a page lies in, by its path inside the notes' folder, without ids and chapter ranges, outermost first."""
    return tuple(bare for folder in name.split("/")[:-1] if (bare := bare_title(folder) or folded(folder)))


def name_of(name: str) -> str:
    """A page's name by its path: its file's, without ending and id, and a database's without Notion's `_all`."""
    stem = _FILE_ENDING.sub("", name.rsplit("/", 1)[-1])
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
