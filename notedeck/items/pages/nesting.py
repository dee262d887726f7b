"""Follow-ups that stand beside their question: in a section of their own, or with a label. They lie in the question above them.

## 큐란 무엇인가요?              **Q1. 큐란?**
차례대로 …                       차례대로 …
## 꼬리질문                     **Q1-1. 그럼 덱은?**
### 그럼 덱은요?
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from notedeck.config import FOLLOW_UP, Config
from notedeck.items.item import Item
from notedeck.items.pages.sections import end_of_section
from notedeck.items.scope.follow_ups import follow_up
from notedeck.items.signs.titles import heads_questions_behind
from notedeck.outline.blocks import HEADING, Block, plain_of


def nested(items: Sequence[Item], blocks: Sequence[Block], config: Config) -> tuple[Item, ...]:
    """A page's items, each that follows up on the one above it in that one; one with none above stays where it is."""
    lines = _lines_behind(blocks)
    whole: list[Item] = []
    for item in items:
        is_behind = item.span.start in lines or any(config.tag_of(label) == FOLLOW_UP for label in item.marks.labels)
        if is_behind and f"-{FOLLOW_UP}" not in item.tags and whole and not item.is_cloze and not whole[-1].is_cloze:
            whole[-1] = _with(whole[-1], item)
        else:
            whole.append(item)
    return tuple(whole)


def _with(above: Item, item: Item) -> Item:
    """A question with one more that follows up on it."""
    answer = (*above.answer, follow_up(item)) if above.answer and item.is_answered else above.answer
    stop = max(above.span.stop, item.span.stop)
    return replace(above, answer=answer, follow_ups=(*above.follow_ups, item), span=replace(above.span, stop=stop))


def _lines_behind(blocks: Sequence[Block]) -> set[int]:
    """The lines below headings that say that what follows are follow-ups."""
    stop = max((block.span.stop for block in blocks), default=0)
    heads = [place for place, block in enumerate(blocks) if block.kind is HEADING and heads_questions_behind(plain_of((block,)))]
    return {line for place in heads for line in range(blocks[place].span.start, end_of_section(blocks, place, stop))}
