"""The lines of all sources, as corrections know them."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import PurePosixPath

from notedeck.plain import alike

_LONGEST = 300
"""Letters of a line that count."""


@dataclass(frozen=True, slots=True)
class Page:
    """The lines of one source."""

    path: str
    """As the author would type it."""
    name: str
    """As seen from the lock's folder."""
    inside: str
    """As seen from the root, without ids."""
    words: tuple[str, ...]
    """The letters of each line."""

    @classmethod
    def of(cls, path: str, name: str, inside: str, words: str) -> Page:
        """A page whose lines have these letters, a line each."""
        return cls(path, name, inside, tuple(line[:_LONGEST] for line in words.split("\n")))

    def is_named(self, file: str) -> bool:
        """Whether an author means this page by a path, by its end, or by a name, with its ending or without."""
        wanted = alike(file.replace("\\", "/").strip("/"))
        for known in (alike(self.inside), alike(self.name)):
            bare = str(PurePosixPath(known).with_suffix(""))
            if any(one == wanted or one.endswith(f"/{wanted}") for one in (known, bare)):
                return True
        return False

    def above(self, line: int) -> str:
        """The nearest line above one that says anything."""
        return next((self.words[one] for one in range(line - 1, -1, -1) if self.words[one]), "")

    def below(self, line: int) -> str:
        """The nearest one below."""
        return next((self.words[one] for one in range(line + 1, len(self.words)) if self.words[one]), "")


@dataclass(frozen=True, slots=True)
class Spot:
    """A line of a page."""

    page: Page
    line: int
    """From 0."""

    @property
    def words(self) -> str:
        return self.page.words[self.line]


class Pages:
    """All pages of a run."""

    def __init__(self, pages: Sequence[Page]) -> None:
        self.pages = pages

    def named(self, file: str) -> list[Page]:
        """The pages that an author means by a file; all where none is said, or none is there any more."""
        found = [page for page in self.pages if page.is_named(file)] if file else []
        return found or list(self.pages)

    @cached_property
    def _by_words(self) -> Mapping[str, list[Spot]]:
        spots: dict[str, list[Spot]] = defaultdict(list)
        for page in self.pages:
            for line, words in enumerate(page.words):
                if words:
                    spots[words].append(Spot(page, line))
        return spots

    def same(self, words: str) -> list[Spot]:
        """The lines that have these letters."""
        return self._by_words.get(words[:_LONGEST], [])

    def begun(self, words: str) -> Iterator[Spot]:
        """The lines that begin with these letters."""
        wanted = words[:_LONGEST]
        return (spot for known, spots in self._by_words.items() if known.startswith(wanted) for spot in spots)
