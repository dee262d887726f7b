"""corrections.toml -> Corrections. Every mistake is told with its line, and any stops the build."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Mapping, Sequence
from itertools import pairwise
from typing import Any

from notedeck.corrections.correction import As, Correction, letters
from notedeck.diagnostics import Diagnostic, Span
from notedeck.plain import nfc

_HEADER = re.compile(r"""[ \t]*\[\[[ \t]*["']?line["']?[ \t]*\]\]""")
_ERROR_LINE = re.compile(r"line (\d+)")
_TEXTS = ("text", "file", "under", "after", "reason")
_KEYS = ("text", "file", "after", "as", "tags", "under", "reason")


def read_corrections(path: str, text: str) -> tuple[tuple[Correction, ...], list[Diagnostic]]:
    """Read corrections.toml: its entries in their order; with any mistake in it there are none, beside the diagnostics."""
    try:
        data = tomllib.loads(text.removeprefix("\ufeff"))
    except tomllib.TOMLDecodeError as error:
        place = _ERROR_LINE.search(str(error))
        return (), [_told(path, int(place[1]) - 1 if place else text.count("\n"), "config-syntax", str(error))]
    entries = data.pop("line", [])
    problems = [_told(path, _line_of(text, key), "correction-key", key, "line") for key in data]
    if not isinstance(entries, list) or not all(isinstance(entry, dict) for entry in entries):
        return (), [*problems, _told(path, _line_of(text, "line"), "config-value", "line", "[[line]]")]
    found: list[Correction] = []
    for entry, (begin, end) in zip(entries, _places(text, len(entries)), strict=True):
        if wrong := _mistakes(entry):
            rows = text.split("\n")[begin:end]
            problems += [_told(path, begin + _line_of("\n".join(rows), key), code, key, allowed) for key, code, allowed in wrong]
        else:
            found.append(_correction(entry, Span(path, begin, end)))
    return (() if problems else tuple(found)), problems


def _correction(entry: Mapping[str, Any], span: Span) -> Correction:
    text, file, under, after, reason = (nfc(entry.get(key, "")).strip() for key in _TEXTS)
    tags = tuple(dict.fromkeys(nfc(tag).strip() for tag in entry.get("tags", ())))
    return Correction(span, text, As(entry["as"]), file, tags, under, after, reason)


def _mistakes(entry: Mapping[str, Any]) -> list[tuple[str, str, str]]:
    """What is wrong in an entry: the key, the code, and what may stand there."""
    wrong = [(key, "correction-key", " · ".join(_KEYS)) for key in entry if key not in _KEYS]
    wrong += [(key, "config-value", '"words"') for key in _TEXTS if not isinstance(entry.get(key, ""), str)]
    if not wrong and not letters(entry.get("text", "")):
        wrong.append(("text", "config-value", '"the line"'))
    if entry.get("as") not in list(As):
        wrong.append(("as", "config-value", " | ".join(f'"{one}"' for one in As)))
    if not _is_tags(entry.get("tags", [])):
        wrong.append(("tags", "config-value", '["tag", "-tag", …]'))
    return wrong


def _is_tags(value: object) -> bool:
    return isinstance(value, list) and all(isinstance(tag, str) and tag.strip().removeprefix("-").strip() for tag in value)


def _places(text: str, count: int) -> Sequence[tuple[int, int]]:
    """The first line of each entry and the one behind its last; tomllib does not say, so look for them as a person would."""
    rows = text.split("\n")
    heads = [number for number, row in enumerate(rows) if _HEADER.match(row)]
    if len(heads) != count:
        return [(0, len(rows))] * count  # written in another way, or with a header inside a text
    return [(head, _last(rows, head, end)) for head, end in pairwise([*heads, len(rows)])]


def _last(rows: Sequence[str], head: int, end: int) -> int:
    """Where an entry ends that has `end` as its limit: empty lines and comments before the next one belong to that."""
    while end > head + 1 and (not rows[end - 1].strip() or rows[end - 1].lstrip().startswith("#")):
        end -= 1
    return end


def _line_of(text: str, key: str) -> int:
    """The first line that begins with a key, in quotes or without."""
    for number, row in enumerate(text.split("\n")):
        if row.strip().lstrip("[\"' ").startswith(key):
            return number
    return 0


def _told(path: str, line: int, code: str, *details: str) -> Diagnostic:
    return Diagnostic(Span(path, line, line + 1), code, details)
