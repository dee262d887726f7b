"""What the preview shows at this moment: made again by each build; where one has an error, the last good cards stay."""

from __future__ import annotations

import json
import threading
from collections.abc import Callable, Iterator, Mapping
from dataclasses import asdict, dataclass
from datetime import datetime
from functools import partial
from pathlib import Path

from notedeck.account import Account
from notedeck.config import Config
from notedeck.corrections.corrected import NO_CORRECTIONS
from notedeck.inputs import last_shipped
from notedeck.machine.page import Page
from notedeck.packages.packed import PackedNote
from notedeck.plain import fingerprint
from notedeck.preview.answers import Answer
from notedeck.preview.data import VERSION, preview_data
from notedeck.preview.editing import Editor, Seen
from notedeck.preview.faces import Faces
from notedeck.preview.guard import new_token
from notedeck.preview.questions import pictures_of
from notedeck.preview.shown import Json
from notedeck.preview.sources import diagnostics_data
from notedeck.preview.syncing import Syncer
from notedeck.report.run import Built
from notedeck.sources.files import File

PICTURES = "/pictures/"
CHANGES = "/corrections"
SYNC = "/sync"
_START = {"version": VERSION, "mode": "preview", "data": "/data.json", "events": "/events"}
_WAYS = {CHANGES: "changes", SYNC: "sync"}
"""What the page calls the addresses at which it may ask for something."""
_POLICY = "img-src 'self' data:; media-src 'self' data:; connect-src 'self'"
_HEARTBEAT = 15.0
"""Seconds after which a silent connection is spoken to: so one that is gone is found."""


@dataclass(frozen=True, slots=True)
class State:
    """What a browser may have."""

    page: bytes
    policy: str
    data: bytes
    tag: str
    """Moves when `data` does."""
    has_error: bool
    pictures: Mapping[str, File]
    seen: Seen
    """What a change is made on by those who have `data`."""


class Live:
    """Takes builds, gives states; many threads may ask while one builds."""

    def __init__(self, name: str, out: Path, editor: Editor | None = None, syncer: Syncer | None = None) -> None:
        """`name` is what the author calls the notes, `out` where the last packages lie.

        Without an `editor` nothing can be changed, without a `syncer` nothing goes into Anki.
        """
        self.name = name
        self.out = out
        self.editor = editor
        self.syncer = syncer
        ways = ((CHANGES, self.change, editor), (SYNC, self.sync, syncer))
        self.takes: dict[str, Callable[[Json], Answer | None]] = {path: take for path, take, doer in ways if doer}
        """What a page may ask to be done, by the address at which it asks."""
        self.token = new_token() if self.takes else ""
        """What a page must say that wants something done; empty where nothing can be."""
        self._config = Config()
        self._good: Json = _nothing(name)
        self._corrected = NO_CORRECTIONS
        self._version = 0
        self._faces = Faces()
        self._pictures: dict[str, File] = {}
        self._packages: tuple[tuple[object, ...], dict[str, PackedNote]] = (), {}
        self._page: Page | None = None
        self._state: State | None = None
        self._turn = 0
        self._is_building = False
        self._news = threading.Condition()

    def begin(self) -> None:
        """Say that a build begins."""
        self._version = self.editor.version if self.editor else 0
        self._tell(is_building=True)

    def take(self, built: Built) -> None:
        """Show what came of a build."""
        self._page = built.page or self._page
        self._config = built.config
        if not built.failed:
            pictures = pictures_of(built)
            self._pictures = {name: picture.file for name, picture in pictures.items()}
            self._good = preview_data(built, self.name, self._shipped(built), {name: PICTURES + name for name in pictures}, self._faces)
            self._corrected = built.corrected
        data = {**self._good, "diagnostics": diagnostics_data(built.diagnostics, self._good["sources"]), "error": built.failed, "built": _now()}
        if self.editor:
            data |= self.editor.data(self._corrected, self._version, self._good["sources"])
        self._state = self._made(data)
        self._tell(is_building=False)

    def _tell(self, *, is_building: bool) -> None:
        with self._news:
            self._turn += 1
            self._is_building = is_building
            self._news.notify_all()

    @property
    def state(self) -> State | None:
        """The newest state; None before the first build."""
        return self._state

    def events(self) -> Iterator[tuple[str, Json]]:
        """What is, and what happens from now on: `building` and `built`; where long nothing happens, an empty name comes."""
        seen = -1
        while True:
            with self._news:
                is_new = self._news.wait_for(partial(self._has_turned, seen), _HEARTBEAT)
                seen, is_building, state = self._turn, self._is_building, self._state
            if is_new and is_building:
                yield "building", {}
            elif is_new and state:
                yield "built", {"error": state.has_error, "tag": state.tag}
            else:
                yield "", {}

    def change(self, asked: Json) -> Answer | None:
        """Make a change that a page asks for, on what it shows; None where nothing can be changed."""
        return self.editor.change(asked, self._state.seen) if self.editor and self._state else None

    def sync(self, asked: Json) -> Answer | None:
        """Do what a page asks of the Anki that is meant by the notes as they were built last; None where nothing goes there."""
        return self.syncer.do(asked, self._config) if self.syncer and self._state else None

    def _has_turned(self, seen: int) -> bool:
        return self._turn != seen

    def _made(self, data: Json) -> State:
        text = json.dumps(data, ensure_ascii=False, separators=(",", ":"))
        page = self._page
        policy = f"{page.policy}; {_POLICY}" if page else "default-src 'none'"
        start = {**_START, **{_WAYS[path]: path for path in self.takes}, **({"token": self.token} if self.token else {})}
        shell = page.html(self.name, start, _POLICY) if page else ""
        tag = fingerprint(text)
        seen = Seen(tag, self._corrected, self._good["sources"])
        return State(shell.encode(), policy, text.encode(), tag, bool(data["error"]), dict(self._pictures), seen)

    def _shipped(self, built: Built) -> dict[str, PackedNote]:
        """The notes as they were packed last; read anew only after a real build, and where other books changed."""
        books = {note.was.book for note in built.notes if note.was and note.change != "same"}
        books |= {one.book for note in built.notes for one in note.likely} | {one.book for one in built.removed}
        packages = (*sorted(books), *((path.name, path.stat().st_mtime_ns) for path in sorted(self.out.glob("*.apkg"))))
        if packages != self._packages[0]:
            self._packages = packages, last_shipped(self.out, sorted(books), built.types) if books else {}
        return self._packages[1]


def _nothing(name: str) -> Json:
    """The data before any build was good."""
    empty: Json = {key: [] for key in ("books", "decks", "types", "tags", "pieces", "cards", "sources", "unread")}
    return {"version": VERSION, "mode": "preview", "name": name, **empty, "numbers": {"account": asdict(Account()), "askers": []}}


def _now() -> str:
    return datetime.now().astimezone().isoformat(timespec="seconds")
