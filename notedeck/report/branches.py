"""The decks of a package as a tree, with the cards of each and of all below it, and as much of the tree as there is room for."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from notedeck.packages.decktree import PackagePlan
from notedeck.places.decks import INSIDE
from notedeck.report.report import interview_cards, subdecks


@dataclass(frozen=True, slots=True)
class Branch:
    """A deck as a row of a table."""

    name: str
    """Without those of the decks above it."""
    depth: int
    """How deep it lies, from 0."""
    cards: int
    """In it and below it."""
    interview: int


def deck_tree(plan: PackagePlan) -> list[Branch]:
    """The decks of a package, each above those below it, by name."""
    cards, interview = subdecks(plan), interview_cards(plan)
    parts = {name: tuple(name.removeprefix(plan.name).split(INSIDE)[1:]) for name in (*cards, plan.name)}
    every = {path[:depth] for path in parts.values() for depth in range(len(path) + 1)}
    return [
        Branch(
            path[-1] if path else plan.name,
            len(path),
            sum(count for name, count in cards.items() if parts[name][: len(path)] == path),
            sum(interview[name] for name in cards if parts[name][: len(path)] == path),
        )
        for path in sorted(every)
    ]


def cut(branches: Sequence[Branch], rows: int) -> list[Branch]:
    """As many levels of a tree as fit into so many rows; of the first level, as many decks as do."""
    deepest = max((one.depth for one in branches), default=0)
    levels = ([one for one in branches if one.depth <= depth] for depth in range(deepest, -1, -1))
    fitting = next((level for level in levels if len(level) <= rows), None)
    outer = [one for one in branches if one.depth <= 1]
    return outer[:rows] if fitting is None or len(fitting) < min(len(outer), rows) else fitting
