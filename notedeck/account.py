"""How much of a text reached a card."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Account:
    """How many visible characters there are, and where they went."""

    characters: int = 0
    on_cards: int = 0
    structure: int = 0
    unread: int = 0
    set_aside: int = 0
    """What a correction says to be on no card."""

    def __add__(self, other: Account) -> Account:
        return Account(
            self.characters + other.characters,
            self.on_cards + other.on_cards,
            self.structure + other.structure,
            self.unread + other.unread,
            self.set_aside + other.set_aside,
        )
