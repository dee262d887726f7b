"""A build that is killed at any write leaves a state from which the next one goes on as if nothing had happened.

Each kill is a process of its own that ends hard at the n-th change of a file, just before it or just behind it.
"""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
import sys
import zipfile
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from tests.anki_oracle import REPO, Anki, Desk
from tests.history import DAY, FIRST, LATER, MARKS, edited, guids, learned, lock_lines, run, studied_desk, wholes, written

KILLED = 77
EDITED = edited(("다시 부른다", "도로 부른다"), ("- **집배원", "- **[중요] 집배원"), counter="weight stamp registered", rounds="route box")
"""Two notes edited, two gone; a tag that had no package has one now, and one that had one loses it."""
BEFORE, AFTER = "[packages]\ntags = ['추가']\n", "[packages]\ntags = ['중요', '면접질문']\n"

WRAPPER = """
import os, pathlib, sys, tempfile
from unittest import mock

from notedeck import pipeline
from notedeck.report.run import Options

turn, moment, now, desk = int(sys.argv[1]), sys.argv[2], float(sys.argv[3]), pathlib.Path(sys.argv[4])
seen = 0


def deadly(call):
    def called(*arguments, **named):
        global seen
        path = named.get("dir") or (arguments[0] if arguments else "")
        seen += str(path).startswith(str(desk))
        is_last = seen == turn and str(path).startswith(str(desk))
        if is_last and moment == "before":
            os._exit(77)
        try:
            return call(*arguments, **named)
        finally:
            if is_last:
                os._exit(77)

    return called


for owner, name in ((os, "replace"), (os, "rename"), (os, "unlink"), (os, "remove"), (os, "mkdir"), (tempfile, "mkstemp")):
    setattr(owner, name, deadly(getattr(owner, name)))
with mock.patch("time.time", return_value=now):
    built = pipeline.build(Options(notes=(desk / "notes",), out=desk / "decks"))
assert not built.failed
"""


@pytest.fixture(scope="module")
def start(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A desk whose decks were imported and studied and whose notes were edited since, and the collection."""
    folder = tmp_path_factory.mktemp("start")
    written(studied_desk(folder, {"deck.toml": BEFORE}, fsrs=True), EDITED).write({"deck.toml": AFTER})
    return folder


def build_killed(desk: Desk, turn: int, moment: str) -> int:
    """Build in a process that ends at the n-th change of a file; its exit status."""
    command = [sys.executable, "-c", WRAPPER, str(turn), moment, str(LATER), str(desk.root)]
    done = subprocess.run(command, cwd=REPO, env={**os.environ, "PYTHONPATH": str(REPO)}, capture_output=True, text=True, check=False)
    assert done.returncode in (0, KILLED), done.stderr
    return done.returncode


@pytest.fixture(scope="module")
def stops(start: Path, tmp_path_factory: pytest.TempPathFactory) -> list[Path]:
    """The desk after a kill at each change of a file in it, before it and behind it."""
    folder = tmp_path_factory.mktemp("stops")

    def attempt(case: tuple[int, str]) -> Path | None:
        turn, moment = case
        place = folder / f"{turn:02} {moment}"
        shutil.copytree(start, place)
        return place if build_killed(Desk(place / "desk"), turn, moment) == KILLED else None

    found: list[Path] = []
    with ThreadPoolExecutor(2) as pool:
        for turn in range(1, 200, 2):
            cases = [(one, moment) for one in (turn, turn + 1) for moment in ("before", "behind")]
            ended = list(pool.map(attempt, cases))
            found += [place for place in ended if place]
            if not all(ended):
                return found
    pytest.fail("the build goes on changing files")


@pytest.fixture(scope="module")
def killed(stops: list[Path]) -> list[Path]:
    """The stops that left different states."""
    return list({state(place / "desk"): place for place in stops}.values())


def state(folder: Path) -> tuple[tuple[str, bytes], ...]:
    """All files below a folder; a temporary one has no name of its own."""
    files = (path for path in folder.rglob("*") if path.is_file())
    return tuple(sorted((re.sub(r"\.notedeck-.*", "~", str(path.relative_to(folder))), path.read_bytes()) for path in files))


@pytest.fixture(scope="module")
def undisturbed(start: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The same desk after a build that nobody killed."""
    folder = tmp_path_factory.mktemp("undisturbed") / "it"
    shutil.copytree(start, folder)
    assert build_killed(Desk(folder / "desk"), 0, "never") == 0
    return folder


def visible(folder: Path) -> set[str]:
    return {path.name for path in folder.iterdir() if not path.name.startswith(".")}


def contents(package: Path) -> dict[str, bytes]:
    """What a package holds; one that is torn raises."""
    with zipfile.ZipFile(package) as opened:
        assert opened.testzip() is None
        return {name: opened.read(name) for name in opened.namelist()}


def timeless(desk: Desk) -> list[str]:
    """The lock with the times of the build after the edit, whichever that was, made one."""
    lines = (json.dumps(line, ensure_ascii=False, sort_keys=True) for line in lock_lines(desk))
    return [re.sub(r'("(?:modified|removed|created)": )(\d+)', lambda found: found[1] + str(min(int(found[2]), LATER)), line) for line in lines]


@pytest.mark.slow
def test_the_build_is_killed_at_every_write(start: Path, undisturbed: Path, stops: list[Path], killed: list[Path]) -> None:
    """Lock, marks, book, two filtered packages, a package that goes, the book's page, the record: each is a stop of its own."""
    changed = {name for name, _ in set(state(start / "desk")) ^ set(state(undisturbed / "desk"))}
    assert len(changed) == 8
    assert len(stops) >= 2 * len(changed)
    assert len(killed) >= 2 * len(changed) - 1
    for name in changed:
        ends = {dict(state(one / "desk")).get(name) for one in (start, undisturbed)}
        assert {dict(state(place / "desk")).get(name) for place in (*killed, undisturbed)} == ends, name


@pytest.mark.slow
def test_decks_from_before_are_whole_after_a_kill(start: Path, undisturbed: Path, killed: list[Path]) -> None:
    old, new = ({path.name: path.read_bytes() for path in (one / "desk" / "decks").glob("*.apkg")} for one in (start, undisturbed))
    for place in killed:
        for path in (place / "desk" / "decks").glob("*.apkg"):
            assert contents(path)
            assert path.read_bytes() in (old.get(path.name), new.get(path.name)), f"{place.name}: {path.name}"
        assert {name for name in old if name in new} <= visible(place / "desk" / "decks")


@pytest.mark.slow
@pytest.mark.parametrize("now", [LATER, LATER + DAY], ids=["at once", "a day later"])
def test_the_next_build_ends_as_if_nothing_had_happened(now: int, undisturbed: Path, killed: list[Path], tmp_path: Path) -> None:
    wanted = Desk(undisturbed / "desk")
    for place in killed:
        desk = Desk(tmp_path / place.name / "desk")
        shutil.copytree(place / "desk", desk.root)
        assert run(desk, now=now).status == 0
        assert timeless(desk) == timeless(wanted), place.name
        assert visible(desk.notes) == visible(wanted.notes), place.name
        assert visible(desk.decks) == visible(wanted.decks), place.name
        assert MARKS in visible(desk.decks)
        for path in desk.decks.glob("*.apkg"):
            assert contents(path)
            if now == LATER:
                assert path.read_bytes() == (wanted.decks / path.name).read_bytes(), f"{place.name}: {path.name}"
        record = json.loads((desk.decks / ".notedeck.json").read_text("utf-8"))
        assert set(record) == {path.name for path in desk.decks.glob("[!.]*")}


@pytest.mark.slow
def test_after_a_kill_and_a_build_the_edit_arrives_and_nothing_studied_is_lost(killed: list[Path], tmp_path: Path) -> None:
    for place in killed:
        folder = tmp_path / place.name
        shutil.copytree(place, folder)
        desk = Desk(folder / "desk")
        assert run(desk, now=LATER + DAY).status == 0
        with Anki(folder / "anki") as anki:
            names, known = guids(anki), learned(anki)
            outcomes = anki.take_all(wholes(desk))
            updated = {guid for one in outcomes for guid in one.updated}
            assert updated == {names["weight"], names["route"]}, place.name
            assert not any(one.new or one.conflicting for one in outcomes)
            assert set(anki.take(desk.decks / MARKS).updated) == {names["express"], names["return"]}
            assert "도로 부른다" in anki.row("창구에서 무게를").fields["Answer"]
            assert "중요" in anki.row("집배원의 순로는").tags
            assert learned(anki) == known, place.name


@pytest.mark.slow
def test_an_import_between_the_kill_and_another_edit_loses_neither(killed: list[Path], tmp_path: Path) -> None:
    """Somebody imports what the killed build left, and the notes are edited again within its second: the lock was written first."""
    for place in killed:
        folder = tmp_path / place.name
        shutil.copytree(place, folder)
        desk = Desk(folder / "desk")
        with Anki(folder / "anki") as anki:
            known = learned(anki)
            anki.take_all(wholes(desk))
            again = {**EDITED, FIRST: EDITED[FIRST].replace("도로 부른다", "또 부른다")}
            assert run(written(desk, again), now=LATER).status == 0
            anki.take_all(wholes(desk))
            assert "또 부른다" in anki.row("창구에서 무게를").fields["Answer"], place.name
            assert "중요" in anki.row("집배원의 순로는").tags, place.name
            assert learned(anki) == known, place.name


@pytest.mark.slow
def test_a_kill_leaves_no_litter_behind_the_next_build(undisturbed: Path, killed: list[Path], tmp_path: Path) -> None:
    wanted = Desk(undisturbed / "desk")
    for place in killed:
        desk = Desk(tmp_path / place.name / "desk")
        shutil.copytree(place / "desk", desk.root)
        run(desk, now=LATER)
        for folder in ("notes", "decks"):
            listed = {path.name for path in (desk.root / folder).iterdir()}
            assert listed == {path.name for path in (wanted.root / folder).iterdir()}, place.name


def test_a_kill_right_behind_the_lock_is_mended(start: Path, undisturbed: Path, tmp_path: Path) -> None:
    """The lock says what was to be built; the decks are still those of before."""
    shutil.copytree(start, tmp_path, dirs_exist_ok=True)
    desk = Desk(tmp_path / "desk")
    shutil.copy2(undisturbed / "desk" / "notes" / "cards.lock", desk.lock)
    assert run(desk, now=LATER).status == 0
    assert visible(desk.decks) == visible(undisturbed / "desk" / "decks")
    with Anki(tmp_path / "anki") as anki:
        names = guids(anki)
        updated = {guid for one in anki.take_all(wholes(desk)) for guid in one.updated}
        assert updated == {names["weight"], names["route"]}
        assert set(anki.take(desk.decks / MARKS).updated) == {names["express"], names["return"]}
