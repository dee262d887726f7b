"""Notes on disk -> sources: which files are read, in which order, and in which encoding."""

from __future__ import annotations

import unicodedata
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from notedeck.sources.folder import Notes, read_notes
from notedeck.sources.root import Root
from notedeck.sources.text import NotTextError, _is_tidy, _tidy, decode
from tests.anki_oracle import Desk

KOREAN = "- 힙은 무엇인가요?\n  자유롭게 쓰는 기억이다.\n"


def read(desk: Desk, *paths: Path) -> Notes:
    return read_notes(paths or (desk.notes,), desk.decks, Root(desk.notes, ""))


def names(notes: Notes) -> list[str]:
    return [source.name for source in notes.sources]


def told(notes: Notes) -> list[tuple[str, str]]:
    return [(Path(one.span.path).name, one.code) for one in notes.diagnostics]


@pytest.mark.parametrize(
    ("data", "encoding"),
    [
        (KOREAN.encode(), "utf-8"),
        (KOREAN.encode("utf-8-sig"), "utf-8"),
        (KOREAN.replace("\n", "\r\n").encode(), "utf-8"),
        (KOREAN.replace("\n", "\r").encode(), "utf-8"),
        (KOREAN.encode("cp949"), "cp949"),
        (KOREAN.encode("utf-16"), "utf-16"),
        (b"\xfe\xff" + KOREAN.encode("utf-16-be"), "utf-16"),
        ((KOREAN + "abc\n").encode("utf-16-le"), "utf-16-le"),
        (("ok\n" + KOREAN).encode("utf-16-be"), "utf-16-be"),
    ],
)
def test_text_is_read_in_the_encodings_that_editors_write(data: bytes, encoding: str) -> None:
    text, found = decode(data)
    assert found == encoding
    assert KOREAN in text
    assert "\r" not in text
    assert "\ufeff" not in text


@pytest.mark.parametrize(
    "data",
    [
        b"\x89PNG\r\n\x1a\n" + bytes(range(256)),
        b"PK\x03\x04" + bytes(range(256)) * 4,
        "가나다".encode() + b"\xff\xfe\xfd",
        b"\xef\xbb\xbf\xff\xff",
        b"\xff\xfe\x00",
        b"\x00\x01\x02\x03" * 64,
    ],
)
def test_what_is_no_text_is_refused(data: bytes) -> None:
    with pytest.raises(NotTextError):
        decode(data)


def test_whether_utf_8_is_tidy_is_seen_in_its_bytes() -> None:
    every = [f"가{chr(code)}나\n" for code in range(0x10400) if not 0xD800 <= code < 0xE000]
    assert [one for one in every if _is_tidy(one.encode()) != (_tidy(one) == one)] == []


@given(st.text())
def test_utf_8_comes_out_without_what_breaks_a_package(text: str) -> None:
    decoded, _ = decode(text.encode("utf-8", "ignore"))
    assert not set(decoded) & set("\r\x0b\x0c\x85\u2028\u2029\x00\x1f\x7f")
    assert decoded.count("\n") == text.encode("utf-8", "ignore").decode().replace("\r\n", "\n").replace("\r", "\n").count("\n")


@given(st.binary())
def test_any_bytes_are_text_or_refused(data: bytes) -> None:
    try:
        text, _ = decode(data)
    except NotTextError:
        return
    assert "\0" not in text


def test_a_folder_is_walked_as_a_person_lists_it(tmp_path: Path) -> None:
    files = ["10장.md", "2장.md", "1장.MD", "메모.txt", "긴.markdown", "그림.png", "부록/2.md", "부록/10.md", "deck.toml"]
    desk = Desk(tmp_path).write(dict.fromkeys(files, KOREAN))
    assert names(read(desk)) == ["1장.MD", "2장.md", "10장.md", "긴.markdown", "메모.txt", "부록/2.md", "부록/10.md"]


def test_what_is_not_the_authors_is_passed_by(tmp_path: Path) -> None:
    files = [".숨김/a.md", ".b.md", "__MACOSX/c.md", "node_modules/d.md", "decks/e.md", "노트.md"]
    desk = Desk(tmp_path).write(dict.fromkeys(files, KOREAN))
    (tmp_path / "elsewhere.md").write_text(KOREAN, "utf-8")
    (desk.notes / "link.md").symlink_to(tmp_path / "elsewhere.md")
    assert names(read_notes((desk.notes,), desk.notes / "decks", Root(desk.notes, ""))) == ["노트.md"]


def test_a_loop_of_links_ends(tmp_path: Path) -> None:
    desk = Desk(tmp_path).write({"노트.md": KOREAN})
    (desk.notes / "again").symlink_to(desk.notes, target_is_directory=True)
    assert names(read(desk)) == ["노트.md"]


def test_a_file_given_twice_is_read_once(tmp_path: Path) -> None:
    desk = Desk(tmp_path).write({"가/노트.md": KOREAN})
    assert names(read(desk, desk.notes, desk.notes / "가", desk.notes / "가/노트.md")) == ["가/노트.md"]


def test_a_name_is_the_same_on_every_machine(tmp_path: Path) -> None:
    """A Mac writes decomposed names; the lock must not know the difference."""
    desk = Desk(tmp_path).write({unicodedata.normalize("NFD", "폴더/노트.md"): KOREAN})
    (source,) = read(desk).sources
    assert source.name == unicodedata.normalize("NFC", "폴더/노트.md")
    assert Path(source.path).is_file()


def test_a_single_file_is_named_within_its_folder(tmp_path: Path) -> None:
    desk = Desk(tmp_path).write({"가/노트.md": KOREAN, "가/또.md": KOREAN})
    (source,) = read(desk, desk.notes / "가" / "노트.md").sources
    assert (source.name, source.inside) == ("가/노트.md", "가/노트.md")


def test_each_file_that_cannot_be_read_is_told_and_the_others_are_read(tmp_path: Path) -> None:
    desk = Desk(tmp_path).write({"a.md": KOREAN, "b.md": KOREAN.encode("cp949"), "c.md": bytes(range(256)), "d.md": KOREAN.encode("utf-16")})
    notes = read(desk)
    assert names(notes) == ["a.md", "b.md", "d.md"]
    assert told(notes) == [("b.md", "encoding"), ("c.md", "not-text"), ("d.md", "encoding")]


def test_a_place_without_notes_is_told(tmp_path: Path) -> None:
    desk = Desk(tmp_path).write({"그림.png": b"", "글.pdf": b""})
    missing = tmp_path / "없음"
    assert told(read(desk, desk.notes, missing, desk.notes / "글.pdf")) == [("notes", "no-notes"), ("없음", "not-found"), ("글.pdf", "unknown-kind")]


def test_an_empty_file_is_a_source(tmp_path: Path) -> None:
    desk = Desk(tmp_path).write({"빈.md": ""})
    assert [source.text for source in read(desk).sources] == [""]
