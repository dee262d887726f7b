"""Which of the remembered sources a run can speak of: a note of another one is not gone, it was not looked for."""

from __future__ import annotations

from dataclasses import dataclass, field

from notedeck.sources.names import page_ids, page_key


@dataclass(frozen=True, slots=True)
class Scope:
    """Which of the remembered sources this run can speak of."""

    read: frozenset[str]
    """Sources that were read."""
    folders: tuple[str, ...] = ()
    """Folders that were given whole, so that a source that is not there is gone; the lock's own folder is the empty string."""
    pages: frozenset[str] = frozenset()
    """Ids of pages of Notion that were given with all pages below them."""
    keys: frozenset[str] = field(init=False)

    def __post_init__(self) -> None:
        """A page is known by its id, so that a new title in a new export is no other source."""
        object.__setattr__(self, "keys", frozenset(map(page_key, self.read)))

    def holds(self, source: str) -> bool:
        """Whether a note of this source would have been found, if it were still there."""
        if page_key(source) in self.keys or not self.pages.isdisjoint(page_ids(source)):
            return True
        return any(not folder or source.startswith(f"{folder}/") for folder in self.folders)
