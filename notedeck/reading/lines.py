"""Sources -> their lines as corrections know them: of an HTML page, which has no lines of its own, those that a reader sees."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import lru_cache

from notedeck.corrections.correction import letters
from notedeck.corrections.pages import Page
from notedeck.machine.cache import Cache, key_of
from notedeck.outline.blocks import lines_as_read
from notedeck.sources.source import Form, Source

_KEPT = 200
"""Sources whose letters stay known: a preview builds again after each correction, and its notes are the same."""


def pages_of(sources: Sequence[Source], cache: Cache) -> Iterator[Page]:
    """The lines of each source; what takes a parser is done once for each text."""
    for source in sources:
        words = _letters(source.text) if source.form is not Form.HTML else _as_read(source, cache)
        yield Page.of(source.path, source.name, source.inside, words)


@lru_cache(maxsize=_KEPT)
def _letters(text: str) -> str:
    return letters(text)


def _as_read(source: Source, cache: Cache) -> str:
    key = key_of("lines", source.text)
    if (known := cache.get(key)) is not None:
        return known.decode()
    from notedeck.outline.notion import read_notion

    words = letters("\n".join(lines_as_read(read_notion(source.path, source.text))))
    cache.put(key, words.encode())
    return words
