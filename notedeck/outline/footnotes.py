"""Footnotes in Markdown (`글[^1]` with `[^1]: 각주`, `글^[각주]`), and links whose address stands elsewhere (`[글][책]` with `[책]: https://…`).

A note or an address that is written somewhere is known before the text is read; what refers to none is text. `[Q]: 답` is an
answer, so only an address is a definition, and only if something refers to it.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field

from markdown_it import MarkdownIt
from markdown_it.common.normalize_url import normalizeLink, validateLink
from markdown_it.common.utils import normalizeReference
from markdown_it.rules_block import StateBlock
from markdown_it.rules_inline import StateInline
from markdown_it.utils import EnvType

NOTES = "footnotes"
"""Where a parser's environment has the names of the notes that there are; `references` is markdown-it's own word for addresses."""
_NOTE = re.compile(r"\[\^([^\s\[\]]{1,40})\]:(?=[ \t]|$)")
_NOTE_LINE = re.compile(rf"^ {{0,3}}{_NOTE.pattern}", re.MULTILINE)
_REFERENCE = re.compile(r"\[\^([^\s\[\]]{1,40})\]")
_INLINE = re.compile(r"\^\[(?=[^\[\]\n]*[\s가-힣])[^\[\]\n]{1,500}\]")
_TITLE = r"""(?:[ \t]{1,8}(?:"[^"\n]*"|'[^'\n]*'|\([^()\n]*\)))?[ \t]*$"""
_ADDRESS_LINE = re.compile(
    r"^ {0,3}\[(?!\^)([^\[\]\n]{1,100})\]:[ \t]{1,8}<?((?:[a-z][a-z0-9+.-]{1,20}:|[./#])[^\s<>]{1,2000})>?" + _TITLE,
    re.MULTILINE | re.IGNORECASE,
)
_REFERS = re.compile(r"\[([^\[\]\n]{1,400})\]\[([^\[\]\n]{0,100})\]")
_INDENT = 2
"""Columns by which the further lines of a note are indented."""


@dataclass(frozen=True, slots=True)
class Elsewhere:
    """What a source's text refers to."""

    notes: frozenset[str] = frozenset()
    """The names of its footnotes."""
    addresses: dict[str, dict[str, str]] = field(default_factory=dict)
    """Those that something refers to, by their names as markdown-it compares them."""

    def __bool__(self) -> bool:
        return bool(self.notes or self.addresses)

    @property
    def env(self) -> EnvType:
        """The environment in which a parser knows of them."""
        return {NOTES: self.notes, "references": self.addresses}

    def without_definitions(self, content: str) -> tuple[str, list[str]]:
        """A paragraph without the lines that say what a name's address is; and these."""
        taken: list[str] = []

        def take(found: re.Match[str]) -> str:
            if normalizeReference(found[1]) not in self.addresses:
                return found[0]
            taken.append(found[0].strip())
            return ""

        return (_ADDRESS_LINE.sub(take, content), taken) if self.addresses and "]:" in content else (content, taken)


NOWHERE = Elsewhere()


def elsewhere(text: str) -> Elsewhere:
    """What a source's text refers to in it."""
    if "]:" not in text:
        return NOWHERE
    notes = frozenset(found[1] for found in _NOTE_LINE.finditer(text)) if "[^" in text else frozenset()
    wanted = {normalizeReference(found[2] or found[1]) for found in _REFERS.finditer(text)} if "][" in text else set()
    addresses = {
        name: {"href": address, "title": ""}
        for found in (_ADDRESS_LINE.finditer(text) if wanted else ())
        if (name := normalizeReference(found[1])) in wanted and validateLink(address := normalizeLink(found[2]))
    }
    return Elsewhere(notes, addresses)


def footnotes_plugin(md: MarkdownIt) -> None:
    """Read footnotes."""
    md.block.ruler.before("paragraph", "footnote", _note, {"alt": ["paragraph", "reference"]})
    md.inline.ruler.before("link", "footnote_ref", _reference)
    md.inline.ruler.before("link", "footnote_inline", _inline)


def _note(state: StateBlock, start: int, end: int, silent: bool) -> bool:
    """A footnote, by itself on the page: one in a bullet is where it belongs."""
    found = _NOTE.match(state.src, state.bMarks[start] + state.tShift[start], state.eMarks[start])
    if found is None or state.sCount[start] > _INDENT + 1:
        return False
    if silent:
        return not state.blkIndent or state.sCount[start] < state.blkIndent
    if state.level or state.blkIndent:
        return False
    opening = state.push("footnote_open", "aside", 1)
    opening.info = found[1]
    kept = state.bMarks[start], state.tShift[start], state.sCount[start], state.blkIndent, state.parentType
    content = found.end()
    while content < state.eMarks[start] and state.src[content] in " \t":
        content += 1
    state.bMarks[start], state.tShift[start], state.sCount[start] = content, 0, _INDENT
    state.blkIndent, state.parentType = _INDENT, "root"
    state.md.block.tokenize(state, start, end)
    state.bMarks[start], state.tShift[start], state.sCount[start], state.blkIndent, state.parentType = kept
    opening.map = [start, max(state.line, start + 1)]
    state.line = max(state.line, start + 1)
    state.push("footnote_close", "aside", -1)
    return True


def _reference(state: StateInline, silent: bool) -> bool:
    found = _REFERENCE.match(state.src, state.pos)
    if found is None or found[1] not in state.env.get(NOTES, ()):
        return False
    if not silent:
        token = state.push("footnote_ref", "sup", 0)
        token.content, token.info = f"[{found[1]}]", found[1]
    state.pos = found.end()
    return True


def _inline(state: StateInline, silent: bool) -> bool:
    """A footnote where it is referred to."""
    found = _INLINE.match(state.src, state.pos)
    if found is None:
        return False
    if not silent:
        kept = state.posMax
        state.push("small_open", "small", 1)
        state.push("text", "", 0).content = "("
        state.pos, state.posMax = state.pos + 2, found.end() - 1
        state.md.inline.tokenize(state)
        state.push("text", "", 0).content = ")"
        state.push("small_close", "small", -1)
        state.posMax = kept
    state.pos = found.end()
    return True
