"""What lines and blocks look like: whether they show anything, are bold, are links alone, begin with a number, are an empty form."""

from __future__ import annotations

import re
from collections.abc import Sequence

from notedeck.outline.blocks import IMAGE, Block, LeafKind, Line, cut, is_link, lines_of, masked, text_of, walk

_PLACEHOLDER = re.compile(
    r"\s*+[\[(<{【](?:(?=[^\[\](){}<>【】]*?(?:질문|답|내용|제목|입력|적어|작성|question|answer))[^\[\](){}<>【】]*+|\s*+)[\])>}】]\s*+|(?:[^\w\ufffc]|_)++",
    re.IGNORECASE,
)
_SHOWN = (LeafKind.IMAGE, LeafKind.MATH, LeafKind.CODE)
_DECORATION = (
    r"(?:[\s•‣▶▷►◆◇■□●○✓✔✅☑➤➡★☆※\u2460-\u2473\u25a0-\u25ff\u2600-\u27bf\u2b00-\u2bff\U0001f000-\U0001faff\ufe0f\u200d]|\d\ufe0f?\u20e3|"
    r":[a-z][a-z0-9_+-]{1,30}:(?=\s))*"
)
_UNIT = (
    r"(?:[kKMGTPmµ]?(?:Hz|B|bps|V|W|A|Ω|m|g|L|s)|[cn]m|mAh|inch(?:es)?|버전|배|초|분|시간|주|개월|년|퍼센트|인치|센티(?:미터)?|(?:킬로|밀리)?(?:미터|그램)|킬로|"
    r"톤|리터|볼트|와트|암페어|화소|픽셀|달러|원|억|만|천|개|명|점|도|차원|세대|평)"
    r"(?:은|는|이|가|을|를|의|로|으로|도|와|과|에|란|이란|만|짜리|급|씩|당|쯤|보다|마다|까지|부터)?(?![A-Za-z가-힣\d])"
)
"""What is measured, as a word by itself or before a particle: `3.5 인치는` is no section, `2.1 배열은` is one."""
_NUMBERING = re.compile(
    _DECORATION + r"(?:\d{1,3}\s?[.)](?:\s+|(?=[가-힣]))|\d{1,2}(?:[.-]\d{1,2}){1,3}[.)]?\s+"
    rf"(?!{_UNIT})(?=[A-Za-z가-힣\"'“‘\ufffc]))?"
)
"""A heading's number: a dot or bracket and a space behind it (`3.x` and `1:N` are words), or parts like `2.1`; and signs that only decorate."""
_DEFINED = re.compile(r"([^?？\n]{1,40}란\s?[?？])\s+(?=\S)")
_STARRED = re.compile(r"\s*+[★☆\u2600-\u27bf\u2b00-\u2bff\U0001f000-\U0001faff]")


def is_placeholder(line: Line) -> bool:
    """Whether a line says nothing that could be asked: an empty form (`[질문]`, `(답을 적어 주세요)`, `___`), or signs alone (`?`)."""
    return bool(_PLACEHOLDER.fullmatch(masked(line))) and not any(leaf.kind in _SHOWN for leaf in line)


def numbering(line: Line) -> int:
    """How many characters of a heading are its number (`1. `, `3) `, `2.1 `) or signs before it; 0 if it has none."""
    found = _NUMBERING.match(masked(line))
    return found.end() if found else 0


def is_strong(line: Line) -> bool:
    """Whether all text of a line is bold."""
    shown = [leaf.marks for leaf in line if leaf.text and not leaf.text.isspace()]
    return bool(shown) and () not in shown and all("strong" in [mark.name for mark in marks] for marks in shown)


def stands_out(leaves: Line) -> bool:
    """Whether anything in some lines is marked, or they begin with a sign: in most there is nothing of the kind."""
    return any(leaf.marks for leaf in leaves) or is_starred(leaves)


def bold_question(line: Line) -> int:
    """Where a bold question ends that has its answer behind it on its line (`**AOP란?** 관심사를 …`); 0 if there is none."""
    end = 0
    if not line or not line[0].marks:
        return 0
    for leaf in line:
        if not any(mark.name == "strong" for mark in leaf.marks):
            break
        end += len(leaf.text)
    head, rest = text_of(cut(line, 0, end)).rstrip(), text_of(cut(line, end))
    return end if head.endswith(("?", "？")) and len(rest.split()) > 1 else 0


def defined_end(line: Line) -> int:
    """Where a question ends that has a definition behind it on its line (`큐란? 먼저 온 것이 …`); 0 if there is none."""
    found = _DEFINED.match(masked(line))
    return found.end(1) if found and len(masked(line)[found.end() :].split()) > 1 else 0


def is_starred(line: Line) -> bool:
    """Whether a line begins with a sign by which people mark what they ask (`❓`, `💡`, `⭐`)."""
    return bool(_STARRED.match(masked(line)))


def is_only_links(line: Line) -> bool:
    """Whether a line holds nothing but links and pictures."""
    others = [leaf for leaf in line if leaf.kind is not IMAGE and not is_link(leaf)]
    return len(others) < len(line) and not any(map(str.isalnum, "".join([leaf.text for leaf in others])))


def leads_within(line: Line) -> bool:
    """Whether a line is nothing but links to other places of its page."""
    targets = [mark.target for leaf in line for mark in leaf.marks if mark.name == "a"]
    return bool(targets) and all(target.startswith("#") for target in targets) and is_only_links(line)


def is_blank(line: Line) -> bool:
    """Whether a line shows nothing: no text, no picture, no link."""
    for leaf in line:
        if leaf.text and not leaf.text.isspace():
            return False
    return not is_only_links(line)


def shows(blocks: Sequence[Block]) -> bool:
    """Whether blocks show anything to learn: text, a picture, a link."""
    for block in walk(blocks):
        for leaf in block.leaves:
            if leaf.marks or (leaf.text and not leaf.text.isspace()) or leaf.kind is IMAGE:
                return True
    return False


def says_something(blocks: Sequence[Block]) -> bool:
    """Whether blocks show more than links."""
    return shows(blocks) and not all(is_only_links(line) for block in walk(blocks) for line in lines_of(block.leaves))
