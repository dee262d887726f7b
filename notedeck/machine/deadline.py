"""A bound on the processor's time of a piece of work, so that no input makes a build hang."""

from __future__ import annotations

import signal
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from types import FrameType

_AGAIN = 1.0
"""Seconds after which a work that did not end at its first interruption is interrupted again."""


class OverdueError(BaseException):
    """A work took more than its time. It is no `Exception`, so that no part of the work takes it for an error of its own."""


@contextmanager
def at_most(seconds: float) -> Iterator[None]:
    """Raise OverdueError in a block that takes more than so many seconds of this process.

    A timer's signal ends even a pattern that is being searched. Python gives signals to a process's first thread alone, and Windows
    has none of this kind: elsewhere the block takes the time that it takes.
    """
    if not hasattr(signal, "setitimer") or threading.current_thread() is not threading.main_thread():
        yield
        return
    before = signal.signal(signal.SIGVTALRM, _interrupt)
    signal.setitimer(signal.ITIMER_VIRTUAL, seconds, _AGAIN)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_VIRTUAL, 0)
        signal.signal(signal.SIGVTALRM, before)


def _interrupt(number: int, frame: FrameType | None) -> None:
    raise OverdueError
