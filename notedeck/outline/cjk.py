"""Emphasis beside Korean, Chinese and Japanese letters, for markdown-it-py.

CommonMark lets `**` close before a letter only if no punctuation stands before it, so `**역색인(index)**이라고`
stays literal. The amendment that markdown-cjk-friendly specifies (commonmark-spec issue 650) lets a CJK
neighbour count as white space does. `_` is left alone, and text without CJK letters reads as before.
"""

from __future__ import annotations

import unicodedata
from functools import lru_cache
from types import SimpleNamespace
from typing import Any

from markdown_it import MarkdownIt
from markdown_it.common.utils import isMdAsciiPunct, isPunctChar, isWhiteSpace
from markdown_it.rules_inline import emphasis, strikethrough
from markdown_it.rules_inline.state_inline import Scanned, StateInline

_EMOJI = range(0x1F000, 0x20000)
_EMOJI_BELOW = frozenset("⌚⌛⏩⏪⏫⏬⏰⏳◽◾☔☕♈♉♊♋♌♍♎♏♐♑♒♓♿⚓⚡⚪⚫⚽⚾⛄⛅⛎⛔⛪⛲⛳⛵⛺⛽✅✊✋✨❌❎❓❔❕❗➕➖➗➰➿⬛⬜⭐⭕")


def cjk_plugin(md: MarkdownIt) -> None:
    """Make `*` and `~` of this parser read CJK neighbours as the amendment says."""
    md.inline.ruler.at("emphasis", _with_our_scan(emphasis.tokenize))
    md.inline.ruler.at("strikethrough", _with_our_scan(strikethrough.tokenize))


def _with_our_scan(rule: Any) -> Any:
    def tokenize(state: StateInline, silent: bool) -> bool:
        if silent or state.src[state.pos] not in "*~":
            return bool(rule(state, silent))
        proxy = SimpleNamespace(
            src=state.src,
            pos=state.pos,
            md=state.md,
            push=state.push,
            tokens=state.tokens,
            delimiters=state.delimiters,
            scanDelims=lambda start, split: _scan(state.src, state.posMax, start),
        )
        found = bool(rule(proxy, silent))
        state.pos = proxy.pos
        return found

    return tokenize


def _scan(src: str, stop: int, start: int) -> Scanned:
    pos = start
    while pos < stop and src[pos] == src[start]:
        pos += 1
    return Scanned(*flanks(src, start, pos, stop), pos - start)


def flanks(src: str, start: int, stop: int, end: int) -> tuple[bool, bool]:
    """Whether a run of `*` or `~` between two places can open, and whether it can close; `end` is where the text around it ends."""
    return _flanks(_before(src, start), src[stop] if stop < end else " ")


@lru_cache(maxsize=4096)
def _flanks(before: str, after: str) -> tuple[bool, bool]:
    space_before, space_after = isWhiteSpace(ord(before[-1])), isWhiteSpace(ord(after))
    if space_before or space_after:
        return not space_after, not space_before
    punct_before, punct_after = _is_punctuation(before[-1]), _is_punctuation(after)
    beside = is_cjk(before[0]) or is_cjk(after)
    return (
        beside or punct_before or not punct_after or _is_ideographic_selector(before[-1]),
        beside or punct_after or not punct_before,
    )


def _before(src: str, start: int) -> str:
    """The character before a run; with it, first, the one that a variation selector belongs to."""
    if not start:
        return " "
    last = src[start - 1]
    return src[start - 2 : start] if 0xFE00 <= ord(last) <= 0xFE0E and start > 1 else last


def _is_punctuation(char: str) -> bool:
    return isMdAsciiPunct(ord(char)) or isPunctChar(char)


def _is_ideographic_selector(char: str) -> bool:
    return 0xE0100 <= ord(char) <= 0xE01EF


@lru_cache(maxsize=4096)
def is_cjk(char: str) -> bool:
    """East Asian wide, full or half width and no emoji, or Hangul (its conjoining letters are narrow)."""
    code = ord(char)
    if code < 0x1100:
        return False
    width = unicodedata.east_asian_width(char)
    wide = width == "W" and code not in _EMOJI and char not in _EMOJI_BELOW
    return width in "FH" or wide or 0x1160 <= code <= 0x11FF or 0xD7B0 <= code <= 0xD7FF
