"""Whether an input breaks anything, and whether it takes longer than it may."""

from __future__ import annotations

import signal
import tempfile
import time
import traceback
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from types import FrameType
from typing import TypeVar

from benchmarks.made_inputs import SAMPLE
from tests.claims import Text

TIMES = 10.0
"""How many times as long as plain notes an input may take, unless the command line says otherwise."""
FLOOR = 0.15
"""Seconds that nobody minds; a build of nothing takes a third of them."""
STEPS = (4_000, 16_000, 160_000, 1_000_000)
"""Bytes to which a piece is blown up: as far as chance has it, and further while it looks slow."""
LARGEST = 10_000_000
_PATIENCE = 5
"""How many times as long as it may at most, by its bytes, an input is waited for: it may hold many questions."""
_LONGEST = 600.0
"""Seconds for what has no bound of its own."""

Input = TypeVar("Input")


class TooLongError(BaseException):
    """The time is up: no part of notedeck may catch it."""


@contextmanager
def at_most(seconds: float) -> Iterator[None]:
    """Raise TooLongError once a block has taken so many seconds of this process."""

    def stop(number: int, frame: FrameType | None) -> None:
        raise TooLongError(seconds)

    before = signal.signal(signal.SIGPROF, stop)
    signal.setitimer(signal.ITIMER_PROF, seconds)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_PROF, 0)
        signal.signal(signal.SIGPROF, before)


class Plain:
    """How long plain notes take here: the sample notes, again and again."""

    def __init__(self, times: float) -> None:
        self.times = times
        self.notes = "".join(path.read_text("utf-8") for path in sorted(SAMPLE.glob("*.md")))
        self.known: dict[int, float] = {}
        self.question = 0.0
        """Seconds that a question of them takes."""
        taken(Text(self.notes), _LONGEST)  # whatever is imported or compiled first

    def seconds(self, size: int, *, again: bool = False) -> float:
        """What as many bytes of them take; of a few sizes, once."""
        nearest = min((*STEPS, LARGEST), key=lambda step: abs(step - size))
        if nearest not in self.known or again:
            count = max(1, round(nearest / len(self.notes.encode())))
            text = Text(self.notes * count)
            seconds, questions = taken(text, _LONGEST)
            self.known[nearest], self.question = seconds / len(text.text.encode()), seconds / questions
        return self.known[nearest] * size

    def bound(self, size: int, questions: int = 0) -> float:
        """The seconds that an input of this size may take; if more, what as many questions of plain notes take."""
        return max(FLOOR, self.times * self.seconds(size), self.question * questions)

    def patience(self, size: int) -> float:
        """The seconds after which an input of this size is not waited for, since it can hardly hold so many questions."""
        return _PATIENCE * self.bound(size)


def taken(one: Text, most: float) -> tuple[float, int]:
    """Seconds of this process for what a person waits for, a build of a text, and its questions: the cards, and what nobody answered.

    Raises TooLongError.
    """
    with tempfile.TemporaryDirectory() as folder, at_most(most):
        started = time.process_time()
        built = one.build(Path(folder))
        seconds = time.process_time() - started
    waiting = sum(not gist.is_answered for read in built.reads for gist in read.found.gists)
    return seconds, waiting + sum(len(note.cards) for note in built.notes)


def failure(claims: Callable[[Input], object], one: Input) -> BaseException | None:
    """What is wrong with an input; a stop of ours is too."""
    try:
        with at_most(30):
            claims(one)
    except (Exception, TooLongError) as error:
        return error
    return None


def same_bug(one: BaseException | None, other: BaseException) -> bool:
    """Whether two errors are likely one bug."""
    return one is not None and bug_of(one) == bug_of(other)


def bug_of(error: BaseException) -> str:
    """Which bug it is, as far as one can see: the kind of error, and the last of our own functions."""
    frames = [
        frame for frame in traceback.extract_tb(error.__traceback__) if "site-packages" not in frame.filename and "/lib/python" not in frame.filename
    ]
    ours = (
        frames[-1:]
        if isinstance(error, AssertionError | TooLongError)
        else [frame for frame in frames if "/notedeck/" in frame.filename][-1:] or frames[-1:]
    )
    return " ".join([type(error).__name__, *(f"{Path(frame.filename).name}:{frame.name}:{frame.line}" for frame in ours)])
