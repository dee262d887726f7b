"""What of a question's and a heading's words counts: signs, numbers in front and pictures are decoration."""

from __future__ import annotations

import re
from functools import lru_cache

from notedeck.plain import undecorated

_GLOSS = re.compile(r"\([^()]{1,80}\)|\[[^\[\]]{1,80}\]|（[^（）]{1,80}）")
"""`격리 수준(Isolation Level)`: the same word once more."""
_REQUEST = re.compile(r"(?:(?:이?란|은|는|이|가)?(?:무엇인가|무엇인지|무엇일까|무엇입니까|뭔가|뭔지|뭘까|뭐)[요죠]?|이?란|은|는|요)\Z")
"""What asks at a question's end and says nothing more (`… 무엇인가요?`)."""
_PARTS = 3
"""Of which a request consists at most (`…은`, `…무엇인가`, `…요`), each no longer than `_PART`."""
_PART = 10
_SILENT = re.compile(r"[^\w+#\-*/<>=&|$%^]|_")


@lru_cache(maxsize=1 << 16)
def bare(words: str) -> str:
    """Letters and digits without the number in front, and the signs that tell `C`, `C++` and `C#` apart."""
    return _SILENT.sub("", undecorated(words))


@lru_cache(maxsize=1 << 16)
def core(words: str) -> str:
    """The same without what stands in brackets, if anything stands beside them."""
    return _SILENT.sub("", _GLOSS.sub("", undecorated(words))) or bare(words)


@lru_cache(maxsize=1 << 16)
def matter(words: str) -> str:
    """The same without the request at the end: `HTML이란 무엇인가요?` asks what `HTML이란?` does."""
    for _ in range(_PARTS):
        words = words[:-_PART] + _REQUEST.sub("", words[-_PART:]) or words
    return words


def ask_alike(one: str, other: str) -> bool:
    """Whether two questions ask the same in nearly the same words, with a gloss in brackets or without."""
    forms = {(matter(bare(one)), matter(bare(other))), (matter(core(one)), matter(bare(other))), (matter(bare(one)), matter(core(other)))}
    return any(left == right for left, right in forms)


def same_headings(one: tuple[str, ...], other: tuple[str, ...]) -> bool:
    """Whether two rows of headings are one, but for numbers, decoration and what stands in brackets."""
    return tuple(map(core, one)) == tuple(map(core, other))
