"""What a reader's collection gets from one build to the next, with Anki's default options."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Mapping
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from notedeck.report.messages import ENGLISH
from notedeck.report.report import json_report
from tests.anki_oracle import NOW, REPO, Anki, Desk, Outcome, Row, codes, plain, question

LATER = NOW + 86_400

BOOK = """# 책

## 1장 처음

- p.3 **캐시는 왜 두나요?** @오세라

  가까이 두면 빠르기 때문이다.

- **[면접질문] 캐시는 언제 비우나요?**

  값이 바뀔 때 비운다.

  - **누가 비우나요?**

    쓴 쪽이 비운다.

## 2장 다음

- **큐는 왜 두나요?**

  속도가 다른 둘 사이에 둔다.
"""


@pytest.fixture
def files() -> Mapping[str, str]:
    return {"책.md": BOOK}


def edit(desk: Desk, old: str, new: str, now: int = LATER) -> list[str]:
    """Change some words of the notes and build again; what was told."""
    text = (desk.notes / "책.md").read_text("utf-8")
    assert text.count(old) == 1
    return codes(desk.write({"책.md": text.replace(old, new)}).build(now=now))


def changes(desk: Desk, **options: object) -> dict[str, str]:
    """What the report says of each card, by its question."""
    return {item["question"]: item["change"] for item in json_report(desk.build(**options), ENGLISH)["items"]}  # type: ignore[arg-type]


def whole(desk: Desk) -> Path:
    return desk.decks / "책.apkg"


EDITS: dict[str, tuple[str, str, tuple[str, ...]]] = {
    "an answer": ("가까이 두면 빠르기 때문이다.", "가까이 두면 **빠르기** 때문이다.", ("캐시는 왜",)),
    "a page": ("p.3 ", "p.4 ", ("캐시는 왜",)),
    "an asker": ("@오세라", "@박하늘", ("캐시는 왜",)),
    "a label": ("- **큐는 왜", "- **[중요] 큐는 왜", ("큐는 왜",)),
    "a follow-up": ("쓴 쪽이 비운다.", "쓴 쪽과 읽는 쪽이 비운다.", ("누가 비우", "캐시는 언제")),
    "a chapter's subtitle": ("## 2장 다음", "## 2장 그다음", ("큐는 왜",)),
    "markup alone": ("값이 바뀔 때 비운다.", "값이 바뀔 때 `비운다`.", ("캐시는 언제",)),
}


@pytest.mark.parametrize("name", EDITS)
def test_an_edit_updates_what_it_touched_and_nothing_else(desk: Desk, tmp_path: Path, name: str) -> None:
    old, new, touched = EDITS[name]
    with Anki(tmp_path / "anki") as anki:
        anki.take(whole(desk))
        before = {row.guid: row for row in anki.rows()}
        wanted = {row.guid for row in anki.rows() if any(words in row.fields["Question"] for words in touched)}
        assert len(wanted) == len(touched)
        edit(desk, old, new)
        outcome = anki.take(whole(desk))
        assert set(outcome.updated) == wanted
        assert set(outcome.duplicate) == set(before) - wanted
        assert not (outcome.new or outcome.conflicting)
        for row in anki.rows():
            known = before[row.guid]
            assert (row.note, row.due) == (known.note, known.due)
            assert row.modified == (LATER if row.guid in wanted else NOW)
            assert (row == known) == (row.guid not in wanted)


@pytest.mark.parametrize(
    "edited",
    [
        lambda text: text.replace("\n\n", "\n\n\n"),
        lambda text: "\n\n" + text,
        lambda text: text.replace("\n", "\r\n"),
        lambda text: "\ufeff" + text,
        lambda text: text.rstrip("\n"),
        lambda text: text.replace("  가까이", "    가까이").replace("  값이", "  값이"),
        lambda text: text.replace("- **", "* **").replace("- p.3", "* p.3"),
    ],
    ids=["blank lines", "lines above", "line ends", "a mark of order", "no last line end", "deeper", "other bullets"],
)
def test_what_says_the_same_sends_nothing(desk: Desk, tmp_path: Path, edited: Callable[[str], str]) -> None:
    before = desk.package_bytes()
    desk.write({"책.md": edited(BOOK)}).build(now=LATER)
    assert desk.package_bytes() == before
    with Anki(tmp_path / "anki") as anki:
        anki.take(whole(desk))
        assert len(anki.take(whole(desk)).duplicate) == 4


def test_a_file_that_is_renamed_sends_nothing(desk: Desk) -> None:
    before = desk.package_bytes()
    (desk.notes / "책.md").rename(desk.notes / "다른 이름.md")
    assert desk.build(now=LATER).removed == ()
    assert desk.package_bytes() == before


def test_an_edit_within_one_second_still_arrives(desk: Desk, tmp_path: Path) -> None:
    """Also where the clock went back: a time only ever grows."""
    with Anki(tmp_path / "anki") as anki:
        anki.take(whole(desk))
        for number, now in enumerate((NOW, NOW, NOW - 5000), 1):
            edit(desk, "가까이 두면 빠르기" if number == 1 else f"가까이 {number - 1}번", f"가까이 {number}번", now=now)
            assert len(anki.take(whole(desk)).updated) == 1
            assert anki.row("캐시는 왜").modified == NOW + number


def test_an_edit_that_is_taken_back_arrives_too(desk: Desk, tmp_path: Path) -> None:
    with Anki(tmp_path / "anki") as anki:
        anki.take(whole(desk))
        edit(desk, "값이 바뀔", "값이 상할")
        anki.take(whole(desk))
        edit(desk, "값이 상할", "값이 바뀔", now=LATER + 10)
        anki.take(whole(desk))
        assert "값이 바뀔" in anki.row("캐시는 언제").fields["Answer"]


def test_a_new_question_is_new_and_comes_in_its_place(desk: Desk, tmp_path: Path) -> None:
    with Anki(tmp_path / "anki") as anki:
        anki.take(whole(desk))
        edit(desk, "## 2장 다음\n", "- **버퍼는 왜 두나요?**\n\n  몰아서 쓰려고 둔다.\n\n## 2장 다음\n")
        outcome = anki.take(whole(desk))
        assert (len(outcome.new), len(outcome.duplicate), outcome.updated) == (1, 4, ())
        assert anki.row("버퍼는").due == 4


def test_a_question_that_goes_is_told_and_its_card_stays(desk: Desk, tmp_path: Path) -> None:
    with Anki(tmp_path / "anki") as anki:
        anki.take(whole(desk))
        edit(desk, "- **큐는 왜 두나요?**\n\n  속도가 다른 둘 사이에 둔다.\n", "")
        outcome = anki.take(whole(desk))
        assert (outcome.new, outcome.updated, len(outcome.duplicate)) == ((), (), 3)
        assert len(anki.rows()) == 4
    desk.write({"책.md": BOOK})
    assert changes(desk, now=LATER + 1) == {
        "캐시는 왜 두나요?": "same", "캐시는 언제 비우나요?": "same", "누가 비우나요?": "same", "큐는 왜 두나요?": "returned",
    }  # fmt: skip


def test_a_package_of_its_own_marks_what_is_gone(desk: Desk, tmp_path: Path) -> None:
    """For whoever has the card: its fields as they were, and a tag to find it by. It goes when the question returns.

    All within one second: each step still arrives.
    """
    gone = "- **큐는 왜 두나요?**\n\n  속도가 다른 둘 사이에 둔다.\n"
    with Anki(tmp_path / "anki") as anki:
        anki.take(whole(desk))
        before = anki.row("큐는")
        edit(desk, gone, "", now=NOW)
        (marks,) = desk.decks.glob("* - 정리*.apkg")
        outcome = anki.take(marks)
        after = anki.row("큐는")
        assert outcome.updated == (before.guid,)
        assert not (outcome.new or outcome.conflicting)
        assert set(after.tags) - set(before.tags) == {"삭제됨"}
        assert (after.fields, after.deck, after.note) == (before.fields, before.deck, before.note)
        packed = marks.read_bytes()
        desk.build(now=NOW)
        assert marks.read_bytes() == packed
        desk.write({"책.md": BOOK}).build(now=NOW)
        assert not marks.exists()
        assert before.guid in anki.take(whole(desk)).updated
        assert anki.row("큐는").tags == before.tags


def test_a_plan_writes_nothing(desk: Desk) -> None:
    before = {path: path.read_bytes() for path in desk.root.rglob("*") if path.is_file()}
    desk.write({"책.md": BOOK.replace("가까이", "아주 가까이")})
    (changed,) = (question for question, change in changes(desk, plan=True, now=LATER).items() if change != "same")
    assert changed == "캐시는 왜 두나요?"
    after = {path: path.read_bytes() for path in desk.root.rglob("*") if path.is_file()}
    assert {path.name for path in after if after[path] != before.get(path)} == {"책.md"}
    assert set(after) == set(before)


def test_two_questions_of_the_same_words_stay_two(tmp_path: Path) -> None:
    """Same question, same chapter, other answers: each keeps its card while the other is edited."""
    twice = question("예를 들면?", "하나는 이렇다.") + question("예를 들면?", "또 하나는 저렇다.")
    desk = Desk(tmp_path).write({"책.md": twice})
    desk.build()
    with Anki(tmp_path / "anki") as anki:
        anki.take_all(desk.packages())
        before = {plain(row.fields["Answer"]): row.guid for row in anki.rows()}
        assert len(before) == 2
        edit(desk, "저렇다", "그렇다")
        (outcome,) = anki.take_all(desk.packages())
        assert outcome.updated == (before["또 하나는 저렇다."],)


def test_one_words_in_two_books_and_below_two_questions_are_apart(tmp_path: Path) -> None:
    below = "- **{0}는 무엇인가요?**\n\n  설명.\n\n  - **예를 들어 설명해주세요**\n\n    {0}의 예.\n\n"
    text = below.format("캐시") + below.format("큐")
    desk = Desk(tmp_path).write({"가.md": "# 가\n\n" + text, "나.md": "# 나\n\n" + text})
    desk.build()
    with Anki(tmp_path / "anki") as anki:
        outcomes = anki.take_all(desk.packages())
        assert [len(one.new) for one in outcomes] == [4, 4]
        assert len({row.guid for row in anki.rows()}) == len({row.fields["ID"] for row in anki.rows()}) == 8


def test_a_groups_own_id_keeps_its_cards_apart_from_anothers(tmp_path: Path) -> None:
    """Two groups study one book: with `[deck] id` and `note_type` of its own, one does not update the other's cards."""
    one = Desk(tmp_path / "one").write({"책.md": BOOK})
    two = Desk(tmp_path / "two").write({"책.md": BOOK.replace("가까이", "멀리"), "deck.toml": '[deck]\nid = "둘"\nunder = "둘"\n'})
    one.build()
    two.build(now=LATER)
    with Anki(tmp_path / "anki") as anki:
        anki.take(whole(one))
        outcome = anki.take(whole(two))
        assert len(outcome.new) == 4
        assert not (outcome.updated or outcome.conflicting)
        assert sum("가까이" in row.fields["Answer"] for row in anki.rows()) == 1


def test_a_readers_own_tag_stays_on_a_note_that_nobody_edited(desk: Desk, tmp_path: Path) -> None:
    with Anki(tmp_path / "anki") as anki:
        anki.take(whole(desk))
        queue = anki.col.get_note(anki.row("큐는").note)
        queue.add_tag("내_것")
        anki.col.update_note(queue)
        edit(desk, "가까이", "아주 가까이")
        assert len(anki.take(whole(desk)).updated) == 1
        assert "내_것" in anki.row("큐는").tags


def test_what_was_learned_survives_an_edit(desk: Desk, tmp_path: Path) -> None:
    with Anki(tmp_path / "anki") as anki:
        anki.take(whole(desk))
        learned = anki.row("캐시는 왜")
        anki.col.db.execute("update cards set type = 2, queue = 2, due = 100, ivl = 30, reps = 7 where nid = ?", learned.note)
        edit(desk, "가까이", "아주 가까이")
        edit(desk, "## 1장 처음", "## 7장 처음", now=LATER + 1)
        assert learned.guid in anki.take(whole(desk)).updated
        assert anki.col.db.first("select type, queue, due, ivl, reps from cards where nid = ?", learned.note) == [2, 2, 100, 30, 7]
        assert anki.row("캐시는 왜").fields["Chapter"] == "7장 처음"


def test_a_new_style_reaches_the_note_type_and_moves_no_note(desk: Desk, tmp_path: Path) -> None:
    shutil.copytree(REPO / "templates", tmp_path / "templates")
    style, front = (tmp_path / "templates" / "qa" / name for name in ("style.css", "front.html"))
    with Anki(tmp_path / "anki") as anki:
        anki.take(whole(desk))
        before = anki.rows()
        for number, path in enumerate((style, front, style), 1):
            path.write_text(path.read_text("utf-8") + f"\n<!-- {number} -->", "utf-8")
            desk.build(now=NOW, templates=tmp_path / "templates")
            outcome = anki.take(whole(desk))
            assert (len(outcome.duplicate), outcome.updated, outcome.conflicting) == (4, (), ())
            stored = anki.notetype()
            assert stored["css"] == style.read_text("utf-8")
            assert stored["tmpls"][0]["qfmt"] == front.read_text("utf-8")
            assert stored["mod"] == NOW + number
            assert anki.rows() == before
        assert [one.name for one in anki.col.models.all_names_and_ids() if "면접" in one.name] == ["면접 노트 Q&A"]


def test_only_a_tag_leaves_identity_and_the_whole_package_alone(desk: Desk, tmp_path: Path) -> None:
    before, lock = desk.package_bytes(), desk.lock.read_bytes()
    desk.build(now=LATER, only=("면접질문",))
    assert desk.package_bytes() == before
    assert desk.lock.read_bytes() == lock
    edit(desk, "값이 바뀔", "값이 상할")
    with Anki(tmp_path / "anki") as anki:
        anki.take(whole(desk))
        assert anki.take(desk.decks / "책 - 면접질문.apkg").updated == ()


def test_importing_in_any_order_ends_alike(desk: Desk, tmp_path: Path) -> None:
    """Old whole, new filtered, new whole; or the new ones alone."""
    with Anki(tmp_path / "one") as one, Anki(tmp_path / "two") as two:
        one.take(whole(desk))
        edit(desk, "쓴 쪽이", "읽는 쪽이")
        filtered = desk.decks / "책 - 면접질문.apkg"
        assert len(one.take(filtered).updated) == 2
        assert one.take(whole(desk)).updated == ()
        two.take_all([filtered, whole(desk), filtered])
        assert one.rows() == two.rows()


MARKS = (
    "[sound:울림.mp3]", "[SOUND:a.mp3]", "[anki:play:q:0]", "[$]x^2[/$]", "[$$]x^2[/$$]", "[latex]x[/latex]", "{{Question}}", "{{c1::가림}}",
    "{{#Spare1}}", "{{FrontSide}}", "<%Question%>",
)  # fmt: skip


@pytest.mark.parametrize(
    "form", ["{0} 그대로", "`{0}` 그대로", "그대로\n\n  ```\n  {0}\n  ```", "**{0}** 그대로", "| {0} |\n  | --- |\n  | {0} |\n\n  그대로"]
)
def test_ankis_own_marks_in_an_answer_stay_text(form: str, tmp_path: Path) -> None:
    desk = Desk(tmp_path).write({"책.md": "".join(question(f"{mark.strip('[]{}<>%#')} 표시는 무엇인가요?", form.format(mark)) for mark in MARKS)})
    assert set(codes(desk.build())) <= {"html-removed"}
    with Anki(tmp_path / "anki") as anki:
        anki.take_all(desk.packages())
        cards = [(plain(row.fields["Answer"]), anki.rendered(row.guid)) for row in anki.rows()]
        assert len(cards) == len(MARKS)
        assert not [card.answer_text for _, card in cards if card.question_av_tags or card.answer_av_tags or "latex-" in card.answer_text]
        assert [mark for mark, (answer, card) in zip(MARKS, cards, strict=True) if mark not in answer or mark not in plain(card.answer_text)] == []
        assert anki.media() == set()


@pytest.mark.parametrize("mark", ["[sound:a.mp3]", "[$]x[/$]", "{{Answer}}"])
def test_ankis_own_marks_in_a_question_a_context_and_a_title_stay_text(mark: str, tmp_path: Path) -> None:
    text = f"# 책 {mark}\n\n## 1장 {mark}\n\n- p.3 {mark} 라고 한다.\n  > {mark} 는 무엇인가요?\n  ***\n  표시이다.\n"
    desk = Desk(tmp_path).write({"책.md": text})
    desk.build()
    with Anki(tmp_path / "anki") as anki:
        anki.take_all(desk.packages())
        (row,) = anki.rows()
        card = anki.rendered(row.guid)
        assert not (card.question_av_tags or card.answer_av_tags)
        assert plain(card.question_text).count(mark) == 4


def test_html_of_the_notes_runs_nothing(tmp_path: Path) -> None:
    evil = (
        '<script>alert(1)</script> <img src=x onerror="alert(1)"> <a href="javascript:alert(1)">눌러요</a> <iframe></iframe> '
        '<style>*{display:none}</style> <b onclick="alert(1)">굵게</b> [나쁜 링크](javascript:alert(1)) ![](file:///etc/passwd)'
    )
    desk = Desk(tmp_path).write({"책.md": question("안전한가요?", "네. " + evil)})
    desk.build()
    with Anki(tmp_path / "anki") as anki:
        anki.take_all(desk.packages())
        (row,) = anki.rows()
        shown = anki.rendered(row.guid).answer_text
        answer = row.fields["Answer"]
        for word in ("<script", "<iframe", "<style", "onclick", 'href="javascript', "<img", "onerror="):
            assert word not in answer.replace("&lt;", ""), word
        assert "굵게" in shown
        assert "눌러요" in shown


LINES = st.sampled_from([
    "# 책", "## 1장", "### 제2장 — 둘", "", "- p.5 문장이다.", "  > 왜 그런가요? @오세라",
    "  ***", "  답이다.", "    - **[면접질문] 무엇인가요?**", "      그렇다.",
    "- **[추가] 어떻게 하나요**",
    "```", "~~~java", "| 가 | 나 |", "| --- | --- |", "$$", "  $a<b$", "![](없다.png)", "<div>", "</details>", "- [ ] 할 일",
    "1. 하나", "> 인용", "---", "***", "[^1]: 각주", "https://example.com/가나다입니다", "\t탭", "    깊이", "`{{c1::x}}`", "[sound:x.mp3]",
])  # fmt: skip
NOTES = st.one_of(st.text(max_size=300), st.lists(st.one_of(LINES, st.text(max_size=20)), max_size=25).map("\n".join))
FOLDERS = st.dictionaries(st.sampled_from(["a.md", "b.md", "속/c.md", "3장.txt"]), NOTES, min_size=1, max_size=3)


def imported(desk: Desk, folder: Path) -> tuple[list[Outcome], list[Row]]:
    shutil.rmtree(folder, ignore_errors=True)
    with Anki(folder) as anki:
        return anki.take_all(desk.packages()), anki.rows()


@pytest.mark.slow
@settings(max_examples=400, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow])
@given(FOLDERS)
def test_any_notes_build_twice_alike_and_import_without_a_conflict(tmp_path: Path, files: dict[str, str]) -> None:
    for name in ("one", "two"):
        shutil.rmtree(tmp_path / name, ignore_errors=True)
    data = {name: text.encode("utf-8", "replace") for name, text in files.items()}
    one, two = Desk(tmp_path / "one").write(data), Desk(tmp_path / "two").write(data)
    built = one.build()
    two.build()
    assert one.package_bytes() == two.package_bytes()
    if built.failed:
        assert set(codes(built)) & {"same-name", "not-text"}
        return
    outcomes, rows = imported(one, tmp_path / "anki")
    assert not any(one.conflicting or one.updated for one in outcomes)
    assert len(rows) == len(built.notes) == len({row.guid for row in rows})
    assert all(outcome.new or outcome.duplicate for outcome in outcomes)
    one.build(now=LATER)
    assert one.package_bytes() == two.package_bytes()


@settings(max_examples=25, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow])
@given(
    st.lists(st.tuples(st.sampled_from(["무엇", "왜", "어떻게"]), st.sampled_from(["하나", "둘"])), min_size=1, max_size=5, unique=True),
    st.integers(0, 4),
)
def test_any_edit_updates_one_note(tmp_path: Path, pairs: list[tuple[str, str]], which: int) -> None:
    """Also among questions of the same words."""
    shutil.rmtree(tmp_path / "desk", ignore_errors=True)
    which %= len(pairs)
    desk = Desk(tmp_path / "desk")
    desk.write({"책.md": "".join(question(f"{asked}인가요?", f"답은 {said}") for asked, said in pairs)}).build()
    outcome, before = imported(desk, tmp_path / "anki")
    texts = [f"답은 {said}" + (" 그리고 하나 더" if number == which else "") for number, (_, said) in enumerate(pairs)]
    desk.write({"책.md": "".join(question(f"{asked}인가요?", text) for (asked, _), text in zip(pairs, texts, strict=True))}).build(now=LATER)
    shutil.rmtree(tmp_path / "anki")
    _, after = imported(desk, tmp_path / "anki")
    moved = [(old, new) for old, new in zip(before, after, strict=True) if old != new]
    assert [row.guid for row in before] == [row.guid for row in after]
    assert [old.due for old, _ in moved] == [which + 1]
    assert moved[0][1].modified == LATER
    assert len(outcome[0].new) == len(pairs)
