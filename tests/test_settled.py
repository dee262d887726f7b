"""Sources in which nothing moved: their notes are who they were, and nothing else comes out of it than without that short cut."""

from __future__ import annotations

import random
from collections.abc import Sequence
from dataclasses import replace

import pytest

from notedeck.identity import identifying as identity
from notedeck.identity.drafts import Draft
from notedeck.identity.lock import EMPTY, Decision, Lock, LockedNote
from notedeck.identity.notes import Change, Identified
from notedeck.identity.settled import settled
from tests.test_identity import CONTEXT_SWITCH, DEADLOCK, HEAD, PAGING, SCHEDULING, START, built

FILES = {"a.md": HEAD + CONTEXT_SWITCH, "b.md": HEAD + DEADLOCK + SCHEDULING, "c.md": "# 운영체제\n\n### 2장 메모리\n" + PAGING}


def _searched(files: dict[str, str], before: Identified, monkeypatch: pytest.MonkeyPatch) -> Identified:
    """The same build without the short cut."""
    with monkeypatch.context() as patch:
        patch.setattr(identity, "settled", lambda drafts, types, lock: {})
        return built(files, before.lock, START + 10)


def _settled(files: dict[str, str], before: Identified, monkeypatch: pytest.MonkeyPatch) -> set[str]:
    """Of which files the notes were not searched for."""
    found: dict[int, LockedNote] = {}

    def watched(drafts: Sequence[Draft], types: Sequence[str], lock: Lock) -> dict[int, LockedNote]:
        found.update(settled(drafts, types, lock))
        return found

    with monkeypatch.context() as patch:
        patch.setattr(identity, "settled", watched)
        notes = built(files, before.lock, START + 10).notes
    return {notes[place].draft.source for place in found}


def _edited(files: dict[str, str], dice: random.Random) -> dict[str, str]:
    """One edit, of whatever kind."""
    files = dict(files)
    name = dice.choice(sorted(files))
    words = files[name].split(" ")
    place = dice.randrange(3, len(words))
    kind = dice.randrange(5)
    if kind == 0:
        words[place] = "다른말"
    elif kind == 1:
        del words[place : place + dice.randrange(1, 9)]
    elif kind == 2:
        words.insert(place, "\n- p.9 문장이 하나 있다.\n  이것은 새 질문인가요?\n  ***\n  답도 새것이다.\n")
    elif kind == 3:
        files[f"{name[0]}2.md"] = files.pop(name)
        return files
    files[name] = " ".join(words) if kind < 4 else "\n" + files[name]
    return files


@pytest.mark.parametrize("seed", range(40))
def test_what_comes_out_is_what_a_search_finds(seed: int, monkeypatch: pytest.MonkeyPatch) -> None:
    dice = random.Random(seed)
    files, before = FILES, built(FILES, EMPTY, START)
    for _ in range(3):
        files = _edited(files, dice)
        found = built(files, before.lock, START + 10)
        assert found == _searched(files, before, monkeypatch)
        before = found


def test_only_the_edited_file_is_searched_for(monkeypatch: pytest.MonkeyPatch) -> None:
    before = built(FILES, EMPTY, START)
    assert _settled(FILES, before, monkeypatch) == {"a.md", "b.md", "c.md"}
    assert _settled({**FILES, "b.md": FILES["b.md"].replace("흔합니다", "많습니다")}, before, monkeypatch) == {"a.md", "c.md"}


@pytest.mark.parametrize(
    ("old", "new"),
    [
        pytest.param(PAGING, "\n" + PAGING, id="all a line further down"),
        pytest.param(PAGING, PAGING + SCHEDULING, id="one more"),
        pytest.param("2장", "3장", id="another chapter"),
        pytest.param("운영체제", "운영 체제론", id="another book"),
        pytest.param("p.30", "p.31", id="another page"),
    ],
)
def test_a_file_in_which_anything_moved_is_searched_for(old: str, new: str, monkeypatch: pytest.MonkeyPatch) -> None:
    before = built(FILES, EMPTY, START)
    assert "c.md" not in _settled({**FILES, "c.md": FILES["c.md"].replace(old, new)}, before, monkeypatch)


def test_a_file_that_lost_a_question_is_searched_for(monkeypatch: pytest.MonkeyPatch) -> None:
    before = built(FILES, EMPTY, START)
    assert "b.md" not in _settled({**FILES, "b.md": HEAD + DEADLOCK}, before, monkeypatch)


def test_after_a_decision_every_file_is_searched_for(monkeypatch: pytest.MonkeyPatch) -> None:
    before = built(FILES, EMPTY, START)
    decided = replace(before, lock=replace(before.lock, decisions=frozenset({Decision("apart", "abcdefgh", "ijklmnop")})))
    assert _settled(FILES, decided, monkeypatch) == set()


def test_notes_that_share_a_line_are_searched_for(monkeypatch: pytest.MonkeyPatch) -> None:
    before = built(FILES, EMPTY, START)
    shared = {guid: replace(one, line=7) for guid, one in before.lock.notes.items()}
    assert _settled(FILES, replace(before, lock=replace(before.lock, notes=shared)), monkeypatch) == set()


def test_a_question_written_again_elsewhere_takes_no_note_of_a_file_that_stayed() -> None:
    before = built({"b.md": HEAD + SCHEDULING}, EMPTY, START)
    after = built({"a.md": HEAD + SCHEDULING, "b.md": HEAD + SCHEDULING}, before.lock, START + 10)
    assert [(note.draft.source, note.change) for note in after.notes] == [("a.md", Change.NEW), ("b.md", Change.SAME)]
