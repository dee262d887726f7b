"""What is told of the questions that nobody answered: a line for each, and of a bare list of them one for all, by its heading.

### 더 알아볼 것
- 큐는 왜 쓰나요?
- 스택은 왜 쓰나요?
- 덱은 왜 쓰나요?
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import replace

from notedeck.diagnostics import Diagnostic
from notedeck.items.item import Item
from notedeck.outline.blocks import plain_of
from notedeck.plain import shortened

_LIST = 3
"""How many questions on lines one behind another are a list."""


def told_waiting(items: Iterable[Item]) -> Iterator[Diagnostic]:
    """What is told of a page's items and their follow-ups, which come in the order of the page."""
    run: list[Item] = []
    for item in items:
        if run and (item.is_answered or not _goes_on(run, item)):
            yield from _told(run)
            run = []
        if not item.is_answered:
            run.append(item)
    yield from _told(run)


def _goes_on(run: list[Item], item: Item) -> bool:
    """Whether a question of one line stands right behind others, or right below one, under the same heading."""
    last, first = run[-1], run[0]
    is_next = item.span.start == last.span.start + 1 and item.span.stop <= item.span.start + 1 + len(item.follow_ups)
    return is_next and (item.chapter, item.headings) == (first.chapter, first.headings)


def _told(run: list[Item]) -> Iterator[Diagnostic]:
    if len(run) < _LIST:
        yield from (Diagnostic(item.span, "unanswered", (asked(item),)) for item in run)
        return
    first = run[0]
    heading = first.headings[-1] if first.headings else first.chapter.title if first.chapter else asked(first)
    yield Diagnostic(replace(first.span, stop=max(one.span.stop for one in run)), "unanswered-list", (str(len(run)), shortened(heading)))


def asked(item: Item) -> str:
    """What an item asks, for a message."""
    return shortened(plain_of(item.question) or plain_of(item.context))
