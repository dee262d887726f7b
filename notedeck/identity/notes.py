"""Draft and lock -> Note, and the lock that follows: identities kept, times moved only where something moved."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum
from itertools import count

from notedeck.config import Config
from notedeck.fields import Content, plain_page
from notedeck.identity.guid import guid_of, id_of, key_of, note_id_of
from notedeck.identity.lock import Lock, LockedNote
from notedeck.identity.matching import Scope, match
from notedeck.places import Place
from notedeck.plain import fingerprint, folded
from notedeck.sources.pictures import Picture


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
class Draft:
    """An answered question with its place and its pictures: all of a note but its identity."""

    source: str
    """Path inside the notes' folder."""
    title: str
    """The page's title."""
    content: Content
    place: Place
    question: str
    context: str
    answer: str
    pictures: tuple[Picture, ...]

    @property
    def parents(self) -> tuple[str, ...]:
        """The questions above, plain, outermost first."""
        return self.content.parent_texts


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


@dataclass(frozen=True, slots=True)
class Identified:
    """What came of a run."""

    notes: tuple[Note, ...]
    """In the order of the notes."""
    removed: tuple[LockedNote, ...]
    """Notes that this run found gone."""
    lock: Lock


def identify(drafts: Sequence[Draft], lock: Lock, scope: Scope, config: Config, note_type: str, now: int) -> Identified:
    """Give each draft the note that it was, or a new one; `now` is in seconds."""
    matched = match([_wanted(draft) for draft in drafts], lock, scope)
    names = _Names(lock, config.deck_id, note_type)
    known = dict(lock.notes)
    notes: list[Note] = []
    for draft, guid in zip(drafts, matched, strict=True):
        was = lock.notes[guid] if guid else None
        note = _note(draft, was or names.make(draft, now), was, now)
        known[note.locked.guid] = note.locked
        notes.append(note)
    kept = {note.locked.guid for note in notes}
    gone = [locked for guid, locked in lock.notes.items() if guid not in kept and not locked.removed and scope.holds(locked.source)]
    known.update({locked.guid: replace(locked, removed=now) for locked in gone})
    return Identified(tuple(notes), tuple(known[locked.guid] for locked in gone), Lock(known, lock.types))


def _wanted(draft: Draft) -> tuple[str, tuple[str, ...], str, str]:
    return draft.place.book, draft.parents, draft.content.question_text, draft.source


class _Names:
    """Makes identities for new notes; none is given twice."""

    def __init__(self, lock: Lock, deck_id: str, note_type: str) -> None:
        self.deck_id = deck_id
        self.note_type = note_type
        self.guids = set(lock.notes)
        self.ids = {locked.id for locked in lock.notes.values()}
        self.numbers = {locked.note for locked in lock.notes.values()}

    def make(self, draft: Draft, now: int) -> LockedNote:
        """A note of which nothing is known but who it is."""
        book, parents, question, _ = _wanted(draft)
        keys = (key_of(book, parents, question, number) for number in count(1))
        key, guid = next((key, guid) for key in keys if (guid := guid_of(key, self.deck_id, self.note_type)) not in self.guids)
        made = LockedNote(
            guid=guid, id=id_of(guid, self.ids.__contains__), note=note_id_of(guid, self.numbers.__contains__), type=self.note_type,
            created=now, modified=now, source="", line=0, book="", deck="", chapter="", parents=(), question="",
            number=key.number, text="", shipped="",
        )  # fmt: skip
        self.guids.add(made.guid)
        self.ids.add(made.id)
        self.numbers.add(made.note)
        return made


def _note(draft: Draft, locked: LockedNote, was: LockedNote | None, now: int) -> Note:
    fields = _fields(draft, locked.id)
    tags = _tags(draft)
    text = _text(draft)
    shipped = fingerprint(*fields.values(), *tags)
    is_edited = locked.text != text
    modified = max(now, locked.modified + 1) if was and (is_edited or was.removed) else locked.modified
    current = replace(
        locked,
        modified=modified,
        source=draft.source,
        line=draft.content.span.line,
        book=draft.place.book,
        deck=draft.place.deck,
        chapter=draft.place.chapter,
        parents=draft.parents,
        question=draft.content.question_text,
        text=text,
        shipped=shipped if is_edited or not was else locked.shipped,
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
    return folded(words).replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")


def _tags(draft: Draft) -> tuple[str, ...]:
    """Tags in Anki's form, sorted: their order says nothing."""
    tags = {"_".join(tag.split()) for tag in draft.content.tags} | ({draft.place.tag} if draft.place.tag else set())
    return tuple(sorted(tags))


def _text(draft: Draft) -> str:
    """A fingerprint of the author's text, place, labels and pictures."""
    content, place = draft.content, draft.place
    parts: Iterator[str] = iter((content.written, draft.title, place.deck, place.chapter, *_tags(draft)))
    lists = (content.labels, content.pages, content.askers, content.parent_texts, [picture.name for picture in draft.pictures])
    return fingerprint(*parts, *(f"{len(words)}" + fingerprint(*words) for words in lists))
