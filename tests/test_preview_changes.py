"""The one thing that the preview's server takes: a change of corrections.toml, from its own page alone, on what that page shows."""

from __future__ import annotations

import http.client
import json
import re
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest

from notedeck.preview import editing
from notedeck.preview.editing import Editor
from notedeck.preview.guard import LONGEST
from notedeck.preview.live import Live
from notedeck.preview.server import HOST, serving
from tests.anki_oracle import Desk, question

PATIENCE = 20.0
"""Seconds."""
BOOK = "# 책\n\n" + question("[면접질문] 하나인가요?", "하나.", 3) + question("둘인가요?", "둘.") + '\n캐시의 수명\n\n- `x` \\ "셋"\n'
LINES = BOOK.split("\n")
NAME = "corrections.toml"


def number_of(words: str) -> int:
    """The line with these words, from 1."""
    (found,) = (number for number, line in enumerate(LINES, 1) if words in line)
    return found


@dataclass(slots=True)
class Page:
    """A page that was loaded, and what it can ask for."""

    desk: Desk
    live: Live
    port: int
    token: str
    tag: str = ""
    headers: dict[str, str] = field(default_factory=dict)

    @property
    def file(self) -> Path:
        return self.desk.notes / NAME

    def load(self) -> dict[str, Any]:
        """Take the newest data."""
        response, body = self.send("GET", "/data.json", b"", {})
        self.tag = response.headers["ETag"].strip('"')
        data: dict[str, Any] = json.loads(body)
        return data

    def send(self, method: str, path: str, body: bytes, headers: dict[str, str]) -> tuple[http.client.HTTPResponse, bytes]:
        connection = http.client.HTTPConnection(HOST, self.port, timeout=PATIENCE)
        try:
            connection.putrequest(method, path, skip_host="Host" in headers, skip_accept_encoding=True)
            for name, value in headers.items():
                connection.putheader(name, value)
            connection.endheaders(body or None)
            response = connection.getresponse()
            return response, response.read()
        finally:
            connection.close()

    def own(self, body: bytes) -> dict[str, str]:
        """The headers of the page's own requests."""
        return {
            "Origin": f"http://{HOST}:{self.port}", "Content-Type": "application/json", "X-Notedeck-Token": self.token,
            "Sec-Fetch-Site": "same-origin", "Content-Length": str(len(body)),
        }  # fmt: skip

    def ask(self, **change: Any) -> tuple[int, dict[str, Any]]:
        """Ask for a change as the page does."""
        body = json.dumps({"on": self.tag, **change}).encode()
        response, said = self.send("POST", "/corrections", body, self.own(body))
        return response.status, json.loads(said) if response.headers["Content-Type"].startswith("application/json") else {}

    def mark(self, words: str, role: str, **more: Any) -> tuple[int, dict[str, Any]]:
        return self.ask(do="mark", source=0, line=number_of(words), **{"as": role, **more})

    def build(self) -> dict[str, Any]:
        """Build again, and load what came of it."""
        self.live.take(self.desk.build(plan=True))
        return self.load()


@pytest.fixture
def page(tmp_path: Path) -> Iterator[Page]:
    desk = Desk(tmp_path).write({"책.md": BOOK})
    shown = Live("notes", desk.decks, Editor(desk.notes / NAME))
    shown.take(desk.build(plan=True))
    with serving(shown) as (_, url):
        port = int(url.rstrip("/").rpartition(":")[2])
        loaded = Page(desk, shown, port, "")
        loaded.token = re.findall(r'"token":"([^"]+)"', loaded.send("GET", "/", b"", {})[1].decode())[0]
        loaded.load()
        yield loaded


def everything(desk: Desk) -> dict[Path, bytes]:
    return {path: path.read_bytes() for path in desk.root.rglob("*") if path.is_file()}


# What it takes


def test_a_line_is_marked_in_its_file_and_nothing_else_is_written(page: Page) -> None:
    before = everything(page.desk)
    assert page.mark("캐시", "question") == (200, {"written": True, "version": 1, "path": str(page.desk.notes / "책.md"), "line": number_of("캐시")})
    assert page.file.read_text("utf-8") == '[[line]]\ntext = "캐시의 수명"\nas = "question"\n'
    assert everything(page.desk) == {**before, page.file: page.file.read_bytes()}


def test_a_line_is_written_as_it_stands_whatever_is_in_it(page: Page) -> None:
    assert page.mark('"셋"', "heading")[0] == 200
    (entry,) = page.build()["corrections"]["entries"]
    assert (entry["text"], entry["as"], entry["status"], entry["line"]) == ('- `x` \\ "셋"', "heading", "held", number_of('"셋"'))


def test_a_line_that_is_marked_again_keeps_one_entry_and_its_reason(page: Page) -> None:
    page.file.write_text('# 민서가 확인\n[[line]]\ntext = "캐시의 수명"\nas = "context" # 아마\n', "utf-8")
    page.build()
    assert page.mark("캐시", "question", tags=["면접질문"])[0] == 200
    assert page.file.read_text("utf-8") == '# 민서가 확인\n[[line]]\ntext = "캐시의 수명"\nas = "question" # 아마\ntags = ["면접질문"]\n'
    assert page.build()["corrections"]["entries"][0]["reason"] == "민서가 확인"
    assert page.mark("캐시", "nothing")[0] == 200
    assert "tags" not in page.file.read_text("utf-8")


def test_a_tag_and_its_contrary_are_none(page: Page) -> None:
    for tags, kept in [(["면접질문"], ["면접질문"]), (["-면접질문"], []), (["-면접질문", "추가"], ["-면접질문", "추가"]), (["면접질문"], ["추가"])]:
        assert page.mark("둘인가요", "question", tags=tags)[0] == 200
        assert page.build()["corrections"]["entries"][0]["tags"] == kept


def test_a_correction_is_taken_back(page: Page) -> None:
    for words in ("캐시", "둘인가요"):
        page.mark(words, "nothing")
        page.build()
    assert page.ask(do="take", number=0)[1] == {"written": True, "version": 3, "path": str(page.desk.notes / "책.md"), "line": number_of("캐시")}
    assert [entry["text"] for entry in page.build()["corrections"]["entries"]] == ["- **둘인가요?**"]


def test_undo_brings_back_what_was_to_the_byte(page: Page) -> None:
    page.file.write_bytes("\ufeff# 우리\r\n[[line]]\r\n  text='캐시의 수명'\r\n  as = 'end'\r\n".encode())
    page.build()
    states = [page.file.read_bytes()]
    for words, role in [("캐시", "question"), ("둘인가요", "nothing"), ("캐시", "answer")]:
        assert page.mark(words, role)[0] == 200
        page.build()
        states.append(page.file.read_bytes())
    assert page.load()["corrections"]["undo"] == {"source": 0, "line": number_of("캐시")}
    while len(states) > 1:
        assert page.file.read_bytes() == states.pop()
        assert page.ask(do="undo")[0] == 200
        page.build()
    assert page.file.read_bytes() == states[0]
    assert page.ask(do="undo") == (409, {"problem": "nothing", "message": ["되돌릴 것이 없습니다.", "There is nothing to undo."]})


def test_undo_of_the_first_change_leaves_no_file(page: Page) -> None:
    page.mark("캐시", "question")
    page.build()
    assert page.ask(do="undo")[1]["line"] == number_of("캐시")
    assert not page.file.exists()


def test_undo_leaves_alone_what_somebody_wrote_meanwhile(page: Page) -> None:
    page.mark("캐시", "question")
    written = page.file.read_text("utf-8") + '\n# 손으로\n[[line]]\ntext = "하나."\nas = "end"\n'
    page.file.write_text(written, "utf-8")
    page.build()
    assert page.ask(do="undo")[1]["problem"] == "nothing"
    assert page.file.read_text("utf-8") == written


def test_what_changes_nothing_is_not_written(page: Page) -> None:
    page.mark("캐시", "question")
    page.build()
    assert page.mark("캐시", "question") == (200, {"written": False})


# On what it is made


def test_a_change_on_older_data_is_stale_and_nothing_is_written(page: Page) -> None:
    old = page.tag
    page.mark("캐시", "question")
    before = everything(page.desk)
    status, said = page.mark("둘인가요", "nothing")
    assert (status, said["problem"]) == (409, "stale")
    page.build()
    page.tag = old
    assert page.mark("둘인가요", "nothing")[1]["problem"] == "stale"
    assert page.ask(do="undo")[1]["problem"] == "stale"
    assert everything(page.desk) == before
    page.load()
    assert page.mark("둘인가요", "nothing")[0] == 200


def test_a_change_of_a_file_that_somebody_changed_meanwhile_is_stale(page: Page) -> None:
    text = '[[line]]\ntext = "하나."\nas = "end"\n'
    page.file.write_text(text, "utf-8")
    assert page.mark("캐시", "question")[1]["problem"] == "stale"
    assert page.file.read_text("utf-8") == text


@pytest.mark.parametrize("broken", [b'[[line]]\ntext = "a"\nas = \n', b'[[line]]\ntext = "\xff"\n', b'[[line]]\n\ntext = 3\nas = "end"\n'])
def test_a_broken_file_is_told_with_its_line_and_never_written_over(page: Page, broken: bytes) -> None:
    page.file.write_bytes(broken)
    for change in ({"do": "mark", "source": 0, "line": 3, "as": "question"}, {"do": "undo"}, {"do": "take", "number": 0}):
        status, said = page.ask(**change)
        assert (status, said["problem"]) == (409, "broken")
        assert all(re.match(rf"{re.escape(str(page.file))}:[13]: ", words) for words in said["message"])
    assert page.file.read_bytes() == broken


def test_a_file_that_cannot_be_written_stays_whole(page: Page, monkeypatch: pytest.MonkeyPatch) -> None:
    page.mark("캐시", "question")
    page.build()
    before = everything(page.desk)

    def fail(path: Path, data: bytes) -> None:
        raise OSError(28, "No space left on device", str(path))

    with monkeypatch.context() as patch:
        patch.setattr(editing, "write_bytes", fail)
        status, said = page.mark("둘인가요", "nothing")
    assert (status, said["problem"]) == (500, "machine")
    assert "No space left" in said["message"][1]
    assert everything(page.desk) == before
    assert page.mark("둘인가요", "nothing")[0] == 200


def test_of_many_changes_at_once_one_is_made(page: Page) -> None:
    words = ["캐시", "둘인가요", "하나인가요", "하나.", "둘.", '"셋"'] * 3
    with ThreadPoolExecutor(8) as pool:
        answers = list(pool.map(lambda one: page.mark(one, "nothing"), words))
    assert sorted(status for status, _ in answers) == [200] + [409] * (len(words) - 1)
    assert page.file.read_text("utf-8").count("[[line]]") == 1


# From whom


ELSEWHERE: dict[str, tuple[int, dict[str, str | None]]] = {
    "no token": (403, {"X-Notedeck-Token": None}),
    "an empty token": (403, {"X-Notedeck-Token": ""}),
    "a guess": (403, {"X-Notedeck-Token": "A" * 43}),
    "another alphabet": (403, {"X-Notedeck-Token": "\xff\xfe"}),
    "a page on the net": (403, {"Origin": "https://evil.example"}),
    "a page with this host's name in its own": (403, {"Origin": "http://127.0.0.1.evil.example"}),
    "another port": (403, {"Origin": "http://127.0.0.1:1"}),
    "another name of this machine": (403, {"Origin": "http://localhost:{port}"}),
    "a page from the disk": (403, {"Origin": "null"}),
    "no origin": (403, {"Origin": None}),
    "another site as the browser says": (403, {"Sec-Fetch-Site": "cross-site"}),
    "another port as the browser says": (403, {"Sec-Fetch-Site": "same-site"}),
    "another host": (421, {"Host": "evil.example:{port}", "Origin": "http://evil.example:{port}"}),
    "a form": (415, {"Content-Type": "application/x-www-form-urlencoded"}),
    "a form of text": (415, {"Content-Type": "text/plain"}),
    "a form of parts": (415, {"Content-Type": "multipart/form-data; boundary=x"}),
    "no type": (415, {"Content-Type": None}),
    "two types": (415, {"Content-Type": "text/plain, application/json"}),
    "no length": (411, {"Content-Length": None}),
    "a length that is none": (411, {"Content-Length": "²"}),
    "a negative length": (411, {"Content-Length": "-1"}),
    "in chunks": (411, {"Transfer-Encoding": "chunked"}),
    "too long": (413, {"Content-Length": str(LONGEST + 1)}),
    "very much too long": (413, {"Content-Length": "9" * 5000}),
}


@pytest.mark.parametrize("name", ELSEWHERE)
def test_nobody_else_may_write(page: Page, name: str) -> None:
    before = everything(page.desk)
    status, changed = ELSEWHERE[name]
    body = json.dumps({"on": page.tag, "do": "mark", "source": 0, "line": number_of("캐시"), "as": "question"}).encode()
    headers = {**page.own(body), **changed}
    sent = {key: value.format(port=page.port) for key, value in headers.items() if value is not None}
    response, said = page.send("POST", "/corrections", body, sent)
    assert response.status == status
    assert page.token.encode() not in said
    assert "Access-Control-Allow-Origin" not in response.headers
    assert everything(page.desk) == before


def test_its_other_name_is_its_own_too(page: Page) -> None:
    body = json.dumps({"on": page.tag, "do": "mark", "source": 0, "line": number_of("캐시"), "as": "question"}).encode()
    names = {"Host": f"localhost:{page.port}", "Origin": f"http://localhost:{page.port}"}
    assert page.send("POST", "/corrections", body, {**page.own(body), **names})[0].status == 200


@pytest.mark.parametrize("method", ["GET", "PUT", "PATCH", "DELETE", "OPTIONS", "HEAD", "TRACE", "XYZ"])
def test_no_other_method_writes(page: Page, method: str) -> None:
    body = json.dumps({"on": page.tag, "do": "mark", "source": 0, "line": number_of("캐시"), "as": "question"}).encode()
    assert page.send(method, "/corrections", body, page.own(body))[0].status == (404 if method == "GET" else 405)
    assert not page.file.exists()


@pytest.mark.parametrize("path", ["/", "/data.json", "/events", "/corrections/", "/corrections?x", "/corrections.toml", "/pictures/a.png"])
def test_no_other_address_takes_anything(page: Page, path: str) -> None:
    body = json.dumps({"on": page.tag, "do": "mark", "source": 0, "line": number_of("캐시"), "as": "question"}).encode()
    assert page.send("POST", path, body, page.own(body))[0].status == 405
    assert not page.file.exists()


@pytest.mark.parametrize(
    "body", [b"", b"{", b"[]", b"3", b"null", b'"mark"', b"\xff", b"[" * 15_000, b'{"a":' * 3_000], ids=lambda body: repr(body[:12])
)
def test_what_is_no_object_is_refused(page: Page, body: bytes) -> None:
    assert page.send("POST", "/corrections", body, page.own(body))[0].status == 400


@pytest.mark.parametrize(
    "change",
    [
        {}, {"do": "write"}, {"do": ["mark"]}, {"do": "mark"}, {"do": "take"}, {"do": "take", "number": 0}, {"do": "take", "number": -1},
        {"do": "take", "number": "0"},
        {"do": "mark", "source": 1, "line": 3, "as": "question"}, {"do": "mark", "source": -1, "line": 3, "as": "question"},
        {"do": "mark", "source": "0", "line": 3, "as": "question"}, {"do": "mark", "source": 0, "line": 0, "as": "question"},
        {"do": "mark", "source": 0, "line": 2, "as": "question"}, {"do": "mark", "source": 0, "line": 99, "as": "question"},
        {"do": "mark", "source": 0, "line": -1, "as": "question"}, {"do": "mark", "source": 0, "line": 3.0, "as": "question"},
        {"do": "mark", "source": 0, "line": 3, "as": "interview"}, {"do": "mark", "source": 0, "line": 3, "as": None},
        {"do": "mark", "source": 0, "line": 3, "as": "question", "tags": "면접질문"},
        {"do": "mark", "source": 0, "line": 3, "as": "question", "tags": [3]},
        {"do": "mark", "source": 0, "line": 3, "as": "question", "tags": ["-"]},
        {"do": "mark", "source": 0, "line": 3, "as": "question", "tags": ["가"] * 21},
        {"do": "mark", "source": 0, "line": 3, "as": "question", "tags": ["가" * 301]},
    ],
    ids=str,
)  # fmt: skip
def test_what_cannot_be_changed_is_refused(page: Page, change: dict[str, Any]) -> None:
    before = everything(page.desk)
    status, said = page.ask(**change)
    assert (status, said["problem"]) == (400, "request")
    assert everything(page.desk) == before


def test_no_word_of_a_change_names_a_file(page: Page) -> None:
    before = everything(page.desk)
    more = {"file": "../../x", "path": "/etc/passwd", "text": "x", "corrections": "/tmp/x"}
    assert page.mark("캐시", "question", **more)[0] == 200
    assert page.file.read_text("utf-8") == '[[line]]\ntext = "캐시의 수명"\nas = "question"\n'
    assert everything(page.desk) == {**before, page.file: page.file.read_bytes()}


def test_the_token_stands_in_the_page_alone_and_is_another_at_each_start(page: Page) -> None:
    assert len(page.token) >= 40
    for path in ("/data.json", "/nowhere", "/corrections"):
        response, body = page.send("GET", path, b"", {})
        assert page.token.encode() not in body
        assert page.token not in str(response.headers)
    assert Live("notes", page.desk.decks, Editor(page.file)).token != page.token


def test_a_preview_without_an_editor_takes_nothing(tmp_path: Path) -> None:
    desk = Desk(tmp_path).write({"책.md": BOOK})
    shown = Live("notes", desk.decks)
    shown.take(desk.build(plan=True))
    with serving(shown) as (_, url):
        page = Page(desk, shown, int(url.rstrip("/").rpartition(":")[2]), "")
        page.load()
        assert b"token" not in page.send("GET", "/", b"", {})[1].split(b'id="data">')[1].split(b"</script>")[0]
        assert page.ask(do="mark", source=0, line=3, **{"as": "question"})[0] == 405
    assert "corrections" not in json.loads(shown.state.data if shown.state else b"")


# Which line is meant, and what an unread one might be


def test_equal_lines_are_named_so_that_a_build_finds_the_one_that_was_chosen(tmp_path: Path) -> None:
    page = "# {}\n\n## 1장\n\n- **하나인가요?**\n\n  예를 든다.\n\n- **둘인가요?**\n\n  예를 든다.\n\n  예를 든다.\n"
    desk = Desk(tmp_path).write({"가/책.md": page.format("가"), "나/책.md": page.format("나")})
    editor = Editor(desk.notes / NAME)
    shown = Live("notes", desk.decks, editor)
    lines = page.split("\n")
    wanted = [(source, line) for source in (0, 1) for line, text in enumerate(lines, 1) if "예를" in text]
    for source, line in wanted:
        shown.take(desk.build(plan=True))
        assert shown.state
        answer = shown.change({"on": shown.state.tag, "do": "mark", "source": source, "line": line, "as": "nothing"})
        assert answer
        assert (answer.status, answer.said.get("line")) == ((200, line) if line != wanted[-1][1] else (409, None))
    shown.take(desk.build(plan=True))
    assert shown.state
    entries = json.loads(shown.state.data)["corrections"]["entries"]
    assert [(entry["source"], entry["line"], entry["status"]) for entry in entries] == [
        (source, line, "held") for source, line in wanted if line != wanted[-1][1]
    ]


@pytest.mark.parametrize(
    ("notes", "might"),
    [
        ("용어 하나\n\n그 용어의 뜻을 풀어 쓴 문단입니다.\n", ["question", "heading", "nothing"]),
        ("이 구조는 왜 이렇게 복잡한가\n", ["question", "heading", "nothing"]),
        ("한 문장으로 끝나는 글이고 아무것도 묻지 않으며 길이가 서른 자를 넘는다.\n", ["nothing"]),
        ("한 문장으로 끝나는 글이고 아무것도 묻지 않으며 길이가 서른 자를 넘는다.\n\n- **하나인가요?**\n\n  하나.\n", ["context", "nothing"]),
        ("- **하나인가요?**\n\n  하나.\n\n---\n\n한 문장으로 끝나는 글이고 아무것도 묻지 않으며 길이가 서른 자를 넘는다.\n", ["answer", "nothing"]),
    ],
    ids=["a name", "asking", "telling", "before a question", "behind an answer"],
)
def test_what_an_unread_line_might_be(tmp_path: Path, notes: str, might: list[str]) -> None:
    desk = Desk(tmp_path).write({"책.md": f"# 책\n\n{notes}"})
    shown = Live("notes", desk.decks)
    shown.take(desk.build(plan=True))
    assert shown.state
    data = json.loads(shown.state.data)
    first = data["unread"][0]
    assert (first["source"], first["might"]) == (0, might)
    assert data["sources"][0]["roles"][first["line"] - 1 : first["end"]].strip("u") == ""


def test_files_that_are_left_out_are_not_walked(tmp_path: Path) -> None:
    desk = Desk(tmp_path).write({"책.md": BOOK, "안내.md": "# 안내\n\n읽지 않을 글이다.\n", ".notedeckignore": "안내.md\n"})
    shown = Live("notes", desk.decks)
    shown.take(desk.build(plan=True))
    assert shown.state
    assert {one["source"] for one in json.loads(shown.state.data)["unread"]} == {
        [s["path"].endswith("책.md") for s in json.loads(shown.state.data)["sources"]].index(True)
    }
