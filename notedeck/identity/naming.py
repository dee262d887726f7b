"""Identities for new notes; none is given twice."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, replace
from itertools import count

from notedeck.identity.drafts import Draft
from notedeck.identity.guid import Key, guid_of, id_of, key_of, note_id_of
from notedeck.identity.lock import Lock, LockedNote
from notedeck.identity.notes import Rules
from notedeck.machine.quick import quick

_locked = quick(LockedNote)


@dataclass(frozen=True, slots=True)
class Fresh:
    """What a draft would be called if it were new."""

    guid: str
    type: str
    """The note type's name."""
    number: int


class Names:
    """Makes identities for new notes; none is given twice."""

    def __init__(self, lock: Lock, rules: Rules) -> None:
        self.rules = rules
        self.guids = set(lock.notes)
        self.ids = {one.id for one in lock.notes.values()}
        self.numbers = {one.note for one in lock.notes.values()}
        self.given: Counter[tuple[str, Key]] = Counter()

    def make(self, draft: Draft) -> Fresh:
        """The guid that a draft would have if it were new: the first of its words that nobody has."""
        first = key_of(draft.place.book, draft.parents, draft.gist.question_text, 1)
        type_ = self.rules.type_of(draft)
        for number in count(self.given[type_, first] + 1):
            key = first if number == 1 else replace(first, number=number)
            guid = guid_of(key, self.rules.deck_id, type_)
            if guid not in self.guids:
                break
        self.given[type_, first] = number - 1
        return Fresh(guid, type_, number)

    def id(self, guid: str) -> str:
        """The ID that a new note of this guid would have."""
        return id_of(guid, self.ids.__contains__)

    def give(self, draft: Draft) -> LockedNote:
        """The identity that a new draft gets."""
        fresh = self.make(draft)
        guid, id_, note = fresh.guid, self.id(fresh.guid), note_id_of(fresh.guid, self.numbers.__contains__)
        self.guids.add(guid)
        self.ids.add(id_)
        self.numbers.add(note)
        return _locked(
            guid=guid, id=id_, note=note, type=fresh.type,
            created=self.rules.now, modified=self.rules.now, source="", line=0, book="", deck="", chapter="", parent="", parents=(),
            question="", number=fresh.number, text="", own="", answer="", sketch="", sent="",
        )  # fmt: skip
