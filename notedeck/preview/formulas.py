r"""Formulas in a field, `\(…\)` and `\[…\]` as Anki's MathJax reads them -> MathML, which a browser draws by itself.

The library puts words of `\text` into its XML as they stand, and knows links and styles: so what it gives is read
again, and only elements and attributes that draw formulas are taken. A formula with anything else stays as code.
"""

from __future__ import annotations

import html
import re
from collections.abc import Iterator
from functools import lru_cache
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from xml.etree.ElementTree import Element

_MARKS = re.compile(r"\\[()\[\]]|</?(?:pre|code)\b")
_CLOSING = {"\\(": "\\)", "\\[": "\\]"}
_COMMAND = re.compile(r"\\\w")
_WORDS = re.compile(r"(\\(?:text[a-z]*|mbox|hbox)\s*\{)([^{}]*)")
_LONGEST = 2_000
"""Characters; a longer one is no formula that somebody reads on a card."""
_MOST = 1_000
"""Formulas of a field that are drawn: nobody reads more on a card, and each takes a tenth of a millisecond."""
_NAMESPACE = "{http://www.w3.org/1998/Math/MathML}"
_ELEMENTS = frozenset(
    "math mrow mi mn mo ms mtext mspace mstyle mfrac msqrt mroot msub msup msubsup munder mover munderover mmultiscripts "
    "mprescripts mtable mtr mtd mpadded mphantom menclose merror".split()
)
_ATTRIBUTES = frozenset(
    "accent accentunder columnalign columnlines columnspacing depth display displaystyle fence form height largeop "
    "linethickness lspace mathbackground mathcolor mathvariant mathsize maxsize minsize movablelimits notation rowalign rowlines rowspacing "
    "rspace scriptlevel separator stretchy symmetric voffset width".split()
)

_ARGUMENTS = {"mfrac": 2, "mroot": 2, "msub": 2, "msup": 2, "munder": 2, "mover": 2, "msubsup": 3, "munderover": 3}
"""How many children an element has; the library leaves some out where a formula ends too early."""


def with_formulas(field: str) -> str:
    """A field with its formulas as MathML; what stands in code stays, as MathJax leaves it."""
    if "\\(" not in field and "\\[" not in field:
        return field
    parts: list[str] = []
    end = 0
    for number, (begin, stop) in enumerate(_formulas(field)):
        parts += [field[end:begin], _drawn(field[begin:stop], number < _MOST)]
        end = stop
    return "".join([*parts, field[end:]])


def _formulas(field: str) -> Iterator[tuple[int, int]]:
    """Where formulas stand, their marks included: in one pass, however many marks are never closed."""
    codes = 0
    begin, closing = 0, ""
    for found in _MARKS.finditer(field):
        mark = found[0]
        if mark.startswith("<"):
            codes += -1 if mark.startswith("</") else 1
        elif closing == mark:
            yield begin, found.end()
            closing = ""
        elif not closing and not codes and mark in _CLOSING:
            begin, closing = found.start(), _CLOSING[mark]


def _drawn(written: str, is_wanted: bool) -> str:
    """A formula with its marks, as it stands in a field, drawn if that is wanted and can be, else as code; one across tags is none."""
    if "<" in written:
        return written
    return (is_wanted and _mathml(html.unescape(written[2:-2]), written.startswith("\\["))) or f"<code>{written}</code>"


@lru_cache(maxsize=4096)
def _mathml(tex: str, is_block: bool) -> str:
    """A formula as MathML; the empty string if it cannot be had."""
    from xml.etree import ElementTree as Xml

    from latex2mathml.converter import convert

    if len(tex) > _LONGEST:
        return ""
    try:
        root = Xml.fromstring(convert(_WORDS.sub(lambda words: words[1] + html.escape(words[2]), tex), display="block" if is_block else "inline"))
    except Exception:  # the library raises errors of many kinds of its own, and Python's
        return ""
    for element in root.iter():
        element.tag = element.tag.removeprefix(_NAMESPACE)
        if not _is_harmless(element):
            return ""
    return Xml.tostring(root, "unicode")


def _is_harmless(element: Element) -> bool:
    """Whether an element draws a formula and does nothing else; an unknown command, which stays as it is, draws none."""
    is_whole = len(element) == _ARGUMENTS.get(element.tag, len(element)) and not _COMMAND.match(element.text or "")
    return is_whole and element.tag in _ELEMENTS and _ATTRIBUTES.issuperset(element.keys())
