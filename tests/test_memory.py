"""The lock remembers all that builds ever packed of a note: its texts, its tags and its decks."""

from __future__ import annotations

from pathlib import Path

import pytest

from notedeck.identity.lock import read_lock
from notedeck.identity.memory import former_decks, versions
from tests.anki_oracle import Desk
from tests.history import BOX, DAY, FILES, LATER, RETURN, ROUTE, SECOND, edited, guid_of, locked, rewrite_lock, run, second, written

ANSWER = ("다시 부른다", "도로 부른다")
LABEL = ("- **집배원", "- **[중요] 집배원")


@pytest.fixture
def desk(tmp_path: Path) -> Desk:
    desk = Desk(tmp_path).write(FILES)
    run(desk)
    return desk


def test_a_note_that_was_never_edited_has_its_tags_alone(desk: Desk) -> None:
    lines = locked(desk).values()
    assert all(line["tags"] and not {"before", "decks"} & set(line) for line in lines)


def test_an_edit_leaves_the_print_and_the_tags_from_before(desk: Desk) -> None:
    guid = guid_of(desk, "집배원의 순로는")
    first = locked(desk)[guid]
    run(written(desk, edited(LABEL)), now=LATER)
    run(written(desk, edited(("새 건물이", "새 집이"))), now=LATER + DAY)
    line = locked(desk)[guid]
    assert [one.split(" ")[0] for one in line["before"]][:1] == [first["sent"][:12]]
    assert len(line["before"]) == 2
    known = [one for one in versions(read_lock("", desk.lock.read_text("utf-8"))[0].notes[guid]) if "중요" in one.tags]
    assert len(known) == 1


def test_a_text_that_comes_back_is_the_last_one_again(desk: Desk) -> None:
    guid = guid_of(desk, "창구에서 무게를")
    first = locked(desk)[guid]["sent"]
    run(written(desk, edited(ANSWER)), now=LATER)
    run(written(desk, FILES), now=LATER + DAY)
    line = locked(desk)[guid]
    assert line["sent"] == first
    assert not [one for one in line["before"] if first.startswith(one.split(" ")[0])]


def test_each_deck_that_a_note_has_left_is_remembered_with_its_book(desk: Desk) -> None:
    guid = guid_of(desk, "집배원의 순로는")
    for step, title in enumerate(("## 3장 나르기", "## 4장 나르기")):
        run(written(desk, {**FILES, SECOND: second(ROUTE, RETURN, BOX, title=title)}), now=LATER + step * DAY)
    lock, _ = read_lock("", desk.lock.read_text("utf-8"))
    assert list(former_decks(lock.notes[guid])) == [("우체국::02장", 1), ("우체국::03장", 1)]
    run(written(desk, FILES), now=LATER + 3 * DAY)
    lock, _ = read_lock("", desk.lock.read_text("utf-8"))
    assert [deck for deck, _ in former_decks(lock.notes[guid])] == ["우체국::03장", "우체국::04장"]


def test_a_lock_from_before_is_read_and_moves_no_time(desk: Desk) -> None:
    now = locked(desk)
    rewrite_lock(desk, ['{"notedeck.lock": 2}', *({key: value for key, value in line.items() if key != "tags"} for line in now.values())])
    run(desk, now=LATER)
    assert locked(desk) == now


def test_two_locks_that_git_has_joined_remember_both(desk: Desk) -> None:
    guid = guid_of(desk, "창구에서 무게를")
    first = locked(desk)[guid]
    run(written(desk, edited(ANSWER)), now=LATER)
    other = {key: value for key, value in locked(desk)[guid].items() if key != "before"}
    rewrite_lock(desk, ['{"notedeck.lock": 2}', {**first, "sent": "c" * 20}, other])
    lock, problems = read_lock("", desk.lock.read_text("utf-8"))
    assert problems == []
    assert lock.notes[guid].sent == other["sent"]
    assert [one.print for one in versions(lock.notes[guid])] == [other["sent"][:12], "c" * 12]


@pytest.mark.parametrize("wrong", [{"before": [3]}, {"tags": [None]}, {"decks": ["우체국"]}, {"decks": "1 우체국"}])
def test_a_memory_that_is_none_is_told_with_its_line(desk: Desk, wrong: dict[str, object]) -> None:
    line = next(iter(locked(desk).values()))
    rewrite_lock(desk, ['{"notedeck.lock": 2}', {**line, **wrong}])
    _, problems = read_lock("cards.lock", desk.lock.read_text("utf-8"))
    assert [(one.code, one.span.line) for one in problems] == [("lock-broken", 2)]
