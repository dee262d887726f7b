"""Sources -> Reads: each from the cache if it was read before, else in this process or, where that pays, in several.

What is read is a pure function of a source, so whoever does it, and when, makes no difference to what comes out.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace

from notedeck.config import Config
from notedeck.corrections.correction import Told
from notedeck.diagnostics import Diagnostic, Span
from notedeck.machine.cache import Cache, key_of
from notedeck.machine.deadline import OverdueError, at_most
from notedeck.machine.processes import cores, shared_out
from notedeck.reading.findings import Findings, Read, nothing_found
from notedeck.reading.packing import UNREADABLE, dumped, loaded
from notedeck.sources.source import Source

SECONDS = 60.0
"""Of the processor's time, for each million characters of a source that are begun: a slow machine reads them in a tenth of that."""
_MEGABYTE = 1_000_000
WORTH = 250_000
"""Characters that make up for starting a process: below twice as many, one process is as quick as two."""

Tell = Callable[[str, int, int], None]
"""Called with a stage, how much of it is done, and how much there is."""


Lines = Mapping[str, tuple[Told, ...]]
"""What the lines of sources are told to be, by the sources' paths."""
_NOTHING_TOLD: Lines = {}


def read_all(
    sources: Sequence[Source], config: Config, cache: Cache, jobs: int, tell: Tell, *, told: Lines = _NOTHING_TOLD, keeps_texts: bool = True
) -> tuple[Read, ...]:
    """Read all sources in at most so many processes; 0 means as many as the machine has cores.

    Without `keeps_texts` the sources come back without theirs: those of many notes would fill the memory.
    Raises ChildProcessError if one of them ends before its work is done.
    """
    configs = [config.at(source.inside) for source in sources]
    usual = repr(config)
    lines = [told.get(source.path, ()) for source in sources]
    keys = [_key(source, repr(own) if config.paths else usual, its) for source, own, its in zip(sources, configs, lines, strict=True)]
    found = {number: known for number, key in enumerate(keys) if (known := _known(cache, key))}
    missing = sorted((number for number in range(len(sources)) if number not in found), key=lambda number: -len(sources[number].text))
    if missing:
        from notedeck.reading.front import read_source

        tasks = [_Task(sources[number], configs[number], lines[number], keys[number]) for number in missing]
        for place, data in shared_out(_Reader(cache, read_source), tasks, _workers(tasks, jobs)):
            tell("reading", len(found), len(sources))
            found[missing[place]] = loaded(data)
        cache.tidy()
    return tuple(Read(source if keeps_texts else replace(source, text=""), found[number]) for number, source in enumerate(sources))


@dataclass(frozen=True, slots=True)
class _Task:
    source: Source
    config: Config
    told: tuple[Told, ...]
    key: str


@dataclass(frozen=True, slots=True)
class _Reader:
    """Reads a source and remembers what it found."""

    cache: Cache
    read: Callable[[Source, Config, Sequence[Told]], Findings]

    def __call__(self, task: _Task) -> bytes:
        try:
            with at_most(SECONDS * math.ceil(len(task.source.text) / _MEGABYTE)):
                data = dumped(self.read(task.source, task.config, task.told))
        except OverdueError:
            return dumped(nothing_found(Diagnostic(Span(task.source.path), "too-slow")))
        self.cache.put(task.key, data)
        return data


def _workers(tasks: Sequence[_Task], jobs: int) -> int:
    """How many processes pay."""
    return min(jobs or cores(), len(tasks), sum(len(task.source.text) for task in tasks) // WORTH)


def _key(source: Source, settings: str, told: Sequence[Told]) -> str:
    """A key of all that `read_source` depends on."""
    place = (source.path, source.inside, source.form, str(source.is_question), str(source.is_ignored), source.page_id)
    return key_of("read", settings, *([repr(told)] if told else ()), *place, source.text)


def _known(cache: Cache, key: str) -> Findings | None:
    """What was found before."""
    data = cache.get(key)
    try:
        found = None if data is None else loaded(data)
    except UNREADABLE:
        return None
    return found if isinstance(found, Findings) else None
