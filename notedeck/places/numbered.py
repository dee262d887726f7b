"""A folder's or a page's name -> the name of its deck: number and unit where it is numbered with one, else as written, with its number padded.

    01장_사용자 수에 따른 …   01장        week4, 4week. …   week 04
    [1주차]김하늘            01주차      chap02, Ch5-제네릭   Chapter 02, Chapter 05
    season1_week01-17       season 01   6. 소프트웨어 공학    06. 소프트웨어 공학

Anki sorts decks as text. A range (`1~3장`) stays as written.
"""

from __future__ import annotations

import re

from notedeck.items.chapter import UNITS_AFTER, UNITS_BEFORE, Chapter, number_of

_WORDS = r"weeks?|chapters?|chap|ch|seasons?|lectures?|lessons?|units?|days?|sessions?|parts?"
_NO_RANGE = r"(?!\d)(?!\s?[~\-–]\s?\d)"
_BEHIND = re.compile(
    rf"[\W_]*(?:제\s?|第\s?)?(\d{{1,4}}|(?<=第)[一二三四五六七八九十]{{1,3}})\s?({UNITS_AFTER}|시즌|{_WORDS})(?![가-힣A-Za-z])(?!\s?[~\-–]\s?\d)(?!(?<=과)\s\d)",
    re.IGNORECASE,
)
_BEFORE = re.compile(rf"[\W_]*({UNITS_BEFORE}|시즌|{_WORDS})[\s._-]?(\d{{1,4}}){_NO_RANGE}", re.IGNORECASE)
_SHORT = {"ch": "Chapter", "ch.": "Chapter", "chap": "Chapter"}
_LEADING = re.compile(rf"\d+{_NO_RANGE}(?=$|[\s._)\]\-])")


def numbered(name: str) -> Chapter | None:
    """The chapter that a name is, if it begins with a number and a unit."""
    if found := _BEHIND.match(name):
        return Chapter(name, number_of(found[1]), _unit(found[2]))
    found = _BEFORE.match(name)
    return Chapter(name, int(found[2]), _unit(found[1])) if found else None


def _unit(words: str) -> str:
    return _SHORT.get(words.casefold(), words)


def sorted_name(name: str, digits: int) -> str:
    """A name without number and unit, with the number that it begins with padded."""
    found = _LEADING.match(name)
    return found[0].zfill(digits) + name[found.end() :] if found else name


def chapter_name(chapter: Chapter, digits: int) -> str:
    """The name of a chapter's deck; of one without a number, its title."""
    if not chapter.unit:
        return sorted_name(chapter.title, digits)
    number = str(chapter.number).zfill(digits)
    return f"{chapter.unit} {number}" if chapter.unit_leads else number + chapter.unit
