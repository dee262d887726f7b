"""Anki's filter `cloze`: a text with `{{c1::…::hint}}` in it -> what a card shows of it, front or back."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field

_TOKEN = re.compile(r"\{\{c([\d,]+)::|\}\}")
_FORMULA_MARK = re.compile(r"\\[()\[\]]")
_TAG = re.compile(r"<[^>]*>")
_NOT_PLAIN = re.compile(r"[^0-9A-Za-z\u0100-\U0010ffff]")
_NAMED = {"&": "&amp;", "<": "&lt;", ">": "&gt;", '"': "&quot;"}
_DEEPEST = 10
"""Gaps in gaps that Anki reads."""


@dataclass(frozen=True, slots=True)
class Side:
    """Which card of a note, and which side of it."""

    number: int = 1
    """From 1; of a cloze note, that of the gaps that it asks for."""
    is_front: bool = True


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
    parts = _read(text)
    if not any(_asks(part, side.number) for part in parts):
        return ""
    return _plain_formulas("".join(_shown(part, side) for part in parts))


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


def _asks(part: str | _Gap, number: int) -> bool:
    """Whether a gap of this number is in a part."""
    return not isinstance(part, str) and (str(number) in part.numbers.split(",") or any(_asks(one, number) for one in part.parts))


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
    """Text as Anki puts it into an attribute."""
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
            yield _TAG.sub("", piece) if closes else piece
            begin, is_open = mark.end(), not closes
    yield text[begin:]
