"""Draft -> Asked: what it takes to know a question again."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from notedeck.identity.drafts import Draft
from notedeck.machine.quick import quick


@dataclass(frozen=True, slots=True)
class Asked:
    """A question of this run, as far as it takes to know it again."""

    book: str
    deck: str
    source: str
    parent: int | None
    """Place of the question right above it among all that are asked."""
    parents: tuple[str, ...]
    headings: tuple[str, ...]
    context: str
    """Fingerprint of the book's sentences that it is about."""
    question: str
    answer: str
    """Fingerprint of the answer's text."""
    sketch: str


_asking = quick(Asked)


def asked_of(drafts: Sequence[Draft]) -> list[Asked]:
    """The questions of some drafts, each with the place of the one above it among them."""
    places = {(draft.source, draft.gist.span.start): place for place, draft in enumerate(drafts)}
    return [
        _asking(
            book=draft.place.book,
            deck=draft.place.deck,
            source=draft.source,
            parent=places.get(above(draft)),
            parents=draft.parents,
            headings=draft.gist.headings,
            context=draft.gist.context_print,
            question=draft.gist.question_text,
            answer=draft.gist.answer_print,
            sketch=draft.gist.answer_sketch,
        )
        for draft in drafts
    ]


def above(draft: Draft) -> tuple[str, int]:
    """Source and line of the question right above."""
    return draft.source, draft.gist.parent_span.start if draft.gist.parent_span else -1
