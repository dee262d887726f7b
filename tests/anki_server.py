"""A small server that answers as AnkiConnect does and does each action on a real collection by the `anki` library.

Of the add-on's actions it knows those that a sync uses. It does one request at a time, as Anki does, and can be told to fail.
"""

from __future__ import annotations

import json
import threading
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler
from socketserver import TCPServer
from typing import Any

from anki.collection import ImportAnkiPackageOptions, ImportAnkiPackageRequest

from tests.anki_oracle import Anki

PROFILE = "사용자 1"


class RefusedError(Exception):
    """An action that fails; what it says is the answer's error."""


@dataclass
class AnkiConnect:
    """The add-on over a collection."""

    anki: Anki
    key: str = ""
    newer: bool = False
    """Whether it is a newer version, which tells the profile and the notes' times."""
    before: Callable[[str, Mapping[str, Any]], None] = lambda action, parameters: None
    """Called before each action but `multi`; what it raises as `RefusedError` is the action's error."""
    after: Callable[[str], bytes | None] = lambda action: None
    """Called behind each request; bytes that it gives are sent instead of the answer."""
    asked: list[str] = field(default_factory=list)
    """Every action that was done, in order."""

    @property
    def col(self) -> Any:
        if self.anki.col is None:
            raise RefusedError("collection is not available")
        return self.anki.col

    def answer(self, asked: Mapping[str, Any]) -> dict[str, Any]:
        """The answer to one request."""
        name = asked["action"]
        try:
            if asked.get("key", "") != self.key and name != "requestPermission":
                raise RefusedError("valid api key must be provided")  # noqa: TRY301
            if name == "multi":
                return {"result": [self.answer(one) for one in asked["params"]["actions"]], "error": None}
            action = getattr(self, f"do_{name}", None)
            if action is None or (name == "getActiveProfile" and not self.newer):
                raise RefusedError("unsupported action")  # noqa: TRY301
            self.before(name, asked.get("params", {}))
            self.asked.append(name)
            return {"result": action(**asked.get("params", {})), "error": None}
        except Exception as error:
            return {"result": None, "error": str(error)}

    # What it is

    def do_requestPermission(self) -> dict[str, Any]:  # noqa: N802
        return {"permission": "granted", "requireApikey": bool(self.key), "version": 6}

    def do_apiReflect(self, scopes: list[str], actions: None) -> dict[str, Any]:  # noqa: N802
        names = [name.removeprefix("do_") for name in dir(self) if name.startswith("do_")]
        return {"scopes": scopes, "actions": [name for name in names if self.newer or name != "getActiveProfile"]}

    def do_getMediaDirPath(self) -> str:  # noqa: N802
        assert self.col
        return f"C:\\Users\\me\\Anki2\\{PROFILE}\\collection.media"

    def do_getActiveProfile(self) -> str:  # noqa: N802
        return PROFILE

    # Looking

    def do_modelNamesAndIds(self) -> dict[str, int]:  # noqa: N802
        self.col.models._clear_cache()
        return {one.name: one.id for one in self.col.models.all_names_and_ids()}

    def do_deckNamesAndIds(self) -> dict[str, int]:  # noqa: N802
        return {one.name: one.id for one in self.col.decks.all_names_and_ids()}

    def do_deckNames(self) -> list[str]:  # noqa: N802
        return list(self.do_deckNamesAndIds())

    def do_findNotes(self, query: str) -> list[int]:  # noqa: N802
        return list(self.col.find_notes(query))

    def do_findCards(self, query: str) -> list[int]:  # noqa: N802
        return list(self.col.find_cards(query))

    def do_notesInfo(self, notes: list[int]) -> list[dict[str, Any]]:  # noqa: N802
        return [self._info(number) for number in notes]

    def _info(self, number: int) -> dict[str, Any]:
        if not self.col.db.scalar("select 1 from notes where id = ?", number):
            return {}
        note = self.col.get_note(number)
        fields = {name: {"value": value, "order": order} for order, (name, value) in enumerate(note.items())}
        cards = self.col.db.list("select id from cards where nid = ? order by ord", number)
        told = {"noteId": number, "tags": note.tags, "fields": fields, "modelName": note.note_type()["name"], "cards": cards}
        return {**told, "mod": note.mod} if self.newer else told

    def do_getDecks(self, cards: list[int]) -> dict[str, list[int]]:  # noqa: N802
        found: dict[str, list[int]] = {}
        for card in cards:
            number = self.col.db.scalar("select did from cards where id = ?", card)
            found.setdefault(self.col.decks.name(number or 1), []).append(card)
        return found

    def do_getReviewsOfCards(self, cards: list[int]) -> dict[int, list[Any]]:  # noqa: N802
        return {card: self.col.db.all("select * from revlog where cid = ?", card) for card in cards}

    def do_getDeckConfig(self, deck: str) -> Any:  # noqa: N802
        return deck in self.do_deckNamesAndIds() and self.col.decks.config_dict_for_deck_id(self.col.decks.id_for_name(deck))

    def _type(self, name: str) -> Any:
        self.col.models._clear_cache()
        return self.col.models.by_name(name)

    def do_modelStyling(self, modelName: str) -> dict[str, str]:  # noqa: N802, N803
        return {"css": self._type(modelName)["css"]}

    def do_modelTemplates(self, modelName: str) -> dict[str, dict[str, str]]:  # noqa: N802, N803
        return {one["name"]: {"Front": one["qfmt"], "Back": one["afmt"]} for one in self._type(modelName)["tmpls"]}

    # Changing

    def do_importPackage(self, path: str) -> bool:  # noqa: N802
        options = ImportAnkiPackageOptions(merge_notetypes=True, with_scheduling=True, with_deck_configs=True)
        self.col.import_anki_package(ImportAnkiPackageRequest(package_path=path, options=options))
        return True

    def do_createDeck(self, deck: str) -> int:  # noqa: N802
        number: int = self.col.decks.id(deck)
        return number

    def do_setDeckConfigId(self, decks: list[str], configId: int) -> bool:  # noqa: N802, N803
        for name in decks:
            deck = self.col.decks.by_name(name)
            if deck is None:
                return False
            deck["conf"] = configId
            self.col.decks.save(deck)
        return True

    def do_changeDeck(self, cards: list[int], deck: str) -> None:  # noqa: N802
        number = self.col.decks.id(deck)
        self.col.sched.remFromDyn(cards)
        self.col.db.executemany("update cards set usn = -1, mod = ?, did = ? where id = ?", [(int(time.time()), number, card) for card in cards])

    def do_deleteDecks(self, decks: list[str], cardsToo: bool) -> None:  # noqa: N802, N803
        assert cardsToo
        there = self.do_deckNamesAndIds()
        self.col.decks.remove([there[name] for name in decks if name in there])

    def do_addTags(self, notes: list[int], tags: str) -> None:  # noqa: N802
        self.col.tags.bulk_add(notes, tags)

    def do_removeTags(self, notes: list[int], tags: str) -> None:  # noqa: N802
        self.col.tags.bulk_remove(notes, tags)

    def do_suspend(self, cards: list[int]) -> bool:
        for card in cards:
            self.col.get_card(card)
        self.col.sched.suspend_cards(cards)
        return True

    def do_unsuspend(self, cards: list[int]) -> None:
        self.col.sched.unsuspend_cards(cards)

    def do_deleteNotes(self, notes: list[int]) -> None:  # noqa: N802
        self.col.remove_notes(notes)

    def do_updateModelTemplates(self, model: dict[str, Any]) -> None:  # noqa: N802
        found = self._type(model["name"])
        for one in found["tmpls"]:
            if sides := model["templates"].get(one["name"]):
                one["qfmt"], one["afmt"] = sides["Front"], sides["Back"]
        self.col.models.update_dict(found)

    def do_updateModelStyling(self, model: dict[str, Any]) -> None:  # noqa: N802
        found = self._type(model["name"])
        found["css"] = model["css"]
        self.col.models.update_dict(found)


@contextmanager
def served(connect: AnkiConnect) -> Iterator[int]:
    """The port at which it answers."""

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            asked = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
            answer = json.dumps(connect.answer(asked)).encode()
            instead = connect.after(asked["action"])
            if instead is not None:
                self.wfile.write(instead)
                return
            self.send_response(200)
            self.send_header("Content-Type", "application/json")
            self.send_header("Content-Length", str(len(answer)))
            self.end_headers()
            self.wfile.write(answer)

        def log_message(self, *words: object) -> None:
            """Nothing is printed."""

    class Server(TCPServer):
        allow_reuse_address = True

        def handle_error(self, *words: object) -> None:
            """A client that went away is none of ours."""

    with Server(("127.0.0.1", 0), Handler) as server:
        thread = threading.Thread(target=server.serve_forever, args=(0.005,))
        thread.start()
        try:
            yield server.server_address[1]
        finally:
            server.shutdown()
            thread.join()


def settled_clock() -> int:
    """A second that no edit in a collection has had yet: tests are quicker than clocks."""
    time.sleep(1.01 - time.time() % 1)
    return int(time.time())


def deck_toml(port: int, more: str = "") -> str:
    """A deck.toml that names this port."""
    return f"[sync]\nport = {port}\n{more}"
