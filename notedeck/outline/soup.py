"""HTML -> a tree of elements, whatever the text: what it costs grows with the length of the text and with nothing else.

BeautifulSoup builds the tree. Python's parser below it goes back over the text for each mark that nobody closes (and each
version of Python in its own way), so what is no tag is escaped before, and what a reader never sees is left out.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from bs4 import BeautifulSoup, Tag

REMOVED = "notedeck-removed"
"""Stands for an element whose content Python's parser would read by rules of its own; `name` says which it was."""

_OPENING = re.compile(r"<(?:!--|[!?]|/?[A-Za-z])")
_NAME = re.compile(r"</?([A-Za-z][^\s/>]*)")
_REST_OF_TAG = re.compile(r"""(?:[^>=]++|=\s*+(?:"[^"]*+"|'[^']*+'|(?!["'])))*+>""")
_UNSEEN = ("script", "style", "title", "template")
_CLOSING = {name: re.compile(rf"</{name}(?=[\s/>])[^<>]*>", re.IGNORECASE) for name in _UNSEEN}
_RAW = frozenset({"textarea", "iframe", "noembed", "noframes", "noscript", "xmp", "plaintext", "listing"})
_VOID = frozenset("area base br col embed hr img input link meta param source track wbr".split())
"""Elements without an end (HTML, 13.1.2). Of one that says so itself, BeautifulSoup does not remember that its end may come, for each end to ask."""
_MOST_BROKEN = 20
"""How many tags without an end are looked for: each costs the length of the text. Behind the last, all is text."""


def soup(text: str) -> Tag:
    """The tree of an HTML text; scripts, styles, comments and declarations are not in it."""
    return _Soup("<body>" + "".join(_Pieces(text).pieces()), "html.parser")


class _Soup(BeautifulSoup):
    """A tree to which Python's parser only ever appends: each new element is the last one of all that are open."""

    def _linkage_fixer(self, el: Tag) -> None:
        """Leave all links as they are. What follows the elements around a new one is looked for at each depth, and nothing does."""


class _Pieces:
    """Cuts a text into tags and text, once from its start to its end."""

    def __init__(self, text: str) -> None:
        self.text = text
        self.broken = 0
        self.missing: set[str] = set()

    def pieces(self) -> Iterator[str]:
        place = 0
        while self.broken < _MOST_BROKEN and (found := _OPENING.search(self.text, place)):
            yield self.text[place : found.start()].replace("<", "&lt;")
            stop, piece = self._piece(found[0], found.start())
            yield piece
            place = stop
        yield self.text[place:].replace("<", "&lt;")

    def _piece(self, opening: str, start: int) -> tuple[int, str]:
        """Where a piece ends, and what stands for it."""
        if opening[1] in "!?":
            end = "-->" if opening == "<!--" else ">"
            stop = self._find(end, start + 2)
            return (start + 1, "&lt;") if stop < 0 else (stop + len(end), "")
        found = _REST_OF_TAG.match(self.text, start + len(opening))
        if found is None:
            self.broken += 1
            return start + 1, "&lt;"
        name = _name(self.text, start)
        if name in _UNSEEN:
            return self._behind(name, found.end()) if opening[1] != "/" else found.end(), ""
        if name in _RAW:
            return found.end(), f"</{REMOVED}>" if opening[1] == "/" else f'<{REMOVED} name="{name}">'
        tag = self.text[start : found.end()]
        return found.end(), f"{tag[:-1]} />" if name in _VOID and opening[1] != "/" and not tag.endswith("/>") else tag

    def _find(self, words: str, start: int) -> int:
        """Where `words` stand next, or -1; what was looked for in vain is not looked for again."""
        place = -1 if words in self.missing else self.text.find(words, start)
        if place < 0:
            self.missing.add(words)
        return place

    def _behind(self, name: str, start: int) -> int:
        """Where an element that nobody sees ends; if nobody closes it, only its tag goes."""
        found = None if name in self.missing else _CLOSING[name].search(self.text, start)
        if found is None:
            self.missing.add(name)
            return start
        return found.end()


def _name(text: str, start: int) -> str:
    found = _NAME.match(text, start)
    return found[1].lower() if found else ""
