"""HTML with tags of the notes in it -> HTML that can do no harm and is well formed, by nh3; and what that makes of text and of links."""

from __future__ import annotations

import html
import re
from functools import lru_cache

import nh3

TAG = re.compile(r"<[^<>]*>")
"""A tag in HTML as a cleaner writes it: nothing else in it holds `<` or `>`."""
_SCHEMES = {"http", "https", "ftp", "mailto"}
_TAGS = frozenset(
    "a aside b blockquote br caption code dd del details div dl dt em figcaption figure h1 h2 h3 h4 h5 h6 hr i img ins "
    "kbd li mark ol p pre s small span strong sub summary sup table tbody td tfoot th thead tr u ul".split()
)
_ATTRIBUTES = {
    "*": set[str](),
    "a": {"href"},
    "img": {"src", "alt"},
    "details": {"class", "open"},
    "ol": {"start"},
    "td": {"class", "colspan", "rowspan"},
    "th": {"class", "colspan", "rowspan"},
    **{tag: {"class"} for tag in ("summary", "div", "span", "li", "pre", "code", "table")},
}
_BOM = "\ufeff"
"""A parser takes one at its start for a mark of its encoding: ours, lest each cleaning take one of the notes'."""
_ROUNDS = 5
"""More cleanings than any HTML is known to need."""
_CLEANER = nh3.Cleaner(tags=_TAGS, attributes=_ATTRIBUTES, url_schemes=_SCHEMES, link_rel=None, strip_comments=True)
_TEXT_ALONE = nh3.Cleaner(tags={"br", "img"}, attributes={"img": {"src", "alt"}})


def clean(raw: str) -> str:
    """Let only the allowed tags, attributes and addresses through, and close what is open.

    A parser moves what lies where it may not (a bullet in a table), maybe to where the next parser moves it again: so until nothing
    does. What would move for ever becomes text.
    """
    raw = raw.removeprefix(_BOM)
    for _ in range(_ROUNDS):
        raw, before = _CLEANER.clean(_BOM + raw), raw
        if raw == before:
            return raw
    return _TEXT_ALONE.clean(raw)


def escaped(text: str) -> str:
    """Text as HTML, as a cleaner writes it."""
    return html.escape(text, quote=False).replace("\xa0", "&nbsp;")


def serialised(ours: str) -> str:
    """HTML of another writer whose tags are in order, with its text as a cleaner writes it."""
    return ours.replace("&quot;", '"').replace("&#39;", "'").replace("\xa0", "&nbsp;")


@lru_cache(maxsize=1 << 10)
def link_tag(address: str) -> str:
    """The tag that opens a link, with its address if that is one that may stand on a card."""
    return clean(f'<a href="{html.escape(address)}"></a>').removesuffix("</a>")
