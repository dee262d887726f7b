"""What is shown -> the parts of the page's data that cards need: books, decks, note types, tags, shared pieces and the cards."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence

from notedeck.packages.notetypes import NoteType
from notedeck.places.decks import file_name
from notedeck.preview.faces import Faces
from notedeck.preview.shown import Json, Shown

_SEARCHED = ("Answer", "Extra", "Context", "Parent", "Label", "Chapter", "Page", "Asker")
_SHARED = 12
"""Characters from which on a piece that stands on several cards is written once."""


def cards_data(shown: Sequence[Shown], types: Sequence[NoteType], addresses: Mapping[str, str], faces: Faces | None = None) -> Json:
    """The parts of the data that cards need; `addresses` says where the page finds each picture, by its name in Anki.

    `faces` may be those that drew before.
    """
    books = {name: place for place, name in enumerate(dict.fromkeys(one.book for one in shown))}
    decks = _decks(shown, books)
    tags = {tag: place for place, tag in enumerate(sorted({tag for one in shown for tag in one.tags}))}
    places = {(deck["book"], deck["name"]): place for place, deck in enumerate(decks)}
    drawn = (faces or Faces()).draw_all(shown, types, addresses)
    pieces = _shared(piece for sides, _ in drawn for side in sides for piece in side)
    names = [one.name for one in types]
    return {
        "books": [{"name": name, "file": file_name(name, ".apkg")} for name in books],
        "decks": decks,
        "types": [{"name": one.name, "style": one.style} for one in types],
        "tags": list(tags),
        "pieces": list(pieces),
        "cards": [
            {
                "id": one.id,
                "deck": places[books[one.book], one.deck],
                "type": names.index(one.type),
                **_sides(sides, pieces),
                **_said(one, words, tags),
            }
            for one, (sides, words) in zip(shown, drawn, strict=True)
        ],
    }


def _decks(shown: Sequence[Shown], books: Mapping[str, int]) -> list[Json]:
    """Decks as Anki sorts them: each book's, by name."""
    members: dict[tuple[int, str], list[Shown]] = {}
    for one in shown:
        members.setdefault((books[one.book], one.deck), []).append(one)
    return [
        {
            "book": book,
            "name": deck,
            "title": next((one.title for one in found if one.title), ""),
            "cards": sum("status" not in one.more for one in found),
            "open": sum(one.more.get("status") == "unanswered" for one in found),
        }
        for (book, deck), found in sorted(members.items(), key=lambda pair: pair[0])
    ]


def _shared(pieces: Iterable[str | None]) -> dict[str, int]:
    """The pieces that are written once, with their numbers."""
    counts = Counter(piece for piece in pieces if piece is not None and len(piece) >= _SHARED)
    return {piece: number for number, piece in enumerate(piece for piece, count in counts.items() if count > 1)}


def _sides(sides: Iterable[Sequence[str | None]], pieces: Mapping[str, int]) -> Json:
    front, back = ([pieces.get(piece, piece) if piece is not None else None for piece in side] for side in sides)
    return {"front": front, "back": back}


def _said(one: Shown, words: Mapping[str, str], tags: Mapping[str, int]) -> Json:
    """What a search, a list and the filters know of a card."""
    found = {
        "question": words.get("Question", ""),
        "text": "\n".join(words[name] for name in _SEARCHED if name in words),
        "tags": [tags[tag] for tag in one.tags],
        "parent": one.parent,
        **{name.lower(): words[name] for name in ("Label", "Chapter", "Page", "Asker") if name in words},
        **one.more,
    }
    return {name: value for name, value in found.items() if value or value == 0}
