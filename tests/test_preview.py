"""The preview: what it shows of a build, and a server that gives that, to this machine's browser, and nothing else."""

from __future__ import annotations

import http.client
import json
import shutil
import threading
import zipfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.parse import quote

import pytest

from notedeck.preview.changes import marked
from notedeck.preview.live import Live
from notedeck.preview.server import HOST, Server, serving
from tests.anki_oracle import NOW, Desk, png, question
from tests.pagedata import card_of, side

LATER = NOW + 1000
BOOK = (
    "# 책\n\n## 1장 처음 @도담 윤\n\n"
    + question("[면접질문] 하나인가요? @오세라", "하나. $x^2$", 3)
    + "  - **정말인가요?**\n\n    정말.\n\n"
    + question("둘인가요?", "둘. ![그림](a.png)")
    + "- 넷은 아직인가요? @한이레\n\n남은 글.\n"
)
PATIENCE = 20.0
"""Seconds."""


@pytest.fixture
def desk(tmp_path: Path) -> Desk:
    return Desk(tmp_path).write({"책.md": BOOK, "a.png": png(1)})


def live(desk: Desk, **options: Any) -> Live:
    shown = Live("notes", desk.decks)
    shown.take(desk.build(plan=True, **options))
    return shown


def data_of(shown: Live) -> dict[str, Any]:
    assert shown.state is not None
    data: dict[str, Any] = json.loads(shown.state.data)
    return data


# What it shows


def test_all_questions_are_there_in_the_order_of_the_notes(desk: Desk) -> None:
    data = data_of(live(desk))
    assert [(card["question"], card.get("status"), card.get("change")) for card in data["cards"]] == [
        ("하나인가요?", None, "new"),
        ("정말인가요?", None, "new"),
        ("둘인가요?", None, "new"),
        ("넷은 아직인가요?", "unanswered", None),
    ]
    assert data["decks"] == [{"book": 0, "name": "책::01장", "title": "1장 처음", "cards": 3, "open": 1}]
    assert data["books"] == [{"name": "책", "file": "책.apkg"}]
    assert (data["name"], data["mode"], data["error"]) == ("notes", "preview", False)
    first = data["cards"][0]
    assert (first["source"], first["line"], first["page"], first["asker"], first["label"]) == (0, 5, "3", "오세라", "면접질문")
    assert data["cards"][1]["parent"] == first["id"]
    assert "<math" in side(data, first, "back")
    assert "넷은 아직인가요?" in side(data, data["cards"][3], "front")
    assert data["cards"][3]["id"].startswith("?")
    assert data["numbers"]["askers"] == [
        {"name": "", "cards": 2, "open": 0}, {"name": "오세라", "cards": 1, "open": 0}, {"name": "한이레", "cards": 0, "open": 1},
    ]  # fmt: skip
    account = data["numbers"]["account"]
    assert account["characters"] == account["on_cards"] + account["structure"] + account["unread"]


def test_nothing_is_written(desk: Desk) -> None:
    before = set(desk.root.rglob("*"))
    live(desk)
    assert set(desk.root.rglob("*")) == before


def test_each_line_leads_to_its_cards_and_back(desk: Desk) -> None:
    data = data_of(live(desk))
    (source,) = data["sources"]
    assert source["text"] == BOOK
    lines = BOOK.split("\n")
    roles = dict(zip(lines, source["roles"], strict=False))
    assert {words: roles[words] for words in ("# 책", "    정말.", "- 넷은 아직인가요? @한이레", "남은 글.", "")} == {
        "# 책": "h", "    정말.": "a", "- 넷은 아직인가요? @한이레": "o", "남은 글.": "u", "": ".",
    }  # fmt: skip
    cards = source["cards"]
    assert cards[str(lines.index("    정말.") + 1)] == [1, 0]
    assert cards["5"] == [0]
    assert "1" not in cards
    for place, card in enumerate(data["cards"]):
        assert all(place in cards[str(line)] for line in range(card["line"], card["end"] + 1))


def test_lines_of_an_html_page_are_those_of_its_text(tmp_path: Path) -> None:
    items = '<ul><li><strong>하나인가요?</strong><p>하나.<br>또 하나.</p><img src="a.png"></li></ul><table><tr><td>가</td><td>나</td></tr></table>'
    desk = Desk(tmp_path).write({"책.html": f"<html><body><article><h1>책</h1>{items}</article></body></html>", "a.png": png(1)})
    data = data_of(live(desk))
    (source,) = data["sources"]
    lines = source["text"].split("\n")
    roles = dict(zip(lines, source["roles"], strict=True))
    expected = {"책": "h", "하나인가요?": "q", "하나.": "a", "또 하나.": "a", "가  나": "u"}
    assert {words: roles[words] for words in expected} == expected
    assert source["cards"][str(lines.index("하나.") + 1)] == [0]
    (told,) = (one for one in data["diagnostics"] if one["code"] == "unread")
    assert lines[told["line"] - 1] == "가  나"


def test_a_note_with_gaps_is_a_card_for_each(tmp_path: Path) -> None:
    notes = {"책.md": "# 책\n\n==토큰== 은 ==버킷== 에 있다.\n", "deck.toml": "[recognisers]\ncloze = true\n"}
    data = data_of(live(Desk(tmp_path).write(notes)))
    one, other = data["cards"]
    assert (one["question"], other["question"]) == ("[...] 은 버킷 에 있다.", "토큰 은 [...] 에 있다.")
    assert other["id"] == f"{one['id']}-2"
    assert one["text"].startswith("토큰 은 버킷 에 있다.")
    assert data["types"][one["type"]]["name"] == "면접 노트 빈칸"
    assert ".cloze" in data["types"][one["type"]]["style"]
    assert data["sources"][0]["cards"]["3"] == [1, 0]


def test_diagnostics_lead_to_their_lines(desk: Desk) -> None:
    data = data_of(live(desk))
    told = {one["code"]: one for one in data["diagnostics"]}
    assert set(told) == {"unanswered", "unread"}
    assert BOOK.split("\n")[told["unread"]["line"] - 1] == "남은 글."
    assert told["unread"]["source"] == 0
    assert told["unread"]["message"] == ["카드에 들어가지 않은 글 4자: 남은 글.", "text that is on no card (4 characters): 남은 글."]


def test_what_changed_is_marked_since_the_last_build(desk: Desk) -> None:
    desk.build()
    edited = BOOK.replace("정말.", "정말로 그렇다.").replace("둘인가요?", "둘이란 무엇인가요?").replace("# 책\n", "# 책\n", 1)
    desk.write({"책.md": edited.replace("## 1장 처음", "## 2장 처음") + question("다섯인가요?", "다섯.")})
    data = data_of(live(desk, now=LATER))
    assert card_of(data, "다섯")["change"] == "new"
    assert "changed" not in card_of(data, "다섯")
    follow_up = card_of(data, "정말인가요")
    assert follow_up["change"] == "moved"
    assert follow_up["changed"]["Answer"] == "<del>정말.</del><ins>정말로 그렇다.</ins>"
    assert follow_up["changed"]["Deck"] == "<del>책::01장</del><ins>책::02장</ins>"
    assert "<ins>장::책::02장</ins>" in follow_up["changed"]["Tags"]
    reworded = card_of(data, "둘이란")
    assert reworded["change"] == "reworded"
    assert reworded["changed"]["Question"] == "<del>둘인가요?</del><ins>둘이란 무엇인가요?</ins>"
    desk.build(now=LATER)
    assert not any("change" in card for card in data_of(live(desk, now=LATER + 1))["cards"])


def test_a_removed_card_is_shown_as_it_was_packed(desk: Desk) -> None:
    desk.build()
    desk.write({"책.md": BOOK.replace(question("둘인가요?", "둘. ![그림](a.png)"), "")})
    data = data_of(live(desk, now=LATER))
    gone = data["cards"][-1]
    assert (gone["question"], gone["status"], gone["change"]) == ("둘인가요?", "removed", "removed")
    assert "둘. " in side(data, gone, "back")
    assert data["decks"][gone["deck"]]["name"] == "책::01장"
    shutil.rmtree(desk.decks)
    lost = data_of(live(desk, now=LATER))["cards"][-1]
    assert (lost["question"], lost["status"]) == ("둘인가요?", "removed")


def test_a_doubtful_card_says_what_it_may_have_been(desk: Desk) -> None:
    desk.write({"책.md": "# 책\n\n" + question("토큰 버킷의 크기는 어떻게 정하나요?", "최대로 몰릴 요청 수에 맞춘다.")}).build()
    desk.write({"책.md": "# 책\n\n" + question("누출 버킷의 크기는 어떻게 정하나요?", "처리 속도에 맞춘다.")})
    data = data_of(live(desk, now=LATER))
    (card, gone) = data["cards"]
    assert card["change"] == "doubtful"
    assert card["likely"] == [gone["id"]]
    assert card["changed"]["Answer"] == "<del>최대로 몰릴 요청 수에 </del><ins>처리 속도에 </ins>맞춘다."


def test_a_change_that_came_along_names_its_cause(desk: Desk) -> None:
    desk.build()
    desk.write({"책.md": BOOK.replace("하나인가요?", "하나란 무엇인가요?")})
    data = data_of(live(desk, now=LATER))
    assert card_of(data, "정말인가요")["cause"] == card_of(data, "하나란")["id"]


def test_after_an_error_the_last_good_cards_stay(desk: Desk) -> None:
    shown = live(desk)
    good = data_of(shown)
    desk.write({"deck.toml": "[deck]\nboook = 1\n"})
    shown.take(desk.build(plan=True))
    broken = data_of(shown)
    assert broken["error"] is True
    (error,) = (one for one in broken["diagnostics"] if one["level"] == "error")
    assert (error["code"], error["line"], error["source"]) == ("config-key", 2, None)
    moving = ("error", "diagnostics", "built")
    assert {key: value for key, value in broken.items() if key not in moving} == {key: value for key, value in good.items() if key not in moving}
    desk.write({"deck.toml": ""})
    shown.take(desk.build(plan=True))
    assert data_of(shown)["error"] is False


def test_an_error_at_the_start_shows_an_empty_page(desk: Desk) -> None:
    shown = live(desk.write({"deck.toml": "boook = 1"}))
    data = data_of(shown)
    assert data["error"] is True
    assert data["cards"] == data["decks"] == []
    assert shown.state is not None
    assert b"{{" not in shown.state.page


@pytest.mark.parametrize(
    ("old", "new", "shown"),
    [
        ("", "", ""),
        ("같다", "같다", "같다"),
        ("가 나", "가\n나", "가\n나"),
        ("", "새 글", "<ins>새 글</ins>"),
        ("옛 글", "", "<del>옛 글</del>"),
        ("가 나 다", "가 라 다", "가 <del>나 </del><ins>라 </ins>다"),
        ("<b>", "<i>", "<del>&lt;b&gt;</del><ins>&lt;i&gt;</ins>"),
    ],
)
def test_words_that_came_and_went(old: str, new: str, shown: str) -> None:
    assert marked(old, new) == shown


# The server


@pytest.fixture
def served(desk: Desk) -> Iterator[tuple[Live, int]]:
    with serving(live(desk)) as (shown, url):
        assert url.startswith("http://127.0.0.1:")
        yield shown, int(url.rstrip("/").rpartition(":")[2])


def ask(port: int, path: str, method: str = "GET", **headers: str) -> tuple[http.client.HTTPResponse, bytes]:
    connection = http.client.HTTPConnection(HOST, port, timeout=PATIENCE)
    try:
        connection.request(method, path, headers={name.replace("_", "-"): value for name, value in headers.items()})
        response = connection.getresponse()
        return response, response.read()
    finally:
        connection.close()


def test_it_gives_its_page_its_data_and_its_pictures(served: tuple[Live, int]) -> None:
    shown, port = served
    response, page = ask(port, "/")
    assert (response.status, response.headers["Content-Type"]) == (200, "text/html; charset=utf-8")
    assert b'{"version":1,"mode":"preview","data":"/data.json","events":"/events"}' in page
    response, data = ask(port, "/data.json")
    assert response.status == 200
    (address,) = (piece for card in data_of(shown)["cards"] for piece in card["back"] if isinstance(piece, str) and piece.startswith("/pictures/"))
    response, picture = ask(port, address)
    assert (response.status, response.headers["Content-Type"], picture) == (200, "image/png", png(1))
    assert json.loads(data) == data_of(shown)


def test_known_data_is_not_sent_again(served: tuple[Live, int], desk: Desk) -> None:
    shown, port = served
    tag = ask(port, "/data.json")[0].headers["ETag"]
    response, data = ask(port, "/data.json", If_None_Match=tag)
    assert (response.status, data) == (304, b"")
    shown.take(desk.write({"책.md": BOOK.replace("하나.", "한 개.")}).build(plan=True))
    response, data = ask(port, "/data.json", If_None_Match=tag)
    assert response.status == 200
    assert "한 개." in data.decode()


@pytest.mark.parametrize(
    "host", ["evil.example", "evil.example:{port}", "127.0.0.1", "127.0.0.1:1", "localhost.evil.example:{port}", "[::1]:{port}", ""]
)
@pytest.mark.parametrize("path", ["/", "/data.json", "/events"])
def test_it_answers_no_other_host_name(served: tuple[Live, int], host: str, path: str) -> None:
    _, port = served
    response, body = ask(port, path, Host=host.format(port=port))
    assert response.status == 421
    assert b"\xed" not in body


@pytest.mark.parametrize("host", ["127.0.0.1:{port}", "localhost:{port}", "LOCALHOST:{port}"])
def test_it_answers_to_its_own_names(served: tuple[Live, int], host: str) -> None:
    _, port = served
    assert ask(port, "/data.json", Host=host.format(port=port))[0].status == 200


def test_it_listens_on_this_machine_alone(desk: Desk) -> None:
    with Server(Live("notes", desk.decks)) as server:
        assert server.server_address[0] == "127.0.0.1"


@pytest.mark.parametrize(
    "path",
    [
        "/notes/책.md", "/책.md", "/cards.lock", "/../cards.lock", "/pictures/../책.md", "/pictures/..%2f책.md", "/pictures/%2e%2e/%2e%2e/etc/passwd",
        "/pictures//etc/passwd", "/pictures/", "/pictures/a.png", "//etc/passwd", "/page.js",
        "/data.json/", "/index.html", "/favicon.ico", "/.git/config",
    ],
)  # fmt: skip
def test_it_gives_nothing_else(served: tuple[Live, int], path: str) -> None:
    _, port = served
    response, body = ask(port, quote(path, safe="/%"))
    assert response.status == 404
    assert body == b"404 Not Found\n"


@pytest.mark.parametrize("method", ["POST", "PUT", "DELETE", "HEAD", "OPTIONS", "PATCH", "TRACE", "XYZ"])
def test_it_only_gives(served: tuple[Live, int], method: str) -> None:
    _, port = served
    response, _ = ask(port, "/data.json", method)
    assert (response.status, response.headers["Allow"]) == (405, "GET")


@pytest.mark.parametrize("path", ["/", "/data.json", "/nowhere"])
def test_every_answer_is_guarded(served: tuple[Live, int], path: str) -> None:
    _, port = served
    headers = ask(port, path)[0].headers
    assert headers["Cache-Control"] == "no-store"
    assert headers["X-Content-Type-Options"] == "nosniff"
    assert headers["X-Frame-Options"] == "DENY"
    assert headers["Cross-Origin-Resource-Policy"] == "same-origin"
    assert headers["Content-Security-Policy"].startswith("default-src 'none'")
    assert "Access-Control-Allow-Origin" not in headers


def test_a_drawing_that_is_opened_by_itself_runs_nothing(tmp_path: Path) -> None:
    svg = b'<svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>'
    desk = Desk(tmp_path).write({"책.md": question("보이나요?", "![](a.svg)"), "a.svg": svg})
    with serving(live(desk)) as (shown, url):
        assert shown.state is not None
        (name,) = shown.state.pictures
        response, body = ask(int(url.rstrip("/").rpartition(":")[2]), f"/pictures/{name}")
    assert body == svg
    assert response.headers["Content-Type"] == "image/svg+xml"
    assert "sandbox" in response.headers["Content-Security-Policy"]


def test_a_picture_that_left_the_notes_is_given_no_more(tmp_path: Path, desk: Desk) -> None:
    shown = live(desk)
    assert shown.state is not None
    (name,) = shown.state.pictures
    with serving(shown) as (_, url):
        port = int(url.rstrip("/").rpartition(":")[2])
        (desk.notes / "a.png").unlink()
        assert ask(port, f"/pictures/{name}")[0].status == 404
        shown.take(desk.write({"책.md": "# 책\n\n" + question("하나인가요?", "하나.")}).build(plan=True))
        (desk.notes / "a.png").write_bytes(png(1))
        assert ask(port, f"/pictures/{name}")[0].status == 404


def test_pictures_in_a_zip_are_given(tmp_path: Path) -> None:
    desk = Desk(tmp_path)
    desk.notes.mkdir()
    with zipfile.ZipFile(desk.notes / "책.zip", "w") as packed:
        packed.writestr("책.md", "# 책\n\n" + question("보이나요?", "![](a.png)") + "- 이것도 보이나요? ![](b.png)\n")
        packed.writestr("a.png", png(1))
        packed.writestr("b.png", png(2))
    with serving(live(desk)) as (shown, url):
        assert shown.state is not None
        port = int(url.rstrip("/").rpartition(":")[2])
        assert {ask(port, f"/pictures/{name}")[1] for name in shown.state.pictures} == {png(1), png(2)}


# Events


class Stream:
    """An open event stream."""

    def __init__(self, port: int) -> None:
        self.connection = http.client.HTTPConnection(HOST, port, timeout=PATIENCE)
        self.connection.request("GET", "/events")
        self.response = self.connection.getresponse()

    def next(self) -> tuple[str, dict[str, Any]]:
        lines: dict[str, str] = {}
        for raw in self.response:
            name, _, value = raw.decode().rstrip("\n").partition(": ")
            if not name and "event" in lines:
                return lines["event"], json.loads(lines["data"])
            lines[name] = value
        raise EOFError

    def close(self) -> None:
        self.connection.close()


def test_builds_are_told_as_they_come(served: tuple[Live, int], desk: Desk) -> None:
    shown, port = served
    stream = Stream(port)
    assert stream.response.headers["Content-Type"] == "text/event-stream; charset=utf-8"
    name, said = stream.next()
    assert (name, said["error"]) == ("built", False)
    assert f'"{said["tag"]}"' == ask(port, "/data.json")[0].headers["ETag"]
    shown.begin()
    assert stream.next() == ("building", {})
    shown.take(desk.write({"deck.toml": "x = 1"}).build(plan=True))
    name, said = stream.next()
    assert (name, said["error"]) == ("built", True)
    stream.close()


def test_many_browsers_hear_of_one_build(served: tuple[Live, int], desk: Desk) -> None:
    shown, port = served
    streams = [Stream(port) for _ in range(8)]
    assert {stream.next()[0] for stream in streams} == {"built"}
    built = desk.write({"책.md": BOOK.replace("하나.", "한 개.")}).build(plan=True)
    shown.take(built)
    assert {stream.next()[1]["tag"] for stream in streams} == {shown.state.tag if shown.state else ""}
    for stream in streams:
        stream.close()


def test_a_browser_that_goes_away_disturbs_nobody(served: tuple[Live, int], desk: Desk, capfd: pytest.CaptureFixture[str]) -> None:
    shown, port = served
    for _ in range(3):
        stream = Stream(port)
        stream.next()
        stream.close()
    for _ in range(3):
        shown.begin()
        shown.take(desk.build(plan=True))
    assert ask(port, "/data.json")[0].status == 200
    assert capfd.readouterr() == ("", "")


def test_it_ends_though_browsers_still_listen(desk: Desk) -> None:
    with serving(live(desk)) as (_, url):
        stream = Stream(int(url.rstrip("/").rpartition(":")[2]))
        stream.next()
        ended = threading.Event()
    ended.set()
    stream.close()
    assert ended.is_set()
