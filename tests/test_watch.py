"""Watching: a burst of saves is one build, what we write ourselves is none, and Ctrl+C ends it."""

from __future__ import annotations

import queue
import re
import signal
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from notedeck.preview.watching import Watched, Watcher, watched
from notedeck.report.run import Options
from tests.anki_oracle import REPO, Anki, Desk, png, question
from tests.test_cli import ENGLISH, environment, run

PATIENCE = 60.0
"""Seconds, on a machine that has much else to do."""
BOOK = "# 책\n\n" + question("[면접질문] 하나인가요?", "하나.")


@pytest.fixture
def desk(tmp_path: Path) -> Desk:
    return Desk(tmp_path).write({"책.md": BOOK})


class Running:
    """A `python build.py` that runs on, and its lines as they come."""

    def __init__(self, process: subprocess.Popen[str]) -> None:
        self.process = process
        self.lines: queue.Queue[str] = queue.Queue()
        threading.Thread(target=self._read, daemon=True).start()

    def _read(self) -> None:
        for line in self.process.stdout or ():
            self.lines.put(line.rstrip("\n"))

    def line(self, pattern: str) -> str:
        """The next line that has the pattern; lines before it are passed by."""
        while True:
            line = self.lines.get(timeout=PATIENCE)
            assert "Traceback" not in line
            if re.search(pattern, line):
                return line

    def interrupt(self) -> int:
        self.process.send_signal(signal.SIGINT)
        return self.process.wait(PATIENCE)


@contextmanager
def running(desk: Desk, *arguments: str) -> Iterator[Running]:
    command = [sys.executable, str(REPO / "build.py"), *arguments]
    env = {**environment(ENGLISH), "NOTEDECK_NO_BROWSER": "1", "PYTHONUNBUFFERED": "1"}
    process = subprocess.Popen(command, cwd=desk.root, env=env, text=True, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, encoding="utf-8")
    with process:
        try:
            yield Running(process)
        finally:
            process.kill()


BUILT = r"^\d\d:\d\d:\d\d  \d+ cards"


def test_it_builds_at_every_save_and_the_decks_are_fresh(desk: Desk, tmp_path: Path) -> None:
    with running(desk, "--watch") as watching:
        assert "1 cards" in watching.line(BUILT)
        assert (desk.decks / "책.apkg").is_file()
        desk.write({"책.md": BOOK + question("둘인가요?", "둘.")})
        assert "2 cards" in watching.line(BUILT)
        with Anki(tmp_path / "anki") as anki:
            anki.take(desk.decks / "책.apkg")
            assert len(anki.rows()) == 2
        desk.write({"deck.toml": "[deck]\nboook = 1\n"})
        assert "config-key" in watching.line("error")
        assert "nothing was written" in watching.line(r"^\d\d:")
        desk.write({"deck.toml": ""})
        assert "2 same" in watching.line(BUILT)
        assert watching.interrupt() == 130
        watching.line("interrupted; the decks from before are whole")


def test_the_preview_says_where_it_is_and_writes_nothing(desk: Desk) -> None:
    before = {path.name for path in desk.root.rglob("*")}
    with running(desk, "--preview") as watching:
        watching.line(r"preview: http://127\.0\.0\.1:\d+/")
        assert "1 new" in watching.line(BUILT)
        desk.write({"책.md": BOOK + question("둘인가요?", "둘.")})
        assert "2 new" in watching.line(BUILT)
        assert watching.interrupt() == 130
    assert {path.name for path in desk.root.rglob("*")} == before


def test_notes_that_are_not_there_end_it_at_once(desk: Desk) -> None:
    for option in ("--watch", "--preview"):
        ended = run(desk, "nowhere", option)
        assert (ended.status, ended.codes) == (2, ["not-found"])


@pytest.mark.parametrize("options", ["--watch --json", "--preview --json", "--watch --preview", "--watch --plan", "--preview --plan"])
def test_what_does_not_go_together(desk: Desk, options: str) -> None:
    ended = run(desk, *options.split())
    assert ended.status == 2
    assert not desk.decks.exists()


# What counts


def test_what_a_build_depends_on(desk: Desk) -> None:
    desk.write({"그림/a.png": png(1), ".git/config": "", "node_modules/x.md": ""})
    what = watched(Options(notes=(desk.notes,), out=desk.notes / "decks", templates=REPO / "templates"))
    counts = ["책.md", "새 글.md", "그림/a.png", "deck.toml", "깊이/더 깊이/글.txt"]
    passed_by = ["cards.lock", "decks/책.apkg", "decks/책 그림/x.png", ".git/config", ".책.md.swp", "책.md~", "node_modules/x.md", "__MACOSX/책.md"]
    assert [name for name in counts if not what.concerns(desk.notes / name)] == []
    assert [name for name in passed_by if what.concerns(desk.notes / name)] == []
    assert what.concerns(REPO / "templates" / "qa" / "style.css")
    assert what.concerns(REPO / "templates" / "page" / "page.html")
    assert not what.concerns(REPO / "README.md")


def test_of_a_single_file_its_folder_is_watched_and_not_all_below(desk: Desk) -> None:
    what = watched(Options(notes=(desk.notes / "책.md",), out=desk.decks))
    assert what.trees == ()
    assert what.concerns(desk.notes / "책.md")
    assert what.concerns(desk.notes / "deck.toml")
    assert not what.concerns(desk.notes / "깊이" / "글.md")
    assert not what.concerns(desk.notes / "cards.lock")


def test_a_configuration_elsewhere_is_watched(desk: Desk) -> None:
    (desk.root / "conf").mkdir()
    what = watched(Options(notes=(desk.notes,), out=desk.decks, config=desk.root / "conf" / "our.toml"))
    assert what.concerns(desk.root / "conf" / "our.toml")


def test_corrections_are_watched_wherever_they_are(desk: Desk) -> None:
    (desk.root / "conf").mkdir()
    what = watched(Options(notes=(desk.notes,), out=desk.decks, corrections=desk.root / "conf" / "ours.toml"))
    assert what.concerns(desk.root / "conf" / "ours.toml")
    assert watched(Options(notes=(desk.notes,), out=desk.decks)).concerns(desk.notes / "corrections.toml")
    assert watched(Options(notes=(desk.notes / "책.md",), out=desk.decks, lock=desk.root / "conf" / "cards.lock")).concerns(
        desk.root / "conf" / "corrections.toml"
    )


def waits(watcher: Watcher) -> threading.Event:
    """Set as soon as the watcher has seen a change."""
    seen = threading.Event()

    def wait() -> None:
        watcher.wait()
        seen.set()

    threading.Thread(target=wait, daemon=True).start()
    return seen


def woken(watcher: Watcher, folder: Path) -> None:
    """Wait until the watcher really watches."""
    seen = waits(watcher)
    for number in range(200):
        (folder / "wach.md").write_text(str(number), "utf-8")
        if seen.wait(0.3):
            return
    raise TimeoutError


def test_a_burst_of_saves_is_one_sign(tmp_path: Path) -> None:
    with Watcher(Watched((tmp_path,), (), ())) as watcher:
        woken(watcher, tmp_path)
        while waits(watcher).wait(1.5):
            pass
        for number in range(50):
            (tmp_path / f"{number}.md").write_text("글", "utf-8")
        watcher.wait()
        assert not waits(watcher).wait(1.5)


def test_a_change_while_somebody_builds_is_not_lost(tmp_path: Path) -> None:
    with Watcher(Watched((tmp_path,), (), ())) as watcher:
        woken(watcher, tmp_path)
        (tmp_path / "글.md").write_text("하나", "utf-8")
        watcher.wait()
        (tmp_path / "글.md").write_text("둘", "utf-8")
        assert watcher._changed.wait(PATIENCE)
        watcher.wait()


def test_a_folder_that_cannot_be_watched_is_told(tmp_path: Path) -> None:
    with Watcher(Watched((tmp_path / "nowhere",), (), ())) as watcher, pytest.raises(OSError, match="No path"):
        watcher.wait()


def test_saving_by_renaming_counts(tmp_path: Path) -> None:
    """As many editors save: another file is put in the place of the old one."""
    with Watcher(Watched((), (tmp_path,), ())) as watcher:
        woken(watcher, tmp_path)
        while waits(watcher).wait(1.5):
            pass
        (tmp_path / ".글.md.new").write_text("둘", "utf-8")
        (tmp_path / ".글.md.new").replace(tmp_path / "글.md")
        watcher.wait()


def test_a_file_of_which_somebody_told_is_a_sign_at_once_and_no_second_one(tmp_path: Path) -> None:
    path = tmp_path / "corrections.toml"
    with Watcher(Watched((tmp_path,), (), ())) as watcher:
        woken(watcher, tmp_path)
        while waits(watcher).wait(1.5):
            pass
        for data in (b"# 1\n", None):
            path.write_bytes(data) if data else path.unlink()
            watcher.wake(path, data)
            watcher.wait()
            assert not waits(watcher).wait(1.5)
        path.write_bytes(b"# 2\n")
        watcher.wait()
