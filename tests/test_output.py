"""The output folder: each file whole or not at all, ours alone, and mended by the next build after any stop."""

from __future__ import annotations

import errno
import json
import os
import subprocess
import sys
from collections.abc import Callable, Iterable
from pathlib import Path

import pytest

from notedeck.machine import output
from notedeck.machine.output import Wanted, write_output, write_text
from tests.anki_oracle import NOW, REPO, Anki, Desk, codes, png, question

LATER = NOW + 1000

FIRST = {
    "가.md": "# 가\n\n" + question("[면접질문] 하나인가요?", "하나.") + question("둘인가요?", "둘."),
    "나.md": "# 나\n\n" + question("셋인가요?", "셋."),
}
SECOND = {"가.md": FIRST["가.md"].replace("하나.", "하나뿐."), "나.md": FIRST["나.md"].replace("셋.", "셋까지.")}
ORDER = ("cards.lock", "가.apkg", "가 - 면접질문.apkg", "가.html", "나.apkg", "나.html", ".notedeck.json")
WRITES = len(ORDER)


class Stop(BaseException):
    """Somebody pulls the plug."""


def plugged(monkeypatch: pytest.MonkeyPatch, number: int, error: BaseException) -> Callable[[], int]:
    """Let the `number`-th write fail; gives how many writes there were."""
    writes = 0
    real = output._replace

    def replace(path: Path, data: Iterable[bytes]) -> None:
        nonlocal writes
        writes += 1
        if writes == number:
            raise error
        real(path, data)

    monkeypatch.setattr(output, "_replace", replace)
    return lambda: writes


def undisturbed(folder: Path) -> tuple[dict[str, bytes], str]:
    """Packages and lock of two builds that nobody stopped."""
    desk = Desk(folder).write(FIRST)
    desk.build()
    desk.write(SECOND).build(now=LATER)
    return desk.package_bytes(), desk.lock.read_text("utf-8")


def files(folder: Path) -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in folder.iterdir()}


@pytest.mark.parametrize("error", [Stop(), OSError(errno.ENOSPC, "No space left on device")], ids=["a stop", "a full disk"])
@pytest.mark.parametrize("number", range(1, WRITES + 1))
def test_after_a_stop_at_any_write_the_decks_are_whole_and_the_next_build_mends_them(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, number: int, error: BaseException
) -> None:
    desk = Desk(tmp_path / "desk").write(FIRST)
    desk.build()
    before = desk.package_bytes()
    desk.write(SECOND)
    with monkeypatch.context() as patch:
        plugged(patch, number, error)
        with pytest.raises(type(error)):
            desk.build(now=LATER)
    after = desk.package_bytes()
    wanted, lock = undisturbed(tmp_path / "undisturbed")
    assert set(after) == set(before)
    assert all(data in (before[name], wanted[name]) for name, data in after.items())
    assert {name for name, data in after.items() if data != before[name]} == {name for name in ORDER[: number - 1] if name.endswith(".apkg")}
    assert codes(desk.build(now=LATER + 5000 if number > 1 else LATER)) == []
    assert desk.package_bytes() == wanted
    assert desk.lock.read_text("utf-8") == lock
    assert desk.build(now=LATER + 9000).written.written == ()


@pytest.mark.parametrize("number", range(1, WRITES + 1))
def test_a_first_build_that_is_stopped_is_mended_too(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, number: int) -> None:
    whole = Desk(tmp_path / "whole").write(FIRST)
    whole.build()
    desk = Desk(tmp_path / "desk").write(FIRST)
    with monkeypatch.context() as patch:
        plugged(patch, number, Stop())
        with pytest.raises(Stop):
            desk.build()
    desk.build(now=NOW + 5000 if number > 1 else NOW)
    assert desk.package_bytes() == whole.package_bytes()


def test_there_are_as_many_writes_as_the_tests_above_stop_at(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    writes = plugged(monkeypatch, 0, Stop())
    Desk(tmp_path).write(FIRST).build()
    assert writes() == WRITES


@pytest.mark.parametrize("broken", ["fsync", "replace"])
def test_a_disk_that_fails_leaves_the_old_file_and_no_litter(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, broken: str) -> None:
    desk = Desk(tmp_path).write(FIRST)
    desk.build()
    decks, lock = files(desk.decks), desk.lock.read_bytes()

    def fail(*_: object) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    desk.write(SECOND)
    with monkeypatch.context() as patch:
        patch.setattr(os, broken, fail)
        with pytest.raises(OSError, match="No space left"):
            desk.build(now=LATER)
    assert files(desk.decks) == decks
    assert desk.lock.read_bytes() == lock
    assert not list(desk.root.rglob(".notedeck-*"))


def test_the_lock_is_on_the_disk_before_any_package(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """It is the log from which packages are made again: a package ahead of it would carry times that nobody remembers."""
    order: list[str] = []
    real = output._replace

    def replace(path: Path, data: Iterable[bytes]) -> None:
        order.append(path.name)
        real(path, data)

    monkeypatch.setattr(output, "_replace", replace)
    Desk(tmp_path).write(FIRST).build()
    assert tuple(order) == ORDER


def test_nothing_new_writes_nothing(tmp_path: Path) -> None:
    desk = Desk(tmp_path).write(FIRST)
    assert len(desk.build().written.written) == WRITES - 2
    before = {path: path.stat().st_mtime_ns for path in desk.root.rglob("*") if path.is_file()}
    assert desk.build(now=LATER).written.written == ()
    assert {path: path.stat().st_mtime_ns for path in desk.root.rglob("*") if path.is_file()} == before


def test_pictures_beside_a_page_come_and_go_with_it(tmp_path: Path) -> None:
    shown = "# 나\n\n" + question("보이나요?", "![](a.png)")
    desk = Desk(tmp_path).write({**FIRST, "나.md": shown, "a.png": png(1), "deck.toml": "[page]\npictures_mb = 0"})
    built = desk.build()
    (picture,) = (name for name in built.written.written if "/" in name)
    assert picture.startswith("나 그림/notedeck-")
    assert (desk.decks / picture).read_bytes() == png(1)
    assert desk.build(now=LATER).written.written == ()
    (desk.decks / "나 그림" / "남의 것.txt").write_text("theirs", "utf-8")
    assert desk.write({"deck.toml": ""}).build(now=LATER).written.removed == (picture,)
    assert [path.name for path in (desk.decks / "나 그림").iterdir()] == ["남의 것.txt"]
    (desk.decks / "나 그림" / "남의 것.txt").unlink()
    desk.write({"deck.toml": "[page]\npictures_mb = 0"}).build(now=LATER)
    (desk.decks / picture).unlink()
    assert desk.build(now=LATER).written.written == (picture,)
    desk.write({"deck.toml": ""}).build(now=LATER)
    assert not (desk.decks / "나 그림").exists()


@pytest.mark.parametrize("harm", [lambda path: path.unlink(), lambda path: path.write_bytes(b"half a pack")], ids=["missing", "cut off"])
def test_a_package_that_is_missing_or_broken_is_made_again_with_the_old_times(tmp_path: Path, harm: Callable[[Path], object]) -> None:
    desk = Desk(tmp_path).write(FIRST)
    desk.build()
    before = desk.package_bytes()
    harm(desk.decks / "가.apkg")
    assert desk.build(now=LATER).written.written == ("가.apkg",)
    assert desk.package_bytes() == before


def test_another_output_folder_gets_the_same_bytes(tmp_path: Path) -> None:
    desk = Desk(tmp_path).write(FIRST)
    desk.build()
    desk.build(now=LATER, out=tmp_path / "deep" / "elsewhere")
    assert {path.name: path.read_bytes() for path in (tmp_path / "deep" / "elsewhere").glob("*.apkg")} == desk.package_bytes()


@pytest.mark.parametrize("record", ["", "not json", "[]", '{"가.apkg": 3}', '{"../../x": {}}', "\udcff"])
def test_a_record_that_cannot_be_read_means_that_all_is_made_again(tmp_path: Path, record: str) -> None:
    desk = Desk(tmp_path).write(FIRST)
    desk.build()
    before = files(desk.decks)
    (desk.decks / ".notedeck.json").write_bytes(record.encode("utf-8", "surrogateescape"))
    assert len(desk.build(now=LATER).written.written) == WRITES - 2
    assert files(desk.decks) == before


def test_our_own_packages_go_when_they_are_no_longer_made_and_nothing_else_does(tmp_path: Path) -> None:
    desk = Desk(tmp_path).write(FIRST)
    desk.build()
    (desk.decks / "남의 것.apkg").write_bytes(b"theirs")
    (desk.decks / "메모.txt").write_text("mine", "utf-8")
    (desk.notes / "나.md").unlink()
    built = desk.write({"가.md": question("둘인가요?", "둘.")}).build(now=LATER)
    assert sorted(built.written.removed) == ["가 - 면접질문.apkg", "나.apkg", "나.html"]
    marks = {f"{book} - 정리 (지운 카드 표시).apkg" for book in "가나"}
    assert set(files(desk.decks)) == {"가.apkg", "가.html", "남의 것.apkg", "메모.txt", ".notedeck.json", *marks}


def test_a_package_that_somebody_changed_since_is_theirs(tmp_path: Path) -> None:
    desk = Desk(tmp_path).write(FIRST)
    desk.build()
    (desk.decks / "나.apkg").write_bytes(b"changed by hand")
    (desk.notes / "나.md").unlink()
    assert desk.build(now=LATER).written.removed == ("나.html",)
    assert (desk.decks / "나.apkg").read_bytes() == b"changed by hand"


def test_a_record_names_nothing_outside_its_folder(tmp_path: Path) -> None:
    """A record that somebody wrote by hand removes no file of theirs."""
    victim = tmp_path / "victim.txt"
    victim.write_bytes(b"precious")
    digest = output._digest_of(victim)
    (tmp_path / "decks").mkdir()
    names = ("../victim.txt", str(victim), "a/../../victim.txt", "./../victim.txt", "..", "a//victim.txt")
    record = {name: {"content": "x", "sha256": digest} for name in names}
    (tmp_path / "decks" / ".notedeck.json").write_text(json.dumps(record), "utf-8")
    assert write_output(tmp_path / "decks", [], removes=True).removed == ()
    assert victim.exists()


def test_an_error_in_the_notes_writes_nothing(tmp_path: Path) -> None:
    desk = Desk(tmp_path).write(FIRST)
    desk.build()
    before = files(desk.decks), desk.lock.read_bytes()
    desk.write({**SECOND, "다.md": bytes(range(256))})
    assert desk.build(now=LATER).failed
    assert (files(desk.decks), desk.lock.read_bytes()) == before


@pytest.mark.parametrize("where", ["decks", "decks/more"])
def test_a_file_where_the_folder_should_be_is_the_machines_fault(tmp_path: Path, where: str) -> None:
    desk = Desk(tmp_path).write(FIRST)
    (tmp_path / "decks").write_text("not a folder", "utf-8")
    with pytest.raises(OSError, match=r"File exists|Not a directory"):
        desk.build(out=tmp_path / where)
    assert (tmp_path / "decks").read_text("utf-8") == "not a folder"


def test_a_lock_that_cannot_be_written_stops_before_any_package(tmp_path: Path) -> None:
    desk = Desk(tmp_path).write(FIRST)
    (tmp_path / "file").write_text("", "utf-8")
    with pytest.raises(OSError, match="Not a directory"):
        desk.build(lock=tmp_path / "file" / "cards.lock")
    assert not desk.decks.exists()


def test_only_a_tag_leaves_the_other_packages_alone(tmp_path: Path) -> None:
    desk = Desk(tmp_path).write(FIRST)
    desk.build()
    before = files(desk.decks)
    built = desk.write(SECOND).build(now=LATER, only=("면접질문",))
    assert built.written.written == ("가 - 면접질문.apkg",)
    assert built.written.removed == ()
    after = files(desk.decks)
    assert {name for name in before if before[name] != after[name]} == {"가 - 면접질문.apkg", ".notedeck.json"}
    assert desk.build(now=LATER + 1).written.written == ("가.apkg", "나.apkg", "가.html", "나.html")


def test_files_of_ours_have_plain_permissions(tmp_path: Path) -> None:
    desk = Desk(tmp_path).write(FIRST)
    desk.build()
    assert {path.stat().st_mode & 0o777 for path in (*desk.decks.iterdir(), desk.lock)} == {0o644}


def test_text_that_says_so_already_is_left_alone(tmp_path: Path) -> None:
    path = tmp_path / "글.txt"
    write_text(path, "하나\n")
    before = path.stat()
    write_text(path, "하나\n")
    assert (path.stat().st_ino, path.stat().st_mtime_ns) == (before.st_ino, before.st_mtime_ns)
    write_text(path, "둘\n")
    assert path.read_text("utf-8") == "둘\n"


def test_a_package_is_made_only_where_it_is_wanted(tmp_path: Path) -> None:
    made: list[str] = []

    def wanted(name: str, content: str) -> Wanted:
        def make() -> bytes:
            made.append(name)
            return content.encode()

        return Wanted(name, content, make)

    write_output(tmp_path, [wanted("a", "1"), wanted("b", "1")], removes=True)
    write_output(tmp_path, [wanted("a", "1"), wanted("b", "2")], removes=True)
    assert made == ["a", "b", "b"]
    assert (tmp_path / "b").read_bytes() == b"2"


def test_packages_left_by_a_stop_import_whichever_they_are(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A reader who takes the decks between the stop and the next build has nothing to mend."""
    desk = Desk(tmp_path / "desk").write(FIRST)
    desk.build()
    with Anki(tmp_path / "anki") as anki:
        anki.take_all(desk.packages())
        desk.write(SECOND)
        with monkeypatch.context() as patch:
            plugged(patch, 4, Stop())
            with pytest.raises(Stop):
                desk.build(now=LATER)
        half = anki.take_all(desk.packages())
        desk.build(now=LATER + 100)
        rest = anki.take_all(desk.packages())
        assert not any(one.conflicting or one.new for one in (*half, *rest))
        assert [sum(len(one.updated) for one in some) for some in (half, rest)] == [1, 1]


def test_several_processes_write_what_one_writes(tmp_path: Path) -> None:
    """Asked of processes of their own: here are threads beside the test's, and then nothing is shared out."""
    desk = Desk(tmp_path).write(FIRST)
    program = (
        "import sys; from pathlib import Path\n"
        "from notedeck import pipeline; from notedeck.machine import output, processes\n"
        "from notedeck.reading import readers; from notedeck.report.run import Options\n"
        "output.WORTH = readers.WORTH = 1; pipeline.time.time = lambda: 1_700_000_000\n"
        "pools = []; real = processes._pool\n"
        "processes._pool = lambda *given: pools.append(given) or real(*given)\n"
        f"pipeline.build(Options((Path({str(desk.notes)!r}),), Path(sys.argv[1]), lock=Path(sys.argv[1] + '.lock'), jobs=int(sys.argv[2])))\n"
        "print(len(pools))\n"
    )

    def built(name: str, jobs: int) -> tuple[str, dict[str, bytes], bytes]:
        command = [sys.executable, "-c", program, str(tmp_path / name), str(jobs)]
        ran = subprocess.run(command, cwd=REPO, env={**os.environ, "NOTEDECK_CACHE": ""}, check=True, capture_output=True, text=True)
        return ran.stdout.strip(), files(tmp_path / name), (tmp_path / f"{name}.lock").read_bytes()

    alone, together = built("하나", 1), built("둘", 2)
    assert (alone[0], together[0]) == ("0", "2" if sys.platform == "linux" else "1")
    assert alone[1:] == together[1:]
