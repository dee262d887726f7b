"""corrections.toml, the lines that it means, and what they are then: in files, in a build, and by the claims that hold for all notes."""

from __future__ import annotations

import json
import unicodedata
from collections.abc import Mapping, Sequence
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from notedeck.config import Config
from notedeck.content.fields import contents
from notedeck.corrections.corrected import Corrected, Place, Sighting
from notedeck.corrections.correction import As, Told, letters
from notedeck.corrections.finding import find_lines
from notedeck.corrections.pages import Page
from notedeck.corrections.reading import read_corrections
from notedeck.identity.lock import read_lock
from notedeck.items.reading import read_items, with_follow_ups
from notedeck.items.told.lines import lines_in
from notedeck.outline.markdown import read_markdown
from notedeck.reading.findings import Findings
from notedeck.report.messages import ENGLISH, KOREAN, line
from notedeck.report.run import Built
from notedeck.sources.source import Source
from tests.anki_oracle import NOW, Anki, Desk, codes
from tests.claims import counted, told_with_its_lines
from tests.documents import documents, filled
from tests.test_cli import run

PLAIN = "# 자료 구조\n\n스택 정리\n\n나중에 넣은 것이 먼저 나온다.\n\n큐 정리\n\n먼저 넣은 것이 먼저 나온다.\n"


def entry(text: str, role: str, **more: object) -> str:
    keys = {"text": text, "as": role, **more}
    return "[[line]]\n" + "".join(f"{key} = {json.dumps(value, ensure_ascii=False)}\n" for key, value in keys.items())


# The file


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("[[line]]\ntext = 1\nas = 'end'\n", ['c.toml:2: error: text must be "words" [config-value]']),
        ("\n[[line]]\nas = 'end'\n", ['c.toml:2: error: text must be "the line" [config-value]']),
        ("[[line]]\ntext = '---'\nas = 'end'\n", ['c.toml:2: error: text must be "the line" [config-value]']),
        ("[[line]]\ntext = '글'\n", ['c.toml:1: error: as must be "question" | "answer" | "end" | "context" | "heading" | "nothing" [config-value]']),
        ("[[line]]\ntext = '글'\nas = 'end'\ntags = ['-']\n", ['c.toml:4: error: tags must be ["tag", "-tag", …] [config-value]']),
        (
            "[[line]]\ntext = '글'\nas = 'end'\nwhy = ''\n",
            ["c.toml:4: error: unknown key why; there may be: text · file · after · as · tags · under · reason [correction-key]"],
        ),
        ("[deck]\nbook = '책'\n", ["c.toml:1: error: unknown key deck; there may be: line [correction-key]"]),
        ("line = 3\n", ["c.toml:1: error: line must be [[line]] [config-value]"]),
    ],
)
def test_each_mistake_is_told_with_its_line(text: str, told: Sequence[str]) -> None:
    corrections, problems = read_corrections("c.toml", text)
    assert corrections == ()
    assert [line(one, ENGLISH) for one in problems] == told
    assert all(line(one, KOREAN) != line(one, ENGLISH) for one in problems)


def test_a_file_that_is_no_toml_is_told_where() -> None:
    _, [problem] = read_corrections("c.toml", "[[line]]\ntext = 스택\n")
    assert (problem.code, problem.span.line) == ("config-syntax", 2)


def test_entries_know_their_lines() -> None:
    text = "# 까닭\n" + entry("하나", "end") + "\n# 둘의 까닭\n" + entry("둘", "question", tags=["면접질문"], under="하나")
    corrections, problems = read_corrections("c.toml", text)
    assert problems == []
    assert [(one.span.line, one.span.stop, one.text, one.role, one.tags, one.under) for one in corrections] == [
        (2, 4, "하나", As.END, (), ""),
        (7, 11, "둘", As.QUESTION, ("면접질문",), "하나"),
    ]


# The lines


def found(text: str, notes: Mapping[str, str], known: Mapping[str, Sighting] | None = None) -> Corrected:
    corrections, problems = read_corrections("c.toml", text)
    assert problems == []
    pages = [Page.of(name, name, name, letters(words)) for name, words in notes.items()]
    return find_lines(corrections, pages, known or {}, lambda source: True)


@pytest.mark.parametrize(
    "written", ["- **SSR** 은 무엇인가?", "3. SSR은 무엇인가", "> SSR 은 [무엇인가](b.md#3)!", unicodedata.normalize("NFD", "ssr 은 무엇인가 ?")]
)
def test_a_line_is_known_by_its_letters(written: str) -> None:
    assert found(entry("SSR 은 무엇인가?", "question"), {"a.md": f"글\n\n{written}\n답\n"}).held == {0: Place("a.md", 3)}


def test_its_beginning_is_enough() -> None:
    assert found(entry("SSR 은", "question"), {"a.md": "CSR 은 무엇인가?\nSSR 은 무엇인가?\n"}).held == {0: Place("a.md", 2)}


@pytest.mark.parametrize("file", ["2주/나.md", "나.md", "나", "2주/나"])
def test_a_file_tells_two_apart(file: str) -> None:
    notes = {"1주/가.md": "장점\n", "2주/나.md": "글\n장점\n"}
    assert found(entry("장점", "heading", file=file), notes).held == {0: Place("2주/나.md", 2)}


def test_two_equal_lines_are_unclear_unless_something_tells_them_apart() -> None:
    notes = {"a.md": "스택\n장점\n빠르다\n큐\n장점\n느리다\n"}
    unclear = found(entry("장점", "heading"), notes)
    assert (dict(unclear.held), set(unclear.unclear)) == ({}, {0})
    assert [line(one, ENGLISH) for one in unclear.problems] == [
        "c.toml:1: warning: this is not used, since nobody can know which one holds: 장점 (a.md:2, a.md:5) [correction-unclear]"
    ]
    assert found(entry("장점", "heading", after="큐"), notes).held == {0: Place("a.md", 5)}


def test_what_is_remembered_tells_them_apart_too() -> None:
    known = found(entry("장점", "heading", after="큐"), {"a.md": "스택\n장점\n빠르다\n큐\n장점\n느리다\n"}).sightings
    moved = {"a.md": "큐\n장점\n느리다\n새 글\n스택\n장점\n빠르다\n"}
    assert found(entry("장점", "heading", after="큐"), moved, known).held == {0: Place("a.md", 2)}


def test_a_line_that_is_edited_again_and_again_is_found_by_what_is_remembered() -> None:
    text = entry("스택은 어디에 쓰는가", "question")
    first = found(text, {"a.md": "머리말\n스택은 어디에 쓰는가\n되돌리기\n"})
    second = found(text, {"a.md": "머리말\n스택은 대체 어디에 쓰는 것인가\n되돌리기\n"}, first.sightings)
    third = found(text, {"a.md": "머리말\n그럼 스택은 대체 언제 쓰는 것일까\n되돌리기\n"}, second.sightings)
    assert [one.held for one in (first, second, third)] == [{0: Place("a.md", 2)}] * 3


def test_what_is_lost_is_told_with_where_it_was_and_what_is_like_it() -> None:
    text = entry("스택은 어디에 쓰는가", "question")
    known = found(text, {"a.md": "스택은 어디에 쓰는가\n되돌리기\n"}).sightings
    lost = found(text, {"a.md": "글\n스택은 언제 쓰나\n괄호 짝\n"}, known)
    assert [line(one, ENGLISH) for one in lost.problems] == [
        "c.toml:1: warning: the line that this corrects is not in the notes any more: 스택은 어디에 쓰는가 "
        "(it was in a.md:1; most like it: a.md:2) [correction-lost]"
    ]
    assert lost.sightings == known


def test_equal_entries_are_one_and_contrary_ones_hold_nothing() -> None:
    notes = {"a.md": "스택\n"}
    same = found(entry("스택", "question", tags=["가"]) + entry("스택", "question", tags=["나"]), notes)
    assert same.told == {"a.md": (Told(0, As.QUESTION, ("가", "나")),)}
    contrary = found(entry("스택", "question") + "\n" + entry("스택", "nothing"), notes)
    assert (dict(contrary.told), dict(contrary.held), set(contrary.unclear)) == ({}, {}, {0, 1})
    assert [line(one, ENGLISH) for one in contrary.problems] == [
        "c.toml:5: warning: this is not used, since nobody can know which one holds: 스택 (c.toml:1 question ≠ c.toml:5 nothing) [correction-unclear]"
    ]


def test_equal_entries_find_their_edited_line_together() -> None:
    text = entry("스택은 어디에 쓰는가", "question") + entry("스택은 어디에 쓰는가", "question", file="a.md")
    known = found(text, {"a.md": "머리말\n스택은 어디에 쓰는가\n되돌리기\n"}).sightings
    assert found(text, {"a.md": "머리말\n스택은 대체 어디에 쓰나\n되돌리기\n"}, known).held == {0: Place("a.md", 2), 1: Place("a.md", 2)}


def test_of_two_twins_the_one_that_is_left_is_not_the_edited_one() -> None:
    text = entry("장점", "heading", after="큐")
    notes = "스택\n글\n장점\n빠르다\n큐\n글\n장점\n빠르다\n"
    known = found(text, {"a.md": notes}).sightings
    edited = "스택\n글\n장점\n빠르다\n큐\n글\n좋은 점\n빠르다\n"
    assert found(text, {"a.md": edited}, known).held == {}


def test_the_question_that_one_follows_up_on_is_the_nearest_above() -> None:
    notes = {"a.md": "스택\n글\n스택\n글\n큐\n스택\n"}
    assert found(entry("큐", "question", under="스택"), notes).told == {"a.md": (Told(4, As.QUESTION, (), 2),)}


def test_a_run_over_a_part_of_the_notes_loses_nothing() -> None:
    corrections, _ = read_corrections("c.toml", entry("스택", "question"))
    corrected = find_lines(corrections, [Page.of("b.md", "b.md", "b.md", "큐")], {}, lambda source: False)
    assert corrected.problems == ()


# What holds for all notes


@given(documents().map(filled), st.data())
def test_nothing_vanishes_whatever_is_told(text: str, data: st.DataObject) -> None:
    count = text.count("\n") + 1
    one = st.builds(
        Told, st.integers(0, count - 1), st.sampled_from(As), st.sampled_from([(), ("면접질문",), ("-꼬리질문",)]), st.integers(-1, count - 1)
    )
    told = data.draw(st.lists(one, max_size=5, unique_by=lambda told: told.line))
    outline = read_markdown("a.md", text)
    reading = read_items(outline, Config(), told=told)
    counted(outline, reading)
    told_with_its_lines(outline, reading)
    assert len(list(contents(reading.items, Config()))) == len(list(with_follow_ups(reading.items)))


@given(documents().map(filled), st.data())
def test_what_is_told_of_an_unread_line_touches_no_other_item(text: str, data: st.DataObject) -> None:
    outline = read_markdown("a.md", text)
    before = read_items(outline, Config())
    read = {line for item in with_follow_ups(before.items) for line in lines_in((*item.context, *item.question, *item.answer))}
    unread = [number for number, role in enumerate(before.roles) if role == "u" and number not in read]
    told = [Told(data.draw(st.sampled_from(unread)), As.NOTHING)] if unread else []
    assert read_items(outline, Config(), told=told).items == before.items


# In a build


@pytest.fixture
def desk(tmp_path: Path) -> Desk:
    desk = Desk(tmp_path).write({"책/글.md": PLAIN, "책/둘.md": "# 둘\n\n- 덱이란 무엇인가요?\n\n  양쪽에서 넣는다.\n"})
    desk.build()
    return desk


def correct(desk: Desk, *entries: str) -> Desk:
    return desk.write({"corrections.toml": "\n".join(entries)})


def asked(built: Built) -> dict[str, str]:
    return {gist.question_text: gist.place.book for read in built.reads for gist in read.found.gists if gist.is_answered}


def test_a_correction_makes_a_card_and_takes_one_away(desk: Desk, tmp_path: Path) -> None:
    built = correct(desk, entry("스택 정리", "question", tags=["면접질문"]), entry("덱이란", "nothing")).build(NOW + 10)
    assert asked(built) == {"스택 정리": "책"}
    with Anki(tmp_path / "anki") as anki:
        anki.take(next(package for package in desk.packages() if package.stem == "책 - 면접질문"))
        [row] = anki.rows()
        assert "스택 정리" in row.fields["Question"]
    assert built.account.set_aside == len("덱이란무엇인가요?")
    assert built.account.characters == built.account.on_cards + built.account.structure + built.account.set_aside + built.account.unread


def test_a_question_that_is_corrected_keeps_its_history(desk: Desk) -> None:
    before = desk.build(NOW + 10)
    after = correct(desk, entry("덱이란 무엇인가요?", "question", tags=["어려움"])).build(NOW + 20)
    assert [note.locked.guid for note in after.notes] == [note.locked.guid for note in before.notes]
    assert [note.change.value for note in after.notes] == ["edited"]


def test_a_line_holds_through_builds_and_no_build_writes_the_corrections(desk: Desk) -> None:
    text = entry("스택 정리", "question")
    correct(desk, text).build(NOW + 10)
    for number, words in enumerate(["스택을 정리하자", "스택을 한번 정리하자", "우리 스택을 한번 정리하자"]):
        built = desk.write({"책/글.md": PLAIN.replace("스택 정리", words)}).build(NOW + 20 + number)
        assert words in asked(built)
    assert (desk.notes / "corrections.toml").read_text("utf-8") == text
    lock, problems = read_lock("cards.lock", desk.lock.read_text("utf-8"))
    assert problems == []
    assert lock.sightings["스택정리"].words == "우리스택을한번정리하자"
    correct(desk).build(NOW + 30)
    assert "corrects" not in desk.lock.read_text("utf-8")


def test_two_versions_of_the_lock_that_git_joined_are_one(desk: Desk) -> None:
    correct(desk, entry("스택 정리", "question")).build(NOW + 10)
    ours = desk.lock.read_text("utf-8")
    theirs = ours.replace('"line": 3', '"line": 7')
    both = ours + "".join(one + "\n" for one in theirs.splitlines() if one not in ours.splitlines())
    desk.lock.write_text(both, "utf-8")
    desk.build(NOW + 20)
    assert desk.lock.read_text("utf-8") == ours


def test_only_the_file_of_a_correction_is_read_again(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    desk.build(NOW + 10)
    read: list[str] = []
    from notedeck.reading import front

    original = front.read_source

    def reading(source: Source, config: Config, told: Sequence[Told] = ()) -> Findings:
        read.append(source.name)
        return original(source, config, told)

    monkeypatch.setattr(front, "read_source", reading)
    correct(desk, entry("스택 정리", "question")).build(NOW + 20)
    assert read == ["책/글.md"]
    desk.write({"corrections.toml": "# 까닭\n" + entry("스택 정리", "question", reason="그렇다")}).build(NOW + 30)
    assert read == ["책/글.md"]


def test_a_mistake_stops_the_build_and_what_is_lost_does_not(desk: Desk) -> None:
    before = desk.package_bytes()
    built = correct(desk, "[[line]]\n").build(NOW + 10)
    assert (built.failed, desk.package_bytes() == before) == (True, True)
    built = correct(desk, entry("없는 줄이다", "end")).build(NOW + 20)
    assert (built.failed, "correction-lost" in codes(built)) == (False, True)
    assert correct(desk, entry("없는 줄이다", "end")).build(NOW + 20, strict=True).failed


def test_another_file_may_hold_them(desk: Desk, tmp_path: Path) -> None:
    other = tmp_path / "다른 것.toml"
    other.write_text(entry("스택 정리", "question"), "utf-8")
    assert "스택 정리" in asked(desk.build(NOW + 10, corrections=other))
    assert "not-found" in codes(desk.build(NOW + 20, corrections=tmp_path / "없다.toml"))


PAGE = """<html><body><article class="page"><header><h1 class="page-title">자료</h1></header><div class="page-body">
<p>스택 정리</p><p>나중에 넣은 것이 먼저 나온다.</p>
<ul class="toggle"><li><details open=""><summary>큐 정리</summary><p>먼저 넣은 것이 먼저</p></details></li></ul>
</div></article></body></html>"""


@pytest.mark.parametrize(
    ("name", "text", "line", "answer"),
    [
        ("책/쪽.html", PAGE, "스택 정리", "나중에 넣은 것이 먼저 나온다.\n큐 정리\n먼저 넣은 것이 먼저"),
        ("책/쪽.html", PAGE, "큐 정리", "먼저 넣은 것이 먼저"),
        ("책/표.csv", "이름,뜻\n스택,나중에 넣은 것\n큐,먼저 넣은 것\n", "큐,먼저", "먼저 넣은 것"),
        ("책/표.md", "| 이름 | 뜻 |\n|---|---|\n| 스택 | 나중에 넣은 것 |\n", "| 스택 | 나중에", "나중에 넣은 것"),
        ("책/접힘.md", "<details>\n<summary>스택 정리</summary>\n\n나중에 넣은 것\n\n</details>\n", "스택 정리", "나중에 넣은 것"),
    ],
)
def test_lines_of_every_form_can_be_told(desk: Desk, name: str, text: str, line: str, answer: str) -> None:
    built = correct(desk.write({name: text}), entry(line, "question", file=name)).build(NOW + 10)
    said = {content.answer_text.strip() for read in built.reads if read.source.inside == name for content in read.found.contents}
    assert said == {answer}


def test_the_terminal_explains_a_line(desk: Desk) -> None:
    correct(desk, entry("스택 정리", "question"))
    ended = run(desk, "--explain", "notes/책/글.md:5")
    assert ended.status == 0
    first, card, correction = ended.out.splitlines()
    assert first == "notes/책/글.md:5: an answer: 나중에 넣은 것이 먼저 나온다."
    assert card.startswith("  card ")
    assert card.endswith(": notes/책/글.md:3: 스택 정리 (a correction says so)")
    assert correction == "  correction: notes/corrections.toml:1: question: 스택 정리"
    assert run(desk, "--explain", "notes/책/글.md:99").status == 2
    assert run(desk, "--explain", "책/둘.md:3").out.splitlines()[0] == "notes/책/둘.md:3: a question: - 덱이란 무엇인가요?"
    assert run(desk, "--explain", "책/둘.md:3", "--json").status == 2
