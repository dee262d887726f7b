"""Code with colours, by Pygments: classes whose colours the style has for day and for night."""

from __future__ import annotations

import html
import re

_MARKUP = re.compile(r"<[^>]*>")


def highlighted(code: str, language: str) -> str:
    """A code block as HTML. The text is never changed: where a lexer would, the code stays plain."""
    code = code.removesuffix("\n")
    colours = _colours(code, language) if language else None
    return f"<pre><code>{html.escape(code, quote=False) if colours is None else colours}</code></pre>"


def _colours(code: str, language: str) -> str | None:
    from pygments import highlight
    from pygments.formatters import HtmlFormatter
    from pygments.lexers import get_lexer_by_name
    from pygments.util import ClassNotFound

    try:
        lexer = get_lexer_by_name(language, stripnl=False, ensurenl=False)
    except ClassNotFound:
        return None
    marked = str(highlight(code, lexer, HtmlFormatter(nowrap=True, classprefix="hl-"))).removesuffix("\n")
    return marked if html.unescape(_MARKUP.sub("", marked)) == code else None
