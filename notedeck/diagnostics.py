"""What the author of the notes is told: a place in a file, a code, and the details of the sentence.

What the author did is a `Diagnostic`, a value that stages collect; what the program or the machine
did is an exception. The sentences themselves are in `messages`, one for each code and language.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import IntEnum


@dataclass(frozen=True, slots=True, order=True)
class Span:
    """Lines of one file."""

    path: str
    """As the author would type it."""
    start: int = 0
    """First line, counted from 0."""
    stop: int = 1
    """The line after the last one, counted from 0: the number of the last line as people count."""

    @property
    def line(self) -> int:
        """The first line as people count, from 1."""
        return self.start + 1

    def __str__(self) -> str:
        return f"{self.path}:{self.line}"


class Level(IntEnum):
    """How much a diagnostic matters; errors stop the build."""

    NOTE = 0
    WARNING = 1
    ERROR = 2

    def __str__(self) -> str:
        return self.name.lower()


LEVELS: dict[str, Level] = {
    "machine": Level.ERROR,
    "busy": Level.ERROR,
    "not-found": Level.ERROR,
    "no-notes": Level.ERROR,
    "unknown-kind": Level.ERROR,
    "not-text": Level.ERROR,
    "unreadable": Level.ERROR,
    "too-large": Level.ERROR,
    "too-slow": Level.ERROR,
    "zip-broken": Level.ERROR,
    "zip-locked": Level.ERROR,
    "zip-method": Level.ERROR,
    "zip-count": Level.ERROR,
    "zip-size": Level.ERROR,
    "zip-ratio": Level.ERROR,
    "zip-depth": Level.ERROR,
    "zip-lies": Level.ERROR,
    "anki-absent": Level.ERROR,
    "anki-silent": Level.ERROR,
    "anki-other": Level.ERROR,
    "anki-old": Level.ERROR,
    "anki-denied": Level.ERROR,
    "anki-key": Level.ERROR,
    "anki-closed": Level.ERROR,
    "anki-profile": Level.ERROR,
    "anki-gone": Level.ERROR,
    "anki-failed": Level.ERROR,
    "anki-package": Level.ERROR,
    "anki-late": Level.ERROR,
    "zip-path": Level.WARNING,
    "zip-twice": Level.WARNING,
    "zip-empty": Level.WARNING,
    "link-outside": Level.WARNING,
    "names-alike": Level.WARNING,
    "same-page": Level.NOTE,
    "spelling": Level.NOTE,
    "left-out": Level.NOTE,
    "ignored": Level.NOTE,
    "hint-headings": Level.NOTE,
    "hint-outlines": Level.NOTE,
    "hint-gaps": Level.NOTE,
    "hint-columns": Level.NOTE,
    "hint-pages": Level.NOTE,
    "below-root": Level.WARNING,
    "path-unused": Level.WARNING,
    "encoding": Level.WARNING,
    "config-syntax": Level.ERROR,
    "config-key": Level.ERROR,
    "config-value": Level.ERROR,
    "correction-key": Level.ERROR,
    "correction-lost": Level.WARNING,
    "correction-unclear": Level.WARNING,
    "template-missing": Level.ERROR,
    "template-syntax": Level.ERROR,
    "template-cloze": Level.ERROR,
    "template-field": Level.ERROR,
    "template-danger": Level.ERROR,
    "template-own": Level.NOTE,
    "lock-broken": Level.ERROR,
    "lock-version": Level.ERROR,
    "lock-conflict": Level.ERROR,
    "lock-place": Level.ERROR,
    "no-such-tag": Level.ERROR,
    "lock-other": Level.ERROR,
    "no-such-id": Level.ERROR,
    "same-taken": Level.ERROR,
    "lock-restored": Level.NOTE,
    "doubtful": Level.WARNING,
    "removed": Level.NOTE,
    "removed-answer": Level.NOTE,
    "retyped": Level.NOTE,
    "book-moved": Level.WARNING,
    "partial": Level.WARNING,
    "clock": Level.WARNING,
    "picture-missing": Level.WARNING,
    "sound-missing": Level.WARNING,
    "picture-remote": Level.WARNING,
    "net-gone": Level.WARNING,
    "net-unreached": Level.WARNING,
    "net-private": Level.WARNING,
    "net-heavy": Level.WARNING,
    "net-budget": Level.WARNING,
    "net-other": Level.WARNING,
    "picture-outside": Level.WARNING,
    "picture-kind": Level.WARNING,
    "picture-large": Level.WARNING,
    "picture-broken": Level.WARNING,
    "attachment": Level.NOTE,
    "html-removed": Level.WARNING,
    "too-deep": Level.WARNING,
    "csv-broken": Level.WARNING,
    "table-code": Level.NOTE,
    "unanswered": Level.NOTE,
    "unanswered-list": Level.NOTE,
    "unread": Level.NOTE,
    "no-questions": Level.NOTE,
    "long-answer": Level.NOTE,
}
"""Each code with its level. docs/options.md lists the codes with what to do about each."""


@dataclass(frozen=True, slots=True)
class Diagnostic:
    """One thing the author should know."""

    span: Span
    code: str
    details: tuple[str, ...] = ()
    """What the sentence of this code names, in its order."""
    is_strict: bool = False
    """Whether a warning counts as an error."""

    @property
    def level(self) -> Level:
        """The level that the code has."""
        level = LEVELS[self.code]
        return Level.ERROR if self.is_strict and level is Level.WARNING else level


def in_order(diagnostics: list[Diagnostic]) -> tuple[Diagnostic, ...]:
    """Sort by file and line, and tell the same thing once."""
    unique = dict.fromkeys(diagnostics)
    return tuple(sorted(unique, key=lambda one: (one.span.path, one.span.start, -one.level, one.code, one.details)))
