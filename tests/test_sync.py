"""A sync brings a collection to what the notes say, and leaves all that is the user's: checked on the collection itself."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Literal
from unicodedata import normalize

import pytest

from notedeck.packages.decktree import REMOVED_TAG
from notedeck.sync.planning import REST_TAG
from tests.anki_oracle import Anki
from tests.anki_server import PROFILE
from tests.history import (
    BOX,
    EXPRESS,
    FILES,
    FIRST,
    LIBRARY,
    OTHER,
    RETURN,
    ROUTE,
    SECOND,
    edited,
    learned,
    lock_lines,
    rewrite_lock,
    run,
    second,
    studied_desk,
    wholes,
)
from tests.syncs import LEAVES, Reader, reading, short
from tests.test_history import EDITS, OWN_ANSWER, OWN_TAG
from tests.test_watch import running

ANSWER = ("다시 부른다", "도로 부른다")
WITHOUT_BOX = {**FILES, SECOND: second(ROUTE, RETURN)}
MOVED = {**FILES, SECOND: second(ROUTE, RETURN, BOX, title="## 3장 나르기")}
QUEUE = 3
"""Where in what is known of a card it says that it is suspended."""
ROUNDS = ("route", "return", "box")


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


def studies(reader: Reader) -> dict[str, Any]:
    """For each note all that Anki knows of its card but for its deck, and the review log."""
    return {guid: ([*card[:1], *card[2:]], log) for guid, (card, log) in learned(reader.anki).items()}


# What is sent


def test_the_first_sync_sends_all_and_the_next_nothing(tmp_path: Path) -> None:
    with reading(tmp_path) as reader:
        said = reader.write(FILES).sync()
        assert (set(said), len(said["sent"])) == ({"sent"}, 11)
        assert reader.sync() == {}
        with Anki(tmp_path / "other") as other:
            other.take_all(wholes(reader.desk))
            assert {row.guid: (row.fields, row.tags, row.deck, row.due, row.note) for row in other.rows()} == {
                row.guid: (row.fields, row.tags, row.deck, row.due, row.note) for row in reader.anki.rows()
            }
            assert [deck.get("desc") for deck in decks(other)] == [deck.get("desc") for deck in decks(reader.anki)]


def decks(anki: Anki) -> list[dict[str, Any]]:
    return sorted(anki.col.decks.all(), key=lambda deck: str(deck["name"]))


@pytest.mark.parametrize("name", EDITS)
def test_after_an_edit_the_collection_says_what_the_notes_say(name: str, reader: Reader, tmp_path: Path) -> None:
    """And schedules, logs, and what the user wrote, tagged, flagged and suspended are as they were."""
    reader.rewrite("spine", "Answer", OWN_ANSWER)
    for one in reader.names:
        reader.tag(one, OWN_TAG)
    before = studies(reader)
    for edit in EDITS[name]:
        reader.write(edit.files)
        said = reader.sync()
        assert set(said) & set(LEAVES) == {"edited"}
        for short_, field, words in edit.arrives:
            assert words in reader.note(short_)[field]
    again = reader.run("--sync", "--json").report["sync"]
    assert short(again) == {"edited": [{"id": reader.id("spine"), "fields": ["Answer"]}]}
    gone = {reader.names[short_] for short_, change in EDITS[name][-1].changes.items() if change == "removed"}
    now = studies(reader)
    assert {guid: now[guid] for guid in before if guid not in gone} == {guid: before[guid] for guid in before if guid not in gone}
    for guid in gone:
        card, log = before[guid]
        assert now[guid] == ([*card[:QUEUE], -1, *card[QUEUE + 1 :]], log)
    assert (reader.note("spine")["Answer"], all(OWN_TAG in reader.note(one).tags for one in reader.names)) == (OWN_ANSWER, True)
    with Anki(tmp_path / "newcomer") as newcomer:
        newcomer.take_all(wholes(reader.desk))
        fresh = {row.guid: row for row in newcomer.rows()}
        assert gone <= {row.guid for row in reader.anki.rows()} - set(fresh)
        for row in reader.anki.rows():
            if row.guid not in fresh:
                assert "삭제됨" in row.tags
            elif row.guid != reader.names["spine"]:
                assert (row.fields, row.deck) == (fresh[row.guid].fields, fresh[row.guid].deck)
                assert set(row.tags) - {OWN_TAG} == set(fresh[row.guid].tags)
    assert not [deck for deck in reader.decks() if "+" in deck]


def test_an_edit_arrives_although_a_tag_was_set_since_and_the_tag_stays(reader: Reader) -> None:
    run(reader.write(edited(ANSWER)).desk)
    reader.tag("weight", "leech", "내_것", "marked")
    assert reader.sync() == {"sent": [reader.id("weight")]}
    assert "도로 부른다" in reader.note("weight")["Answer"]
    assert {"leech", "내_것", "marked"} <= set(reader.note("weight").tags)
    assert reader.sync() == {}


def test_a_tag_that_was_ours_goes_and_one_that_is_the_users_stays(reader: Reader) -> None:
    reader.write(edited(("- **집배원", "- **[중요] 집배원"))).sync()
    assert "중요" in reader.note("route").tags
    reader.tag("route", "내_것")
    reader.write(FILES).sync()
    assert "중요" not in reader.note("route").tags
    assert "내_것" in reader.note("route").tags


def test_only_sends_that_package_alone(tmp_path: Path) -> None:
    with reading(tmp_path) as reader:
        ran = reader.write(FILES).run("--sync", "--json", "--only", "추가")
        assert len(ran.report["sync"]["sent"]) == 1 == len(reader.col.find_notes(""))


def test_a_picture_goes_along(tmp_path: Path) -> None:
    from tests.anki_oracle import png

    with reading(tmp_path) as reader:
        reader.desk.write({"그림.png": png(7)})
        reader.write({FIRST: "# 책\n\n- **무엇이 보이나요?**\n\n  ![점](그림.png)\n"}).sync()
        (name,) = reader.anki.media()
        assert name in reader.anki.rows()[0].fields["Answer"]


def test_what_only_our_html_moved_waits_for_refresh(reader: Reader) -> None:
    """As with a package: `sent` in the lock says what was sent last."""
    rewrite_lock(reader.desk, ({**line, "sent": "0" * 20} if "guid" in line else line for line in lock_lines(reader.desk)))
    assert reader.write(FILES).sync() == {}


HARD = """# 책

- **무엇\u00a0인\u2028가요\u2029? \u212b \u2126 \ufb01 \uf900 e\u0301 \x0b\x0c\x1f\x7f \ufeff \u200b 👩‍👩‍👧 \ue000?**

  답 \x01\x02 \u0085 e\u0301 <b>x</b> &nbsp; \t 탭
  `a\u0301` $x \u2260 \u0338=$ [sound:a.mp3] {{c1::x}} <https://a.b/?q=\u1100\u1161>

- 하늘은 ==파랗고 e\u0301== 땅은 {{c2::누렇다::힌트}}.
- \u212b 옹스트롬 :: 길이의 단위
"""


@pytest.mark.parametrize("form", ["NFC", "NFD"])
def test_what_anki_stores_is_what_was_sent(form: Literal["NFC", "NFD"], tmp_path: Path) -> None:
    """Or each sync would take it for an edit."""
    with reading(tmp_path) as reader:
        reader.write({FIRST: normalize(form, HARD)}, "[recognisers]\ncloze = true\nterms = true\n")
        assert len(reader.sync()["sent"]) == 3
        assert reader.sync() == {}


# The look


def test_a_new_look_arrives_and_one_that_its_user_made_stays(reader: Reader, tmp_path: Path) -> None:
    before = reader.anki.notetype()["css"]
    shutil.copytree(Path("templates"), tmp_path / "templates")
    style = tmp_path / "templates" / "qa" / "style.css"
    style.write_text(style.read_text("utf-8") + "\n.card { letter-spacing: 1px }\n", "utf-8")
    built = reader.desk.build(now=2_000_000_000, sync=True, templates=tmp_path / "templates")
    assert built.synced
    assert built.synced.steps.styles == ("면접 노트 Q&A",)
    assert "letter-spacing" in reader.anki.notetype()["css"]
    kind = reader.anki.notetype()
    kind["css"] = before + ".card { color: red }"
    reader.col.models.update_dict(kind)
    said = reader.write(edited(ANSWER)).sync()
    assert said == {"sent": [reader.id("weight")], "edited_types": ["면접 노트 Q&A"]}
    assert "color: red" in reader.anki.notetype()["css"]
    assert reader.sync("--overwrite-edited") == {"styles": ["면접 노트 Q&A"]}
    assert reader.anki.notetype()["css"] == before


# Moves


def test_cards_go_where_they_belong_and_the_deck_that_is_left_goes(reader: Reader) -> None:
    before = studies(reader)
    said = reader.write(MOVED).sync()
    assert {one["id"] for one in said["moved"]} == {reader.id(one) for one in ROUNDS}
    assert said["empty_decks"] == ["우체국::02장"]
    assert {reader.deck(one) for one in ROUNDS} == {"우체국::03장"}
    assert "우체국::02장" not in reader.decks()
    assert studies(reader) == before
    assert reader.sync() == {}


def test_a_move_that_was_missed_is_made_up_for(reader: Reader) -> None:
    """The lock lists all decks in which a build had put a card, not the last alone."""
    for title in ("## 3장 나르기", "## 4장 나르기"):
        run(reader.write({**FILES, SECOND: second(ROUTE, RETURN, BOX, title=title)}).desk)
    reader.sync()
    assert {reader.deck(one) for one in ROUNDS} == {"우체국::04장"}


def test_a_card_that_its_user_moved_stays(reader: Reader) -> None:
    mine = reader.col.decks.id('내 덱::"자주" *틀리는*_것')
    reader.col.set_deck(reader.cids("box"), mine)
    said = reader.write(MOVED).sync()
    assert said["elsewhere"] == [{"id": reader.id("box"), "deck": '내 덱::"자주" *틀리는*_것'}]
    assert reader.deck("box") == '내 덱::"자주" *틀리는*_것'
    assert {reader.deck(one) for one in ("route", "return")} == {"우체국::03장"}
    assert "우체국::02장" not in reader.decks()
    told = reader.run("--sync", "-v").out
    assert "1 cards that you moved" in told
    assert f"= {reader.id('box')}" in told


def test_an_edited_card_in_a_deck_of_its_user_makes_no_deck(reader: Reader) -> None:
    deck = reader.col.decks.by_name("우체국::02장")
    reader.col.decks.rename(deck, "우체국::두 번째")
    said = reader.write(edited(("비가 와도", "눈이 와도"))).sync()
    assert said["sent"] == [reader.id("box")]
    assert "우체국::02장" not in reader.decks()


def test_a_deck_that_a_move_makes_has_the_preset_of_the_one_that_its_cards_left(reader: Reader) -> None:
    preset = reader.col.decks.add_config_returning_id("느리게")
    for name in ("우체국", "우체국::01장", "우체국::02장"):
        deck = reader.col.decks.by_name(name)
        deck["conf"] = preset
        reader.col.decks.save(deck)
    reader.write({name: text.replace("# 우체국", "# 새 우체국") for name, text in FILES.items()}).sync()
    assert {name: reader.col.decks.by_name(name)["conf"] == preset for name in reader.decks() if "우체국" in name} == {
        "새 우체국": True, "새 우체국::01장": True, "새 우체국::02장": True,
    }  # fmt: skip


def test_a_card_in_a_filtered_deck_is_moved_after_it_has_come_back(reader: Reader) -> None:
    filtered = reader.col.sched.get_or_create_filtered_deck(0)
    filtered.name = "몰아서"
    del filtered.config.search_terms[1:]
    filtered.config.search_terms[0].search = f"nid:{reader.nid('route')}"
    filtered.config.reschedule = True
    number = reader.col.sched.add_or_update_filtered_deck(filtered).id
    (card,) = reader.cids("route")
    assert reader.col.get_card(card).odid
    said = reader.write(MOVED).sync()
    assert said["waiting"] == [reader.id("route")]
    assert "empty_decks" not in said
    assert (reader.col.get_card(card).did, reader.deck("route")) == (number, "우체국::02장")
    reader.col.sched.empty_filtered_deck(number)
    said = reader.sync()
    assert (said["moved"][0]["to"], said["empty_decks"]) == ("우체국::03장", ["우체국::02장"])
    assert "몰아서" in reader.decks()


def test_decks_with_something_of_the_users_below_or_in_them_stay(reader: Reader) -> None:
    reader.col.decks.id("우체국::02장::내 것")
    assert "empty_decks" not in reader.write(MOVED).sync()
    assert {"우체국::02장", "우체국::02장::내 것"} <= reader.decks()
    reader.col.decks.id("공부::빈 덱")
    reader.sync()
    assert "공부::빈 덱" in reader.decks()


# Rest and return


def test_a_removed_note_rests_and_returns_as_it_was(reader: Reader) -> None:
    before = studies(reader)
    said = reader.write(WITHOUT_BOX).sync()
    assert said == {"rested": [reader.id("box")]}
    assert reader.is_suspended("box")
    assert {REMOVED_TAG, REST_TAG} <= set(reader.note("box").tags)
    assert reader.sync() == {}
    said = reader.write(FILES).sync()
    assert said == {"sent": [reader.id("box")], "taken_up": [reader.id("box")]}
    assert not [tag for tag in reader.note("box").tags if REMOVED_TAG in tag]
    assert studies(reader) == before


def test_a_note_that_was_suspended_before_stays_so_when_it_returns(reader: Reader) -> None:
    reader.col.sched.suspend_cards(reader.cids("box"))
    assert reader.write(WITHOUT_BOX).sync() == {"rested": [reader.id("box")]}
    assert REST_TAG not in reader.note("box").tags
    assert reader.write(FILES).sync() == {"sent": [reader.id("box")]}
    assert reader.is_suspended("box")


def test_a_resting_note_that_its_user_takes_up_is_left(reader: Reader) -> None:
    reader.write(WITHOUT_BOX).sync()
    reader.col.sched.unsuspend_cards(reader.cids("box"))
    assert reader.sync() == {}


def test_of_a_note_with_several_cards_those_rest_that_did_not_before(tmp_path: Path) -> None:
    cloze = "# 책\n\n- 하늘은 ==파랗고== 땅은 ==누렇다==.\n\n- **무엇인가요?**\n\n  답.\n"
    with reading(tmp_path) as reader:
        settings = "[recognisers]\ncloze = true\n"
        reader.write({FIRST: cloze}, settings).sync()
        (number,) = reader.col.find_notes("note:*빈칸")
        first_card, second_card = reader.col.card_ids_of_note(number)
        reader.col.sched.suspend_cards([first_card])
        reader.write({FIRST: cloze.replace("- 하늘은 ==파랗고== 땅은 ==누렇다==.\n\n", "")}, settings).sync()
        assert {reader.col.get_card(one).queue for one in (first_card, second_card)} == {-1}
        reader.write({FIRST: cloze}, settings).sync()
        assert [reader.col.get_card(one).queue for one in (first_card, second_card)] == [-1, 0]
        assert reader.sync() == {}


@pytest.mark.parametrize(("removed", "tags", "is_suspended"), [("tag", {REMOVED_TAG}, False), ("keep", set(), False)])
def test_what_becomes_of_removed_notes_is_set_in_deck_toml(removed: str, tags: set[str], is_suspended: bool, reader: Reader) -> None:
    reader.write(WITHOUT_BOX, f'removed = "{removed}"\n').sync()
    assert {tag for tag in reader.note("box").tags if REMOVED_TAG in tag} == tags
    assert reader.is_suspended("box") == is_suspended
    assert reader.sync() == {}


def test_what_is_merely_not_in_a_build_does_not_rest(reader: Reader, tmp_path: Path) -> None:
    """A part of the notes, one tag alone, another lock, and notes of a lock that are no longer there."""
    reader.write(WITHOUT_BOX)
    run(reader.desk)
    part = run(reader.desk, "--sync", "--json", notes=[reader.desk.notes / FIRST])
    only = reader.run("--sync", "--json", "--only", "추가")
    (tmp_path / "other").mkdir()
    (tmp_path / "other" / "deck.toml").write_text(f"[sync]\nport = {reader.port}\n", "utf-8")
    (tmp_path / "other" / "새 책.md").write_text("# 새 책\n\n- **무엇인가요?**\n\n  답.\n", "utf-8")
    other = run(reader.desk, "--sync", "--json", "-o", str(tmp_path / "out"), notes=[tmp_path / "other"])
    for ran in (part, only, other):
        assert (ran.status, ran.report["sync"]["rested"], ran.report["sync"]["moved"]) == (0, [], []), ran.err
    assert not [tag for tag in reader.note("box").tags if REMOVED_TAG in tag]


def test_removed_notes_are_deleted_where_that_is_asked_for(reader: Reader) -> None:
    reader.rewrite("return", "Answer", OWN_ANSWER)
    said = reader.write({**FILES, SECOND: second(ROUTE)}).sync("--delete-removed", "--yes")
    assert said == {"deleted": [said["deleted"][0]], "rested": [reader.id("return")]}
    assert reader.col.db.scalar("select count() from notes where guid = ?", reader.names["box"]) == 0
    assert reader.note("return")["Answer"] == OWN_ANSWER
    assert reader.run("--sync", "--delete-removed").status == 2


# What is the user's


def test_a_note_that_was_edited_in_anki_is_left_and_named(reader: Reader) -> None:
    reader.rewrite("weight", "Answer", OWN_ANSWER)
    reader.write(edited(ANSWER))
    assert reader.sync() == {"edited": [{"id": reader.id("weight"), "fields": ["Answer"]}]}
    assert reader.note("weight")["Answer"] == OWN_ANSWER
    told = reader.run("--sync").out
    assert "1 notes that were edited in Anki" in told
    assert f"! {reader.id('weight')}" in told
    assert reader.sync("--overwrite-edited") == {"sent": [reader.id("weight")]}
    assert "도로 부른다" in reader.note("weight")["Answer"]
    assert reader.sync() == {}


def test_any_text_that_a_build_once_packed_is_ours(reader: Reader) -> None:
    """Another computer, a restored backup, a member who has not synced for long: the lock is the only memory."""
    for words in ("한 번", "두 번", "세 번"):
        run(reader.write(edited(("다시 부른다", f"{words} 부른다"))).desk)
    assert reader.sync() == {"sent": [reader.id("weight")]}
    assert reader.sync() == {}


def test_a_spare_field_that_its_user_filled_is_an_edit(reader: Reader) -> None:
    reader.rewrite("weight", "Spare1", "내 메모")
    assert reader.sync() == {"edited": [{"id": reader.id("weight"), "fields": ["Spare1"]}]}


def test_a_note_whose_id_was_written_over_is_known_and_left(reader: Reader) -> None:
    reader.rewrite("weight", "ID", "")
    reader.rewrite("weight", "Answer", OWN_ANSWER)
    assert set(reader.write(edited(ANSWER)).sync()) == {"edited"}


def test_a_copy_that_its_user_made_of_a_note_is_theirs(reader: Reader) -> None:
    old = reader.note("box")
    copy = reader.col.new_note(old.note_type())
    copy.fields = list(old.fields)
    reader.col.add_note(copy, reader.col.decks.id("내 덱"))
    assert reader.write(WITHOUT_BOX).sync() == {"rested": [old["ID"]]}
    assert reader.col.get_note(copy.id).tags == []


def test_a_note_type_that_its_user_named_is_ours_still(reader: Reader) -> None:
    kind = reader.anki.notetype()
    kind["name"] = '내 "면접" *유형'
    reader.col.models.update_dict(kind)
    assert reader.write(edited(ANSWER)).sync() == {"sent": [reader.id("weight")]}
    assert len(reader.col.find_notes("")) == 11


def test_notes_of_others_are_not_touched(reader: Reader) -> None:
    basic = reader.col.models.by_name("Basic")
    note = reader.col.new_note(basic)
    note.fields = ["ID", reader.id("box")]
    note.tags = ["남의_것"]
    reader.col.add_note(note, reader.col.decks.id("우체국::02장"))
    before = reader.col.db.all("select * from notes where id = ?", note.id), reader.col.db.all("select * from cards where nid = ?", note.id)
    said = reader.write({**MOVED, OTHER: LIBRARY}).sync()
    assert "empty_decks" not in said
    assert (reader.col.db.all("select * from notes where id = ?", note.id), reader.col.db.all("select * from cards where nid = ?", note.id)) == before


# What is said


@pytest.mark.slow
def test_watch_syncs_after_each_build(reader: Reader) -> None:
    with running(reader.desk, "--watch", "--sync") as build:
        build.line(rf"Anki \({PROFILE}\): 0 sent")
        reader.write(edited(ANSWER))
        build.line(rf"Anki \({PROFILE}\): 1 sent")
        assert build.interrupt() == 130
    assert "도로 부른다" in reader.note("weight")["Answer"]


def test_a_plan_writes_nothing(reader: Reader) -> None:
    run(reader.write(FILES).desk)
    before = reader.col.mod, reader.desk.lock.read_bytes()
    planned = reader.write({**edited(ANSWER, rounds="route return"), OTHER: LIBRARY}).run("--sync", "--plan")
    assert (reader.col.mod, reader.desk.lock.read_bytes()) == before
    assert f"to do in Anki ({PROFILE}): 1 sent · 0 moved · 1 put to rest" in planned.out
    done = reader.run("--sync")
    assert f"Anki ({PROFILE}): 1 sent · 0 moved · 1 put to rest" in done.out
    assert "search in Browse" not in done.out


def test_without_sync_the_report_says_so(reader: Reader) -> None:
    assert run(reader.desk, "--json").report["sync"] is None
    ran = reader.run("--sync", "--json")
    assert short(ran.report["sync"]) == {}
    assert ran.report["sync"]["profile"] == PROFILE


@pytest.mark.parametrize("option", ["--delete-removed", "--overwrite-edited", "--yes"])
def test_the_options_of_a_sync_need_one(option: str, reader: Reader) -> None:
    assert run(reader.desk, option).status == 2


def test_a_card_is_sent_and_moved_at_once(reader: Reader) -> None:
    """A card whose deck and text move at once is sent and moved in one sync."""
    text = EXPRESS.replace("세 배쯤", "두 배쯤")
    said = reader.write({**edited(counter="weight stamp registered"), SECOND: second(ROUTE, text, RETURN, BOX)}).sync()
    assert (said["sent"], [one["id"] for one in said["moved"]]) == ([reader.id("express")], [reader.id("express")])
    assert reader.deck("express") == "우체국::02장"
    assert reader.sync() == {}
