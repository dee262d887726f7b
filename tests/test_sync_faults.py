"""A sync that meets no Anki, another one, or one that goes away says so, and the next one finishes what it began."""

from __future__ import annotations

import shutil
import socket
import threading
import time
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import pytest

from notedeck.pipeline import build
from notedeck.report.run import Options
from notedeck.sync import finding
from tests.anki_server import PROFILE, AnkiConnect, RefusedError, deck_toml
from tests.history import FILES, FIRST, REGISTERED, RETURN, ROUTE, SECOND, Ran, edited, guid_of, learned, run, second, studied_desk
from tests.syncs import Reader, reading, short
from tests.test_history import OWN_ANSWER

CHANGING = frozenset("importPackage createDeck setDeckConfigId changeDeck deleteDecks addTags removeTags suspend unsuspend deleteNotes".split())
HALF = b"HTTP/1.1 200 OK\r\nContent-Length: 1000\r\n\r\n{"


@pytest.fixture(scope="module")
def studied(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("studied")
    studied_desk(folder, fsrs=True)
    return folder


@pytest.fixture
def reader(studied: Path, tmp_path: Path) -> Iterator[Reader]:
    shutil.copytree(studied, tmp_path, dirs_exist_ok=True)
    with reading(tmp_path) as one:
        yield one


def told(ran: Ran) -> str:
    """The one thing that a run with exit 2 told of Anki, after it had built the decks."""
    assert (ran.status, ran.report["decks"] != []) == (2, True)
    (code,) = (one["code"] for one in ran.report["diagnostics"] if one["code"].startswith("anki-"))
    assert ran.report["sync"]["error"] == code
    return str(code)


# Finding it


def test_nobody_answers(tmp_path: Path) -> None:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    with reading(tmp_path) as reader:
        reader.desk.write({**FILES, "deck.toml": deck_toml(port)})
        ran = reader.run("--sync")
        assert (ran.status, len(reader.desk.packages())) == (2, 3)
        assert f"Anki:1: error: nothing answers at port {port}: start Anki" in ran.err
        assert "wrote" in ran.out
        assert told(reader.run("--sync", "--json")) == "anki-absent"
        assert told(reader.run("--sync", "--plan", "--json")) == "anki-absent"


@pytest.mark.parametrize(
    ("answer", "code"),
    [
        (b"HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nhello", "anki-other"),
        (b"HTTP/1.1 403 Forbidden\r\nContent-Length: 0\r\n\r\n", "anki-denied"),
        (b'HTTP/1.1 200 OK\r\nContent-Length: 4\r\n\r\n"v4"', "anki-old"),
        (b"SSH-2.0-OpenSSH_9.2\r\n", "anki-gone"),
        (HALF, "anki-gone"),
        (b"", "anki-gone"),
    ],
)
def test_something_else_answers(answer: bytes, code: str, reader: Reader) -> None:
    reader.connect.after = lambda action: answer
    assert told(reader.run("--sync", "--json")) == code


def test_it_does_not_answer_in_time(reader: Reader, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(finding, "_HELLO", 0.1)
    reader.connect.before = lambda action, parameters: time.sleep(0.4)
    assert told(reader.run("--sync", "--json")) == "anki-silent"


def test_it_wants_its_key(studied: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    shutil.copytree(studied, tmp_path, dirs_exist_ok=True)
    with reading(tmp_path, key="열쇠") as reader:
        assert told(reader.run("--sync", "--json")) == "anki-key"
        monkeypatch.setenv("NOTEDECK_ANKI_KEY", "other")
        assert told(reader.run("--sync", "--json")) == "anki-key"
        monkeypatch.setenv("NOTEDECK_ANKI_KEY", "열쇠")
        assert reader.write(edited(("다시 부른다", "도로 부른다"))).sync() == {"sent": [reader.id("weight")]}
        assert b"\xec\x97\xb4\xec\x87\xa0" not in reader.desk.lock.read_bytes()


def test_no_profile_is_open(reader: Reader) -> None:
    col, reader.anki.col = reader.anki.col, None
    assert told(reader.run("--sync", "--json")) == "anki-closed"
    reader.anki.col = col


@pytest.mark.parametrize("newer", [False, True])
def test_another_profile_is_open(newer: bool, studied: Path, tmp_path: Path) -> None:
    shutil.copytree(studied, tmp_path, dirs_exist_ok=True)
    with reading(tmp_path, newer=newer) as reader:
        before = reader.col.mod
        ran = reader.write(FILES, 'profile = "친구"\n').run("--sync")
        assert f"the profile open in Anki is {PROFILE}: change to 친구 there" in ran.err
        assert (ran.status, reader.col.mod) == (2, before)
        assert reader.write(FILES, f'profile = "{PROFILE}"\n').sync() == {}


# Changed meanwhile


def test_a_note_that_is_edited_while_a_sync_runs_keeps_that(reader: Reader) -> None:
    """It was read before and is looked at once more right before it would be sent."""

    def edits(action: str, parameters: Mapping[str, Any]) -> None:
        if action == "getDecks":
            reader.connect.before = lambda action, parameters: None
            reader.rewrite("weight", "Answer", OWN_ANSWER)

    reader.connect.before = edits
    ran = reader.write(edited(("다시 부른다", "도로 부른다"))).run("--sync", "--json")
    assert (told(ran), ran.report["sync"]["late"]) == ("anki-late", [reader.id("weight")])
    assert reader.note("weight")["Answer"] == OWN_ANSWER
    assert set(reader.sync()) == {"edited"}


def test_a_card_that_is_moved_while_a_sync_runs_stays(reader: Reader) -> None:
    def moves(action: str, parameters: Mapping[str, Any]) -> None:
        if action == "createDeck":
            reader.col.set_deck(reader.cids("box"), reader.col.decks.id("내 덱"))

    reader.connect.before = moves
    reader.write({**FILES, SECOND: second(ROUTE, RETURN, title="## 3장 나르기")})
    reader.write(edited_rounds()).run("--sync")
    assert (reader.deck("box"), reader.deck("route")) == ("내 덱", "우체국::03장")


def edited_rounds() -> dict[str, str]:
    return {name: text.replace("## 2장", "## 3장") for name, text in FILES.items()}


def test_a_note_of_the_same_second_arrives_a_second_later(reader: Reader) -> None:
    """The clocks of the computer are real here: an import of this very second gave the note a time that is not older."""
    for words in ("한 번", "두 번"):
        reader.write(edited(("다시 부른다", f"{words} 부른다")))
        built = build(Options(notes=(reader.desk.notes,), out=reader.desk.decks, sync=True))
        assert built.synced
        assert (built.synced.late, built.synced.problem) == ((), None)
        assert words in reader.note("weight")["Answer"]


def test_a_time_that_has_not_come_yet_is_passed_where_the_add_on_tells_it(studied: Path, tmp_path: Path) -> None:
    shutil.copytree(studied, tmp_path, dirs_exist_ok=True)
    with reading(tmp_path, newer=True) as reader:
        reader.col.db.execute("update notes set mod = mod + 900000000")
        assert reader.write(edited(("다시 부른다", "도로 부른다"))).sync() == {"sent": [reader.id("weight")]}
        assert "도로 부른다" in reader.note("weight")["Answer"]


def test_a_note_of_another_type_is_its_users(reader: Reader) -> None:
    """An import would give it the old one back, and the old text."""
    basic = reader.col.models.by_name("Basic")
    info = reader.col.models.change_notetype_info(old_notetype_id=reader.note("box").mid, new_notetype_id=basic["id"])
    request = info.input
    request.note_ids.append(reader.nid("box"))
    reader.col.models.change_notetype_of_notes(request)
    said = reader.sync()
    assert [one["fields"] for one in said["edited"]] == [["note type"]]
    assert set(said) == {"edited"}
    assert reader.note("box").note_type()["name"] == "Basic"


def test_a_note_that_does_not_arrive_is_named(reader: Reader) -> None:
    """Its time in the collection lies ahead of every clock, and this add-on does not tell it."""
    reader.col.db.execute("update notes set mod = mod + 900000000")
    ran = reader.write(edited(("다시 부른다", "도로 부른다"))).run("--sync", "--json")
    assert (told(ran), ran.report["sync"]["late"]) == ("anki-late", [reader.id("weight")])
    assert "1 cards did not arrive in Anki" in reader.run("--sync").err


def test_two_syncs_at_once_wait_for_each_other(tmp_path: Path) -> None:
    with reading(tmp_path) as reader:
        options = Options(notes=(reader.write(FILES).desk.notes,), out=reader.desk.decks, sync=True, jobs=1)
        done: list[int] = []

        def syncs() -> None:
            built = build(options)
            assert built.synced
            assert built.synced.problem is None
            done.append(len(built.synced.steps.sends))

        threads = [threading.Thread(target=syncs) for _ in range(2)]
        for one in threads:
            one.start()
        for one in threads:
            one.join()
        assert sorted(done) == [0, 11]


# Cut off


def all_at_once() -> dict[str, str]:
    """An edit, a label, a move to a new chapter, a note that is gone and one that comes back."""
    files = edited(("석 달 동안은", "넉 달 동안은"), ("- **집배원", "- **[중요] 집배원"), counter="stamp registered express")
    return {name: text.replace("## 2장", "## 3장") for name, text in files.items()}


def state(reader: Reader) -> Any:
    """All of a collection but times: fields, tags, decks, schedules and logs."""
    rows = {row.guid: (row.fields, sorted(row.tags), row.deck) for row in reader.anki.rows()}
    cards = {guid: ([*card[:1], *card[2:]], log) for guid, (card, log) in learned(reader.anki).items()}
    presets = sorted((deck["name"], deck.get("conf")) for deck in reader.col.decks.all())
    return rows, cards, presets


@pytest.fixture(scope="module")
def waiting(studied: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A collection in which a note rests that comes back, decks with a preset of their own, and a note that its user tagged."""
    folder = tmp_path_factory.mktemp("waiting")
    shutil.copytree(studied, folder, dirs_exist_ok=True)
    with reading(folder) as reader:
        preset = reader.col.decks.add_config_returning_id("느리게")
        deck = reader.col.decks.by_name("우체국::02장")
        deck["conf"] = preset
        reader.col.decks.save(deck)
        reader.tag("return", "내_것")
        without = {**FILES, FIRST: FILES[FIRST].replace(REGISTERED, "")}
        assert reader.write(without).run("--sync").status == 0
        reader.write(all_at_once())
    return folder


def synced(folder: Path, connect: Mapping[str, Any]) -> tuple[Any, list[str], int]:
    """The state after a sync with an add-on like this one and, if it was cut off, another one; what was done; the exit status of the first."""
    with reading(folder) as reader:
        for name, value in connect.items():
            setattr(reader.connect, name, value)
        reader.syncs.append({})
        status = reader.run("--sync").status
        if status:
            reader.connect.before = AnkiConnect(reader.anki).before
            reader.connect.after = lambda action: None
            assert reader.run("--sync").status == 0
        assert short(reader.run("--sync", "--json").report["sync"]) == {}
        return state(reader), reader.connect.asked, status


def cutting(turn: int) -> dict[str, Any]:
    """An add-on whose n-th change of the collection, and all behind it, fail."""
    seen: list[str] = []

    def before(action: str, parameters: Mapping[str, Any]) -> None:
        if action in CHANGING:
            seen.append(action)
            if len(seen) >= turn:
                raise RefusedError("Anki is about to close")

    return {"before": before}


@pytest.mark.slow
def test_a_sync_that_is_cut_off_anywhere_is_finished_by_the_next(waiting: Path, tmp_path: Path) -> None:
    shutil.copytree(waiting, tmp_path / "whole")
    wanted, asked, status = synced(tmp_path / "whole", {})
    changes = [action for action in asked if action in CHANGING]
    assert status == 0
    assert set(changes) == CHANGING - {"deleteNotes"}
    for turn in range(1, len(changes) + 1):
        shutil.copytree(waiting, tmp_path / str(turn))
        found, _, status = synced(tmp_path / str(turn), cutting(turn))
        assert (status, found) == (2, wanted), f"{turn}: {changes[turn - 1]}"


@pytest.mark.parametrize("action", ["importPackage", "changeDeck", "multi"])
def test_an_answer_that_is_cut_off_leaves_what_the_next_sync_finishes(action: str, waiting: Path, tmp_path: Path) -> None:
    """What was asked for was done, and nobody heard of it."""
    shutil.copytree(waiting, tmp_path / "whole")
    wanted, _, _ = synced(tmp_path / "whole", {})
    shutil.copytree(waiting, tmp_path / "cut")
    found, _, status = synced(tmp_path / "cut", {"after": lambda done: HALF if done == action else None})
    assert (status, found) == (2, wanted)


def test_an_error_in_the_middle_of_several_actions_is_told_and_mended(reader: Reader) -> None:
    """The note was tagged and not suspended."""

    def fails(action: str, parameters: Mapping[str, Any]) -> None:
        if action == "suspend":
            raise RefusedError("Card was not found: 7")

    reader.connect.before = fails
    ran = reader.write({**FILES, SECOND: second(ROUTE, RETURN)}).run("--sync")
    assert "Anki failed at suspend: Card was not found: 7" in ran.err
    assert not reader.is_suspended("box")
    reader.connect.before = lambda action, parameters: None
    assert reader.sync() == {"rested": [reader.id("box")]}
    assert reader.is_suspended("box")
    assert guid_of(reader.desk, "우편함은 왜") == reader.names["box"]
    assert reader.write(FILES).sync()["taken_up"] == [reader.id("box")]
    assert not reader.is_suspended("box")


def test_a_package_that_anki_cannot_read_is_told_with_a_way_out(reader: Reader) -> None:
    def fails(action: str, parameters: Mapping[str, Any]) -> None:
        if action == "importPackage":
            raise RefusedError(f"Failed to open '{parameters['path']}': No such file or directory (os error 2)")

    reader.connect.before = fails
    ran = reader.write(edited(("다시 부른다", "도로 부른다"))).run("--sync")
    assert "let TMPDIR name a folder" in ran.err
    assert ran.status == 2


def test_before_anything_is_deleted_somebody_is_asked(reader: Reader) -> None:
    run(reader.write({**FILES, SECOND: second(ROUTE, RETURN)}).desk)
    asked: list[tuple[int, int]] = []

    def agree(cards: int, reviews: int) -> bool:
        asked.append((cards, reviews))
        return len(asked) > 1

    options = Options(notes=(reader.desk.notes,), out=reader.desk.decks, sync=True, delete_removed=True)
    reviews = len(learned(reader.anki)[reader.names["box"]][1])
    for _ in range(2):
        assert build(options, agree=agree).synced
    assert asked == [(1, reviews), (1, reviews)]
    assert reader.col.db.scalar("select count() from notes where guid = ?", reader.names["box"]) == 0
