"""A template's text -> what in it could run something or load something from elsewhere.

A browser forgives much, and Anki's marks put texts together: so nothing is searched for what is bad, but all must be what is
known to be harmless. A tag is one of a list, with attributes of a list, written in full, and no mark stands in it.
"""

from __future__ import annotations

import html
import re
from collections.abc import Iterator

from notedeck.plain import shortened

Danger = tuple[int, str]
"""A line, counted from 0, and the words that are dangerous."""

_ELEMENTS = frozenset(
    "a abbr article aside b bdi bdo big blockquote br caption center cite code col colgroup dd del details dfn div dl dt em figcaption figure"
    " font footer h1 h2 h3 h4 h5 h6 header hr i img ins kbd label li main mark menu nav ol p pre q rp rt ruby s samp section small span strong"
    " sub summary sup table tbody td tfoot th thead time tr tt u ul var wbr".split()
)
_ATTRIBUTES = frozenset(
    "align alt cite class color colspan datetime dir face height hidden href id lang name open reversed role rowspan scope size span src start"
    " style tabindex title translate type valign value width".split()
)
_FREE = ("data-", "aria-")
"""How attributes begin that say nothing to a browser."""
_TAG = re.compile(r"<([^<>]*+)(>?)")
_NAME = re.compile(r"/?([a-zA-Z][a-zA-Z0-9]*+)(?=[\s/]|$)")
_ATTRIBUTE = re.compile(r"""\s++([a-zA-Z][\w-]*+)(?:\s*+=\s*+(?:"([^"{]*+)"|'([^'{]*+)'|([^\s"'={}`]++)))?+""")
_END = re.compile(r"\s*+/?")
_ADDRESS = re.compile(r"\b(?:https?|ftp|wss?|file|blob|javascript|vbscript)\s*+:|\bdata\s*+:\s*+text|[/\\]{2}|@import", re.IGNORECASE)
_DATA = re.compile(r"data:[a-z]++/[a-z0-9.+-]++;base64,[A-Za-z0-9+/=]*+")
_BROKEN = re.compile(r"\\\r?\n")
"""A text in a style that goes on in the next line."""
_ESCAPE = re.compile(r"\\(?:([0-9a-fA-F]{1,6}+)\s?|(.))")
_UNSEEN = re.compile(r"[\x00-\x20]++")
_LAST = 0x10FFFF


def dangers_in_html(text: str) -> Iterator[Danger]:
    """What is dangerous in one side of a card."""
    for line, found in _tags(text):
        if not _is_harmless(found[1], is_closed=bool(found[2]), is_last=found.end() == len(text)):
            yield line, shortened(found[0])
    yield from _addresses(html.unescape(text))


def dangers_in_style(text: str) -> Iterator[Danger]:
    """What is dangerous in a style; nothing in it may end it."""
    yield from ((line, shortened(found[0])) for line, found in _tags(text))
    yield from _addresses(_BROKEN.sub("", text))


def _tags(text: str) -> Iterator[tuple[int, re.Match[str]]]:
    """What stands between signs of tags, each with its line."""
    line = place = 0
    for found in _TAG.finditer(text):
        line += text.count("\n", place, found.start())
        place = found.start()
        yield line, found


def _is_harmless(inside: str, *, is_closed: bool, is_last: bool) -> bool:
    """Whether `<inside>` is a tag of the list, or a comment or a sign that no browser takes for a tag."""
    if inside.startswith("!--"):
        return True
    if not inside[:1].isalpha() and not inside.startswith(("/", "!", "?", "{")):
        return bool(inside) or not is_last
    name = _NAME.match(inside)
    return bool(is_closed and name and name[1].lower() in _ELEMENTS and _are_harmless(inside, name.end()))


def _are_harmless(inside: str, place: int) -> bool:
    """Whether the attributes of a tag, from a place on, are of the list, and each is written in full."""
    while found := _ATTRIBUTE.match(inside, place):
        name, value = found[1].lower(), found[2] or found[3] or found[4] or ""
        if name not in _ATTRIBUTES and not name.startswith(_FREE):
            return False
        if _address(_UNSEEN.sub("", html.unescape(value))):
            return False
        place = found.end()
    return _END.fullmatch(inside, place) is not None


def _addresses(text: str) -> Iterator[Danger]:
    for number, line in enumerate(text.split("\n")):
        if found := _address(line):
            yield number, shortened(found)


def _address(text: str) -> str:
    """The first address from elsewhere and what stands behind it, as it is written or with the letters that a style writes as numbers."""
    for letters in (text, _ESCAPE.sub(_letter, text)):
        read = _DATA.sub("", letters)
        if found := _ADDRESS.search(read):
            return read[found.start() :]
    return ""


def _letter(found: re.Match[str]) -> str:
    if found[1]:
        return chr(number) if 0 < (number := int(found[1], 16)) <= _LAST else ""
    return found[2] or ""
