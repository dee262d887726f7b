"""Questions that only name their matter: what they are about, and what is asked of it, so that a front says what is asked."""

from __future__ import annotations

from dataclasses import replace

from notedeck.items.item import Item
from notedeck.items.signs.titles import names_a_matter, names_a_part

_PROMPT = "무엇인가?"
"""What is asked of a matter."""


def named(item: Item, words: str, above: str) -> Item:
    """An item that only names its matter in these words, below a heading or a name with the words `above`."""
    subject = _subject(words, above)
    return replace(item, is_name=True, subject=subject, prompt=_PROMPT if not subject and names_a_matter(words) else "")


def _subject(words: str, above: str) -> str:
    """What stands before words that name a part of what is above them: `WebFlux` and `특징` are `WebFlux의 특징`."""
    return "" if not above or above in words else f"{above}의" if names_a_part(words) else f"{above} ›"
