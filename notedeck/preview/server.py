"""The preview's server: on this machine alone, and it gives nothing but the page, its data, its events and its pictures.

It takes two things, from its own page alone (see `guard`): a change of corrections.toml, and that the notes go into the Anki that runs here.

A page on the net that has its own name point here is refused by the name that it asks for (`Host`); one that asks for
this machine's is kept from reading by the browser, since nothing here allows it.
"""

from __future__ import annotations

import json
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from http import HTTPStatus
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import unquote, urlsplit

from notedeck.preview.answers import Answer
from notedeck.preview.book import media_type
from notedeck.preview.guard import read_request, refusal
from notedeck.preview.live import PICTURES, Live
from notedeck.preview.shown import Json

HOST = "127.0.0.1"
_POLL = 0.05
"""Seconds until the server sees that it is to end: whoever ends a preview waits for it."""
_PICTURE_POLICY = "default-src 'none'; style-src 'unsafe-inline'; sandbox"
_HEADERS = {
    "Cache-Control": "no-store",
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "no-referrer",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
}


class Server(ThreadingHTTPServer):
    """Answers at a free port of this machine."""

    daemon_threads = True
    block_on_close = False

    def __init__(self, live: Live) -> None:
        self.live = live
        super().__init__((HOST, 0), _Handler)

    @property
    def url(self) -> str:
        """Where the page is."""
        return f"http://{HOST}:{self.server_port}/"

    def handle_error(self, request: Any, client_address: Any) -> None:
        """A browser that goes away in the middle of an answer is nothing to tell."""


@contextmanager
def serving(live: Live) -> Iterator[tuple[Live, str]]:
    """Serve what `live` holds, at the address that comes with it, until the `with` ends."""
    with Server(live) as server:
        thread = threading.Thread(target=server.serve_forever, args=(_POLL,), daemon=True)
        thread.start()
        try:
            yield live, server.url
        finally:
            server.shutdown()
            thread.join()


class _Handler(BaseHTTPRequestHandler):
    server: Server
    protocol_version = "HTTP/1.1"
    timeout = 60
    server_version = "notedeck"
    sys_version = ""

    def do_GET(self) -> None:
        """Give what there is."""
        if not self._is_meant():
            return
        path = unquote(urlsplit(self.path).path)
        if path == "/":
            self._page()
        elif path == "/data.json":
            self._data()
        elif path == "/events":
            self._events()
        elif path.startswith(PICTURES):
            self._picture(path.removeprefix(PICTURES))
        else:
            self._refuse(HTTPStatus.NOT_FOUND)

    def do_POST(self) -> None:
        """Do what a page asks for."""
        take = self.server.live.takes.get(self.path)
        if not take:
            self._other_method()
            return
        if not self._is_meant():
            return
        if status := refusal(self.headers, self.server.live.token):
            self.close_connection = True  # what came with the request is not read
            self._refuse(status)
            return
        self._do(take, self.rfile.read(int(self.headers["Content-Length"])))

    def __getattr__(self, name: str) -> Callable[[], None]:
        if name.startswith("do_"):
            return self._other_method
        raise AttributeError(name)

    def log_message(self, format: str, *args: Any) -> None:  # noqa: A002 (the name that http.server gives it)
        """Nothing: the terminal shows builds."""

    def _is_meant(self) -> bool:
        """Whether the request is for this server, by the name that the browser believes to speak to."""
        hosts = (f"{HOST}:{self.server.server_port}", f"localhost:{self.server.server_port}")
        if self.headers.get_all("Host") == [self.headers["Host"]] and self.headers["Host"].lower() in hosts:
            return True
        self._refuse(HTTPStatus.MISDIRECTED_REQUEST)
        return False

    def _other_method(self) -> None:
        self.close_connection = True  # what came with the request is not read
        self._refuse(HTTPStatus.METHOD_NOT_ALLOWED, {"Allow": "GET"})

    def _refuse(self, status: HTTPStatus, headers: dict[str, str] | None = None) -> None:
        self._send(f"{status.value} {status.phrase}\n".encode(), "text/plain; charset=utf-8", "default-src 'none'", headers, status)

    def _page(self) -> None:
        state = self.server.live.state
        if state is None or not state.page:
            self._refuse(HTTPStatus.SERVICE_UNAVAILABLE)
            return
        self._send(state.page, "text/html; charset=utf-8", f"{state.policy}; frame-ancestors 'none'")

    def _data(self) -> None:
        state = self.server.live.state
        if state is None:
            self._refuse(HTTPStatus.SERVICE_UNAVAILABLE)
            return
        tag = f'"{state.tag}"'
        is_known = self.headers.get("If-None-Match") == tag
        status = HTTPStatus.NOT_MODIFIED if is_known else HTTPStatus.OK
        self._send(b"" if is_known else state.data, "application/json; charset=utf-8", "default-src 'none'", {"ETag": tag}, status)

    def _do(self, take: Callable[[Json], Answer | None], data: bytes) -> None:
        asked = read_request(data)
        answer = take(asked) if asked is not None else None
        if answer is None:
            self._refuse(HTTPStatus.BAD_REQUEST)
            return
        said = json.dumps(answer.said, ensure_ascii=False).encode()
        self._send(said, "application/json; charset=utf-8", "default-src 'none'", status=answer.status)

    def _picture(self, name: str) -> None:
        """A picture that a note shows, by its name in Anki: no path is made of what a browser asks for."""
        state = self.server.live.state
        file = state.pictures.get(name) if state else None
        try:
            data = file.read_bytes() if file else None
        except OSError:
            data = None
        if file is None or data is None:
            self._refuse(HTTPStatus.NOT_FOUND)
            return
        self._send(data, media_type(name), _PICTURE_POLICY)

    def _events(self) -> None:
        """The event stream, until the browser goes."""
        self.close_connection = True
        self._head(HTTPStatus.OK, {"Content-Type": "text/event-stream; charset=utf-8", "Connection": "close"})
        self.wfile.write(b"retry: 1000\n\n")
        for name, said in self.server.live.events():
            self.wfile.write(f"event: {name}\ndata: {json.dumps(said)}\n\n".encode() if name else b":\n\n")

    def _send(self, data: bytes, kind: str, policy: str, headers: dict[str, str] | None = None, status: HTTPStatus = HTTPStatus.OK) -> None:
        own = {"Content-Type": kind, "Content-Length": str(len(data)), "Content-Security-Policy": policy}
        self._head(status, {**own, **(headers or {})})
        self.wfile.write(data)

    def _head(self, status: HTTPStatus, headers: dict[str, str]) -> None:
        self.send_response(status)
        for name, value in {**_HEADERS, **headers}.items():
            self.send_header(name, value)
        self.end_headers()
