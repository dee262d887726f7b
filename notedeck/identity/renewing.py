"""A draft and what is remembered of its note -> the note as it is now: its time moves only where its author moved something."""

from __future__ import annotations

from notedeck.content.notefields import Numbers
from notedeck.identity.drafts import Draft
from notedeck.identity.gaps import Gaps, as_words, from_words, gone_by_now, kept_numbers, renumbered
from notedeck.identity.lock import LockedNote
from notedeck.identity.memory import before, decks_before
from notedeck.identity.notes import Change, Note, Rules
from notedeck.identity.settled import is_as_it_was
from notedeck.machine.quick import quick
from notedeck.plain import folded
from notedeck.reading.findings import Gist

_locked, _noted = quick(LockedNote), quick(Note)


def renewed(draft: Draft, locked: LockedNote, was: LockedNote | None, parent: str, rules: Rules) -> Note:
    """The note that a draft is now: `locked` is its identity, `was` what is remembered of it, `parent` the guid of the note above."""
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
        tags=gist.tags,
        before=before(locked, traces.fields if is_sent else sent, traces.fields, gist.tags) if was else (),
        decks=decks_before(locked, place.deck),
        headings=gist.headings,
        context=gist.context_print,
    )
    current = was if current == was else current
    cards = tuple(sorted(number - 1 for number, _ in gaps)) or gist.cards
    return _noted(draft, current, traces.fields, _change(current, was, is_edited), was, cards=cards, numbers=numbers)


def _gaps(gist: Gist, was: LockedNote | None) -> tuple[Gaps, Gaps, Numbers]:
    """A cloze note's gaps under their numbers, those that it has lost, and what becomes of the numbers that were counted."""
    had, gone = (from_words(was.gaps), from_words(was.lost)) if was else ((), ())
    numbers = kept_numbers(gist.gaps, gist.counted, had, gone)
    gaps = renumbered(gist.gaps, numbers)
    return gaps, gone_by_now(gaps, had, gone), tuple(numbers.items())


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
