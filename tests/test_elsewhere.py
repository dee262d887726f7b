"""Windows and the Mac, as far as they can be played here: what a test says of them is what it plays, not what was seen there.

Played are: processes that are no copies, a console of code page 949, line ends that git turns, files that are held open, and a folder
whose names have no case (a name that is not listed leads to another one by a link).
"""

from __future__ import annotations

import hashlib
import json
import os
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any
from unittest import mock

import pytest

from notedeck.machine import output, processes
from notedeck.machine.held import HeldError
from notedeck.machine.output import Wanted, write_output
from notedeck.machine.spelled import as_on_disk
from notedeck.reading import readers
from tests.anki_oracle import NOW, REPO, Desk, png, question

PAGES: dict[str, str | bytes] = {
    "책/하나.md": "# 하나\n\n## 1장\n\n" + question("[면접질문] 하나인가요?", "하나.\n\n  ```python\n  x = 1\n  y = 2\n  ```\n\n  ![](a.png)", 3),
    "책/둘.md": "# 둘\n\n## 2장\n\n" + question("둘인가요?", "둘.", 4) + "\n아무것도 아닌 글.\n",
    "책/a.png": png(1),
    "deck.toml": "[deck]\nunder = \"면접\"\n",
    ".notedeckignore": "버릴 것\n초안.md\n",
    "초안.md": question("아직인가요?", "네."),
}  # fmt: skip


def run(folder: Path, *arguments: str, **environment: str) -> subprocess.CompletedProcess[bytes]:
    """The program with a console of its own."""
    known = {"PATH": os.environ["PATH"], "NOTEDECK_CACHE": "", **environment}
    return subprocess.run(
        [sys.executable, "-X", "warn_default_encoding", "-W", "error::EncodingWarning", str(REPO / "build.py"), *arguments],
        cwd=folder, env=known, check=False, capture_output=True, timeout=120,
    )  # fmt: skip


def packages(desk: Desk) -> dict[str, str]:
    """What a build wrote, by name."""
    return {path.name: hashlib.sha256(path.read_bytes()).hexdigest() for path in desk.decks.iterdir() if path.suffix in (".apkg", ".html")}


# Processes that are no copies


@pytest.mark.slow
def test_processes_that_begin_anew_make_the_same_decks(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The Mac and Windows start each process from nothing, to which its work has to travel."""
    files: dict[str, str | bytes] = {f"책/{number}.md": f"# {number}\n\n## 1장\n\n" + question(f"{number}인가요?", "네.") for number in range(20)}
    alone, spread = Desk(tmp_path / "alone").write(files), Desk(tmp_path / "spread").write(files)
    alone.build(jobs=1)
    began: list[str] = []
    for module in (processes, output):
        monkeypatch.setattr(module, "are_copies", lambda: False)
    monkeypatch.setattr(readers, "WORTH", 10)
    monkeypatch.setattr(output, "WORTH", 1)
    pool = processes._pool

    def noted(workers: int, method: str) -> Any:
        began.append(method)
        return pool(workers, method)

    monkeypatch.setattr(processes, "_pool", noted)
    spread.build(jobs=2)
    assert began == ["spawn"]
    assert packages(spread) == packages(alone)
    assert spread.lock.read_bytes() == alone.lock.read_bytes()


@pytest.mark.slow
def test_a_program_that_is_started_anew_builds_but_once(tmp_path: Path) -> None:
    """Each process that begins anew imports the program's first file again."""
    desk = Desk(tmp_path).write({f"책/{number}.md": question(f"{number}인가요?", "네. " * 20_000) for number in range(4)})
    start = tmp_path / "start.py"
    start.write_text(
        f"import sys\nsys.path.insert(0, {str(REPO)!r})\nfrom notedeck.machine import processes\nprocesses.are_copies = lambda: False\n"
        f"exec(compile(open({str(REPO / 'build.py')!r}, encoding='utf-8').read(), 'build.py', 'exec'))\n",
        "utf-8",
    )
    done = subprocess.run([sys.executable, start, "--json"], cwd=tmp_path, env={"NOTEDECK_CACHE": ""}, check=False, capture_output=True, timeout=120)
    assert done.returncode == 0, done.stderr.decode()
    assert len(json.loads(done.stdout)["items"]) == 4
    assert desk.lock.exists()


# A console of code page 949


@pytest.mark.parametrize("options", [(), ("--plan",), ("-v",), ("-q",), ("--init",), ("--templates", "look"), ("--help",), ("없음",)])
def test_a_console_of_another_code_page_shows_all_that_it_can(options: tuple[str, ...], tmp_path: Path) -> None:
    """Characters that it lacks are told by their numbers, and no text is read or written in its encoding."""
    Desk(tmp_path).write({**PAGES, "책/셋.md": question("셋🙂인가요 ↺?", "네.") + "\n그리고 🙂.\n"})
    done = run(tmp_path, *options, PYTHONIOENCODING="cp949", LC_ALL="ko_KR.UTF-8")
    said = done.stdout.decode("cp949") + done.stderr.decode("cp949")
    assert "Traceback" not in said
    assert done.returncode == (2 if options == ("없음",) else 0), said


@pytest.mark.parametrize("encoding", ["cp949", "ascii", "utf-8"])
def test_a_report_is_json_whatever_the_console(encoding: str, tmp_path: Path) -> None:
    Desk(tmp_path).write({"책.md": question("하나🙂인가요 ↺?", "네.")})
    done = run(tmp_path, "--json", PYTHONIOENCODING=encoding, LC_ALL="ko_KR.UTF-8")
    report = json.loads(done.stdout.decode(encoding))
    assert [one["question"] for one in report["items"]] == ["하나🙂인가요 ↺?"]


def test_a_lock_is_written_in_utf_8_whatever_the_console(tmp_path: Path) -> None:
    desk = Desk(tmp_path).write(PAGES)
    assert run(desk.root, PYTHONIOENCODING="cp949").returncode == 0
    lines = [json.loads(line) for line in desk.lock.read_text("utf-8").splitlines()]
    assert {one["question"] for one in lines if "question" in one} == {"하나인가요?", "둘인가요?"}


# Line ends that git turns


def turned(desk: Desk) -> None:
    """What a checkout with `core.autocrlf` makes of text files."""
    for path in [path for path in desk.notes.rglob("*") if path.is_file() and path.suffix != ".png"]:
        path.write_bytes(path.read_bytes().replace(b"\r\n", b"\n").replace(b"\n", b"\r\n"))


def test_other_line_ends_change_nothing(tmp_path: Path) -> None:
    desk = Desk(tmp_path).write(PAGES)
    desk.build()
    before, lock = packages(desk), desk.lock.read_bytes()
    turned(desk)
    again = desk.build(now=NOW + 100)
    assert {str(note.change) for note in again.notes} == {"same"}
    assert not again.failed
    assert packages(desk) == before
    assert desk.lock.read_bytes().replace(b"\r\n", b"\n") == lock


def test_a_lock_with_other_line_ends_is_carried_on(tmp_path: Path) -> None:
    """After an edit all its lines end in one way again, as the other machine's do: a merge by lines sees the edit alone."""
    edited = str(PAGES["책/둘.md"]).replace("둘.", "둘보다 많다.")
    one, other = Desk(tmp_path / "1").write(PAGES), Desk(tmp_path / "2").write(PAGES)
    one.build()
    other.build()
    turned(other)
    for desk in (one, other):
        desk.write({"책/둘.md": edited}).build(now=NOW + 100)
    assert other.lock.read_bytes() == one.lock.read_bytes()
    assert packages(other) == packages(one)


def test_templates_with_other_line_ends_are_the_same_look(tmp_path: Path) -> None:
    desk = Desk(tmp_path).write(PAGES)
    for name in ("qa", "cloze"):
        shutil.copytree(REPO / "templates" / name, desk.notes / "templates" / name)
    style = desk.notes / "templates" / "qa" / "style.css"
    style.write_bytes(style.read_bytes() + b"\n.card { color: teal; }\n")
    desk.build()
    before, lock = packages(desk), desk.lock.read_bytes()
    turned(desk)
    desk.build(now=NOW + 100)
    assert packages(desk) == before
    assert desk.lock.read_bytes().replace(b"\r\n", b"\n") == lock


# Files that are held open


class HeldByOtherError(PermissionError):
    """What Windows says of a file that another program has open."""

    winerror = 32


@pytest.fixture
def holding(monkeypatch: pytest.MonkeyPatch) -> Callable[[str, int], list[str]]:
    """Let a file with this ending be held for so many tries; the tries that came to nothing."""

    def hold(ending: str, times: int) -> list[str]:
        tried: list[str] = []
        replace = Path.replace

        def held(self: Path, target: Path) -> Path:
            if str(target).endswith(ending) and len(tried) < times:
                tried.append(str(target))
                raise HeldByOtherError(13, "The process cannot access the file")
            return replace(self, target)

        monkeypatch.setattr(Path, "replace", held)
        monkeypatch.setattr("time.sleep", lambda seconds: None)
        return tried

    return hold


@pytest.mark.parametrize("ending", [".apkg", ".html", "cards.lock", ".notedeck.json"])
def test_a_file_that_is_held_for_a_moment_is_waited_for(ending: str, holding: Callable[[str, int], list[str]], tmp_path: Path) -> None:
    tried = holding(ending, 2)
    desk = Desk(tmp_path).write(PAGES)
    assert not desk.build(jobs=1).failed
    assert len(tried) == 2
    assert {path.name for path in desk.decks.iterdir()} == {"책.apkg", "책 - 면접질문.apkg", "책.html", ".notedeck.json"}


def test_a_file_that_stays_held_is_told_and_the_next_build_finishes(holding: Callable[[str, int], list[str]], tmp_path: Path) -> None:
    desk = Desk(tmp_path).write(PAGES)
    holding(".html", 7)
    with pytest.raises(HeldError) as raised:
        desk.build(jobs=1)
    assert raised.value.filename == str(desk.decks / "책.html")
    assert list(desk.decks.glob(".*.notedeck")) == []
    lock = desk.lock.read_bytes()
    assert not desk.build(now=NOW + 100).failed
    assert desk.lock.read_bytes() == lock
    assert (desk.decks / "책.html").exists()


@pytest.mark.parametrize(("language", "words"), [("ko", "다른 프로그램이 이 파일을 열어 두었거나"), ("en", "another program has this file open")])
def test_it_is_told_in_a_sentence_that_helps(language: str, words: str, tmp_path: Path) -> None:
    from notedeck.report.messages import ENGLISH, KOREAN, line
    from notedeck.report.run import Options
    from notedeck.terminal.manner import Manner
    from notedeck.terminal.running import run as build

    with mock.patch("notedeck.terminal.running.build", side_effect=HeldError(13, "denied", "decks/책.apkg")):
        tongue = KOREAN if language == "ko" else ENGLISH
        built = build(Options(), Manner(tongue, quiet=True))
    (told,) = built.diagnostics
    assert words in line(told, tongue)
    assert "책.apkg" in line(told, tongue)


def test_a_folder_that_may_not_be_written_is_told_at_once(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("time.sleep", mock.Mock(side_effect=AssertionError))
    monkeypatch.setattr(Path, "replace", mock.Mock(side_effect=PermissionError(13, "Permission denied")))
    with pytest.raises(PermissionError) as raised:
        Desk(tmp_path).write(PAGES).build()
    assert not isinstance(raised.value, HeldError)


# A folder whose names have no case


@pytest.fixture
def caseless(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Callable[[str, str], None]]:
    """Let a path lead to another one without being listed."""
    hidden: set[Path] = set()
    listdir = os.listdir

    def listed(folder: Any = ".") -> list[str]:
        return [name for name in listdir(folder) if (Path(folder).absolute() / name) not in hidden]

    def lead(name: str, target: str) -> None:
        (tmp_path / name).symlink_to(tmp_path / target)
        hidden.add(tmp_path / name)

    monkeypatch.setattr(os, "listdir", listed)
    monkeypatch.chdir(tmp_path)
    yield lead


def test_a_path_is_spelled_as_the_disk_does(caseless: Callable[[str, str], None], tmp_path: Path) -> None:
    Desk(tmp_path).write({"Book/a.md": "a"})
    caseless("NOTES", "notes")
    caseless("notes/bOOK", "notes/Book")
    assert as_on_disk(Path("NOTES/bOOK/a.md")) == Path("notes/Book/a.md")
    assert as_on_disk(tmp_path / "NOTES" / "new.lock") == tmp_path / "notes" / "new.lock"
    assert [as_on_disk(Path(one)) for one in (".", "..", "nowhere/NOTES")] == [Path(), Path(".."), Path("nowhere/NOTES")]


def test_two_files_that_differ_in_case_are_two_where_the_disk_says_so(tmp_path: Path) -> None:
    (tmp_path / "a.md").touch()
    (tmp_path / "A.md").touch()
    (tmp_path / "b.md").touch()
    assert as_on_disk(tmp_path / "A.md") == tmp_path / "A.md"
    assert as_on_disk(tmp_path / "B.md") == tmp_path / "B.md"


def test_a_part_of_the_notes_in_another_spelling_is_the_same_notes(caseless: Callable[[str, str], None], tmp_path: Path) -> None:
    desk = Desk(tmp_path).write({"Book/a.md": "# a\n\n## 1장\n\n" + question("하나인가요?", "하나."), "Book/b.md": question("둘인가요?", "둘.")})
    first = {note.locked.guid for note in desk.build().notes}
    caseless("NOTES", "notes")
    caseless("notes/BOOK", "notes/Book")
    again = desk.build(notes=(as_on_disk(Path("NOTES/BOOK")),), now=NOW + 100)
    assert {note.locked.guid for note in again.notes} == first
    assert {str(note.change) for note in again.notes} == {"same"}


def test_a_file_that_was_spelled_otherwise_is_not_removed_for_it(caseless: Callable[[str, str], None], tmp_path: Path) -> None:
    def files(folder: str) -> list[Wanted]:
        return [Wanted(f"{folder}/a.png", "a.png", lambda: b"a"), Wanted("gone.png" if folder == "Book" else "b.png", "b", lambda: b"b")]

    out = tmp_path / "decks"
    write_output(out, files("Book"), removes=True)
    (out / "Book").rename(out / "book")
    caseless("decks/Book", "decks/book")
    assert write_output(out, files("book"), removes=True).removed == ("gone.png",)
    assert (out / "book" / "a.png").read_bytes() == b"a"


def test_a_file_of_another_case_goes_where_the_disk_tells_them_apart(tmp_path: Path) -> None:
    write_output(tmp_path, [Wanted("Book.apkg", "a", lambda: b"a")], removes=True)
    assert write_output(tmp_path, [Wanted("book.apkg", "a", lambda: b"a")], removes=True).removed == ("Book.apkg",)
    assert {path.name for path in tmp_path.iterdir()} == {"book.apkg", ".notedeck.json"}


# Paths that are too long


@pytest.mark.parametrize("is_folder", [False, True])
def test_notes_whose_path_windows_does_not_open_are_told(is_folder: bool, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """It lists them, and says that they are not there."""
    deep = "/".join(["스터디 노트 아주 긴 제목의 페이지"] * 12)
    desk = Desk(tmp_path).write({"책.md": question("하나인가요?", "하나."), f"{deep}/둘.md": question("둘인가요?", "둘.")})
    scandir, stat = os.scandir, Path.stat

    def scanned(folder: Any) -> Any:
        if is_folder and len(str(folder)) > 259:
            raise FileNotFoundError(2, "No such file or directory", str(folder))
        return scandir(folder)

    def looked_at(self: Path, **options: Any) -> os.stat_result:
        if len(str(self)) > 259 and self.suffix:
            raise FileNotFoundError(2, "No such file or directory", str(self))
        return stat(self, **options)

    monkeypatch.setattr("notedeck.sources.files._IS_WINDOWS", True)
    monkeypatch.setattr(os, "scandir", scanned)
    monkeypatch.setattr(Path, "stat", looked_at)
    built = desk.build()
    (told,) = (one for one in built.diagnostics if one.code == "unreadable")
    assert "Windows: 259" in told.details[0]
    assert built.failed
    assert not desk.lock.exists()


def test_no_folder_is_listed_where_no_other_spelling_leads_anywhere(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "Notes").mkdir()
    listed: list[str] = []
    monkeypatch.setattr("notedeck.machine.spelled.os.listdir", listed.append)
    assert as_on_disk(tmp_path / "Notes" / "a.md") == tmp_path / "Notes" / "a.md"
    assert listed == []
