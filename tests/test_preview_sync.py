"""What the preview's page may ask of Anki: whether it answers, what a sync would do, and that it be done; from that page alone."""

from __future__ import annotations

import json
import re
import shutil
import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from typing import Any

import pytest

from notedeck.preview.live import Live
from notedeck.preview.server import serving
from notedeck.preview.syncing import Syncer
from notedeck.report.messages import ENGLISH
from notedeck.report.run import Options
from notedeck.terminal.manner import Manner
from notedeck.terminal.running import run
from tests.anki_server import PROFILE, RefusedError
from tests.history import edited, studied_desk
from tests.syncs import Reader, reading
from tests.test_preview_changes import ELSEWHERE, Page, everything
from tests.test_sync_faults import CHANGING

REWRITTEN = ("요금이 세 배쯤 비싸다", "요금이 네 배쯤 비싸다")


@dataclass
class Table:
    """A reader with Anki open, and the preview's page before them."""

    reader: Reader
    page: Page
    woken: list[bool] = field(default_factory=list)

    def show(self) -> None:
        """Build for the preview, as it does when notes change."""
        self.page.live.take(self.reader.desk.build(plan=True))

    def ask(self, **asked: Any) -> tuple[int, dict[str, Any]]:
        """Ask as the page does."""
        body = json.dumps(asked).encode()
        response, said = self.page.send("POST", "/sync", body, self.page.own(body))
        return response.status, json.loads(said) if response.headers["Content-Type"].startswith("application/json") else {}

    def sync(self) -> dict[str, Any]:
        """Look at the plan, and have it done."""
        planned = self.ask(do="plan")[1]
        status, said = self.ask(do="sync", plan=planned["plan"])
        assert (status, "problem" in said) == (200, False), said
        return said

    def changes(self) -> list[str]:
        """What was done in Anki that changes something."""
        return [one for one in self.reader.connect.asked if one in CHANGING]


@pytest.fixture(scope="module")
def studied(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("studied")
    studied_desk(folder, fsrs=False)
    return folder


@pytest.fixture
def table(studied: Path, tmp_path: Path) -> Iterator[Table]:
    """Notes that were built and imported once; since then an answer was rewritten."""
    shutil.copytree(studied, tmp_path, dirs_exist_ok=True)
    woken: list[bool] = []
    with reading(tmp_path) as reader:
        options = Options(notes=(reader.desk.notes,), out=reader.desk.decks, plan=True, jobs=1, delete_removed=True)
        syncer = Syncer(options, partial(run, manner=Manner(ENGLISH, quiet=True, yes=True), has_bar=False), lambda: woken.append(True))
        live = Live("notes", reader.desk.decks, syncer=syncer)
        reader.write(edited(REWRITTEN))
        with serving(live) as (_, url):
            one = Table(reader, Page(reader.desk, live, int(url.rstrip("/").rpartition(":")[2]), ""), woken)
            one.show()
            one.page.token = re.findall(r'"token":"([^"]+)"', one.page.send("GET", "/", b"", {})[1].decode())[0]
            yield one


# Whether it answers


def test_anki_answers(table: Table) -> None:
    assert table.ask(do="look") == (200, {"answers": True})
    assert table.reader.connect.asked == ["requestPermission"]


@pytest.mark.parametrize("answer", [b"HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nhello", b"SSH-2.0-OpenSSH_9.2\r\n", b""])
def test_something_else_answers(table: Table, answer: bytes) -> None:
    table.reader.connect.after = lambda action: answer
    assert table.ask(do="look") == (200, {"answers": False})


def test_the_port_is_that_of_deck_toml_as_it_was_built_last(table: Table) -> None:
    (table.reader.desk.notes / "deck.toml").write_text("[sync]\nport = 1\n", "utf-8")
    assert table.ask(do="look") == (200, {"answers": True})
    table.show()
    assert table.ask(do="look") == (200, {"answers": False})


# What it would do


def test_a_plan_says_what_the_terminal_says_and_writes_nothing(table: Table) -> None:
    before = everything(table.reader.desk)
    status, said = table.ask(do="plan")
    assert (status, sorted(said)) == (200, ["lines", "plan"])
    korean, english = said["lines"]
    assert english[0] == f"to do in Anki ({PROFILE}): 1 sent · 0 moved · 0 put to rest · 0 taken up again · 0 deleted"
    assert korean[0] == f"Anki({PROFILE})에서 할 일: 보냄 1 · 옮김 0 · 쉼 0 · 다시 꺼냄 0 · 지움 0"
    assert korean[1:] == english[1:]
    assert "\n".join(english) in table.reader.run("--sync", "--plan").out
    assert (table.changes(), table.woken, everything(table.reader.desk)) == ([], [], before)


# That it be done


def test_what_was_shown_is_done_and_the_preview_builds_again(table: Table) -> None:
    said = table.sync()
    assert said["lines"][ENGLISH] == [f"Anki ({PROFILE}): 1 sent · 0 moved · 0 put to rest · 0 taken up again · 0 deleted"]
    assert REWRITTEN[1] in table.reader.note("express")["Answer"]
    assert any(REWRITTEN[1].encode() in data for data in everything(table.reader.desk).values())
    assert table.woken == [True]
    assert "0 sent" in table.ask(do="plan")[1]["lines"][ENGLISH][0]


def test_removed_notes_rest_and_are_never_deleted(table: Table) -> None:
    table.reader.write(edited(rounds="route return"))
    assert "1 put to rest · 0 taken up again · 0 deleted" in table.sync()["lines"][ENGLISH][0]
    assert table.reader.is_suspended("box")


def test_where_the_notes_changed_meanwhile_their_new_plan_is_shown_first(table: Table) -> None:
    shown = table.ask(do="plan")[1]["plan"]
    table.reader.write(edited(REWRITTEN, ("멀리서도 눈에 띄고", "멀리서도 잘 보이고")))
    before = everything(table.reader.desk)
    status, said = table.ask(do="sync", plan=shown)
    assert (status, said["problem"], len(said["message"])) == (409, "stale", 2)
    assert "2 sent" in said["lines"][ENGLISH][0]
    assert (table.changes(), table.woken, everything(table.reader.desk)) == ([], [], before)
    assert table.ask(do="sync", plan=said["plan"])[0] == 200


def test_anki_is_gone_between_the_plan_and_the_doing(table: Table) -> None:
    shown = table.ask(do="plan")[1]["plan"]
    before, col = everything(table.reader.desk), table.reader.anki.col
    table.reader.anki.col = None
    status, said = table.ask(do="sync", plan=shown)
    table.reader.anki.col = col
    assert (status, said["problem"]) == (409, "anki-closed")
    assert said["message"][ENGLISH].endswith("no profile is open in Anki; open one and try again")
    assert everything(table.reader.desk) == before
    assert table.ask(do="sync", plan=shown)[0] == 200


def test_anki_is_gone_in_the_middle(table: Table) -> None:
    shown = table.ask(do="plan")[1]["plan"]

    def fail(action: str, parameters: Any) -> None:
        if action == "importPackage":
            raise RefusedError("no")

    table.reader.connect.before = fail
    status, said = table.ask(do="sync", plan=shown)
    assert (status, said["problem"], table.woken) == (409, "anki-failed", [True])
    table.reader.connect.before = lambda action, parameters: None
    assert "1 sent" in table.sync()["lines"][ENGLISH][0]


def test_an_error_in_the_notes_is_told_and_nothing_is_done(table: Table) -> None:
    (table.reader.desk.notes / "deck.toml").write_text("[sync]\nport = 'x'\n", "utf-8")
    for asked in ({"do": "plan"}, {"do": "sync", "plan": "x"}):
        status, said = table.ask(**asked)
        assert (status, said["lines"]) == (409, [[], []])
        assert "deck.toml:2: " in said["message"][ENGLISH]
    assert (table.changes(), table.woken) == ([], [])


def test_there_is_one_at_a_time(table: Table) -> None:
    shown = table.ask(do="plan")[1]["plan"]
    begun, goes_on = threading.Event(), threading.Event()

    def wait(action: str, parameters: Any) -> None:
        begun.set()
        goes_on.wait(20)

    table.reader.connect.before = wait
    with ThreadPoolExecutor(1) as pool:
        first = pool.submit(table.ask, do="sync", plan=shown)
        assert begun.wait(20)
        others = [table.ask(do="plan"), table.ask(do="sync", plan=shown)]
        goes_on.set()
        assert first.result()[0] == 200
    assert [(status, said["problem"]) for status, said in others] == [(409, "busy")] * 2
    assert table.changes().count("importPackage") == 1


# From whom


@pytest.mark.parametrize("name", ELSEWHERE)
def test_nobody_else_may_have_it_done(table: Table, name: str) -> None:
    before = everything(table.reader.desk)
    status, changed = ELSEWHERE[name]
    for asked in ({"do": "look"}, {"do": "plan"}, {"do": "sync", "plan": ""}):
        body = json.dumps(asked).encode()
        sent = {key: value.format(port=table.page.port) for key, value in {**table.page.own(body), **changed}.items() if value is not None}
        assert table.page.send("POST", "/sync", body, sent)[0].status == status
    assert (table.reader.connect.asked, everything(table.reader.desk)) == ([], before)


@pytest.mark.parametrize("method", ["GET", "PUT", "PATCH", "DELETE", "OPTIONS", "HEAD"])
def test_no_other_method_has_it_done(table: Table, method: str) -> None:
    body = json.dumps({"do": "plan"}).encode()
    assert table.page.send(method, "/sync", body, table.page.own(body))[0].status == (404 if method == "GET" else 405)
    assert table.reader.connect.asked == []


@pytest.mark.parametrize(
    "asked", [{}, {"do": "delete"}, {"do": ["plan"]}, {"do": "sync"}, {"do": "sync", "plan": 3}, {"do": "sync", "plan": None}], ids=str
)
def test_what_is_nothing_that_can_be_asked_is_refused(table: Table, asked: dict[str, Any]) -> None:
    assert table.ask(**asked)[0] == 400
    assert table.reader.connect.asked == []


def test_a_preview_without_a_syncer_takes_nothing(table: Table) -> None:
    desk = table.reader.desk
    shown = Live("notes", desk.decks)
    shown.take(desk.build(plan=True))
    with serving(shown) as (_, url):
        bare = Page(desk, shown, int(url.rstrip("/").rpartition(":")[2]), "")
        assert b'"sync"' not in bare.send("GET", "/", b"", {})[1].split(b'id="data">')[1].split(b"</script>")[0]
        body = b'{"do": "look"}'
        assert bare.send("POST", "/sync", body, bare.own(body))[0].status == 405


def test_a_book_s_page_has_no_such_address(table: Table) -> None:
    page = next(table.reader.desk.decks.glob("*.html")).read_text("utf-8")
    assert '"sync":"/' not in page
