"""The Markdown that these notes are written in: markdown-it-py with the rules that differ from CommonMark.

Each rule below says what it is for. All of them act on the one parser that `parser()` makes.
"""

from __future__ import annotations

import re
from collections.abc import Callable

from markdown_it import MarkdownIt, rules_inline
from markdown_it.common.normalize_url import validateLink
from markdown_it.rules_block import StateBlock
from markdown_it.rules_core import StateCore
from markdown_it.rules_inline import StateInline
from markdown_it.token import Token

from notedeck.machine.mediatypes import MEDIA, suffix_of
from notedeck.outline.cjk import cjk_plugin
from notedeck.outline.folds import folds_plugin, read_as_text
from notedeck.outline.footnotes import footnotes_plugin
from notedeck.outline.formulas import formulas_plugin
from notedeck.outline.obsidian import obsidian_plugin
from notedeck.outline.tablerows import table_rows_plugin

BLOCK_DEPTH = 100
"""How deep blocks may lie in blocks: a list costs two, so fifty lists. What is deeper is read as plain text."""
INLINE_DEPTH = 20
"""How deep brackets may lie in brackets, CommonMark's preset in markdown-it. What is deeper is text."""


def parser() -> MarkdownIt:
    """A parser for notes.

    CommonMark's rule for link reference definitions is off: in notes `[Q]: 답` is an answer, and it would make that vanish.
    Strikethrough takes two tildes alone, so `1~3장과 4~6장` is not struck.
    """
    md = MarkdownIt("commonmark", {"maxNesting": BLOCK_DEPTH + 50})
    md.validateLink = _may_be_linked  # type: ignore[assignment, method-assign]
    md.enable(["table", "strikethrough"]).disable("reference")
    md.use(cjk_plugin).use(half_lazy_plugin).use(quote_end_plugin).use(folds_plugin).use(depth_plugin).use(spaced_path_plugin)
    md.use(formulas_plugin).use(table_rows_plugin).use(footnotes_plugin).use(obsidian_plugin)
    _count_lines(md)
    _limit_brackets(md)
    return md


def half_lazy_plugin(md: MarkdownIt) -> None:
    """A line that is indented less than the list it follows belongs to the list's parent.

    CommonMark gives such a lazy line to the deepest open paragraph, that is, to the last item of the list;
    its writer meant the conclusion of the whole answer (of 1,547 Markdown files of Korean notes 38 read differently for it, and better).
    """

    def dedent(state: StateBlock, start: int, end: int, silent: bool) -> bool:
        return silent and state.listIndent >= 0 and state.blkIndent > state.listIndent and 0 <= state.sCount[start] < state.listIndent

    md.block.ruler.before("paragraph", "half_lazy", dedent, {"alt": ["paragraph"]})


def quote_end_plugin(md: MarkdownIt) -> None:
    """In a list item a line without `>` ends a quotation: below `> 질문?` stands its answer, and no more of the question."""

    def quote_end(state: StateBlock, start: int, end: int, silent: bool) -> bool:
        return silent and state.parentType == "blockquote" and state.blkIndent > 0

    md.block.ruler.before("paragraph", "quote_end", quote_end, {"alt": ["blockquote"]})


def depth_plugin(md: MarkdownIt) -> None:
    """Read what lies too deep as a plain paragraph, where markdown-it-py would drop it without a word."""

    def too_deep(state: StateBlock, start: int, end: int, silent: bool) -> bool:
        if silent or state.level < BLOCK_DEPTH:
            return False
        read_as_text(state, start, end)
        return True

    md.block.ruler.before("table", "too_deep", too_deep)


def _may_be_linked(address: str) -> bool:
    """Whether an address is read as one; markdown-it takes a picture in it for none if it is drawn in lines."""
    return validateLink(address) or address[:11].lower() == "data:image/"


def _limit_brackets(md: MarkdownIt) -> None:
    """Give inline text its own depth: at the depth that lists need, a row of `[` takes seconds."""
    inner = MarkdownIt("commonmark", {"maxNesting": INLINE_DEPTH})
    inner.inline = md.inline
    inner.validateLink = _may_be_linked  # type: ignore[assignment, method-assign]

    def inline(state: StateCore) -> None:
        for token in state.tokens:
            if token.type == "inline":
                token.children = []
                inner.inline.parse(token.content, inner, state.env, token.children)

    md.core.ruler.at("inline", inline)


def _count_lines(md: MarkdownIt) -> None:
    """Note on a token the line ends that its source held and that no token shows (in code, in a link's address)."""
    rules = {"backticks": rules_inline.backtick, "link": _near(rules_inline.link), "image": _near(rules_inline.image)}
    for name, rule in rules.items():
        md.inline.ruler.at(name, _counting(rule))


def _near(rule: Callable[[StateInline, bool], bool]) -> Callable[[StateInline, bool], bool]:
    """A rule for links that reads a bracket only if an address may follow: it goes through all brackets behind to find the end of the text."""

    def near(state: StateInline, silent: bool) -> bool:
        may_follow = state.src.find("](", state.pos, state.pos + _LINK_TEXT) >= 0
        return (may_follow or _may_refer(state)) and rule(state, silent)

    return near


def _may_refer(state: StateInline) -> bool:
    """Whether the name of an address may follow a bracket."""
    return bool(state.env.get("references")) and state.src.find("][", state.pos, state.pos + _LINK_TEXT) >= 0


_LINK_TEXT = 2_000
"""Characters that the text of a link or a picture may have."""


def _counting(rule: Callable[[StateInline, bool], bool]) -> Callable[[StateInline, bool], bool]:
    def counted(state: StateInline, silent: bool) -> bool:
        start, first = state.pos, len(state.tokens)
        if not rule(state, silent):
            return False
        if not silent and (ends := state.src.count("\n", start, state.pos)):
            shown = sum(token.type in ("softbreak", "hardbreak") for token in state.tokens[first:])
            state.tokens[-1].meta["ends"] = ends - shown
        return True

    return counted


_SPACED = re.compile(r"(!?)\[([^\[\]\n]{0,2000})\]\(([^()<>\n\"]{1,1000})\)")
_SIZE_BEHIND = re.compile(r"[ \t]=(\d{1,4})x\d{0,4}$")


def spaced_path_plugin(md: MarkdownIt) -> None:
    """Read `![그림](1장 그림/a b.png)` and `[자료](1장/자료 둘.pdf)`: people write paths with spaces, for which CommonMark wants `<...>`.

    `![그림](a.png =300x)` has a picture's width, as HackMD wants it.
    """

    def spaced_path(state: StateInline, silent: bool) -> bool:
        found = _SPACED.match(state.src, state.pos)
        if found is None or " " not in found[3].strip():
            return False
        size = _SIZE_BEHIND.search(found[3]) if found[1] else None
        address = found[3][: size.start()].strip() if size else found[3].strip()
        if not (suffix_of(address) in MEDIA if found[1] and not size else size or _is_file(address)):
            return False
        if not silent:
            _push_path(state, found, address, size[1] if size else "")
        state.pos = found.end()
        return True

    md.inline.ruler.before("link", "spaced_path", spaced_path)


def _is_file(address: str) -> bool:
    """Whether an address with spaces is a file beside the notes: what is behind an address in quotation marks is its title."""
    return bool(suffix_of(address)) and not address.startswith(("'", '"'))


def _push_path(state: StateInline, found: re.Match[str], address: str, width: str) -> None:
    tokens: list[Token] = []
    state.md.inline.parse(found[2], state.md, state.env, tokens)
    if found[1]:
        token = state.push("image", "img", 0)
        token.attrs = {"src": address, "alt": "", **({"width": width} if width else {})}
        token.content, token.children = found[2], tokens
        return
    state.push("link_open", "a", 1).attrs = {"href": address}
    state.tokens.extend(tokens)
    state.push("link_close", "a", -1)
