"""Whole books: built, imported into the real Anki, and held against what a person accepted, a note a line."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import pytest

from notedeck.packages.decktree import PackagePlan
from notedeck.report.messages import ENGLISH
from notedeck.report.report import json_report
from notedeck.report.run import Built
from tests.anki_oracle import REPO, Anki, Desk, Outcome, Row, plain

BOOKS = REPO / "tests" / "books"
OWN = "notes"
"""The repository's own notes; the others lie below `tests/books`."""
LATER = 1_900_000_000
"""After the times in any lock that lies beside notes."""
NAMES = (OWN, *sorted(path.parent.name for path in BOOKS.glob("*/notes")))


@dataclass(frozen=True, slots=True)
class Book:
    """A book, built and imported."""

    name: str
    desk: Desk
    built: Built
    outcomes: tuple[Outcome, ...]
    rows: tuple[Row, ...]
    anki: Anki

    @property
    def items(self) -> list[dict[str, Any]]:
        items: list[dict[str, Any]] = json_report(self.built, ENGLISH)["items"]
        return items


def laid_out(name: str, folder: Path) -> Desk:
    """A copy of a book in `folder`."""
    source = REPO if name == OWN else BOOKS / name
    ignored = None if name != OWN else shutil.ignore_patterns("*")
    shutil.copytree(source, folder, dirs_exist_ok=True, ignore=ignored)
    shutil.copytree(source / "notes", folder / "notes", dirs_exist_ok=True)
    return Desk(folder)


@pytest.fixture(scope="module", params=NAMES)
def book(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Book]:
    desk = laid_out(request.param, tmp_path_factory.mktemp("book"))
    built = desk.build(now=LATER)
    with Anki(desk.root / "anki") as anki:
        outcomes = anki.take_all(desk.packages())
        yield Book(request.param, desk, built, tuple(outcomes), tuple(anki.rows()), anki)


def described(book: Book) -> str:
    """What lies in the collection, what was packed, and what was told, as lines."""
    lines = [f"{plan.file}: {sum(1 for _ in plan.notes)}" for plan in book.built.plans]
    lines += ["", *(described_note(row) for row in book.rows), ""]
    for one in book.built.diagnostics:
        path = Path(one.span.path).relative_to(book.desk.root).as_posix()
        lines.append(f"{replace(one.span, path=path)}: {one.level} {one.code}")
    return "\n".join(lines).rstrip() + "\n"


def described_note(row: Row) -> str:
    of = row.fields
    answer = plain(of["Answer"])
    parents = plain(of["Parent"].replace("</div><div>", " > "))
    parts = (row.deck, " ".join(row.tags), of["Page"], of["Asker"], of["Label"], plain(of["Question"]), parents, plain(of["Context"])[:30])
    return " | ".join((*parts, f"{len(answer)}: {answer[:40]}", row.guid, of["ID"]))


def test_the_collection_holds_what_a_person_accepted(book: Book, rewrites: bool) -> None:
    golden = BOOKS / "notes.expected.txt" if book.name == OWN else BOOKS / book.name / "expected.txt"
    text = described(book)
    if rewrites:
        golden.write_text(text, "utf-8")
    assert text == golden.read_text("utf-8")


def test_every_expected_file_is_of_a_book() -> None:
    claimed = {BOOKS / "notes.expected.txt", *(BOOKS / name / "expected.txt" for name in NAMES if name != OWN)}
    assert set(BOOKS.rglob("*expected*")) == claimed


def test_no_import_conflicts_and_each_note_comes_once(book: Book) -> None:
    whole = [one for plan, one in _pairs(book) if not plan.tag]
    filtered = [(plan, one) for plan, one in _pairs(book) if plan.tag]
    assert not any(one.conflicting or one.updated for one in book.outcomes)
    assert not any(one.duplicate for one in whole)
    assert sorted(guid for one in whole for guid in one.new) == sorted(row.guid for row in book.rows)
    assert {plan.tag for plan, _ in filtered} <= {tag for note in book.built.notes for tag in note.tags}
    assert bool(filtered) == (book.name != "joined"), "a book without interview questions has no such package"
    for plan, outcome in filtered:
        assert not outcome.new
        assert sorted(outcome.duplicate) == sorted(packed.guid for packed in plan.notes)


def _pairs(book: Book) -> list[tuple[PackagePlan, Outcome]]:
    plans = {plan.file: plan for plan in book.built.plans}
    assert sorted(plans) == sorted(path.name for path in book.desk.packages())
    return [(plans[path.name], outcome) for path, outcome in zip(book.desk.packages(), book.outcomes, strict=True)]


def test_new_cards_come_in_the_order_of_the_source(book: Book) -> None:
    """Each file from its top, a book's files in the order of the walk."""
    wanted: dict[str, list[str]] = {}
    for item in book.items:
        if item["status"] == "card":
            wanted.setdefault(item["book"], []).append(item["guid"])
    for name, guids in wanted.items():
        rows = [row for row in book.rows if row.book == name]
        assert [row.guid for row in rows] == guids
        assert [row.due for row in rows] == list(range(1, len(rows) + 1))


def test_lines_in_the_report_hold_the_question(book: Book) -> None:
    """The order above is worth what the lines are worth: each item's first words stand where the report says."""
    last: dict[str, int] = {}
    for item in book.items:
        lines = Path(item["path"]).read_text("utf-8").split("\n")[item["line"] - 1 : item["end_line"]]
        assert item["question"].split()[0].strip("`") in "\n".join(lines)
        assert item["line"] >= last.get(item["path"], 0)
        last[item["path"]] = item["line"]


def test_follow_ups_come_right_behind_what_they_follow(book: Book) -> None:
    """Walking the cards in their order, the questions above a card are those that are still open."""
    followed = 0
    for name in {row.book for row in book.rows}:
        above: list[str] = []
        for row in (row for row in book.rows if row.book == name):
            parents = [plain(part) for part in row.fields["Parent"].removeprefix("<div>").removesuffix("</div>").split("</div><div>") if part]
            assert parents == above[: len(parents)]
            above = [*parents, plain(row.fields["Question"])]
            followed += bool(parents)
    assert followed


def test_a_filtered_package_alone_gives_the_same_notes_in_the_same_decks(book: Book, tmp_path: Path) -> None:
    known = {row.guid: row for row in book.rows}
    with Anki(tmp_path) as anki:
        for plan in (plan for plan in book.built.plans if plan.tag):
            anki.take(book.desk.decks / plan.file)
        rows = anki.rows()
        assert rows == [known[row.guid] for row in rows]
        again = anki.take_all([path for path in book.desk.packages() if " - " not in path.name])
        assert not any(one.conflicting or one.updated for one in again)
        assert anki.rows() == list(book.rows)


def test_decks_are_described_alike_in_both_packages(book: Book) -> None:
    whole = {deck.name: deck.description for plan in book.built.plans if not plan.tag for deck in plan.decks}
    shipped = {deck.name: deck.description for plan in book.built.plans if plan.tag for deck in plan.decks}
    assert shipped.items() <= whole.items()
    found = {one.name: book.anki.col.decks.get(one.id)["desc"] for one in book.anki.col.decks.all_names_and_ids()}
    assert {name: found[name] for name in whole} == whole


def test_an_unchanged_build_is_all_duplicates(book: Book, tmp_path: Path) -> None:
    """Without the output folder: made anew, byte for byte, and nothing in the collection is updated."""
    before = book.desk.package_bytes()
    shutil.move(book.desk.decks, tmp_path / "decks")
    book.desk.build(now=LATER + 1_000_000)
    assert book.desk.package_bytes() == before
    with Anki(tmp_path / "anki") as anki:
        anki.take_all(book.desk.packages())
        rows = anki.rows()
        for outcome in anki.take_all(book.desk.packages()):
            assert outcome.duplicate
            assert not (outcome.new or outcome.updated or outcome.conflicting)
        assert anki.rows() == rows


def test_every_picture_arrives_and_none_is_left_over(book: Book) -> None:
    assert book.anki.media_troubles() == ([], [])
    shown = {name for row in book.rows for field in row.fields.values() for name in _pictures(field)}
    assert book.anki.media() == shown


def _pictures(field: str) -> list[str]:
    return [part.split('"')[0] for part in field.split('<img src="')[1:]]


def test_cards_show_what_their_fields_hold(book: Book) -> None:
    """No sound, no template error, no mark of the template language; the question in front, the answer behind."""
    for row in book.rows:
        card = book.anki.rendered(row.guid)
        assert not (card.question_av_tags or card.answer_av_tags)
        assert row.fields["Question"] in card.question_text
        assert row.fields["Answer"] in card.answer_text
        assert row.fields["Answer"] not in card.question_text or row.fields["Answer"] in row.fields["Question"] + row.fields["Parent"]
        assert "{{#" not in card.answer_text
        assert "{{/" not in card.answer_text


def test_each_note_is_found_by_its_id_and_its_chapter(book: Book) -> None:
    for row in book.rows:
        assert book.anki.find(f"ID:{row.fields['ID']}") == [row.guid]
    for tag in {tag for row in book.rows for tag in row.tags if tag.startswith("장::")}:
        assert sorted(book.anki.find(f"tag:{tag}")) == sorted(row.guid for row in book.rows if tag in row.tags)
    assert {row.guid for row in book.rows if any(tag.startswith("면접질문") for tag in row.tags)} == set(book.anki.find("tag:면접질문"))
