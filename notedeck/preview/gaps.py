"""Anki's filter `cloze`: a text with `{{c1::…::hint}}` in it -> what a card shows of it, front or back."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import lru_cache

from notedeck.content.cleaning import TAG

_TOKEN = re.compile(r"\{\{c([\d,]+)::|\}\}")
_FORMULA_MARK = re.compile(r"\\[()\[\]]")
_NOT_PLAIN = re.compile(r"[\x00-/:-@\[-`{-\xff]")
_NAMED = {"&": "&amp;", "<": "&lt;", ">": "&gt;", '"': "&quot;"}
_LONGEST_ATTRIBUTE = 10_000
"""Characters."""
_DEEPEST = 10
"""Gaps in gaps that Anki reads."""


@dataclass(frozen=True, slots=True)
class Side:
    """Which card of a note, and which side of it."""

    number: int = 1
    """From 1; of a cloze note, that of the gaps that it asks for."""
    is_front: bool = True


_NOBODY = Side(0)
FRONT = Side()
"""The front of a note's only card."""


@dataclass(slots=True)
class _Gap:
    numbers: str
    parts: list[str | _Gap] = field(default_factory=list)
    hint: str = "..."

    def put(self, text: str) -> None:
        """Take text; what stands behind `::` is the hint."""
        words, colons, hint = text.partition("::")
        self.parts.append(words)
        self.hint = hint if colons else self.hint


def revealed(text: str, side: Side) -> str:
    """What a card shows of a text with gaps; nothing if it has no gap of the card's number."""
    parts, idle, asking = _parted(text)
    if str(side.number) not in asking:
        return ""
    shown = list(idle)
    for place in asking[str(side.number)]:
        shown[place] = _shown(parts[place], side)
    return _plain_formulas("".join(shown))


@lru_cache(maxsize=4)
def _parted(text: str) -> tuple[list[str | _Gap], list[str], dict[str, list[int]]]:
    """A text's parts, what they show to cards that do not ask for them, and by each number the places of those that it asks for.

    A note of many gaps has many cards, each with all of its text: so it is read once.
    """
    parts = _read(text)
    asking: dict[str, list[int]] = {}
    for place, part in enumerate(parts):
        for number in _numbers(part):
            asking.setdefault(number, []).append(place)
    return parts, [_shown(part, _NOBODY) for part in parts], asking


def _read(text: str) -> list[str | _Gap]:
    found = _Gap("")
    opened = [found]
    end = 0
    for token in _TOKEN.finditer(text):
        _put(opened, text[end : token.start()])
        end = token.end()
        if token[1] and len(opened) <= _DEEPEST:
            opened.append(_Gap(token[1]))
        elif token[1] or len(opened) == 1:
            _put(opened, token[0])
        else:
            opened[-2].parts.append(opened.pop())
    _put(opened, text[end:])
    return found.parts


def _put(opened: list[_Gap], text: str) -> None:
    if len(opened) > 1:
        opened[-1].put(text)
    else:
        opened[0].parts.append(text)


def _numbers(part: str | _Gap) -> set[str]:
    """The numbers of the gaps in a part."""
    return set() if isinstance(part, str) else {*part.numbers.split(","), *(number for one in part.parts for number in _numbers(one))}


def _shown(part: str | _Gap, side: Side) -> str:
    if isinstance(part, str):
        return part
    inside = "".join(_shown(one, side) for one in part.parts)
    if str(side.number) not in part.numbers.split(","):
        return f'<span class="cloze-inactive" data-ordinal="{part.numbers}">{inside}</span>'
    if side.is_front:
        return f'<span class="cloze" data-cloze="{_attribute(inside)}" data-ordinal="{part.numbers}">[{part.hint}]</span>'
    return f'<span class="cloze" data-ordinal="{part.numbers}">{inside}</span>'


def _attribute(text: str) -> str:
    """Text as Anki puts it into an attribute, which only scripts read; gaps of one number in each other would make it longer and longer."""
    if len(text) > _LONGEST_ATTRIBUTE:
        return ""
    return _NOT_PLAIN.sub(lambda char: _NAMED.get(char[0], f"&#x{ord(char[0]):02X};"), text)


def _plain_formulas(text: str) -> str:
    """Text with no markup inside formulas, where MathJax would not read it."""
    return "".join(_pieces(text))


def _pieces(text: str) -> Iterator[str]:
    begin, is_open = 0, False
    for mark in _FORMULA_MARK.finditer(text):
        closes = mark[0][1] in ")]"
        if closes is is_open:
            piece = text[begin : mark.end()]
            yield TAG.sub("", piece) if closes else piece
            begin, is_open = mark.end(), not closes
    yield text[begin:]
