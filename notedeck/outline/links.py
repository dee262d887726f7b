"""Bare addresses in text, found by linkify-it and cut where Korean goes on."""

from __future__ import annotations

import re
from collections.abc import Iterator

from linkify_it import LinkifyIt

_LINKIFY = LinkifyIt(options={"fuzzy_link": False, "fuzzy_email": False, "fuzzy_ip": False}).add("//", None).add("mailto:", None)
_HOST = re.compile(r"(?:https?|ftp)://[A-Za-z0-9.-]+(?::\d+)?(?=[가-힣ㄱ-ㅎㅏ-ㅣ])")
_PARTICLE = re.compile(
    r"(?<=[A-Za-z0-9/)])(?:을|를|이|가|은|는|의|에|에서|에는|에도|로|으로|와|과|도|만|까지|부터|에게|처럼|보다|라는|이라는|라고|이라고|"
    r"입니다|이다|이고|이며|이나|나|을까|참고|참조|보기)$"
)


def bare_links(text: str) -> Iterator[tuple[int, int]]:
    """Where addresses begin and end in `text`.

    An address ends before the Hangul that follows its host, and before a particle that follows Latin letters
    (`https://a.kr/b를`); a path that is itself Korean is kept, because nobody can tell where it ends.
    """
    if "://" not in text:
        return
    ends = {found.start(): found.end() for found in _HOST.finditer(text)}
    for found in _LINKIFY.match(text) or ():
        address = text[found.index : found.last_index]
        ends.setdefault(found.index, found.index + len(_PARTICLE.sub("", address)))
    yield from sorted(ends.items())
