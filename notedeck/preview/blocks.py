"""A book's cards -> blocks of about a hundred, each drawn and packed by itself and remembered: after an edit only its own is made again.

What is packed is a piece of one deflate stream, so that all blocks one behind another, with an end, are unpacked as one.
"""

from __future__ import annotations

import json
import zlib
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from notedeck.machine.cache import Cache, key_of
from notedeck.packages.notetypes import NoteType
from notedeck.packages.packed import PackedNote
from notedeck.preview.cards import cards_data
from notedeck.preview.shown import Json, shown_as_packed
from notedeck.reading.packing import UNREADABLE, dumped, loaded

_NOTES = 100
"""A block ends at so many, and where a deck ends at half as many: so a note more moves few of those behind it."""
_LEVEL = 4
"""Of deflate: takes three fifths of the time of its usual 6, for a tenth more bytes."""
END = b"\x03\x00"
"""An empty last piece of a deflate stream (RFC 1951)."""


@dataclass(frozen=True, slots=True)
class Block:
    """Some notes' cards."""

    decks: tuple[Json, ...]
    tags: tuple[str, ...]
    packed: bytes
    """A line of JSON, deflated: {decks: [name], tags, pieces, cards}, where a card's numbers are places in these."""


def blocks(book: str, notes: Sequence[PackedNote], types: Sequence[NoteType], ids: Mapping[str, str], cache: Cache) -> Iterator[Block]:
    """The blocks of a book's notes, which are in order; `ids` gives the ID of each follow-up's parent, by guid."""
    styles = [part for one in types for part in (one.name, one.fingerprint)]
    for some in _cut(notes):
        key = key_of("page", book, *styles, *(part for one in some for part in _parts(one, ids)))
        known = _read(cache.get(key))
        if known is None:
            known = _made(book, some, types, ids)
            cache.put(key, dumped(known))
        yield known


def _cut(notes: Iterable[PackedNote]) -> Iterator[list[PackedNote]]:
    some: list[PackedNote] = []
    for one in notes:
        if len(some) == _NOTES or (len(some) >= _NOTES // 2 and one.deck != some[-1].deck):
            yield some
            some = []
        some.append(one)
    if some:
        yield some


def _parts(one: PackedNote, ids: Mapping[str, str]) -> tuple[str, ...]:
    """All of a note that its cards are drawn from."""
    return one.guid, one.print, one.type, one.deck, str(one.note), repr(one.cards), ids.get(one.guid, "")


def _made(book: str, notes: Iterable[PackedNote], types: Sequence[NoteType], ids: Mapping[str, str]) -> Block:
    """Draw and pack; a picture stays under its name in Anki, for which the page has an address."""
    shown = [card for one in notes for card in shown_as_packed(one, book, ids.get(one.guid, "")).cards(one.cards)]
    data = cards_data(shown, types, {})
    kept = {"decks": [one["name"] for one in data["decks"]], "tags": data["tags"], "pieces": data["pieces"], "cards": data["cards"]}
    line = json.dumps(kept, ensure_ascii=False, separators=(",", ":")) + "\n"
    packer = zlib.compressobj(_LEVEL, wbits=-zlib.MAX_WBITS)
    return Block(tuple(data["decks"]), tuple(data["tags"]), packer.compress(line.encode()) + packer.flush(zlib.Z_FULL_FLUSH))


def _read(data: bytes | None) -> Block | None:
    """What was remembered."""
    try:
        found = None if data is None else loaded(data)
    except UNREADABLE:
        return None
    return found if isinstance(found, Block) else None


def joined_decks(some: Iterable[Block]) -> list[Json]:
    """The decks of all blocks, as Anki sorts them."""
    found: dict[str, Json] = {}
    for deck in (deck for block in some for deck in block.decks):
        known = found.setdefault(deck["name"], {**deck, "cards": 0, "open": 0})
        known["title"] = known["title"] or deck["title"]
        known["cards"] += deck["cards"]
        known["open"] += deck["open"]
    return [found[name] for name in sorted(found)]
