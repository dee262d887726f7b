"""Bytes -> text, whatever encoding somebody's editor wrote."""

from __future__ import annotations

import codecs
import re
from itertools import islice

_BOMS = ((codecs.BOM_UTF8, "utf-8-sig"), (codecs.BOM_UTF16_LE, "utf-16"), (codecs.BOM_UTF16_BE, "utf-16"))
_CONTROLS = re.compile(r"[\x00-\x08\x0e-\x1f\x7f\ud800-\udfff\ufffe\uffff]")
_SPACES = re.compile(r"[\x0b\x0c\x85\u2028\u2029]")
_TO_TIDY = bytes(code for code in (*range(0x20), 0x7F) if code not in b"\t\n")
_RARE_TO_TIDY = tuple(char.encode() for char in "\x85\u2028\u2029\ufffe\uffff")
"""In UTF-8, all that `_tidy` changes."""


class NotTextError(ValueError):
    """The bytes are no text in any encoding that notes come in."""


def decode(data: bytes) -> tuple[str, str]:
    """The text of a file, and its encoding: `utf-8`, or another one that the author should hear of.

    Line ends become newlines; control characters, which nobody sees and which would break a package, go. Raises NotTextError.
    """
    for bom, encoding in _BOMS:
        if data.startswith(bom):
            return _tidy(_strictly(data, encoding)), "utf-8" if encoding == "utf-8-sig" else encoding
    if b"\0" in data:
        encoding = "utf-16-le" if data[1:2] == b"\0" else "utf-16-be"
        return _tidy(_believable(_strictly(data, encoding))), encoding
    try:
        text = data.decode("utf-8")
        return text if _is_tidy(data) else _tidy(text), "utf-8"
    except UnicodeDecodeError:
        return _tidy(_believable(_strictly(data, "cp949"))), "cp949"


def _strictly(data: bytes, encoding: str) -> str:
    try:
        return data.decode(encoding)
    except UnicodeDecodeError as error:
        raise NotTextError(str(error)) from error


def _believable(text: str) -> str:
    """Text that was guessed must look like text: hardly a control character in it."""
    few = len(text) // 100
    if sum(1 for _ in islice(_CONTROLS.finditer(text), few + 1)) > few:
        raise NotTextError("control characters")
    return text


def _is_tidy(data: bytes) -> bool:
    """Whether nothing in UTF-8 is to be tidied, as in most: to look through its bytes takes a fifth of the time."""
    return len(data.translate(None, _TO_TIDY)) == len(data) and not any(char in data for char in _RARE_TO_TIDY)


def _tidy(text: str) -> str:
    lines = text.replace("\r\n", "\n").replace("\r", "\n")
    return _CONTROLS.sub("", _SPACES.sub(" ", lines))
