"""The leaves of one source as they are read, each with its place in the text of all."""

from __future__ import annotations

from notedeck.diagnostics import Diagnostic, Span
from notedeck.machine.quick import quick
from notedeck.outline.blocks import Leaf, LeafKind, Mark

new_leaf = quick(Leaf)


class Leaves:
    """All text so far, and what the author is told of it."""

    def __init__(self, path: str) -> None:
        self.path = path
        self.pieces: list[str] = []
        self.at = 0
        """Where the next leaf begins."""
        self.diagnostics: list[Diagnostic] = []
        self.open_tags = 0
        """How many of the notes' own tags are open that lie in each other."""
        self.is_told_too_deep = False
        """Whether it was said that these are too many."""

    def add(self, kind: LeafKind, text: str, line: int, marks: tuple[Mark, ...] = (), target: str = "", width: int = 0) -> Leaf:
        """A new leaf at the end of the text so far."""
        made = new_leaf(kind, text, self.at, line, marks, target, width)
        self.pieces.append(text)
        self.at += len(text)
        return made

    def hide(self, text: str) -> None:
        """Go on with text that no leaf shows."""
        self.pieces.append(text)
        self.at += len(text)

    def extend(self, row: list[Leaf], at: int) -> None:
        """Take over leaves that were made from `self.at` on, up to another place."""
        self.pieces.extend([leaf.text for leaf in row])
        self.at = at

    def warn(self, code: str, line: int, *details: str) -> None:
        """Tell something about a line."""
        self.diagnostics.append(Diagnostic(Span(self.path, line, line + 1), code, details))
