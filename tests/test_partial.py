"""A run over a part of the notes: what it does not speak of stays as it is, packages too."""

from __future__ import annotations

from pathlib import Path

import pytest

from notedeck.identity.notes import Change
from tests.anki_oracle import Desk, codes, question

FILES = {
    "힙 1장.md": "# 힙 1장\n\n## 1장\n\n" + question("힙은 무엇인가요?", "쓰는 만큼 얻는 기억이다"),
    "힙 2장.md": "# 힙 2장\n\n## 2장\n\n" + question("힙은 어디에 있나요?", "주소 공간의 아래쪽이다"),
    "스택.md": "# 스택\n\n" + question("스택은 무엇인가요?", "부를 때마다 쌓이는 기억이다"),
}


@pytest.fixture
def desk(tmp_path: Path) -> Desk:
    made = Desk(tmp_path).write(FILES)
    made.build()
    return made


def test_other_books_keep_their_packages(desk: Desk) -> None:
    built = desk.build(notes=(desk.notes / "힙 1장.md",))
    assert sorted(path.name for path in desk.packages()) == ["스택.apkg", "힙.apkg"]
    assert built.written.removed == ()


def test_a_book_of_which_a_part_was_read_says_so(desk: Desk) -> None:
    built = desk.build(notes=(desk.notes / "힙 1장.md",))
    assert [(one.code, one.details) for one in built.diagnostics] == [("partial", ("힙", "1"))]
    assert built.removed == ()


def test_a_part_without_its_lock_declares_nothing_removed(desk: Desk) -> None:
    desk.lock.unlink()
    built = desk.build(notes=(desk.notes / "힙 1장.md",))
    assert "lock-restored" in codes(built)
    assert built.removed == ()
    whole = desk.build()
    assert {note.change for note in whole.notes} <= {Change.SAME, Change.NEW}
    assert whole.removed == ()


def test_a_new_title_that_moves_a_whole_book_is_told(desk: Desk) -> None:
    text = "# 더미 1장\n\n## 1장\n\n" + question("힙은 무엇인가요?", "쓰는 만큼 얻는 기억이다")
    other = "# 더미 2장\n\n## 2장\n\n" + question("힙은 어디에 있나요?", "주소 공간의 아래쪽이다")
    built = desk.write({"힙 1장.md": text, "힙 2장.md": other}).build(plan=True)
    assert [(one.code, one.details) for one in built.diagnostics] == [("book-moved", ("힙", "더미", "2"))]
    kept = desk.write({"deck.toml": '[books]\n"더미" = "힙"\n'}).build(plan=True)
    assert kept.diagnostics == ()
