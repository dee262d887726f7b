"""Reads -> what would help: a line each for what nobody reads though deck.toml could have it read."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from pathlib import Path

from notedeck.diagnostics import Diagnostic, Span
from notedeck.plain import shortened
from notedeck.reading.findings import Read
from notedeck.sources.source import Form

_HEADINGS = 10
_TIMES = 2
"""How many headings or outlines there must be for each card, and in all, before they are told."""
_PAGES = 3
_GAPS = 3
_COLUMNS = 6
_NAME = 30
"""How many columns of a table are named, and how long their names may be."""
_MOST = 0.8
"""How much of all must lie in one folder for it to be named alone."""


def hints(reads: Sequence[Read], home: Path) -> Iterator[Diagnostic]:
    """What would help with all of them."""
    here = Span(str(home))
    read = [one for one in reads if not one.found.is_out]
    headings = Counter({one.source.inside: one.found.missed.headings for one in read})
    cards = sum(gist.is_answered for one in read for gist in one.found.gists)
    if headings.total() >= max(_HEADINGS, _TIMES * cards):
        unread = sum(one.found.account.unread for one in read) * 100 // max(sum(one.found.account.characters for one in read), 1)
        yield Diagnostic(here, "hint-headings", (str(headings.total()), str(unread), _switch("every_heading", headings)))
    outlines = Counter({one.source.inside: one.found.missed.outlines for one in read})
    if outlines.total() >= max(_HEADINGS, _TIMES * cards):
        yield Diagnostic(here, "hint-outlines", (str(outlines.total()), _switch("outlines", outlines)))
    gaps = Counter({one.source.inside: one.found.missed.gaps for one in read})
    if gaps.total() >= _GAPS:
        yield Diagnostic(here, "hint-gaps", (str(gaps.total()), _switch("cloze", gaps)))
    for one in read:
        if len(one.found.missed.columns) > 1:
            named = [shortened(column, _NAME) for column in one.found.missed.columns[:_COLUMNS] if column]
            yield Diagnostic(Span(one.source.path), "hint-columns", (", ".join(named),))
    silent = [one.source.inside for one in read if not one.found.gists and one.source.form is not Form.CSV]
    if len(silent) >= _PAGES:
        yield Diagnostic(here, "hint-pages", (str(len(silent)), str(len(read)), ", ".join(map(shortened, silent[:_PAGES]))))


def _switch(name: str, counts: Counter[str]) -> str:
    """What to write into deck.toml for a recogniser: of one folder alone, if nearly all lies in it and there are others."""
    folders: Counter[str] = Counter()
    for path, count in counts.items():
        folders[path.split("/")[0] if "/" in path else ""] += count
    (folder, most), *_ = folders.most_common(1)
    if folder and len(folders) > 1 and most >= _MOST * counts.total():
        return f'[paths."{folder}/"] recognisers = {{ {name} = true }}'
    return f"[recognisers] {name} = true"
