"""Where a note belongs: book, chapter's deck, tag, and names that every system can hold."""

from __future__ import annotations

import unicodedata
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from notedeck.config import Config, read_config
from notedeck.items.chapter import Chapter
from notedeck.items.pages.sections import read_chapter
from notedeck.packages.decktree import REMOVED_TAG
from notedeck.places.decks import deck_part, file_name, place_of, tag_part
from notedeck.places.site import Site
from notedeck.places.titles import bare_title
from tests.anki_oracle import NOW, Anki, Desk, codes, question

ID = "00112233445566778899aabbccddeeff"


@pytest.mark.parametrize(
    ("title", "book"),
    [
        ("대규모 1~3장", "대규모"),
        ("대규모 1 ~ 3장", "대규모"),
        ("대규모 1장~3장", "대규모"),
        ("대규모 (1-3장)", "대규모"),
        ("대규모 [4, 5장]", "대규모"),
        ("대규모 제1장", "대규모"),
        ("대규모 제1~3장", "대규모"),
        ("운영체제 1~9장", "운영체제"),
        ("운영체제 10장", "운영체제"),
        ("경제 3주차", "경제"),
        ("운영체제 제10장", "운영체제"),
        ("대규모 3주차", "대규모"),
        ("대규모 Chapter 1-3", "대규모"),
        ("대규모 week 2", "대규모"),
        (f"대규모 1~3장 {ID}", "대규모"),
        (f"대규모-{ID}", "대규모"),
        ("  대규모   시스템 ", "대규모 시스템"),
        (unicodedata.normalize("NFD", "대규모 1~3장"), "대규모"),
        ("1~3장", ""),
        (ID, ""),
        ("HTTP/2", "HTTP/2"),
        ("클린 코드 2판", "클린 코드 2판"),
        ("1984", "1984"),
        ("3장으로 끝내는 네트워크", "3장으로 끝내는 네트워크"),
        ("C++ 17", "C++ 17"),
    ],
)
def test_a_title_without_ids_and_range(title: str, book: str) -> None:
    assert bare_title(title) == book


@pytest.mark.parametrize(
    ("heading", "deck"),
    [
        ("1장 규모 확장", "책::01장"),
        ("제1장", "책::01장"),
        ("제 10 장 면접", "책::10장"),
        ("10장", "책::10장"),
        ("123장", "책::123장"),
        ("Chapter 1: Scale", "책::Chapter 01"),
        ("chapter 12", "책::Chapter 12"),
        ("Ch. 3", "책::Chapter 03"),
        ("1주차", "책::01주차"),
        ("Week 2", "책::Week 02"),
    ],
)
def test_the_deck_of_a_chapter_is_number_and_unit(heading: str, deck: str) -> None:
    place = place_of(Site("책", is_book=True), read_chapter(heading), Config())
    assert place.deck == deck
    assert place.chapter == " ".join(heading.split())
    assert place.tag == f"장::{deck}".replace(" ", "_")


@pytest.mark.parametrize("heading", ["장보기", "1. 서론", "들어가며", "3장의 요약", "2024", "1~3장", "Chapter", "10장면"])
def test_other_headings_are_no_chapters(heading: str) -> None:
    assert read_chapter(heading) is None


def test_a_subtitle_moves_no_deck() -> None:
    one, other = (place_of(Site("책", is_book=True), read_chapter(heading), Config()) for heading in ("1장 처음", "제1장 — 고쳐 쓴 부제"))
    assert (one.deck, one.tag) == (other.deck, other.tag)


def test_outside_chapters_a_card_lies_in_the_books_deck() -> None:
    place = place_of(Site("책", is_book=True), None, Config())
    assert (place.deck, place.chapter, place.tag) == ("책", "", "")


def test_deck_toml_puts_a_book_below_another_deck_and_pads_further() -> None:
    config, problems = read_config("deck.toml", '[deck]\nunder = "공부 :: 책::"\ndigits = 3\n')
    assert not problems
    place = place_of(Site("책", is_book=True), Chapter("1장", 1, "장"), config)
    assert [part.strip() for part in place.deck.split("::")] == ["공부", "책", "책", "001장"]


@pytest.mark.parametrize(("words", "part"), [("C::D", "C:D"), ("a:::b", "a:b"), ("  ", "노트"), ("a\tb\nc", "a b c"), ("콜론: 하나", "콜론: 하나")])
def test_a_name_stays_one_part_of_a_decks(words: str, part: str) -> None:
    assert deck_part(words) == part


@given(st.text())
def test_a_tag_holds_no_space_and_stays_one_part(words: str) -> None:
    part = tag_part(words)
    assert part
    assert "::" not in part
    assert not any(char.isspace() for char in part)


@pytest.mark.parametrize(
    ("words", "name"),
    [
        ("대규모", "대규모.apkg"),
        ('a<b>:"/\\|?*', "a_b________.apkg"),
        ("끝의 점...", "끝의 점.apkg"),
        (".", "_.apkg"),
        ("CON", "_CON.apkg"),
        ("nul.txt", "_nul.txt.apkg"),
        ("console", "console.apkg"),
        ("com1", "_com1.apkg"),
    ],
)
def test_a_file_has_a_name_that_windows_takes(words: str, name: str) -> None:
    assert file_name(words, ".apkg") == name


@given(st.text(), st.sampled_from([".apkg", " - 면접질문.apkg", " - 면접/질문.apkg"]))
def test_any_words_give_a_file_name(words: str, ending: str) -> None:
    name = file_name(words, ending)
    assert len(name.encode()) <= 120
    assert name.endswith(".apkg")
    assert not set(name) & set('<>:"/\\|?*\x00\x1f\n')
    assert unicodedata.normalize("NFC", name) == name
    assert not name.startswith((" ", "."))


@pytest.mark.parametrize(
    "titles",
    [("아주 긴 제목 " * 12 + "하나", "아주 긴 제목 " * 12 + "둘"), ("무엇?", "무엇*"), ("책", "책 - 면접질문")],
    ids=["cut", "what Windows forbids", "a filtered package"],
)
def test_books_whose_packages_would_be_one_file_have_files_of_their_own(tmp_path: Path, titles: tuple[str, str]) -> None:
    asked = ("[면접질문] 하나인가요?", "둘인가요?")
    desk = Desk(tmp_path).write({f"{n}.md": f"# {title}\n\n" + question(asked[n], "네.") for n, title in enumerate(titles)})
    built = desk.build()
    assert codes(built) == []
    assert len({path.name.casefold() for path in desk.packages()}) == (4 if titles[1].endswith("면접질문") else 3)
    with Anki(tmp_path / "anki") as anki:
        anki.take_all(desk.packages())
        assert {row.deck for row in anki.rows()} == {deck_part(title) for title in titles}
    (desk.notes / "1.md").write_text("", "utf-8")
    gone = desk.build(now=NOW + 100)
    assert [row.fields["Question"] for plan in gone.plans if plan.tag == REMOVED_TAG for row in plan.notes] == ["<strong>둘인가요?</strong>"]


def test_chapters_of_two_and_ten_come_in_their_order_in_anki(tmp_path: Path) -> None:
    """Anki lists decks, and takes new cards from them, in the order of their names as text."""
    text = "# 책\n\n" + "".join(f"## {number}장\n\n" + question(f"{number}장은 무엇인가요?", "그렇다.") for number in (10, 2, 1))
    desk = Desk(tmp_path).write({"책.md": text})
    desk.build()
    with Anki(tmp_path / "anki") as anki:
        anki.take_all(desk.packages())
        names = [deck.name for deck in anki.col.decks.all_names_and_ids() if deck.name.startswith("책")]
        assert names == ["책", "책::01장", "책::02장", "책::10장"]


def test_odd_book_titles_arrive_in_anki_as_they_were_planned(tmp_path: Path) -> None:
    titles = ["C++ :: 깊이", 'a "따옴표" *별*', "공백 책", "끝 "]
    desk = Desk(tmp_path).write({f"{n}.md": f"# {title}\n\n## 1장\n\n" + question(f"{n}번은요?", "그렇다.") for n, title in enumerate(titles)})
    built = desk.build()
    assert codes(built) == []
    planned = {deck.name for plan in built.plans for deck in plan.decks}
    with Anki(tmp_path / "anki") as anki:
        anki.take_all(desk.packages())
        rows = anki.rows()
        assert {deck.name for deck in anki.col.decks.all_names_and_ids()} - {"Default"} == planned
        assert [row.tags for row in rows] == [note.tags for note in sorted(built.notes, key=lambda note: (note.draft.place.book, note.locked.guid))]
        for row in rows:
            assert anki.find(f"tag:{row.tags[0]}") == [row.guid]
