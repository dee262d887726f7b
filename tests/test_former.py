"""A lock that the version before wrote: whatever is read otherwise since, a note whose question is still read keeps its history."""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from tests.anki_oracle import NOW, REPO, Desk
from tests.history import locked, run

FORMER = REPO / "tests" / "data" / "former" / "notes"
"""Notes with the lock that the version before made of them."""
LATER = NOW + 400 * 86_400
Line = dict[str, Any]


@pytest.fixture
def desk(tmp_path: Path) -> Desk:
    desk = Desk(tmp_path)
    shutil.copytree(FORMER, desk.notes, dirs_exist_ok=True)
    return desk


def test_it_is_of_the_version_before(desk: Desk) -> None:
    first, *lines = [json.loads(line) for line in desk.lock.read_text("utf-8").splitlines()]
    assert first == {"notedeck.lock": 2}
    assert not any({"headings", "context"} & line.keys() for line in lines)
    assert len(locked(desk)) == 20


def test_every_note_keeps_its_history_and_its_time(desk: Desk) -> None:
    before = locked(desk)
    ran = run(desk, "--json", now=LATER)
    assert ran.status == 0
    after = locked(desk)
    read = {item["question"] for item in ran.report["items"] if item["status"] == "card"}
    assert {line["question"] for line in before.values()} <= read, "all of them are still read"
    assert {guid: line["question"] for guid, line in before.items()}.items() <= {guid: line["question"] for guid, line in after.items()}.items()
    assert not [guid for guid in before if after[guid]["removed"]]
    assert {ran.changes[guid] for guid in before} <= {"same", "moved", "edited"}
    assert {after[guid]["modified"] for guid in before if ran.changes[guid] == "same"} <= {line["modified"] for line in before.values()}


def test_the_next_lock_knows_the_headings(desk: Desk) -> None:
    run(desk, now=LATER)
    same = {line["line"]: line["headings"] for line in locked(desk).values() if line["question"] == "장점은 무엇인가요?" and "제빵" in line["source"]}
    assert list(dict(sorted(same.items())).values()) == [["손반죽"], ["기계 반죽"]]
    assert set(run(desk, "--json", now=LATER + 1).changes.values()) == {"same"}


def _in_other_decks(line: Line) -> Line:
    return {**line, "deck": line["deck"].replace("::", "::옛 ", 1), "chapter": f"옛 {line['chapter']}" if line["chapter"] else ""}


def _in_another_book(line: Line) -> Line:
    return {**line, "book": f"{line['book']} 모음", "deck": f"{line['book']} 모음"}


def _with_the_number(line: Line) -> Line:
    return {**line, "question": f"{line['line']}. {line['question']} [기본]"}


def _with_more_in_the_answer(line: Line) -> Line:
    """Its text went further: nothing of its prints is the same."""
    return {**line, "answer": "0" * 20, "own": "1" * 20, "text": "2" * 20}


def _without_its_follow_ups(line: Line) -> Line:
    return {**line, "parent": "", "parents": []}


@pytest.mark.parametrize("other", [_in_other_decks, _in_another_book, _with_the_number, _with_more_in_the_answer, _without_its_follow_ups])
def test_what_the_program_read_otherwise_then_is_still_known(other: Callable[[Line], Line], desk: Desk) -> None:
    lines = [json.loads(line) for line in desk.lock.read_text("utf-8").splitlines()]
    desk.lock.write_text("".join(json.dumps(other(line) if "guid" in line else line, ensure_ascii=False) + "\n" for line in lines), "utf-8")
    before = locked(desk)
    ran = run(desk, "--json", now=LATER)
    assert ran.status == 0
    told = {guid: ran.changes.get(guid) for guid in before}
    assert not [before[guid]["question"] for guid, change in told.items() if change in (None, "removed")]
    by_line = {(line["source"], line["line"]): guid for guid, line in before.items() if line["source"].endswith(".md")}
    assert all(by_line.get((line["source"], line["line"]), guid) == guid for guid, line in locked(desk).items()), "and as nobody else"
