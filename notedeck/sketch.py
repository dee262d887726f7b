"""A small sketch of an answer, so that a changed answer is still known for what it was.

One-permutation min-hash (Li, Owen, Zhang 2012): each word, and each pair of neighbouring words, falls into one of
64 boxes, and the least of its hashes stands for a box. The share of equal boxes estimates how much two texts share.
"""

from __future__ import annotations

import base64
import re
from itertools import pairwise
from zlib import crc32

from notedeck.plain import nfc

_BOXES = 64
_EMPTY = 0xFF
_WORD = re.compile(r"\w+")
_TELLING = 10
"""Boxes that a text fills which tells by itself what it is about."""
_STEM = 4
"""Korean particles stand at a word's end: its first letters say which word it is."""


def sketch(text: str) -> str:
    """The sketch of a text, 88 characters; of a text without words, the empty string."""
    words = [word[:_STEM] for word in _WORD.findall(nfc(text).casefold())]
    if not words:
        return ""
    boxes = [1 << 32] * _BOXES
    for piece in {*words, *(f"{one} {other}" for one, other in pairwise(words))}:
        number = crc32(piece.encode())
        box = number % _BOXES
        boxes[box] = min(boxes[box], number // _BOXES)
    return base64.b64encode(bytes(_EMPTY if least == 1 << 32 else least % _EMPTY for least in boxes)).decode()


def is_sketch(text: str) -> bool:
    """Whether a text is a sketch."""
    try:
        return not text or len(base64.b64decode(text, validate=True)) == _BOXES
    except ValueError:
        return False


def weight(text: str) -> float:
    """How much a sketch says about its text, from 0 for a few words to 1: `네, 맞습니다.` is the answer to many questions."""
    filled = sum(box != _EMPTY for box in base64.b64decode(text))
    return min(filled / _TELLING, 1.0)


def likeness(one: str, other: str) -> float:
    """How much two sketched texts share, from 0 to 1."""
    if not one or not other:
        return float(one == other)
    pairs = list(zip(base64.b64decode(one), base64.b64decode(other), strict=True))
    used = [pair for pair in pairs if pair != (_EMPTY, _EMPTY)]
    return sum(left == right for left, right in used) / len(used) if used else 0.0
