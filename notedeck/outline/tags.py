"""Which HTML in notes is markup, which is text that looks like it (`List<String>`), and which must go.

The final word on attributes and addresses is `cleaning.clean`, by nh3; here each tag only gets its part.
"""

from __future__ import annotations

import html
import re
from collections.abc import Iterator
from dataclasses import dataclass
from enum import Enum, auto

MARKS = {
    "a": "a", "b": "strong", "strong": "strong", "i": "em", "em": "em", "u": "u", "ins": "u", "s": "s", "del": "s",
    "strike": "s", "mark": "mark", "sub": "sub", "sup": "sup", "kbd": "kbd", "small": "small", "code": "code",
}  # fmt: skip
"""Tags around text, and the mark each becomes."""

BLOCKS = frozenset(
    "p div ul ol li blockquote table thead tbody tfoot tr th td caption details summary hr h1 h2 h3 h4 h5 h6 pre dl "
    "dt dd figure figcaption aside ruby rt rp".split()
)
"""Tags that stay as they are."""

NESTING = BLOCKS - frozenset("p li thead tbody tfoot tr th td caption hr h1 h2 h3 h4 h5 h6 dt dd ruby rt rp".split())
"""Of these, those that lie in each other until they are closed; a second one of the others closes the first."""

_TRANSPARENT = frozenset("span font center section article header footer main nav colgroup col".split())
"""Tags without a meaning on a card; what they hold stays."""

_REMOVED = frozenset(
    "script style iframe object embed applet form input button textarea select option optgroup link meta base frame "
    "frameset noscript template canvas svg math dialog portal slot title head body html".split()
)
"""Tags that load, run or take input; what `script` and `style` hold goes with them."""

_PLAYED = frozenset({"audio", "video", "source", "track"})
"""Tags that play a file beside the notes."""

SILENT = frozenset({"script", "style"})
"""Elements whose text nobody sees."""


class Part(Enum):
    """What a tag is to us."""

    MARK = auto()
    BLOCK = auto()
    BREAK = auto()
    IMAGE = auto()
    PLAYED = auto()
    NOTHING = auto()
    REMOVED = auto()
    TEXT = auto()


@dataclass(frozen=True, slots=True)
class Tag:
    """A tag as found in the notes."""

    part: Part
    name: str = ""
    closes: bool = False
    attributes: str = ""

    def attribute(self, name: str) -> str:
        """The value of an attribute, or the empty string."""
        found = next((one for one in _ATTRIBUTE.finditer(self.attributes) if one[1].lower() == name), None)
        return html.unescape(found[2] or found[3] or found[4] or "") if found else ""


_TAG = re.compile(r"<(/?)([a-z][a-z0-9]*|[A-Z][A-Z0-9]*)((?:\s[^<>]*)?)/?>")
_ATTRIBUTE = re.compile(r"""([^\s"'>/=]++)(?:\s*+=\s*+(?:"([^"]*+)"|'([^']*+)'|([^\s"'>]++)))?""")
_PIECE = re.compile(r"<!--|</?[A-Za-z][^<>]*>")


def pieces_of(raw: str) -> Iterator[tuple[int, int]]:
    """Where the tags and comments in raw HTML begin and end; all between them is text, as is the sign of a comment that nobody ends."""
    last, end = raw.rfind("-->"), 0
    for found in _PIECE.finditer(raw):
        if found.start() >= end and (found[0] != "<!--" or found.end() <= last):
            end = found.end() if found[0] != "<!--" else raw.index("-->", found.end()) + len("-->")
            yield found.start(), end


_WIDTH = re.compile(r"(?:^|[;\s])width:\s*(\d{1,5}(?:\.\d+)?)px", re.IGNORECASE)
_NUMBER = re.compile(r"\s*(\d{1,5})(?:\.\d+)?(?:px)?\s*", re.IGNORECASE)
_WIDEST = 4_000


def written_width(style: str) -> str:
    """The width in pixels that a style gives."""
    found = _WIDTH.search(style)
    return found[1] if found else ""


def width_of(written: str) -> int:
    """A picture's width in pixels, as its author writes it; 0 if that is none."""
    found = _NUMBER.fullmatch(written)
    width = int(found[1]) if found else 0
    return width if width <= _WIDEST else 0


def read_tag(raw: str) -> Tag:
    """Say what a piece of raw HTML is. A name in mixed case (`<String>`) or an unknown one is text."""
    if raw.startswith("<!--"):
        return Tag(Part.NOTHING)
    found = _TAG.fullmatch(raw)
    if not found:
        return Tag(Part.TEXT)
    name = found[2].lower()
    tag = Tag(_part(name), name, bool(found[1]), found[3])
    return Tag(Part.TEXT) if len(found[2]) == 1 and found[2].isupper() else tag


def _part(name: str) -> Part:
    if name in MARKS:
        return Part.MARK
    if name in BLOCKS:
        return Part.BLOCK
    if name in _REMOVED:
        return Part.REMOVED
    if name in _TRANSPARENT:
        return Part.NOTHING
    if name in _PLAYED:
        return Part.PLAYED if name != "track" else Part.NOTHING
    return {"br": Part.BREAK, "img": Part.IMAGE}.get(name, Part.TEXT)
