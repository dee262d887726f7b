"""The cache: what it gives back, what it never believes, how much it keeps, and that any failure is but a miss."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from notedeck.machine import cache as module
from notedeck.machine.cache import Cache, key_of, user_folder
from tests.anki_oracle import REPO

VALUE = bytes(range(256))
KEY = key_of("하나")


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return tmp_path / "cache"


def entry(folder: Path) -> Path:
    (found,) = folder.glob("*.entry")
    return found


def test_what_was_put_is_given_back_to_another_run(folder: Path) -> None:
    assert Cache(folder).get(KEY) is None
    Cache(folder).put(KEY, VALUE)
    assert Cache(folder).get(KEY) == VALUE
    assert Cache(folder).get(key_of("둘")) is None


def test_a_key_tells_its_parts_apart() -> None:
    assert len({key_of(*parts) for parts in (("가", "나"), ("가나",), ("가나", ""), ("나", "가"))}) == 4


def test_a_key_moves_with_our_code_and_with_the_libraries(monkeypatch: pytest.MonkeyPatch) -> None:
    for versions in (("other code", *module._versions()[1:]), (*module._versions()[:-1], "Pygments 0")):
        with monkeypatch.context() as patch:
            patch.setattr(module, "_versions", lambda versions=versions: versions)
            assert key_of("하나") != KEY


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=200)
@given(data=st.data())
def test_one_byte_that_is_other_makes_it_no_entry(folder: Path, data: st.DataObject) -> None:
    Cache(folder).put(KEY, VALUE)
    written = bytearray(entry(folder).read_bytes())
    place = data.draw(st.integers(0, len(written) - 1))
    written[place] ^= data.draw(st.integers(1, 255))
    entry(folder).write_bytes(bytes(written))
    assert Cache(folder).get(KEY) is None


def test_one_that_is_cut_off_is_no_entry(folder: Path) -> None:
    Cache(folder).put(KEY, VALUE)
    whole = entry(folder).read_bytes()
    for length in range(len(whole)):
        entry(folder).write_bytes(whole[:length])
        assert Cache(folder).get(KEY) is None


def test_an_entry_under_another_ones_name_is_not_believed(folder: Path) -> None:
    Cache(folder).put(KEY, VALUE)
    entry(folder).rename(folder / f"{key_of('둘')}.entry")
    assert Cache(folder).get(key_of("둘")) is None


@pytest.mark.skipif(os.name == "nt", reason="folders have no such permissions")
def test_a_folder_that_others_may_write_into_is_not_used(folder: Path) -> None:
    Cache(folder).put(KEY, VALUE)
    assert folder.stat().st_mode & 0o777 == 0o700
    folder.chmod(0o770)
    assert Cache(folder).get(KEY) is None
    Cache(folder).put(key_of("둘"), VALUE)
    assert len(list(folder.iterdir())) == 1


@pytest.mark.skipif(os.name == "nt", reason="links need rights there")
def test_a_link_is_not_used(folder: Path, tmp_path: Path) -> None:
    (tmp_path / "elsewhere").mkdir(mode=0o700)
    folder.symlink_to(tmp_path / "elsewhere")
    Cache(folder).put(KEY, VALUE)
    assert list((tmp_path / "elsewhere").iterdir()) == []


def test_a_failing_disk_is_a_miss(folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "file").write_text("", "utf-8")
    nowhere = Cache(tmp_path / "file" / "cache")
    nowhere.put(KEY, VALUE)
    assert nowhere.get(KEY) is None
    there = Cache(folder)

    def full(self: Path, target: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(Path, "replace", full)
    there.put(KEY, VALUE)
    assert there.get(KEY) is None
    assert list(folder.iterdir()) == []


def test_the_folder_may_go_at_any_time(folder: Path) -> None:
    here = Cache(folder)
    folder.rmdir()
    here.put(KEY, VALUE)
    here.tidy()
    assert here.get(KEY) is None
    Cache(folder).put(KEY, VALUE)
    assert Cache(folder).get(KEY) == VALUE


def test_the_least_used_go_when_there_is_too_much(folder: Path) -> None:
    keys = [key_of(str(number)) for number in range(10)]
    here = Cache(folder, largest=8_000)
    for age, key in enumerate(keys):
        here.put(key, os.urandom(1_000))
        os.utime(folder / f"{key}.entry", (time.time() - 100 + age,) * 2)
    assert here.get(keys[0]) is not None
    here.tidy()
    assert sum(path.stat().st_size for path in folder.iterdir()) <= 6_000
    assert [here.get(key) is not None for key in keys] == [True] + [False] * 5 + [True] * 4


def test_what_a_stop_left_behind_goes(folder: Path) -> None:
    here = Cache(folder)
    old, new = folder / "tmp-old", folder / "tmp-new"
    for path in (old, new):
        path.write_bytes(b"half")
    os.utime(old, (time.time() - 7_200,) * 2)
    here.tidy()
    assert not old.exists()
    assert new.exists(), "another run may be writing it"


def test_two_runs_at_once_write_whole_entries(folder: Path) -> None:
    """Many writers and readers of one key: each read gives a whole value or none."""
    program = (
        "import sys; from pathlib import Path; from notedeck.machine.cache import Cache\n"
        f"here = Cache(Path({str(folder)!r}))\n"
        "for turn in range(200):\n"
        "    here.put('k', sys.argv[1].encode() * 20_000)\n"
        "    value = here.get('k')\n"
        "    assert value is None or len(set(value)) == 1 and len(value) == 20_000, 'torn'\n"
    )
    running = [subprocess.Popen([sys.executable, "-c", program, name], cwd=REPO) for name in "ab"]
    assert [one.wait(60) for one in running] == [0, 0]
    assert Cache(folder).get("k") in (b"a" * 20_000, b"b" * 20_000)
    assert len(list(folder.iterdir())) == 1


def test_where_the_folder_is(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.delenv("NOTEDECK_CACHE", raising=False)
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path))
    if sys.platform == "linux":
        assert user_folder() == tmp_path / "notedeck"
    monkeypatch.setenv("NOTEDECK_CACHE", str(tmp_path / "mine"))
    assert user_folder() == tmp_path / "mine"
    monkeypatch.setenv("NOTEDECK_CACHE", "")
    assert user_folder() is None
    Cache(None).put(KEY, VALUE)
    Cache(None).tidy()
    assert Cache(None).get(KEY) is None
