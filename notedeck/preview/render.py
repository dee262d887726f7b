"""Anki's template language: a template and a note's fields -> the HTML that Anki shows.

It looks like Mustache and is not: nothing is escaped, a section only asks whether a field is filled, and filters
stand before a field's name. What only a running Anki does (typing an answer, reading aloud) shows nothing here.
"""

from __future__ import annotations

import html
import re
from collections.abc import Callable, Container, Iterator, Mapping, Sequence
from dataclasses import dataclass

from notedeck.content.cleaning import TAG
from notedeck.preview.gaps import FRONT, Side, revealed

FRONT_SIDE = "FrontSide"
_PIECE = re.compile(r"<!--|\{\{\s*+([#^/]?)([^{}]*+)\}\}")
_EMPTY = re.compile(r"(?:\s|</?(?:br|div) ?/?>)*", re.IGNORECASE)
_READING = re.compile(r" ?([^ >][^ >\[]{0,59}+)\[(.[^\]\n]{0,59}+)\]")
"""Words with their reading (`漢字[かんじ]`). In Anki both may be of any length, and a text without a bracket takes long."""


@dataclass(frozen=True, slots=True)
class Field:
    """A place where a field's value stands."""

    name: str
    filters: tuple[str, ...] = ()
    """In the order in which they are applied."""


@dataclass(frozen=True, slots=True)
class Section:
    """A part that stands only if a field is filled, or only if it is not."""

    name: str
    if_filled: bool
    parts: tuple[Part, ...]


Part = str | Field | Section


def read_template(text: str) -> tuple[Part, ...]:
    """Read a template in which each section is closed (`notetypes` has seen to that)."""
    opened: list[tuple[str, bool, list[Part]]] = [("", True, [])]
    end = commented = 0
    last_comment = text.rfind("-->")
    for found in _PIECE.finditer(text):
        if found[0] == "<!--" and commented <= found.end() <= last_comment:
            commented = text.index("-->", found.end())
        if found[0] == "<!--" or found.start() < commented:
            continue
        opened[-1][2].append(text[end : found.start()])
        end = found.end()
        sign, words = found[1], found[2].strip()
        if sign == "/":
            name, if_filled, parts = opened.pop()
            opened[-1][2].append(Section(name, if_filled, tuple(parts)))
        elif sign:
            opened.append((words, sign == "#", []))
        else:
            *filters, name = words.split(":")
            opened[-1][2].append(Field(name, tuple(reversed(filters))))
    return (*opened[0][2], text[end:])


def asked_fields(parts: Sequence[Part]) -> set[str]:
    """The names of the fields of which a template asks whether they are filled."""
    return {name for part in parts if isinstance(part, Section) for name in (part.name, *asked_fields(part.parts))}


def standing(parts: Sequence[Part], filled: Container[str]) -> tuple[str | Field, ...]:
    """What stands of a template where these fields are filled; texts side by side are one."""
    found: list[str | Field] = []
    for part in _standing(parts, filled):
        if isinstance(part, str) and found and isinstance(found[-1], str):
            found[-1] += part
        else:
            found.append(part)
    return tuple(found)


def _standing(parts: Sequence[Part], filled: Container[str]) -> Iterator[str | Field]:
    for part in parts:
        if not isinstance(part, Section):
            yield part
        elif (part.name in filled) is part.if_filled:
            yield from _standing(part.parts, filled)


def rendered(parts: Sequence[Part], fields: Mapping[str, str], side: Side = FRONT, front: str = "") -> str:
    """What a template shows of a note, with `front` where a back has it."""
    filled = {name for name, value in fields.items() if is_filled(value)}
    return "".join([_piece(part, fields, side, front) for part in standing(parts, filled)])


def _piece(part: str | Field, fields: Mapping[str, str], side: Side, front: str) -> str:
    """What a part shows; Anki asks no filter of the front's."""
    if isinstance(part, str):
        return part
    return front if part.name == FRONT_SIDE else value_of(part, fields, side)


def is_filled(value: str) -> bool:
    """Whether Anki takes a field as filled: line breaks alone are nothing."""
    return bool(value) and not _EMPTY.fullmatch(value)


def without_markup(field: str) -> str:
    """A field as the filter `text` gives it: no tags, and characters instead of their names."""
    return html.unescape(TAG.sub("", field)) if "<" in field or "&" in field else field


def value_of(place: Field, fields: Mapping[str, str], side: Side) -> str:
    """What stands in the place of a field."""
    value = fields.get(place.name, "")
    for name in place.filters:
        value = revealed(value, side) if name == "cloze" else _FILTERS.get(name.split(" ")[0], _shown_as_it_is)(value, place.name)
    return value


def _shown_as_it_is(value: str, name: str) -> str:
    return value


def _hint(value: str, name: str) -> str:
    """Anki's opens by a script; the page runs none of a card's."""
    return f'<details class="hint tappable"><summary class="tappable">{name}</summary>{value}</details>' if value.strip() else value


_FILTERS: dict[str, Callable[[str, str], str]] = {
    "text": lambda value, name: without_markup(value),
    "hint": _hint,
    "furigana": lambda value, name: _READING.sub(r"<ruby><rb>\1</rb><rt>\2</rt></ruby>", value),
    "kana": lambda value, name: _READING.sub(r"\2", value),
    "kanji": lambda value, name: _READING.sub(r"\1", value),
    "type": lambda value, name: "",
    "tts": lambda value, name: "",
}
"""What each filter makes of a field's value and name; `cloze` must know the card too."""
