"""Two devices of one reader, over Anki's own sync server: each note stays one, with its reviews and its edits."""

from __future__ import annotations

import os
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest

from tests.anki_oracle import Anki, Desk, plain
from tests.history import LATER, MARKS, QUESTIONS, edited, guids, learned, run, study, wholes, written

pytestmark = pytest.mark.slow

NAME, WORD = "reader", "opensesame"
PATIENCE = 60.0

EDITED = edited(
    ("다시 부른다", "도로 부른다"),
    ("빠른우편은 보통우편과 무엇이", "빠른우편은 보통우편과 어떻게"),
    ("석 달", "넉 달"),
    counter="weight stamp express registered box",
    rounds="route return",
)
CHANGED = ("weight", "express", "return", "box")


def _until(is_so: Callable[[], bool]) -> None:
    end = time.monotonic() + PATIENCE
    while not is_so():
        assert time.monotonic() < end, "nothing came"
        time.sleep(0.02)


def _answers(port: int) -> bool:
    with closing(socket.socket()) as probe:
        return probe.connect_ex(("127.0.0.1", port)) == 0


@pytest.fixture
def server(tmp_path: Path) -> Iterator[str]:
    """The address of a sync server on this machine."""
    with closing(socket.socket()) as free:
        free.bind(("127.0.0.1", 0))
        port: int = free.getsockname()[1]
    settings = {"SYNC_USER1": f"{NAME}:{WORD}", "SYNC_HOST": "127.0.0.1", "SYNC_PORT": str(port), "SYNC_BASE": str(tmp_path / "server")}
    started = subprocess.Popen(
        [sys.executable, "-m", "anki.syncserver"], env={**os.environ, **settings}, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
    )
    try:
        _until(lambda: _answers(port) or started.poll() is not None)
        assert started.poll() is None
        yield f"http://127.0.0.1:{port}/"
    finally:
        started.terminate()
        started.wait(PATIENCE)


class Device:
    """A collection with an account."""

    def __init__(self, anki: Anki, server: str) -> None:
        self.anki = anki
        self.auth: Any = anki.col.sync_login(NAME, WORD, server)

    def begin(self, *, uploads: bool) -> None:
        """The first sync of a device, which takes all or gives all."""
        told = self.anki.col.sync_collection(self.auth, False)
        assert told.required in (told.FULL_SYNC, told.FULL_UPLOAD, told.FULL_DOWNLOAD)
        self.anki.col.close_for_full_sync()
        self.anki.col.full_upload_or_download(auth=self.auth, server_usn=told.server_media_usn, upload=uploads)
        self.anki.col.reopen(after_full_sync=True)

    def sync(self) -> None:
        """A sync as on any other day: a full one would be a loss of either side."""
        told = self.anki.col.sync_collection(self.auth, False)
        assert told.required == told.NO_CHANGES, "a normal sync has done it all"


@pytest.fixture
def devices(server: str, tmp_path: Path) -> Iterator[tuple[Device, Device]]:
    """Two devices of one reader, the second behind the first."""
    with Anki(tmp_path / "a") as one, Anki(tmp_path / "b") as other:
        yield Device(one, server), Device(other, server)


def begin(devices: tuple[Device, Device], packages: Sequence[Path]) -> None:
    """The first device imports and gives all that it has to the other."""
    devices[0].anki.take_all(packages)
    devices[0].begin(uploads=True)
    devices[1].begin(uploads=False)


def _texts(anki: Anki) -> list[tuple[object, ...]]:
    return [(row.guid, row.note, row.tags, row.fields, row.modified) for row in anki.rows()]


def test_reviews_of_one_and_edits_of_the_other_meet_on_both(desk: Desk, devices: tuple[Device, Device]) -> None:
    at_home, away = devices
    one, other = at_home.anki, away.anki
    begin(devices, wholes(desk))
    assert len(other.rows()) == len(QUESTIONS)

    study(other, fsrs=True)
    known = {guid: (card[2:], log) for guid, (card, log) in learned(other).items()}
    assert all(log for _, log in known.values())
    run(written(desk, EDITED), now=LATER)
    names = guids(one)
    updated = {guid for outcome in one.take_all(wholes(desk)) for guid in outcome.updated}
    assert updated == {names[short] for short in CHANGED}
    for device in (away, at_home, away):
        device.sync()

    for anki in (one, other):
        assert {guid: (card[2:], log) for guid, (card, log) in learned(anki).items()} == known
        assert len(anki.rows()) == len(QUESTIONS)
        assert anki.col.note_count() == anki.col.card_count() == len(QUESTIONS)
        assert "도로 부른다" in anki.row("창구에서 무게를").fields["Answer"]
        assert "넉 달" in anki.row("받는 사람이 이사").fields["Answer"]
        assert plain(anki.row("빠른우편은").fields["Question"]) == "빠른우편은 보통우편과 어떻게 다른가요?"
        assert sorted(deck.name for deck in anki.col.decks.all_names_and_ids() if "+" in deck.name) == []
        assert [kind.name for kind in anki.col.models.all_names_and_ids() if "면접" in kind.name] == ["면접 노트 Q&A"]
    assert sorted(_texts(one), key=str) == sorted(_texts(other), key=str)


def test_two_devices_that_import_before_they_meet_have_one_note_each(desk: Desk, devices: tuple[Device, Device]) -> None:
    """A book's first build on one device, its second on the other, and only then a sync: the note ids agree."""
    at_home, away = devices
    one, other = at_home.anki, away.anki
    book, known_before = (desk.decks / name for name in ("우체국.apkg", "도서관.apkg"))
    begin(devices, [known_before])
    one.take(book)
    run(written(desk, EDITED), now=LATER)
    other.take(book)
    for device in (at_home, away, at_home):
        device.sync()
    for anki in (one, other):
        assert anki.col.note_count() == anki.col.card_count() == len(QUESTIONS)
        assert len({row.guid for row in anki.rows()}) == len(QUESTIONS)
        assert "도로 부른다" in anki.row("창구에서 무게를").fields["Answer"]


def test_marks_of_removed_notes_reach_the_other_device(desk: Desk, devices: tuple[Device, Device]) -> None:
    at_home, away = devices
    one, other = at_home.anki, away.anki
    begin(devices, wholes(desk))
    study(other, fsrs=False)
    logs = {guid: log for guid, (_, log) in learned(other).items()}
    run(written(desk, edited(rounds="route return")), now=LATER)
    assert len(one.take(desk.decks / MARKS).updated) == 1
    for device in (away, at_home, away):
        device.sync()
    for anki in (one, other):
        assert anki.find("tag:삭제됨") == [anki.row("우편함은 왜").guid]
        assert {guid: log for guid, (_, log) in learned(anki).items()} == logs
