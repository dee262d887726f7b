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
import sys
import time
import traceback
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from benchmarks.judging import FLOOR, LARGEST, STEPS, TIMES, Input, Plain, TooLongError, bug_of, failure, same_bug, taken
from benchmarks.made_inputs import Folder, Growth, Maker, growth
from benchmarks.minimising import folder_holds, smaller, smaller_folder, smaller_growth, smaller_text
from notedeck.cli import COLLECT
from tests.claims import Text, claims_of_a_config, claims_of_a_text

MEMORY = 6 << 30
"""Bytes that this process may take of a machine that others share."""


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
    rows: Counter[str] = field(default_factory=Counter)
    """Rows of one letter or of two, by their length and class."""
    slowest: tuple[float, str] = (0.0, "")
    """How many times as long as plain notes the slowest took, and which it was."""
    found: dict[str, Found] = field(default_factory=dict)


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
        self.totals.rows += maker.rows

    def text(self, one: Text, maker: Maker) -> None:
        """All claims of a text, and now and then of what it becomes when it is repeated."""
        size = self.count(one.text)
        started = time.process_time()
        error = failure(claims_of_a_text, one)
        if error is not None:
            if bug_of(error) in self.totals.found:
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
        if (error := failure(folder_holds, one)) is not None and bug_of(error) not in self.totals.found:
            small = smaller_folder(one)
            self.tell(folder_holds, small, f"claims_of_a_folder({dict(small.files)!r}, {small.toml!r})")

    def toml(self, text: str) -> None:
        """All claims of deck.toml."""
        self.count(text)
        if (error := failure(claims_of_a_config, text)) is not None:
            small = smaller(text, lambda less: same_bug(failure(claims_of_a_config, less), error))
            self.tell(claims_of_a_config, small, f"claims_of_a_config({small!r})")

    def grow(self, one: Growth, steps: int = 1) -> None:
        """Blow something up by so many steps, and on for as long as it looks slow; look whether it takes more than it may."""
        self.totals.blown_up += 1
        before = 0.0
        for number, step in enumerate(STEPS):
            text = one.text(step)
            size = self.count(text.text)
            found = self.timed(one, text, size)
            if found is None:
                return
            seconds, share = found
            times = seconds / self.plain.seconds(size)
            if seconds > FLOOR and times > self.totals.slowest[0]:
                self.totals.slowest = (times, f"{size:,} bytes in {seconds:.2f} s, {share:.0%} of what it may: {one!r}")
            grows = share * self.plain.times > 1 and seconds > 1.5 * before * step / STEPS[number - 1] > 0
            if share < 2 / 3 and not grows and number >= steps:
                return
            before = seconds
        if steps == len(STEPS) or (seconds > FLOOR and self.predicted(one, seconds, share) > 1):
            text = one.text(LARGEST)
            self.timed(one, text, self.count(text.text))

    def predicted(self, one: Growth, seconds: float, share: float) -> float:
        """How much of what it may take a piece would take at the largest size, if it goes on growing as it does."""
        quarter, _ = taken(one.text(STEPS[-1] // 4), self.plain.patience(STEPS[-1]))
        power = _log(seconds / max(quarter, 1e-4)) / _log(4)
        return share * (LARGEST / STEPS[-1]) ** max(power - 1, 0)

    def timed(self, one: Growth, text: Text, size: int) -> tuple[float, float] | None:
        """The seconds that a text took, and how much that is of what it may take.

        None, and told, if that is more than all, the second time too and beside plain notes of now, or if it broke.
        """
        for again in (False, True):
            if again:
                self.plain.seconds(size, again=True)
            try:
                seconds, questions = taken(text, self.plain.patience(size))
            except TooLongError:
                continue
            except Exception as error:
                self.broken(one, size, error)
                return None
            share = seconds / self.plain.bound(size, questions)
            if share <= 1:
                return seconds, share
        small = smaller_growth(one, size, self.is_slow)
        words = f"{size:,} bytes take more than {self.plain.times:g} times what plain notes take ({self.plain.seconds(size):.2f} s)"
        self.add(Found(f"slow {small.form} {small.piece!r}", words, "", f"{small!r}.text({size})"))
        return None

    def broken(self, one: Growth, size: int, error: BaseException) -> None:
        """Tell what cannot even be read."""
        kind = type(error)
        if bug_of(error) not in self.totals.found:
            small = smaller_growth(one, size, lambda less: isinstance(failure(Text.read, less), kind))
            self.add(_found(error, f"{small!r}.text({size})"))

    def is_slow(self, text: Text) -> bool:
        """Whether a text takes more than it may."""
        size = len(text.text.encode())
        try:
            seconds, questions = taken(text, self.plain.patience(size))
            return seconds > self.plain.bound(size, questions)
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


def _found(error: BaseException, reproducer: str) -> Found:
    where = "".join(traceback.format_tb(error.__traceback__)[-3:])
    return Found(bug_of(error), f"{type(error).__name__}: {str(error)[:400]}", where, reproducer)


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
        "rows: " + ", ".join(f"{count:,} {kind}" for kind, count in sorted(totals.rows.items())),
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
