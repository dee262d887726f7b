"""Plain text: what is compared, counted and hashed, without a thought of markup."""

from __future__ import annotations

import hashlib
import re
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass

_DECORATION = re.compile(r":[a-z0-9_+-]{2,40}:|[\u200b-\u200d\ufe0f]")
"""`:star:` is a picture on GitHub."""
_NUMBER = re.compile(r"^[^\w]*(?:q\s?)?\d{1,3}(?:[-.]\d{1,3})*[.):]\s*+(?=\S)")


@dataclass(frozen=True, slots=True)
class AtEnd:
    """A pattern that is looked for in the last `reach` characters of a text alone, so that a longer text takes no longer."""

    pattern: re.Pattern[str]
    reach: int

    def search(self, text: str) -> re.Match[str] | None:
        return self.pattern.search(text, max(len(text) - self.reach, 0))


def nfc(text: str) -> str:
    """The composed form, in which Anki stores fields, tags and names (exports from a Mac are decomposed)."""
    return unicodedata.normalize("NFC", text)


def folded(text: str) -> str:
    """NFC, with each run of white space as one space."""
    return " ".join(nfc(text).split())


def alike(text: str) -> str:
    """A name as it is compared: names that differ in case, in NFC or NFD, or in white space are one."""
    return folded(nfc(text).casefold())


def squeezed(text: str) -> str:
    """NFC without any white space: Korean spacing is the commonest edit that changes nothing."""
    return "".join(nfc(text).replace(" ", "").replace("\n", "").split())  # a split at each word takes five times as long


def visible(text: str) -> int:
    """How many characters of `text` are no white space."""
    return len("".join(text.split()))


def undecorated(words: str) -> str:
    """Words in small letters, without pictures and the number in front."""
    return _NUMBER.sub("", _DECORATION.sub(" ", nfc(words).casefold()))


def shortened(text: str, length: int = 60) -> str:
    """The start of `text` on one line, for a message."""
    line = folded(text)
    return line if len(line) <= length else line[: length - 1] + "…"


def digest(*parts: str) -> bytes:
    """SHA-256 of the parts, each with its length, so that no two lists of parts give one digest."""
    return hashlib.sha256(_framed(*parts)).digest()


def fingerprint(*parts: str) -> str:
    """A short digest in hexadecimal, 80 bits: enough to tell an edit, short enough for a line of text."""
    return digest(*parts).hex()[:20]


def fingerprints(parts: Iterable[str], last: str) -> tuple[str, str]:
    """Those of some parts with one more behind them, and without it; what they share is read once."""
    hashed = hashlib.sha256(_framed(*parts))
    without = hashed.hexdigest()[:20]
    hashed.update(_framed(last))
    return hashed.hexdigest()[:20], without


def _framed(*parts: str) -> bytes:
    return "".join([f"{len(part)}:{part}" for part in parts]).encode("utf-8", "surrogatepass")


_PLACES = re.compile(r"(\d+)")


def natural(text: str) -> tuple[tuple[int, int, str], ...]:
    """A key that sorts `2장` before `10장`."""
    parts = _PLACES.split(nfc(text).casefold())
    return tuple((0, len(part.lstrip("0")), part.lstrip("0")) if part.isdecimal() else (1, 0, part) for part in parts if part)
