"""GitHub as the action meets it: comments and releases over HTTP, with the rules that the action has to know."""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread
from typing import Any
from urllib.parse import parse_qs, unquote, urlsplit

Json = dict[str, Any]
TOKEN = "a-token"


@dataclass(slots=True)
class State:
    """What this GitHub holds, and what it was asked."""

    comments: list[Json] = field(default_factory=list)
    releases: list[Json] = field(default_factory=list)
    assets: dict[int, Json] = field(default_factory=dict)
    data: dict[int, bytes] = field(default_factory=dict)
    asked: list[tuple[str, str]] = field(default_factory=list)
    """Method and path of each request."""
    may_write: bool = True
    fails_at: str = ""
    """A request whose method and path begin so comes to nothing."""
    address: str = ""
    login: str = ""
    """Whose token is used; that of a workflow is nobody's."""
    last: int = 100

    def number(self) -> int:
        """An id that nothing has."""
        self.last += 1
        return self.last

    def writes(self) -> list[tuple[str, str]]:
        """What was changed."""
        return [one for one in self.asked if one[0] != "GET"]

    def packages(self) -> dict[str, bytes]:
        """What people can download, by what they see it called."""
        return {one["label"]: self.data[id_] for id_, one in self.assets.items()}


class Refusal(Exception):  # noqa: N818
    """An answer that is none: a status, and where else to look."""


@dataclass(frozen=True, slots=True)
class _Request:
    method: str
    path: str
    query: dict[str, str]
    body: bytes
    state: State

    def said(self) -> Json:
        return dict(json.loads(self.body))

    def answer(self) -> object:
        for pattern, answer in _ANSWERS.items():
            if found := re.fullmatch(pattern, f"{self.method} {self.path}"):
                return answer(self, *found.groups())
        raise Refusal(404)

    def page(self, every: list[Json]) -> list[Json]:
        size, number = int(self.query.get("per_page", 30)), int(self.query.get("page", 1))
        return every[(number - 1) * size : number * size]


def _comments(request: _Request, pull: str) -> object:
    return request.page([one for one in request.state.comments if one["pull"] == pull])


def _add_comment(request: _Request, pull: str) -> object:
    login = request.state.login
    user = {"type": "User", "login": login} if login else {"type": "Bot", "login": "github-actions[bot]"}
    made = {"id": request.state.number(), "pull": pull, "user": user, **request.said()}
    request.state.comments.append(made)
    return made


def _user(request: _Request) -> object:
    if not request.state.login:
        raise Refusal(403)
    return {"login": request.state.login}


def _edit_comment(request: _Request, id_: str) -> object:
    (one,) = (one for one in request.state.comments if one["id"] == int(id_))
    one.update(request.said())
    return one


def _release(request: _Request, tag: str) -> object:
    for one in request.state.releases:
        if one["tag_name"] == unquote(tag):
            return one
    raise Refusal(404)


def _add_release(request: _Request) -> object:
    id_ = request.state.number()
    made = {"id": id_, "upload_url": f"{request.state.address}/uploads/{id_}{{?name,label}}", **request.said()}
    request.state.releases.append(made)
    return made


def _edit_release(request: _Request, id_: str) -> object:
    (one,) = (one for one in request.state.releases if one["id"] == int(id_))
    one.update(request.said())
    return one


def _assets(request: _Request, release: str) -> object:
    return request.page([one for one in request.state.assets.values() if one["release"] == release])


def _stored_name(name: str) -> str:
    """GitHub keeps of a name its ASCII letters and digits; of one without any, "default"."""
    stem, _, ending = name.rpartition(".")
    return f"{re.sub(r'[^A-Za-z0-9_.+-]+', '.', stem).strip('.') or 'default'}.{ending}"


def _add_asset(request: _Request, release: str) -> object:
    state, name = request.state, _stored_name(request.query["name"])
    if any(one["name"] == name for one in state.assets.values()):
        raise Refusal(422)
    id_ = state.number()
    digest = f"sha256:{hashlib.sha256(request.body).hexdigest()}"
    state.data[id_] = request.body
    state.assets[id_] = {"id": id_, "release": release, "name": name, "label": request.query["label"], "state": "uploaded", "digest": digest}
    return state.assets[id_]


def _edit_asset(request: _Request, id_: str) -> object:
    state, said = request.state, request.said()
    if any(one["name"] == said["name"] for one in state.assets.values()):
        raise Refusal(422)
    state.assets[int(id_)].update(said)
    return state.assets[int(id_)]


def _drop_asset(request: _Request, id_: str) -> object:
    request.state.assets.pop(int(id_))
    return b""


def _asset(request: _Request, id_: str) -> object:
    raise Refusal(302, f"{request.state.address}/stored/{id_}")


def _stored(request: _Request, id_: str) -> object:
    return request.state.data[int(id_)]


_ANSWERS: Mapping[str, Callable[..., object]] = {
    "GET /repos/group/notes/issues/([0-9]+)/comments": _comments,
    "POST /repos/group/notes/issues/([0-9]+)/comments": _add_comment,
    "PATCH /repos/group/notes/issues/comments/([0-9]+)": _edit_comment,
    "GET /user": _user,
    "GET /repos/group/notes/releases/tags/([^/]+)": _release,
    "POST /repos/group/notes/releases": _add_release,
    "PATCH /repos/group/notes/releases/([0-9]+)": _edit_release,
    "GET /repos/group/notes/releases/([0-9]+)/assets": _assets,
    "POST /uploads/([0-9]+)": _add_asset,
    "GET /repos/group/notes/releases/assets/([0-9]+)": _asset,
    "GET /stored/([0-9]+)": _stored,
    "PATCH /repos/group/notes/releases/assets/([0-9]+)": _edit_asset,
    "DELETE /repos/group/notes/releases/assets/([0-9]+)": _drop_asset,
}


def _handler(state: State) -> type[BaseHTTPRequestHandler]:
    class Handler(BaseHTTPRequestHandler):
        def answer(self) -> None:
            where = urlsplit(self.path)
            query = {name: values[0] for name, values in parse_qs(where.query).items()}
            body = self.rfile.read(int(self.headers.get("Content-Length", 0)))
            state.asked.append((self.command, where.path))
            try:
                self.give(200, self.found(_Request(self.command, where.path, query, body, state)))
            except Refusal as refusal:
                self.give(refusal.args[0], {"message": "no"}, *refusal.args[1:])

        def give(self, status: int, found: object, elsewhere: str = "") -> None:
            data = found if isinstance(found, bytes) else json.dumps(found).encode()
            self.send_response(status)
            self.send_header("Content-Length", str(len(data)))
            if elsewhere:
                self.send_header("Location", elsewhere)
            self.end_headers()
            self.wfile.write(data)

        def found(self, request: _Request) -> object:
            """Where files are stored somebody else listens, who is to hear no token."""
            is_stored = request.path.startswith("/stored/")
            if self.headers.get("Authorization") != (None if is_stored else f"Bearer {TOKEN}"):
                raise Refusal(401)
            if request.method != "GET" and not state.may_write:
                raise Refusal(403)
            if state.fails_at and f"{request.method} {request.path}".startswith(state.fails_at):
                raise Refusal(502)
            return request.answer()

        do_GET = do_POST = do_PATCH = do_DELETE = answer  # noqa: N815

        def log_message(self, format: str, *args: object) -> None:  # noqa: A002
            pass

    return Handler


@contextmanager
def github() -> Iterator[State]:
    """A GitHub that holds the repository `group/notes`, with nothing in it."""
    state = State()
    server = ThreadingHTTPServer(("127.0.0.1", 0), _handler(state))
    state.address = f"http://127.0.0.1:{server.server_address[1]}"
    Thread(target=server.serve_forever, args=(0.005,), daemon=True).start()
    try:
        yield state
    finally:
        server.shutdown()
        server.server_close()
