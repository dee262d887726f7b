"""Subdecks where no heading is a numbered chapter: folders, files and sections, and what deck.toml says."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.anki_oracle import Anki, Desk, codes, question

PLAIN = question("하나인가요?", "네.")


def _decks(tmp_path: Path, files: dict[str, str], settings: str = "") -> list[str]:
    """The decks of the cards, in the order of their files."""
    desk = Desk(tmp_path).write({**files, "deck.toml": settings})
    built = desk.build()
    assert not built.failed, codes(built)
    return [note.draft.place.deck for note in built.notes]


def _page(*sections: str, title: str = "") -> str:
    """A page with a heading of the second level and a question in each section."""
    top = f"# {title}\n\n" if title else ""
    return top + "\n".join(f"## {words}\n\n" + question(f"{words}은 무엇인가요?", "그렇다.") for words in sections)


@pytest.mark.parametrize(
    ("files", "decks"),
    [
        ({"운영체제/메모리.md": PLAIN}, ["운영체제::메모리"]),
        ({"운영체제/메모리.md": "# 가상 메모리\n\n" + PLAIN}, ["운영체제::메모리"]),
        ({"운영체제/메모리.md": _page("페이지", "프레임", title="메모리")}, ["운영체제::메모리"] * 2),
        ({"운영체제/2부/메모리.md": PLAIN}, ["운영체제::02부::메모리"]),
        ({"운영체제/중급/심화/메모리.md": PLAIN}, ["운영체제::중급::심화::메모리"]),
        ({"운영체제/메모리.md": PLAIN, "운영체제/파일.md": question("둘인가요?", "네.")}, ["운영체제::메모리", "운영체제::파일"]),
        ({"운영체제 1~3장/메모리.md": PLAIN}, ["운영체제::메모리"]),
        ({"운영체제 00112233445566778899aabbccddeeff/메모리 00112233445566778899aabbccddeeff.md": PLAIN}, ["운영체제::메모리"]),
        ({"운영체제/a::b.md": PLAIN}, ["운영체제::a:b"]),
        ({"C::언어/포인터.md": PLAIN}, ["C:언어::포인터"]),
        ({"운영체제/메모리 1~3장.md": PLAIN}, ["메모리"]),
        ({"운영체제/운영체제.md": PLAIN, "운영체제/README.md": question("둘인가요?", "네.")}, ["운영체제", "운영체제"]),
        ({"운영체제/메모리/index.md": PLAIN}, ["운영체제::메모리"]),
    ],
)
def test_a_folder_is_the_book_and_its_files_the_chapters(tmp_path: Path, files: dict[str, str], decks: list[str]) -> None:
    assert _decks(tmp_path, files) == decks


@pytest.mark.parametrize(
    ("files", "decks"),
    [
        ({"운영체제/3장.md": "# 3장 메모리\n\n" + PLAIN}, ["운영체제::03장"]),
        ({"운영체제/1주차.md": "# 운영체제\n\n## 1장 처음\n\n" + PLAIN}, ["운영체제::01장"]),
        ({"운영체제/1주차.md": "## 1장 처음\n\n" + PLAIN}, ["운영체제::01장"]),
        ({"운영체제/처음/1주차.md": "## 1장 처음\n\n" + PLAIN}, ["운영체제::처음::01장"]),
        ({"운영체제/1장 처음/1주차.md": "## 1장 처음\n\n" + PLAIN}, ["운영체제::01장"]),
    ],
)
def test_numbered_chapters_count_before_files(tmp_path: Path, files: dict[str, str], decks: list[str]) -> None:
    assert _decks(tmp_path, files) == decks


@pytest.mark.parametrize(
    ("text", "decks"),
    [
        (_page("메모리", "파일", title="책"), ["책::메모리", "책::파일"]),
        (_page("메모리", "파일"), ["책::메모리", "책::파일"]),
        (_page("메모리", title="책"), ["책"]),
        (_page("메모리", title="책") + "\n## 참고\n\n읽을 것\n", ["책"]),
        ("# 책\n\n" + PLAIN + "\n" + _page("메모리", "파일"), ["책", "책::메모리", "책::파일"]),
        (_page("메모리", "파일", title="책").replace("## ", "### "), ["책::메모리", "책::파일"]),
        (_page("1장", "파일", title="책"), ["책::01장", "책"]),
        (_page("a::b", "파일 @이하늘", title="책"), ["책::a:b", "책::파일"]),
        ("# 책\n\n### 곁\n\n" + PLAIN + "\n" + _page("메모리", "파일"), ["책", "책::메모리", "책::파일"]),
        (_page("메모리", "메모리", title="책").replace("- **메모리은 무엇인가요?**", "- **처음인가요?**", 1), ["책::메모리", "책::메모리"]),
    ],
)
def test_sections_are_the_chapters_of_a_single_file(tmp_path: Path, text: str, decks: list[str]) -> None:
    assert _decks(tmp_path, {"책.md": text}) == decks


OTHERS = question("둘인가요?", "네."), question("셋인가요?", "네.")
BOOK = f"# 책\n\n## 메모리\n\n### 페이지\n\n{PLAIN}\n### 프레임\n\n{OTHERS[0]}\n## 파일\n\n{OTHERS[1]}"


@pytest.mark.parametrize(
    ("subdecks", "decks"),
    [
        ("auto", ["책::메모리", "책::메모리", "책::파일"]),
        ("flat", ["책", "책", "책"]),
        ("file", ["책::책", "책::책", "책::책"]),
        ("h2", ["책::메모리", "책::메모리", "책::파일"]),
        ("h3", ["책::페이지", "책::프레임", "책"]),
    ],
)
def test_deck_toml_says_what_the_subdecks_are(tmp_path: Path, subdecks: str, decks: list[str]) -> None:
    assert _decks(tmp_path, {"책.md": BOOK}, f'[deck]\nsubdecks = "{subdecks}"\n') == decks


@pytest.mark.parametrize(
    ("subdecks", "decks"),
    [
        ("auto", ["컴퓨터::책", "컴퓨터::책", "컴퓨터::책"]),
        ("file", ["컴퓨터::책", "컴퓨터::책", "컴퓨터::책"]),
        ("flat", ["컴퓨터", "컴퓨터", "컴퓨터"]),
        ("h2", ["컴퓨터::책::메모리", "컴퓨터::책::메모리", "컴퓨터::책::파일"]),
    ],
)
def test_deck_toml_says_it_of_a_folder(tmp_path: Path, subdecks: str, decks: list[str]) -> None:
    assert _decks(tmp_path, {"컴퓨터/책.md": BOOK}, f'[deck]\nsubdecks = "{subdecks}"\n') == decks


def test_deck_toml_wins_over_numbered_chapters(tmp_path: Path) -> None:
    text = _page("1장 처음", "2장 다음", title="책")
    assert _decks(tmp_path / "auto", {"책.md": text}) == ["책::01장", "책::02장"]
    assert _decks(tmp_path / "flat", {"책.md": text}, '[deck]\nsubdecks = "flat"\n') == ["책", "책"]
    assert _decks(tmp_path / "h2", {"책.md": text}, '[deck]\nsubdecks = "h2"\n') == ["책::01장", "책::02장"]


def test_a_title_that_is_the_pages_question_names_no_deck(tmp_path: Path) -> None:
    """A page of one question, in a folder of such: its words would be a deck of one card."""
    files = {"면접/멱등성.md": "# 멱등성이란 무엇인가요?\n\n여러 번 해도 결과가 같은 성질이다.\n"}
    assert _decks(tmp_path, files) == ["면접"]


@pytest.mark.parametrize(
    ("heading", "deck"),
    [
        ("第3章 メモリ", "책::03章"),
        ("第十二章 网络", "책::12章"),
        ("第二十章", "책::20章"),
        ("第二十一回", "책::21回"),
        ("Part II", "책::Part 02"),
        ("Part IV: Memory", "책::Part 04"),
        ("PART IX", "책::Part 09"),
        ("Chapter XIV", "책::Chapter 14"),
        ("2부 메모리", "책::02부"),
        ("Lesson 7", "책::Lesson 07"),
        ("3일차", "책::03일차"),
        ("5과 동사", "책::05과"),
        ("Item 12", "책::Item 12"),
    ],
)
def test_a_numbering_of_any_script_names_its_deck(tmp_path: Path, heading: str, deck: str) -> None:
    assert _decks(tmp_path, {"책.md": f"# 책\n\n## {heading}\n\n{PLAIN}"}) == [deck]


@pytest.mark.parametrize("heading", ["Part of it", "Chapter mix", "一章", "第章", "파트너", "Item", "Unit tests", "Day to day"])
def test_words_that_look_like_a_numbering_are_none(tmp_path: Path, heading: str) -> None:
    assert _decks(tmp_path, {"책.md": f"# 책\n\n## {heading}\n\n{PLAIN}"}) == ["책"]


def test_parts_hold_chapters_and_items_lie_in_them(tmp_path: Path) -> None:
    """Of units above and below a chapter, the chapters count."""
    text = "# 책\n\n## 1부\n\n### 2장\n\n" + PLAIN + "\n#### 아이템 3\n\n" + question("둘인가요?", "네.")
    assert _decks(tmp_path, {"책.md": text}) == ["책::02장", "책::02장"]
    assert _decks(tmp_path / "부", {"책.md": "# 책\n\n## 1부\n\n" + PLAIN}) == ["책::01부"]


def test_the_subdecks_arrive_in_anki(tmp_path: Path) -> None:
    files = {
        "운영체제/메모리.md": _page("페이지", title="가상 메모리"),
        "운영체제/심화/파일.md": question("파일은 무엇인가요?", "이름 붙인 바이트들이다."),
        "네트워크.md": _page("전송", "응용"),
        "책.md": "# 책\n\n## 第十二章\n\n" + question("열두째인가요?", "네.") + "\n## 第2章\n\n" + question("둘째인가요?", "네."),
    }
    desk = Desk(tmp_path).write(files)
    built = desk.build()
    assert not built.failed
    with Anki(tmp_path / "anki") as anki:
        anki.take_all(desk.packages())
        rows = anki.rows()
        assert {row.deck for row in rows} == {
            "운영체제::메모리", "운영체제::심화::파일", "네트워크::전송", "네트워크::응용", "책::02章", "책::12章",
        }  # fmt: skip
        assert {row.fields["Chapter"] for row in rows} == {"메모리", "파일", "전송", "응용", "第2章", "第十二章"}
        for row in rows:
            (tag,) = row.tags
            assert tag == "장::" + row.deck.replace(" ", "_")
            assert anki.find(f"tag:{tag}") == [row.guid]


def test_a_section_that_a_second_one_joins_moves_the_first_and_keeps_its_history(tmp_path: Path) -> None:
    """One section is no division: the second makes both of them subdecks, and the card is the same note."""
    desk = Desk(tmp_path).write({"책.md": _page("메모리", title="책")})
    (before,) = desk.build().notes
    desk.write({"책.md": _page("메모리", "파일", title="책")})
    built = desk.build(now=1_700_000_100)
    after = built.notes[0]
    assert (before.draft.place.deck, after.draft.place.deck) == ("책", "책::메모리")
    assert before.locked.guid == after.locked.guid
