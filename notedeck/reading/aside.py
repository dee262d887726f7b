"""Pages that are no notes: rules, agendas, guides, tables of members, lists of links, templates.

A page is judged by its name and by what it says. A question in it that somebody marked keeps it, and by its looks alone no page goes that has an
answer. Whether the lock knows a card of it is asked elsewhere.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from notedeck.items.item import Item
from notedeck.items.reading import Reading, with_follow_ups
from notedeck.outline.blocks import CODE_BLOCK, HEADING, TABLE, Block, Outline, is_link, leaves_of, plain_of
from notedeck.places.titles import name_of
from notedeck.plain import folded, visible

NAMED, LOOKS = "named", "looks"
"""Why a page may be left out: by its name, by what it says."""
_GUIDES = re.compile(
    r"(?:contributing|licen[cs]e|code[ _-]of[ _-]conduct|security|codeowners|"
    r"(?:pull[ _-]request|pr|issue|bug[ _-]report|feature[ _-]request)[ _-]template)"
    r"(?:[._-](?:ko|kr|en))?",
    re.IGNORECASE,
)
_TEMPLATE = re.compile(r"(?:.{0,40}[ _-])?(?:template|템플릿|양식|서식)", re.IGNORECASE)
_OTHER_MATTERS = re.compile(
    r"[\W_]*+(?:\d{1,2}[.)]\s?)?(?:(?:스터디|모임|프로젝트|팀|우리|study)[의는은]?\s?)?"
    r"(?:(?:그라운드\s?)?규칙|그라운드\s?룰|일정|진행\s?(?:방식|방법|일정|상황|현황)?|운영\s?(?:방식|방법|규칙)|참여자?|참가자?|구성원|멤버|팀원|스터디원|"
    r"함께\s?(?:하는|한)\s?(?:사람|분)들?|(?:커밋|commit)(?:\s?(?:메시지|message))?|(?:커밋|코드|git)?\s?컨벤션|브랜치(?:\s?전략)?|목차|차례|벌금|안건|"
    r"회의(?:록|\s?안건)?|공지(?:\s?사항)?|출석(?:부)?|커리큘럼|로드맵|(?:사용|실행|설치|참여|작성|제출|기여)\s?(?:방법|법|요령|규칙)|기술\s?스택|"
    r"(?:폴더|디렉[토터]리)\s?구조|(?i:(?:ground\s)?rules?|schedule|members?|contributors?|contributing|how to (?:use|run)|getting started|"
    r"install(?:ation)?|usage|license|(?:commit\s)?conventions?|agenda|notices?|curriculum|table of contents|contents|index|progress|tech stack))"
    r"(?:\s?(?:안내|소개|목록|표))?[\W_]*"
)
"""Headings under which a group writes of itself and of its files."""
_COLUMN = re.compile(
    r"(?i:이름|성명|멤버|팀원|구성원|담당|발표자?|날짜|일자|일시|기간|주차|회차|진도|진행|현황|범위|완료|상태|출석|링크|주소|깃허브|블로그|역할|"
    r"names?|members?|dates?|weeks?|status|roles?|links?|github|blog|profile|url)"
)
_COMMANDS = ("bash", "sh", "shell", "zsh", "console", "powershell", "cmd", "bat")
_COMMAND = re.compile(r"\s*(?:\$ |git |npm |npx |yarn |pnpm |pip |python3? |docker |brew |make |cd |mkdir |\./|curl |\[?(?:feat|fix|docs)\b)")
_MOST = 0.6
"""How much of a page's text must be of other matters."""


def why_aside(reading: Reading, outline: Outline, path: str) -> str:
    """Why a page may be left out; empty if it may not."""
    items = list(with_follow_ups(reading.items))
    if any(map(_is_marked, items)):
        return ""
    name = name_of(path)
    if _GUIDES.fullmatch(name):
        return NAMED
    is_answered = any(one.is_answered for one in items)
    return "" if is_answered else NAMED if _TEMPLATE.fullmatch(name) else LOOKS if _is_of_other_matters(outline) else ""


def _is_marked(item: Item) -> bool:
    """Whether somebody marked a question as one: by a label, or by the sign at its end."""
    words = plain_of((*item.context, *item.question))
    return bool(item.marks.labels) or item.is_cloze or "?" in words or "？" in words


def _is_of_other_matters(outline: Outline) -> bool:
    """Whether most of a page is links, commands, tables of members and dates, and what stands under headings that say such things."""
    parts = list(_parts(outline.blocks))
    every = sum(size for size, _ in parts)
    return bool(every) and sum(others for _, others in parts) >= _MOST * every


def _parts(blocks: Sequence[Block]) -> Iterator[tuple[int, int]]:
    """Of each block that is no heading how much it says, and how much of that is of other matters."""
    is_other = False
    for block in blocks:
        if block.kind is HEADING:
            is_other = bool(_OTHER_MATTERS.fullmatch(folded(plain_of((block,)))))
            continue
        leaves = leaves_of((block,))
        size = sum(visible(leaf.text) for leaf in leaves)
        links = sum(visible(leaf.text) for leaf in leaves if is_link(leaf))
        yield size, size if is_other or _is_form(block) else links


def _is_form(block: Block) -> bool:
    """Whether a block is a row of commands, or a table of members and dates."""
    if block.kind is CODE_BLOCK:
        return block.info.casefold() in _COMMANDS or bool(_COMMAND.match(plain_of((block,))))
    if block.kind is not TABLE or not block.children:
        return False
    heads = [plain_of((cell,)) for cell in block.children[0].children]
    return sum(bool(_COLUMN.fullmatch(words.strip())) for words in heads) * 2 > len(heads)
