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
    "kbd li mark ol p pre rp rt ruby s small span strong sub summary sup table tbody td tfoot th thead tr u ul".split()
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


_SVG_TAGS = frozenset(
    "svg g defs symbol use path rect circle ellipse line polyline polygon text tspan textPath title desc marker pattern mask clipPath linearGradient "
    "radialGradient stop filter feGaussianBlur feOffset feBlend feMerge feMergeNode feColorMatrix feFlood feComposite feDropShadow switch "
    "foreignObject style div span p br b i strong em".split()
)
_SVG_ATTRIBUTES = frozenset(
    "xmlns xmlns:xlink xml:space version id class style transform viewBox preserveAspectRatio width height x y x1 y1 x2 y2 cx cy r rx ry fx fy "
    "d points pathLength fill fill-opacity fill-rule clip-rule clip-path mask filter stroke stroke-width stroke-opacity stroke-linecap stroke- "
    "linejoin stroke-miterlimit stroke-dasharray stroke-dashoffset opacity color display visibility overflow font-family font-size font-style "
    "font-weight font-variant letter-spacing word-spacing text-anchor text-decoration dominant-baseline alignment-baseline baseline-shift dx dy "
    "rotate textLength lengthAdjust startOffset writing-mode direction offset stop-color stop-opacity gradientUnits gradientTransform "
    "spreadMethod patternUnits patternContentUnits patternTransform maskUnits maskContentUnits clipPathUnits markerWidth markerHeight "
    "markerUnits marker-start marker-mid marker-end orient refX refY filterUnits primitiveUnits stdDeviation in in2 result mode type values "
    "operator k1 k2 k3 k4 flood-color flood-opacity vector-effect shape-rendering text-rendering href xlink:href requiredFeatures".split()
)
_LOADS = re.compile(r"@import|expression\s*\(|javascript:|\\|url\s*\(\s*+(?![\"']?#)", re.IGNORECASE)
"""What in a style would load something, or hide that it does."""


_SVG_STYLE = re.compile(r"<style\b[^<>]*>([^<]*)</style>")


def clean_svg(data: bytes) -> bytes:
    """A drawing without what could do harm or load anything, as XML; nothing if it is none."""
    from xml.etree import ElementTree as Xml

    try:
        text = data.decode("utf-8-sig")
        html_like = _SELF_CLOSED.sub(r"<\1\2></\1>", _XML_HEAD.sub("", text))
        kept = _SVG_STYLE.sub(_own_style, _SVG_CLEANER.clean(html_like))
        kept = kept.replace("<br>", "<br/>").replace("&nbsp;", "&#160;").replace(" xlink:href=", " href=").strip()
        return kept.encode() if Xml.fromstring(kept).tag.endswith("svg") else b""
    except (UnicodeDecodeError, ValueError, Xml.ParseError):
        return b""


_SELF_CLOSED = re.compile(r"<(iframe|script|style|title|div|span|p|textarea|xmp|noscript|noembed|b|i|strong|em)\b([^<>]*)/>", re.IGNORECASE)
"""Elements of XML that a parser of HTML would take for open."""
_XML_HEAD = re.compile(r"<\?[^<>]*>|<!DOCTYPE[^<>\[]*(?:\[[^\[\]]*\]\s*)?>", re.IGNORECASE)


def _own_reference(tag: str, name: str, value: str) -> str | None:
    """An attribute's value, of a reference only if it leads to a part of the drawing itself."""
    if name in ("href", "xlink:href"):
        return value if value.startswith("#") else None
    return None if _LOADS.search(value) else value


def _own_style(style: re.Match[str]) -> str:
    """A style, unless it loads something."""
    return "" if _LOADS.search(html.unescape(style[1])) else style[0]


_SVG_CLEANER = nh3.Cleaner(
    tags=_SVG_TAGS, attributes={"*": set(_SVG_ATTRIBUTES)}, clean_content_tags={"script"}, attribute_filter=_own_reference, strip_comments=True
)


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
