"""Why a line was taken for a question: what its author can check, and change."""

from __future__ import annotations

from enum import StrEnum

from notedeck.items.item import Item
from notedeck.items.signs.asking import asks
from notedeck.outline.blocks import plain_of


class Why(StrEnum):
    """What of a question said that it is one; of several the first that holds."""

    TOLD = "told"
    """A correction alone says so."""
    GAP = "gap"
    LABEL = "label"
    PAGE = "page"
    WORDS = "words"
    """It asks by how it ends."""
    NAME = "name"
    """It names its matter, and `every_heading` is on."""
    FORM = "form"
    """It stands in the form of those beside it that ask, in a column of questions, or below a heading of questions."""


def why_asked(item: Item) -> Why:
    """Why an item is one."""
    told = {
        Why.TOLD: item.is_told,
        Why.GAP: item.is_cloze,
        Why.LABEL: bool(item.marks.labels),
        Why.PAGE: bool(item.marks.pages),
    }
    if first := next((why for why, holds in told.items() if holds), None):
        return first
    if any(map(asks, plain_of(item.question).split("\n"))):
        return Why.WORDS
    return Why.NAME if item.is_name else Why.FORM
