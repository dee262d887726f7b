"""What a build told, in as many lines as a person reads: errors one by one, the rest by code and by folder where it is too much.

A message is one line, whole or not at all; what is left out is counted.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from pathlib import PurePath

from notedeck.diagnostics import Diagnostic, Level
from notedeck.report.messages import label, line

ERRORS = 20
"""Errors that are told one by one."""
_PLACES = 3
"""Places that are named of each kind of warning."""
_FOLDERS = 8
"""Folders that are named."""
_ONCE = frozenset({"left-out", "ignored", "lock-restored", "hint-headings", "hint-outlines", "hint-gaps", "hint-columns", "hint-pages"})
"""Notes that sum up by themselves."""


def brief(diagnostics: Sequence[Diagnostic], room: int, tongue: int) -> Iterator[str]:
    """The diagnostics in at most about `room` lines: all of them, if they fit."""
    if len(diagnostics) <= room:
        yield from (line(one, tongue) for one in diagnostics)
        return
    errors = [one for one in diagnostics if one.level is Level.ERROR]
    yield from (line(one, tongue) for one in errors[:ERRORS])
    if len(errors) > ERRORS:
        yield label("more-errors", tongue, len(errors) - ERRORS)
    warnings = [one for one in diagnostics if one.level is Level.WARNING]
    once = [one for one in diagnostics if one.code in _ONCE]
    notes = [one for one in diagnostics if one.level is Level.NOTE and one.code not in _ONCE]
    shown = [*_by_code(warnings, tongue), *(line(one, tongue) for one in once)]
    yield from shown
    left = room - min(len(errors), ERRORS + 1) - len(shown)
    yield from (line(one, tongue) for one in notes) if len(notes) <= left else _by_folder(notes, max(min(left - 1, _FOLDERS), 2), tongue)


def _by_code(warnings: Sequence[Diagnostic], tongue: int) -> Iterator[str]:
    """Of each code the first message, and where else it is said."""
    kinds: dict[str, list[Diagnostic]] = {}
    for one in warnings:
        kinds.setdefault(one.code, []).append(one)
    for found in kinds.values():
        yield line(found[0], tongue)
        if len(found) > 1:
            places = ", ".join(str(one.span) for one in found[1:_PLACES])
            yield label("more-places", tongue, len(found) - 1, places + (" …" if len(found) > _PLACES else ""))


def _by_folder(notes: Sequence[Diagnostic], folders: int, tongue: int) -> Iterator[str]:
    """How many notes of each code there are in a folder, the folder with the most first."""
    counts: dict[str, Counter[str]] = {}
    for one, folder in zip(notes, _folders([one.span.path for one in notes]), strict=True):
        counts.setdefault(folder, Counter())[one.code] += 1
    every = sorted(counts, key=lambda folder: (-counts[folder].total(), folder))
    for folder in every[:folders]:
        yield label("in-folder", tongue, folder, _counted(counts[folder], tongue))
    if rest := every[folders:]:
        yield label("more-folders", tongue, len(rest), _counted(sum((counts[folder] for folder in rest), Counter()), tongue))


def _counted(codes: Counter[str], tongue: int) -> str:
    return " · ".join(label("of-code", tongue, count, label(code, tongue) if code in _WORDS else code) for code, count in codes.most_common())


_WORDS = frozenset({"unread", "unanswered", "unanswered-list", "no-questions"})
"""Codes with words of their own for a count."""


def _folders(paths: Sequence[str]) -> list[str]:
    """The folder that each path is counted under: the outermost that tells some of them apart."""
    parents = [PurePath(path).parent.parts for path in paths]
    depth = next((depth for depth in range(1, max(map(len, parents), default=0) + 1) if len({parts[:depth] for parts in parents}) > 1), 1)
    return [str(PurePath(*parts[:depth])) for parts in parents]
