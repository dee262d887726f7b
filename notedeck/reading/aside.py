"""Pages that are no notes: rules, agendas, guides, tables of members, lists of links, templates; and what is left of a page that is left out.

A page is judged by its name and by what it says. A question in it that somebody marked keeps it, and by its looks alone no page goes that has an
answer. Whether the lock knows a card of it is asked elsewhere.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace

from notedeck.account import Account
from notedeck.items.item import Item
from notedeck.items.ledger import Role
from notedeck.items.reading import Reading, with_follow_ups
from notedeck.outline.blocks import CODE_BLOCK, HEADING, TABLE, Block, Outline, is_link, leaves_of, plain_of
from notedeck.places.titles import name_of
from notedeck.plain import visible
from notedeck.reading.findings import Findings, pack

ASKED, NAMED, LOOKS = "asked", "named", "looks"
"""Why a page is left out: since the author said so, by its name, by what it says."""
_GUIDES = re.compile(
    r"(?:contributing|licen[cs]e|code[ _-]of[ _-]conduct|security|codeowners|"
    r"(?:pull[ _-]request|pr|issue|bug[ _-]report|feature[ _-]request)[ _-]template)"
    r"(?:[._-](?:ko|kr|en))?",
    re.IGNORECASE,
)
_TEMPLATE = re.compile(r"(?:.{0,40}[ _-])?(?:template|템플릿|양식|서식)", re.IGNORECASE)
_OTHER_MATTERS = re.compile(
    r"규칙|그라운드\s?룰|일정|진행|운영|참여|참가|구성원|멤버|팀원|스터디원|함께\s?(?:하는|한)|커밋|컨벤션|브랜치|목차|차례|벌금|안건|회의|공지|소개|"
    r"출석|커리큘럼|로드맵|사용\s?방법|실행\s?방법|설치|환경|기술\s?스택|폴더\s?구조|디렉[토터]리|작성\s?(?:방법|법|요령)|제출|기여|참고|출처|링크|"
    r"(?i:rules?|schedule|members?|contributors?|contributing|how to|getting started|install|usage|license|convention|commit|branch|agenda|notice|"
    r"curriculum|table of contents|references?|links?|progress|tech stack|structure)",
)
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
            is_other = bool(_OTHER_MATTERS.search(plain_of((block,))))
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
    return sum(bool(_COLUMN.search(words)) for words in heads) * 2 > len(heads)


def left_out(found: Findings) -> Findings:
    """What was read in a page that is left out: nothing, and all of its text is unread."""
    characters = found.account.characters
    roles = "".join(role if role == Role.NOTHING else Role.UNREAD for role in found.roles)
    return replace(found, gists=(), contents=pack(()), account=Account(characters, 0, 0, characters), diagnostics=(), roles=roles)
