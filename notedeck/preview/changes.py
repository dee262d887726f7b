"""What changed in a note since it was packed: the words of each field that is another, with what came and what went."""

from __future__ import annotations

import difflib
import html
import re
from collections.abc import Iterator, Mapping, Sequence

from notedeck.content.arming import SOUND
from notedeck.content.cleaning import TAG

_BLOCK = re.compile(r"<(?:br|hr|/?(?:p|div|ul|ol|li|table|tr|pre|blockquote|details|summary|aside|figure|figcaption|dl|dt|dd|h[1-6]))\b[^>]*>")
_CELL = re.compile(r"</t[dh]>")
_PICTURE = re.compile(r'<img\b[^>]*?alt="([^"]*)"[^>]*>')
_WORD = re.compile(r"\S++\s*+")
_MANY = 20_000
"""Words; nobody reads a comparison of more, and it would take long."""
_NOT_SHOWN = frozenset({"ID", "Book"})
"""Fields that say nothing that the deck's name does not."""


def plain_text(field: str) -> str:
    """The words of a field, a line for each block and break; a picture is its alternative text, and what is played is none."""
    field = SOUND.sub("", field) if "[" in field else field
    if "<" not in field and "&" not in field and "\n" not in field:
        return field.strip()
    if "<" in field:
        lined = _CELL.sub(" ", _BLOCK.sub("\n", field))
        field = TAG.sub("", _PICTURE.sub(r"[\1]", lined))
    lines = (line.strip() for line in html.unescape(field).split("\n"))
    return "\n".join(line for line in lines if line)


def changed_fields(old: Mapping[str, str], new: Mapping[str, str]) -> dict[str, str]:
    """The fields whose HTML is another, each as its words with `<ins>` and `<del>`; where only markup moved, as its words."""
    names = [name for name in new if name not in _NOT_SHOWN and old.get(name, "") != new[name]]
    return {name: marked(plain_text(old.get(name, "")), plain_text(new[name])) for name in names}


def marked(old: str, new: str) -> str:
    """The new words, with those that came in `<ins>` and those that went in `<del>`, as HTML."""
    before, after = _WORD.findall(old), _WORD.findall(new)
    is_read = len(before) + len(after) <= _MANY
    return "".join(_pieces(before, after)) if is_read else f"<ins>{html.escape(new, quote=False)}</ins>"


def _pieces(before: Sequence[str], after: Sequence[str]) -> Iterator[str]:
    old, new = ([word.strip() for word in words] for words in (before, after))
    for tag, begin, end, start, stop in difflib.SequenceMatcher(a=old, b=new).get_opcodes():
        if tag == "equal":
            yield html.escape("".join(after[start:stop]), quote=False)
            continue
        if begin < end:
            yield f"<del>{html.escape(''.join(before[begin:end]), quote=False)}</del>"
        if start < stop:
            yield f"<ins>{html.escape(''.join(after[start:stop]), quote=False)}</ins>"
