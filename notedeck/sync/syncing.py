"""A sync from its beginning to its end: Anki is found, read, brought up to date; one at a time for each Anki."""

from __future__ import annotations

import tempfile
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path

from notedeck.diagnostics import Diagnostic, Span
from notedeck.machine.cache import Cache
from notedeck.packages.decktree import Deck
from notedeck.packages.package import Types
from notedeck.sync.connection import AnkiError, Connection
from notedeck.sync.doing import Doer, Tell
from notedeck.sync.finding import Found, find_anki
from notedeck.sync.held import read_held
from notedeck.sync.planning import Wish, plan_sync
from notedeck.sync.steps import Delete, Steps, Synced

_PATIENCE = 600
"""Seconds that a sync waits for another one into the same Anki."""

Agree = Callable[[int, int], bool]
"""Called with how many cards and reviews would be deleted; whether they may be."""


@dataclass(frozen=True, slots=True)
class Target:
    """Which Anki is meant."""

    port: int
    key: str
    profile: str
    """Empty for whichever is open."""

    @property
    def span(self) -> Span:
        """What a message about it begins with."""
        return Span("Anki")


def sync(target: Target, wish: Wish, types: Types, decks: Mapping[str, Deck], cache: Cache, agree: Agree, tell: Tell) -> Synced:
    """Bring a collection up to date. What hinders it is told and raises nothing. Raises TimeoutError if another sync does not end."""
    from filelock import FileLock

    with FileLock(Path(tempfile.gettempdir()) / f"notedeck-anki-{target.port}.lock", timeout=_PATIENCE):
        return _told(target, lambda found: _synced(found, wish, types, decks, cache, agree, tell))


def planned_sync(target: Target, wish: Wish, tell: Tell) -> Synced:
    """What a sync would do; nothing is written."""
    return _told(target, lambda found: Synced(_steps(found, wish, tell), found.profile, is_plan=True))


def _told(target: Target, work: Callable[[Found], Synced]) -> Synced:
    try:
        return work(find_anki(target.port, target.key, target.profile))
    except AnkiError as error:
        return Synced(problem=Diagnostic(target.span, error.code, error.details))


def _synced(found: Found, wish: Wish, types: Types, decks: Mapping[str, Deck], cache: Cache, agree: Agree, tell: Tell) -> Synced:
    anki = found.connection
    held = read_held(anki, wish.types, wish.lock, partial(tell, "asking"))
    steps = plan_sync(wish, held)
    if steps.deletes and not agree(sum(len(one.cards) for one in steps.deletes), _reviews(anki, steps.deletes)):
        steps = plan_sync(replace(wish, deletes=False), held)
    synced = Synced(steps, found.profile)
    try:
        late = Doer(anki, held, types, decks, cache, tell).do(steps)
    except AnkiError as error:
        return replace(synced, problem=Diagnostic(Span("Anki"), error.code, error.details))
    problem = Diagnostic(Span("Anki"), "anki-late", (str(len(late)), ", ".join(late[:5]))) if late else None
    return replace(synced, late=late, problem=problem)


def _steps(found: Found, wish: Wish, tell: Tell) -> Steps:
    return plan_sync(wish, read_held(found.connection, wish.types, wish.lock, partial(tell, "asking")))


def _reviews(anki: Connection, deletes: tuple[Delete, ...]) -> int:
    """How many reviews go with some notes."""
    found = anki.ask("getReviewsOfCards", cards=[card for one in deletes for card in one.cards])
    return sum(map(len, found.values()))
