"""Note types are frozen: what stands here was shipped, and no later version may ship anything else."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from notedeck.diagnostics import Diagnostic
from notedeck.packages.notetypes import NoteType, read_types
from tests.anki_oracle import REPO, Anki, Desk, codes, question

TEMPLATES = REPO / "templates" / "qa"
CLOZE_TEMPLATES = REPO / "templates" / "cloze"

FIELDS = {
    "Question": 1232268147755,
    "Answer": 1394108381843,
    "Context": 1138830772394,
    "Parent": 1078222102838,
    "Label": 1064681321234,
    "Book": 1335354013934,
    "Chapter": 1047342843405,
    "Page": 1441435580897,
    "Asker": 1206773752718,
    "Source": 1147187305257,
    "ID": 1195611295557,
    "Spare1": 1028530678079,
    "Spare2": 1002829487469,
    "Spare3": 1053999038888,
}
CARDS = {"카드": 1025487033391, "예비 카드": 1470001976825}
NUMBER = 1475883941786


CLOZE_FIELDS = {
    "Text": 1087745611868,
    "Extra": 1240175644682,
    "Context": 1302225081630,
    "Parent": 1446283844397,
    "Label": 1004157334485,
    "Book": 1204550040778,
    "Chapter": 1332608999863,
    "Page": 1000365681756,
    "Asker": 1226628783122,
    "Source": 1058461004677,
    "ID": 1377431396089,
    "Spare1": 1057552971965,
    "Spare2": 1035466362822,
    "Spare3": 1101776010613,
}
CLOZE_CARDS = {"빈칸": 1081720898899}
CLOZE_NUMBER = 1095526731893


def read_both(name: str = "") -> tuple[NoteType, ...]:
    types, problems = read_types(REPO / "templates", name)
    assert problems == []
    return types


def read(name: str = "") -> NoteType:
    return read_both(name)[0]


def with_file(tmp_path: Path, name: str, text: str, folder: str = "qa") -> tuple[NoteType | None, list[Diagnostic]]:
    """What becomes of a note type of ours with one of its templates replaced."""
    shutil.copytree(REPO / "templates", tmp_path / "templates")
    (tmp_path / "templates" / folder / name).write_text(text, "utf-8")
    types, problems = read_types(tmp_path / "templates", "")
    return (types[folder == "cloze"] if types else None), problems


def test_ids_are_those_of_the_first_release() -> None:
    shipped = read()
    assert (shipped.name, shipped.id) == ("면접 노트 Q&A", NUMBER)
    assert dict(zip(shipped.fields, shipped.field_ids, strict=True)) == FIELDS
    assert list(shipped.fields) == list(FIELDS)
    assert {one.name: one.id for one in shipped.templates} == CARDS


def test_ids_of_the_cloze_type_are_those_of_the_first_release() -> None:
    _, cloze = read_both()
    assert (cloze.name, cloze.id, cloze.is_cloze) == ("면접 노트 빈칸", CLOZE_NUMBER, True)
    assert dict(zip(cloze.fields, cloze.field_ids, strict=True)) == CLOZE_FIELDS
    assert list(cloze.fields) == list(CLOZE_FIELDS)
    assert {one.name: one.id for one in cloze.templates} == CLOZE_CARDS
    assert list(cloze.fields)[2:] == list(FIELDS)[2:]


def test_a_group_of_its_own_has_ids_of_its_own() -> None:
    own = read(name="우리 노트")
    assert own.name == "우리 노트"
    assert own.fields == read().fields
    assert [one.name for one in read_both("우리 노트")] == ["우리 노트", "우리 노트 빈칸"]
    every = {number for one in read_both("우리 노트") for number in (one.id, *one.field_ids, *(card.id for card in one.templates))}
    assert len(every) == 2 + 2 * len(FIELDS) + len(CARDS) + len(CLOZE_CARDS)
    ours = {number for one in read_both() for number in (one.id, *one.field_ids, *(card.id for card in one.templates))}
    assert not every & ours


def test_anki_stores_the_type_as_it_was_shipped(tmp_path: Path) -> None:
    desk = Desk(tmp_path).write({"책.md": question("무엇이 남나요?", "이름과 번호가 남는다.")})
    desk.build()
    with Anki(tmp_path / "anki") as anki:
        anki.take_all(desk.packages())
        stored = anki.notetype()
        assert (stored["name"], stored["id"]) == ("면접 노트 Q&A", NUMBER)
        assert {field["name"]: field["id"] for field in stored["flds"]} == FIELDS
        assert [field["name"] for field in stored["flds"]] == list(FIELDS)
        assert {card["name"]: card["id"] for card in stored["tmpls"]} == CARDS
        assert stored["css"] == (TEMPLATES / "style.css").read_text("utf-8")
        assert stored["tmpls"][0]["qfmt"] == (TEMPLATES / "front.html").read_text("utf-8")
        (row,) = anki.rows()
        assert [row.fields[name] for name in ("Spare1", "Spare2", "Spare3")] == ["", "", ""]


def test_the_spare_template_makes_no_card_until_its_field_is_filled(tmp_path: Path) -> None:
    desk = Desk(tmp_path).write({"책.md": question("무엇이 남나요?", "이름과 번호가 남는다.")})
    desk.build()
    with Anki(tmp_path / "anki") as anki:
        anki.take_all(desk.packages())
        (number,) = anki.col.find_notes("")
        note = anki.col.get_note(number)
        assert [card.ord for card in note.cards()] == [0]
        anki.col.fix_integrity()
        assert [card.ord for card in note.cards()] == [0]
        note["Spare1"] = "이제 쓴다"
        anki.col.update_note(note)
        assert [card.ord for card in note.cards()] == [0, 1]
        assert not list(anki.col.get_empty_cards().notes)


def test_every_template_of_ours_uses_known_fields_alone() -> None:
    assert {path.name for path in TEMPLATES.iterdir()} == {"front.html", "back.html", "spare-front.html", "spare-back.html", "style.css"}
    assert {path.name for path in CLOZE_TEMPLATES.iterdir()} == {"front.html", "back.html", "style.css"}
    read_both()


@pytest.mark.parametrize("name", ["front.html", "back.html"])
@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("{{cloze:Text}} {{#Page}}{{Page}}{{/Page}}", []),
        ("{{text:cloze:Text}}", []),
        ("{{ cloze:Text }}", []),
        ("{{Text}}", ["template-cloze"]),
        ("{{cloze:Extra}}", ["template-cloze"]),
        ("", ["template-cloze"]),
        ("{{cloze:Text}} {{Question}}", ["template-field"]),
    ],
)
def test_a_cloze_template_must_show_the_text_with_its_gaps(tmp_path: Path, name: str, text: str, found: list[str]) -> None:
    note_type, problems = with_file(tmp_path, name, text, "cloze")
    assert [one.code for one in problems] == found
    assert (note_type is None) is bool(found)


def test_a_cloze_is_no_filter_of_other_note_types(tmp_path: Path) -> None:
    _, problems = with_file(tmp_path, "front.html", "{{cloze:Question}}")
    assert [one.code for one in problems] == ["template-syntax"]


def test_the_style_of_qa_is_that_of_cloze_too(tmp_path: Path) -> None:
    _, cloze = read_both()
    own, more = ((folder / "style.css").read_text("utf-8") for folder in (TEMPLATES, CLOZE_TEMPLATES))
    assert cloze.style == own + more


@pytest.mark.parametrize(
    "text",
    [
        "{{Question}}",
        "{{ Question }} {{#Page}}p.{{Page}}{{/Page}}{{^Page}}-{{/Page}}",
        "{{text:Question}} {{hint:Answer}} {{type:nc:Answer}} {{tts ko_KR voices=Apple:Question}}",
        "{{#Tags}}{{Tags}}{{/Tags}} {{Deck}} {{Subdeck}} {{Type}} {{Card}} {{CardFlag}}",
        "{{#Asker}}{{#Page}}{{Asker}}{{/Page}}{{/Asker}} {{Question}}",
        "a { color: red } {{Question}} {}",
    ],
)
def test_what_ankis_template_language_knows_is_taken(tmp_path: Path, text: str) -> None:
    note_type, problems = with_file(tmp_path, "front.html", text)
    assert problems == []
    assert note_type is not None
    assert note_type.templates[0].front == text


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("\n{{Qestion}}", [(2, "template-field")]),
        ("{{#Pag}}{{/Pag}}", [(1, "template-field"), (1, "template-field")]),
        ("{{#Page}}\n{{Question}}", [(1, "template-syntax")]),
        ("{{Question}}\n{{/Page}}", [(2, "template-syntax")]),
        ("{{#Page}}{{#Asker}}{{/Page}}{{/Asker}}", [(1, "template-syntax")] * 2),
        ("{{shout:Question}}", [(1, "template-syntax")]),
        ("{{question}}", [(1, "template-field")]),
        ("{{}}", [(1, "template-field")]),
        ("{{:Question}}", [(1, "template-syntax")]),
        ("{{text::Question}}", [(1, "template-syntax")]),
        ("{{Question", [(1, "template-syntax")]),
        ("{{!note}}{{Question}}", [(1, "template-field")]),
    ],
)
def test_what_anki_would_show_on_every_card_is_an_error_with_its_line(tmp_path: Path, text: str, found: list[tuple[int, str]]) -> None:
    note_type, problems = with_file(tmp_path, "front.html", text)
    assert note_type is None
    assert [(one.span.line, one.code) for one in problems] == found
    assert {Path(one.span.path).name for one in problems} == {"front.html"}


@pytest.mark.parametrize(
    ("folder", "name"),
    [("qa", name) for name in ("front.html", "back.html", "spare-front.html", "spare-back.html", "style.css")]
    + [("cloze", name) for name in ("front.html", "back.html", "style.css")],
)
def test_a_missing_file_is_named(tmp_path: Path, folder: str, name: str) -> None:
    shutil.copytree(REPO / "templates", tmp_path / "templates")
    (tmp_path / "templates" / folder / name).unlink()
    types, problems = read_types(tmp_path / "templates", "")
    assert types == ()
    assert [(Path(one.span.path).name, one.code) for one in problems] == [(name, "template-missing")]


def test_a_template_without_the_question_still_makes_one_card_a_note(tmp_path: Path) -> None:
    """Fields that are used through a filter alone, which a Mustache reader does not see, lose no card."""
    shutil.copytree(REPO / "templates", tmp_path / "templates")
    (tmp_path / "templates" / "qa" / "front.html").write_text("{{text:Question}}{{hint:Page}}", "utf-8")
    desk = Desk(tmp_path).write({"책.md": question("하나인가요?", "네.") + question("둘인가요?", "네.", 3)})
    assert codes(desk.build(templates=tmp_path / "templates")) == []
    with Anki(tmp_path / "anki") as anki:
        anki.take_all(desk.packages())
        assert [row.fields["Question"] for row in anki.rows()] == ["<strong>하나인가요?</strong>", "<strong>둘인가요?</strong>"]


def test_the_fingerprint_moves_with_templates_and_style_alone(tmp_path: Path) -> None:
    own = read()
    assert read().fingerprint == own.fingerprint
    for number, name in enumerate(("front.html", "back.html", "spare-front.html", "spare-back.html", "style.css")):
        changed, problems = with_file(tmp_path / str(number), name, (TEMPLATES / name).read_text("utf-8") + "\n")
        assert problems == []
        assert changed is not None
        assert changed.fingerprint != own.fingerprint
