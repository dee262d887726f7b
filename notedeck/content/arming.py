"""Anki's own marks in a field: as text wherever the notes have them, and as marks where a cloze note needs them.

Until a field is finished, signs stand for the marks of its gaps, and placeholders (`<img src="picture-0">`) for its pictures.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence

from notedeck.plain import nfc

PLAYS, PLAYED = "\6", "\7"
"""Stand around the name of a file that Anki plays, until all else in the field is written."""
OPENS, NUMBERED, HINTED, CLOSES = SIGNS = "\2\3\4\5"
"""Stand for the marks of a cloze until all else in the field is written: sources hold no control characters."""
_ANKI_MARKS = re.compile(r"\[(?=sound:|anki:|\$|/\$|latex\]|/latex\])", re.IGNORECASE)
_STROKE = "\u0338"
_TEXT_BEHIND_A_TAG = re.compile(r"(?<=>)[^<]+")
_ANKI_SIGNS = {ord(OPENS): "{{c", ord(NUMBERED): "::", ord(HINTED): "::", ord(CLOSES): "}}"}
_SIGN = re.compile(rf"({OPENS}[\d,]+{NUMBERED}|[{HINTED}{CLOSES}])")
_GAP = re.compile(r"\{\{c(\d+)::")
_TOUCHING = re.compile(r"[{}](?=[{}]|\Z)|(?<=[{}])[{}]|\A[{}]")
_TOUCHING_IN_CLOZE = re.compile(rf"{_TOUCHING.pattern}|:(?=:|\Z)|(?<=:):|\A:")
_PLACEHOLDER = re.compile(r'<img src="picture-(\d+)"[^>]*>')


def with_pictures(field: str, found: Sequence[str]) -> str:
    """A field with each placeholder replaced by the HTML found for its picture."""
    return _PLACEHOLDER.sub(lambda place: found[int(place[1])], field)


SOUND = re.compile(r"\[sound:(notedeck-[0-9a-f]{16}\.[a-z0-9]+)\]")
"""What a finished field plays; where the notes have such a mark its bracket is an entity."""


def with_sounds(field: str) -> str:
    """A finished field in which Anki plays what is to be played."""
    return field.replace(PLAYS, "[sound:").replace(PLAYED, "]") if PLAYS in field else field


def disarmed(field: str) -> str:
    """HTML in NFC in which Anki's own marks (`[sound:…]`, `[$]`) are text, wherever they stand."""
    return _ANKI_MARKS.sub("&#91;", nfc(_TEXT_BEHIND_A_TAG.sub(_unstruck, field) if _STROKE in field else field))


def _unstruck(text: re.Match[str]) -> str:
    """Text behind a tag whose stroke stays off the tag: in NFC `>` with a stroke is `≯`, and what follows would be attributes."""
    composed = nfc(text[0])
    return f"&#{ord(_STROKE)};{composed[1:]}" if composed.startswith(_STROKE) else composed


def armed(field: str) -> str:
    """A field of a cloze note: its own marks become Anki's, and all else that Anki would take for one is text."""
    depth = 0
    parts: list[str] = []
    for place, piece in enumerate(_SIGN.split(disarmed(field))):
        is_sign = place % 2 == 1
        depth += is_sign * (piece.startswith(OPENS) - piece.startswith(CLOSES))
        parts.append(piece.translate(_ANKI_SIGNS) if is_sign else _apart(piece, _TOUCHING_IN_CLOZE if depth else _TOUCHING))
    return "".join(parts)


def with_numbers(armed_text: str, numbers: Mapping[int, int]) -> str:
    """The text of a cloze note with other numbers on its gaps."""
    return _GAP.sub(lambda found: f"{{{{c{numbers.get(int(found[1]), found[1])}::", armed_text)


def _apart(text: str, touching: re.Pattern[str]) -> str:
    """Text with the characters that would make a mark as entities."""
    return touching.sub(lambda found: f"&#{ord(found[0])};", text)
