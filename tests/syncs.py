"""What the tests of `--sync` share: a desk that was built and studied, its Anki behind a port, and a clock of its own."""

from __future__ import annotations

import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from tests.anki_oracle import Anki, Desk
from tests.anki_server import AnkiConnect, deck_toml, served
from tests.history import Ran, guids, run, written

DOES = ("sent", "moved", "rested", "taken_up", "deleted", "styles", "empty_decks")
LEAVES = ("edited", "edited_types", "elsewhere", "waiting", "late")


@dataclass
class Reader:
    """Somebody with Anki open beside the notes."""

    desk: Desk
    anki: Anki
    connect: AnkiConnect
    port: int
    names: Mapping[str, str]
    """Guids by the short names of the questions."""
    syncs: list[dict[str, Any]] = field(default_factory=list)

    @property
    def col(self) -> Any:
        return self.anki.col

    def run(self, *options: str) -> Ran:
        """The command, each time ten seconds later than the last, as edits follow each other."""
        self.syncs.append({})
        return run(self.desk, *options, now=int(time.time()) + 10 * len(self.syncs))

    def sync(self, *options: str) -> dict[str, Any]:
        """Sync; what the report says of it, but for what is empty. What nobody did is done by the plan of the same moment, word for word."""
        planned = self.run("--sync", "--plan", "--json", *(one for one in options if one != "--yes"))
        ran = self.run("--sync", "--json", *options)
        assert (planned.status, ran.status) == (0, 0), ran.err
        said = ran.report["sync"]
        assert {name: said[name] for name in DOES} == {name: planned.report["sync"][name] for name in DOES}
        return short(said)

    def write(self, files: Mapping[str, str], settings: str = "") -> Reader:
        """Edit the notes; of deck.toml what stands beside the port."""
        written(self.desk, files).write({"deck.toml": deck_toml(self.port, settings)})
        return self

    def id(self, name: str) -> str:
        """The ID of a question, by its short name."""
        words: str = self.anki.col.get_note(self.nid(name))["ID"]
        return words

    def nid(self, name: str) -> int:
        """Its note's number in the collection."""
        number: int = self.col.db.scalar("select id from notes where guid = ?", self.names[name])
        return number

    def cids(self, name: str) -> list[int]:
        return list(self.col.card_ids_of_note(self.nid(name)))

    def note(self, name: str) -> Any:
        return self.col.get_note(self.nid(name))

    def deck(self, name: str) -> str:
        card = self.col.get_card(self.cids(name)[0])
        deck: str = self.col.decks.name(card.odid or card.did)
        return deck

    def is_suspended(self, name: str) -> bool:
        return {self.col.get_card(card).queue for card in self.cids(name)} == {-1}

    def tag(self, name: str, *tags: str) -> None:
        self.col.tags.bulk_add([self.nid(name)], " ".join(tags))

    def rewrite(self, name: str, field_: str, words: str) -> None:
        """The user writes into a note."""
        note = self.note(name)
        note[field_] = words
        self.col.update_note(note)

    def decks(self) -> set[str]:
        return {one.name for one in self.col.decks.all_names_and_ids()}


def short(said: Mapping[str, Any]) -> dict[str, Any]:
    """A report's `sync` without what is empty and what is always there."""
    return {name: value for name, value in said.items() if value and name not in ("profile", "plan")}


@contextmanager
def reading(folder: Path, **more: Any) -> Iterator[Reader]:
    """A reader of the desk and the collection in a folder; `more` is the add-on's."""
    with Anki(folder / "anki") as anki:
        connect = AnkiConnect(anki, **more)
        with served(connect) as port:
            desk = Desk(folder / "desk").write({"deck.toml": deck_toml(port)})
            yield Reader(desk, anki, connect, port, guids(anki) if anki.col.find_notes("") else {})
