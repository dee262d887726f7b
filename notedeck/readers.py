"""Sources -> Reads: each from the cache if it was read before, else in this process or, where that pays, in several.

What is read is a pure function of a source, so whoever does it, and when, makes no difference to what comes out.
"""

from __future__ import annotations

import errno
import gc
import multiprocessing as mp
import os
import signal
import sys
import threading
from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import ProcessPoolExecutor, as_completed
from concurrent.futures.process import BrokenProcessPool
from contextlib import contextmanager
from multiprocessing.connection import wait

from notedeck.cache import Cache, key_of
from notedeck.config import Config
from notedeck.drafts import Findings, Read, folder_name, read_source
from notedeck.sources.model import Source

WORTH = 250_000
"""Characters that make up for starting a process: below twice as many, one process is as quick as two."""

Tell = Callable[[str, int, int], None]
"""Called with a stage, how much of it is done, and how much there is."""


def read_all(sources: Sequence[Source], config: Config, cache: Cache, jobs: int, tell: Tell) -> tuple[Read, ...]:
    """Read all sources in at most so many processes; 0 means as many as the machine has cores.

    Raises ChildProcessError if one of them ends before its work is done.
    """
    settings = repr(config)
    keys = [_key(source, settings) for source in sources]
    found: dict[int, Findings] = {number: known for number, key in enumerate(keys) if isinstance(known := cache.get(key), Findings)}
    missing = {number: source for number, source in enumerate(sources) if number not in found}
    if missing:
        for number, findings in _read(missing, config, jobs):
            tell("reading", len(found), len(sources))
            found[number] = findings
            cache.put(keys[number], findings)
        cache.tidy()
    return tuple(Read(source, found[number]) for number, source in enumerate(sources))


def _key(source: Source, settings: str) -> str:
    """A key of all that `read_source` depends on."""
    place = (source.path, source.inside, folder_name(source.root), source.form, str(source.is_question))
    return key_of("read", settings, *place, source.text)


def _read(sources: Mapping[int, Source], config: Config, jobs: int) -> Iterator[tuple[int, Findings]]:
    """Read sources, in whatever order; each comes back under its number."""
    workers = min(jobs or cores(), len(sources), sum(len(source.text) for source in sources.values()) // WORTH)
    if workers < 2:
        yield from ((number, read_source(source, config)) for number, source in sources.items())
        return
    with _pool(workers) as pool:
        largest_first = sorted(sources, key=lambda number: -len(sources[number].text))
        with _held_back():
            numbers = {pool.submit(read_source, sources[number], config): number for number in largest_first}
        for future in as_completed(numbers):
            yield numbers.pop(future), future.result()


def cores() -> int:
    """How many processes this machine runs at once."""
    return len(os.sched_getaffinity(0)) if sys.platform == "linux" else os.cpu_count() or 1


@contextmanager
def _pool(workers: int) -> Iterator[ProcessPoolExecutor]:
    """Processes that are gone at the end, however that comes."""
    others = set(mp.active_children())
    pool = ProcessPoolExecutor(workers, mp.get_context(_start_method()), _begin, (gc.get_threshold(),))
    try:
        yield pool
    except BaseException as error:
        for process in set(mp.active_children()) - others:
            process.terminate()
        if isinstance(error, BrokenProcessPool):
            raise ChildProcessError(errno.ECHILD, "a process that read notes has ended; --jobs 1 needs none") from error
        raise
    finally:
        pool.shutdown(cancel_futures=True)


@contextmanager
def _held_back() -> Iterator[None]:
    """Ctrl+C comes when all processes are there, and to none that is half made; they never hear it themselves."""
    if os.name == "nt":
        yield
        return
    before = signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT})
    try:
        yield
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, before)


def _start_method() -> str:
    """A copy of this process is there at once, but only Linux makes it safely, and only while there is one thread."""
    return "fork" if sys.platform == "linux" and threading.active_count() == 1 else "spawn"


def _begin(threshold: tuple[int, int, int]) -> None:
    """Make a new process ready: it looks for rubbish as seldom as the first one, whose end is its end, and leaves it to that to hear Ctrl+C."""
    gc.set_threshold(*threshold)
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    threading.Thread(target=_end_with_parent, daemon=True).start()


def _end_with_parent() -> None:
    parent = mp.parent_process()
    if parent:
        wait([parent.sentinel])
        os._exit(1)
