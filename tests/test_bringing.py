"""`--pictures` against a server on this computer that misbehaves: nothing comes but pictures from public places, within limits.

Names are resolved and connections made by functions that the test gives, so that a public number leads to the test's server;
nothing else in the program can do that.
"""

from __future__ import annotations

import inspect
import socket
import ssl
import threading
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import suppress
from functools import partial
from pathlib import Path
from typing import Any
from unittest import mock
from xml.etree import ElementTree

import pytest

from notedeck import config, pipeline
from notedeck.content.cleaning import clean_svg
from notedeck.report.run import Built
from notedeck.sources import fetching
from notedeck.sources.brought import LIST, brought_from
from notedeck.sources.fetching import Fetched, Refusal, fetch_all, is_public
from tests.anki_oracle import NOW, Anki, Desk, codes, png, question

PUBLIC = "93.184.215.14"
HOST = "http://pictures.example"
OK = b"HTTP/1.1 200 OK\r\nContent-Length: %d\r\nContent-Type: text/html\r\n\r\n%b"
Behaviour = Callable[[socket.socket, str], None]


def whole(data: bytes) -> Behaviour:
    """Send all of it, as something else than it is."""
    return lambda line, path: line.sendall(OK % (len(data), data))


def status(code: int, *headers: str) -> Behaviour:
    head = "".join(f"{one}\r\n" for one in headers)
    return lambda line, path: line.sendall(f"HTTP/1.1 {code} Said\r\n{head}Content-Length: 0\r\n\r\n".encode())


def moved(place: str) -> Behaviour:
    return status(302, f"Location: {place}")


def endless(line: socket.socket, path: str) -> None:
    line.sendall(b"HTTP/1.1 200 OK\r\n\r\n" + png(1)[:8])
    while True:
        line.sendall(b"\0" * 65_536)


def endless_chunks(line: socket.socket, path: str) -> None:
    line.sendall(b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n")
    while True:
        line.sendall(b"10000\r\n" + b"\0" * 65_536 + b"\r\n")


def dripping(line: socket.socket, path: str) -> None:
    line.sendall(b"HTTP/1.1 200 OK\r\nContent-Length: 1000\r\n\r\n")
    while True:
        line.sendall(b"\x89")
        time.sleep(0.05)


def dripping_head(line: socket.socket, path: str) -> None:
    line.sendall(b"HTTP/1.1 200 OK\r\nX: ")
    while True:
        line.sendall(b"x")
        time.sleep(0.05)


def silent(line: socket.socket, path: str) -> None:
    time.sleep(5)


def says_more(line: socket.socket, path: str) -> None:
    line.sendall(b"HTTP/1.1 200 OK\r\nContent-Length: 5000\r\n\r\n" + png(1))


def says_less(line: socket.socket, path: str) -> None:
    line.sendall(OK % (20, png(1)))


def says_too_much(line: socket.socket, path: str) -> None:
    line.sendall(b"HTTP/1.1 200 OK\r\nContent-Length: 99999999999\r\n\r\n" + png(1))


def rubbish(line: socket.socket, path: str) -> None:
    line.sendall(b"\0\1\2\3 no HTTP\r\n\r\n")


def many_headers(line: socket.socket, path: str) -> None:
    line.sendall(b"HTTP/1.1 200 OK\r\n" + b"".join(b"X-%d: x\r\n" % number for number in range(500)) + b"\r\n")


class Server:
    """Behaves on each path as it is told, and remembers what was asked."""

    def __init__(self, paths: Mapping[str, Behaviour]) -> None:
        self.paths = dict(paths)
        self.asked: list[str] = []
        self.numbers: list[str] = []
        self.names: dict[str, list[str]] = {}
        self.listening = socket.create_server(("127.0.0.1", 0))
        threading.Thread(target=self._serve, daemon=True).start()

    def resolve(self, host: str, port: int) -> list[str]:
        return self.names.get(host, [PUBLIC])

    def connect(self, number: str, port: int, seconds: float) -> socket.socket:
        self.numbers.append(number)
        return socket.create_connection(self.listening.getsockname(), seconds)

    def _serve(self) -> None:
        with suppress(OSError):
            while True:
                threading.Thread(target=self._answer, args=(self.listening.accept()[0],), daemon=True).start()

    def _answer(self, line: socket.socket) -> None:
        with line, suppress(OSError):
            head = b""
            while b"\r\n\r\n" not in head:
                if not (more := line.recv(4096)):
                    return
                head += more
            path = head.split(b" ", 2)[1].decode()
            self.asked.append(path)
            self.paths[path](line, path)

    def fetch(self, *addresses: str, **options: Any) -> dict[str, Fetched | Refusal]:
        wanted = {"pauses": (0.0, 0.0), "seconds": 3.0, **options}
        return dict(fetch_all(addresses, resolve=self.resolve, connect=self.connect, **wanted))

    def close(self) -> None:
        self.listening.close()


@pytest.fixture
def server() -> Iterator[Server]:
    made = Server({"/a.png": whole(png(1)), "/b.png": whole(png(2))})
    yield made
    made.close()


def one(found: Mapping[str, Fetched | Refusal]) -> Fetched | Refusal:
    (only,) = found.values()
    return only


def test_pictures_come_by_their_bytes_whatever_their_type_is_called(server: Server) -> None:
    found = server.fetch(f"{HOST}/a.png", f"{HOST}/b.png")
    assert found == {f"{HOST}/a.png": Fetched(png(1), ".png"), f"{HOST}/b.png": Fetched(png(2), ".png")}
    assert set(server.numbers) == {PUBLIC}


@pytest.mark.parametrize(
    ("behaviour", "refusal"),
    [
        (endless, Refusal("net-heavy", "10 MB")),
        (endless_chunks, Refusal("net-heavy", "10 MB")),
        (says_too_much, Refusal("net-heavy", "10 MB")),
        (dripping, Refusal("net-unreached", "timeout")),
        (dripping_head, Refusal("net-unreached", "timeout")),
        (silent, Refusal("net-unreached", "timeout")),
        (says_more, Refusal("net-unreached", "IncompleteRead")),
        (says_less, Refusal("net-unreached", "IncompleteRead")),
        (rubbish, Refusal("net-unreached", "BadStatusLine")),
        (many_headers, Refusal("net-unreached", "HTTPException")),
        (whole(b"<html>no picture</html>"), Refusal("net-other", "")),
        (whole(b""), Refusal("net-other", "")),
        (status(404), Refusal("net-gone", "HTTP 404")),
        (status(403), Refusal("net-gone", "HTTP 403")),
        (status(204), Refusal("net-gone", "HTTP 204")),
        (status(503), Refusal("net-unreached", "HTTP 503")),
        (status(302), Refusal("net-gone", "HTTP 302")),
    ],
)
def test_a_server_that_misbehaves_costs_little_and_is_told(server: Server, behaviour: Behaviour, refusal: Refusal) -> None:
    server.paths["/a.png"] = behaviour
    started = time.monotonic()
    assert one(server.fetch(f"{HOST}/a.png", seconds=0.6)) == refusal
    assert time.monotonic() - started < 5


def test_what_failed_and_may_pass_is_tried_again(server: Server) -> None:
    tries = iter([status(503), says_more, whole(png(3))])

    def as_told(line: socket.socket, path: str) -> None:
        next(tries)(line, path)

    server.paths["/a.png"] = as_told
    assert one(server.fetch(f"{HOST}/a.png")) == Fetched(png(3), ".png")
    assert server.asked == ["/a.png"] * 3
    server.asked.clear()
    server.paths["/a.png"] = status(410)
    server.fetch(f"{HOST}/a.png")
    assert server.asked == ["/a.png"]


@pytest.mark.parametrize(
    ("place", "numbers"),
    [
        ("http://127.0.0.1/secret.png", ["127.0.0.1"]),
        ("http://inside.example/secret.png", ["10.0.0.7"]),
        ("http://inside.example/secret.png", [PUBLIC, "192.168.0.1"]),
        ("http://[::1]/secret.png", ["::1"]),
        ("http://meta.example/latest", ["169.254.169.254"]),
        ("http://meta.example/latest", ["::ffff:169.254.169.254"]),
        ("http://meta.example/latest", ["fe80::1%eth0"]),
        ("file:///etc/passwd", []),
        ("ftp://pictures.example/a.png", []),
        ("gopher://pictures.example/a.png", []),
        ("http://user:word@pictures.example/a.png", [PUBLIC]),
        ("//inside.example/secret.png", ["172.16.1.1"]),
    ],
)
def test_no_redirect_and_no_name_leads_inside(server: Server, place: str, numbers: list[str]) -> None:
    for host in ("127.0.0.1", "::1", "inside.example", "meta.example"):
        server.names[host] = numbers
    server.paths["/a.png"] = moved(place)
    server.paths["/secret.png"] = server.paths["/latest"] = whole(png(9))
    found = one(server.fetch(f"{HOST}/a.png"))
    assert isinstance(found, Refusal)
    assert found.code == "net-private"
    assert server.asked == ["/a.png"]
    if not place.startswith("//"):
        assert isinstance(direct := one(server.fetch(place)), Refusal)
        assert direct.code == "net-private"
    assert server.asked == ["/a.png"]


def test_a_redirect_to_a_public_place_is_followed_and_one_in_a_circle_ends(server: Server) -> None:
    server.paths |= {"/old.png": moved("/a.png"), "/round.png": moved("/round.png"), "/옛 그림.png": moved("http://other.example/b.png?x=1")}
    server.paths["/%EC%98%9B%20%EA%B7%B8%EB%A6%BC.png"] = moved("http://other.example/b.png?x=%20y")
    server.paths["/b.png?x=%20y"] = whole(png(4))
    assert one(server.fetch(f"{HOST}/old.png")) == Fetched(png(1), ".png")
    assert one(server.fetch(f"{HOST}/옛 그림.png".replace(" ", "%20"))) == Fetched(png(4), ".png")
    assert one(server.fetch(f"{HOST}/round.png")) == Refusal("net-unreached", "redirects")


def test_a_name_that_is_another_number_the_second_time_is_asked_again(server: Server) -> None:
    """Each connection goes to the number that was looked at, so nobody can change it in between."""
    answers = iter([[PUBLIC], ["127.0.0.1"]])
    server.paths["/a.png"] = moved("/b.png")
    found = dict(fetch_all([f"{HOST}/a.png"], resolve=lambda host, port: next(answers), connect=server.connect, pauses=()))
    assert one(found) == Refusal("net-private", "127.0.0.1")
    assert server.numbers == [PUBLIC]


def test_no_server_is_believed_to_be_another_one(server: Server) -> None:
    """Over TLS a server without a certificate for the name is none."""
    server.paths["/a.png"] = whole(png(1))
    found = one(server.fetch("https://pictures.example/a.png", pauses=()))
    assert isinstance(found, Refusal)
    assert found.code == "net-unreached"
    assert ssl.create_default_context().verify_mode is ssl.CERT_REQUIRED


def test_all_pictures_of_a_run_have_one_budget(server: Server) -> None:
    found = server.fetch(f"{HOST}/a.png", f"{HOST}/b.png", budget=len(png(1)) + 10)
    assert sorted(type(each).__name__ for each in found.values()) == ["Fetched", "Refusal"]
    assert Refusal("net-budget", "500 MB") in found.values()


def test_a_few_are_fetched_at_a_time_and_progress_is_told(server: Server) -> None:
    running, most, lock = [0], [0], threading.Lock()

    def slow(line: socket.socket, path: str) -> None:
        with lock:
            running[0] += 1
            most[0] = max(most[0], running[0])
        time.sleep(0.05)
        with lock:
            running[0] -= 1
        whole(png(1))(line, path)

    addresses = [f"{HOST}/{number}.png" for number in range(12)]
    server.paths |= {f"/{number}.png": slow for number in range(12)}
    told: list[tuple[int, int]] = []
    server.fetch(*addresses, tell=lambda done, total: told.append((done, total)))
    assert told == [(number, 12) for number in range(1, 13)]
    assert 1 < most[0] <= 4


@pytest.mark.parametrize(
    "number",
    [
        "127.0.0.1", "127.9.9.9", "10.0.0.1", "172.31.0.1", "192.168.1.1", "169.254.1.1", "100.64.0.1", "0.0.0.0", "255.255.255.255", "224.0.0.1",
        "240.0.0.1", "192.0.2.1", "198.18.0.1", "::", "::1", "fe80::1", "fe80::1%2", "fc00::1", "fd00::1", "ff02::1", "::ffff:127.0.0.1",
        "::ffff:10.0.0.1", "2002:7f00:1::", "2002:0a00:0001::", "64:ff9b::7f00:1", "2001:db8::1", "2001:0:1::1", "", "localhost", "1.2.3",
    ],
)  # fmt: skip
def test_numbers_that_are_not_public(number: str) -> None:
    assert not is_public(number)


@pytest.mark.parametrize("number", [PUBLIC, "8.8.8.8", "2606:4700::1111", "::ffff:8.8.8.8"])
def test_numbers_that_are_public(number: str) -> None:
    assert is_public(number)


# In a build


def built_with(desk: Desk, server: Server, **options: Any) -> Built:
    """A build with `--pictures` whose network is the test's server."""
    ours = partial(fetching.fetch_all, resolve=server.resolve, connect=server.connect, pauses=(), seconds=2.0)
    with mock.patch("notedeck.sources.fetching.fetch_all", ours):
        return desk.build(pictures=True, **options)


def test_without_the_option_nothing_is_fetched_and_the_build_says_how_many_there_are(tmp_path: Path) -> None:
    desk = Desk(tmp_path).write(
        {"책.md": question("보이나요?", f"![가]({HOST}/a.png) ![나]({HOST}/b.png) ![가]({HOST}/a.png) ![다](//pictures.example/c.png)")}
    )
    with mock.patch("socket.getaddrinfo", side_effect=AssertionError), mock.patch("socket.create_connection", side_effect=AssertionError):
        built = desk.build()
    assert built.on_the_net == 3
    assert set(codes(built)) == {"picture-remote"}
    assert not (desk.notes / "cards.pictures").exists()


def test_pictures_are_brought_once_and_later_builds_are_offline_and_the_same(tmp_path: Path, server: Server) -> None:
    desk = Desk(tmp_path).write({"책.md": question("보이나요?", f"![가|120]({HOST}/a.png) ![나]({HOST}/b.png)")})
    built = built_with(desk, server)
    assert (codes(built), built.on_the_net) == ([], 0)
    folder = desk.notes / "cards.pictures"
    names = sorted(path.name for path in folder.iterdir())
    assert len(names) == 3
    assert (folder / LIST).read_text("utf-8").count("\n") == 2
    packed = desk.package_bytes()
    with mock.patch("socket.getaddrinfo", side_effect=AssertionError):
        again = desk.build(now=NOW + 5, pictures=True)
    assert again.written.written == ()
    assert desk.package_bytes() == packed
    assert len(server.asked) == 2
    with Anki(tmp_path / "anki") as anki:
        anki.take_all(desk.packages())
        assert len(anki.media()) == 2
        assert anki.media_troubles() == ([], [])
        (row,) = anki.rows()
        assert row.fields["Answer"].count('width="120"') == 1


def test_what_did_not_come_is_told_with_each_of_its_lines_and_stays_a_link(tmp_path: Path, server: Server) -> None:
    server.paths |= {"/gone.png": status(404), "/page.png": whole(b"<html>")}
    text = question("보이나요?", f"![가]({HOST}/gone.png)\n  ![나]({HOST}/page.png)\n  ![다](http://127.0.0.1:1/x.png)\n  ![라]({HOST}/gone.png)")
    server.names["127.0.0.1"] = ["127.0.0.1"]
    built = built_with(Desk(tmp_path).write({"책.md": text}), server)
    assert [(one.code, one.span.line) for one in built.diagnostics] == [
        ("net-gone", 3), ("net-other", 4), ("net-private", 5), ("net-gone", 6),
    ]  # fmt: skip
    assert built.notes[0].fields["Answer"].count("<a href=") == 4
    assert built.on_the_net == 3


def test_a_plan_and_a_build_with_errors_fetch_nothing(tmp_path: Path, server: Server) -> None:
    desk = Desk(tmp_path).write({"책.md": question("보이나요?", f"![가]({HOST}/a.png)")})
    assert built_with(desk, server, plan=True).on_the_net == 1
    desk.write({"deck.toml": "x ="})
    assert built_with(desk, server).failed
    assert server.asked == []


def test_a_drawing_is_cleaned_before_it_is_kept(tmp_path: Path, server: Server) -> None:
    server.paths["/d.svg"] = whole(EVIL)
    desk = Desk(tmp_path).write({"책.md": question("보이나요?", f"![가]({HOST}/d.svg)")})
    assert codes(built_with(desk, server)) == []
    (picture,) = (desk.notes / "cards.pictures").glob("*.svg")
    assert b"script" not in picture.read_bytes()
    assert b"<circle" in picture.read_bytes()


EVIL = b"""<?xml version="1.0"?><!DOCTYPE svg [<!ENTITY a "b">]><svg xmlns="http://www.w3.org/2000/svg" xmlns:xlink="http://www.w3.org/1999/xlink"
 viewBox="0 0 9 9" onload="x()"><script>alert(1)</script><defs><linearGradient id="g"><stop offset="0" stop-color="red"/></linearGradient></defs>
<style>.a { fill: url(#g) }</style><a href="javascript:x()"><circle class="a" r="4" onclick="x()" fill="url(#g)"/></a><use xlink:href="#g"/>
<use href="https://e.example/x.svg#a"/><image href="https://e.example/x.png"/><foreignObject><div>a&#160;b<br/>c</div>
<iframe src="x"/></foreignObject>
<text>\xea\xb0\x80 &amp; b</text></svg>"""


def test_a_cleaned_drawing_draws_and_does_nothing_else() -> None:
    kept = clean_svg(EVIL)
    names = {element.tag.rpartition("}")[2] for element in ElementTree.fromstring(kept).iter()}
    assert names == {"svg", "defs", "linearGradient", "stop", "style", "circle", "use", "foreignObject", "div", "br", "text"}
    assert not any(word in kept for word in (b"onload", b"onclick", b"javascript", b"e.example", b"alert", b"ENTITY"))
    assert b"viewBox" in kept
    assert "가 &amp; b".encode() in kept
    assert clean_svg(kept) == kept


@pytest.mark.parametrize(
    "style",
    ["@import 'x'", "fill: url(https://e.example/a)", "fill: u\\rl(x)", "background: url( 'data:image/png;base64,AA' )", "width: expression(x)"],
)
def test_a_style_that_loads_something_goes(style: str) -> None:
    kept = clean_svg(f'<svg xmlns="http://www.w3.org/2000/svg"><style>.a {{ {style} }}</style><g style="{style}"><path d="M0 0"/></g></svg>'.encode())
    assert b"style" not in kept
    assert b"<path" in kept


@pytest.mark.parametrize("data", [b"", b"<html></html>", b"\xff\xfe<\0s\0v\0g\0", b"<p>x</p>"])
def test_what_is_no_drawing_is_nothing(data: bytes) -> None:
    assert clean_svg(data) == b""


@pytest.mark.parametrize(
    "line",
    ["../../secret.png\thttp://a.example/x", "/etc/passwd\thttp://a.example/x", "0123456789abcdef.exe\thttp://a.example/x", "x", "a\tb\tc", "\t"],
)
def test_a_list_of_somebody_elses_leads_nowhere(tmp_path: Path, line: str) -> None:
    (tmp_path / "secret.png").write_bytes(png(1))
    (tmp_path / "a" / "b").mkdir(parents=True)
    (tmp_path / "a" / "b" / "0123456789abcdef.exe").write_bytes(png(1))
    (tmp_path / "a" / "b" / LIST).write_text(f"{line}\n", "utf-8")
    assert brought_from(tmp_path / "a" / "b") == {}


def test_a_link_in_the_folder_is_no_picture(tmp_path: Path) -> None:
    (tmp_path / "secret").write_bytes(png(1))
    (tmp_path / "0123456789abcdef.png").symlink_to(tmp_path / "secret")
    (tmp_path / LIST).write_text("0123456789abcdef.png\thttp://a.example/x\n", "utf-8")
    assert brought_from(tmp_path) == {}


def test_no_setting_and_no_variable_asks_for_pictures() -> None:
    """What a cloned folder brings along cannot make a build go to the net."""
    assert not any("pictures" in key for key in config._KEYS if key != "page.pictures_mb")
    assert "environ" not in inspect.getsource(fetching)
    assert "options.pictures" in inspect.getsource(pipeline)
