"""The program as a user runs it: its exit status, and what it prints where; in a real process wherever one makes a difference."""

from __future__ import annotations

import os
import re
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Mapping
from pathlib import Path

import pytest

from notedeck import __version__
from notedeck.plain import digest
from tests.anki_oracle import REPO, Desk, png, question
from tests.history import Ran
from tests.programs import program

ENGLISH = {"LANG": "C.UTF-8"}
KOREAN = {"LANG": "ko_KR.UTF-8"}

BOOK = (
    "# 책\n\n## 1장 처음\n\n"
    + question("[면접질문] 하나인가요?", "하나.", 3)
    + "  - **정말인가요?**\n\n    정말.\n\n"
    + question("[면접 예상질문] 둘인가요?", "둘.")
    + question("[추가] 셋인가요?", "셋. ![](없다.png)")
    + "- 넷은 아직인가요?\n\n남은 글.\n"
)


def environment(extra: Mapping[str, str]) -> dict[str, str]:
    kept = {name: value for name, value in os.environ.items() if not name.startswith(("LC_", "LANG", "PYTHON", "COLUMNS", "TERM", "NO_COLOR"))}
    return {**kept, **extra}


def run(desk: Desk, *arguments: str | Path, env: Mapping[str, str] = ENGLISH) -> Ran:
    """Run `python build.py …` in the desk's folder, in this process."""
    return Ran(*program(desk.root, list(map(str, arguments)), environment(env)))


def start(desk: Desk, *arguments: str | Path, env: Mapping[str, str] = ENGLISH, encoding: str = "utf-8", flags: tuple[str, ...] = ()) -> Ran:
    """Run it in a process of its own."""
    command = [sys.executable, *flags, str(REPO / "build.py"), *map(str, arguments)]
    done = subprocess.run(command, cwd=desk.root, env=environment(env), capture_output=True, timeout=120, check=False)
    ended = Ran(done.returncode, done.stdout.decode(encoding), done.stderr.decode(encoding))
    assert "Traceback" not in ended.err
    return ended


@pytest.fixture
def desk(tmp_path: Path) -> Desk:
    return Desk(tmp_path).write({"책.md": BOOK})


def names(desk: Desk) -> set[str]:
    return {path.name for path in desk.packages()}


def test_without_arguments_it_builds_notes_into_decks(desk: Desk) -> None:
    ended = start(desk)
    assert ended.status == 0
    assert names(desk) == {"책.apkg", "책 - 면접질문.apkg"}
    assert desk.lock.is_file()
    assert ended.err.splitlines() == [
        "notes/책.md:17: warning: picture not found: 없다.png [picture-missing]",
        "notes/책.md:18: note: question without an answer: 넷은 아직인가요? [unanswered]",
        "notes/책.md:20: note: text that is on no card (4 characters): 남은 글. [unread]",
        "4 cards · 1 unanswered · 12 characters unread · 0 errors · 1 warnings",
    ]
    lines = [line.split() for line in ended.out.splitlines()]
    assert lines[:3] == [["Deck", "Cards", "Interview"], ["책", "4", "3"], ["01장", "4", "3"]]
    assert ended.out.splitlines()[3:] == ["4 new · 0 edited · 0 moved · 0 removed · 0 same", "wrote 책.apkg, 책 - 면접질문.apkg, 책.html"]
    again = start(desk)
    assert (again.status, again.err) == (0, ended.err)
    assert again.out.splitlines()[3:] == ["0 new · 0 edited · 0 moved · 0 removed · 4 same", "up to date: 책.apkg, 책 - 면접질문.apkg, 책.html"]


def test_nothing_of_a_terminal_goes_into_a_pipe(desk: Desk) -> None:
    desk.write({f"{number}.md": f"# 책\n\n{question(f'{number}번인가요?', '네.')}" for number in range(300)})
    ended = start(desk, env={**ENGLISH, "TERM": "xterm-256color"})
    assert ended.status == 0
    assert not set(ended.out + ended.err) & {"\x1b", "\r", "\b", "━", "⠋"}
    assert "reading" not in ended.out + ended.err


def test_absolute_paths_an_output_folder_and_a_lock_are_taken(desk: Desk, tmp_path: Path) -> None:
    ended = run(desk, desk.notes, "-o", tmp_path / "deep/out", "--lock", tmp_path / "the.lock")
    assert ended.status == 0
    assert {path.name for path in (tmp_path / "deep/out").glob("*.apkg")} == {"책.apkg", "책 - 면접질문.apkg"}
    assert (tmp_path / "the.lock").is_file()
    assert not desk.lock.exists()
    assert ended.err.startswith(f"{desk.notes}/책.md:17: warning")


def test_a_single_file_has_its_lock_beside_it(desk: Desk) -> None:
    desk.write({"다른 것.md": question("읽히나요?", "아니요.")})
    assert run(desk, "notes/책.md").status == 0
    assert names(desk) == {"책.apkg", "책 - 면접질문.apkg"}
    assert desk.lock.is_file()


@pytest.mark.parametrize("option", ["-h", "--help"])
def test_help_names_every_option(desk: Desk, option: str) -> None:
    ended = run(desk, option, env={**ENGLISH, "COLUMNS": "160"})
    assert (ended.status, ended.err) == (0, "")
    for name in (
        "--out",
        "-o",
        "--only",
        "--strict",
        "--json",
        "--lock",
        "--config",
        "--quiet",
        "-q",
        "--plan",
        "--version",
        "--help",
        "-h",
        "NOTES",
    ):
        assert name in ended.out
    assert not desk.decks.exists()


def test_the_version_is_one_line(desk: Desk) -> None:
    ended = run(desk, "--version")
    assert (ended.status, ended.out, ended.err) == (0, f"notedeck {__version__}\n", "")


@pytest.mark.parametrize("arguments", [["--nope"], ["-x"], ["--only"], ["--strict=maybe"]])
def test_an_option_that_it_does_not_know_is_a_matter_of_usage(desk: Desk, arguments: list[str]) -> None:
    ended = run(desk, *arguments)
    assert ended.status == 2
    assert ended.out == ""
    assert arguments[0].split("=")[0] in ended.err
    assert not desk.decks.exists()


def test_a_folder_that_is_not_there(desk: Desk) -> None:
    ended = start(desk, "없는 폴더")
    assert ended.status == 2
    assert ended.err.splitlines()[0] == "없는 폴더:1: error: there is no such file or folder; check its name [not-found]"
    assert not desk.decks.exists()


def test_a_folder_without_notes(tmp_path: Path) -> None:
    desk = Desk(tmp_path).write({"그림.png": png(1)})
    ended = run(desk)
    assert (ended.status, ended.codes) == (1, ["no-notes"])
    assert not desk.decks.exists()


def test_several_folders_need_a_place_for_the_lock(desk: Desk, tmp_path: Path) -> None:
    other = Desk(tmp_path / "other").write({"둘.md": question("둘째인가요?", "네.")})
    refused = run(desk, "notes", other.notes)
    assert (refused.status, refused.codes) == (2, ["lock-place"])
    assert not desk.decks.exists()
    assert run(desk, "notes", other.notes, "--lock", "cards.lock").status == 0
    assert names(desk) == {"책.apkg", "책 - 면접질문.apkg", "둘.apkg"}
    assert (tmp_path / "cards.lock").is_file()


def test_files_in_other_encodings_are_read_with_a_warning(tmp_path: Path) -> None:
    text = "## 1장\n\n" + question("한글인가요?", "네, 그렇습니다.")
    desk = Desk(tmp_path).write({"옛.md": text.encode("cp949"), "윈도.md": text.encode("utf-16"), "새.md": text})
    ended = run(desk, "--json")
    assert (ended.status, sorted(ended.codes)) == (0, ["encoding", "encoding"])
    assert [item["question"] for item in ended.report["items"]] == ["한글인가요?"] * 3
    assert "notes/옛.md:1: warning: read as CP949" in ended.err
    assert "notes/윈도.md:1: warning: read as UTF-16" in ended.err


def test_a_file_that_is_no_text_is_an_error_and_writes_nothing(desk: Desk) -> None:
    desk.write({"사진.md": png(1) + bytes(range(256))})
    ended = run(desk)
    assert ended.status == 1
    assert "notes/사진.md:1: error:" in ended.err
    assert "[not-text]" in ended.err
    assert "nothing was written" in ended.out
    assert not desk.decks.exists()
    assert not desk.lock.exists()


def test_a_file_without_a_question_is_a_note_and_makes_no_deck(tmp_path: Path) -> None:
    desk = Desk(tmp_path).write({"장보기.md": "# 장보기\n\n- 우유\n- 달걀\n"})
    ended = run(desk)
    assert ended.status == 0
    assert ended.err.splitlines()[0] == "notes/장보기.md:1: note: no question in this file [no-questions]"
    assert names(desk) == set()


def test_only_writes_the_packages_of_a_tag_with_its_children(desk: Desk) -> None:
    ended = run(desk, "--only", "면접질문", "--json")
    assert ended.status == 0
    assert names(desk) == {"책 - 면접질문.apkg"}
    assert [(deck["file"], deck["cards"]) for deck in ended.report["decks"]] == [("책 - 면접질문.apkg", 3)]
    assert run(desk, "--only", "면접질문::예상", "--only", "추가").status == 0
    assert names(desk) == {"책 - 면접질문.apkg", "책 - 면접질문 예상.apkg", "책 - 추가.apkg"}
    assert run(desk).status == 0
    assert names(desk) >= {"책.apkg", "책 - 면접질문.apkg"}


def test_an_unknown_tag_lists_those_there_are(desk: Desk) -> None:
    ended = run(desk, "--only", "면접", "--only", "추가")
    assert (ended.status, "no-such-tag" in ended.codes) == (1, True)
    assert "no card has the tag 면접; the tags are 꼬리질문, 면접질문, 면접질문::예상, 장::책::01장, 추가 " in ended.err
    assert not desk.decks.exists()


def test_strict_makes_an_error_of_a_warning(desk: Desk) -> None:
    ended = run(desk, "--strict")
    assert ended.status == 1
    assert "notes/책.md:17: error: picture not found" in ended.err
    assert "1 errors · 0 warnings" in ended.err
    assert not desk.decks.exists()
    assert not desk.lock.exists()
    desk.write({"없다.png": png(1)})
    assert run(desk, "--strict").status == 0, "notes are no warnings"


TOP = {"version", "decks", "items", "diagnostics", "text", "sync"}
DECK = {"file", "name", "cards", "subdecks"}
ITEM = set(
    "guid id path line end_line book chapter page labels tags asker context question answer parent why status change cause was".split()
)  # fmt: skip
DIAGNOSTIC = {"path", "line", "level", "code", "message"}
TEXT = {"characters", "on_cards", "structure", "set_aside", "unread"}


def test_the_report_has_the_keys_of_its_contract(desk: Desk) -> None:
    first = run(desk, "--json").report
    desk.write({"책.md": BOOK.replace("하나.", "하나뿐.").replace(question("[추가] 셋인가요?", "셋. ![](없다.png)"), "")})
    report = run(desk, "--json").report
    for one in (first, report):
        assert set(one) == TOP
        assert one["version"] == 1
        assert all(set(deck) == DECK for deck in one["decks"])
        assert all(set(item) == ITEM for item in one["items"])
        assert all(set(told) == DIAGNOSTIC for told in one["diagnostics"])
        assert set(one["text"]) == TEXT
        assert one["text"]["characters"] == sum(one["text"][key] for key in ("on_cards", "structure", "set_aside", "unread"))
    assert {"file": "책.apkg", "name": "책", "cards": 4, "subdecks": {"책::01장": 4}} in first["decks"]
    asked, follow_up, *_, waiting = first["items"]
    assert {key: asked[key] for key in ("path", "line", "end_line", "book", "chapter", "page", "labels", "tags", "question", "answer")} == {
        "path": "notes/책.md", "line": 5, "end_line": 10, "book": "책", "chapter": "1장 처음", "page": "3", "labels": ["면접질문"],
        "tags": ["면접질문", "장::책::01장"], "question": "하나인가요?", "answer": asked["answer"],
    }  # fmt: skip
    assert (asked["parent"], asked["status"], asked["change"], asked["cause"], asked["was"]) == (None, "card", "new", None, None)
    assert asked["answer"].startswith("하나.")
    assert "<" not in asked["answer"]
    assert follow_up["parent"] == asked["id"]
    assert (asked["why"], follow_up["why"], waiting["why"]) == ("label", "words", "words")
    assert (waiting["status"], waiting["guid"], waiting["id"], waiting["change"]) == ("unanswered", None, None, None)
    by_question = {item["question"]: item for item in report["items"]}
    assert [by_question[f"{word}인가요?"]["change"] for word in ("하나", "둘", "셋")] == ["edited", "same", "removed"]
    gone = by_question["셋인가요?"]
    assert gone["status"] == "removed"
    assert {**gone["was"], "line": 0} == {"question": "셋인가요?", "book": "책", "chapter": "1장 처음", "path": gone["was"]["path"], "line": 0}
    assert {item["question"]: item["guid"] for item in first["items"]} == {item["question"]: item["guid"] for item in report["items"]}


@pytest.mark.parametrize(
    ("arguments", "status", "code"),
    [
        (["없음"], 2, "not-found"),
        (["notes", "other"], 2, "lock-place"),
        (["--strict"], 1, "picture-missing"),
        (["--only", "없음"], 1, "no-such-tag"),
        (["--config", "bad.toml"], 1, "config-syntax"),
        (["--config", "gone.toml"], 2, "not-found"),
        (["--lock", "bad.lock"], 1, "lock-broken"),
    ],
)
def test_a_build_that_fails_reports_too(desk: Desk, arguments: list[str], status: int, code: str) -> None:
    Desk(desk.root / "other").write({"둘.md": BOOK})
    (desk.root / "bad.toml").write_text("[deck\n", "utf-8")
    (desk.root / "bad.lock").write_text("{\n", "utf-8")
    ended = run(desk, *arguments, "--json")
    assert ended.status == status
    assert set(ended.report) == TOP
    assert code in {told["code"] for told in ended.report["diagnostics"]}
    assert not desk.decks.exists()


def test_quiet_prints_errors_and_warnings_alone(desk: Desk) -> None:
    ended = run(desk, "-q")
    assert (ended.status, ended.out) == (0, "")
    assert ended.err == "notes/책.md:17: warning: picture not found: 없다.png [picture-missing]\n"
    assert run(desk, "--quiet", "--json").report["decks"]


def test_a_configuration_elsewhere_is_taken(desk: Desk) -> None:
    desk.write({"deck.toml": 'deck.book = "아님"\n'})
    (desk.root / "other.toml").write_text('deck.book = "딴 이름"\n', "utf-8")
    assert run(desk, "--config", "other.toml").status == 0
    assert names(desk) == {"딴 이름.apkg", "딴 이름 - 면접질문.apkg"}


@pytest.mark.parametrize(
    ("env", "encoding"),
    [
        ({"PYTHONIOENCODING": "ascii", **KOREAN}, "utf-8"),  # click writes to an ASCII stream as to one that is wrongly set up
        ({"PYTHONIOENCODING": "cp949", **KOREAN}, "cp949"),
        ({"PYTHONIOENCODING": "cp437", **ENGLISH}, "cp437"),
        ({"PYTHONIOENCODING": "utf-16", **ENGLISH}, "utf-16"),
        ({"LANG": "C"}, "utf-8"),
        ({"LC_ALL": "POSIX"}, "utf-8"),
        ({}, "utf-8"),
    ],
)
def test_no_consoles_encoding_makes_it_fail(desk: Desk, env: dict[str, str], encoding: str) -> None:
    desk.write({"이모지.md": "# 😀 café — ½\n\n" + question("😀 왜 그런가요?", "그냥. ![](none😀.png)")})
    ended = start(desk, env=env, encoding=encoding)
    assert ended.status == 0
    assert len(names(desk)) == 3
    assert "[picture-missing]" in ended.err
    report = start(desk, "--json", env=env, encoding=encoding).report
    assert "😀 왜 그런가요?" in [item["question"] for item in report["items"]]


@pytest.mark.skipif(sys.platform != "linux", reason="only there is a file's name any bytes")
@pytest.mark.parametrize("kind", [".md", ".png"])
def test_a_file_whose_name_is_no_text_is_no_crash(desk: Desk, kind: str) -> None:
    """A Korean archive that was unpacked by a program which did not know its encoding."""
    Path(os.fsdecode(os.fsencode(desk.notes) + b"/" + "한글".encode("cp949") + kind.encode())).write_text("- **왜요?**\n\n  그냥 그렇다.\n", "utf-8")
    ended = run(desk)
    assert ended.status == 0 or "unreadable" in ended.codes
    assert ended.status == 1 or "책.apkg" in names(desk)
    assert kind == ".md" or ended.status == 0, "nobody asked for the picture"


@pytest.mark.parametrize(
    ("env", "korean"),
    [
        (KOREAN, True),
        ({"LANG": "ko"}, True),
        ({"LC_ALL": "ko_KR.UTF-8", "LANG": "en_US.UTF-8"}, True),
        ({"LC_ALL": "C.UTF-8", "LANG": "ko_KR.UTF-8"}, False),
        ({"LANG": "de_DE.UTF-8"}, False),
        (ENGLISH, False),
    ],
)
def test_messages_are_korean_where_the_locale_is(desk: Desk, env: dict[str, str], korean: bool) -> None:
    ended = run(desk, "없는 폴더", env=env)
    assert ("그런 파일이나 폴더가 없습니다" in ended.err) == korean
    assert ("there is no such file" in ended.err) != korean
    assert "[not-found]" in ended.err


def test_a_korean_summary(desk: Desk) -> None:
    ended = run(desk, env=KOREAN)
    assert ended.out.splitlines()[0].split() == ["덱", "카드", "면접질문"]
    assert "새 카드 4" in ended.out
    assert "썼습니다: 책.apkg, 책 - 면접질문.apkg" in ended.out


@pytest.mark.parametrize("arguments", [["-o", "file"], ["-o", "file/deep"], ["--lock", "file/cards.lock"], ["--lock", "notes"]])
def test_what_cannot_be_written_is_told_in_a_sentence(desk: Desk, arguments: list[str]) -> None:
    (desk.root / "file").write_text("in the way", "utf-8")
    ended = run(desk, *arguments)
    assert ended.status == 2
    assert ended.codes == ["machine"]
    assert ended.err.startswith(f"{arguments[1]}:1: error: cannot be written")
    assert len(ended.err.splitlines()) == 2, "the sentence, and the totals"
    assert (desk.root / "file").read_text("utf-8") == "in the way"
    assert not names(desk)


def test_the_report_is_printed_also_when_the_machine_fails(desk: Desk) -> None:
    """Whoever reads it with a program must find JSON whenever the options were understood."""
    (desk.root / "file").write_text("in the way", "utf-8")
    ended = start(desk, "-o", "file", "--json")
    assert ended.status == 2
    assert set(ended.report) == TOP


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="no device that is always full")
def test_a_full_disk_behind_standard_output_is_no_crash(desk: Desk) -> None:
    with Path("/dev/full").open("w") as full:
        done = subprocess.run(
            [sys.executable, str(REPO / "build.py")],
            cwd=desk.root,
            env=environment(ENGLISH),
            stdout=full,
            stderr=subprocess.PIPE,
            timeout=60,
            check=False,
        )
    assert names(desk)
    assert b"Traceback" not in done.stderr


def test_a_reader_that_goes_away_is_no_crash(desk: Desk) -> None:
    read, write = os.pipe()
    os.close(read)
    try:
        done = subprocess.run(
            [sys.executable, str(REPO / "build.py"), "--json"],
            cwd=desk.root, env=environment(ENGLISH), stdout=write, stderr=subprocess.PIPE, timeout=60, check=False,
        )  # fmt: skip
    finally:
        os.close(write)
    assert names(desk)
    assert b"Traceback" not in done.stderr


def test_an_interrupt_ends_with_130_and_the_decks_are_whole(desk: Desk) -> None:
    """Many notes, so that it is still at work when the signal comes."""
    desk.write({"책.md": "# 책\n\n" + "".join(question(f"{number}번인가요?", "답 " * 40) for number in range(4000))})
    begun = Path(tempfile.gettempdir()) / f"notedeck-{digest(str(desk.lock.resolve())).hex()[:16]}.lock"
    with subprocess.Popen(
        [sys.executable, str(REPO / "build.py")], cwd=desk.root, env=environment(ENGLISH), stdout=subprocess.PIPE, stderr=subprocess.PIPE
    ) as process:
        while not begun.exists():
            time.sleep(0.05)
        assert process.poll() is None, "too quick to be interrupted"
        process.send_signal(signal.SIGINT)
        _, err = process.communicate(timeout=60)
    assert process.returncode == 130
    assert b"Traceback" not in err
    assert err.decode().splitlines()[-1].endswith("interrupted; the decks from before are whole")
    assert not list(desk.root.rglob(".notedeck-*"))


def test_without_the_requirements_it_says_what_to_run(desk: Desk) -> None:
    """An interpreter that sees no installed package."""
    ended = start(desk, flags=("-S", "-s"), env={**ENGLISH, "PYTHONDONTWRITEBYTECODE": "1"})
    assert ended.status == 1
    assert re.fullmatch(r"notedeck needs \w+, which is not installed\. Run: .*python\S* -m pip install -r requirements\.txt\n", ended.err)
    assert ended.out == ""
