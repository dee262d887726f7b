"""What a collection holds of our notes, asked of Anki in few and large questions."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import islice
from typing import Any, TypeVar

from notedeck.identity.lock import Lock
from notedeck.identity.memory import former_decks
from notedeck.packages.notetypes import NoteType, style_fingerprint
from notedeck.places.decks import INSIDE
from notedeck.plain import nfc
from notedeck.sync.connection import Action, Connection

BATCH = 2_500
"""Notes in a question: enough to need few, few enough that Anki's window lives on and that progress is seen."""

_One = TypeVar("_One")
Tell = Callable[[int, int], None]
"""Called with how much is done, and how much there is."""


@dataclass(frozen=True, slots=True)
class HeldNote:
    """A note of ours in a collection."""

    note: int
    fields: Mapping[str, str]
    tags: tuple[str, ...]
    cards: tuple[int, ...]
    modified: int
    """Seconds; 0 where the add-on does not tell."""


@dataclass(frozen=True, slots=True)
class HeldType:
    """A note type of ours in a collection."""

    name: str
    """Its user may have given it another."""
    style: str
    """Fingerprint of its templates and style; empty if its templates have other names."""


@dataclass(frozen=True, slots=True)
class Held:
    """What a collection holds of us."""

    notes: Mapping[str, HeldNote]
    """By their IDs."""
    types: Mapping[int, HeldType]
    """By our ids."""
    every: frozenset[int]
    """The ids of all notes of these types, whoever they are from."""
    retyped: frozenset[int]
    """The ids of notes of ours to which their user gave another note type."""
    decks: Mapping[str, int]
    """All decks of the collection, by name, with their ids."""
    lies: Mapping[int, str]
    """The deck that each card of ours is at home in; empty for one in a filtered deck that comes from a deck which no build knows."""
    away: frozenset[int]
    """Cards that are in a filtered deck now."""
    suspended: frozenset[int]
    left: Mapping[str, frozenset[int]]
    """Of each deck that cards of ours have left, and of those above it up to its book's, all cards at home in it."""


def folded_deck(name: str) -> str:
    """A deck's name as Anki compares it."""
    return nfc(name).casefold()


def batches(some: Iterable[_One], size: int = BATCH) -> Iterator[list[_One]]:
    """So many at a time."""
    rest = iter(some)
    return iter(lambda: list(islice(rest, size)), [])


def read_held(anki: Connection, types: Sequence[NoteType], lock: Lock, tell: Tell = lambda done, total: None) -> Held:
    """What a collection holds of the notes of a lock. Raises AnkiError."""
    models, decks = anki.ask_all((("modelNamesAndIds", {}), ("deckNamesAndIds", {})))
    mine = {one.id: name for one in types if (name := _name_there(one, models))}
    if not mine:
        return Held({}, {}, frozenset(), _retyped(anki, lock, frozenset()), decks, {}, frozenset(), frozenset(), {})
    ours = " or ".join(f"mid:{models[name]}" for name in mine.values())
    searches = ("", "is:suspended", "deck:filtered")
    every, suspended, away = anki.ask_all((("findCards" if one else "findNotes"), {"query": f"({ours}) {one}"}) for one in searches)
    notes = _by_id(notes_info(anki, every, tell), lock)
    cards = [card for one in notes.values() for card in one.cards]
    known = frozenset(cards)
    lies = {**_lying(anki, cards), **_homes(anki, known & set(away), lock, decks)}
    held_types = {one.id: _held_type(anki, one, mine[one.id]) for one in types if one.id in mine}
    seen = frozenset(every)
    return Held(notes, held_types, seen, _retyped(anki, lock, seen), decks, lies, known & set(away), known & set(suspended), _left(anki, lock, decks))


def _retyped(anki: Connection, lock: Lock, every: frozenset[int]) -> frozenset[int]:
    """Notes with our numbers that are of other types."""
    missing = [one.note for one in lock.notes.values() if one.note not in every]
    found = anki.ask_all(("findNotes", {"query": f"nid:{','.join(map(str, some))}"}) for some in batches(missing))
    return frozenset(number for one in found for number in one)


def _name_there(note_type: NoteType, models: Mapping[str, int]) -> str:
    """The name of a note type of ours in a collection, whose user may have given it another; empty if it is not there."""
    by_id = {number: name for name, number in models.items()}
    return by_id.get(note_type.id, note_type.name if note_type.name in models else "")


def notes_info(anki: Connection, notes: Sequence[int], tell: Tell = lambda done, total: None) -> Iterator[HeldNote]:
    """Notes by their ids in a collection; what is not there is left out."""
    done = 0
    for some in batches(notes):
        for one in anki.ask("notesInfo", notes=some):
            if one:
                yield _held_note(one)
        tell(done := done + len(some), len(notes))


def _held_note(info: Mapping[str, Any]) -> HeldNote:
    fields = {name: field["value"] for name, field in info["fields"].items()}
    return HeldNote(info["noteId"], fields, tuple(info["tags"]), tuple(info["cards"]), int(info.get("mod") or 0))


def _by_id(notes: Iterable[HeldNote], lock: Lock) -> dict[str, HeldNote]:
    """The notes of a lock by their IDs. Of a copy that a user made of one it is the original; one whose ID they wrote over is known by its number."""
    numbers = {one.note: one.id for one in lock.notes.values()}
    ids = set(numbers.values())
    found: dict[str, HeldNote] = {}
    for one in sorted(notes, key=lambda one: (one.note not in numbers, one.note)):
        said = one.fields.get("ID", "")
        if name := said if said in ids else numbers.get(one.note, ""):
            found.setdefault(name, one)
    return found


def _lying(anki: Connection, cards: Iterable[int]) -> dict[int, str]:
    """The deck that each card is in now, be it a filtered one."""
    answers = (anki.ask("getDecks", cards=some) for some in batches(cards, 4 * BATCH))
    return {card: deck for answer in answers for deck, lying in answer.items() for card in lying}


def _homes(anki: Connection, away: frozenset[int], lock: Lock, decks: Mapping[str, int]) -> dict[int, str]:
    """The deck that each card in a filtered deck goes back to, if a build put it there."""
    if not away:
        return {}
    known = {folded_deck(deck) for one in lock.notes.values() for deck in (one.deck, *(name for name, _ in former_decks(one)))}
    there = [name for name in decks if folded_deck(name) in known]
    answers = anki.ask_all(_cards_of(decks[name], "deck:filtered") for name in there)
    return {**dict.fromkeys(away, ""), **{card: name for name, cards in zip(there, answers, strict=True) for card in cards if card in away}}


def _cards_of(deck: int, more: str = "") -> Action:
    """The search for the cards at home in a deck, without those below it; by its number, so that no name is quoted."""
    return "findCards", {"query": f"did:{deck} {more}"}


def _left(anki: Connection, lock: Lock, decks: Mapping[str, int]) -> dict[str, frozenset[int]]:
    """Decks that cards have left, as far as they are there and nothing is put into them any more."""
    here = {folded_deck(above) for one in lock.notes.values() if not one.removed for above in with_above(one.deck)}
    left = {folded_deck(above) for one in lock.notes.values() for deck, depth in former_decks(one) for above in with_above(deck, depth)} - here
    there = [name for name in decks if folded_deck(name) in left]
    answers = anki.ask_all(_cards_of(decks[name]) for name in there)
    return {name: frozenset(cards) for name, cards in zip(there, answers, strict=True)}


def with_above(deck: str, depth: int = 1) -> Iterator[str]:
    """A deck and those above it, down to one of so many parts."""
    parts = deck.split(INSIDE)
    return (INSIDE.join(parts[:count]) for count in range(len(parts), depth - 1, -1))


def _held_type(anki: Connection, note_type: NoteType, name: str) -> HeldType:
    style, templates = anki.ask_all((("modelStyling", {"modelName": name}), ("modelTemplates", {"modelName": name})))
    if set(templates) != {one.name for one in note_type.templates}:
        return HeldType(name, "")
    sides = [(templates[one.name]["Front"], templates[one.name]["Back"]) for one in note_type.templates]
    return HeldType(name, style_fingerprint(style["css"], sides))
