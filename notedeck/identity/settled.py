"""Sources in which nothing moved since the last build: nearly all, and their notes need no search for who they were."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from itertools import groupby
from operator import attrgetter

from notedeck.drafts import Draft
from notedeck.identity.lock import Lock, LockedNote

_as_it_was = attrgetter("question", "parents", "answer", "sketch", "line", "book", "deck", "chapter", "text", "sent")


def settled(drafts: Sequence[Draft], types: Sequence[str], lock: Lock) -> dict[int, LockedNote]:
    """The note that each draft of such a source still is, by the draft's place; `types` are the names of the drafts' note types.

    In such a source each question stands on its line with all that is remembered of it, below the note that it stood below,
    and none is gone. After a decision of the author, and where notes have gaps, whose numbers are kept apart, none is such.
    """
    found: dict[int, LockedNote] = {}
    if not lock.decisions:
        there = _by_line(lock)
        for source, group in groupby(enumerate(drafts), lambda pair: pair[1].source):
            places, own = zip(*group, strict=True)
            known = there.get(source, {})
            if len(known) == len(own) and all(_stand(own, types[places[0] : places[-1] + 1], known)):
                found.update(zip(places, known.values(), strict=True))
    return found


def _by_line(lock: Lock) -> dict[str, dict[int, LockedNote]]:
    """The notes of each source that are not gone, by their lines, in order; nothing of a source in which two share a line."""
    there: dict[str, list[LockedNote]] = defaultdict(list)
    for one in lock.notes.values():
        if not one.removed:
            there[one.source].append(one)
    by_line = {source: {one.line: one for one in sorted(notes, key=attrgetter("line"))} for source, notes in there.items()}
    return {source: lines for source, lines in by_line.items() if len(lines) == len(there[source])}


def _stand(drafts: Sequence[Draft], types: Sequence[str], known: Mapping[int, LockedNote]) -> Iterator[bool]:
    """Whether each of a source's drafts is the note on its place among those `known` by their lines."""
    for draft, type_, was in zip(drafts, types, known.values(), strict=True):
        gist, place = draft.gist, draft.gist.place
        above = known.get(gist.parent_span.line) if gist.parent_span else None
        _, text, fields = (gist.own, gist.text, gist.fields) if gist.text else draft.traces()
        yield (
            not gist.is_cloze
            and was.type == type_
            and was.parent == (above.guid if above else "")
            and _as_it_was(was)
            == (
                gist.question_text, gist.parent_texts, gist.answer_print, gist.answer_sketch, gist.span.line,
                place.book, place.deck, place.chapter, text, fields,
            )
        )  # fmt: skip
