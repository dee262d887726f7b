"""`--plan`: what a build would do, said before anything is done."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.anki_oracle import Desk
from tests.history import FILES, FIRST, LATER, RETURN, SECOND, Ran, edited, locked, run, tree, written

NEW = "- **편지칼은 왜 날이 무딘가요?**\n  봉투만 뜯고 속의 종이는 다치지 않게 하려는 것이다.\n"
EDITED = edited(
    ("다시 부른다", "도로 부른다"), ("소인을 찍는 까닭은", "소인을 꼭 찍는 이유는"), counter="weight stamp registered", rounds="express route box"
)
EDITED[FIRST] += f"\n{NEW}"


@pytest.fixture
def desk(desk: Desk) -> Desk:
    return written(desk, EDITED)


def id_of(desk: Desk, words: str) -> str:
    (found,) = (str(line["id"]) for line in locked(desk).values() if words in line["question"])
    return found


def lines_with(ran: Ran, words: str) -> list[str]:
    return [line for line in ran.out.splitlines() if words in line]


@pytest.mark.parametrize("options", [(), ("--json",), ("--refresh",), ("--only", "면접질문"), ("--fresh",), ("--strict",)])
def test_a_plan_writes_nothing(desk: Desk, options: tuple[str, ...]) -> None:
    before = tree(desk.root)
    ran = run(desk, "--plan", *options, now=LATER)
    assert ran.status == 0
    assert ran.out
    assert tree(desk.root) == before


def test_a_plan_without_lock_and_decks_makes_no_folder(tmp_path: Path) -> None:
    desk = Desk(tmp_path).write(FILES)
    before = tree(desk.root)
    assert set(run(desk, "--plan", "--json").changes.values()) == {"new"}
    assert tree(desk.root) == before
    assert not desk.decks.exists()


def test_a_plan_with_decisions_writes_nothing(desk: Desk) -> None:
    before = tree(desk.root)
    asked = f"{id_of(desk, '우표에 소인')}={id_of(desk, '우편함은')}"
    assert run(desk, "--plan", "--apart", asked, now=LATER).status == 0
    assert tree(desk.root) == before


def test_a_reworded_question_shows_what_went_and_what_came(desk: Desk) -> None:
    (line,) = lines_with(run(desk, "--plan", now=LATER), id_of(desk, "우표에 소인") + "  ")[:1]
    assert line.split("  ", 1)[1].strip() == "우표에 소인을 {+꼭+} 찍는 [-까닭은-] {+이유는+} 무엇인가요?"


def test_moved_removed_edited_and_new_notes_are_told(desk: Desk) -> None:
    ran = run(desk, "--plan", now=LATER)
    (moved,) = lines_with(ran, f"→ {id_of(desk, '빠른우편은')}")
    assert moved.endswith("(우체국::01장 → 우체국::02장)")
    (removed,) = lines_with(ran, f"- {id_of(desk, '받는 사람이')}")
    assert "받는 사람이 이사했으면" in removed
    (edited,) = lines_with(ran, f"~ {id_of(desk, '창구에서 무게를')}")
    assert edited.endswith("(edited)")
    (new,) = lines_with(ran, "편지칼은")
    assert new.startswith("+ ")
    for same in ("등기우편은", "집배원의", "우편함은", "책의 등에", "연체료는"):
        assert not lines_with(ran, same)
    assert "1 new · 4 edited · 1 moved · 1 removed · 5 same" in ran.out


def test_notes_that_change_along_with_another_stand_apart_behind_the_others(desk: Desk) -> None:
    ran = run(desk, "--plan", now=LATER)
    along = lines_with(ran, f"along with {id_of(desk, '우표에 소인')}")
    assert [line.split()[0] for line in along] == [id_of(desk, "소인이 흐리면"), id_of(desk, "날짜를 틀리게")]
    lines = ran.out.splitlines()
    signed = [number for number, line in enumerate(lines) if line[:2] in ("+ ", "~ ", "→ ", "- ")]
    assert len(signed) == 5
    assert max(signed) < min(lines.index(line) for line in along)


def test_the_report_names_the_cause_by_its_id(desk: Desk) -> None:
    items = run(desk, "--plan", "--json", now=LATER).report["items"]
    causes = {item["id"]: item["cause"] for item in items if item["cause"]}
    above = id_of(desk, "우표에 소인")
    assert causes == dict.fromkeys((id_of(desk, "소인이 흐리면"), id_of(desk, "날짜를 틀리게")), above)


def test_the_report_says_what_each_note_was(desk: Desk) -> None:
    items = {item["id"]: item for item in run(desk, "--plan", "--json", now=LATER).report["items"]}
    stamp = items[id_of(desk, "우표에 소인")]
    assert stamp["change"] == "reworded"
    assert (stamp["question"], stamp["was"]["question"]) == ("우표에 소인을 꼭 찍는 이유는 무엇인가요?", "우표에 소인을 찍는 까닭은 무엇인가요?")
    express = items[id_of(desk, "빠른우편은")]
    assert (express["change"], express["chapter"], express["was"]["chapter"]) == ("moved", "2장 나르기", "1장 받기")
    assert Path(express["path"]).name == SECOND
    assert Path(express["was"]["path"]).name == FIRST
    assert FILES[FIRST].splitlines()[express["was"]["line"] - 1].startswith("- p.9 **빠른우편은")
    gone = items[id_of(desk, "받는 사람이")]
    assert (gone["status"], gone["change"], gone["question"]) == ("removed", "removed", "받는 사람이 이사했으면 편지는 어디로 가나요?")
    assert items[id_of(desk, "등기우편은")]["was"] is None


def test_the_build_does_what_the_plan_said(desk: Desk) -> None:
    def said(ran: Ran) -> list[tuple[str, ...]]:
        return [tuple(item[key] for key in ("guid", "id", "change", "cause", "was", "deck") if key in item) for item in ran.report["items"]]

    planned = run(desk, "--plan", "--json", now=LATER)
    assert said(run(desk, "--json", now=LATER)) == said(planned)
    assert set(run(desk, "--plan", "--json", now=LATER).changes.values()) == {"same"}


def test_a_build_says_the_same_in_short(desk: Desk) -> None:
    ran = run(desk, now=LATER)
    assert "1 new · 4 edited · 1 moved · 1 removed · 5 same" in ran.out
    assert "[-" not in ran.out


def test_a_note_that_returns_is_told(desk: Desk) -> None:
    run(desk, now=LATER)
    ran = run(written(desk, {**EDITED, SECOND: f"{EDITED[SECOND]}\n{RETURN}"}), "--plan", now=LATER + 1)
    (line,) = lines_with(ran, id_of(desk, "받는 사람이"))
    assert line.startswith("↺ ")
    assert line.endswith("(returned)")
