"""The report: about forty lines whatever the size, whole where somebody asks, and what would help."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

from notedeck.diagnostics import Diagnostic, Span, in_order
from notedeck.report.branches import cut, deck_tree
from notedeck.report.brief import brief
from notedeck.report.messages import ENGLISH, line
from tests.anki_oracle import NOW, REPO, Desk, codes, question
from tests.history import Ran, run

MOST = 42
"""About forty."""


def _collection(folder: Path, weeks: int = 6, people: int = 5, pages: int = 3) -> Desk:
    """A collection of the usual kind: weeks, people, pages with a question, headings that ask nothing, and a picture that is not there."""
    desk = Desk(folder)
    for week in range(1, weeks + 1):
        for person in range(people):
            for page in range(pages):
                name = f"week{week}/사람{person}/쪽{page}.md"
                text = question(f"{week}-{person}-{page}는 무엇인가요?", f"답 {week} {person} {page}") + "  ![그림](없다.png)\n"
                texts = "".join(f"\n## 제목 {number}\n\n{number}번째 설명이 길게 이어진다.\n" for number in range(4))
                desk.write({name: text + texts + "\n## 왜 그런가요?\n"})
    return desk


def _lines(ran: Ran) -> list[str]:
    return (ran.out + ran.err).splitlines()


def test_a_build_of_any_size_prints_about_forty_lines(tmp_path: Path) -> None:
    desk = _collection(tmp_path)
    ran = run(desk, now=NOW)
    assert ran.status == 0
    assert len(_lines(ran)) <= MOST
    assert "90 cards" in ran.err
    assert "picture not found" in ran.err
    assert "and 89 more: " in ran.err
    assert f"{desk.notes / 'week1'}: " in ran.err
    assert "-v prints every line" in ran.out


def test_verbose_and_json_are_whole(tmp_path: Path) -> None:
    desk = _collection(tmp_path)
    built = desk.build()
    every = [line(one, ENGLISH) for one in built.diagnostics]
    for option in ("-v", "--verbose", "--json"):
        ran = run(desk, option, now=NOW)
        assert [one for one in ran.err.splitlines() if one in set(every)] == every
    assert len(json.loads(run(desk, "--json", now=NOW).out)["diagnostics"]) == len(every)


def test_the_tree_is_cut_at_a_depth_and_says_how_much_more_there_is(tmp_path: Path) -> None:
    (plan,) = (plan for plan in _collection(tmp_path).build(notes=(tmp_path / "notes",)).plans if plan.book == "노트")
    branches = deck_tree(plan)
    assert [(one.name, one.cards) for one in cut(branches, 14)] == [("노트", 90), *((f"week {week:02d}", 15) for week in range(1, 7))]
    assert len(cut(branches, 40)) == 1 + 6 + 30
    assert cut(branches, 1000) == branches
    assert len(cut(branches, 4)) == 4


def test_what_fits_is_told_one_by_one_in_the_order_of_files_and_lines(tmp_path: Path) -> None:
    desk = _collection(tmp_path, weeks=1, people=1, pages=2)
    built = desk.build()
    assert run(desk, now=NOW).err.splitlines()[:-1] == [line(one, ENGLISH) for one in built.diagnostics]


def _told(code: str, count: int, folder: str = "가") -> list[Diagnostic]:
    return [Diagnostic(Span(f"{folder}/쪽{number:03d}.md", number, number + 1), code, ("x", "1", "y")) for number in range(count)]


def test_errors_come_first_twenty_of_them_and_a_count() -> None:
    told = in_order([*_told("unreadable", 50), *_told("picture-missing", 9, "나"), *_told("unread", 30, "다"), *_told("unread", 40, "라")])
    shown = list(brief(told, 30, ENGLISH))
    assert [one for one in shown if ": error:" in one] == [line(one, ENGLISH) for one in _told("unreadable", 20)]
    assert "  and 30 more errors" in shown
    assert "  and 8 more: 나/쪽001.md:2, 나/쪽002.md:3 …" in shown
    assert shown[-2:] == ["라: 40 texts unread", "다: 30 texts unread"]


def test_notes_are_counted_by_the_outermost_folder_that_tells_them_apart() -> None:
    told = [*_told("unread", 30, "모두/a/x"), *_told("no-questions", 31, "모두/b"), *_told("unanswered", 2, "모두/b")]
    assert list(brief(told, 10, ENGLISH)) == ["모두/b: 31 files without questions · 2 unanswered", "모두/a: 30 texts unread"]


def test_many_folders_are_named_as_far_as_there_is_room() -> None:
    told = [one for number in range(30) for one in _told("unread", number + 1, f"{number:02d}")]
    shown = list(brief(told, 12, ENGLISH))
    assert shown[0] == "29: 30 texts unread"
    assert len(shown) == 9
    assert shown[-1] == "and 22 more folders: 253 texts unread"


def test_a_plan_and_moved_cards_are_cut_too(tmp_path: Path) -> None:
    desk = _collection(tmp_path)
    assert len(_lines(run(desk, "--plan", now=NOW))) <= MOST
    run(desk, now=NOW)
    for week in range(1, 7):
        (desk.notes / f"week{week}").rename(desk.notes / f"week{week + 20}")
    ran = run(desk, now=NOW + 100)
    assert len(_lines(ran)) <= MOST
    assert "more cards, of 87 decks" in ran.out


def test_headings_with_text_that_make_no_card_are_told_with_what_to_write(tmp_path: Path) -> None:
    built = _collection(tmp_path, weeks=2).build()
    assert [one.details for one in built.diagnostics if one.code == "hint-headings"] == [("120", "65", "[recognisers] every_heading = true")]


def test_one_folder_with_such_headings_is_named_alone(tmp_path: Path) -> None:
    texts = "".join(f"## 제목 {number}\n\n{number}번째 설명이다.\n\n" for number in range(12))
    desk = Desk(tmp_path).write({"정리/글.md": texts, "질문/큐.md": question("큐는요?", "줄이다.")})
    (one,) = (one for one in desk.build().diagnostics if one.code == "hint-headings")
    assert one.details[2] == '[paths."정리/"] recognisers = { every_heading = true }'
    desk.write({"deck.toml": '[paths."정리/"]\nrecognisers = { every_heading = true }\n'})
    after = desk.build(NOW + 100)
    assert len(after.notes) == 13
    assert "hint-headings" not in codes(after)


def test_few_headings_or_many_cards_are_no_hint(tmp_path: Path) -> None:
    texts = "".join(f"## 제목 {number}\n\n{number}번째 설명이다.\n\n" for number in range(12))
    asked = "".join(question(f"{number}번은 무엇인가요?", f"{number}번이다.") for number in range(12))
    assert "hint-headings" not in codes(Desk(tmp_path).write({"글.md": texts + "## 물음\n\n" + asked}).build())


def test_a_table_with_columns_of_other_names_is_told(tmp_path: Path) -> None:
    desk = Desk(tmp_path).write({"표.csv": "낱말,뜻풀이\n큐,줄\n스택,더미\n"})
    assert [one.details for one in desk.build().diagnostics if one.code == "hint-columns"] == [("낱말, 뜻풀이",)]
    desk.write({"deck.toml": '[columns]\nquestion = ["낱말"]\nanswer = ["뜻풀이"]\n'})
    assert len(desk.build().notes) == 2


def test_a_page_that_is_nothing_but_outlines_is_told_how_to_read_them(tmp_path: Path) -> None:
    page = "# 자물쇠\n\n" + "".join(f"- 자물쇠 {number}\n  - {number}번 문에 단다.\n" for number in range(12))
    desk = Desk(tmp_path).write({"글.md": page})
    assert [one.details for one in desk.build().diagnostics if one.code == "hint-outlines"] == [("12", "[recognisers] outlines = true")]
    after = desk.write({"deck.toml": "[recognisers]\noutlines = true\n"}).build(NOW + 100)
    assert {note.locked.question for note in after.notes} == {f"자물쇠 {number} — 무엇인가?" for number in range(12)}
    assert "hint-outlines" not in codes(after)


def test_a_column_is_named_on_one_line(tmp_path: Path) -> None:
    desk = Desk(tmp_path).write({"표.csv": f'"낱말\n둘",{"길" * 99}\n큐,줄\n'})
    assert [one.details for one in desk.build().diagnostics if one.code == "hint-columns"] == [(f"낱말 둘, {'길' * 29}…",)]


def test_gaps_are_told_while_cloze_is_off(tmp_path: Path) -> None:
    desk = Desk(tmp_path).write({"글.md": "HTTP는 ==80==, HTTPS는 ==443==, SSH는 ==22==이다.\n\n`a == b == c`이고 a == b == c이다.\n"})
    assert [one.details for one in desk.build().diagnostics if one.code == "hint-gaps"] == [("3", "[recognisers] cloze = true")]
    desk.write({"deck.toml": "[recognisers]\ncloze = true\n"})
    assert "hint-gaps" not in codes(desk.build())


def test_pages_in_which_nothing_was_read_are_told(tmp_path: Path) -> None:
    desk = Desk(tmp_path).write({f"{number}.md": "설명이다.\n" for number in range(3)}).write({"큐.md": question("큐는요?", "줄이다.")})
    assert [one.details for one in desk.build().diagnostics if one.code == "hint-pages"] == [("3", "4", "0.md, 1.md, 2.md")]


def test_the_samples_lock_is_current(tmp_path: Path) -> None:
    """A first build in a fresh clone says nothing of cards that wait; `python build.py --refresh` makes it so again."""
    shutil.copytree(REPO / "notes", tmp_path / "notes")
    before = (tmp_path / "notes" / "cards.lock").read_bytes()
    built = Desk(tmp_path).build(2_000_000_000)
    assert not [note.locked.question for note in built.notes if note.is_stale]
    assert (tmp_path / "notes" / "cards.lock").read_bytes() == before
