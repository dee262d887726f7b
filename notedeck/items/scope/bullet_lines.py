"""What each line at the head of a bullet is: the question, the book's sentence that it is about, or the answer."""

from __future__ import annotations

import re
from collections.abc import Sequence
from enum import Enum, auto

from notedeck.config import Config
from notedeck.items.scope.bullet_parts import Bullet, Said, points_below
from notedeck.items.signs.asking import asks, asks_at_end, asks_politely, asks_to_tell, requests, states
from notedeck.items.signs.labels import answer_label
from notedeck.items.signs.looks import shows
from notedeck.items.signs.telling import feels, trails_off
from notedeck.outline.blocks import IMAGE

_SPOKEN = re.compile(r"[가-힣]{2,4}\s?[:：]\s")
"""A line that begins with a name: somebody answers."""


class Part(Enum):
    """What a line is."""

    QUESTION = auto()
    CONTEXT = auto()
    ANSWER = auto()


QUESTION, CONTEXT, ANSWER = Part


def parts_of(bullet: Bullet, config: Config) -> dict[Said, Part]:
    """What each line at the head of a bullet is."""
    parts = dict.fromkeys(bullet.said, ANSWER)
    front: list[Said] = []
    for said in bullet.said:
        if front and answer_label(said.line):
            break
        if said.is_blank or (bullet.is_separated and _is_picture(said) and points_below(bullet.said)):
            parts[said] = CONTEXT
        elif not said.is_only_links or said is bullet.said[0]:
            front.append(said)
    if any(said.is_quoted for said in front):
        parts.update(_parts_with_quotation(bullet, front))
    elif front:
        parts.update(_parts_without_quotation(bullet, front, config))
    return parts


def _is_picture(said: Said) -> bool:
    return IMAGE in [leaf.kind for leaf in said.bare]


def _parts_with_quotation(bullet: Bullet, front: Sequence[Said]) -> dict[Said, Part]:
    """A quotation is the question, unless it asks nothing and a line beside it does."""
    quoted = [said for said in front if said.is_quoted]
    asking = [said for said in front if not said.is_quoted and asks(said.text)]
    is_convention = not asking and (bullet.is_separated or bool(bullet.head_marks.pages))
    question = quoted if is_convention or any(asks(said.text) for said in quoted) else asking or list(front[:1])
    asked = frozenset(question)
    last = front.index(question[-1])
    is_reference = bool(bullet.head_marks.pages) and shows(bullet.below)
    parts = {}
    for place, said in enumerate(front):
        is_context = bullet.is_separated or place < last or (is_reference and said.is_quoted)
        parts[said] = QUESTION if said in asked else CONTEXT if is_context else ANSWER
    return parts


def _parts_without_quotation(bullet: Bullet, front: Sequence[Said], config: Config) -> dict[Said, Part]:
    """The first line is the question if it is labelled or asks; else it is the book's, and those that ask are."""
    first, rest = front[0], front[1:]
    if not rest or bullet.is_labelled_question(config) or (asks(first.text) and not _book_asks(bullet, front)):
        begin = 0
    else:
        asking = (place for place, said in enumerate(rest, 1) if asks(said.text))
        begin = next(asking, None) or _silent_question(bullet, rest)
    divides_answer = begin == 0 and not bullet.head_marks.pages and any(states(said.text) for said in rest)
    if bullet.is_separated and not divides_answer:
        return _before_the_rule(front, begin)
    return _without_a_rule(bullet, front, begin)


def _book_asks(bullet: Bullet, front: Sequence[Said]) -> bool:
    """Whether the question of a bullet's first line is the book's own, and that of somebody stands below it."""
    return bool(bullet.head_marks.pages) and not asks_politely(front[0].text) and any(asks_politely(said.text) for said in front[1:])


def _silent_question(bullet: Bullet, rest: Sequence[Said]) -> int:
    """Where the question begins when no line asks: below the book's sentence if a rule or a list shows its end."""
    one_line = len(rest) == 1 and not states(rest[0].text) and shows(bullet.below)
    return 1 if bullet.head_marks.pages and (bullet.is_separated or one_line) else 0


def _before_the_rule(front: Sequence[Said], begin: int) -> dict[Said, Part]:
    """Before a rule nothing is an answer: a statement is the book's, all else belongs to the question."""
    return {said: QUESTION if place == begin or (place > begin and not states(said.text)) else CONTEXT for place, said in enumerate(front)}


def _without_a_rule(bullet: Bullet, front: Sequence[Said], begin: int) -> dict[Said, Part]:
    """Without a rule the question ends where its lines stop asking.

    Behind a request that a page of the book gave rise to, a line that trails off is still the asker's (`찾아도 안 나와서..`); anywhere
    else somebody begins to answer so.
    """
    end = begin + 1
    while end < len(front) and _goes_on(bullet, front, end):
        end += 1
    parts = {said: CONTEXT if place < begin else QUESTION if place < end else ANSWER for place, said in enumerate(front)}
    for said in front[end:] if bullet.head_marks.pages and requests(front[end - 1].text) else ():
        if not trails_off(said.text) or states(said.text.rstrip(".…")):
            break
        parts[said] = CONTEXT
    return parts


def _goes_on(bullet: Bullet, front: Sequence[Said], place: int) -> bool:
    """Whether a line behind a question asks on.

    A request does; any other line that sounds like a question may be an unsure answer (`…가 아닐까요?`), so something must
    stand behind it, and it must ask from beginning to end.
    """
    text = front[place].text
    if not asks_at_end(text):
        return False
    is_last = place + 1 == len(front) and len(front) == len(bullet.said) and not shows(bullet.below)
    if requests(text) and not (is_last and asks_at_end(front[place - 1].text) and not asks_to_tell(text)):
        return True
    return not (is_last or _SPOKEN.match(text) or feels(text))
