"""The .apkg as a file: deflated, dated 1980, the same bytes twice, and nothing left in the temporary folder."""

from __future__ import annotations

import json
import os
import sqlite3
import subprocess
import sys
import tempfile
import time
import zipfile
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Any

import pytest

from tests.anki_oracle import NOW, REPO, Anki, Desk, png, question

NOTES: dict[str, str | bytes] = {
    "책.md": "# 책\n\n## 1장\n\n"
    + question("[면접질문] 그림이 있나요?", "네. ![](그림.png)", 4)
    + question("표도 있나요?", "네.\n\n  | 가 | 나 |\n  | --- | --- |\n  | 1 | 2 |")
    + "\n## 2장\n\n"
    + question("식도 있나요?", "$a < b$"),
    "그림.png": png(7) * 50,
}


@pytest.fixture
def desk(tmp_path: Path) -> Desk:
    return Desk(tmp_path).write(NOTES)


@contextmanager
def database(package: Path) -> Iterator[sqlite3.Connection]:
    """The collection inside a package."""
    with (
        tempfile.TemporaryDirectory() as folder,
        zipfile.ZipFile(package) as archive,
        closing(sqlite3.connect(archive.extract("collection.anki2", folder))) as connection,
    ):
        yield connection


def test_every_entry_is_deflated_and_dated_1980(desk: Desk) -> None:
    desk.build()
    for path in desk.packages():
        with zipfile.ZipFile(path) as archive:
            assert archive.testzip() is None
            entries = archive.infolist()
        assert [entry.filename for entry in entries] == ["collection.anki2", "media", "0"]
        for entry in entries:
            assert entry.date_time == (1980, 1, 1, 0, 0, 0)
            assert entry.compress_type == zipfile.ZIP_DEFLATED
            assert entry.external_attr >> 16 == 0o644
        assert entries[0].compress_size < entries[0].file_size / 5


def test_media_are_listed_with_what_they_hold(desk: Desk) -> None:
    desk.build()
    with zipfile.ZipFile(desk.decks / "책.apkg") as archive:
        (name,) = json.loads(archive.read("media")).values()
        assert archive.read("0") == NOTES["그림.png"]
    assert name.startswith("notedeck-")
    assert name.endswith(".png")


def test_two_builds_are_byte_equal(desk: Desk, tmp_path: Path) -> None:
    """In the same folder, in another one with the lock, and at another time."""
    desk.build()
    other = Desk(tmp_path / "other").write(NOTES)
    other.write({"cards.lock": desk.lock.read_bytes()}).build(now=NOW + 100_000)
    assert other.package_bytes() == desk.package_bytes()
    assert other.lock.read_bytes() == desk.lock.read_bytes()


def test_two_builds_at_one_time_need_no_lock_to_be_equal(desk: Desk, tmp_path: Path) -> None:
    """Identity comes from the notes alone: two people who start from the same notes make the same decks."""
    desk.build()
    other = Desk(tmp_path / "other").write(NOTES)
    other.build()
    assert other.package_bytes() == desk.package_bytes()


@pytest.mark.parametrize("seed", ["0", "1", "4242"])
def test_bytes_do_not_depend_on_the_hash_seed_or_the_time_zone(desk: Desk, seed: str) -> None:
    desk.build()
    packed = desk.package_bytes()
    environment = {**os.environ, "PYTHONHASHSEED": seed, "TZ": "Asia/Seoul"}
    again = desk.root / "again"
    subprocess.run(
        [sys.executable, "build.py", str(desk.notes), "-q", "-o", str(again)], cwd=REPO, env=environment, check=True, capture_output=True, timeout=60
    )
    assert {path.name: path.read_bytes() for path in again.glob("*.apkg")} == packed


def test_no_file_stays_in_the_temporary_folder(desk: Desk, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "tmp").mkdir()
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path / "tmp"))
    desk.build()
    assert len(desk.packages()) == 2
    assert {(path.suffix, path.stat().st_size) for path in (tmp_path / "tmp").iterdir()} <= {(".lock", 0)}, "what keeps two builds apart is empty"
    assert len(list((tmp_path / "tmp").iterdir())) <= 1
    assert {path.name for path in desk.root.iterdir()} == {"notes", "decks", "tmp"}
    assert not list(desk.root.rglob(".notedeck-*"))


def test_each_row_has_its_own_ids_and_times(desk: Desk) -> None:
    """Written later, edited later: a note's time is its own and the note type's is another."""
    desk.build()
    text = str(NOTES["책.md"]).replace("$a < b$", "$a < c$")
    desk.write({"책.md": text}).build(now=NOW + 500)
    with database(desk.decks / "책.apkg") as inside:
        notes = inside.execute("select id, guid, mod, usn from notes order by id").fetchall()
        cards = inside.execute("select id, nid, ord, due from cards order by due").fetchall()
        (types, modified) = inside.execute("select models, mod from col").fetchone()
    assert sorted(mod for _, _, mod, _ in notes) == [NOW, NOW, NOW + 500]
    assert len({number for number, *_ in notes}) == len({guid for _, guid, *_ in notes}) == 3
    assert all(guid.startswith("nd-") for _, guid, *_ in notes)
    assert all(0 < number < NOW * 1000 for number, *_ in notes), "no reader's clock makes such an id"
    assert [(order, due) for _, _, order, due in cards] == [(0, 1), (0, 2), (0, 3)]
    assert [card for card, *_ in cards] == [note for _, note, *_ in cards]
    shipped = [one for one in json.loads(types).values() if one["flds"][0]["name"] == "Question"]
    assert [one["mod"] for one in shipped] == [NOW]
    assert modified is not None


def test_the_filtered_package_holds_the_same_rows(desk: Desk) -> None:
    desk.build()
    query = "select n.id, n.guid, n.mod, n.tags, n.flds, c.id, c.due, c.did from notes n join cards c on c.nid = n.id"
    with database(desk.decks / "책.apkg") as whole, database(desk.decks / "책 - 면접질문.apkg") as part:
        wanted = [row for row in whole.execute(query).fetchall() if "면접질문" in row[3]]
        assert part.execute(query).fetchall() == wanted
        assert len(wanted) == 1


@pytest.mark.parametrize("text", ["<" * 60_000, "a<b " * 20_000, "&lt;" * 20_000, "`" + "<" * 60_000 + "`"])
def test_a_long_answer_full_of_brackets_is_packed_at_once(tmp_path: Path, text: str) -> None:
    """A check of tags that is quadratic would take half a minute here."""
    desk = Desk(tmp_path).write({"책.md": question("길어도 되나요?", text)})
    started = time.monotonic()
    desk.build()
    assert time.monotonic() - started < 8
    with Anki(tmp_path / "anki") as anki:
        anki.take_all(desk.packages())
        (row,) = anki.rows()
        assert row.fields["Answer"].count("&lt;") >= 20_000


@pytest.mark.parametrize("odd", ["\x00", "\x1f", "\x1e", "\u2028", "\x7f", "\ud800"])
def test_no_character_breaks_a_package(tmp_path: Path, odd: str) -> None:
    """U+001F parts fields in Anki's database, and NUL ends a text."""
    data = question("이상한 글자", f"앞{odd}뒤 글자는 남는다.").encode("utf-8", "surrogatepass")
    desk = Desk(tmp_path).write({"책.md": b"## 1\xec\x9e\xa5\n\n- " + "무엇인가요?\n  여기까지.\n".encode() + (b"" if odd == "\ud800" else data)})
    desk.build()
    with Anki(tmp_path / "anki") as anki:
        anki.take_all(desk.packages())
        for row in anki.rows():
            assert row.fields["ID"]
            assert row.fields["Spare1"] == ""


def test_a_package_is_read_by_anki_whatever_its_file_is_called(desk: Desk) -> None:
    desk.build()
    moved = desk.root / "이름 바꿈 (1).apkg"
    (desk.decks / "책.apkg").rename(moved)
    with Anki(desk.root / "anki") as anki:
        assert anki.take(moved).counts == {"new": 3, "updated": 0, "duplicate": 0, "conflicting": 0}


def test_genanki_is_asked_for_nothing_by_clock(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    """Packing again later, from the lock, makes the same bytes even when every clock says something else."""
    desk.build()
    packed = desk.package_bytes()
    for path in desk.packages():
        path.unlink()
    times: Any = iter(range(2_000_000_000, 2_100_000_000))
    monkeypatch.setattr(time, "time_ns", lambda: next(times) * 10**9)
    desk.build(now=NOW + 12_345)
    assert desk.package_bytes() == packed
