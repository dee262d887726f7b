"""Commands, run and measured: wall time, processor time and memory, a command's children included."""

from __future__ import annotations

import os
import statistics
import subprocess
import threading
import time
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

_POLL = 0.02
"""Seconds between two looks at the memory."""


@dataclass(frozen=True, slots=True)
class Case:
    """A command to measure."""

    name: str
    command: Sequence[str]
    prepare: Callable[[], None] = lambda: None
    """What makes things as they should be before each run; not measured."""


@dataclass(frozen=True, slots=True)
class Run:
    """One run of a command."""

    wall: float
    """Seconds."""
    processor: float
    """Seconds of all processes together."""
    memory: int = 0
    """The most bytes of all processes together, shared ones counted once; 0 if it was not looked at."""


@dataclass(slots=True)
class Measured:
    """The runs of all cases."""

    runs: dict[str, list[Run]] = field(default_factory=dict)

    def wall(self, name: str) -> float:
        """The median of a case's wall times."""
        return statistics.median(run.wall for run in self.runs[name])

    def processor(self, name: str) -> float:
        """The median of a case's processor times."""
        return statistics.median(run.processor for run in self.runs[name])

    def ratio(self, name: str, other: str) -> float:
        """The median over the rounds of how much longer one case took than another one in the same round."""
        return statistics.median(one.wall / two.wall for one, two in zip(self.runs[name], self.runs[other], strict=True))


def in_turn(cases: Iterable[Case], rounds: int, environment: Mapping[str, str]) -> dict[str, list[Run]]:
    """Run each case once, and all of them again, so that whatever else the machine does falls on all alike."""
    runs: dict[str, list[Run]] = {}
    every = list(cases)
    for _ in range(rounds):
        for case in every:
            case.prepare()
            runs.setdefault(case.name, []).append(run(case.command, environment))
    return runs


def run(command: Sequence[str], environment: Mapping[str, str], *, looks_at_memory: bool = False) -> Run:
    """Run a command to its end. Raises CalledProcessError if it fails."""
    started = time.perf_counter()
    process = subprocess.Popen(command, env={**os.environ, **environment}, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    watch = _Watch(process.pid)
    if looks_at_memory:
        watch.start()
    _, status, usage = os.wait4(process.pid, 0)
    wall = time.perf_counter() - started
    watch.ended.set()
    process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode:
        raise subprocess.CalledProcessError(process.returncode, command)
    return Run(wall, usage.ru_utime + usage.ru_stime, watch.most)


class _Watch(threading.Thread):
    """Looks again and again at the memory of a process and its children (Linux: /proc)."""

    def __init__(self, pid: int) -> None:
        super().__init__(daemon=True)
        self.pid = pid
        self.most = 0
        self.ended = threading.Event()

    def run(self) -> None:
        while not self.ended.wait(_POLL):
            self.most = max(self.most, sum(map(_memory, _family(self.pid))))


def _family(pid: int) -> list[int]:
    """A process and all that came from it."""
    family = [pid]
    for one in family:
        try:
            family += [int(child) for task in Path(f"/proc/{one}/task").iterdir() for child in (task / "children").read_text().split()]
        except OSError:  # it has ended
            continue
    return family


def _memory(pid: int) -> int:
    try:
        lines = Path(f"/proc/{pid}/smaps_rollup").read_text().splitlines()
    except OSError:
        return 0
    return sum(int(line.split()[1]) * 1024 for line in lines if line.startswith("Pss:"))
