"""The steps of a sync, one after another: each is whole in itself, so that one that is cut off anywhere is finished by the next.

What came of an import is asked for, since Anki answers it with `true` alone.
"""

from __future__ import annotations

import tempfile
import time
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from pathlib import Path

from notedeck.content.notefields import ID
from notedeck.machine.cache import Cache
from notedeck.packages.decktree import REMOVED_TAG, Deck, PackagePlan
from notedeck.packages.notetypes import NoteType
from notedeck.packages.package import Types, package_bytes
from notedeck.packages.packed import PackedNote
from notedeck.places.decks import INSIDE
from notedeck.sync.connection import Action, AnkiError, Connection
from notedeck.sync.held import Held, HeldNote, HeldType, batches, folded_deck, notes_info, with_above
from notedeck.sync.planning import prints_of
from notedeck.sync.steps import Move, Rest, Send, Steps

_TOGETHER = 5_000
"""Notes in a package: progress is seen, and what arrived is looked at, behind each."""
_CARDS = 1_000
"""Cards in one request that changes them."""
_TRIES = 3
_DEFAULT = 1
"""The preset of a deck that nobody gave another."""

Tell = Callable[[str, int, int], None]
"""Called with a stage, how much of it is done, and how much there is."""


class Doer:
    """Does the steps of one sync."""

    def __init__(self, anki: Connection, held: Held, types: Types, decks: Mapping[str, Deck], cache: Cache, tell: Tell) -> None:
        """`decks` are those of the build, by name: what their pages say."""
        self.anki = anki
        self.held = held
        self.types = types
        self.decks = decks
        self.cache = cache
        self.tell = tell

    def do(self, steps: Steps) -> tuple[str, ...]:
        """Do them; the IDs of notes that did not arrive. Raises AnkiError where it is cut off."""
        for wakes in batches(steps.wakes, _CARDS):
            self.anki.ask_all(("unsuspend", {"cards": list(one.cards)}) for one in wakes if one.cards)
            self.anki.ask_all(("removeTags", {"notes": [one.note], "tags": " ".join(one.tags)}) for one in wakes if one.tags)
        for name in steps.styles:
            self.anki.ask_all(_styling(self.types[name][0], self.held.types[self.types[name][0].id]))
        self._make_decks(steps.moves)
        late = self._send(steps.sends)
        self._move(steps.moves)
        for rests in batches(steps.rests, _CARDS):
            self.anki.ask_all(action for one in rests for action in _resting(one))
            self.anki.ask("addTags", notes=[one.note for one in rests], tags=REMOVED_TAG)
        for gone in batches([one.note for one in steps.deletes], _CARDS):
            self.anki.ask("deleteNotes", notes=gone)
        for deck in steps.empty:
            self._remove(deck)
        return late

    def _make_decks(self, moves: Sequence[Move]) -> None:
        """The decks that moves need and that are not there, each with the preset of the deck that most of its cards come from.

        One in which nothing is yet and that has no preset of its own is such a one too: it was made by a sync that was cut off.
        """
        there = {folded_deck(name) for name in self.held.decks}
        for new in dict.fromkeys(move.new for move in moves):
            missing = [deck for deck in with_above(new) if folded_deck(deck) not in there]
            if not missing and self._is_bare(new):
                missing = [new]
            if missing:
                ((source, _),) = Counter(move.old for move in moves if move.new == new).most_common(1)
                preset = self._preset(source)
                chosen: list[Action] = [("setDeckConfigId", {"decks": missing, "configId": preset})] if preset != _DEFAULT else []
                self.anki.ask_all([("createDeck", {"deck": new}), *chosen])
                there |= set(map(folded_deck, missing))

    def _is_bare(self, deck: str) -> bool:
        """Whether nothing is in a deck that is there, and nobody has given it a preset."""
        number = next((one for name, one in self.held.decks.items() if folded_deck(name) == folded_deck(deck)), 0)
        if not number or self.anki.ask("findCards", query=f"did:{number}"):
            return False
        return self._preset(deck) == _DEFAULT

    def _preset(self, deck: str) -> int:
        """The preset of a deck; of one that is not there any more, that which nobody chose."""
        found = self.anki.ask("getDeckConfig", deck=deck)
        return int(found["id"]) if found else _DEFAULT

    def _send(self, sends: Sequence[Send]) -> tuple[str, ...]:
        """Send notes; those that the collection has newer, since something set them this second, once more a second later."""
        late: list[str] = []
        done = 0
        for some in batches(sends, _TOGETHER):
            waiting, changed = some, list[Send]()
            for turn in range(_TRIES):
                if turn:
                    time.sleep(1.1)
                started = int(time.time())
                waiting, more = self._unchanged(waiting)
                changed += more
                self._import([_stamped(one, started) for one in waiting])
                waiting = self._missing(waiting)
                if not waiting:
                    break
            late += [one.id for one in (*changed, *waiting)]
            self.tell("sending", done := done + len(some), len(sends))
        return tuple(late)

    def _unchanged(self, sends: Sequence[Send]) -> tuple[list[Send], list[Send]]:
        """Those whose note in the collection is as it was read, and those that were changed or deleted meanwhile."""
        known = {one.held.note: one.held for one in sends if one.held}
        now = {one.note: one for one in notes_info(self.anki, list(known))}
        same = {number for number, one in known.items() if number in now and _says(now[number]) == _says(one)}
        return [one for one in sends if not one.held or one.held.note in same], [one for one in sends if one.held and one.held.note not in same]

    def _import(self, notes: Sequence[PackedNote]) -> None:
        """Have Anki import a package of some notes."""
        if not notes:
            return
        with tempfile.TemporaryDirectory(prefix="notedeck-") as folder:
            path = Path(folder) / "sync.apkg"
            path.write_bytes(package_bytes(self._plan(notes), self._types(), self.cache))
            try:
                self.anki.ask("importPackage", path=str(path))
            except AnkiError as error:
                if error.code == "anki-failed" and str(path) in error.details[-1]:
                    raise AnkiError("anki-package", str(path)) from None
                raise

    def _plan(self, notes: Sequence[PackedNote]) -> PackagePlan:
        """A package of some notes. Of a deck that is there nothing is said: what its page says may be its user's."""
        there = {folded_deck(name) for name in self.held.decks}
        members: dict[str, list[PackedNote]] = {}
        for note in notes:
            for above in with_above(note.deck):
                if above == note.deck or (above in self.decks and folded_deck(above) not in there):
                    members.setdefault(above, [])
            members[note.deck].append(note)
        said = {name: self.decks[name].description if name in self.decks and folded_deck(name) not in there else "" for name in members}
        decks = tuple(Deck(name, said[name], tuple(sorted(members[name], key=lambda note: note.due))) for name in sorted(members))
        return PackagePlan("sync.apkg", "", decks[0].name, decks)

    def _types(self) -> Types:
        """The note types; one that is there is packed as an old one, so that an import leaves its look alone."""
        return {name: (one, 1 if one.id in self.held.types else modified) for name, (one, modified) in self.types.items()}

    def _missing(self, sends: Sequence[Send]) -> list[Send]:
        """Those that the collection does not have as they were sent; of new ones it is enough that they are there."""
        if not sends:
            return []
        ours = " or ".join(f"mid:{one.id}" for one, _ in self.types.values())
        every = set(self.anki.ask("findNotes", query=ours))
        numbers = {one.packed.note if one.held is None else one.held.note for one in sends}
        other = [number for number in every - self.held.every if number not in numbers]
        ids = {one.fields.get(ID) for one in notes_info(self.anki, other)}
        now = {one.note: one for one in notes_info(self.anki, [one.held.note for one in sends if one.held])}
        return [one for one in sends if not (self._is_there(one, now) if one.held else one.packed.note in every or one.id in ids)]

    def _is_there(self, send: Send, now: Mapping[int, HeldNote]) -> bool:
        note = now.get(send.held.note) if send.held else None
        if note is None:
            return False
        tags = {tag.casefold() for tag in note.tags}
        prints = prints_of(note, self.types[send.packed.type][0], (send.packed.tags,))
        return prints == (send.packed.print,) and tags == {tag.casefold() for tag in send.packed.tags}

    def _move(self, moves: Sequence[Move]) -> None:
        """Move the cards that are still where they were; one that its user has taken into a filtered deck since comes later."""
        done = 0
        for new in dict.fromkeys(move.new for move in moves):
            for some in batches((move for move in moves if move.new == new), _CARDS):
                lying = self.anki.ask("getDecks", cards=[move.card for move in some])
                here = {card: deck for deck, cards in lying.items() for card in cards}
                cards = [move.card for move in some if here.get(move.card) == move.old]
                if cards:
                    self.anki.ask("changeDeck", cards=cards, deck=new)
                self.tell("moving", done := done + len(some), len(moves))

    def _remove(self, deck: str) -> None:
        """Remove a deck of ours, if there is still nothing in it nor below it."""
        names = self.anki.ask("deckNames")
        number = self.held.decks[deck]
        if deck in names and not any(name.startswith(deck + INSIDE) for name in names) and not self.anki.ask("findCards", query=f"did:{number}"):
            self.anki.ask("deleteDecks", decks=[deck], cardsToo=True)


def _resting(one: Rest) -> Iterator[Action]:
    """What comes before the tag that says that it is done, which is set when all this has been: a stop in between is seen.

    Anki takes off those below a tag too.
    """
    if one.tags:
        yield "removeTags", {"notes": [one.note], "tags": REMOVED_TAG}
        yield "addTags", {"notes": [one.note], "tags": " ".join(one.tags)}
    if one.cards:
        yield "suspend", {"cards": list(one.cards)}


def _styling(note_type: NoteType, mine: HeldType) -> Iterable[Action]:
    sides = {one.name: {"Front": one.front, "Back": one.back} for one in note_type.templates}
    return (
        ("updateModelTemplates", {"model": {"name": mine.name, "templates": sides}}),
        ("updateModelStyling", {"model": {"name": mine.name, "css": note_type.style}}),
    )


def _stamped(send: Send, now: int) -> PackedNote:
    """A note at the present second and one, or behind the time that the collection has of it, if that is known."""
    return replace(send.packed, modified=max(now, send.held.modified if send.held else 0) + 1)


def _says(one: HeldNote) -> tuple[object, ...]:
    return one.fields, one.tags
