"""What a build took one line of the notes for, and why: in words, for whoever wonders."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from notedeck.corrections.correction import As
from notedeck.plain import shortened
from notedeck.reading.findings import Gist, Read
from notedeck.report.messages import label
from notedeck.report.run import Built

_ROLES = {
    "q": "line-question",
    "o": "line-open",
    "a": "line-answer",
    "c": "line-context",
    "h": "line-heading",
    "m": "line-metadata",
    "u": "line-unread",
    "x": "line-aside",
    ".": "line-nothing",
}
"""A line's role, as in `notedeck.items.ledger.Role`, and the words for it."""
_WHY = {
    "told": "why-told",
    "gap": "why-gap",
    "label": "why-label",
    "page": "why-page",
    "words": "why-words",
    "name": "why-name",
    "form": "why-form",
}
"""Why a question is one, as in `notedeck.items.reasons.Why`."""


def explained(built: Built, file: str, line: int, tongue: int) -> list[str]:
    """What a line is, counted from 1, why, of which cards it is part, and which correction touches it; nothing if there is no such line."""
    read = next((one for one in built.reads if _is_named(one, file)), None)
    if read is None or not 0 < line <= max(len(read.found.roles), read.source.text.count("\n") + 1):
        return []
    role = read.found.roles[line - 1 : line] or "."
    words = read.source.text.split("\n")[line - 1 : line] or [""]
    first = f"{read.source.path}:{line}: {label(_ROLES[role], tongue)}"
    said = f"{first}: {shortened(words[0].strip())}" if words[0].strip() and read.source.form != "html" else first
    return [said, *_cards(built, read, line, tongue), *_corrections(built, read, line, role, tongue)]


def _is_named(read: Read, file: str) -> bool:
    """Whether somebody means this source by a path."""
    return file in (read.source.path, read.source.name, read.source.inside) or Path(file).resolve() == Path(read.source.path).resolve()


def _cards(built: Built, read: Read, line: int, tongue: int) -> Iterator[str]:
    """The questions that a line is part of, the innermost first, each with why it is one."""
    ids = {id(note.draft.gist): note.locked.id for note in built.notes}
    for number, gist in reversed(list(_holding(read, line))):
        why = label(_WHY[read.found.contents[number].why], tongue)
        name = ids.get(id(gist))
        card = label("part-of-card", tongue, name) if name else label("part-of-open", tongue)
        yield f"  {card}: {read.source.path}:{gist.span.line}: {shortened(gist.question_text)} ({why})"


def _holding(read: Read, line: int) -> Iterator[tuple[int, Gist]]:
    """The questions of a source whose lines hold one, where it is any of theirs."""
    is_part = read.found.roles[line - 1 : line] in ("q", "o", "a", "c")
    every = enumerate(read.found.gists) if is_part else ()
    return ((number, gist) for number, gist in every if gist.span.start < line <= gist.span.stop)


def _corrections(built: Built, read: Read, line: int, role: str, tongue: int) -> Iterator[str]:
    """The corrections of a line itself, and of the nearest one above from which on it is as it is."""
    held = sorted((place.line, number) for number, place in built.corrected.held.items() if place.path == read.source.path and place.line <= line)
    for at, number in held:
        one = built.corrected.corrections[number]
        reaches = one.role is not As.NOTHING and at == max(held)[0] and "q" not in read.found.roles[at:line]
        if at == line or reaches:
            correction = label("by-correction", tongue)
            yield f"  {correction}: {one.span}: {one.role}: {shortened(one.text)}"
