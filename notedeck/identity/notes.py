"""Draft and lock -> Note, and the lock that follows: identities kept, times moved only where something moved."""

from __future__ import annotations

import html
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum
from itertools import count

from notedeck.drafts import Draft
from notedeck.fields import disarmed, plain_page
from notedeck.identity.guid import Key, guid_of, id_of, key_of, note_id_of
from notedeck.identity.lock import Lock, LockedNote
from notedeck.identity.matching import Asked, Scope, match
from notedeck.plain import fingerprint, folded


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
    fields: Mapping[str, str]
    tags: tuple[str, ...]
    change: Change
    was: LockedNote | None
    is_stale: bool
    """Whether our HTML for the same text moved: it is sent with the note's next edit."""
    likely: tuple[LockedNote, ...] = ()
    """Of a doubtful note, those that it might have been."""
    cause: str = ""
    """The ID of the note along with which this one changed, if nothing of its own did."""


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
    ids: frozenset[str]
    """Every ID that the author can mean: of remembered notes, and of questions if they were new."""


@dataclass(frozen=True, slots=True)
class Rules:
    """What a run knows beside the notes."""

    deck_id: str
    note_type: str
    now: int
    """Seconds."""
    refresh: bool = False
    """Send notes whose HTML alone changed."""


def identify(drafts: Sequence[Draft], lock: Lock, scope: Scope, rules: Rules) -> Identified:
    """Give each draft the note that it was, or a new one."""
    names = _Names(lock, rules)
    own = replace(lock, notes={guid: one for guid, one in lock.notes.items() if one.type == rules.note_type})
    fresh = [names.make(draft) for draft in drafts]
    apart = frozenset((one.old, one.new) for one in lock.decisions if one.decided == "apart")
    matches = match(_asked(drafts), own, scope, lambda place: fresh[place].id, apart)
    guids = _as_decided(matches.guids, [made.id for made in fresh], lock)
    known = dict(lock.notes)
    notes: list[Note] = []
    identity: dict[tuple[str, int], str] = {}
    for place, (draft, guid) in enumerate(zip(drafts, guids, strict=True)):
        was = lock.notes[guid] if guid else None
        parent = identity.get(_above(draft), "")
        note = _note(draft, was or names.again(fresh[place], draft), was, parent, rules)
        if was is None and place in matches.doubts:
            note = replace(note, change=Change.DOUBTFUL, likely=tuple(lock.notes[one] for one in matches.doubts[place]))
        identity[draft.source, draft.content.span.start] = note.locked.guid
        known[note.locked.guid] = note.locked
        notes.append(note)
    gone = _gone(lock, {note.locked.guid for note in notes}, scope, rules.now)
    known.update({one.guid: one for one in gone})
    kept = {note.locked.guid for note in notes}
    elsewhere = tuple(one for guid, one in lock.notes.items() if guid not in kept and not one.removed and not scope.holds(one.source))
    ids = frozenset([*(one.id for one in known.values()), *(one.id for one in fresh)])
    return Identified(_with_causes(notes, gone), gone, Lock(known, lock.types, lock.decisions), elsewhere, ids)


def _above(draft: Draft) -> tuple[str, int]:
    """Source and line of the question right above."""
    return draft.source, draft.content.parent_span.start if draft.content.parent_span else -1


def _asked(drafts: Sequence[Draft]) -> list[Asked]:
    places = {(draft.source, draft.content.span.start): place for place, draft in enumerate(drafts)}
    return [
        Asked(
            book=draft.place.book,
            deck=draft.place.deck,
            source=draft.source,
            parent=places.get(_above(draft)),
            parents=draft.parents,
            question=draft.content.question_text,
            answer=draft.content.answer_print,
            sketch=draft.content.answer_sketch,
        )
        for draft in drafts
    ]


def _as_decided(guids: Sequence[str | None], new_ids: Sequence[str], lock: Lock) -> list[str | None]:
    """The matches with the author's `--same OLD=NEW` on top: the question of NEW is the note OLD, if OLD has no other."""
    by_id = {one.id: guid for guid, one in lock.notes.items()}
    same = {one.new: by_id[one.old] for one in lock.decisions if one.decided == "same" and one.old in by_id}
    decided: list[str | None] = list(guids)
    for place, guid in enumerate(guids):
        old = same.get(lock.notes[guid].id if guid else new_ids[place])
        if old and old not in decided:
            decided[place] = old
    return decided


def _gone(lock: Lock, kept: set[str], scope: Scope, now: int) -> tuple[LockedNote, ...]:
    """Notes that this run should have found and did not, with their time moved: the mark of it must arrive."""
    return tuple(
        replace(one, removed=now, modified=max(now, one.modified + 1))
        for guid, one in sorted(lock.notes.items(), key=lambda pair: (pair[1].source, pair[1].line))
        if guid not in kept and not one.removed and scope.holds(one.source)
    )


def _with_causes(notes: Sequence[Note], gone: Sequence[LockedNote]) -> tuple[Note, ...]:
    """Say of each note that changed only because another did, which one that was."""
    by_guid = {note.locked.guid: note for note in notes}
    below: dict[str, str] = {}
    for one in (*(note.locked for note in notes if note.change is not Change.SAME), *gone):
        below.setdefault(one.parent, one.id)
    return tuple(replace(note, cause=_cause(note, by_guid, below)) for note in notes)


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


class _Names:
    """Makes identities for new notes; none is given twice."""

    def __init__(self, lock: Lock, rules: Rules) -> None:
        self.rules = rules
        self.guids = set(lock.notes)
        self.ids = {one.id for one in lock.notes.values()}
        self.numbers = {one.note for one in lock.notes.values()}
        self.given: Counter[Key] = Counter()

    def make(self, draft: Draft) -> LockedNote:
        """The identity that a draft would have if it were new, before any other draft is."""
        return self._made(draft, self.guids)

    def again(self, made: LockedNote, draft: Draft) -> LockedNote:
        """The identity that a new draft gets: the one made for it, or the next if an equal draft took that."""
        if made.guid in self.guids:
            made = self._made(draft, self.guids)
        self.guids.add(made.guid)
        self.ids.add(made.id)
        self.numbers.add(made.note)
        return made

    def _made(self, draft: Draft, taken: set[str]) -> LockedNote:
        first = key_of(draft.place.book, draft.parents, draft.content.question_text, 1)
        keys = (replace(first, number=number) for number in count(self.given[first] + 1))
        key, guid = next((key, guid) for key in keys if (guid := guid_of(key, self.rules.deck_id, self.rules.note_type)) not in taken)
        self.given[first] = key.number - 1
        return LockedNote(
            guid=guid, id=id_of(guid, self.ids.__contains__), note=note_id_of(guid, self.numbers.__contains__), type=self.rules.note_type,
            created=self.rules.now, modified=self.rules.now, source="", line=0, book="", deck="", chapter="", parent="", parents=(),
            question="", number=key.number, text="", own="", answer="", sketch="", shipped="",
        )  # fmt: skip


def _note(draft: Draft, locked: LockedNote, was: LockedNote | None, parent: str, rules: Rules) -> Note:
    content, place = draft.content, draft.place
    fields = _fields(draft, locked.id)
    tags = _tags(draft)
    own = _own(draft)
    text = fingerprint(own, content.written, *draft.parents)
    shipped = fingerprint(*fields.values(), *tags)
    is_edited = was is not None and (locked.text != text if locked.text else locked.shipped != shipped)
    is_sent = is_edited or (was is not None and (bool(was.removed) or (rules.refresh and locked.shipped != shipped)))
    current = replace(
        locked,
        modified=max(rules.now, locked.modified + 1) if is_sent else locked.modified,
        source=draft.source,
        line=content.span.line,
        book=place.book,
        deck=place.deck,
        chapter=place.chapter,
        parent=parent,
        parents=draft.parents,
        question=content.question_text,
        text=text,
        own=own,
        answer=content.answer_print,
        sketch=content.answer_sketch,
        shipped=shipped if is_sent or was is None else locked.shipped,
        removed=0,
    )
    return Note(draft, current, fields, tags, _change(current, was, is_edited), was, current.shipped != shipped)


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


def _fields(draft: Draft, id_: str) -> dict[str, str]:
    """The fields of the Q&A note type, by name; the spare ones stay empty."""
    content, place = draft.content, draft.place
    return {
        "Question": draft.question,
        "Answer": draft.answer,
        "Context": draft.context,
        "Parent": "".join(f"<div>{question}</div>" for question in content.parents),
        "Label": _plain(", ".join(content.labels)),
        "Book": _plain(place.book),
        "Chapter": _plain(place.chapter),
        "Page": plain_page(content.pages),
        "Asker": _plain(", ".join(content.askers)),
        "Source": _plain(" · ".join(filter(None, (draft.title or place.book, place.chapter)))),
        "ID": id_,
    }


def _plain(words: str) -> str:
    """Plain text in a field, which Anki shows as HTML."""
    return disarmed(html.escape(folded(words), quote=False))


def _tags(draft: Draft) -> tuple[str, ...]:
    """Tags in Anki's form, sorted: their order says nothing."""
    tags = {"_".join(tag.split()) for tag in draft.content.tags} | ({draft.place.tag} if draft.place.tag else set())
    return tuple(sorted(tags))


def _own(draft: Draft) -> str:
    """A fingerprint of a draft's own text, place, labels and pictures."""
    content, place = draft.content, draft.place
    lists = (content.labels, content.pages, content.askers, _tags(draft), [picture.name for picture in draft.pictures])
    return fingerprint(content.own, draft.title, place.deck, place.chapter, *(fingerprint(*words) for words in lists))
