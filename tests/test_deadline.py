"""No source makes a build hang: what takes too long is told like any other error, and costs no card its history."""

from __future__ import annotations

import re
import threading
from collections.abc import Sequence
from pathlib import Path

import pytest

from notedeck.config import Config
from notedeck.corrections.correction import Told
from notedeck.machine import processes
from notedeck.machine.deadline import OverdueError, at_most
from notedeck.preview.live import Live
from notedeck.preview.server import serving
from notedeck.reading import front, readers
from notedeck.reading.findings import Findings
from notedeck.reading.front import read_source
from notedeck.sources.source import Source
from tests.anki_oracle import Desk, question

LONG = "하나.md"
ENDLESS = re.compile("(?:a+)+$")
"""Doubles its time with each letter; in the package there is none of its kind."""


def endless() -> None:
    ENDLESS.search("a" * 64 + "b")


def test_a_pattern_that_is_being_searched_is_interrupted() -> None:
    with pytest.raises(OverdueError), at_most(0.05):
        endless()


def test_a_work_that_forgives_errors_is_interrupted_too() -> None:
    with pytest.raises(OverdueError), at_most(0.05):
        while True:
            try:
                endless()
            except Exception:
                continue


def test_what_ends_in_time_is_left_alone() -> None:
    with at_most(0.05):
        assert "a".upper() == "A"
    re.compile("b+$").search("b" * 2_000_000)  # longer than the bound, which holds no more


def test_another_thread_takes_the_time_that_it_takes() -> None:
    done: list[bool] = []

    def work() -> None:
        with at_most(0.001):
            done.append(sum(range(200_000)) > 0)

    thread = threading.Thread(target=work)
    thread.start()
    thread.join()
    assert done == [True]


@pytest.fixture
def desk(tmp_path: Path) -> Desk:
    notes = {f"{name}.md": f"# {name}\n\n" + question(f"{name}인가요?", f"{name}.") for name in ("하나", "둘", "셋")}
    return Desk(tmp_path).write(notes)


@pytest.fixture
def _slow(monkeypatch: pytest.MonkeyPatch) -> None:
    """One of the sources takes for ever, as long as it says so."""

    def read(source: Source, config: Config, told: Sequence[Told]) -> Findings:
        if "끝없이" in source.text:
            endless()
        return read_source(source, config, told)

    monkeypatch.setattr(front, "read_source", read)
    monkeypatch.setattr(readers, "SECONDS", 0.2)


@pytest.mark.usefixtures("_slow")
@pytest.mark.parametrize("jobs", [1, 3])
def test_all_else_is_told_and_nothing_written(desk: Desk, jobs: int, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(readers, "WORTH", 1)
    monkeypatch.setattr(processes, "are_copies", lambda: True)  # a thread that another test left would make them others, which know of no slow reader
    first = desk.build(jobs=jobs)
    lock = desk.lock.read_bytes()
    desk.write({LONG: "# 하나\n\n끝없이\n", "둘.md": "# 둘\n\n- 둘은 왜 둘인가요?\n"})
    failed = desk.build(jobs=jobs)
    assert failed.failed
    assert {"too-slow", "unanswered"} <= {one.code for one in failed.diagnostics}
    assert [Path(one.span.path).name for one in failed.diagnostics if one.code == "too-slow"] == [LONG]
    assert not failed.removed
    assert desk.lock.read_bytes() == lock
    desk.write({LONG: "# 하나\n\n" + question("하나인가요?", "하나."), "둘.md": "# 둘\n\n" + question("둘인가요?", "둘.")})
    again = desk.build(jobs=jobs)
    assert [note.locked.guid for note in again.notes] == [note.locked.guid for note in first.notes]
    assert {note.change for note in again.notes} == {"same"}


@pytest.mark.usefixtures("_slow")
def test_a_preview_lives_on_with_the_last_good_cards(desk: Desk) -> None:
    with serving(Live("notes", desk.decks)) as (live, _):
        live.take(desk.build(keeps_texts=True))
        good = live.state
        desk.write({LONG: "# 하나\n\n끝없이\n"})
        live.take(desk.build(keeps_texts=True))
        assert good is not None and not good.has_error
        assert live.state is not None and live.state.has_error
        assert "하나인가요?" in live.state.data.decode()
