"""A small sketch of an answer, so that a changed answer is still known for what it was.

One-permutation min-hash (Li, Owen, Zhang 2012): each word, and each pair of neighbouring words, falls into one of
64 boxes, and the least of its hashes stands for a box. The share of equal boxes estimates how much two texts share.
Behind the boxes stands how many hashes there were: by it an answer that grew is told from one that was replaced.
"""

from __future__ import annotations

import base64
import re
from collections.abc import Iterator, Sequence
from functools import lru_cache
from itertools import chain, repeat
from operator import eq
from zlib import crc32

from notedeck.plain import nfc

_BITS = 6
_BOXES = 1 << _BITS
_LAST = _BOXES - 1
_EMPTY = 0xFF
_SIZE = 2
"""Bytes of the number behind the boxes; a sketch of the first version has none."""
_MOST = (1 << 8 * _SIZE) - 1
_LEAST_SHARE = 0.25
"""An answer that grew to more than four times its size holds the words of any other one."""
_NONE = 1 << 32
"""More than any hash."""
_TELLING = 10
"""Boxes that a text fills which tells by itself what it is about."""
_STEM = re.compile(r"(\w{1,4})\w*")
"""Korean particles stand at a word's end: its first letters say which word it is."""


def sketch(text: str) -> str:
    """The sketch of a text, 88 characters; of a text without words, the empty string."""
    words = list(map(str.encode, _STEM.findall(nfc(text).casefold())))
    if not words:
        return ""
    least = [_NONE] * _BOXES
    hashes = set(_hashes(words))
    for number in hashes:
        box = number & _LAST  # of numbers of two digits, much quicker than `%` is
        if number < least[box]:  # noqa: PLR1730  `min` would be called
            least[box] = number
    boxes = bytes([_EMPTY if number == _NONE else (number >> _BITS) % _EMPTY for number in least])
    return base64.b64encode(boxes + min(len(hashes), _MOST).to_bytes(_SIZE)).decode()


def _hashes(words: Sequence[bytes]) -> Iterator[int]:
    """The hash of each word, and of each pair with a blank between: it goes on from the first one's."""
    first = list(map(crc32, words))
    return chain(first, map(crc32, words[1:], map(crc32, repeat(b" "), first)))


def is_sketch(text: str) -> bool:
    """Whether a text is a sketch."""
    try:
        return not text or len(base64.b64decode(text, validate=True)) in (_BOXES, _BOXES + _SIZE)
    except ValueError:
        return False


@lru_cache(maxsize=1 << 16)
def _boxes(text: str) -> tuple[bytes, int]:
    """What stands in the boxes of a sketch, and which of them are empty, a bit for each."""
    boxes = base64.b64decode(text)[:_BOXES]
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


def kinship(one: str, other: str) -> float:
    """How much two sketched texts share of what they could share, from 0 to 1: all, where one holds the whole of the other and more."""
    shared = likeness(one, other)
    sizes = sorted((_size(one), _size(other)))
    return min(shared / max(sizes[0] / sizes[1], _LEAST_SHARE), 1.0) if sizes[0] else shared


@lru_cache(maxsize=1 << 16)
def _size(text: str) -> int:
    """How many hashes a sketched text has; 0 where nobody knows it."""
    return int.from_bytes(base64.b64decode(text)[_BOXES:])
