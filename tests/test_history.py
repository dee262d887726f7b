"""Whatever is edited in the notes, a reader who imports again with Anki's default options loses nothing that was studied."""

from __future__ import annotations

import json
import shutil
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from notedeck.identity.notes import Change
from tests.anki_oracle import NOW, REPO, Anki, Desk, Outcome, Row, codes, plain
from tests.history import (
    BOX,
    DAY,
    EXPRESS,
    FILES,
    FIRST,
    LATER,
    LIBRARY,
    MARKS,
    OTHER,
    QUESTIONS,
    REGISTERED,
    RETURN,
    ROUTE,
    SECOND,
    STAMP,
    WEIGHT,
    Learned,
    first,
    guids,
    learned,
    locked,
    run,
    second,
    studied_desk,
    tree,
    user_edits,
    wholes,
    written,
)

REMOVED_TAG = "삭제됨"
OWN_TAG, OWN_ANSWER = "내_표시", "내가 고쳐 쓴 답."


@dataclass(frozen=True, slots=True)
class Reader:
    """A desk whose decks a reader has imported and studied."""

    desk: Desk
    anki: Anki
    names: Mapping[str, str]
    """Guids by the short names of the questions."""

    def take(self) -> Outcome:
        """Import the packages of all books; what was said of them together."""
        taken = self.anki.take_all(wholes(self.desk))
        new, updated, duplicate, conflicting = (
            tuple(guid for one in taken for guid in getattr(one, kind)) for kind in ("new", "updated", "duplicate", "conflicting")
        )
        return Outcome(new, updated, duplicate, conflicting)

    def rows(self) -> dict[str, Row]:
        return {row.guid: row for row in self.anki.rows()}

    def learned(self) -> Learned:
        return learned(self.anki)


@pytest.fixture(scope="module", params=[False, True], ids=["sm2", "fsrs"])
def studied(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with a desk and with a collection in which all its cards were answered; to be copied."""
    return _studied(tmp_path_factory.mktemp("studied"), fsrs=request.param)


@pytest.fixture(scope="module")
def studied_once(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return _studied(tmp_path_factory.mktemp("studied"), fsrs=True)


def _studied(folder: Path, *, fsrs: bool) -> Path:
    studied_desk(folder, fsrs=fsrs)
    with Anki(folder / "anki") as anki:
        known = learned(anki)
        assert len(known) == len(guids(anki))
        assert all(card[8] and log for card, log in known.values()), "every card was answered"
        assert any('"s":' in card[12] for card, _ in known.values()) == fsrs
    return folder


def _copied(folder: Path, to: Path) -> tuple[Desk, Path]:
    shutil.copytree(folder, to, dirs_exist_ok=True)
    return Desk(to / "desk"), to / "anki"


@dataclass(frozen=True, slots=True)
class Edit:
    """An edit of the notes, and what must come of it."""

    files: Mapping[str, str]
    changes: Mapping[str, str] = field(default_factory=dict)
    """By the short names of the questions; those that are not named are the same."""
    new: tuple[str, ...] = ()
    """What is said of questions that were not there before."""
    arrives: tuple[tuple[str, str, str], ...] = ()
    """Short name, field and the words that must now be in it."""
    causes: Mapping[str, str] = field(default_factory=dict)
    """Of a note that changed along with another, the one that it changed with."""


def _of(*edited: str, title: str = "## 1장 받기") -> dict[str, str]:
    """The book with another first file."""
    return {**FILES, FIRST: first(*edited, title=title)}


IN_FIRST = ("weight", "stamp", "faint", "wrong", "express", "registered")
UNASKED = EXPRESS.split("\n")[0] + "\n"
DEARER = EXPRESS.replace("세 배쯤 비싸다.", "두 배쯤 비싸고, 잃어버리면 갚아 준다.")
OTHERWISE = EXPRESS.replace("무엇이 다른가요?", "어떤 점에서 다른가요?")
BOTH = OTHERWISE.replace("세 배쯤", "두 배쯤")
PARENT = STAMP.replace("소인을 찍는 까닭은 무엇인가요?", "소인을 왜 꼭 찍나요?")
ALIKE = "- p.10 **빠른우편은 소포와 무엇이 다른가요?**\n  무게의 상한이 낮고 상자에 담지 않는다.\n"
ANEW = EXPRESS.split("\n")[0] + "\n  비행기와 밤차에 먼저 싣는다. 창구에서 영수증을 따로 끊고, 받는 이가 없으면 하루만 맡아 둔다.\n"
GROWN = (
    EXPRESS.replace("보통우편과 무엇이 다른가요?", "보통우편과 요금 말고 무엇이 다른가요?")
    + "  주말에도 나르는 동네가 따로 있고, 그 동네는 우체국 앞에 붙여 둔다.\n  상자에는 붉은 띠를 두른다.\n  창구는 한 시간 먼저 닫는다.\n"
)
BEHIND = "\n### 창구\n\n- **장점은 무엇인가요?**\n  기다리는 차례가 한눈에 보인다.\n"
BESIDE = "\n### 우체통\n\n- **장점은 무엇인가요?**\n  밤에도 넣을 수 있다.\n"
BOX_ASKS, ROUTE_ASKS = "우편함은 왜 빨간색인가요?", "집배원의 순로는 누가 정하나요?"
TRADED = (ROUTE.replace(ROUTE_ASKS, BOX_ASKS), BOX.replace(BOX_ASKS, ROUTE_ASKS))
LABELLED = ROUTE.replace("- **", "- **[중요] ")

EDITS: dict[str, tuple[Edit, ...]] = {
    "nothing": (Edit(FILES),),
    "an answer": (Edit(_of(WEIGHT, STAMP, DEARER, REGISTERED), {"express": "edited"}, arrives=(("express", "Answer", "잃어버리면 갚아 준다"),)),),
    "an answer written anew": (
        Edit(_of(WEIGHT, STAMP, ANEW, REGISTERED), {"express": "edited"}, arrives=(("express", "Answer", "비행기와 밤차에"),)),
    ),
    "an answer written anew, and its file renamed": (
        Edit(
            {"새 이름.md": first(WEIGHT, STAMP, ANEW, REGISTERED), SECOND: FILES[SECOND], OTHER: LIBRARY},
            {"express": "edited"},
            arrives=(("express", "Answer", "비행기와 밤차에"),),
        ),
    ),
    "a word more, and the answer grown to double": (
        Edit(
            _of(WEIGHT, STAMP, GROWN, REGISTERED),
            {"express": "reworded"},
            arrives=(("express", "Question", "요금 말고"), ("express", "Answer", "붉은 띠를")),
        ),
    ),
    "a head decorated": (
        Edit(
            {**FILES, SECOND: second(ROUTE.replace("집배원의", ":star: 집배원(mail carrier)의"), RETURN, BOX)},
            {"route": "reworded"},
            arrives=(("route", "Question", "mail carrier"),),
        ),
    ),
    "the same words under another heading": (
        Edit(_of(WEIGHT, STAMP, EXPRESS, REGISTERED, BEHIND), new=("new",)),
        Edit(_of(WEIGHT, STAMP, EXPRESS, REGISTERED, BESIDE), new=("doubtful",)),
    ),
    "a question left out, and back with an answer written anew": (
        Edit(_of(WEIGHT, STAMP, REGISTERED), {"express": "removed"}),
        Edit(_of(WEIGHT, STAMP, ANEW, REGISTERED), {"express": "returned"}, arrives=(("express", "Answer", "비행기와 밤차에"),)),
    ),
    "a question reworded": (
        Edit(_of(WEIGHT, STAMP, OTHERWISE, REGISTERED), {"express": "reworded"}, arrives=(("express", "Question", "어떤 점에서 다른가요?"),)),
    ),
    "question and answer, both a little": (
        Edit(
            _of(WEIGHT, STAMP, BOTH, REGISTERED),
            {"express": "reworded"},
            arrives=(("express", "Question", "어떤 점"), ("express", "Answer", "두 배쯤")),
        ),
    ),
    "the order": (Edit(_of(REGISTERED, EXPRESS, STAMP, WEIGHT)),),
    "moved to another chapter": (
        Edit(
            {**_of(WEIGHT, STAMP, REGISTERED), SECOND: second(ROUTE, EXPRESS, RETURN, BOX)},
            {"express": "moved"},
            arrives=(("express", "Chapter", "2장 나르기"),),
        ),
    ),
    "a chapter renamed": (
        Edit(
            _of(WEIGHT, STAMP, EXPRESS, REGISTERED, title="## 1장 맡기"),
            dict.fromkeys(IN_FIRST, "edited"),
            arrives=tuple((name, "Chapter", "1장 맡기") for name in IN_FIRST),
        ),
    ),
    "a chapter with another number": (
        Edit(
            _of(WEIGHT, STAMP, EXPRESS, REGISTERED, title="## 3장 받기"),
            dict.fromkeys(IN_FIRST, "moved"),
            arrives=tuple((name, "Chapter", "3장 받기") for name in IN_FIRST),
        ),
    ),
    "a file renamed": (Edit({"새 이름.md": FILES[FIRST], SECOND: FILES[SECOND], OTHER: LIBRARY}),),
    "the whole book in one file": (Edit({"우체국.md": FILES[FIRST] + FILES[SECOND].replace("# 우체국\n", "", 1), OTHER: LIBRARY}),),
    "two questions in each other's place": (
        Edit(
            {**_of(WEIGHT, STAMP, ROUTE, REGISTERED), SECOND: second(EXPRESS, RETURN, BOX)},
            {"express": "moved", "route": "moved"},
            arrives=(("express", "Chapter", "2장"), ("route", "Chapter", "1장"), ("route", "Question", "순로는"), ("route", "Answer", "새 건물")),
        ),
    ),
    "two questions that trade their answers": (
        Edit(
            {**FILES, SECOND: second(TRADED[0], RETURN, TRADED[1])},
            {"route": "edited", "box": "edited"},
            arrives=(("route", "Answer", "비가 와도"), ("box", "Answer", "새 건물"), ("box", "Question", "빨간색")),
        ),
    ),
    "an alike one added": (Edit(_of(WEIGHT, STAMP, ALIKE, EXPRESS, REGISTERED), new=("new",)),),
    "one of two alike removed": (Edit(_of(WEIGHT, STAMP, REGISTERED), {"express": "removed"}),),
    "the other of two alike removed": (Edit(_of(WEIGHT, STAMP, EXPRESS), {"registered": "removed"}),),
    "an answer taken away, and given back": (
        Edit(_of(WEIGHT, STAMP, UNASKED, REGISTERED), {"express": "removed"}),
        Edit(FILES, {"express": "returned"}, arrives=(("express", "Answer", "세 배쯤"),)),
    ),
    "a question taken away, and given back reworded": (
        Edit(_of(WEIGHT, STAMP, REGISTERED), {"express": "removed"}),
        Edit(_of(WEIGHT, STAMP, OTHERWISE, REGISTERED), {"express": "returned"}, arrives=(("express", "Question", "어떤 점"),)),
    ),
    "a label added": (
        Edit({**FILES, SECOND: second(LABELLED, RETURN, BOX)}, {"route": "edited"}, arrives=(("route", "Label", "중요"),)),
    ),
    "a question above others reworded": (
        Edit(
            _of(WEIGHT, PARENT, EXPRESS, REGISTERED),
            {"stamp": "reworded", "faint": "edited", "wrong": "edited"},
            arrives=(("stamp", "Question", "왜 꼭 찍나요?"), ("faint", "Parent", "왜 꼭 찍나요?"), ("wrong", "Parent", "왜 꼭 찍나요?")),
            causes={"faint": "stamp", "wrong": "stamp"},
        ),
    ),
    "a follow-up's answer": (
        Edit(
            _of(WEIGHT, STAMP.replace("옆에 손으로", "뒤에 연필로"), EXPRESS, REGISTERED),
            {"stamp": "edited", "faint": "edited"},
            arrives=(("stamp", "Answer", "뒤에 연필로"), ("faint", "Answer", "뒤에 연필로")),
            causes={"stamp": "faint"},
        ),
    ),
    "many at once": (
        Edit(
            {"모두.md": first(REGISTERED, BOTH, PARENT, ROUTE) + second(RETURN, WEIGHT).replace("# 우체국\n", "", 1), OTHER: LIBRARY},
            {"express": "reworded", "stamp": "reworded", "faint": "edited", "wrong": "edited", "route": "moved", "weight": "moved", "box": "removed"},
            arrives=(("weight", "Chapter", "2장 나르기"), ("express", "Answer", "두 배쯤"), ("route", "Chapter", "1장 받기")),
            causes={"faint": "stamp", "wrong": "stamp"},
        ),
    ),
}  # fmt: skip


@pytest.mark.parametrize("name", EDITS)
def test_after_an_edit_everything_studied_stands(name: str, studied: Path, tmp_path: Path) -> None:
    desk, folder = _copied(studied, tmp_path)
    with Anki(folder) as anki:
        reader = Reader(desk, anki, guids(anki))
        user_edits(anki, reader.names["spine"], "Answer", OWN_ANSWER, OWN_TAG)
        before = reader.learned()
        for number, edit in enumerate(EDITS[name]):
            _take_edit(reader, edit, LATER + number * DAY)
            now = reader.learned()
            assert {guid: now[guid] for guid in before} == before
            assert len(now) == len(before) + sum(len(one.new) for one in EDITS[name][: number + 1])
        own = reader.rows()[reader.names["spine"]]
        assert (OWN_TAG in own.tags, own.fields["Answer"]) == (True, OWN_ANSWER)
        assert not [one.name for one in anki.col.decks.all_names_and_ids() if "+" in one.name]


def _take_edit(reader: Reader, edit: Edit, now: int) -> None:
    """Edit, plan, build and import: the plan says what the import then did, and no more than that moved."""
    before = reader.rows()
    desk = written(reader.desk, edit.files)
    plan = run(desk, "--plan", "--json", now=now)
    assert (plan.status, run(desk, now=now).status) == (0, 0)
    items = {item["guid"]: item for item in plan.report["items"] if item["guid"]}
    said = {short: items[guid]["change"] for short, guid in reader.names.items() if guid in items}
    assert {short: change for short, change in said.items() if change != "same"} == edit.changes
    assert tuple(item["change"] for guid, item in items.items() if guid not in before) == edit.new

    outcome = reader.take()
    touched = {guid for guid, change in plan.changes.items() if change not in ("same", "removed")}
    assert sorted(outcome.new + outcome.updated) == sorted(touched)
    assert outcome.conflicting == ()
    assert len(outcome.new) == len(edit.new)

    after = reader.rows()
    assert {guid: row for guid, row in after.items() if guid not in touched} == {guid: row for guid, row in before.items() if guid not in touched}
    for short, name, words in edit.arrives:
        assert words in plain(after[reader.names[short]].fields[name])
    assert all(after[guid].modified > before[guid].modified for guid in touched & before.keys())
    assert reader.take().updated == ()


@pytest.mark.parametrize("name", [name for name, edits in EDITS.items() if any(edit.causes for edit in edits)])
def test_the_report_says_along_with_what_a_note_changed(name: str, desk: Desk) -> None:
    items = {item["question"]: item for item in run(desk, "--json").report["items"]}
    ids = {item["guid"]: item["id"] for item in items.values()}
    short = {guid: short for short, guid in _names(desk).items()}
    for edit in EDITS[name]:
        report = run(written(desk, edit.files), "--plan", "--json", now=LATER).report
        causes = {short[item["guid"]]: item["cause"] for item in report["items"] if item["cause"]}
        named = {one: short[guid] for one, cause in causes.items() for guid, id_ in ids.items() if id_ == cause}
        assert named == edit.causes


def _names(desk: Desk) -> dict[str, str]:
    return {short: guid for short, words in QUESTIONS.items() for guid, line in locked(desk).items() if words in line["question"]}


def test_a_label_that_is_added_arrives_as_a_tag(studied_once: Path, tmp_path: Path) -> None:
    desk, folder = _copied(studied_once, tmp_path)
    with Anki(folder) as anki:
        run(written(desk, EDITS["a label added"][0].files), now=LATER)
        anki.take_all(wholes(desk))
        assert "중요" in anki.row("집배원의 순로는").tags
        assert len(anki.find("tag:중요")) == 1


def test_a_new_look_moves_no_note(studied_once: Path, tmp_path: Path) -> None:
    desk, folder = _copied(studied_once, tmp_path)
    shutil.copytree(REPO / "templates", tmp_path / "templates")
    style, back = (tmp_path / "templates" / "qa" / name for name in ("style.css", "back.html"))
    with Anki(folder) as anki:
        reader = Reader(desk, anki, guids(anki))
        user_edits(anki, reader.names["spine"], "Answer", OWN_ANSWER, OWN_TAG)
        rows, known = reader.rows(), reader.learned()
        style.write_text(style.read_text("utf-8") + "\n.card { letter-spacing: 1px }\n", "utf-8")
        back.write_text(back.read_text("utf-8") + "\n<!-- 뒷면 -->\n", "utf-8")
        plan = desk.build(now=LATER, plan=True, templates=tmp_path / "templates")
        assert {note.change for note in plan.notes} == {Change.SAME}
        desk.build(now=LATER, templates=tmp_path / "templates")
        outcome = reader.take()
        assert (outcome.new, outcome.updated, outcome.conflicting) == ((), (), ())
        assert (reader.rows(), reader.learned()) == (rows, known)
        assert "letter-spacing" in anki.notetype()["css"]
        assert "<!-- 뒷면 -->" in anki.notetype()["tmpls"][0]["afmt"]


def test_a_build_of_the_same_notes_leaves_every_file_as_it_was(desk: Desk) -> None:
    before = tree(desk.notes, desk.decks)
    run(desk, now=LATER)
    assert tree(desk.notes, desk.decks) == before


@pytest.mark.parametrize("clock", [NOW, NOW - 365 * DAY, NOW - 1], ids=["in one second", "a year back", "a second back"])
def test_no_clock_loses_an_edit(clock: int, studied_once: Path, tmp_path: Path) -> None:
    desk, folder = _copied(studied_once, tmp_path)
    with Anki(folder) as anki:
        known = learned(anki)
        for words in ("두 배쯤", "네 배쯤", "다섯 배쯤"):
            ran = run(written(desk, _of(WEIGHT, STAMP, EXPRESS.replace("세 배쯤", words), REGISTERED)), now=clock)
            assert ("[clock]" in ran.err) == (clock < NOW - DAY)
            (_, outcome) = anki.take_all(wholes(desk))
            assert outcome.updated == (anki.row("빠른우편은").guid,)
            assert words in anki.row("빠른우편은").fields["Answer"]
        assert learned(anki) == known


def test_a_clock_that_ran_ahead_is_told_and_loses_no_edit(tmp_path: Path) -> None:
    desk = written(Desk(tmp_path / "desk"), FILES)
    ahead = run(desk, now=LATER + 400 * DAY)
    assert "[clock]" not in ahead.err
    with Anki(tmp_path / "anki") as anki:
        anki.take_all(wholes(desk))
        ran = run(written(desk, _of(WEIGHT, STAMP, DEARER, REGISTERED)), now=LATER)
        assert "[clock]" in ran.err
        assert ran.status == 0
        (_, outcome) = anki.take_all(wholes(desk))
        assert outcome.updated == (anki.row("빠른우편은").guid,)
        assert "갚아 준다" in anki.row("빠른우편은").fields["Answer"]


def test_the_searches_find_the_moved_and_the_removed_cards_and_no_other(studied_once: Path, tmp_path: Path) -> None:
    desk, folder = _copied(studied_once, tmp_path)
    with Anki(folder) as anki:
        names = guids(anki)
        files = {FIRST: first(WEIGHT, REGISTERED, BOX), SECOND: second(ROUTE, EXPRESS), OTHER: LIBRARY}
        planned = run(written(desk, files), "--plan", now=LATER)
        built = run(desk, now=LATER)
        anki.take_all(wholes(desk))
        assert planned.searches == built.searches
        found = [set(anki.find(search)) for search in built.searches]
        removed = {names[one] for one in ("stamp", "faint", "wrong", "return")}
        assert sorted(found, key=len) == sorted([{names["express"]}, {names["box"]}, removed], key=len)
        assert {"우체국::01장", "우체국::02장"} <= set(built.out.replace("\n", " ").split())


def test_the_search_for_moved_cards_is_enough_to_move_them(studied_once: Path, tmp_path: Path) -> None:
    """What the two clicks do ends as it would have for somebody who imports for the first time."""
    desk, folder = _copied(studied_once, tmp_path)
    with Anki(folder) as anki, Anki(tmp_path / "newcomer") as newcomer:
        (search,) = run(written(desk, EDITS["moved to another chapter"][0].files), now=LATER).searches
        anki.take_all(wholes(desk))
        newcomer.take_all(wholes(desk))
        anki.col.set_deck(anki.col.find_cards(search), anki.col.decks.id_for_name("우체국::02장"))
        assert {row.guid: row.deck for row in anki.rows()} == {row.guid: row.deck for row in newcomer.rows()}


# --- the package that marks what is gone ---

WITHOUT: Mapping[str, str] = {FIRST: first(WEIGHT, EXPRESS, REGISTERED), SECOND: second(ROUTE, RETURN), OTHER: LIBRARY}
GONE = ("stamp", "faint", "wrong", "box")


@pytest.fixture
def gone(studied_once: Path, tmp_path: Path) -> Path:
    """A studied desk from whose notes four questions were taken and that was built since."""
    desk, _ = _copied(studied_once, tmp_path)
    ran = run(written(desk, WITHOUT), now=LATER)
    assert MARKS in ran.out
    return tmp_path


def test_removed_notes_are_marked_and_nothing_else_of_them_moves(gone: Path) -> None:
    desk = Desk(gone / "desk")
    with Anki(gone / "anki") as anki:
        names = guids(anki)
        reader = Reader(desk, anki, names)
        rows, known = reader.rows(), reader.learned()
        decks = [one.name for one in anki.col.decks.all_names_and_ids()]
        assert reader.take().updated == ()
        outcome = anki.take(desk.decks / MARKS)
        wanted = {names[one] for one in GONE}
        assert set(outcome.updated) == wanted
        assert not (outcome.new or outcome.duplicate or outcome.conflicting)
        assert set(anki.find(f"tag:{REMOVED_TAG}")) == wanted
        for guid, row in reader.rows().items():
            assert row.fields == rows[guid].fields
            assert row.tags == (tuple(sorted({*rows[guid].tags, REMOVED_TAG})) if guid in wanted else rows[guid].tags)
            assert (row.modified > rows[guid].modified) == (guid in wanted)
        assert reader.learned() == known
        assert [one.name for one in anki.col.decks.all_names_and_ids()] == decks
        assert anki.take(desk.decks / MARKS).updated == ()


def test_the_marks_stay_as_they_are_until_something_moves(gone: Path) -> None:
    desk = Desk(gone / "desk")
    before = tree(desk.notes, desk.decks)
    run(desk, now=LATER + 5 * DAY)
    assert tree(desk.notes, desk.decks) == before


def test_the_marks_of_two_builds_are_in_one_package(gone: Path) -> None:
    """What was marked before is made from the marks of the last build, and is not sent again."""
    desk = Desk(gone / "desk")
    with Anki(gone / "anki") as anki:
        names = guids(anki)
        anki.take(desk.decks / MARKS)
        run(written(desk, {**WITHOUT, SECOND: second(ROUTE)}), now=LATER + DAY)
        outcome = anki.take(desk.decks / MARKS)
        assert outcome.updated == (names["return"],)
        assert set(outcome.duplicate) == {names[one] for one in GONE}
        assert set(anki.find(f"tag:{REMOVED_TAG}")) == {names[one] for one in (*GONE, "return")}


def test_notes_that_return_have_their_history_and_no_mark(gone: Path) -> None:
    desk = Desk(gone / "desk")
    with Anki(gone / "anki") as anki:
        reader = Reader(desk, anki, guids(anki))
        known = reader.learned()
        anki.take(desk.decks / MARKS)
        ran = run(written(desk, {**WITHOUT, SECOND: second(ROUTE, RETURN, BOX)}), "--json", now=LATER + DAY)
        assert ran.changes[reader.names["box"]] == "returned"
        assert reader.take().updated == (reader.names["box"],)
        assert set(anki.find(f"tag:{REMOVED_TAG}")) == {reader.names[one] for one in GONE if one != "box"}
        run(written(desk, FILES), now=LATER + 2 * DAY)
        reader.take()
        assert anki.find(f"tag:{REMOVED_TAG}") == []
        assert reader.learned() == known
        with Anki(gone / "fresh") as fresh:
            fresh.take_all(wholes(desk))
            shown = {row.guid: (row.fields, row.tags) for row in fresh.rows()}
        assert {guid: (row.fields, row.tags) for guid, row in reader.rows().items()} == shown


def test_the_marks_go_and_it_is_told_when_all_is_back(gone: Path) -> None:
    desk = Desk(gone / "desk")
    ran = run(written(desk, FILES), now=LATER + DAY)
    assert not (desk.decks / MARKS).exists()
    assert f"removed: {MARKS}" in ran.out


@pytest.mark.parametrize("days", [None, 7])
def test_the_marks_go_after_some_days(days: int | None, gone: Path) -> None:
    desk = Desk(gone / "desk")
    if days is not None:
        (desk.notes / "deck.toml").write_text(f"[packages]\nremoved_days = {days}\n", "utf-8")
    last = LATER + (90 if days is None else days) * DAY
    run(desk, now=last - 1)
    assert (desk.decks / MARKS).exists()
    ran = run(desk, now=last)
    assert not (desk.decks / MARKS).exists()
    assert f"removed: {MARKS}" in ran.out
    back = run(written(desk, FILES), "--plan", "--json", now=last + DAY)
    assert sorted(back.changes.values()).count("returned") == len(GONE)


def test_who_wants_no_marks_gets_none(studied_once: Path, tmp_path: Path) -> None:
    desk, _ = _copied(studied_once, tmp_path)
    (desk.notes / "deck.toml").write_text("[packages]\nremoved_days = 0\n", "utf-8")
    ran = run(written(desk, WITHOUT), now=LATER)
    assert not (desk.decks / MARKS).exists()
    assert [search.count("ID:") for search in ran.searches] == [len(GONE)]


def test_without_the_last_package_there_are_the_searches_alone(studied_once: Path, tmp_path: Path) -> None:
    desk, _ = _copied(studied_once, tmp_path)
    shutil.rmtree(desk.decks)
    ran = run(written(desk, WITHOUT), now=LATER)
    assert not (desk.decks / MARKS).exists()
    assert [search.count("ID:") for search in ran.searches] == [len(GONE)]


def test_the_plan_speaks_of_marks_and_makes_none(studied_once: Path, tmp_path: Path) -> None:
    desk, _ = _copied(studied_once, tmp_path)
    report = run(written(desk, WITHOUT), "--plan", "--json", now=LATER).report
    assert {deck["file"]: deck["cards"] for deck in report["decks"]}[MARKS] == len(GONE)
    assert not (desk.decks / MARKS).exists()


def test_an_answer_that_is_taken_away_is_told_as_the_reason(desk: Desk) -> None:
    built = written(desk, _of(WEIGHT, STAMP, UNASKED, REGISTERED)).build(now=LATER)
    assert sorted(codes(built)) == ["removed-answer", "unanswered"]
    built = written(desk, _of(WEIGHT, STAMP, REGISTERED)).build(now=LATER)
    assert "removed-answer" not in codes(built)


def test_an_edit_after_a_return_arrives(gone: Path) -> None:
    """Marked, back, edited: each is later than the one before, even in one second."""
    desk = Desk(gone / "desk")
    with Anki(gone / "anki") as anki:
        anki.take(desk.decks / MARKS)
        files = {**FILES, SECOND: second(ROUTE, RETURN, BOX.replace("골랐다", "정했다"))}
        run(written(desk, FILES), now=LATER)
        anki.take_all(wholes(desk))
        run(written(desk, files), now=LATER)
        (_, outcome) = anki.take_all(wholes(desk))
        assert outcome.updated == (anki.row("우편함은 왜").guid,)
        assert "정했다" in anki.row("우편함은 왜").fields["Answer"]
        assert json.dumps(anki.row("우편함은 왜").tags, ensure_ascii=False).count(REMOVED_TAG) == 0
