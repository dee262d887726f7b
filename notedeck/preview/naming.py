"""A line of the notes -> the keys by which corrections.toml names it, no more of them than it takes: a build finds it by these, and no other."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import lru_cache

from notedeck.corrections.corrected import Place
from notedeck.corrections.correction import As, Correction, letters
from notedeck.corrections.finding import find_lines
from notedeck.corrections.pages import Page
from notedeck.diagnostics import Span
from notedeck.preview.shown import Json

_LONGEST = 300
"""Characters of a line that are written: a line is known by its beginning too."""
_ABOVE = 20
"""Lines above one that are tried, of those that might part it from others of the same words."""
_ASKED = "qoh"
"""Roles of lines that part others best."""


def named(place: Place, sources: Sequence[Json]) -> dict[str, str]:
    """The keys that name a line; none where no keys part it from all others."""
    pages = [_page(source["path"], source["inside"], source["text"]) for source in sources]
    source = next(one for one in sources if one["path"] == place.path)
    return next((keys for keys in _names(place, source) if _finds(keys, pages) == place), {})


@lru_cache(maxsize=1_000)
def _page(path: str, inside: str, text: str) -> Page:
    """The lines of a source: those of one that nobody edits are the same for one change after another."""
    return Page.of(path, inside, inside, letters(text))


def _names(place: Place, source: Json) -> Iterator[dict[str, str]]:
    """Ways to name a line, the shortest first: its words, its file, what stands above it."""
    lines = source["text"].split("\n")
    name = {"text": _beginning(lines[place.line - 1])}
    yield name
    yield {**name, "file": source["inside"]}
    above = [line for line in range(place.line - 2, -1, -1) if letters(lines[line])]
    asked = [line for line in above if source["roles"][line : line + 1] in _ASKED]
    for line in (*asked[:_ABOVE], *above[:_ABOVE]):
        yield {**name, "after": _beginning(lines[line])}
        yield {**name, "file": source["inside"], "after": _beginning(lines[line])}


def _beginning(line: str) -> str:
    return line.strip()[:_LONGEST]


def _finds(keys: dict[str, str], pages: Sequence[Page]) -> Place | None:
    """The line that a build finds by some keys."""
    one = Correction(Span(""), keys["text"], As.QUESTION, file=keys.get("file", ""), after=keys.get("after", ""))
    return find_lines([one], pages, {}, lambda source: True).held.get(0)
