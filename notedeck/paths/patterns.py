"""Patterns of paths as `.gitignore` writes them -> which paths they mean; case and NFC or NFD make no difference."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from fnmatch import fnmatchcase

from notedeck.plain import alike

_ANY = "**"


@dataclass(frozen=True, slots=True)
class Pattern:
    """One pattern."""

    words: str
    """As written."""
    parts: tuple[str, ...]
    """Of a path's parts, from the folder that it is seen from; `**` stands for any number of them."""
    is_folder: bool
    """Whether it means folders alone, with all below them."""
    is_negated: bool = False
    """Whether it takes back what one before it has said."""

    def fits(self, path: Sequence[str], *, is_folder: bool) -> bool:
        """Whether it means exactly this file or folder."""
        return (is_folder or not self.is_folder) and _fit(self.parts, path)

    def depth(self, path: Sequence[str]) -> int:
        """How many parts of a file's path the outermost folder has that it means, or the file itself; 0 if it means neither."""
        return next((depth for depth in range(1, len(path) + 1) if self.fits(path[:depth], is_folder=depth < len(path))), 0)


def pattern_of(words: str) -> Pattern | None:
    """Read one pattern; None if it says nothing."""
    bare = words.strip()
    is_negated = bare.startswith("!")
    bare = bare.removeprefix("!")
    bare = bare[1:] if bare.startswith(("\\#", "\\!")) else bare
    parts = [alike(part) for part in bare.removesuffix(_ANY).split("/") if part not in ("", ".")]
    if not parts:
        return None
    is_anchored = "/" in bare.rstrip("/")
    is_folder = bare.endswith(("/", "/" + _ANY))
    return Pattern(words, tuple(parts) if is_anchored else (_ANY, *parts), is_folder, is_negated)


def patterns_of(text: str) -> tuple[Pattern, ...]:
    """The patterns of a file like `.gitignore`, a line each; `#` begins a remark."""
    return tuple(found for line in text.splitlines() if not line.startswith("#") and (found := pattern_of(line)))


def excludes(patterns: Iterable[Pattern], path: Sequence[str], *, is_folder: bool) -> bool | None:
    """What the last of the patterns that means a file or folder says of it; None if none does."""
    return next((not one.is_negated for one in reversed(tuple(patterns)) if one.fits(path, is_folder=is_folder)), None)


def _fit(parts: Sequence[str], path: Sequence[str]) -> bool:
    """Whether a pattern's parts cover a path from end to end: after each name the places in the pattern that may come next."""
    places = _open(parts, {0})
    for name in map(alike, path):
        went = {place if parts[place] == _ANY else place + 1 for place in places if place < len(parts) and _same(name, parts[place])}
        places = _open(parts, went)
    return len(parts) in places


def _open(parts: Sequence[str], places: set[int]) -> set[int]:
    """Places in a pattern, and those behind a `**` that may stand for nothing."""
    found = set(places)
    for place, part in enumerate(parts):
        if place in found and part == _ANY:
            found.add(place + 1)
    return found


def _same(name: str, part: str) -> bool:
    """Whether a name is what one part of a pattern means; a name in brackets may be written as it is."""
    return part in (_ANY, name) or fnmatchcase(name, _without_escapes(part))


def _without_escapes(part: str) -> str:
    """A part in the form of `fnmatch`, which takes a sign as it is if it stands in brackets."""
    head, *rest = part.split("\\")
    return head + "".join(f"[{one[:1]}]{one[1:]}" for one in rest)
