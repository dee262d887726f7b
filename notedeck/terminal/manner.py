"""How a run talks to the one who started it."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Manner:
    """How much is told, in which language, and who is asked."""

    tongue: int
    """As in `notedeck.report.messages`."""
    quiet: bool = False
    verbose: bool = False
    as_json: bool = False
    yes: bool = False
    """Whether what would be asked has been answered."""
