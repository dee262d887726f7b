"""Work shared out to several processes, where a machine has cores for it."""

from __future__ import annotations

import errno
import gc
import os
import signal
import sys
import threading
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any, TypeVar

if TYPE_CHECKING:  # most builds need no other process, and none to wait for this
    from concurrent.futures import ProcessPoolExecutor

_Task = TypeVar("_Task")
_Result = TypeVar("_Result")

_inherited: tuple[Callable[[Any], Any], Sequence[Any]] = (repr, ())
"""The work and its tasks, as a process that is a copy of this one finds them: nothing travels to it."""


def cores() -> int:
    """How many processes this machine runs at once."""
    return len(os.sched_getaffinity(0)) if sys.platform == "linux" else os.cpu_count() or 1


def are_copies() -> bool:
    """Whether new processes are copies of this one, there at once and with all that it knows.

    Only Linux makes them safely, and only while there is one thread.
    """
    return sys.platform == "linux" and threading.active_count() == 1


def shared_out(work: Callable[[_Task], _Result], tasks: Sequence[_Task], workers: int) -> Iterator[tuple[int, _Result]]:
    """Do some work for each task in so many processes; each result comes with its task's place, in whatever order.

    With fewer than two it is done here, one after another. Raises what the work raises, and ChildProcessError if a
    process ends before its work is done. Unless `are_copies`, work and tasks must be such that they can travel.
    """
    if workers < 2:
        yield from ((place, work(task)) for place, task in enumerate(tasks))
        return
    from concurrent.futures import as_completed

    global _inherited  # noqa: PLW0603 - the one way to hand something to a copy
    copies = are_copies()
    _inherited = (work, tasks)
    gc.freeze()  # a copy that looks through all that was there for rubbish makes it all its own
    try:
        with _pool(workers, "fork" if copies else "spawn") as pool:
            with _held_back():
                places = {pool.submit(_inherit, place) if copies else pool.submit(work, task): place for place, task in enumerate(tasks)}
            for future in as_completed(places):
                yield places.pop(future), future.result()
    finally:
        gc.unfreeze()
        _inherited = (repr, ())


def _inherit(place: int) -> Any:
    work, tasks = _inherited
    return work(tasks[place])


@contextmanager
def _pool(workers: int, method: str) -> Iterator[ProcessPoolExecutor]:
    """Processes that are gone at the end, however that comes."""
    import multiprocessing as mp
    from concurrent.futures import ProcessPoolExecutor
    from concurrent.futures.process import BrokenProcessPool

    others = set(mp.active_children())
    pool = ProcessPoolExecutor(workers, mp.get_context(method), _begin, (gc.get_threshold(),))
    try:
        yield pool
    except BaseException as error:
        for process in set(mp.active_children()) - others:
            process.terminate()
        if isinstance(error, BrokenProcessPool):
            raise ChildProcessError(errno.ECHILD, "a process that worked for this one has ended; --jobs 1 needs none") from error
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


def _begin(threshold: tuple[int, int, int]) -> None:
    """Make a new process ready: it looks for rubbish as seldom as the first one, whose end is its end, and leaves it to that to hear Ctrl+C."""
    gc.set_threshold(*threshold)
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    threading.Thread(target=_end_with_parent, daemon=True).start()


def _end_with_parent() -> None:
    import multiprocessing as mp
    from multiprocessing.connection import wait

    parent = mp.parent_process()
    if parent:
        wait([parent.sentinel])
        os._exit(1)
