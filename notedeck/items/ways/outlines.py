"""Outlines: a bullet that names something, with its points in a list below it.

    - TCP와 UDP의 차이
      - TCP는 연결을 맺는다.
      - UDP는 맺지 않는다.

They are as often somebody's way of writing paragraphs as cards, so deck.toml says where they are read.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from notedeck.config import Config
from notedeck.items.item import Item
from notedeck.items.recogniser import part_of_list
from notedeck.items.scope.bullet_parts import Bullet, take_apart
from notedeck.items.scope.follow_ups import read_bullet
from notedeck.items.scope.named import named
from notedeck.items.signs.asking import states
from notedeck.items.signs.titles import is_aside
from notedeck.outline.blocks import Block, Kind, plain_of

_LISTS = (Kind.BULLET_LIST, Kind.ORDERED_LIST)
_LONGEST = 80
"""Characters of a name: what is longer says something."""


def read_outlines(blocks: Sequence[Block], config: Config) -> Iterator[Block | Item]:
    """The names among the bullets of a run of blocks; a list that has some is divided around them."""
    above = ""
    for block in blocks:
        above = plain_of((block,)) if block.kind is Kind.HEADING else above
        if block.kind in _LISTS:
            yield from _read_list(block, above, config)
        else:
            yield block


def _read_list(block: Block, above: str, config: Config) -> Iterator[Block | Item]:
    waiting: list[Block] = []
    for number, child in enumerate(block.children, block.level):
        bullet = take_apart(child, config)
        if _is_name(bullet):
            yield from part_of_list(block, waiting, number)
            waiting = []
            yield named(read_bullet(bullet, config), bullet.said[0].text.strip(), above)
        else:
            waiting.append(child)
    yield from part_of_list(block, waiting, block.level + len(block.children))


def _is_name(bullet: Bullet) -> bool:
    """Whether a bullet is one line that names something, right above a list of what there is to say of it."""
    if len(bullet.said) != 1 or not bullet.below or bullet.below[0].kind not in _LISTS:
        return False
    text = bullet.said[0].text.strip()
    is_short = any(map(str.isalnum, text)) and len(text) <= _LONGEST
    return is_short and not states(text) and not is_aside(text) and not bullet.said[0].is_only_links
