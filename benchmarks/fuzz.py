"""Throw inputs of any kind at notedeck for some minutes: texts, damaged zips, deck.toml, and pieces blown up to megabytes.

What must hold of each is in `tests/claims.py`; beside it, no input may take more than ten times what as many bytes of plain notes take.
Whatever is found is made small and printed, and the exit status is 1.
"""

from __future__ import annotations

import argparse
import gc
import math
import os
import resource
import signal
import sys
import tempfile
import time
import traceback
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from pathlib import Path
from types import FrameType
from typing import TypeVar

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from benchmarks.made_inputs import SAMPLE, Folder, Growth, Maker, growth
from notedeck.cli import COLLECT
from tests.claims import Text, claims_of_a_config, claims_of_a_folder, claims_of_a_text

TIMES = 10.0
"""How many times as long as plain notes an input may take, unless the command line says otherwise."""
FLOOR = 0.15
"""Seconds that nobody minds; a build of nothing takes a third of them."""
STEPS = (4_000, 16_000, 160_000, 1_000_000)
"""Bytes to which a piece is blown up: as far as chance has it, and further while it looks slow."""
LARGEST = 10_000_000
MEMORY = 6 << 30
"""Bytes that this process may take of a machine that others share."""
_PATIENCE = 5
"""How many times as long as it may at most, by its bytes, an input is waited for: it may make many cards."""
_LONGEST = 600.0
"""Seconds for what has no bound of its own."""

Input = TypeVar("Input")


class TooLongError(BaseException):
    """The time is up: no part of notedeck may catch it."""


@dataclass(frozen=True, slots=True)
class Found:
    """Something that does not hold."""

    key: str
    """The same for what is likely the same bug."""
    what: str
    where: str
    reproducer: str


@dataclass(slots=True)
class Totals:
    """What was done so far."""

    inputs: int = 0
    bytes: int = 0
    blown_up: int = 0
    largest: int = 0
    slowest: tuple[float, str] = (0.0, "")
    """How many times as long as plain notes the slowest took, and which it was."""
    found: dict[str, Found] = field(default_factory=dict)


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
        self.card = 0.0
        """Seconds that a card of them takes."""
        taken(Text(self.notes), _LONGEST)  # whatever is imported or compiled first

    def seconds(self, size: int, *, again: bool = False) -> float:
        """What as many bytes of them take; of a few sizes, once."""
        nearest = min((*STEPS, LARGEST), key=lambda step: abs(step - size))
        if nearest not in self.known or again:
            count = max(1, round(nearest / len(self.notes.encode())))
            text = Text(self.notes * count)
            seconds, cards = taken(text, _LONGEST)
            self.known[nearest], self.card = seconds / len(text.text.encode()), seconds / cards
        return self.known[nearest] * size

    def bound(self, size: int, cards: int = 0) -> float:
        """The seconds that an input of this size may take; if more, what as many cards of plain notes take."""
        return max(FLOOR, self.times * self.seconds(size), self.card * cards)


def taken(one: Text, most: float) -> tuple[float, int]:
    """Seconds of this process for what a person waits for, a build of a text, and how many cards it makes. Raises TooLongError."""
    with tempfile.TemporaryDirectory() as folder, at_most(most):
        started = time.process_time()
        built = one.build(Path(folder))
        return time.process_time() - started, sum(len(note.cards) for note in built.notes)


class Fuzzer:
    """Makes inputs, tries them, keeps those that took long and those that broke something."""

    def __init__(self, seed: int, times: float = TIMES) -> None:
        self.seed = seed
        self.plain = Plain(times)
        self.totals = Totals()
        self.kept: list[Text] = []

    def step(self, number: int) -> None:
        """One input of any kind, by its number."""
        maker = Maker(f"{self.seed}:{number}")
        kind = maker.chance()
        if kind < 0.85:
            self.text(maker.text(self.kept), maker)
        elif kind < 0.88:
            self.folder(maker.folder(self.kept))
        elif kind < 0.9:
            self.toml(maker.toml())
        else:
            self.grow(growth(maker), maker.random.choices((1, 2, 3, 4), (70, 25, 4.9, 0.1))[0])

    def text(self, one: Text, maker: Maker) -> None:
        """All claims of a text, and now and then of what it becomes when it is repeated."""
        size = self.count(one.text)
        started = time.process_time()
        error = failure(claims_of_a_text, one)
        if error is not None:
            if _key(error) in self.totals.found:
                return
            small = smaller_text(one, error)
            self.tell(claims_of_a_text, small, f"Text({small.text!r}, Form.{small.form.name}, {_said(small)})")
            return
        times = (time.process_time() - started) / max(self.plain.seconds(max(size, 500)), 1e-6)
        if times > 20 or maker.chance() < 0.003:
            self.kept = [*self.kept[-99:], one]
        if maker.chance() < 0.002:
            self.grow(Growth(one.form, "", one.text, ""))

    def folder(self, one: Folder) -> None:
        """All claims of a folder."""
        for _, data in one.files:
            self.count(data)
        if (error := failure(_claims_of_a_folder, one)) is not None and _key(error) not in self.totals.found:
            small = smaller_folder(one)
            self.tell(_claims_of_a_folder, small, f"claims_of_a_folder({dict(small.files)!r}, {small.toml!r})")

    def toml(self, text: str) -> None:
        """All claims of deck.toml."""
        self.count(text)
        if (error := failure(claims_of_a_config, text)) is not None:
            small = smaller(text, lambda less: _same(failure(claims_of_a_config, less), error))
            self.tell(claims_of_a_config, small, f"claims_of_a_config({small!r})")

    def grow(self, one: Growth, steps: int = 1) -> None:
        """Blow something up by so many steps, and on for as long as it looks slow; look whether it takes more than it may."""
        before = 0.0
        self.totals.blown_up += 1
        for number, step in enumerate(STEPS):
            text = one.text(step)
            size = self.count(text.text)
            seconds = self.timed(one, text, size)
            if seconds is None:
                return
            times = seconds / self.plain.seconds(size)
            if seconds > FLOOR and times > self.totals.slowest[0]:
                self.totals.slowest = (times, f"{size:,} bytes in {seconds:.2f} s: {one!r}")
            looks_slow = times > self.plain.times * 2 / 3 or (times > 1 and seconds > 1.5 * before * step / STEPS[number - 1] > 0)
            if not looks_slow and number >= steps:
                return
            before = seconds
        if steps == len(STEPS) or (seconds > FLOOR and self.predicted(one, seconds) > 1):
            text = one.text(LARGEST)
            self.timed(one, text, self.count(text.text))

    def predicted(self, one: Growth, seconds: float) -> float:
        """How many times what it may take a piece would take at the largest size, if it goes on growing as it does."""
        half, _ = taken(one.text(STEPS[-1] // 4), _LONGEST)
        power = max(1.0, _log(seconds / max(half, 1e-4)) / _log(4))
        return seconds * (LARGEST / STEPS[-1]) ** power / (self.plain.times * self.plain.known[STEPS[-1]] * LARGEST)

    def timed(self, one: Growth, text: Text, size: int) -> float | None:
        """What a text took; None, and told, if that is more than it may, the second time too and beside plain notes of now, or if it broke."""
        seconds = 0.0
        for again in (False, True):
            if again:
                self.plain.seconds(size, again=True)
            try:
                seconds, cards = taken(text, self.plain.times * _PATIENCE * max(FLOOR, self.plain.seconds(size)))
            except TooLongError:
                continue
            except Exception as error:
                self.broken(one, size, error)
                return None
            if seconds <= self.plain.bound(size, cards):
                return seconds
        small = _smaller_growth(one, size, self.is_slow)
        words = f"{size:,} bytes take more than {self.plain.times:g} times what plain notes take ({self.plain.seconds(size):.2f} s)"
        self.add(Found(f"slow {small.form} {small.piece!r}", words, "", f"{small!r}.text({size})"))
        return None

    def broken(self, one: Growth, size: int, error: BaseException) -> None:
        """Tell what cannot even be read."""
        kind = type(error)
        if _key(error) not in self.totals.found:
            small = _smaller_growth(one, size, lambda less: isinstance(_read_error(less), kind))
            self.add(_found(error, f"{small!r}.text({size})"))

    def is_slow(self, text: Text) -> bool:
        """Whether a text takes more than it may."""
        size = len(text.text.encode())
        try:
            seconds, cards = taken(text, self.plain.times * _PATIENCE * max(FLOOR, self.plain.seconds(size)))
            return seconds > self.plain.bound(size, cards)
        except TooLongError:
            return True
        except Exception:
            return False

    def count(self, data: str | bytes) -> int:
        """Count an input; its size in bytes."""
        size = len(data.encode("utf-8", "replace") if isinstance(data, str) else data)
        self.totals.inputs += 1
        self.totals.bytes += size
        self.totals.largest = max(self.totals.largest, size)
        return size

    def tell(self, claims: Callable[[Input], object], small: Input, reproducer: str) -> None:
        """Add what breaks a claim, as it looks now that it is small."""
        if (error := failure(claims, small)) is not None:
            self.add(_found(error, reproducer))

    def add(self, found: Found) -> None:
        """Print something new."""
        if found.key not in self.totals.found:
            self.totals.found[found.key] = found
            print(f"\n{found.what}\n{found.where}\n  {found.reproducer}\n", flush=True)


def _claims_of_a_folder(one: Folder) -> None:
    claims_of_a_folder(dict(one.files), one.toml)


def failure(claims: Callable[[Input], object], one: Input) -> BaseException | None:
    """What is wrong with an input; a stop of ours is too."""
    try:
        with at_most(30):
            claims(one)
    except (Exception, TooLongError) as error:
        return error
    return None


def _read_error(one: Text) -> BaseException | None:
    return failure(Text.read, one)


def _same(one: BaseException | None, other: BaseException) -> bool:
    return one is not None and _key(one) == _key(other)


def _key(error: BaseException) -> str:
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


def _found(error: BaseException, reproducer: str) -> Found:
    where = "".join(traceback.format_tb(error.__traceback__)[-3:])
    return Found(_key(error), f"{type(error).__name__}: {str(error)[:400]}", where, reproducer)


def smaller(text: str, holds: Callable[[str], bool], seconds: float = 10) -> str:
    """A text of which nothing can be left out, or not in the time there is, so that something still holds."""
    until = time.monotonic() + seconds
    for separator in ("\n", ""):
        parts = text.split("\n") if separator else list(text)
        length = len(parts) // 2 or 1
        while length and time.monotonic() < until:
            place, left = 0, len(parts)
            while place < len(parts) and time.monotonic() < until:
                less = parts[:place] + parts[place + length :]
                if holds(separator.join(less)):
                    parts = less
                else:
                    place += length
            if len(parts) == left or length > 1:
                length //= 2
        text = separator.join(parts)
    return text


def smaller_text(one: Text, error: BaseException) -> Text:
    """A shorter text that breaks the same claim, with fewer settings if they do not matter."""
    for config in (Text("").config, replace(one.config, in_parent="folded"), replace(one.config, subdecks="auto")):
        if _same(failure(claims_of_a_text, replace(one, config=config)), error):
            one = replace(one, config=config)
    text = smaller(one.text, lambda less: _same(failure(claims_of_a_text, replace(one, text=less)), error))
    return replace(one, text=text)


def smaller_folder(one: Folder) -> Folder:
    """Fewer files that break the same claim, and shorter ones where bytes can go."""
    error = failure(_claims_of_a_folder, one)
    if error is None:
        return one

    def holds(less: Folder) -> bool:
        return _same(failure(_claims_of_a_folder, less), error)

    if one.toml and holds(replace(one, toml=b"")):
        one = replace(one, toml=b"")
    for pair in one.files:
        less = replace(one, files=tuple(other for other in one.files if other != pair))
        one = less if less.files and holds(less) else one
    for place, (name, data) in enumerate(one.files):

        def with_data(text: str, place: int = place, name: str = name, whole: Folder = one) -> Folder:
            return replace(whole, files=(*whole.files[:place], (name, text.encode("latin-1")), *whole.files[place + 1 :]))

        one = with_data(smaller(data.decode("latin-1"), lambda less: holds(with_data(less))))
    return one


def _smaller_growth(one: Growth, size: int, holds: Callable[[Text], bool]) -> Growth:
    """The same with less around it and in it."""

    def still(less: Growth) -> bool:
        return bool(less.piece) and holds(less.text(size))

    for less in (replace(one, before=""), replace(one, after=""), replace(one, closing=""), replace(one, way="row")):
        changed = replace(
            one, **{name: getattr(less, name) for name in ("before", "after", "closing", "way") if getattr(less, name) != getattr(one, name)}
        )
        one = changed if still(changed) else one
    for name in ("before", "after", "closing"):
        setting = getattr(one, name)
        one = replace(one, **{name: smaller(setting, lambda less, name=name, one=one: still(replace(one, **{name: less})), 20)}) if setting else one
    return replace(one, piece=smaller(one.piece, lambda less: still(replace(one, piece=less)), 60))


def _said(one: Text) -> str:
    """The settings of a text that are not the usual ones."""
    usual = Text("").config
    named = {
        name: getattr(one.config, name) for name in ("recognisers", "in_parent", "subdecks") if getattr(one.config, name) != getattr(usual, name)
    }
    return f"Config({', '.join(f'{name}={value!r}' for name, value in named.items())})"


def _log(value: float) -> float:
    return math.log(max(value, 1e-9))


def summary(totals: Totals, minutes: float) -> str:
    """What was done, in some lines."""
    times, which = totals.slowest
    lines = [
        f"{totals.inputs:,} inputs, {totals.bytes / 1e6:,.1f} MB, in {minutes:.1f} minutes; {totals.blown_up:,} blown up",
        f"largest: {totals.largest:,} bytes",
        f"slowest: {times:.1f} times plain notes, {which[:300]}",
        f"found: {len(totals.found)}",
    ]
    return "\n".join(lines)


def main(arguments: Sequence[str] | None = None) -> int:
    """Fuzz for as long as the command line says."""
    options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    options.add_argument("--minutes", type=float, default=1)
    options.add_argument("--seed", type=int, default=int(time.time()))
    options.add_argument("--start", type=int, default=0, help="the number of the first input")
    options.add_argument("--count", type=int, default=sys.maxsize, help="how many inputs at most")
    options.add_argument("--times", type=float, default=TIMES, help="how many times as long as plain notes an input may take")
    given = options.parse_args(arguments)
    gc.set_threshold(*COLLECT)
    resource.setrlimit(resource.RLIMIT_DATA, (MEMORY, MEMORY))
    os.environ["NOTEDECK_CACHE"] = ""
    print(f"seed {given.seed}", flush=True)
    fuzzer = Fuzzer(given.seed, given.times)
    started = told = time.monotonic()
    number = given.start
    while time.monotonic() < started + 60 * given.minutes and number < given.start + given.count:
        fuzzer.step(number)
        number += 1
        if time.monotonic() > told + 60:
            told = time.monotonic()
            print(
                f"{(told - started) / 60:.0f} min, input {number:,}: {fuzzer.totals.bytes / 1e6:,.1f} MB, {len(fuzzer.totals.found)} found",
                flush=True,
            )
    print(summary(fuzzer.totals, (time.monotonic() - started) / 60))
    for found in fuzzer.totals.found.values():
        print(f"\n{found.what}\n  {found.reproducer}")
    return 1 if fuzzer.totals.found else 0


if __name__ == "__main__":
    sys.exit(main())
