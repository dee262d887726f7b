"""Notes with gaps, from the notes to the real Anki: its cards, what they show, and what becomes of them when the notes are edited."""

from __future__ import annotations

import html
import re
import shutil
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from notedeck.config import Config
from notedeck.content.arming import armed
from notedeck.content.fields import contents
from notedeck.identity.gaps import kept_numbers
from notedeck.identity.notes import Change
from notedeck.report.messages import ENGLISH
from notedeck.report.report import json_report
from notedeck.report.run import Built
from notedeck.report.summary import in_anki
from tests.anki_oracle import NOW, REPO, Anki, Desk, codes, plain, png
from tests.dumps import read

LATER = NOW + 86_400
ON = "[recognisers]\ncloze = true\n"
CLOZE = "면접 노트 빈칸"
EMPTIED = "Anki keeps 1 cards whose gap is gone: Tools → Empty Cards deletes them"


def desk_of(folder: Path, text: str, config: str = ON) -> Desk:
    return Desk(folder).write({"책.md": text, "deck.toml": config})


def rebuilt(desk: Desk, text: str, now: int = LATER, **options: Any) -> Built:
    return desk.write({"책.md": text}).build(now=now, **options)


def notes_of(anki: Anki, search: str = f'"note:{CLOZE}"') -> list[Any]:
    """The notes with gaps, in the order in which they are learned."""
    notes = [anki.col.get_note(number) for number in anki.col.find_notes(search)]
    return sorted(notes, key=lambda note: (note.cards()[0].due, note.id))


def places(note: Any) -> list[int]:
    return [card.ord for card in note.cards()]


def wanted_places(anki: Anki, note: Any) -> list[int]:
    """The cards that Anki itself makes of a note's fields."""
    return sorted(number - 1 for number in anki.col._backend.cloze_numbers_in_note(note._to_backend_note()))


def sides(card: Any) -> tuple[str, str]:
    """What a card asks and what it answers, in one line each."""
    shown = card.render_output()
    return _text_of(shown.question_text), _text_of(shown.answer_text)


def _text_of(side: str) -> str:
    found = re.search(r'<div class="answer text">(.*?)</div>\s*(?:<hr|<footer|</article)', side, re.DOTALL)
    assert found, side
    return plain(found[1].replace("\n", " "))


def test_each_number_is_a_card_that_hides_its_gaps_alone(tmp_path: Path) -> None:
    text = "# 책\n\n## 1장 처음\n\n- p.3 [면접질문] 포트는 ==80==과 {{c1::443::숫자}}이다. {{c1::끝}} @오세라\n  - 둘 다 작다.\n- 하나는 ==둘==\n"
    desk = desk_of(tmp_path, text)
    built = desk.build()
    assert codes(built) == []
    with Anki(tmp_path / "anki") as anki:
        assert len(anki.take(desk.packages()[0]).new) == 2
        first, second = notes_of(anki)
        assert (places(first), places(second)) == ([0, 1], [0])
        one, two = map(sides, first.cards())
        assert one == ("포트는 80과 [숫자]이다. [...]", "포트는 80과 443이다. 끝")
        assert two == ("포트는 [...]과 443이다. 끝", "포트는 80과 443이다. 끝")
        assert (first["Page"], first["Asker"], first["Label"], first["Chapter"]) == ("3", "오세라", "면접질문", "1장 처음")
        assert first["Extra"] == "<ul><li>둘 다 작다.</li></ul>"
        assert first.tags == ["면접질문", "장::책::01장"]
        answer = first.cards()[0].render_output().answer_text
        assert "둘 다 작다." in answer
        assert first["ID"] in answer
        assert "{{" not in answer
        assert {card.did for note in (first, second) for card in note.cards()} == {anki.col.decks.id_for_name("책::01장")}
        assert [card.due for note in (first, second) for card in note.cards()] == [1, 1, 2]
        assert anki.col.get_empty_cards().notes == []
        anki.col.fix_integrity()
        assert [places(note) for note in notes_of(anki)] == [[0, 1], [0]]


def test_counts_are_counts_of_cards(tmp_path: Path) -> None:
    desk = desk_of(tmp_path, "# 책\n\n- [면접] 하나 ==둘== ==셋== {{c1::넷}}\n- 왜 그런가요?\n  그러니까.\n")
    report = json_report(desk.build(), ENGLISH)
    assert [(deck["file"], deck["cards"], deck["subdecks"]) for deck in report["decks"]] == [
        ("책.apkg", 4, {"책": 4}),
        ("책 - 면접질문.apkg", 3, {"책": 3}),
    ]
    item = report["items"][0]
    assert (item["question"], item["answer"], item["status"], item["change"]) == ("하나 둘 셋 넷", "", "card", "new")
    with Anki(tmp_path / "anki") as anki:
        anki.take(desk.packages()[1])
        assert anki.col.card_count() == 3
        anki.take(desk.packages()[0])
        assert anki.col.card_count() == 4
        assert anki.find("tag:면접질문") == [notes_of(anki)[0].guid]


def test_notes_and_questions_stand_in_one_package_with_their_own_types(tmp_path: Path) -> None:
    desk = desk_of(tmp_path, "- 왜 그런가요?\n  그러니까.\n- 하나는 ==둘==이다.\n")
    desk.build()
    with Anki(tmp_path / "anki") as anki:
        anki.take(desk.packages()[0])
        kinds = {note["ID"]: note.note_type()["name"] for note in map(anki.col.get_note, anki.col.find_notes(""))}
        assert sorted(kinds.values()) == ["면접 노트 Q&A", CLOZE]
        cloze = anki.col.models.by_name(CLOZE)
        assert cloze["type"] == 1
        assert cloze["css"] == "".join((REPO / "templates" / name).read_text("utf-8") for name in ("qa/style.css", "cloze/style.css"))
        assert [template["name"] for template in cloze["tmpls"]] == ["빈칸"]
        assert not any(outcome.new or outcome.updated or outcome.conflicting for outcome in anki.take_all(desk.packages()))


HOSTILE = [
    "- 코드 ==`m{{1, {2}}}`==와 {{c2::`std::map<K, V>` ::자료형}}은 `a::b}}{{c9::c}}`이다.\n",
    "- 수식 ==$\\frac{a}{b_{c_{d}}}$==와 {{c3::$x^{y^{z}}$::지수}}\n",
    "- {{c1::셋}} {{c0::영}} {{c7:: {{c8:: }} }} {{{c2::넷}}} }}}} {{{{\n",
    "- ==끝==}} {{c1::가::나}}::다}} ::\n",
    "- ==하나==\n\n  {{c5::\n\n  | {{c6:: | }} |\n  |---|---|\n  | `{{c7::x}}` | 값 |\n",
    "- ==하나==\n  ```\n  {{c5::코드}} {{cloze:Text}} {{Answer}}\n  ```\n",
    "- ==[글 ::](https://example.com/{{c4::a}}?b=::)== <span>==둘==</span> {{c1::https://example.com/a::b}}\n",
    "- ==![{{c9::그림}} ::](a.png)== ![{{c8::없음}}](b.png)\n",
    "- [면접질문] ==하나== <!-- {{c9::숨음}} --> &#123;&#123;c9::둘&#125;&#125; &#2;1&#3;셋&#5; [](http://a.kr/%021%03%05)\n",
    "- {{c1::{{c2::{{c3::{{c4::깊이}}}}}}}} {{c1,5::여럿}} {{c01::영하나}}\n",
    "- ==**굵은** 것==과 **==나란히====붙은==** *것 {{c3::가*로}}지름\n",
]


@pytest.mark.parametrize("text", HOSTILE, ids=range(len(HOSTILE)))
def test_nothing_breaks_out_of_a_gap_or_becomes_one(tmp_path: Path, text: str) -> None:
    """Anki finds the cards that we have made, in all fields, and shows no mark of a gap of ours."""
    desk = desk_of(tmp_path, f"# {{{{c3::책}}}}\n\n## 1장 {{{{c4::처음}}}}\n\n{text}").write({"a.png": png(1)})
    built = desk.build()
    with Anki(tmp_path / "anki") as anki:
        anki.take_all(desk.packages())
        (note,) = notes_of(anki)
        assert places(note) == wanted_places(anki, note) == list(built.notes[0].cards)
        assert not anki.col.get_empty_cards().notes
        for card in note.cards():
            shown = card.render_output()
            for side in (shown.question_text, shown.answer_text):
                assert "error" not in side.lower()
                assert not re.search(r"\{\{c|\}\}|[\x02-\x05]", side)
            assert sides(card)[0] != sides(card)[1]
            assert plain(note["Text"].split("{{", 1)[0]) in sides(card)[0]


@settings(deadline=None, max_examples=200)
@given(
    st.lists(
        st.sampled_from(["{{c1::", "{{c2::", "}}", "::", "==", "가", "a", " ", "`", "{", "}", ":", "**", "$", "\n", "|", "[", "](u)"]), max_size=24
    )
)
def test_a_text_has_the_cards_that_anki_makes_of_its_field(parts: Sequence[str]) -> None:
    """What stands in the field is read by Anki's own rule; of what its author wrote nothing is lost."""
    outline, reading = read("- " + "".join(parts), Config(recognisers={**Config().recognisers, "cloze": True}))
    assert reading.account.characters == sum(not char.isspace() for char in outline.text)
    for item in reading.items:
        (content, *_) = contents((item,), Config())
        if content.is_cloze:
            assert numbers_in(armed(content.question)) == {place + 1 for place in content.cards}
            assert not numbers_in(armed(content.answer))


def numbers_in(field: str) -> set[int]:
    """The numbers of whole gaps, as Anki's tokens make them."""
    opened: list[list[int]] = []
    found: set[int] = set()
    for sign in re.finditer(r"\{\{c([\d,]+)::|\}\}", field):
        if sign[1]:
            opened.append([int(number) for number in sign[1].split(",")])
        elif opened:
            found.update(opened.pop())
    return found


# Edits


def test_what_was_learned_survives_edits_of_text_and_gaps(tmp_path: Path) -> None:
    desk = desk_of(tmp_path, "- 기본 포트는 ==80==이고 암호로 하면 ==443==이다.\n")
    desk.build()
    with Anki(tmp_path / "anki") as anki:
        anki.take_all(desk.packages())
        (note,) = notes_of(anki)
        learned = {card.ord: card.id for card in note.cards()}
        anki.col.db.execute("update cards set type = 2, queue = 2, due = 100 + ord, ivl = 30 + ord, reps = 7 where nid = ?", note.id)
        edits = [
            "- 기본 포트는 ==80==이고, 암호로 하면 ==443==이다.\n  - 둘 다 작다.\n",
            "- [면접질문] 웹의 기본 포트는 ==80==이고, 암호로 하면 ==443==이다.\n  - 둘 다 작다.\n",
            "- [면접질문] ==웹==의 기본 포트는 ==80==이고, 암호로 하면 ==443==이다.\n  - 둘 다 작다.\n",
            "- [면접질문] ==웹==의 기본 포트는 ==80번==이고, 암호로 하면 ==443==이다.\n  - 둘 다 작다.\n",
        ]
        for number, text in enumerate(edits, 1):
            built = rebuilt(desk, text, LATER + number)
            assert [one.change for one in built.notes] == [Change.REWORDED if number != 3 else Change.EDITED]
            assert anki.take(desk.packages()[0]).updated == (note.guid,)
            (note,) = notes_of(anki)
            assert {card.ord: card.id for card in note.cards() if card.ord in learned} == learned
            assert anki.col.db.all("select due, ivl, reps from cards where nid = ? and ord < 2 order by ord", note.id) == [[100, 30, 7], [101, 31, 7]]
        assert [sides(card)[0] for card in note.cards()] == [
            "웹의 기본 포트는 [...]이고, 암호로 하면 443이다.",
            "웹의 기본 포트는 80번이고, 암호로 하면 [...]이다.",
            "[...]의 기본 포트는 80번이고, 암호로 하면 443이다.",
        ]


def test_a_gap_that_is_gone_leaves_its_number_free_for_ever(tmp_path: Path) -> None:
    desk = desk_of(tmp_path, "- ==하나==와 ==둘==과 셋이 차례로 선다.\n")
    desk.build()
    with Anki(tmp_path / "anki") as anki:
        anki.take_all(desk.packages())
        for number, (text, shown) in enumerate(
            [
                ("- 하나와 ==둘==과 셋이 차례로 선다.\n", "하나와 {{c2::둘}}과 셋이 차례로 선다."),
                ("- 하나와 ==둘==과 ==셋==이 차례로 선다.\n", "하나와 {{c2::둘}}과 {{c3::셋}}이 차례로 선다."),
                ("- ==하나==와 ==둘==과 ==셋==이 차례로 선다.\n", "{{c1::하나}}와 {{c2::둘}}과 {{c3::셋}}이 차례로 선다."),
            ]
        ):
            built = rebuilt(desk, text, LATER + number)
            anki.take_all(desk.packages())
            assert notes_of(anki)[0]["Text"] == shown
            if number == 0:
                assert len(anki.col.get_empty_cards().notes) == 1
            assert [line for line in in_anki(built, ENGLISH) if "Empty Cards" in line] == [EMPTIED] * (number == 0)
        assert places(notes_of(anki)[0]) == [0, 1, 2]


@pytest.mark.parametrize(
    ("gaps", "before", "gone", "kept"),
    [
        ("가 나", "", "", {}),
        ("가 나", "가 나", "", {1: 1, 2: 2}),
        ("다 가 나", "가 나", "", {1: 3, 2: 1, 3: 2}),
        ("나 가", "가 나", "", {1: 2, 2: 1}),
        ("가 다", "가 나", "", {1: 1, 2: 2}),
        ("가 다 라", "가 나", "", {1: 1, 2: 3, 3: 4}),
        ("나", "가 나", "", {1: 2}),
        ("나 다", "나=2", "가", {1: 2, 2: 3}),
        ("가 나", "나=2", "가", {1: 1, 2: 2}),
        ("가 가", "가 가", "", {1: 1, 2: 2}),
        ("가 가 가", "가 가", "", {1: 1, 2: 2, 3: 3}),
    ],
)
def test_numbers_of_gaps(gaps: str, before: str, gone: str, kept: dict[int, int]) -> None:
    def read_gaps(words: str) -> tuple[tuple[int, str], ...]:
        pairs = [(word.partition("=")[0], word.partition("=")[2]) for word in words.split()]
        return tuple((int(given or number), text) for number, (text, given) in enumerate(pairs, 1))

    now = read_gaps(gaps)
    assert kept_numbers(now, [number for number, _ in now], read_gaps(before), read_gaps(gone)) == kept


def test_a_number_that_is_written_is_the_authors(tmp_path: Path) -> None:
    desk = desk_of(tmp_path, "- ==하나==와 {{c2::둘}}과 ==셋==\n")
    desk.build()
    built = rebuilt(desk, "- {{c3::하나}}와 {{c2::둘}}과 ==셋==\n")
    assert built.notes[0].fields["Text"] == "{{c3::하나}}와 {{c2::둘}}과 {{c4::셋}}"


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("- 뮤텍스는 ==하나==만 들어가는 자물쇠이다.\n", "- 뮤텍스는 무엇인가요?\n  하나만 들어가는 자물쇠이다.\n"),
        ("- 뮤텍스는 무엇인가요?\n  하나만 들어가는 자물쇠이다.\n", "- 뮤텍스는 ==하나==만 들어가는 자물쇠이다.\n"),
    ],
)
def test_a_note_that_moves_to_another_type_is_a_new_one_and_both_are_named(tmp_path: Path, before: str, after: str) -> None:
    other = "- 캐시는 왜 두나요?\n  가까우니까.\n"
    desk = desk_of(tmp_path, other + before)
    old = desk.build().notes[1]
    built = rebuilt(desk, other + after)
    (told,) = built.diagnostics
    new = built.notes[1]
    assert (told.code, told.span.line) == ("retyped", 3)
    assert told.details == (old.locked.type, new.locked.type, new.locked.id, old.locked.id)
    assert [one.change for one in built.notes] == [Change.SAME, Change.NEW]
    assert [one.guid for one in built.removed] == [old.locked.guid] != [new.locked.guid]
    with Anki(tmp_path / "anki") as anki:
        assert not any(outcome.conflicting for outcome in anki.take_all(desk.packages()))
    again = rebuilt(desk, other + before, LATER + 1)
    assert again.notes[1].locked.guid == old.locked.guid
    assert again.notes[1].change is Change.RETURNED


def test_same_does_not_join_two_types(tmp_path: Path) -> None:
    desk = desk_of(tmp_path, "- 뮤텍스는 ==하나==만\n")
    old = desk.build().notes[0].locked.id
    new = rebuilt(desk, "- 뮤텍스는 왜 쓰나요?\n  하나만\n", plan=True).notes[0].locked.id
    built = rebuilt(desk, "- 뮤텍스는 왜 쓰나요?\n  하나만\n", same=((old, new),))
    assert built.notes[0].change is Change.NEW


def test_a_removed_note_is_marked_with_all_its_cards(tmp_path: Path) -> None:
    desk = desk_of(tmp_path, "- 하나는 ==둘==과 ==셋==\n- 왜 그런가요?\n  그러니까.\n")
    desk.build()
    with Anki(tmp_path / "anki") as anki:
        anki.take_all(desk.packages())
        rebuilt(desk, "- 왜 그런가요?\n  그러니까.\n")
        (marks,) = (path for path in desk.packages() if "정리" in path.name)
        assert len(anki.take(marks).updated) == 1
        assert notes_of(anki, "tag:삭제됨")[0]["Text"] == "하나는 {{c1::둘}}과 {{c2::셋}}"
        assert anki.col.card_count() == 3


def test_a_lost_lock_is_restored_with_gaps_and_all(tmp_path: Path) -> None:
    sentence = "- {{c2::둘 {{c4::넷}}::`힌트`}}과 ==`a::b {{c1::x}}`==와 ==셋::넷==은 std::cout {{c9::아홉}}이다.\n"
    text = f"{sentence}  - {{{{덧붙임}}}}\n- 왜 그런가요?\n  그러니까.\n"
    desk = desk_of(tmp_path, text)
    first = desk.build()
    packages = desk.package_bytes()
    desk.lock.unlink()
    second = desk.build(now=LATER)
    assert codes(second) == ["lock-restored"]
    assert [note.change for note in second.notes] == [Change.SAME, Change.SAME]
    assert [note.locked for note in second.notes] == [note.locked for note in first.notes]
    assert desk.package_bytes() == packages
    desk.lock.unlink()
    third = rebuilt(desk, text.replace("- {{c2", "- ==처음==은 {{c2"), LATER)
    assert third.notes[0].fields["Text"].startswith("{{c5::처음}}은 {{c2::둘")


def test_a_type_has_its_line_and_its_time_in_the_lock(tmp_path: Path) -> None:
    shutil.copytree(REPO / "templates", tmp_path / "templates")
    desk = desk_of(tmp_path, "- 왜 그런가요?\n  그러니까.\n")
    desk.build(templates=tmp_path / "templates")
    assert CLOZE not in desk.lock.read_text("utf-8")
    rebuilt(desk, "- 왜 그런가요?\n  그러니까.\n- 하나는 ==둘==\n", templates=tmp_path / "templates")
    style = tmp_path / "templates" / "cloze" / "style.css"
    with Anki(tmp_path / "anki") as anki:
        anki.take_all(desk.packages())
        style.write_text(style.read_text("utf-8") + "/* new */", "utf-8")
        built = desk.build(now=LATER + 1, templates=tmp_path / "templates")
        assert [note.change for note in built.notes] == [Change.SAME, Change.SAME]
        anki.take_all(desk.packages())
        times = {name: anki.col.models.by_name(name)["mod"] for name in ("면접 노트 Q&A", CLOZE)}
        assert times == {"면접 노트 Q&A": NOW, CLOZE: LATER + 1}
        assert anki.col.models.by_name(CLOZE)["css"].endswith("/* new */")


def test_a_groups_own_type_has_one_beside_it(tmp_path: Path) -> None:
    text = "- 하나는 ==둘==\n"
    desk_of(tmp_path / "one", text).build()
    other = desk_of(tmp_path / "two", text, f'{ON}[deck]\nnote_type = "우리 노트"\n')
    assert other.build().notes[0].locked.type == "우리 노트 빈칸"
    with Anki(tmp_path / "anki") as anki:
        for desk in (Desk(tmp_path / "one"), other):
            assert len(anki.take(desk.packages()[0]).new) == 1


def test_two_people_make_the_same_notes_and_cards(tmp_path: Path) -> None:
    text = "- 하나는 ==둘==과 ==셋==과 ==넷==\n"
    one, two = (desk_of(tmp_path / name, text) for name in ("one", "two"))
    one.build()
    two.build()
    assert one.package_bytes() == two.package_bytes()
    with Anki(tmp_path / "anki") as anki:
        anki.take_all(one.packages())
        ids = [card.id for card in notes_of(anki)[0].cards()]
        assert ids == sorted(ids)
        assert ids[0] == notes_of(anki)[0].id


def test_without_deck_toml_gaps_are_text(tmp_path: Path) -> None:
    built = desk_of(tmp_path, "- 포트는 ==80==이다.\n- {{c1::왜}} 그런가요?\n  {{c1::그러니까}}\n", "").build()
    assert [note.fields["Question"] for note in built.notes] == ["{{c1::왜}} 그런가요?"]
    assert codes(built) == ["unread"]


def test_a_gap_in_a_formula_is_one_in_anki_and_the_formula_stays_whole(tmp_path: Path) -> None:
    desk = desk_of(tmp_path, "# 책\n\n- 합은 $\\sum_{k} k = {{c1::\\frac{n(n+1)}{2} }}$ 이고 $x^{y^{z}} = {{c2::w::글자}}$ 이다.\n")
    assert codes(desk.build()) == []
    with Anki(tmp_path / "anki") as anki:
        anki.take_all(desk.packages())
        (note,) = notes_of(anki)
        assert places(note) == wanted_places(anki, note) == [0, 1]
        first, second = (card.render_output() for card in note.cards())
        assert r"\(\sum_{k} k = [...]\)" in html.unescape(first.question_text)
        assert r"\(\sum_{k} k = \frac{n(n+1)}{2} \)" in html.unescape(first.answer_text)
        assert r"= [글자]\)" in html.unescape(second.question_text)
        assert r"\(x^{y^{z}} = w\)" in html.unescape(second.answer_text)
