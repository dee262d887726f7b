"""A small sketch of an answer, so that a changed answer is still known for what it was.

One-permutation min-hash (Li, Owen, Zhang 2012): each word, and each pair of neighbouring words, falls into one of
64 boxes, and the least of its hashes stands for a box. The share of equal boxes estimates how much two texts share.
"""

from __future__ import annotations

import base64
import re
from functools import lru_cache
from itertools import pairwise
from operator import eq
from zlib import crc32

from notedeck.plain import nfc

_BOXES = 64
_EMPTY = 0xFF
_TELLING = 10
"""Boxes that a text fills which tells by itself what it is about."""
_STEM = re.compile(r"(\w{1,4})\w*")
"""Korean particles stand at a word's end: its first letters say which word it is."""


def sketch(text: str) -> str:
    """The sketch of a text, 88 characters; of a text without words, the empty string."""
    words = " ".join(_STEM.findall(nfc(text).casefold())).encode().split()
    if not words:
        return ""
    pieces = {*words, *map(b" ".join, pairwise(words))}
    least = {number % _BOXES: number for number in sorted(map(crc32, pieces), reverse=True)}
    boxes = bytearray([_EMPTY]) * _BOXES
    for box, number in least.items():
        boxes[box] = number // _BOXES % _EMPTY
    return base64.b64encode(boxes).decode()


def is_sketch(text: str) -> bool:
    """Whether a text is a sketch."""
    try:
        return not text or len(base64.b64decode(text, validate=True)) == _BOXES
    except ValueError:
        return False


@lru_cache(maxsize=1 << 16)
def _boxes(text: str) -> tuple[bytes, int]:
    """What stands in the boxes of a sketch, and which of them are empty, a bit for each."""
    boxes = base64.b64decode(text)
    return boxes, sum(1 << place for place, box in enumerate(boxes) if box == _EMPTY)


def weight(text: str) -> float:
    """How much a sketch says about its text, from 0 for a few words to 1: `네, 맞습니다.` is the answer to many questions."""
    boxes, empty = _boxes(text)
    return min((len(boxes) - empty.bit_count()) / _TELLING, 1.0)


def likeness(one: str, other: str) -> float:
    """How much two sketched texts share, from 0 to 1."""
    if not one or not other:
        return float(one == other)
    (left, left_empty), (right, right_empty) = _boxes(one), _boxes(other)
    unused = (left_empty & right_empty).bit_count()
    return (sum(map(eq, left, right)) - unused) / (_BOXES - unused) if unused < _BOXES else 0.0
