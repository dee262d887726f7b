"""Draft and lock -> Note, and the lock that follows: identities kept, times moved only where something moved."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum
from itertools import count
from operator import attrgetter

from notedeck.content.notefields import ID, Numbers
from notedeck.identity.drafts import Draft
from notedeck.identity.gaps import Gaps, as_words, from_words, gone_by_now, kept_numbers, renumbered
from notedeck.identity.guid import Key, guid_of, id_of, key_of, note_id_of
from notedeck.identity.lock import Lock, LockedNote
from notedeck.identity.matching import Asked, Matches, Scope, match
from notedeck.identity.settled import is_as_it_was, settled
from notedeck.machine.quick import quick
from notedeck.plain import folded
from notedeck.reading.findings import Gist


class Change(StrEnum):
    """What became of a note since the last build; the first that holds."""

    REMOVED = "removed"
    NEW = "new"
    DOUBTFUL = "doubtful"
    RETURNED = "returned"
    REWORDED = "reworded"
    MOVED = "moved"
    EDITED = "edited"
    SAME = "same"


@dataclass(frozen=True, slots=True)
class Note:
    """A draft that is somebody in Anki."""

    draft: Draft
    locked: LockedNote
    print: str
    """Fingerprint of its fields and tags as they are now."""
    change: Change
    was: LockedNote | None
    likely: tuple[LockedNote, ...] = ()
    """Of a doubtful note, those that it might have been."""
    cards: tuple[int, ...] = (0,)
    """The places of its cards among its note type's, from 0."""
    cause: str = ""
    """The ID of the note along with which this one changed, if nothing of its own did."""
    numbers: Numbers = ()

    @property
    def fields(self) -> Mapping[str, str]:
        """The fields of its note type by name, written anew each time."""
        return {**self.draft.fields(self.numbers), ID: self.locked.id}

    @property
    def tags(self) -> tuple[str, ...]:
        """Its tags, sorted."""
        return self.draft.gist.tags

    @property
    def is_stale(self) -> bool:
        """Whether our HTML for the same text moved: it is sent with the note's next edit."""
        return self.locked.sent != self.print


_asking, _locked, _noted = quick(Asked), quick(LockedNote), quick(Note)


@dataclass(frozen=True, slots=True)
class Identified:
    """What came of a run."""

    notes: tuple[Note, ...]
    """In the order of the notes."""
    removed: tuple[LockedNote, ...]
    """Notes that this run found gone."""
    lock: Lock
    elsewhere: tuple[LockedNote, ...]
    """Notes of sources that this run does not speak of."""
    retyped: tuple[tuple[Note, LockedNote], ...]
    """New notes, each with the removed note of another note type that it seems to have been."""
    new_ids: frozenset[str]
    """If anything was decided, the IDs that the questions would have if they were new: the author can mean these too."""


@dataclass(frozen=True, slots=True)
class Rules:
    """What a run knows beside the notes."""

    deck_id: str
    note_type: str
    now: int
    """Seconds."""
    refresh: bool = False
    """Send notes whose HTML alone changed."""
    cloze_type: str = ""
    """The name of the note type that notes with gaps have."""

    def type_of(self, draft: Draft) -> str:
        """The note type that a draft's note has."""
        return self.cloze_type if draft.gist.is_cloze else self.note_type


def identify(drafts: Sequence[Draft], lock: Lock, scope: Scope, rules: Rules) -> Identified:
    """Give each draft the note that it was, or a new one."""
    names = _Names(lock, rules)
    types = [rules.type_of(draft) for draft in drafts]
    new_ids = [names.id(names.make(draft).guid) for draft in drafts] if lock.decisions else []
    still = settled(drafts, types, lock)
    matches = _matches(drafts, lock, scope, types, new_ids, still)
    guids = _as_decided(matches.guids, types, new_ids, lock) if lock.decisions else matches.guids
    known = dict(lock.notes)
    notes: list[Note] = []
    identity: dict[tuple[str, int], str] = {}
    for place, (draft, guid) in enumerate(zip(drafts, guids, strict=True)):
        if was := still.get(place):
            notes.append(_noted(draft, was, was.sent, Change.SAME, was, cards=draft.gist.cards))
            continue
        was = lock.notes[guid] if guid else None
        parent = identity.get(_above(draft), "")
        note = _note(draft, was or names.give(draft), was, parent, rules)
        if was is None and place in matches.doubts:
            note = replace(note, change=Change.DOUBTFUL, likely=tuple(lock.notes[one] for one in matches.doubts[place]))
        identity[draft.source, draft.gist.span.start] = note.locked.guid
        known[note.locked.guid] = note.locked
        notes.append(note)
    gone = _gone(lock, {note.locked.guid for note in notes}, scope, rules.now)
    known.update({one.guid: one for one in gone})
    kept = {note.locked.guid for note in notes}
    elsewhere = tuple(one for guid, one in lock.notes.items() if guid not in kept and not one.removed and not scope.holds(one.source))
    retyped = tuple(_retyped(notes, gone, scope, rules))
    return Identified(_with_causes(notes, gone), gone, Lock(known, lock.types, lock.decisions), elsewhere, retyped, frozenset(new_ids))


def _matches(
    drafts: Sequence[Draft], lock: Lock, scope: Scope, types: Sequence[str], new_ids: Sequence[str], still: Mapping[int, LockedNote]
) -> Matches:
    """Which note each draft was but for those that `still` are one, within each note type apart: a note never changes its type.

    Without decisions there are no `new_ids`.
    """
    guids: list[str | None] = [None] * len(drafts)
    doubts: dict[int, tuple[str, ...]] = {}
    taken = {one.guid for one in still.values()}
    apart = frozenset((one.old, one.new) for one in lock.decisions if one.decided == "apart")
    for type_ in dict.fromkeys(types):
        places = [place for place, one in enumerate(types) if one == type_ and place not in still]
        own = replace(lock, notes={guid: one for guid, one in lock.notes.items() if one.type == type_ and guid not in taken})
        if not own.notes:
            continue
        ids = [new_ids[place] for place in places] if new_ids else []
        found = match(_asked([drafts[place] for place in places]), own, scope, ids.__getitem__, apart)
        for number, place in enumerate(places):
            guids[place] = found.guids[number]
            doubts |= {place: found.doubts[number]} if number in found.doubts else {}
    return Matches(tuple(guids), doubts)


def _above(draft: Draft) -> tuple[str, int]:
    """Source and line of the question right above."""
    return draft.source, draft.gist.parent_span.start if draft.gist.parent_span else -1


def _asked(drafts: Sequence[Draft]) -> list[Asked]:
    places = {(draft.source, draft.gist.span.start): place for place, draft in enumerate(drafts)}
    return [
        _asking(
            book=draft.place.book,
            deck=draft.place.deck,
            source=draft.source,
            parent=places.get(_above(draft)),
            parents=draft.parents,
            question=draft.gist.question_text,
            answer=draft.gist.answer_print,
            sketch=draft.gist.answer_sketch,
        )
        for draft in drafts
    ]


def _as_decided(guids: Sequence[str | None], types: Sequence[str], new_ids: Sequence[str], lock: Lock) -> list[str | None]:
    """The matches with the author's `--same OLD=NEW` on top: the question of NEW is the note OLD, if OLD has no other and is of its type."""
    by_id = {one.id: guid for guid, one in lock.notes.items()}
    same = {one.new: by_id[one.old] for one in lock.decisions if one.decided == "same" and one.old in by_id}
    decided: list[str | None] = list(guids)
    for place, guid in enumerate(guids):
        old = same.get(lock.notes[guid].id if guid else new_ids[place])
        if old and old not in decided and lock.notes[old].type == types[place]:
            decided[place] = old
    return decided


def _gone(lock: Lock, kept: set[str], scope: Scope, now: int) -> tuple[LockedNote, ...]:
    """Notes that this run should have found and did not, with their time moved: the mark of it must arrive."""
    gone = [one for guid, one in lock.notes.items() if guid not in kept and not one.removed and scope.holds(one.source)]
    return tuple(replace(one, removed=now, modified=max(now, one.modified + 1)) for one in sorted(gone, key=attrgetter("source", "line")))


def _retyped(notes: Sequence[Note], gone: Sequence[LockedNote], scope: Scope, rules: Rules) -> Iterator[tuple[Note, LockedNote]]:
    """New notes that were notes of our other type, by their words or else by the line where they stand."""
    for new, old in ((rules.note_type, rules.cloze_type), (rules.cloze_type, rules.note_type)):
        fresh = [note for note in notes if note.was is None and note.locked.type == new]
        left = {one.guid: one for one in gone if one.type == old}
        if not fresh or not left:
            continue
        found = match(_asked([note.draft for note in fresh]), Lock(left, {}), scope)
        for place, note in enumerate(fresh):
            likely = (found.guids[place], *found.doubts.get(place, ()), *_on_its_lines(note, left.values()))
            if was := next((left.pop(guid) for guid in likely if guid in left), None):
                yield note, was


def _on_its_lines(note: Note, others: Iterable[LockedNote]) -> list[str]:
    span = note.draft.gist.span
    return [one.guid for one in others if one.source == note.draft.source and span.line <= one.line <= span.stop]


def _with_causes(notes: Sequence[Note], gone: Sequence[LockedNote]) -> tuple[Note, ...]:
    """Say of each note that changed only because another did, which one that was."""
    by_guid = {note.locked.guid: note for note in notes}
    below: dict[str, str] = {}
    for one in (*(note.locked for note in notes if note.change is not Change.SAME), *gone):
        below.setdefault(one.parent, one.id)
    return tuple(replace(note, cause=cause) if (cause := _cause(note, by_guid, below)) else note for note in notes)


def _cause(note: Note, by_guid: Mapping[str, Note], below: Mapping[str, str]) -> str:
    was = note.was
    if note.change is not Change.EDITED or was is None or was.own != note.locked.own:
        return ""
    if was.parents != note.locked.parents:
        above = by_guid.get(note.locked.parent)
        while above and above.change is not Change.REWORDED:
            above = by_guid.get(above.locked.parent)
        return above.locked.id if above else ""
    return below.get(note.locked.guid, "")


@dataclass(frozen=True, slots=True)
class _Fresh:
    """What a draft would be called if it were new."""

    guid: str
    type: str
    """The note type's name."""
    number: int


class _Names:
    """Makes identities for new notes; none is given twice."""

    def __init__(self, lock: Lock, rules: Rules) -> None:
        self.rules = rules
        self.guids = set(lock.notes)
        self.ids = {one.id for one in lock.notes.values()}
        self.numbers = {one.note for one in lock.notes.values()}
        self.given: Counter[tuple[str, Key]] = Counter()

    def make(self, draft: Draft) -> _Fresh:
        """The guid that a draft would have if it were new: the first of its words that nobody has."""
        first = key_of(draft.place.book, draft.parents, draft.gist.question_text, 1)
        type_ = self.rules.type_of(draft)
        for number in count(self.given[type_, first] + 1):
            key = first if number == 1 else replace(first, number=number)
            guid = guid_of(key, self.rules.deck_id, type_)
            if guid not in self.guids:
                break
        self.given[type_, first] = number - 1
        return _Fresh(guid, type_, number)

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


def _note(draft: Draft, locked: LockedNote, was: LockedNote | None, parent: str, rules: Rules) -> Note:
    gist, place = draft.gist, draft.gist.place
    gaps, lost, numbers = _gaps(gist, was) if gist.is_cloze else ((), (), ())
    traces = draft.traces(numbers)
    if was is not None and not gist.is_cloze and is_as_it_was(draft, traces, was, parent):
        return _noted(draft, was, traces.fields, Change.SAME, was, cards=gist.cards)
    sent = locked.sent or traces.fields
    is_edited = was is not None and (locked.text != traces.text if locked.text else sent != traces.fields)
    is_sent = is_edited or (was is not None and (bool(was.removed) or (rules.refresh and sent != traces.fields)))
    current = _locked(
        guid=locked.guid,
        id=locked.id,
        note=locked.note,
        type=locked.type,
        created=locked.created,
        number=locked.number,
        modified=max(rules.now, locked.modified + 1) if is_sent else locked.modified,
        source=draft.source,
        line=gist.span.line,
        book=place.book,
        deck=place.deck,
        chapter=place.chapter,
        parent=parent,
        parents=gist.parent_texts,
        question=gist.question_text,
        text=traces.text,
        own=traces.own,
        answer=gist.answer_print,
        sketch=gist.answer_sketch,
        sent=traces.fields if is_sent else sent,
        removed=0,
        gaps=as_words(gaps),
        lost=as_words(lost),
    )
    current = was if current == was else current
    cards = tuple(sorted(number - 1 for number, _ in gaps)) or gist.cards
    return _noted(draft, current, traces.fields, _change(current, was, is_edited), was, cards=cards, numbers=numbers)


def _gaps(gist: Gist, was: LockedNote | None) -> tuple[Gaps, Gaps, Numbers]:
    """A cloze note's gaps under their numbers, those that it has lost, and what becomes of the numbers that were counted."""
    before, gone = (from_words(was.gaps), from_words(was.lost)) if was else ((), ())
    numbers = kept_numbers(gist.gaps, gist.counted, before, gone)
    gaps = renumbered(gist.gaps, numbers)
    return gaps, gone_by_now(gaps, before, gone), tuple(numbers.items())


def _change(current: LockedNote, was: LockedNote | None, is_edited: bool) -> Change:
    if was is None:
        return Change.NEW
    if was.removed:
        return Change.RETURNED
    if folded(was.question) != folded(current.question):
        return Change.REWORDED
    if was.deck != current.deck:
        return Change.MOVED
    return Change.EDITED if is_edited else Change.SAME
