"""The pictures on the net that cards show -> files beside the notes, once; and what is told of those that did not come."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from pathlib import Path

from notedeck.content.cleaning import clean_svg
from notedeck.diagnostics import Diagnostic, Span
from notedeck.machine.output import write_bytes, write_lines
from notedeck.reading.findings import Read
from notedeck.reading.remote import references, waiting
from notedeck.sources.brought import LIST, brought_from, list_lines, name_of, web_address
from notedeck.sources.fetching import Fetched, Refusal
from notedeck.sources.files import DiskFile, File

Fetch = Callable[[Sequence[str]], Iterator[tuple[str, Fetched | Refusal]]]


def bring(reads: Sequence[Read], folder: Path, brought: Mapping[str, File], fetch: Fetch) -> tuple[dict[str, File], list[Diagnostic]]:
    """Bring what is waiting into a folder; all that lies there then, and what is told of the rest. Raises OSError if it cannot be written."""
    refusals: dict[str, Refusal] = {}
    names = {address: file.path.name for address, file in brought.items() if isinstance(file, DiskFile)}
    for address, found in fetch(waiting(reads, brought)):
        if isinstance(found, Refusal):
            refusals[address] = found
            continue
        data = clean_svg(found.data) if found.suffix == ".svg" else found.data
        if not data:
            refusals[address] = Refusal("net-other", "")
            continue
        names[address] = name_of(data, found.suffix)
        write_bytes(folder / names[address], data)
        write_lines(folder / LIST, list_lines(names))
    return brought_from(folder), list(_told(reads, refusals))


def _told(reads: Sequence[Read], refusals: Mapping[str, Refusal]) -> Iterator[Diagnostic]:
    for read, reference in references(reads):
        if refusal := refusals.get(web_address(reference.address)):
            span = Span(read.source.path, reference.line, reference.line + 1)
            yield Diagnostic(span, refusal.code, (reference.readable, refusal.why))
