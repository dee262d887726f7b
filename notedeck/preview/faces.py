"""A note type and what is shown -> the two sides of a card, as lists of pieces that many cards share."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence

from notedeck.content.arming import SOUND
from notedeck.machine.mediatypes import FILMS, suffix_of
from notedeck.packages.notetypes import NoteType
from notedeck.places.decks import INSIDE
from notedeck.preview.changes import plain_text
from notedeck.preview.formulas import with_formulas
from notedeck.preview.gaps import Side, revealed
from notedeck.preview.render import FRONT_SIDE, Field, asked_fields, is_filled, read_template, standing, value_of
from notedeck.preview.shown import Shown

_PICTURE = re.compile(r'(?:(?<=<img src=")|(?<=<audio controls src=")|(?<=<video controls src="))([^"]+)(?=")')


class Face:
    """A note type's card: draws notes as lists of pieces."""

    def __init__(self, note_type: NoteType, addresses: Mapping[str, str]) -> None:
        """`addresses` says where the page finds each picture, by its name in Anki."""
        template = note_type.templates[0]
        self.addresses = addresses
        self.fixed = {"Type": note_type.name, "Card": template.name, "CardFlag": "flag0"}
        self.is_cloze = note_type.is_cloze
        self.sides = (read_template(template.front), read_template(template.back))
        self.asked = sorted(asked_fields(self.sides[0]) | asked_fields(self.sides[1]))
        self.standing: dict[tuple[str, ...], tuple[tuple[str | Field, ...], ...]] = {}
        """By the filled ones of the fields that are asked for, what stands of both sides: most notes have the same filled."""

    def draw(self, shown: Shown) -> tuple[list[str | None], list[str | None]]:
        """Front and back; None stands for the front."""
        fields = self.fields(shown)
        filled = tuple([name for name in self.asked if is_filled(fields.get(name, ""))])
        if filled not in self.standing:
            self.standing[filled] = tuple(standing(side, filled) for side in self.sides)
        front, back = self.standing[filled]
        number = shown.place + 1
        return list(self._pieces(front, fields, Side(number))), list(self._pieces(back, fields, Side(number, is_front=False)))

    def words(self, shown: Shown) -> dict[str, str]:
        """The words of each field that has any, and under `Question` those that the front asks with."""
        words = {name: found for name, value in shown.fields.items() if (found := plain_text(value))}
        if self.is_cloze:
            text = shown.fields["Text"]
            front, back = (plain_text(revealed(text, Side(shown.place + 1, is_front))) for is_front in (True, False))
            words |= {"Question": front, "Answer": back}
        return words

    def fields(self, shown: Shown) -> dict[str, str]:
        """All that a template may name: the note's fields, and Anki's own."""
        special = {"Tags": " ".join(shown.tags), "Deck": shown.deck, "Subdeck": shown.deck.rsplit(INSIDE, 1)[-1], "CardID": str(shown.number)}
        return {**self.fixed, **special, **shown.fields}

    def _pieces(self, template: Sequence[str | Field], fields: Mapping[str, str], side: Side) -> Iterator[str | None]:
        for part in template:
            if isinstance(part, Field) and part.name == FRONT_SIDE:
                yield None
                continue
            piece = part if isinstance(part, str) else value_of(part, fields, side)
            piece = SOUND.sub(_player, piece) if "[sound:" in piece else piece
            if "<img " in piece or " controls " in piece:
                yield from (self.addresses.get(part, part) for part in _PICTURE.split(with_formulas(piece)))
            elif piece:
                yield with_formulas(piece)


Sides = tuple[list[str | None], list[str | None]]


class Faces:
    """The faces of note types, which know what they drew last: after an edit most of what a preview shows is the same."""

    def __init__(self) -> None:
        self._looks: object = None
        self._faces: dict[str, Face] = {}
        self._known: dict[object, tuple[Sides, dict[str, str]]] = {}

    def draw_all(self, shown: Sequence[Shown], types: Sequence[NoteType], addresses: Mapping[str, str]) -> list[tuple[Sides, dict[str, str]]]:
        """Front, back and words of each; `addresses` says where the page finds each picture, by its name in Anki."""
        looks = (tuple(types), dict(addresses))
        if looks != self._looks:
            self._looks, self._faces, self._known = looks, {one.name: Face(one, addresses) for one in types}, {}
        keys = [(one.type, one.place, one.deck, one.number, one.tags, *one.fields.values()) for one in shown]
        self._known = {key: self._known.get(key) or self._drawn(one) for key, one in zip(keys, shown, strict=True)}
        return [self._known[key] for key in keys]

    def _drawn(self, one: Shown) -> tuple[Sides, dict[str, str]]:
        face = self._faces[one.type]
        return face.draw(one), face.words(one)


def _player(sound: re.Match[str]) -> str:
    """What plays a file in a browser, as Anki's mark for it does there."""
    tag = "video" if suffix_of(sound[1]) in FILMS else "audio"
    return f'<{tag} controls src="{sound[1]}"></{tag}>'
