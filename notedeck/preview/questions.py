"""A build -> all that the preview shows as cards: each question of the notes, answered or not, and each card that is gone."""

from __future__ import annotations

import html
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from itertools import chain

from notedeck.identity.drafts import Draft, draft_of
from notedeck.identity.notes import Change, Note
from notedeck.packages.packed import PackedNote
from notedeck.plain import fingerprint
from notedeck.preview.changes import changed_fields, marked
from notedeck.preview.shown import Json, Shown, shown_as_packed
from notedeck.reading.findings import Read
from notedeck.report.run import Built
from notedeck.sources.pictures import Picture, Pictures


def pictures_of(built: Built) -> dict[str, Picture]:
    """Every picture that the preview may show, by its name in Anki."""
    finder = Pictures(built.trees, built.brought)
    waiting = (draft_of(read, number, finder, []) for read, number in _open(built.reads))
    drafts = chain((note.draft for note in built.notes), waiting)
    return {picture.name: picture for draft in drafts for picture in draft.pictures}


def shown_questions(built: Built, shipped: Mapping[str, PackedNote]) -> Iterator[Shown]:
    """Every question of the notes in its order, answered or not."""
    notes = {id(note.draft.gist): note for note in built.notes}
    ids = {(note.draft.source, note.draft.gist.span.start): note.locked.id for note in built.notes}
    finder = Pictures(built.trees, built.brought)
    again: Counter[str] = Counter()
    for place, read in enumerate(built.reads):
        for number, gist in enumerate(read.found.gists):
            above = ids.get((read.source.name, gist.parent_span.start), "") if gist.parent_span else ""
            here = {"source": place, "line": gist.span.line, "end": gist.span.stop, "why": read.found.contents[number].why}
            if note := notes.get(id(gist)):
                yield from _shown(note, above, {**here, **_change(note, shipped)}).cards(note.cards)
            elif not gist.is_answered:
                waiting = _waiting(draft_of(read, number, finder, []), built, above, here)
                again[waiting.id] += 1
                yield replace(waiting, id=f"{waiting.id}-{again[waiting.id]}") if again[waiting.id] > 1 else waiting


def _shown(note: Note, above: str, more: Json) -> Shown:
    locked = note.locked
    return Shown(locked.id, locked.type, note.fields, note.tags, locked.book, locked.deck, locked.note, parent=above, more=more)


def _waiting(draft: Draft, built: Built, above: str, here: Json) -> Shown:
    """A question without an answer, as its card would look."""
    id_ = f"?{fingerprint(draft.source, *draft.parents, draft.gist.question_text, draft.content.context_text)[:10]}"
    more = {"status": "unanswered", **here}
    return Shown(id_, built.types[0].name, draft.fields(), draft.gist.tags, draft.place.book, draft.place.deck, parent=above, more=more)


def _open(reads: Sequence[Read]) -> Iterator[tuple[Read, int]]:
    return ((read, number) for read in reads for number, gist in enumerate(read.found.gists) if not gist.is_answered)


def _change(note: Note, shipped: Mapping[str, PackedNote]) -> Json:
    """How a note changed since it was packed, and in which words."""
    if note.change is Change.SAME:
        return {}
    was = next((shipped[one.guid] for one in (note.locked, *note.likely) if one.guid in shipped), None)
    found: Json = {"change": str(note.change), "cause": note.cause, "likely": [one.id for one in note.likely]}
    if was:
        found["changed"] = {**changed_fields(was.fields, note.fields), **_moved(was, note)}
    return found


def _moved(was: PackedNote, note: Note) -> dict[str, str]:
    decks = {"Deck": marked(was.deck, note.locked.deck)} if was.deck != note.locked.deck else {}
    tags = {"Tags": marked(" ".join(was.tags), " ".join(note.tags))} if set(was.tags) != set(note.tags) else {}
    return {**decks, **tags}


def shown_removed(built: Built, shipped: Mapping[str, PackedNote]) -> Iterator[Shown]:
    """Cards of notes that are gone, as they were packed; of one that no package holds, its question."""
    for locked in built.removed:
        more = {"status": "removed", "change": str(Change.REMOVED), "line": locked.line}
        if was := shipped.get(locked.guid):
            yield from replace(shown_as_packed(was, locked.book), more=more).cards(was.cards)
        else:
            known = {"Question": locked.question, "Book": locked.book, "Chapter": locked.chapter, "ID": locked.id}
            fields = {name: html.escape(known.get(name, ""), quote=False) for name in built.types[0].fields}
            yield Shown(locked.id, built.types[0].name, fields, (), locked.book, locked.deck, locked.note, more=more)
