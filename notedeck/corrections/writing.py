"""The text of corrections.toml and a change of one entry -> the new text; all else in it stays as it stands, comments and order too.

An entry's reason is the comment right above it: it is told along with the entry, and goes with it.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import takewhile
from typing import Any

import tomlkit
from tomlkit import TOMLDocument
from tomlkit.exceptions import TOMLKitError
from tomlkit.items import AoT, Comment, Item, Key, Whitespace

LINE = "line"
"""The table of which each entry is one."""
Keys = Mapping[str, str | Sequence[str]]
Body = list[tuple[Key | None, Item]]


def with_entry(text: str, keys: Keys) -> str:
    """The text with one entry more behind the others. Raises ValueError where the text is no TOML."""
    document, form = _parsed(text)
    if isinstance(document.get(LINE, tomlkit.aot()), AoT):
        return form.text(_with_table(document, keys))
    entry = tomlkit.inline_table()
    _fill(entry, keys)
    _entries(document).append(entry)
    return form.text(document)


def _with_table(document: TOMLDocument, keys: Keys) -> TOMLDocument:
    """The document with a table more, parted from what stands above by an empty line: so no comment there becomes its reason."""
    above = document.as_string().rstrip("\n")
    parted = tomlkit.parse(f"{above}\n\n" if above else "")
    entry = tomlkit.table()
    _fill(entry, keys)
    if LINE not in parted:
        parted[LINE] = tomlkit.aot()
    _entries(parted).append(entry)
    return parted


def _fill(entry: Any, keys: Keys) -> None:
    for name, value in keys.items():
        if value:
            entry[name] = value if isinstance(value, str) else list(value)
        elif name in entry:
            del entry[name]


def changed_entry(text: str, number: int, keys: Keys) -> str:
    """The text with other values for some keys of one entry, by its place among all; an empty value takes the key away."""
    document, form = _parsed(text)
    entries = _entries(document)
    behind = _cut_behind(entries[number].value.body) if isinstance(entries, AoT) else []
    _fill(entries[number], keys)
    if behind:
        entries[number].value.body.extend(behind)
    return form.text(document)


def without_entry(text: str, number: int) -> str:
    """The text without one entry and without the reason above it."""
    document, form = _parsed(text)
    entries = _entries(document)
    if isinstance(entries, AoT):
        _close_gap(document, entries, number)
    del entries[number]
    if not entries and isinstance(entries, AoT):
        document.body[:] = [(key, item) for key, item in document.body if item is not entries]
    return form.text(document)


def reasons(text: str) -> list[str]:
    """The comment right above each entry, as its author's words."""
    document, _ = _parsed(text)
    entries = document.get(LINE, [])
    if not isinstance(entries, AoT):
        return [""] * len(entries)
    return [_reason(_body_before(document, entries, number)) for number in range(len(entries))]


@dataclass(frozen=True, slots=True)
class _Form:
    """What a file has around and between its lines, which stays."""

    mark: str
    """A byte order mark, or nothing."""
    ends: str

    def text(self, document: TOMLDocument) -> str:
        """A document as the file's text."""
        text = document.as_string()
        return self.mark + (text if self.ends == "\n" else text.replace("\n", self.ends))


def _parsed(text: str) -> tuple[TOMLDocument, _Form]:
    bare = text.removeprefix("\ufeff")
    ends = "\r\n" if bare.count("\r\n") == bare.count("\n") > 0 else "\n"
    form = _Form(text[: len(text) - len(bare)], ends)
    try:
        return tomlkit.parse(bare if ends == "\n" else bare.replace("\r\n", "\n")), form
    except TOMLKitError as error:
        raise ValueError(str(error)) from error


def _entries(document: TOMLDocument) -> Any:
    """All entries: tables of their own, or those of a list."""
    return document[LINE]


def _body_before(document: TOMLDocument, entries: AoT, number: int) -> Body:
    """What stands before an entry, in which its reason is the last: the entry above, or the file's own beginning."""
    if number:
        return entries[number - 1].value.body
    place = next(place for place, (key, _) in enumerate(document.body) if key is not None and key.key == LINE)
    return document.body[:place]


def _reason(before: Body) -> str:
    lines = [item.as_string().strip().lstrip("#").strip() for _, item in _reason_items(before)]
    return "\n".join(lines)


def _reason_items(before: Body) -> Body:
    """The comments at the end of what stands before an entry, up to an empty line."""
    return list(takewhile(lambda pair: isinstance(pair[1], Comment), reversed(before)))[::-1]


def _close_gap(document: TOMLDocument, entries: AoT, number: int) -> None:
    """Take an entry's reason away, and leave what stands behind the entry where it belongs: before the next one."""
    behind = _cut_behind(entries[number].value.body)
    before = _body_before(document, entries, number)
    kept = before[: len(before) - len(_reason_items(before))]
    if kept and _is_empty(kept[-1]) and (not behind or _is_empty(behind[0])):
        kept = kept[:-1]
    home = entries[number - 1].value.body if number else document.body
    home[: len(before)] = [*kept, *behind]


def _cut_behind(body: Body) -> Body:
    """Take from an entry what stands behind its last key: that is the next one's."""
    last = max((place for place, (key, _) in enumerate(body) if key is not None), default=-1)
    behind = body[last + 1 :]
    del body[last + 1 :]
    return behind


def _is_empty(pair: tuple[Key | None, Item]) -> bool:
    return isinstance(pair[1], Whitespace)
