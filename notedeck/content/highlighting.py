"""Code with colours, by Pygments: classes whose colours the style has for day and for night."""

from __future__ import annotations

import html
from functools import lru_cache
from typing import TYPE_CHECKING

from notedeck.content.cleaning import TAG, escaped, serialised

if TYPE_CHECKING:
    from pygments.formatter import Formatter
    from pygments.lexer import Lexer


def highlighted(code: str, language: str) -> str:
    """A code block as HTML. The text is never changed: where a lexer would, the code stays plain."""
    code = code.removesuffix("\n")
    colours = _colours(code, language) if language else None
    return f"<pre><code>{escaped(code) if colours is None else colours}</code></pre>"


def _colours(code: str, language: str) -> str | None:
    lexer = _lexer(language)
    if lexer is None:
        return None
    from pygments import highlight

    marked = str(highlight(code, lexer(stripnl=False, ensurenl=False), _formatter())).removesuffix("\n")
    return serialised(marked) if html.unescape(TAG.sub("", marked)) == code else None


@lru_cache(maxsize=256)
def _lexer(language: str) -> type[Lexer] | None:
    """The class of a language's lexers; Pygments looks through a list of hundreds for it. An instance may keep what it read."""
    from pygments.lexers import find_lexer_class_by_name
    from pygments.util import ClassNotFound

    try:
        return find_lexer_class_by_name(language)
    except ClassNotFound:
        return None


@lru_cache(maxsize=1)
def _formatter() -> Formatter[str]:
    """Writes spans alone; to make one takes as long as a block of code."""
    from pygments.formatters.html import HtmlFormatter

    return HtmlFormatter(nowrap=True, classprefix="hl-")
