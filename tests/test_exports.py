"""Notion's exports as they are downloaded: zips in zips, unpacked folders, the same page twice, databases, pictures inside."""

from __future__ import annotations

import os
import pickle
import unicodedata
import zipfile
from collections.abc import Mapping
from pathlib import Path
from urllib.parse import quote

import pytest

from notedeck.identity.notes import Change
from notedeck.sources.folder import Notes, read_notes
from notedeck.sources.root import Root
from notedeck.sources.source import Form, Source
from tests.anki_oracle import NOW, Anki, Desk, codes, png, question
from tests.zips import IDS, LATER, UUID, bare, export, zipped

BOOK, ONE, TWO, TABLE, ROW, LINE = (IDS[name] for name in ("책", "하나", "둘", "표", "행", "열"))
PAGE = "# 운영체제 1~3장\n\n발표자: 도담\n\n## 1장 기억\n\n" + question("힙은 무엇인가요?", "쓰는 만큼 얻는 기억이다")
FILES: dict[str, str | bytes] = {
    f"운영체제 1~3장 {ONE}.md": PAGE,
    f"운영체제 1~3장 {ONE}/Untitled.png": png(1),
    f"운영체제 1~3장 {ONE}/둘째 쪽 {TWO}.md": "# 둘째 쪽\n\n## 2장 부름\n\n" + question("스택은 무엇인가요?", "부를 때마다 쌓이는 기억이다"),
}
PARTS = {f"ExportBlock-{UUID}1-Part-{part}.zip": zipped(dict([pair])) for part, pair in enumerate(FILES.items(), 1)}
HTML = """<html><body><article id="x" class="page sans"><header><h1 class="page-title">{}</h1><table class="properties"></table></header>
<div class="page-body">{}</div></article></body></html>"""


def read(desk: Desk, *paths: Path) -> Notes:
    return read_notes(paths or (desk.notes,), desk.decks, Root(paths[0].parent if paths and paths[0].is_file() else desk.notes, ""))


def told(notes: Notes) -> list[tuple[str, str]]:
    return [(Path(one.span.path).name, one.code) for one in notes.diagnostics]


def facts(source: Source) -> tuple[str, str, str, Form, str]:
    return source.name, source.inside, source.page_id, source.form, source.text


# Where pages are found


def test_an_export_is_read_as_it_was_downloaded(tmp_path: Path) -> None:
    desk = Desk(tmp_path).write(export(FILES))
    notes = read(desk)
    (name,) = export({})
    assert notes.diagnostics == ()
    assert [(one.path, one.name, one.inside, one.page_id) for one in notes.sources] == [
        (f"{desk.notes / name}/운영체제 1~3장.md", f"운영체제 1~3장 {ONE}.md", "운영체제 1~3장.md", ONE),
        (f"{desk.notes / name}/운영체제 1~3장/둘째 쪽.md", f"운영체제 1~3장 {ONE}/둘째 쪽 {TWO}.md", "운영체제 1~3장/둘째 쪽.md", TWO),
    ]
    assert notes.sources[0].text == PAGE


@pytest.mark.parametrize(
    "files",
    [
        pytest.param(FILES, id="unpacked here"),
        pytest.param({f"Export-{UUID}1/{name}": content for name, content in FILES.items()}, id="unpacked with its wrapper"),
        pytest.param({f"Export-{UUID}1-Part-1.zip": zipped(FILES)}, id="one part"),
        pytest.param({f"Export-{UUID}1/Export-{UUID}1-Part-1.zip": zipped(FILES)}, id="unpacked once"),
        pytest.param({"운영체제 노트.zip": zipped(FILES)}, id="another name"),
        pytest.param({f"ExportBlock-{UUID}1.zip": zipped(PARTS)}, id="in parts"),
    ],
)
def test_a_page_is_the_same_however_its_export_lies_there(tmp_path: Path, files: Mapping[str, str | bytes]) -> None:
    whole = read(Desk(tmp_path / "zip").write(export(FILES)))
    other = read(Desk(tmp_path / "other").write(files))
    assert [one.code for one in other.diagnostics] == []
    assert [facts(one) for one in other.sources] == [facts(one) for one in whole.sources]


def test_the_kinds_of_files_have_their_form(tmp_path: Path) -> None:
    files = {"a.md": "a", "b.markdown": "b", "c.txt": "c", "d.html": "d", "e.HTM": "e", "f.csv": "f", "g.pdf": "g", "index.html": "the author's own"}
    notes = read(Desk(tmp_path).write({**files, "z.zip": zipped(files)}))
    forms = [Form.MARKDOWN, Form.MARKDOWN, Form.MARKDOWN, Form.HTML, Form.HTML, Form.CSV, Form.HTML]
    assert [one.form for one in notes.sources] == forms
    assert {code for _, code in told(notes)} == {"same-page"}, "the zip holds the very same files"


def test_the_sitemap_of_an_export_is_no_page(tmp_path: Path) -> None:
    desk = Desk(tmp_path).write({f"Export-{UUID}1/index.html": "<html></html>", f"Export-{UUID}1/쪽 {ONE}.html": HTML})
    assert [one.inside for one in read(desk).sources] == ["쪽.html"]


def test_a_renamed_page_of_an_html_export_knows_its_id(tmp_path: Path) -> None:
    page = HTML.replace('id="x"', 'id="a2a2a2a2-a2a2-a2a2-a2a2-a2a2a2a2a2a2"')
    assert [one.page_id for one in read(Desk(tmp_path).write({"내 쪽.html": page})).sources] == [ONE]


def test_what_a_mac_adds_and_what_is_hidden_is_passed_by(tmp_path: Path) -> None:
    files: dict[str, str | bytes] = {"__MACOSX/._a.md": b"\x00\x05", "a.md": PAGE, ".숨김/b.md": PAGE, ".DS_Store": b"\0"}
    assert [one.inside for one in read(Desk(tmp_path).write({"묶음.zip": zipped(files)})).sources] == ["묶음/a.md"]


def test_a_zip_that_somebody_attached_to_a_page_is_no_notes(tmp_path: Path) -> None:
    attached = zipped({"README.md": question("과제인가요?", "네.")})
    files: dict[str, str | bytes] = {**FILES, f"운영체제 1~3장 {ONE}/과제.zip": attached}
    packed, unpacked = read(Desk(tmp_path / "1").write(export(files))), read(Desk(tmp_path / "2").write(files))
    assert [one.name for one in packed.sources] == [one.name for one in unpacked.sources]
    assert len(packed.sources) == 2


def test_pages_of_one_title_are_told_apart(tmp_path: Path) -> None:
    desk = Desk(tmp_path).write(export({f"회의 {ONE}.md": "하나", f"회의 {TWO}.md": "둘"}))
    assert [Path(one.path).name for one in read(desk).sources] == [f"회의 {ONE[:6]}.md", f"회의 {TWO[:6]}.md"]


def test_pages_are_listed_as_a_person_lists_them(tmp_path: Path) -> None:
    names = ["2장", "10장", "부록/1장", "1장"]
    files = {f"{name} {number:032x}.md": "" for number, name in enumerate(names)}
    assert [one.inside for one in read(Desk(tmp_path).write(export(files))).sources] == ["1장.md", "2장.md", "10장.md", "부록/1장.md"]


def test_a_zip_in_a_folder_reads_like_a_folder(tmp_path: Path) -> None:
    desk = Desk(tmp_path).write(
        {"운영체제/가.zip": zipped({"1장.md": PAGE}), "운영체제/2장.md": PAGE, **{f"운영체제/{name}": data for name, data in export(FILES).items()}}
    )
    assert [one.name for one in read(desk).sources] == [
        "운영체제/2장.md",
        f"운영체제/운영체제 1~3장 {ONE}.md",
        f"운영체제/운영체제 1~3장 {ONE}/둘째 쪽 {TWO}.md",
        "운영체제/가/1장.md",
    ]


def test_sources_are_small_and_can_go_to_another_process(tmp_path: Path) -> None:
    desk = Desk(tmp_path).write(export({**FILES, "큰 그림.png": png(1) + os.urandom(1 << 20)}))
    sources = read(desk).sources
    assert pickle.loads(pickle.dumps(sources)) == sources
    assert len(pickle.dumps(sources)) < 5000


# A page in several places


def test_of_two_exports_the_newer_page_counts(tmp_path: Path) -> None:
    newer = {f"운영체제 4장까지 {ONE}.md": PAGE.replace("얻는", "새로 얻는")}
    desk = Desk(tmp_path).write({**export(FILES), **export(newer, 2, LATER)})
    notes = read(desk)
    assert [one.inside for one in notes.sources] == ["운영체제 4장까지.md", "운영체제 1~3장/둘째 쪽.md"]
    assert "새로" in notes.sources[0].text
    ((path, details),) = [(one.span.path, one.details) for one in notes.diagnostics]
    assert path.endswith("1.zip/운영체제 1~3장.md")
    assert details == (notes.sources[0].path,)
    assert told(notes) == [("운영체제 1~3장.md", "same-page")]


def test_a_zip_beside_its_own_folder_makes_no_card_twice(tmp_path: Path) -> None:
    desk = Desk(tmp_path).write({**export(FILES), **FILES})
    built = desk.build()
    assert len(built.notes) == 2
    assert set(codes(built)) == {"same-page"}


@pytest.mark.parametrize("edited", [True, False])
def test_of_a_zip_and_its_folder_the_one_that_was_written_later_counts(tmp_path: Path, edited: bool) -> None:
    desk = Desk(tmp_path).write({**export(FILES, date=LATER), f"운영체제 1~3장 {ONE}.md": "# 고친 쪽\n"})
    os.utime(desk.notes / f"운영체제 1~3장 {ONE}.md", (NOW + 10**9 * edited,) * 2)
    assert (read(desk).sources[0].text == "# 고친 쪽\n") is edited


def test_a_zip_without_dates_is_as_old_as_its_file(tmp_path: Path) -> None:
    old, new = export({f"쪽 {ONE}.md": "옛"}, 1, (1980, 1, 1, 0, 0, 0)), export({f"쪽 {ONE}.md": "새"}, 2, (1980, 1, 1, 0, 0, 0))
    desk = Desk(tmp_path).write({**old, **new})
    os.utime(desk.notes / next(iter(old)), (NOW, NOW))
    assert [one.text for one in read(desk).sources] == ["새"]


def test_a_page_as_markdown_and_as_html_is_one(tmp_path: Path) -> None:
    desk = Desk(tmp_path).write({**export({f"쪽 {ONE}.md": PAGE}), **export({f"쪽 {ONE}.html": HTML}, 2, LATER)})
    notes = read(desk)
    assert [one.form for one in notes.sources] == [Form.HTML]
    assert told(notes) == [("쪽.md", "same-page")]


def test_notes_without_ids_are_one_where_a_zip_holds_them_word_for_word(tmp_path: Path) -> None:
    desk = Desk(tmp_path).write({"묶음.zip": zipped({"노트.md": PAGE, "다른.md": "하나"}), "풀었다/노트.md": PAGE, "풀었다/다른.md": "둘"})
    notes = read(desk)
    assert sorted(one.inside for one in notes.sources) == ["묶음/다른.md", "풀었다/노트.md", "풀었다/다른.md"]
    assert told(notes) == [("노트.md", "same-page")]


# History


def test_cards_keep_their_history_when_the_zip_is_replaced(tmp_path: Path) -> None:
    """A newer export has another file name; the page another title and another place; then somebody unpacks it."""
    desk = Desk(tmp_path).write(export(FILES))
    first = desk.build()
    (desk.notes / next(iter(export({})))).unlink()
    moved: dict[str, str | bytes] = {
        f"책장 {BOOK}/운영체제 1~5장 {ONE}.md": PAGE,
        f"책장 {BOOK}/둘째 {TWO}.md": FILES[f"운영체제 1~3장 {ONE}/둘째 쪽 {TWO}.md"],
    }
    second = desk.write(export(moved, 2)).build(now=NOW + 100)
    assert {note.locked.deck: note.change for note in second.notes} == {"운영체제::01장": Change.SAME, "책장::02장": Change.MOVED}
    (desk.notes / next(iter(export({}, 2)))).unlink()
    third = desk.write(moved).build(now=NOW + 200)
    assert [note.change for note in third.notes] == [Change.SAME] * 2
    assert {note.locked.guid for note in third.notes} == {note.locked.guid for note in first.notes}


def test_a_single_zip_has_its_lock_and_configuration_beside_it(tmp_path: Path) -> None:
    desk = Desk(tmp_path).write({**export(FILES), "deck.toml": '[deck]\nbook = "정한 책"\n'})
    (path,) = desk.notes.glob("*.zip")
    first = desk.build(notes=(path,))
    assert desk.lock.exists()
    assert {note.draft.place.book for note in first.notes} == {"정한 책"}
    path.unlink()
    renamed = {f"다른 제목 {ONE}.md": PAGE.replace("힙은 무엇인가요?", "힙이란 도대체 무엇인가요?")}
    newer = desk.write(export(renamed, 2)).notes / next(iter(export({}, 2)))
    second = desk.build(notes=(newer,), now=NOW + 100)
    assert [(note.locked.guid, note.change) for note in second.notes] == [(first.notes[0].locked.guid, Change.REWORDED)]
    assert [one.question for one in second.removed] == ["스택은 무엇인가요?"], "all below the page was given, and this is gone"


def test_two_zips_built_in_turn_leave_each_other_alone(tmp_path: Path) -> None:
    other = {f"망 {TABLE}.md": "# 망\n\n" + question("패킷은 무엇인가요?", "조각이다")}
    desk = Desk(tmp_path).write({**export(FILES), **export(other, 2)})
    one, two = (desk.notes / next(iter(export({}, number))) for number in (1, 2))
    desk.build(notes=(one,))
    built = desk.build(notes=(two,))
    assert built.removed == ()
    assert {note.change for note in desk.build(notes=(one,)).notes} == {Change.SAME}


def test_a_removed_question_is_told_without_ids(tmp_path: Path) -> None:
    desk = Desk(tmp_path).write(export(FILES))
    desk.build()
    (desk.notes / next(iter(export({})))).unlink()
    built = desk.write(export({f"운영체제 1~3장 {ONE}.md": PAGE}, 2)).build(now=NOW + 100)
    assert [(one.code, one.span.path) for one in built.diagnostics] == [("removed", str(desk.notes / "운영체제 1~3장/둘째 쪽.md"))]


def test_a_card_leads_back_to_its_page(tmp_path: Path) -> None:
    desk = Desk(tmp_path).write(export(FILES))
    note = desk.build().notes[0]
    assert note.fields["Source"] == f"운영체제 1~3장 · 1장 기억 · https://www.notion.so/{ONE}"
    assert desk.build(only=("없다",)).failed


def test_decks_inside_the_notes_are_not_notes(tmp_path: Path) -> None:
    desk = Desk(tmp_path).write(export(FILES))
    assert len(desk.build(out=desk.notes / "decks").notes) == len(desk.build(out=desk.notes / "decks", now=NOW + 9).notes) == 2


# Pictures


LONG = "아주 긴 이름의 그림 " * 12 + ".png"


@pytest.mark.parametrize(
    ("name", "address"),
    [
        ("그림.png", "그림.png"),
        ("그림.png", quote("그림.png")),
        ("그림.png", quote(quote("그림.png"))),
        ("그림.png", quote(unicodedata.normalize("NFD", "그림.png"))),
        (unicodedata.normalize("NFD", "그림.png"), quote("그림.png")),
        (quote("그림.png"), quote("그림.png")),
        (quote("그림.png"), quote(quote("그림.png"))),
        (LONG, quote(LONG)),
        (unicodedata.normalize("NFD", LONG), quote(LONG)),
        ("100%.png", "100%.png"),
        ("%zz그림%.png", "%zz그림%.png"),
        (f"속 {TWO}/Untitled 1.png", f"속%20{TWO}/Untitled%201.png"),
        (f"속 {TWO}/Untitled 1.png", "속/Untitled%201.png"),
    ],
)
def test_a_picture_in_a_zip_is_found_as_in_a_folder(tmp_path: Path, name: str, address: str) -> None:
    desk = Desk(tmp_path).write(export({f"쪽 {ONE}.md": question("무엇이 보이나요?", f"![]({address})"), name: png(1)}))
    built = desk.build()
    assert codes(built) == []
    assert [len(note.draft.pictures) for note in built.notes] == [1]


@pytest.mark.parametrize("encoding", ["utf-8", "cp949"])
def test_names_in_the_dress_of_cp437_are_read(tmp_path: Path, encoding: str) -> None:
    page = question("무엇이 보이나요?", "![](그림/첫째.png)").encode()
    desk = Desk(tmp_path).write({"묶음.zip": bare([("운영체제.md".encode(encoding), page), ("그림/첫째.png".encode(encoding), png(1))])})
    built = desk.build()
    assert codes(built) == []
    assert {note.draft.place.book for note in built.notes} == {"묶음"}
    assert [one.source.inside for one in built.reads] == ["묶음/운영체제.md"]


def test_pictures_of_a_page_may_lie_in_another_part(tmp_path: Path) -> None:
    page = zipped({f"쪽 {ONE}.md": question("무엇이 보이나요?", f"![](쪽%20{ONE}/Untitled.png)")})
    picture = zipped({f"쪽 {ONE}/Untitled.png": png(1)})
    parts = {f"Export-{UUID}1-Part-1.zip": page, f"Export-{UUID}1-Part-2.zip": picture}
    for number, files in enumerate(({f"Export-{UUID}1.zip": zipped(parts)}, parts)):
        assert codes(Desk(tmp_path / str(number)).write(files).build()) == []


def test_pictures_from_a_zip_arrive_in_anki(tmp_path: Path) -> None:
    page = question("무엇이 보이나요?", f"![하나](쪽%20{ONE}/Untitled.png) ![둘](Untitled.png)")
    desk = Desk(tmp_path).write(export({f"쪽 {ONE}.md": page, f"쪽 {ONE}/Untitled.png": png(1), "Untitled.png": png(2)}))
    assert codes(desk.build()) == []
    with Anki(tmp_path / "anki") as anki:
        anki.take_all(desk.packages())
        assert anki.media_troubles() == ([], [])
        assert sorted(path.read_bytes() for path in Path(anki.col.media.dir()).iterdir()) == sorted([png(1), png(2)])


def test_a_picture_that_leads_out_of_its_zip_is_left_out(tmp_path: Path) -> None:
    desk = Desk(tmp_path).write({**export({f"쪽 {ONE}.md": question("무엇이 보이나요?", "![](../밖.png)")}), "밖.png": png(1)})
    assert codes(desk.build()) == ["picture-outside"]


# Databases


def rows(*lines: str) -> bytes:
    return b"\xef\xbb\xbf" + "\r\n".join(lines).encode()


QUESTIONS: dict[str, str | bytes] = {
    f"질문 모음 {TABLE}.csv": rows("질문,태그", "TCP란,망", "UDP란,망", '"IP,\n그리고 라우터란",망'),
    f"질문 모음 {TABLE}_all.csv": rows(
        "질문,태그,답변", "TCP란,망,", "UDP란,망,데이터그램이다", '"IP,\n그리고 라우터란",망,', "DNS란,망,이름을 찾는다"
    ),
    f"질문 모음 {TABLE}/TCP란 {ROW}.md": "# TCP란\n\n태그: 망\n\n연결을 맺고 보낸다.",
    f"질문 모음 {TABLE}/UDP란 {LINE}.md": "# UDP란\n\n태그: 망\n답변: 데이터그램이다\n",
    f"질문 모음 {TABLE}/IP 그리고 라우터란 {TWO}.md": "# IP, 그리고 라우터란\n\n태그: 망\n\n길을 찾는다.\n\n![](a.png)",
}


@pytest.mark.parametrize("packed", [True, False])
def test_a_row_is_read_once_as_its_page_or_in_its_table(tmp_path: Path, packed: bool) -> None:
    notes = read(Desk(tmp_path).write(export(QUESTIONS) if packed else QUESTIONS))
    table, *pages = notes.sources
    assert notes.diagnostics == ()
    assert (table.form, table.page_id) == (Form.CSV, TABLE)
    assert table.text.split("\n") == ["질문,태그,답변", "", "UDP란,망,데이터그램이다", "", "", "DNS란,망,이름을 찾는다"]
    assert sorted((one.page_id, one.is_question) for one in pages) == sorted([(ROW, True), (TWO, True)])


def test_rows_of_a_database_that_asks_nothing_are_pages(tmp_path: Path) -> None:
    files: dict[str, str | bytes] = {
        f"회의 {TABLE}_all.csv": rows("이름,날짜", "첫 회의,1", "둘째 회의,2"),
        f"회의 {TABLE}/첫 회의 {ROW}.md": "# 첫 회의\n\n날짜: 1\n\n" + question("언제인가요?", "어제"),
        f"회의 {TABLE}/둘째 회의 {LINE}.md": "# 둘째 회의\n\n날짜: 2\n\n" + question("어디인가요?", "여기"),
    }
    notes = read(Desk(tmp_path).write(files))
    assert [(one.form, one.is_question) for one in notes.sources] == [(Form.MARKDOWN, False)] * 2


def test_rows_of_one_title_are_told_apart_by_their_cells(tmp_path: Path) -> None:
    files: dict[str, str | bytes] = {
        f"표 {TABLE}.csv": rows("질문,장,답변", "왜?,1장,하나", "왜?,2장,"),
        f"표 {TABLE}/왜 {ROW}.md": "# 왜?\n\n장: 2장\n\n몸이 있다.",
    }
    table, page = read(Desk(tmp_path).write(files)).sources
    assert table.text.split("\n") == ["질문,장,답변", "왜?,1장,하나", ""]
    assert page.is_question


@pytest.mark.parametrize(
    ("body", "is_page"), [("<p>연결을 맺는다</p>", True), ('<figure><img src="a.png"/></figure>', True), ("", False), ("<p> </p>", False)]
)
def test_rows_of_an_html_export_are_pages_if_they_have_a_body(tmp_path: Path, body: str, is_page: bool) -> None:
    page = HTML.format("TCP란 <em>무엇</em> &amp; 왜", body)
    files: dict[str, str | bytes] = {
        f"표 {TABLE}.csv": rows("Question,Answer", "TCP란 무엇 & 왜,", "UDP란,데이터그램"),
        f"표 {TABLE}.html": HTML,
        f"표 {TABLE}/TCP란 {ROW}.html": page,
    }
    notes = read(Desk(tmp_path).write(export(files)))
    assert [one.form for one in notes.sources] == [Form.CSV, Form.HTML][: 1 + is_page]
    assert notes.sources[0].text.split("\n")[1] == ("" if is_page else "TCP란 무엇 & 왜,")
    assert notes.diagnostics == ()


def test_columns_have_names_of_ones_own(tmp_path: Path) -> None:
    files: dict[str, str | bytes] = {"표.csv": rows("Frage,Antwort", "Was?,"), f"표/Was {ROW}.md": "# Was?\n\nEin Protokoll."}
    desk = Desk(tmp_path).write({**files, "deck.toml": '[columns]\nquestion = ["Frage"]\nanswer = ["Antwort"]\n'})
    assert [read.source.is_question for read in desk.build().reads] == [True]


def test_a_table_without_pages_stays_as_it_is(tmp_path: Path) -> None:
    notes = read(Desk(tmp_path).write({"낱말.csv": rows("질문,답", '"여러\n줄",답')}))
    assert [(one.form, one.text) for one in notes.sources] == [(Form.CSV, '질문,답\n"여러\n줄",답')]


def test_a_damaged_entry_is_told_and_the_others_are_read(tmp_path: Path) -> None:
    data = zipped({"a.md": PAGE, "b.md": "# 나\n"}, method=zipfile.ZIP_STORED)
    broken = data.replace(PAGE.encode()[:8], b"12345678", 1)
    notes = read(Desk(tmp_path).write({"묶음.zip": broken, "c.md": PAGE}))
    assert [one.inside for one in notes.sources] == ["c.md", "묶음/b.md"]
    assert told(notes) == [("a.md", "zip-broken")]
