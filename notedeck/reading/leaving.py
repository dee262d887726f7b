"""Reads and what the lock knows -> the same with those pages left out that are no notes, or that the author does not want; told in a line each."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Protocol

from notedeck.account import Account
from notedeck.diagnostics import Diagnostic, Span
from notedeck.reading.findings import Findings, Read, pack
from notedeck.sources.names import page_key

ASKED = "asked"
"""Why a page is left out that the author wants out; else as in `aside`."""
_NAMED = 3
"""Files that are named."""


class Known(Protocol):
    """What the lock knows of a note."""

    @property
    def source(self) -> str:
        """The path of its source."""

    @property
    def removed(self) -> int:
        """When it went; 0 while it is there."""


def with_left_out(reads: Sequence[Read], known: Iterable[Known], home: Path) -> tuple[tuple[Read, ...], list[Diagnostic]]:
    """Leave out what the author says; and what seems to be no notes, unless it has a card that is `known`."""
    kept = {page_key(one.source) for one in known if not one.removed} if any(read.found.aside for read in reads) else set()
    gone = [read for read in reads if read.found.aside and (read.found.aside == ASKED or page_key(read.source.name) not in kept)]
    out = {id(read) for read in gone}
    return tuple(replace(read, found=left_out(read.found)) if id(read) in out else read for read in reads), list(_told(gone, home))


def _told(gone: Sequence[Read], home: Path) -> Iterator[Diagnostic]:
    for code, some in (
        ("left-out", [read for read in gone if read.found.aside != ASKED]),
        ("ignored", [read for read in gone if read.found.aside == ASKED]),
    ):
        if some:
            names = ", ".join(read.source.inside for read in some[:_NAMED]) + (" …" if len(some) > _NAMED else "")
            cards = sum(len(gist.cards) for read in some for gist in read.found.gists if gist.is_answered)
            yield Diagnostic(Span(str(home)), code, (str(len(some)), names, str(cards)))


def left_out(found: Findings) -> Findings:
    """What was read in a page that is left out: nothing, and all of its text is unread."""
    characters = found.account.characters
    roles = "".join(role if role == "." else "u" for role in found.roles)
    return replace(found, gists=(), contents=pack(()), account=Account(characters, 0, 0, characters), diagnostics=(), roles=roles, is_out=True)
