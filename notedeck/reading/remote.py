"""The pictures on the net that cards show."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from notedeck.content.content import PictureReference
from notedeck.reading.findings import Read
from notedeck.sources.brought import web_address
from notedeck.sources.files import File


def waiting(reads: Sequence[Read], brought: Mapping[str, File]) -> list[str]:
    """The addresses of those that were not brought, each once, in the order of the notes."""
    shown = (web_address(reference.address) for _, reference in references(reads))
    return [address for address in dict.fromkeys(shown) if address and address not in brought]


def references(reads: Sequence[Read]) -> Iterator[tuple[Read, PictureReference]]:
    """All pictures that cards refer to."""
    for read in reads:
        for gist in read.found.gists:
            yield from ((read, reference) for reference in gist.pictures if gist.is_answered)
