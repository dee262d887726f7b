"""What the Markdown of Obsidian and Logseq has beside CommonMark's: links and embeds in double brackets, comments, and what is for their own use.

That is `![[그림.png|300]]`, `[[쪽|글]]` and `[[쪽#^abc123|글]]`, `%% 숨긴 말 %%`; behind a line `^abc123` and `#태그`, or `id:: …`.
"""

from __future__ import annotations

import re
from pathlib import PurePosixPath

from markdown_it import MarkdownIt
from markdown_it.rules_block import StateBlock
from markdown_it.rules_inline import StateInline
from markdown_it.token import Token

SIZE = re.compile(r"\s*(\d{1,4})(?:x\d{1,4})?\s*")
"""A picture's width, and maybe its height, where Obsidian wants them."""
COMMENT = "comment_block"
ASIDE_SIGNS = ("#", "^", "%%", ":: ", "((")
"""Without one of these nothing stands in a text that `without_asides` takes off."""
_WIKI = re.compile(r"(!?)\[\[(?![\s\d.,-]*\])([^\[\]\n|]{1,400})(?:\|([^\[\]\n]{0,400}))?\]\](?![(\[])")
_BLOCK_ID = re.compile(r"#\^[\w-]*$")
_TAG = re.compile(r"#(?=[\w/-]{0,60}[^\W\d_])[\w/-]{1,60}")
_NAME = re.compile(r"\^[A-Za-z0-9-]{1,40}")
_MOST = 20
"""Tags behind a line."""
_PROPERTY = re.compile(r"(?:id:: [0-9a-f]{8}-[0-9a-f-]{27}|(?:collapsed|heading|background-color|card-[a-z-]+|logseq\.[a-z.-]+):: [\w.:/ -]{1,80})")
"""A line that Logseq keeps below a block for its own use."""
_COLOUR = re.compile(r"#(?:[0-9A-Fa-f]{3}|[0-9A-Fa-f]{6}|[0-9A-Fa-f]{8})(?![\w/-])")
_MADE = re.compile(r"\^(?=[a-z]*\d)[a-z0-9]{6}")
"""A block's name as Obsidian makes one."""
_SAID = re.compile(r"[.?!。？！…)\]）”\"'`~*_]|[다요까죠음함됨임란]")
"""With what a sentence ends, or a bullet of notes."""
_REMARK = re.compile(
    r"`[^`\n]*`|(?:^|(?<=\()|[ \t])%%(?!%)[^%\n]+%%(?![^\s.,!?)])|[ \t]?\(\([0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}\)\)", re.MULTILINE
)
"""A comment on one line, or a block of Logseq by its number, which says nothing to a reader; or code, in which there is none."""
_NO_END = "notedeck no comment ends"


def obsidian_plugin(md: MarkdownIt) -> None:
    """Read links and embeds in double brackets, and comments of several lines."""
    md.inline.ruler.before("link", "wiki", _wiki)
    md.block.ruler.before("paragraph", "comment", _comment, {"alt": ["paragraph", "reference", "blockquote", "list"]})


def _wiki(state: StateInline, silent: bool) -> bool:
    """A link to another note by its name, or a file that is shown in its place."""
    found = _WIKI.match(state.src, state.pos)
    if found is None or (found[2][0].isspace() and found[2].endswith(" ")):
        return False
    if not silent:
        target, words = found[2].strip(), (found[3] or "").strip()
        if found[1] and PurePosixPath(target).suffix:
            _embed(state, target, words)
        else:
            _link(state, target, words)
    state.pos = found.end()
    return True


def _embed(state: StateInline, target: str, words: str) -> None:
    """A file: what stands last behind a bar may be its width, and what stands before is what it is called."""
    *before, last = words.split("|")
    size = SIZE.fullmatch(last)
    token = state.push("image", "img", 0)
    token.content = "|".join(before if size else (*before, last)).strip()
    token.attrs = {"src": target, "alt": token.content, **({"width": size[1]} if size else {})}
    token.children = [Token("text", "", 0, content=token.content)] if token.content else []


def _link(state: StateInline, target: str, words: str) -> None:
    opening = state.push("link_open", "a", 1)
    opening.attrs = {"href": target}
    text = state.push("text", "", 0)
    text.content = words or _BLOCK_ID.sub("", target).lstrip("#") or target
    state.push("link_close", "a", -1)


def _comment(state: StateBlock, start: int, end: int, silent: bool) -> bool:
    """Lines between two `%%`: their writer wants nobody to see them. Without the second they are text."""
    text = state.src[state.bMarks[start] + state.tShift[start] : state.eMarks[start]].strip()
    if not text.startswith("%%") or text.startswith("%%%") or "%%" in text[2:] or state.is_code_block(start):
        return False
    known, block = state.env.setdefault(_NO_END, {}), (end, state.eMarks[end - 1])
    stop = None if start > known.get(block, end) else _comment_end(state, start, end)
    if stop is None:
        known[block] = min(start, known.get(block, start))
        return False
    if not silent:
        token = state.push(COMMENT, "", 0)
        token.map, token.hidden = [start, stop], True
        token.content = state.getLines(start, stop, state.blkIndent, False)
        state.line = stop
    return True


def _comment_end(state: StateBlock, start: int, end: int) -> int | None:
    """The line behind a comment."""
    for line in range(start + 1, end):
        if state.src.endswith("%%", state.bMarks[line], state.bMarks[line] + len(state.src[state.bMarks[line] : state.eMarks[line]].rstrip())):
            return line + 1
    return None


def without_asides(content: str) -> tuple[str, list[str]]:
    """The text of a block without comments, and without the tags and the names of blocks behind its lines; and what these were.

    A tag at a line's end may be what the line says (`아이디 선택자는 #header`): only behind a sentence's end is it a tag.
    """
    taken: list[str] = []
    if "%%" in content or "((" in content:
        content = _REMARK.sub(lambda found: found[0] if found[0].startswith("`") else _taken(found[0], taken), content).strip()
    if any(sign in content for sign in ("#", "^", ":: ")):
        content = "\n".join([_without_tail(line, taken) for line in content.split("\n")])
    return content, taken


def _taken(words: str, taken: list[str]) -> str:
    taken.append(words.strip())
    return ""


def _without_tail(line: str, taken: list[str]) -> str:
    bare = line.strip()
    begin = _tail(line)
    tail = line[begin:].strip()
    is_tags = begin == 0 and len(tail.split()) > 1 and not _NAME.search(tail)  # one alone could be an answer: `#header`
    if is_tags or _PROPERTY.fullmatch(bare):
        taken.append(bare)
        return ""
    if not tail or not _is_aside(line[:begin].rstrip(), tail):
        return line
    taken.append(tail)
    return line[:begin].rstrip()


def _tail(line: str) -> int:
    """Where the tags and the name begin that a line ends with; its length if it ends with none."""
    found = stop = len(line.rstrip())
    for number in range(_MOST):
        begin = max(line.rfind(" ", 0, stop), line.rfind("\t", 0, stop)) + 1
        word = line[begin:stop]
        if not _TAG.fullmatch(word) and (number or not _NAME.fullmatch(word)):
            break
        found, stop = begin, len(line[:begin].rstrip())
    return found


def _is_aside(before: str, tail: str) -> bool:
    """Whether what stands behind a line is for Obsidian and no part of what the line says."""
    if not before or _COLOUR.match(tail):
        return False
    if _SAID.match(before[-1]):
        return True
    return bool(_MADE.fullmatch(tail.strip())) or (tail.startswith("^") and len(tail.strip()) > 4 and not before[-1].isascii())
