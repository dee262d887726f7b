"""Files that mean harm, or broke on their way: each limit with a file that is really beyond it, and the others are read all the same."""

from __future__ import annotations

import io
import os
import struct
import tempfile
import time
import tracemalloc
import zipfile
import zlib
from collections.abc import Callable
from contextlib import suppress
from functools import cache
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from notedeck.diagnostics import LEVELS, Level
from notedeck.sources import zips
from notedeck.sources.archive import read_zip
from notedeck.sources.folder import Notes, read_notes
from notedeck.sources.root import Root
from notedeck.sources.zips import Budget
from tests.anki_oracle import Desk, codes, png, question
from tests.zips import IDS, UUID, bare, declared, link, zipped

GOOD = "# 책\n\n" + question("좋은 질문인가요?", "네.")
MB = 1 << 20


def read(desk: Desk) -> Notes:
    return read_notes((desk.notes,), desk.decks, Root(desk.notes, ""))


def told(desk: Desk, data: bytes, name: str = "묶음.zip") -> list[tuple[str, str]]:
    """What is told of a zip beside a good page, which is read in any case: the path below the notes and the code."""
    notes = read(desk.write({name: data, "좋은.md": GOOD}))
    assert GOOD in [one.text for one in notes.sources]
    return [(os.path.relpath(one.span.path, desk.notes), one.code) for one in notes.diagnostics]


# Bombs


@cache
def zeros() -> bytes:
    """A zip of 80 MB of nothing."""
    return zipped({"a.md": b"\0" * 80 * MB})


def nested(levels: int) -> bytes:
    data = zipped({"a.md": GOOD})
    for level in range(levels):
        data = zipped({f"{level}.zip": data})
    return data


def overlapping(entries: int) -> bytes:
    """Files that all share the bytes of one: each directory entry points at the same place."""
    raw = zlib.compressobj(9, zlib.DEFLATED, -15)
    zeros = b"\0" * MB
    packed = raw.compress(zeros) + raw.flush()
    common = struct.pack("<HHHHHLLL", 20, 0, 8, 0x6000, 0x5C61, zlib.crc32(zeros), len(packed), MB)
    body = b"PK\x03\x04" + common + struct.pack("<HH", 4, 0) + b"0.md" + packed
    names = [f"{number}.md".encode() for number in range(entries)]
    directory = b"".join(b"PK\x01\x02\x14\x03" + common + struct.pack("<HHHHHLL", len(name), 0, 0, 0, 0, 0, 0) + name for name in names)
    return body + directory + b"PK\x05\x06" + struct.pack("<HHHHLLH", 0, 0, entries, entries, len(directory), len(body), 0)


def many(entries: int) -> bytes:
    """A directory of so many files: honest about each, and more than anybody needs."""
    names = (f"{number}.md".encode() for number in range(entries))
    directory = b"".join(b"PK\x01\x02\x14\x03" + bytes(22) + struct.pack("<HHHHHLL", len(name), 0, 0, 0, 0, 0, 0) + name for name in names)
    count = struct.pack("<QQ", entries, entries)
    large = b"PK\x06\x06" + struct.pack("<QHHLL", 44, 45, 45, 0, 0) + count + struct.pack("<QQ", len(directory), 0)
    locator = b"PK\x06\x07" + struct.pack("<LQL", 0, len(directory), 1)
    return directory + large + locator + b"PK\x05\x06" + struct.pack("<HHHHLLH", 0, 0, 0xFFFF, 0xFFFF, 0xFFFFFFFF, 0xFFFFFFFF, 0)


def layers() -> bytes:
    """Zips of zips of zeros: small on each level, and 4 GB in all."""
    leaf = zipped({f"{number}.md": b"\0" * 20 * MB for number in range(3)})
    middle = zipped({f"{number}.zip": leaf for number in range(9)})
    return zipped({f"{number}.zip": middle for number in range(9)})


@pytest.mark.parametrize(
    ("make", "code"),
    [
        pytest.param(zeros, "zip-ratio", id="zeros"),
        pytest.param(lambda: zipped({"a.zip": zeros()}), "zip-ratio", id="zeros one level down"),
        pytest.param(lambda: zipped({"a.zip": b"\0" * 80 * MB, "b.bin": os.urandom(MB)}), "zip-ratio", id="zeros that call themselves a zip"),
        pytest.param(lambda: overlapping(40), "zip-ratio", id="files that overlap"),
        pytest.param(lambda: many(zips.ENTRIES + 1), "zip-count", id="files without number"),
        pytest.param(layers, "zip-size", id="layers"),
        pytest.param(lambda: nested(4), "zip-depth", id="a zip in a zip in a zip in a zip"),
    ],
)
def test_a_bomb_is_told_and_never_unpacked(tmp_path: Path, make: Callable[[], bytes], code: str) -> None:
    data = make()
    tracemalloc.start()
    found = told(Desk(tmp_path), data)
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert {one for _, one in found} == {code}
    assert LEVELS[code] is Level.ERROR
    assert peak < 150 * MB


def test_a_directory_longer_than_any_is_not_even_read(tmp_path: Path) -> None:
    data = bytearray(many(10))
    place = data.index(b"PK\x06\x06") + 40
    data[place : place + 8] = struct.pack("<Q", 1 << 40)
    assert told(Desk(tmp_path), bytes(data)) == [("묶음.zip", "zip-count")]


def test_the_zips_of_a_run_share_one_budget(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(zips, "ENTRIES", 10)
    half = zipped({f"{number}.md": GOOD for number in range(6)})
    desk = Desk(tmp_path).write({"가.zip": half})
    assert told(desk, half, "나.zip") == [("나.zip", "zip-count")]


@pytest.mark.parametrize("size", [10, MB])
def test_an_entry_is_inflated_to_its_declared_size_and_no_further(tmp_path: Path, size: int) -> None:
    data = declared(zipped({"a.md": b"\0" * 60 * MB}), size)
    tracemalloc.start()
    assert told(Desk(tmp_path), data) == [("묶음.zip/a.md", "zip-lies")]
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert peak < 20 * MB


def test_an_entry_that_promises_more_than_it_holds_is_told(tmp_path: Path) -> None:
    assert told(Desk(tmp_path), declared(zipped({"a.md": GOOD}), 5000)) == [("묶음.zip/a.md", "zip-lies")]


# Names


@pytest.mark.parametrize(
    "name", ["../밖.md", "속/../../밖.md", "/etc/밖.md", "C:\\밖.md", "..\\밖.md", "\\\\서버\\밖.md", "널\0.md", "..", "/", "깊이/" * 5000 + "밖.md"]
)
def test_a_name_that_is_no_path_inside_is_left_out(tmp_path: Path, name: str) -> None:
    desk = Desk(tmp_path)
    assert told(desk, bare([(name.encode(), GOOD.encode()), (b"good.md", b"#")], 0x800)) == [("묶음.zip", "zip-path")]
    assert LEVELS["zip-path"] is Level.WARNING
    assert [one.inside for one in read(desk).sources] == ["좋은.md", "묶음/good.md"]
    assert sorted(path.name for path in tmp_path.rglob("*")) == ["notes", "묶음.zip", "좋은.md"]


def test_of_two_files_of_one_name_the_last_is_read(tmp_path: Path) -> None:
    desk = Desk(tmp_path)
    assert told(desk, bare([(b"a.md", b"one"), (b"a.md", b"two")])) == [("묶음.zip/a.md", "zip-twice")]
    assert "two" in [one.text for one in read(desk).sources]


def test_files_whose_names_differ_in_case_are_both_read_and_told(tmp_path: Path) -> None:
    pages: dict[str, str | bytes] = {
        "Note.md": question("크나요?", "![](Pic.png)"),
        "note.md": question("작나요?", "![](pic.png)"),
        "Pic.png": png(1),
        "pic.png": png(2),
    }
    for desk in (Desk(tmp_path / "1").write(pages), Desk(tmp_path / "2").write({"묶음.zip": zipped(pages)})):
        built = desk.build()
        assert "names-alike" in codes(built)
        assert len({picture.name for note in built.notes for picture in note.draft.pictures}) == 2


def test_a_name_may_be_a_number_of_any_length(tmp_path: Path) -> None:
    desk = Desk(tmp_path)
    assert told(desk, zipped({"9" * 9000 + ".md": "# 나\n", "10.md": "# 가\n", "2.md": "# 다\n"})) == []
    assert [one.text[2] for one in read(desk).sources][1:] == ["다", "가", "나"]


@pytest.mark.parametrize("filling", ["<", "<h1", '<h1 class="page-title">', "<div ", "<a", "&", "\n \n"])
def test_a_page_of_a_row_is_looked_at_in_linear_time(tmp_path: Path, filling: str) -> None:
    """2 MB of what patterns trip over: a quadratic one would take hours."""
    files = {f"표 {IDS['표']}.csv": "질문,답\n왜?,\n", f"표 {IDS['표']}/왜 {IDS['행']}.html": filling * (2 * MB // len(filling))}
    started = time.process_time()
    assert len(read(Desk(tmp_path).write(files)).sources) == 2
    assert time.process_time() - started < 30


@pytest.mark.parametrize("packed", [True, False])
def test_a_name_brings_no_control_character_into_a_deck(tmp_path: Path, packed: bool) -> None:
    """One of them parts the fields of a note in Anki's file."""
    pages: dict[str, str | bytes] = {"가\x1f나/다\x1b[2J.md": question("왜 그런가요?", "그러니까."), "가\x1f나/라.md": ""}
    desk = Desk(tmp_path).write({f"Export-{UUID}1.zip": zipped(pages)} if packed else pages)
    (note,) = desk.build().notes
    assert (note.fields["Book"], note.fields["Chapter"]) == ("가\ufffd나", "다\ufffd[2J")


def test_a_name_cannot_move_the_cursor(tmp_path: Path) -> None:
    desk = Desk(tmp_path)
    told(desk, bare([(b"\x1b[2J\xe2\x80\xaea.md", b"\xff")], 0x800))
    (problem,) = read(desk).diagnostics
    assert problem.code == "not-text"
    assert problem.span.path.isprintable() or "\ufffd" in problem.span.path
    assert "\x1b" not in problem.span.path


# Links


@pytest.mark.parametrize("target", ["/etc/passwd", "../밖.md", "속/../../밖.md", "x" * 5000])
def test_a_link_in_a_zip_that_leads_out_is_not_followed(tmp_path: Path, target: str) -> None:
    (tmp_path / "밖.md").write_text("비밀", "utf-8")
    desk = Desk(tmp_path)
    assert told(desk, link("속.md", target)) == [("묶음.zip/속.md", "link-outside")]
    assert len(read(desk).sources) == 1


def test_a_link_in_a_zip_that_stays_inside_is_passed_by(tmp_path: Path) -> None:
    assert told(Desk(tmp_path), link("속/가.md", "../나.md")) == [("묶음.zip", "zip-empty")]


def test_links_that_lead_out_of_the_notes_are_told_and_not_followed(tmp_path: Path) -> None:
    desk = Desk(tmp_path).write({"좋은.md": GOOD, "속/나.md": "# 나\n"})
    (tmp_path / "밖").mkdir()
    (tmp_path / "밖" / "비밀.md").write_text("비밀", "utf-8")
    (tmp_path / "밖" / "비밀.zip").write_bytes(zipped({"비밀.md": "비밀"}))
    for name, target in {"a.md": "밖/비밀.md", "b": "밖", "c.zip": "밖/비밀.zip", "d.bin": "밖/비밀.md"}.items():
        (desk.notes / name).symlink_to(tmp_path / target)
    (desk.notes / "e").symlink_to(desk.notes)
    (desk.notes / "f.md").symlink_to(desk.notes / "좋은.md")
    (desk.notes / "g.md").symlink_to(desk.notes / "g.md")
    (desk.notes / "h.md").symlink_to(desk.notes / "없다.md")
    notes = read(desk)
    assert [one.inside for one in notes.sources] == ["좋은.md", "속/나.md"]
    assert sorted((Path(one.span.path).name, one.code) for one in notes.diagnostics) == [(name, "link-outside") for name in ("a.md", "b", "c.zip")]


def test_a_pipe_that_looks_like_notes_is_passed_by(tmp_path: Path) -> None:
    desk = Desk(tmp_path).write({"좋은.md": GOOD})
    os.mkfifo(desk.notes / "막힌.md")
    assert len(read(desk).sources) == 1


# Broken zips


@pytest.mark.parametrize(
    ("data", "code"),
    [
        pytest.param(b"", "zip-broken", id="empty"),
        pytest.param(GOOD.encode(), "zip-broken", id="no zip"),
        pytest.param(zipped({"a.md": GOOD})[:-30], "zip-broken", id="cut off"),
        pytest.param(zipped({"a.md": GOOD})[40:], "zip-broken", id="without its start"),
        pytest.param(zipped({"a.zip": b"no zip"}), "zip-broken", id="no zip inside"),
        pytest.param(bare([(b"a.md", b"x")], 1), "zip-locked", id="locked"),
        pytest.param(bare([(b"\xff\xfe.md", b"x")], 0x800), "zip-broken", id="a name that is no text"),
        pytest.param(zipped({"a.md": GOOD}, method=zipfile.ZIP_BZIP2), "zip-method", id="bzip2"),
        pytest.param(zipped({"a.md": GOOD}, method=zipfile.ZIP_LZMA), "zip-method", id="lzma"),
    ],
)
def test_a_zip_that_cannot_be_read_is_told_and_stops_the_build(tmp_path: Path, data: bytes, code: str) -> None:
    desk = Desk(tmp_path)
    assert [one for _, one in told(desk, data)] == [code]
    assert desk.build().failed
    assert not desk.decks.exists()


def test_all_that_is_wrong_is_told_in_one_run(tmp_path: Path) -> None:
    broken = {"가.zip": b"no", "나.zip": bare([(b"a.md", b"x")], 1), "다.zip": zeros(), "라.md": bytes(range(256))}
    notes = read(Desk(tmp_path).write({**broken, "좋은.md": GOOD}))
    assert sorted(one.code for one in notes.diagnostics) == ["not-text", "zip-broken", "zip-locked", "zip-ratio"]
    assert [one.text for one in notes.sources] == [GOOD]


def test_a_damaged_part_leaves_the_other_parts(tmp_path: Path) -> None:
    desk = Desk(tmp_path)
    assert told(desk, zipped({"Part-1.zip": b"no", "Part-2.zip": zipped({"a.md": "# 나\n"})})) == [("묶음.zip/Part-1.zip", "zip-broken")]
    assert len(read(desk).sources) == 2


def test_a_picture_that_is_damaged_is_told_and_the_card_is_made(tmp_path: Path) -> None:
    data = zipped({"쪽.md": question("무엇이 보이나요?", "![](a.png)"), "a.png": png(1)}, method=zipfile.ZIP_STORED)
    built = Desk(tmp_path).write({"묶음.zip": data.replace(png(1), png(1)[:-1] + b"x", 1)}).build()
    assert codes(built) == ["picture-broken"]
    assert len(built.notes) == 1


def test_a_picture_too_large_for_anki_is_told(tmp_path: Path) -> None:
    desk = Desk(tmp_path).write({"쪽.md": question("무엇이 보이나요?", "![](a.png)"), "a.png": b""})
    os.truncate(desk.notes / "a.png", 101 * MB)
    assert codes(desk.build()) == ["picture-large"]


# Large files


@pytest.mark.parametrize("name", ["쪽.html", "쪽.md", "쪽.csv"])
def test_a_file_of_100_mb_is_told_and_not_read(tmp_path: Path, name: str) -> None:
    desk = Desk(tmp_path).write({"좋은.md": GOOD, name: b""})
    os.truncate(desk.notes / name, 100 * MB)
    tracemalloc.start()
    notes = read(desk)
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert [(Path(one.span.path).name, one.code) for one in notes.diagnostics] == [(name, "too-large")]
    assert len(notes.sources) == 1
    assert peak < 5 * MB


def test_a_page_of_100_mb_in_a_zip_is_told_and_not_inflated(tmp_path: Path) -> None:
    data = zipped({"쪽.html": b" " * 100 * MB, "그림.bin": os.urandom(2 * MB)})
    assert told(Desk(tmp_path), data) == [("묶음.zip/쪽.html", "too-large")]


# Anything


@given(st.data())
def test_no_bytes_break_the_reader_of_zips(data: st.DataObject) -> None:
    """A real export with some of its bytes changed, cut or doubled: it is read, or told."""
    raw = bytearray(zipped({"Part-1.zip": zipped({f"쪽 {IDS['하나']}.md": GOOD, "a.png": png(1)})}))
    for _ in range(data.draw(st.integers(1, 6))):
        place = data.draw(st.integers(0, len(raw) - 1))
        raw[place : place + data.draw(st.integers(0, 4))] = data.draw(st.binary(max_size=4))
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "묶음.zip"
        path.write_bytes(raw)
        tree, told_of = read_zip(path, Budget())
        for one in tree.packed.values():
            with suppress(OSError):
                assert len(one.read_bytes()) == one.size
    assert {one.code for one in told_of if not one.code.startswith("zip-")} <= {"link-outside"}


def test_what_the_tests_call_a_zip_is_one() -> None:
    assert zipfile.ZipFile(io.BytesIO(bare([(b"a.md", b"x")]))).testzip() is None
    assert zipfile.ZipFile(io.BytesIO(overlapping(3))).namelist() == ["0.md", "1.md", "2.md"]
    assert len(zipfile.ZipFile(io.BytesIO(many(7))).namelist()) == 7
