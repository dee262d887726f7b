"""The unread lines of the sources, and what each of them might be: by how it is worded, and by what stands around it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import groupby

from notedeck.corrections.correction import As
from notedeck.items.ledger import Role
from notedeck.items.signs.asking import asks, has_question_mark, states, wonders
from notedeck.preview.shown import Json

_MARKS = "#>-*+•·◦ \t"
_SHORT = 30
"""Characters of a line that may name what stands below it."""
_PASSED = (Role.NOTHING, Role.METADATA, Role.ASIDE)
"""Lines beyond which an unread one is looked at with what stands around it."""
_ANSWERABLE = (Role.QUESTION, Role.OPEN, Role.ANSWER)
_ASKED = (Role.QUESTION, Role.OPEN)


def unread_data(sources: Sequence[Json], left_out: Sequence[bool]) -> list[Json]:
    """Each run of unread lines with what its first line might be, likeliest first; sources that are left out as a whole have none."""
    return [
        {"source": place, "line": begin + 1, "end": end, "might": [str(one) for one in _might(lines[begin], source["roles"], begin, end)]}
        for place, (source, is_out) in enumerate(zip(sources, left_out, strict=True))
        if not is_out and Role.UNREAD in source["roles"]
        for lines in [source["text"].split("\n")]
        for begin, end in _runs(source["roles"])
    ]


def _runs(roles: str) -> Iterator[tuple[int, int]]:
    at = 0
    for role, run in groupby(roles):
        length = sum(1 for _ in run)
        if role == Role.UNREAD:
            yield at, at + length
        at += length


def _might(line: str, roles: str, begin: int, end: int) -> list[As]:
    text = line.lstrip(_MARKS).rstrip("*_ \t")
    before, after = _nearest(reversed(roles[:begin])), _nearest(roles[end:])
    is_name = len(text) <= _SHORT and not states(text)
    has_text_below = end - begin > 1 or after == Role.UNREAD
    found = [
        (asks(text) or has_question_mark(text) or wonders(text), As.QUESTION),
        (is_name and has_text_below, As.QUESTION),
        (before in _ANSWERABLE, As.ANSWER),
        (after in _ASKED, As.CONTEXT),
        (is_name, As.HEADING),
        (before == Role.UNREAD, As.ANSWER),
        (True, As.NOTHING),
    ]
    return list(dict.fromkeys(one for holds, one in found if holds))


def _nearest(roles: Iterator[str] | str) -> str:
    """The first line that means anything, of those that follow."""
    return next((role for role in roles if role not in _PASSED), "")
