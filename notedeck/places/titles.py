"""A page's titles and names -> what they say without ids, chapters and ranges."""

from __future__ import annotations

import re

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
_DATE = re.compile(r"(?:\d++\s?[년월일차]?|[\W_])++")
_ONE_AT_AN_END = re.compile(rf"^\s*+{_ONE}|{_ONE}\s*+$", re.IGNORECASE)


def without_ids(words: str) -> str:
    """A title or a name without the ids of Notion's pages."""
    return folded(_ID.sub("", nfc(words)))


def name_of(path: str) -> str:
    """A page's name by its path: its file's, without ending and id, and a database's without Notion's `_all`."""
    return without_ids(_FILE_ENDING.sub("", path.rsplit("/", 1)[-1]))


def bare_title(words: str) -> str:
    """A title without ids and without a chapter range: `대규모 1~3장` is of the book `대규모`."""
    return folded(_ONE_AT_AN_END.sub(" ", _RANGE.sub(" ", without_ids(words)))).strip(" -–_:|,.~")


def volume(words: str) -> tuple[str, str] | None:
    """The name and the rest of a title that is a name with a chapter or a range behind it: `시스템 설계 6장`; None of any other.

    A date is no name: `3월 1주차`.
    """
    words, bare = without_ids(words), bare_title(words)
    if not bare or _DATE.fullmatch(bare) or bare == words.strip(" -–_:|,.~") or not words.startswith(bare.split()[0]):
        return None
    return bare, words.removeprefix(bare).strip(" -–_:|,.~")
