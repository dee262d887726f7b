"""Reading from the cache and in several processes: what comes out is the same, and no process outlives its run."""

from __future__ import annotations

import json
import os
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from notedeck.config import Config
from notedeck.corrections.correction import Told
from notedeck.machine import processes
from notedeck.machine.cache import Cache
from notedeck.reading import front, readers
from notedeck.reading.findings import Findings
from notedeck.reading.front import read_source
from notedeck.reading.packing import dumped
from notedeck.report.report import json_report
from notedeck.report.run import Built
from notedeck.sources.source import Source
from tests import documents
from tests.anki_oracle import NOW, REPO, Desk, png, question

NAMES = [f"{number}권.md" for number in range(1, 6)]
PATIENCE = 60.0
"""Seconds, on a machine that has much else to do."""


def book(name: str, more: str = "") -> str:
    asked = question(f"[면접질문] {name}의 무엇인가요?", f"{name}.") + "  - **정말요?**\n\n    ![](그림.png) 정말.\n\n"
    return f"# {name}\n\n## 1장 처음\n\n{asked}- {name}의 답은 아직인가요?\n\n남은 글.{more}\n"


@pytest.fixture
def desk(tmp_path: Path) -> Desk:
    return Desk(tmp_path).write({"그림.png": png(1), **{name: book(name) for name in NAMES}})


@pytest.fixture
def cache(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("NOTEDECK_CACHE", str(tmp_path / "cache"))
    return tmp_path / "cache"


@pytest.fixture
def asked(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The paths of what is read anew, as it is read."""
    paths: list[str] = []

    def counted(source: Source, config: Config, told: Sequence[Told]) -> Findings:
        paths.append(Path(source.path).name)
        return read_source(source, config, told)

    monkeypatch.setattr(front, "read_source", counted)
    return paths


def all_of(built: Built, desk: Desk) -> tuple[Any, ...]:
    """All that a run says and leaves behind, and what the preview shows beside."""
    record = json.loads((desk.decks / ".notedeck.json").read_text("utf-8")) if desk.decks.exists() else {}
    return json_report(built, 0), built.diagnostics, built.reads, built.written, record, desk.lock.exists() and desk.lock.read_bytes()


def anew(desk: Desk, **options: Any) -> tuple[Any, ...]:
    """A first build."""
    desk.lock.unlink(missing_ok=True)
    shutil.rmtree(desk.decks, ignore_errors=True)
    return all_of(desk.build(**options), desk)


@settings(max_examples=12, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow], deadline=None)
@given(pages=st.lists(documents.documents(), min_size=2, max_size=4))
def test_cache_and_processes_change_nothing(pages: list[str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    shutil.rmtree(tmp_path / "notes", ignore_errors=True)
    desk = Desk(tmp_path).write({name: documents.filled(page) for name, page in zip(NAMES, pages, strict=False)})
    monkeypatch.setattr(readers, "WORTH", 1)
    monkeypatch.setenv("NOTEDECK_CACHE", "")
    alone, together = anew(desk, jobs=1), anew(desk, jobs=4)
    monkeypatch.setenv("NOTEDECK_CACHE", str(tmp_path / "cache"))
    kept, known = anew(desk, jobs=4), anew(desk)
    assert alone == together == kept == known


def test_one_edit_is_one_file_read(desk: Desk, cache: Path, asked: list[str]) -> None:
    desk.build()
    assert asked == NAMES
    desk.write({NAMES[2]: book(NAMES[2], "\n\n- 더 있나요?\n\n  네.\n")})
    built = desk.build()
    assert asked[len(NAMES) :] == [NAMES[2]]
    assert {note.locked.book for note in built.notes if note.change != "same"} == {NAMES[2]}
    desk.build(plan=True)
    assert len(asked) == len(NAMES) + 1


@pytest.mark.parametrize(
    "move",
    [
        lambda desk: desk.write({"deck.toml": "[followups]\nin_parent = 'none'\n"}),
        lambda desk: desk.notes.rename(desk.root / "다른 노트"),
    ],
    ids=["deck.toml", "the folder"],
)
def test_all_that_reading_depends_on_counts(move: Callable[[Desk], object], desk: Desk, cache: Path, asked: list[str]) -> None:
    desk.build()
    move(desk)
    desk.build(notes=(next(one for one in (desk.root / "다른 노트", desk.notes) if one.exists()),))
    assert asked == NAMES * 2


def test_a_cache_that_went_or_was_damaged_is_not_missed(desk: Desk, cache: Path, asked: list[str]) -> None:
    whole = anew(desk)
    for number, damage in enumerate((b"", b"notedeck cache 3\n" + bytes(100))):
        for path in cache.iterdir():
            path.write_bytes(damage)
        assert anew(desk) == whole
        assert len(asked) == len(NAMES) * (number + 2)
    shutil.rmtree(cache)
    assert anew(desk) == whole
    assert len(list(cache.iterdir())) == 3 * len(NAMES) + 1, "what was read, an empty package and a block of the page of each, and the lock"


def test_an_entry_that_holds_something_else_is_read_anew(desk: Desk, cache: Path, asked: list[str], monkeypatch: pytest.MonkeyPatch) -> None:
    whole = anew(desk)
    monkeypatch.setattr(Cache, "get", lambda self, key: dumped(("not what was read",)))
    assert anew(desk) == whole
    assert asked == NAMES * 2


def test_no_process_is_started_for_little(desk: Desk, cache: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(processes, "_pool", None)
    assert len(desk.build(jobs=8).reads) == len(NAMES)


def _dies(source: Source, config: Config, told: Sequence[Told]) -> Findings:
    os._exit(9)


def test_a_process_that_dies_is_told(desk: Desk, cache: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(readers, "WORTH", 1)
    monkeypatch.setattr(front, "read_source", _dies)
    with pytest.raises(ChildProcessError, match="--jobs 1"):
        desk.build(jobs=2)
    assert not desk.decks.exists()


def _fails(source: Source, config: Config, told: Sequence[Told]) -> Findings:
    raise ZeroDivisionError(source.path)


def test_what_goes_wrong_in_a_process_goes_wrong_here(desk: Desk, cache: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(readers, "WORTH", 1)
    monkeypatch.setattr(front, "read_source", _fails)
    with pytest.raises(ZeroDivisionError):
        desk.build(jobs=2)


def test_a_build_at_another_time_finds_what_is_remembered(desk: Desk, cache: Path) -> None:
    anew(desk)
    before = set(cache.iterdir())
    anew(desk, now=NOW + 1)
    assert len(set(cache.iterdir()) - before) == 1, "the other lock"


def test_two_builds_at_once_share_a_cache(desk: Desk, cache: Path) -> None:
    """Of the same notes, each with a lock and decks of its own, so that neither waits for the other."""
    program = [sys.executable, str(REPO / "build.py"), str(desk.notes), "-q"]
    running = [
        subprocess.Popen(
            [*program, "-o", str(desk.root / name), "--lock", str(desk.root / f"{name}.lock"), "--config", str(desk.notes / "deck.toml")]
        )
        for name in ("하나", "둘")
        if desk.write({"deck.toml": ""})
    ]
    assert [one.wait(PATIENCE) for one in running] == [0, 0]
    assert len(list((desk.root / "하나").glob("*.apkg"))) == len(list((desk.root / "둘").glob("*.apkg"))) == 2 * len(NAMES)
    assert len(list(cache.iterdir())) - 3 * len(NAMES) in (1, 2), "pages, empty packages, blocks of pages, and two locks that may be the same"


@contextmanager
def reading(desk: Desk) -> Iterator[subprocess.Popen[bytes]]:
    """A build in a group of its own whose processes have begun to read."""
    long = "".join(question(f"{number}번인가요?", "답 " * 40) for number in range(4_000))
    desk.write({name: f"# {name}\n\n{long}" for name in NAMES})
    command = [sys.executable, str(REPO / "build.py"), str(desk.notes), "-o", str(desk.decks), "-j", "2"]
    with subprocess.Popen(command, stderr=subprocess.PIPE, stdout=subprocess.DEVNULL, start_new_session=True) as process:
        children = Path(f"/proc/{process.pid}/task/{process.pid}/children")
        until(lambda: sum(map(has_worked, children.read_text().split())) == 2)
        yield process


def has_worked(process: str) -> bool:
    """Whether a process has taken some time of a core: it is past its beginning, where Python passes over an interrupt."""
    try:
        return int(Path(f"/proc/{process}/stat").read_text().rpartition(")")[2].split()[11]) > 5
    except OSError:
        return False


def until(holds: Callable[[], bool]) -> None:
    """Wait for what must come."""
    end = time.monotonic() + PATIENCE
    while not holds():
        assert time.monotonic() < end
        time.sleep(0.02)


def is_gone(group: int) -> bool:
    """Whether no process of a group is left."""
    try:
        os.killpg(group, 0)
    except ProcessLookupError:
        return True
    return False


@pytest.mark.skipif(sys.platform != "linux", reason="asks /proc for a process's children")
def test_an_interrupt_ends_all_processes(desk: Desk, cache: Path) -> None:
    """As a terminal sends it: to all of them."""
    with reading(desk) as process:
        os.killpg(process.pid, signal.SIGINT)
        _, err = process.communicate(timeout=PATIENCE)
    assert process.returncode == 130
    assert b"Traceback" not in err
    until(lambda: is_gone(process.pid))
    assert not desk.decks.exists()


@pytest.mark.skipif(sys.platform != "linux", reason="asks /proc for a process's children")
def test_no_process_outlives_a_build_that_was_killed(desk: Desk, cache: Path) -> None:
    with reading(desk) as process:
        process.kill()
    until(lambda: is_gone(process.pid))
