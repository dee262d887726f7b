"""Draft and lock -> Note, and the lock that follows: identities kept, times moved only where something moved."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from functools import cache, partial
from operator import attrgetter

from notedeck.identity.asked import above, asked_of
from notedeck.identity.causes import with_causes
from notedeck.identity.drafts import Draft
from notedeck.identity.lock import Lock, LockedNote
from notedeck.identity.matching import Matches, match
from notedeck.identity.naming import Names
from notedeck.identity.notes import Change, Identified, Note, Rules
from notedeck.identity.renewing import renewed
from notedeck.identity.retyping import retyped
from notedeck.identity.scope import Scope
from notedeck.identity.settled import settled
from notedeck.identity.words import core, matter
from notedeck.machine.quick import quick

_noted = quick(Note)


def identify(drafts: Sequence[Draft], lock: Lock, scope: Scope, rules: Rules) -> Identified:
    """Give each draft the note that it was, or a new one."""
    names = Names(lock, rules)
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
        parent = identity.get(above(draft), "")
        note = renewed(draft, was or names.give(draft), was, parent, rules)
        if was is None and place in matches.doubts:
            note = replace(note, change=Change.DOUBTFUL, likely=tuple(lock.notes[one] for one in matches.doubts[place]))
        identity[draft.source, draft.gist.span.start] = note.locked.guid
        known[note.locked.guid] = note.locked
        notes.append(note)
    gone = _gone(lock, {note.locked.guid for note in notes}, scope, rules.now)
    known.update({one.guid: one for one in gone})
    kept = {note.locked.guid for note in notes}
    elsewhere = tuple(one for guid, one in lock.notes.items() if guid not in kept and not one.removed and not scope.holds(one.source))
    others = tuple(retyped(notes, gone, scope, rules))
    return Identified(with_causes(notes, gone), gone, replace(lock, notes=known), elsewhere, others, frozenset(new_ids))


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
        settled_ones = [drafts[place] for place in still if types[place] == type_]
        ids = [new_ids[place] for place in places] if new_ids else []
        found = match(asked_of([drafts[place] for place in places]), own, scope, ids.__getitem__, apart, cache(partial(_matters_of, settled_ones)))
        for number, place in enumerate(places):
            guids[place] = found.guids[number]
            doubts |= {place: found.doubts[number]} if number in found.doubts else {}
    return Matches(tuple(guids), doubts)


def _matters_of(drafts: Sequence[Draft]) -> frozenset[str]:
    """What the questions of some drafts ask of."""
    return frozenset(matter(core(draft.gist.question_text)) for draft in drafts)


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
