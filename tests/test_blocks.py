"""How a book's page packs its cards: in blocks that are made again only where a note in them moved."""

from __future__ import annotations

import shutil
from collections.abc import Mapping, Sequence
from pathlib import Path

import pytest

from notedeck.packages.notetypes import NoteType
from notedeck.preview import blocks
from notedeck.preview.cards import cards_data
from notedeck.preview.shown import Json, Shown
from tests.anki_oracle import Desk, png, question
from tests.pagedata import read_page_file, side
from tests.test_book_page import LATER, book


def many(count: int, said: str = "") -> str:
    """A book of 60 cards a chapter, so that blocks end with chapters."""
    cards = [
        ("" if number % 60 else f"## {number // 60 + 1}장\n\n") + question(f"{number}번은 왜 그런가요?", f"{number}번이라서.")
        for number in range(count)
    ]
    return "# 책\n\n" + "\n".join(cards) + said


def test_all_blocks_together_are_what_one_would_be(tmp_path: Path) -> None:
    data = book(Desk(tmp_path).write({"책.md": many(250)}))
    assert [card["question"] for card in data["cards"]] == [f"{number}번은 왜 그런가요?" for number in range(250)]
    assert [deck["cards"] for deck in data["decks"]] == [60, 60, 60, 60, 10]
    for number, card in enumerate(data["cards"]):
        assert data["decks"][card["deck"]]["name"] == f"책::{number // 60 + 1:02}장"
        assert f"{number}번이라서." in side(data, card, "back")
        assert [data["tags"][tag] for tag in card["tags"]] == [f"장::책::{number // 60 + 1:02}장"]


def test_an_edit_makes_its_own_block_again_and_no_other(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("NOTEDECK_CACHE", str(tmp_path / "cache"))
    drawn: list[int] = []

    def draw(shown: Sequence[Shown], types: Sequence[NoteType], addresses: Mapping[str, str]) -> Json:
        drawn.append(len(shown))
        return cards_data(shown, types, addresses)

    monkeypatch.setattr(blocks, "cards_data", draw)
    desk = Desk(tmp_path).write({"책.md": many(250)})
    desk.build(jobs=1)
    assert drawn == [60, 60, 60, 60, 10]
    drawn.clear()
    desk.write({"책.md": many(250, "  한마디 더.\n")}).build(now=LATER, jobs=1)
    assert drawn == [10]
    once = (desk.decks / "책.html").read_bytes()
    monkeypatch.setenv("NOTEDECK_CACHE", "")
    shutil.rmtree(desk.decks)
    desk.build(now=LATER, jobs=1)
    assert (desk.decks / "책.html").read_bytes() == once


def test_a_page_is_no_larger_than_two_packages(tmp_path: Path) -> None:
    desk = Desk(tmp_path).write({"책.md": many(1000)})
    desk.build()
    cards = read_page_file(desk.decks / "책.html").written["packed"]
    assert len(cards) < 2 * (desk.decks / "책.apkg").stat().st_size


def test_a_text_that_is_a_pictures_name_stays_text(tmp_path: Path) -> None:
    """Only behind `<img src="` does a name stand for its picture."""
    desk = Desk(tmp_path).write({"책.md": "# 책\n\n" + question("보이나요?", "![](a.png)"), "a.png": png(1)})
    (name,) = book(desk)["pictures"]
    data = book(desk.write({"책.md": "# 책\n\n" + question("보이나요?", "![](a.png)") + question("이름은?", f"`{name}`")}), now=LATER)
    (shown, named) = (side(data, card, "back") for card in data["cards"])
    assert '<img src="data:image/png' in shown
    assert f"<code>{name}</code>" in named


def test_what_was_remembered_of_other_templates_is_not_used(tmp_path: Path) -> None:
    desk = Desk(tmp_path).write({"책.md": many(3)})
    book(desk)
    data = book(desk.write({"templates/qa/back.html": "<b>{{Answer}}</b>"}), now=LATER)
    assert [side(data, card, "back") for card in data["cards"]] == [f"<b><p>{number}번이라서.</p></b>" for number in range(3)]
