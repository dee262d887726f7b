"""Words between `==` in a question or its answer, where such are gaps elsewhere on the page: there they only set off a word."""

from __future__ import annotations

from dataclasses import replace

from notedeck.items.item import Item
from notedeck.outline.highlights import highlighted


def with_marked_words(item: Item) -> Item:
    """An item with its marked words as such; one that is a text with gaps keeps them."""
    if item.is_cloze:
        return item
    parts = [highlighted(part) for part in (item.question, item.context, item.answer)]
    taken = [extent for _, extents in parts for extent in extents]
    if not taken:
        return item
    question, context, answer = (blocks for blocks, _ in parts)
    follow_ups = tuple(map(with_marked_words, item.follow_ups))
    marks = replace(item.marks, taken=(*item.marks.taken, *taken))
    return replace(item, question=question, context=context, answer=answer, marks=marks, follow_ups=follow_ups)
