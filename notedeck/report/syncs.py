"""What is told of a sync, and of what one would do, in the same words: lines for the terminal, and the report's `sync`."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

from notedeck.plain import shortened
from notedeck.report.messages import label
from notedeck.report.run import Built

if TYPE_CHECKING:
    from notedeck.sync.steps import Steps, Synced


def sync_lines(built: Built, tongue: int, *, verbose: bool = False) -> Iterator[str]:
    """What a sync did and left; with `verbose`, and in a plan, each note on a line."""
    synced = built.synced
    if synced is None or (synced.problem and synced.steps.are_none):
        return
    steps = synced.steps
    counts = (len(steps.sends) - len(synced.late), len(steps.moves), len(steps.rests), len(steps.wakes), len(steps.deletes))
    yield label("sync-plan" if synced.is_plan else "sync", tongue, synced.profile, *counts)
    yield from (label(name, tongue, said) for name, said in _sentences(steps) if said)
    questions = {one.id: one.question for one in built.lock.notes.values()} if built.lock else {}
    shown = (row for row in _rows(steps) if verbose or synced.is_plan or row[0] == "!")
    yield from (f"  {sign} {id_}  {shortened(questions.get(id_, ''), 60)}{f'  ({more})' if more else ''}" for sign, id_, more in shown)


def _sentences(steps: Steps) -> Iterator[tuple[str, object]]:
    """The sentences beside the counts, each with what it names; nothing where there is nothing to say."""
    yield "sync-styles", ", ".join(steps.styles)
    yield "sync-empty", ", ".join(steps.empty)
    yield "sync-edited", len(steps.edited)
    yield "sync-edited-types", ", ".join(steps.edited_types)
    yield "sync-elsewhere", len(steps.elsewhere)
    yield "sync-waiting", len(steps.waiting)


def _rows(steps: Steps) -> Iterator[tuple[str, str, str]]:
    """Of each note that something is done to, or that is left as its user made it: a sign, its ID, and what there is to say."""
    yield from (("↺", one.id, "") for one in steps.wakes)
    yield from (("~" if one.held else "+", one.id, "") for one in steps.sends)
    yield from (("→", one.id, f"{one.old} → {one.new}") for one in steps.moves)
    yield from (("-", one.id, "") for one in steps.rests)
    yield from (("×", one.id, "") for one in steps.deletes)
    yield from (("!", one.id, ", ".join(one.fields)) for one in steps.edited)
    yield from (("=", one.id, one.deck) for one in steps.elsewhere)
    yield from (("…", one, "") for one in steps.waiting)


def json_sync(synced: Synced) -> dict[str, Any]:
    """The report's `sync`; notes by their IDs. Keys are added, never renamed."""
    steps = synced.steps
    return {
        "profile": synced.profile,
        "plan": synced.is_plan,
        "error": synced.problem.code if synced.problem else None,
        "sent": [one.id for one in steps.sends if one.id not in synced.late],
        "late": list(synced.late),
        "moved": [{"id": one.id, "from": one.old, "to": one.new} for one in steps.moves],
        "rested": [one.id for one in steps.rests],
        "taken_up": [one.id for one in steps.wakes],
        "deleted": [one.id for one in steps.deletes],
        "styles": list(steps.styles),
        "empty_decks": list(steps.empty),
        "edited": [{"id": one.id, "fields": list(one.fields)} for one in steps.edited],
        "edited_types": list(steps.edited_types),
        "elsewhere": [{"id": one.id, "deck": one.deck} for one in steps.elsewhere],
        "waiting": list(steps.waiting),
    }
