"""A chapter: a numbered heading, or what stands for one."""

from __future__ import annotations

from dataclasses import dataclass

UNITS_AFTER = "장|주차|주|강|과|챕터|회차|회|편|일차|부|章|課|课|回|部|週|周|讲|講"
"""What stands behind a number."""
UNITS_BEFORE = r"chapter|ch\.?|week|lecture|lesson|unit|day|session|part|item|챕터|아이템|규칙"
"""What stands before one."""
_ROMAN = {"I": 1, "V": 5, "X": 10}
_IDEOGRAPHS = "零一二三四五六七八九十"


@dataclass(frozen=True, slots=True)
class Chapter:
    """A numbered heading, folder or page; where there is no number, one that stands for a chapter."""

    title: str
    """As written, without its presenter."""
    number: int = 0
    unit: str = ""
    """What follows the number (`장`, `주차`) or stands before it (`Chapter`); empty without a number."""

    @property
    def unit_leads(self) -> bool:
        """Whether the unit stands before the number, as in `Chapter 1`."""
        return self.unit.isascii()


def number_of(words: str) -> int:
    """A number in digits, in Roman letters (`Part II`) or in ideographs up to 99 (`第十二章`)."""
    if words.isdecimal():
        return int(words)
    if words[0] in _IDEOGRAPHS:
        tens, ten, ones = words.rpartition("十")
        return (_IDEOGRAPHS.index(tens or "一") * 10 if ten else 0) + (_IDEOGRAPHS.index(ones) if ones else 0)
    values = [_ROMAN[letter] for letter in words.upper()]
    return sum(-value if value < max(values[place:]) else value for place, value in enumerate(values))
