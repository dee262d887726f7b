"""cards.lock as a file that people commit, merge, lose and mend; and what each of that does to the cards."""

from __future__ import annotations

import base64
import json
import random
import re
import shutil
import tempfile
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest
from filelock import FileLock

from notedeck import inputs, pipeline
from notedeck.content.sketch import sketch
from notedeck.diagnostics import Diagnostic
from notedeck.identity.lock import EMPTY, UNKNOWN, VERSION, Decision, Lock, LockedNote, LockedType, read_lock, text_lines
from notedeck.plain import digest
from tests.anki_oracle import NOW, Anki, Desk, codes, question
from tests.history import (
    DAY,
    FILES,
    FIRST,
    LATER,
    LIBRARY,
    MARKS,
    OTHER,
    SECOND,
    Ran,
    edited,
    guid_of,
    guids,
    learned,
    lock_lines,
    locked,
    rewrite_lock,
    run,
    study,
    tree,
    wholes,
    written,
)

OTHERWISE = ("빠른우편은 보통우편과 무엇이", "빠른우편은 보통우편과 어떻게")


def refused(desk: Desk, *arguments: str, now: int = LATER) -> Ran:
    """A run that must fail and write nothing."""
    before = tree(desk.root)
    ran = run(desk, *arguments, now=now)
    assert ran.status == 1
    assert tree(desk.root) == before
    return ran


# --- its text ---


def test_it_is_a_version_the_note_type_and_a_note_a_line(desk: Desk) -> None:
    lines = lock_lines(desk)
    assert desk.lock.read_text("utf-8").endswith("}\n")
    assert lines[0] == {"notedeck.lock": VERSION}
    assert [line for line in lines[1:] if "type" not in line] == [{"root": ""}]
    assert [line["type"] for line in lines[2:] if "guid" not in line] == ["면접 노트 Q&A"]
    notes = lines[3:]
    assert len(notes) == 11
    assert [line["guid"] for line in notes] == sorted(line["guid"] for line in notes)
    assert {line["source"] for line in notes} == {FIRST, SECOND, OTHER}
    stamp = next(line for line in notes if "소인이 흐리면" in line["question"])
    assert stamp["parents"] == ["우표에 소인을 찍는 까닭은 무엇인가요?"]
    assert (stamp["book"], stamp["deck"], stamp["chapter"]) == ("우체국", "우체국::01장", "1장 받기")
    assert (stamp["created"], stamp["modified"], stamp["removed"]) == (NOW, NOW, 0)


def test_it_says_where_each_note_stands(desk: Desk) -> None:
    lines = {name: text.splitlines() for name, text in FILES.items()}
    for line in locked(desk).values():
        head = "".join(lines[line["source"]][line["line"] - 1 :][:3])
        assert line["question"][:8] in re.sub(r"[*>]", "", head)


def _note(number: int, dice: random.Random) -> LockedNote:
    words = "".join(dice.choices("가나다라 마\"'\\{}[]:,\t\n\u2028<>=", k=12))
    return LockedNote(
        guid=f"nd-{number:04}", id=f"abcdef{number:02}", note=1_300_000_000_000 + number, type="면접 노트 Q&A", created=NOW, modified=NOW + number,
        source=f"{words}.md", line=number + 1, book=words, deck=words, chapter="", parent="", parents=(words, "둘")[: number % 3], question=words,
        number=1, text="a", own="b", answer="c", sketch=sketch(words), sent="d", removed=number % 2 * NOW,
        gaps=(f"1 {words}", "22 둘")[: number % 3], lost=("3 셋",)[: number % 2],
        headings=(UNKNOWN, (), (words, "넷"))[number % 3], context="e" * (number % 2),
    )  # fmt: skip


def test_what_is_written_is_read_back(tmp_path: Path) -> None:
    dice = random.Random(3)
    notes = {one.guid: one for one in (_note(number, dice) for number in range(40))}
    types = {"면접 노트 Q&A": LockedType("면접 노트 Q&A", "style", NOW)}
    lock = Lock(notes, types, frozenset({Decision("same", "abcdef01", "abcdef02"), Decision("apart", "abcdef03", "abcdef02")}))
    text = _text(lock)
    assert read_lock("cards.lock", text) == (lock, [])
    shuffled = Lock(dict(sorted(notes.items(), key=lambda pair: pair[1].question)), types, lock.decisions)
    assert _text(shuffled) == text
    assert len(text.splitlines(keepends=True)) >= 44
    assert text.count("\n") == 1 + 1 + 2 + 40


def _text(lock: Lock, last: Lock = EMPTY, written: str = "") -> str:
    return b"".join(text_lines(lock, last, written.encode())).decode()


@pytest.mark.parametrize("seed", range(30))
def test_lines_that_say_the_same_are_taken_over(seed: int) -> None:
    dice = random.Random(seed)
    every = [_note(number, dice) for number in range(30)]
    decisions = [Decision("same", f"abcdef{number:02}", "abcdef99") for number in range(4)]
    types = [LockedType(f"종류 {number}", "style", NOW) for number in range(3)]
    some = Lock({one.guid: one for one in dice.sample(every, 20)}, {types[0].type: types[0], types[2].type: types[2]}, frozenset(decisions[:3]))
    text = _text(some)
    last, _ = read_lock("cards.lock", text)
    notes = {guid: dice.choice((one, replace(one, line=one.line + 1))) for guid, one in dice.sample(sorted(last.notes.items()), 15)}
    notes.update({one.guid: one for one in every if one.guid not in last.notes})
    lock = Lock(notes, {types[1].type: types[1], types[2].type: last.types[types[2].type]}, frozenset([*list(last.decisions)[:2], decisions[3]]))
    assert _text(lock, last, text) == _text(lock)
    assert _text(last, last, text) == text
    other = text.replace("종류", "갈래")
    assert _text(lock, last, other) == _text(lock), "a file that is another by now says nothing"


def test_an_empty_lock_is_read(tmp_path: Path) -> None:
    assert read_lock("cards.lock", _text(EMPTY)) == (EMPTY, [])
    assert read_lock("cards.lock", "") == (EMPTY, [])


@pytest.mark.parametrize("later_first", [True, False])
def test_of_two_lines_of_one_note_the_later_modified_counts(later_first: bool, desk: Desk) -> None:
    guid = guid_of(desk, "우편함은")
    lines = lock_lines(desk)
    old = next(line for line in lines if line.get("guid") == guid)
    new = {**old, "modified": NOW + 50}
    rest = [line for line in lines if line is not old]
    rewrite_lock(desk, [*rest, *((new, old) if later_first else (old, new))])
    run(written(desk, edited(("골랐다", "정했다"))), now=NOW)
    assert locked(desk)[guid]["modified"] == NOW + 51


def test_a_union_of_two_branches_is_one_lock(desk: Desk, tmp_path: Path) -> None:
    """Two people edit and build; git keeps the lines of both sides."""
    base = desk.lock.read_text("utf-8")
    other = Desk(tmp_path / "other").write(dict(FILES))
    other.write({"cards.lock": base})
    written(desk, edited(("고친다", "바꾼다")))
    written(other, edited(("골랐다", "정했다")))
    run(desk, now=LATER)
    run(other, now=LATER + 9)
    union = list(dict.fromkeys(desk.lock.read_text("utf-8").splitlines() + other.lock.read_text("utf-8").splitlines()))
    rewrite_lock(desk, union)
    written(desk, edited(("고친다", "바꾼다"), ("골랐다", "정했다")))
    ran = run(desk, "--json", now=LATER + DAY)
    assert set(ran.changes.values()) == {"same"}
    assert len(locked(desk)) == 11
    modified = {line["question"][:3]: line["modified"] for line in locked(desk).values()}
    assert (modified["집배원"], modified["우편함"], modified["책의 "]) == (LATER, LATER + 9, NOW)


# --- what cannot be read ---


@pytest.mark.parametrize("mark", ["<<<<<<< HEAD", "=======", ">>>>>>> branch", "||||||| base"])
def test_a_conflict_mark_is_told_with_its_line(mark: str, desk: Desk) -> None:
    lines = desk.lock.read_text("utf-8").splitlines()
    rewrite_lock(desk, [*lines[:4], mark, *lines[4:]])
    ran = refused(desk)
    assert f"{desk.lock}:5: error:" in ran.err
    assert ran.codes == ["lock-conflict"]
    assert "keep the lines of both sides" in ran.err
    refused(desk, "--plan")


def test_with_the_marks_deleted_and_both_sides_kept_it_goes_on(desk: Desk) -> None:
    lines = desk.lock.read_text("utf-8").splitlines()
    rewrite_lock(desk, [*lines, *lines[3:6]])
    assert set(run(desk, "--json", now=LATER).changes.values()) == {"same"}
    assert desk.lock.read_text("utf-8").splitlines() == lines


BREAKS: dict[str, Callable[[str], str]] = {
    "cut": lambda line: line[: len(line) // 2],
    "no object": lambda line: '["guid"]',
    "a number": lambda line: "7",
    "words": lambda line: "여기는 무엇인가",
    "a field missing": lambda line: json.dumps({key: value for key, value in json.loads(line).items() if key != "note"}),
    "a field more": lambda line: json.dumps({**json.loads(line), "more": 1}),
    "a number as text": lambda line: json.dumps({**json.loads(line), "modified": "1"}),
    "a truth as a number": lambda line: json.dumps({**json.loads(line), "note": True}),
    "a text as null": lambda line: json.dumps({**json.loads(line), "question": None}),
    "a list of numbers": lambda line: json.dumps({**json.loads(line), "parents": [1]}),
    "a sketch that is none": lambda line: json.dumps({**json.loads(line), "sketch": "AAAA"}),
    "no guid": lambda line: json.dumps({**json.loads(line), "guid": ""}),
    "no ID": lambda line: json.dumps({**json.loads(line), "id": ""}),
    "very deep": lambda line: "[" * 100_000,
    "a number without end": lambda line: line.replace('"line": ', '"line": ' + "9" * 5000, 1),
}


@pytest.mark.parametrize("name", BREAKS)
def test_a_line_that_cannot_be_read_is_told_and_nothing_is_written(name: str, desk: Desk) -> None:
    lines = desk.lock.read_text("utf-8").splitlines()
    lines[6] = BREAKS[name](lines[6])
    rewrite_lock(desk, lines)
    written(desk, edited(counter="stamp express"))
    ran = refused(desk)
    assert f"{desk.lock}:7: error:" in ran.err
    assert ran.codes == ["lock-broken"]


def test_all_broken_lines_are_told_at_once(desk: Desk) -> None:
    lines = desk.lock.read_text("utf-8").splitlines()
    rewrite_lock(desk, [lines[0], "{", *lines[2:5], "}", *lines[6:]])
    ran = refused(desk)
    assert re.findall(r"cards\.lock:(\d+):", ran.err) == ["2", "6"]


def test_a_lock_of_a_newer_version_is_told_with_its_line(desk: Desk) -> None:
    lines = desk.lock.read_text("utf-8").splitlines()
    rewrite_lock(desk, [f'{{"notedeck.lock": {VERSION + 1}}}', *lines[1:]])
    ran = refused(desk)
    assert f"{desk.lock}:1: error:" in ran.err
    assert ran.codes == ["lock-version"]


def test_a_newer_version_is_said_before_its_lines_are_called_broken(desk: Desk) -> None:
    """What a newer version writes is no fault of the author's: to delete such lines would lose the notes."""
    lines = desk.lock.read_text("utf-8").splitlines()
    newer = [json.dumps({**json.loads(line), "more": 1}) for line in lines[1:]]
    rewrite_lock(desk, [f'{{"notedeck.lock": {VERSION + 1}}}', *newer])
    assert refused(desk).codes == ["lock-version"]


def test_a_lock_of_version_1_keeps_all_notes_as_they_are(desk: Desk) -> None:
    """Its fingerprint of what was packed had another form: nothing can be told from it, so nothing is."""
    first, *lines = lock_lines(desk)
    assert first == {"notedeck.lock": VERSION}
    former = [{"notedeck.lock": 1}, *({("shipped" if key == "sent" else key): value for key, value in line.items()} for line in lines)]
    rewrite_lock(desk, [json.dumps({**line, "shipped": "of another form"} if "shipped" in line else line, ensure_ascii=False) for line in former])
    ran = run(desk, now=LATER)
    assert "HTML alone" not in ran.out
    assert lock_lines(desk) == [first, *lines]


def test_a_lock_of_version_2_says_nothing_of_headings_and_keeps_all_notes_as_they_are(desk: Desk) -> None:
    """Nor had its sketches a size."""
    first, *lines = lock_lines(desk)
    former = [{key: value for key, value in line.items() if key not in ("headings", "context")} for line in lines]
    for line in former:
        if "sketch" in line:
            line["sketch"] = base64.b64encode(base64.b64decode(line["sketch"])[:64]).decode()
    rewrite_lock(desk, [{"notedeck.lock": 2}, *former])
    assert set(run(desk, "--json", now=LATER).changes.values()) == {"same"}
    assert lock_lines(desk) == [first, *lines]


def test_a_lock_that_is_no_text_is_told(desk: Desk) -> None:
    desk.lock.write_bytes(b"\xff\xfe\x00\x81")
    assert refused(desk).codes == ["not-text"]


def test_a_lock_that_a_windows_editor_saved_is_read(desk: Desk) -> None:
    text = desk.lock.read_text("utf-8")
    desk.lock.write_bytes(("\ufeff" + text.replace("\n", "\r\n")).encode())
    ran = run(desk, "--json", now=LATER)
    assert ran.status == 0
    assert set(ran.changes.values()) == {"same"}


# --- another lock, none, a new one ---


def test_the_lock_of_another_book_is_an_error(desk: Desk, tmp_path: Path) -> None:
    other = Desk(tmp_path / "other").write({"등산.md": "# 등산\n\n- **신발은 왜 한 치수 크게 사나요?**\n\n  발이 붓는다.\n"})
    shutil.copy2(desk.lock, other.lock)
    ran = refused(other)
    assert ran.codes[0] == "lock-other"
    assert "도서관, 우체국" in ran.err
    refused(other, "--plan")
    assert run(other, "--fresh").status == 0
    assert len(locked(other)) == 1


def test_a_lock_that_knows_one_of_the_books_is_the_right_one(desk: Desk) -> None:
    ran = run(written(desk, {"등산.md": "# 등산\n\n- **신발은 왜 크게 사나요?**\n\n  발이 붓는다.\n", OTHER: LIBRARY}), now=LATER)
    assert ran.status == 0


def test_two_first_builds_agree(desk: Desk, tmp_path: Path) -> None:
    other = written(Desk(tmp_path / "other"), {"다른 이름.md": FILES[SECOND], "또 다른.md": FILES[FIRST], "셋.md": LIBRARY})
    run(other, now=LATER)
    names = {guid: (line["id"], line["note"], line["question"]) for guid, line in locked(desk).items()}
    assert {guid: (line["id"], line["note"], line["question"]) for guid, line in locked(other).items()} == names


KEPT = (
    "guid",
    "id",
    "note",
    "type",
    "modified",
    "book",
    "deck",
    "chapter",
    "parent",
    "parents",
    "question",
    "number",
    "answer",
    "sketch",
    "text",
    "own",
)


def test_a_lost_lock_is_made_again_from_the_packages(desk: Desk, tmp_path: Path) -> None:
    run(written(desk, edited(("고친다", "바꾼다"))), now=LATER)
    before = {guid: {key: line[key] for key in KEPT} for guid, line in locked(desk).items()}
    packages = desk.package_bytes()
    with Anki(tmp_path / "anki") as anki:
        anki.take_all(wholes(desk))
        study(anki, fsrs=True)
        rows, known = anki.rows(), learned(anki)
        desk.lock.unlink()
        ran = run(desk, now=LATER + DAY)
        assert ran.status == 0
        assert ran.codes == ["lock-restored"]
        assert "11 cards" in ran.err
        assert {guid: {key: line[key] for key in KEPT} for guid, line in locked(desk).items()} == before
        assert desk.package_bytes() == packages
        assert [one.updated + one.new for one in anki.take_all(wholes(desk))] == [(), ()]
        assert (anki.rows(), learned(anki)) == (rows, known)
    assert run(desk, now=LATER + 2 * DAY).codes == []


def test_a_lost_lock_and_edited_notes(desk: Desk, tmp_path: Path) -> None:
    """The edit arrives, to the note that it was, and to no other."""
    names = {guid: line["id"] for guid, line in locked(desk).items()}
    desk.lock.unlink()
    files = edited(OTHERWISE, ("골랐다", "정했다"), counter="express weight stamp registered", rounds="route box")
    with Anki(tmp_path / "anki") as anki:
        anki.take_all(wholes(desk))
        ids = guids(anki)
        ran = run(written(desk, files), "--json", now=LATER)
        assert {ids[one]: ran.changes[ids[one]] for one in ("express", "box", "return", "stamp")} == {
            ids["express"]: "reworded", ids["box"]: "edited", ids["return"]: "removed", ids["stamp"]: "same",
        }  # fmt: skip
        assert {guid: line["id"] for guid, line in locked(desk).items()} == names
        assert {guid for one in anki.take_all(wholes(desk)) for guid in one.updated} == {ids["express"], ids["box"]}


def test_a_lost_lock_keeps_the_style_s_time(desk: Desk) -> None:
    style = lock_lines(desk)[1]
    desk.lock.unlink()
    run(desk, now=LATER)
    assert lock_lines(desk)[1] == style


def test_a_plan_without_the_lock_restores_it_in_thought_alone(desk: Desk) -> None:
    desk.lock.unlink()
    before = tree(desk.root)
    ran = run(desk, "--plan", "--json", now=LATER)
    assert set(ran.changes.values()) == {"same"}
    assert "lock-restored" in [one["code"] for one in ran.report["diagnostics"]]
    assert tree(desk.root) == before


def test_notes_that_were_gone_before_the_lock_was_lost_come_back_with_their_history(desk: Desk) -> None:
    """The package of marks is ours too, and it knows them."""
    gone = {guid for guid, line in locked(desk).items() if "우편함은" in line["question"]}
    run(written(desk, edited(rounds="route return")), now=LATER)
    assert (desk.decks / MARKS).exists()
    desk.lock.unlink()
    run(desk, now=LATER + DAY)
    assert (desk.decks / MARKS).exists()
    back = run(written(desk, FILES), "--plan", "--json", now=LATER + 2 * DAY)
    assert {guid for guid, change in back.changes.items() if change == "returned"} == gone


def test_fresh_starts_without_the_lock_and_without_what_the_decks_remember(desk: Desk) -> None:
    before = {guid: line["id"] for guid, line in locked(desk).items()}
    desk.lock.write_text("zerbrochen", "utf-8")
    files = edited(("빨간색인가요", "붉은색인가요"))
    ran = run(written(desk, files), "--fresh", "--json", now=LATER)
    assert ran.status == 0
    assert [one["code"] for one in ran.report["diagnostics"]] == []
    assert set(ran.changes.values()) == {"new"}
    after = locked(desk)
    assert len(before.keys() & after.keys()) == 10
    assert all(line["modified"] == line["created"] == LATER for line in after.values())
    assert not (desk.decks / MARKS).exists()


# --- a part of the notes ---


def lines_of(desk: Desk, source: str) -> list[str]:
    return [line for line in desk.lock.read_text("utf-8").splitlines() if f'"source": "{source}"' in line]


@pytest.fixture
def changed(desk: Desk) -> Desk:
    """A question edited in each file, and one gone from each."""
    return written(desk, edited(("다시 부른다", "도로 부른다"), ("골랐다", "정했다"), counter="weight stamp express", rounds="route box"))


def test_a_run_over_one_file_leaves_the_lines_of_the_others(changed: Desk) -> None:
    others = [lines_of(changed, name) for name in (SECOND, OTHER)]
    ran = run(changed, "--json", now=LATER, notes=(changed.notes / FIRST,))
    assert ran.status == 0
    assert [lines_of(changed, name) for name in (SECOND, OTHER)] == others
    assert sorted(ran.changes.values()) == ["edited", "removed", "same", "same", "same", "same"]
    assert {line["source"] for line in locked(changed).values() if line["removed"]} == {FIRST}
    whole = run(changed, "--json", now=LATER + 1)
    assert sorted(change for change in whole.changes.values() if change != "same") == ["edited", "removed"]


def test_a_question_that_moved_to_the_file_that_is_run_is_still_itself(desk: Desk) -> None:
    """The other file still stands in the lock, and is not read: what was there may be there still, and is not taken."""
    written(desk, edited(counter="weight stamp express registered box", rounds="route return"))
    ran = run(desk, "--json", now=LATER, notes=(desk.notes / FIRST,))
    assert "removed" not in ran.changes.values()
    assert set(locked(desk)) >= set(ran.changes)


def test_a_folder_inside_the_notes_speaks_for_itself_alone(tmp_path: Path) -> None:
    """The lock of the whole beside a part of it: what lies outside the part is not gone."""
    desk = written(Desk(tmp_path), {}).write({"하나/접수.md": FILES[FIRST], "둘/배달.md": FILES[SECOND]})
    run(desk)
    before = locked(desk)
    ran = run(desk, "--lock", str(desk.lock), now=LATER, notes=(desk.notes / "하나",))
    assert ran.status == 0
    after = locked(desk)
    assert not [line["question"] for line in after.values() if line["removed"]]
    assert after == before


def test_one_of_two_folders_speaks_for_itself_alone(tmp_path: Path) -> None:
    one, two = Desk(tmp_path / "one").write({FIRST: FILES[FIRST]}), Desk(tmp_path / "two").write({SECOND: FILES[SECOND]})
    lock = tmp_path / "cards.lock"
    both = ("--lock", str(lock))
    assert run(one, *both, notes=(one.notes, two.notes)).status == 0
    ran = run(one, *both, "--json", now=LATER, notes=(one.notes,))
    assert ran.status == 0
    assert [item["question"] for item in ran.report["items"] if item["change"] == "removed"] == []


def test_only_a_tag_leaves_the_lock_as_a_whole_build_would(changed: Desk, tmp_path: Path) -> None:
    shutil.copytree(changed.root, tmp_path / "whole")
    whole = Desk(tmp_path / "whole")
    run(whole, now=LATER)
    assert run(changed, "--only", "면접질문", now=LATER).status == 0
    assert changed.lock.read_bytes() == whole.lock.read_bytes()


def test_marks_of_removed_notes_come_with_the_next_whole_build(changed: Desk) -> None:
    run(changed, "--only", "면접질문", now=LATER)
    run(changed, now=LATER + DAY)
    assert (changed.decks / MARKS).exists()


def test_a_file_that_is_no_text_any_more_removes_nothing(desk: Desk) -> None:
    desk.write({SECOND: b"\x00\x01\xff\xfe\x81", FIRST: edited(counter="stamp express registered")[FIRST]})
    ran = refused(desk, "--json")
    assert "removed" not in ran.changes.values()
    assert set(ran.codes) == {"not-text"}


def test_a_file_that_the_machine_does_not_give_removes_nothing(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    read = Path.read_bytes

    def unwilling(path: Path) -> bytes:
        if path.name == SECOND:
            raise PermissionError(13, "Permission denied")
        return read(path)

    before = tree(desk.root)
    monkeypatch.setattr(Path, "read_bytes", unwilling)
    ran = run(written(desk, edited(counter="stamp")), "--json", now=LATER)
    monkeypatch.undo()
    assert ran.status == 1
    assert "removed" not in ran.changes.values()
    assert set(ran.codes) == {"unreadable"}
    written(desk, FILES)
    assert {path: content for path, (_, content) in tree(desk.root).items()} == {path: content for path, (_, content) in before.items()}


def test_an_empty_file_has_lost_its_questions_and_a_folder_without_notes_is_an_error(desk: Desk) -> None:
    ran = run(written(desk, {**FILES, SECOND: ""}), "--plan", "--json", now=LATER)
    assert sorted(ran.changes.values()).count("removed") == 3
    written(desk, {})
    assert refused(desk).codes == ["no-notes"]


# --- stale notes ---


@pytest.fixture
def stale(desk: Desk) -> Desk:
    """Our HTML for two notes is said to have been another when they were shipped."""
    for_two = ("우편함은", "연체료는")
    rewrite_lock(
        desk, [{**line, "sent": "0" * 20} if any(words in line.get("question", "") for words in for_two) else line for line in lock_lines(desk)]
    )
    return desk


def test_a_note_whose_html_alone_moved_keeps_its_time_and_is_counted(stale: Desk) -> None:
    ran = run(stale, now=LATER)
    assert "2 cards whose HTML alone changed" in ran.out
    assert {line["modified"] for line in locked(stale).values()} == {NOW}
    assert "2 cards whose HTML alone changed" in run(stale, now=LATER + 1).out, "until it is sent"
    assert set(run(stale, "--json", now=LATER).changes.values()) == {"same"}


def test_refresh_sends_them_and_no_other(stale: Desk, tmp_path: Path) -> None:
    with Anki(tmp_path / "anki") as anki:
        anki.take_all(wholes(stale))
        assert "HTML alone" not in run(stale, "--refresh", now=LATER).out
        sent = {guid for one in anki.take_all(wholes(stale)) for guid in one.updated}
        assert sent == {guid_of(stale, "우편함은"), guid_of(stale, "연체료는")}
    assert sorted(line["modified"] for line in locked(stale).values())[-3:] == [NOW, LATER, LATER]
    before = tree(stale.notes, stale.decks)
    run(stale, "--refresh", now=LATER + DAY)
    assert tree(stale.notes, stale.decks) == before


def test_an_edit_sends_a_stale_note_with_it(stale: Desk) -> None:
    ran = run(written(stale, edited(("골랐다", "정했다"))), now=LATER)
    assert "1 cards whose HTML alone changed" in ran.out
    assert locked(stale)[guid_of(stale, "우편함은")]["modified"] == LATER


def test_the_plan_counts_what_refresh_would_send(stale: Desk) -> None:
    assert "2 cards whose HTML alone changed" in run(stale, "--plan", now=LATER).out


# --- the author decides ---

LOCKER = """- **사물함 열쇠를 잃어버리면 어떻게 되나요?**
  직원이 신분증을 보고 여벌 열쇠로 열어 준다. 안에 든 것이 맞는지 함께 적고 서명을 남긴다.
  자물쇠를 바꾸는 값은 빌린 사람이 낸다. 일주일이 지나면 안에 든 것을 창고로 옮긴다.
"""
ALIKE = """- **사물함 열쇠를 잃어버리면 누가 물어내나요?**
  직원이 신분증을 보고 여벌 열쇠로 열어 준다. 안에 든 것이 맞는지 함께 적고 서명을 남긴다.
  처음 한 번은 돈을 받지 않고, 두 번째부터는 보증금에서 뺀다. 석 달이 되도록 아무도 찾지 않으면 나라에 바친다.
"""


@pytest.fixture
def doubtful(tmp_path: Path) -> tuple[Desk, str, str]:
    """A question in whose place an alike one came: the desk, the ID of the old one and that of the new one."""
    desk = written(Desk(tmp_path), {OTHER: LIBRARY + LOCKER})
    run(desk)
    ran = run(written(desk, {OTHER: LIBRARY + ALIKE}), "--plan", "--json", now=LATER)
    (new,) = (item for item in ran.report["items"] if item["change"] == "doubtful")
    (old,) = (item for item in ran.report["items"] if item["change"] == "removed")
    return desk, old["id"], new["id"]


def test_a_doubt_names_both_sides_and_how_to_decide(doubtful: tuple[Desk, str, str]) -> None:
    desk, old, new = doubtful
    ran = run(desk, now=LATER)
    (line,) = (line for line in ran.err.splitlines() if line.endswith("[doubtful]"))
    assert line.startswith(f"{desk.notes / OTHER}:9: warning:")
    assert f"--same {old}={new}" in line
    assert f"--apart {old}={new}" in line
    assert run(written(desk, {OTHER: LIBRARY + LOCKER}), "--strict", "--fresh").status == 0


def test_a_doubt_stops_a_strict_build(doubtful: tuple[Desk, str, str]) -> None:
    assert refused(doubtful[0], "--strict").codes[0] == "doubtful"


def test_same_gives_the_new_wording_the_history_of_the_old(doubtful: tuple[Desk, str, str], tmp_path: Path) -> None:
    desk, old, new = doubtful
    guid = guid_of(desk, "사물함")
    with Anki(tmp_path / "anki") as anki:
        anki.take_all(wholes(desk))
        ran = run(desk, "--same", f"{old}={new}", "--json", now=LATER)
        assert ran.changes[guid] == "reworded"
        assert "removed" not in ran.changes.values()
        (outcome,) = anki.take_all(wholes(desk))
        assert (outcome.updated, outcome.new) == ((guid,), ())
        assert "누가 물어내나요" in anki.row("사물함").fields["Question"]
    assert set(run(desk, "--json", now=LATER + 1).changes.values()) == {"same"}
    assert {"decided": "same", "old": old, "new": new} in lock_lines(desk)


def test_same_can_be_said_after_the_build_that_doubted(doubtful: tuple[Desk, str, str]) -> None:
    """The message comes with a build: the new card has been made by then, and the old one removed."""
    desk, old, new = doubtful
    guid = guid_of(desk, "사물함")
    assert run(desk, now=LATER).status == 0
    ran = run(desk, "--same", f"{old}={new}", "--json", now=LATER + 1)
    assert ran.status == 0
    kept = [item for item in ran.report["items"] if item["guid"] == guid]
    assert [item["question"] for item in kept if item["status"] == "card"] == ["사물함 열쇠를 잃어버리면 누가 물어내나요?"]
    again = run(desk, "--json", now=LATER + 2)
    assert set(again.changes.values()) == {"same"}
    assert guid in again.changes


def test_apart_makes_two_of_them_and_ends_the_warning(doubtful: tuple[Desk, str, str]) -> None:
    desk, old, new = doubtful
    ran = run(desk, "--apart", f"{old}={new}", "--json", now=LATER)
    changes = {item["id"]: item["change"] for item in ran.report["items"]}
    assert (changes[old], changes[new]) == ("removed", "new")
    assert "doubtful" not in [one["code"] for one in ran.report["diagnostics"]]
    assert {"decided": "apart", "old": old, "new": new} in lock_lines(desk)


def test_apart_parts_what_would_be_one(desk: Desk) -> None:
    """Also a pair that was sure, as long as both can be named."""
    old = locked(desk)[guid_of(desk, "빠른우편은")]["id"]
    files = edited(OTHERWISE)
    shutil.copytree(desk.root, desk.root / "else")
    twin = written(Desk(desk.root / "else"), files)
    run(twin, "--fresh")
    new = locked(twin)[guid_of(twin, "빠른우편은")]["id"]
    assert run(written(desk, files), "--plan", "--json", now=LATER).changes[guid_of(desk, "빠른우편은")] == "reworded"
    ran = run(desk, "--apart", f"{old}={new}", "--json", now=LATER)
    changes = {item["id"]: item["change"] for item in ran.report["items"]}
    assert (changes[old], changes[new]) == ("removed", "new")


def test_decisions_are_remembered_from_build_to_build(doubtful: tuple[Desk, str, str]) -> None:
    desk, old, new = doubtful
    run(desk, "--apart", f"{old}={new}", now=LATER)
    for number, text in enumerate((LOCKER, ALIKE, ALIKE), 1):
        ran = run(written(desk, {OTHER: LIBRARY + text}), "--json", now=LATER + number)
        assert "doubtful" not in ran.changes.values()
        assert {"decided": "apart", "old": old, "new": new} in lock_lines(desk)


def test_the_last_word_counts(doubtful: tuple[Desk, str, str]) -> None:
    desk, old, new = doubtful
    run(desk, "--apart", f"{old}={new}", now=LATER)
    run(desk, "--same", f"{old}={new}", now=LATER + 1)
    decided = [line for line in lock_lines(desk) if "decided" in line]
    assert decided == [{"decided": "same", "old": old, "new": new}]


@pytest.mark.parametrize("option", ["--same", "--apart"])
@pytest.mark.parametrize("side", [0, 1])
def test_an_id_that_nobody_has_is_an_error(option: str, side: int, doubtful: tuple[Desk, str, str]) -> None:
    desk, *ids = doubtful
    ids[side] = "zzzzzzzz"
    ran = refused(desk, option, "=".join(ids))
    assert "no-such-id" in ran.codes
    assert "zzzzzzzz" in ran.err


@pytest.mark.parametrize("words", ["abc=def", "abcdefgh", "abcdefgh=", "=abcdefgh", "abcdefgh=abcdefg1"])
def test_what_is_no_pair_of_ids_is_refused(words: str, desk: Desk) -> None:
    before = tree(desk.root)
    assert run(desk, "--same", words).status == 2
    assert tree(desk.root) == before


# --- two builds at once ---


def test_a_second_build_says_so_when_the_first_does_not_end(desk: Desk, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    temporary = tmp_path / "temporary"
    temporary.mkdir()
    monkeypatch.setattr(tempfile, "tempdir", str(temporary))
    monkeypatch.setattr(pipeline, "_PATIENCE", 0.01)
    before = tree(desk.notes, desk.decks)
    name = digest(str(desk.lock.resolve())).hex()[:16]
    with FileLock(temporary / f"notedeck-{name}.lock"):
        ran = run(written(desk, FILES), now=LATER)
        assert ran.status == 2
        assert "another build of these notes is running" in ran.err
        assert run(desk, "--plan", now=LATER).status == 0, "a plan writes nothing, so it need not wait"
    assert {path: content for path, (_, content) in tree(desk.notes, desk.decks).items()} == {path: content for path, (_, content) in before.items()}
    assert run(desk, now=LATER).status == 0


def test_a_build_of_other_notes_does_not_wait(desk: Desk, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    other = Desk(tmp_path / "other").write({OTHER: LIBRARY})
    temporary = tmp_path / "temporary"
    temporary.mkdir()
    monkeypatch.setattr(tempfile, "tempdir", str(temporary))
    monkeypatch.setattr(pipeline, "_PATIENCE", 0.01)
    name = digest(str(desk.lock.resolve())).hex()[:16]
    with FileLock(temporary / f"notedeck-{name}.lock"):
        assert codes(other.build()) == []


def test_a_card_with_a_question_of_its_own_cannot_be_taken(tmp_path: Path) -> None:
    text = "# 책\n\n" + question("힙은 무엇인가요?", "쓰는 만큼 얻는 기억이다") + question("스택은 무엇인가요?", "부를 때 쌓인다")
    desk = Desk(tmp_path).write({"책.md": text})
    one, other = (note.locked.id for note in desk.build().notes)
    before = desk.lock.read_bytes()
    for same in ((one, other), (one, one)):
        assert codes(desk.build(same=(same,))) == ["same-taken"]
    assert desk.lock.read_bytes() == before


def test_a_lock_that_was_written_here_is_not_read_again(desk: Desk, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("NOTEDECK_CACHE", str(tmp_path / "cache"))
    desk.build()
    read: list[str] = []

    def count(path: str, text: str) -> tuple[Lock, list[Diagnostic]]:
        read.append(path)
        return read_lock(path, text)

    monkeypatch.setattr(inputs, "read_lock", count)
    desk.build(NOW + 100)
    assert read == []
