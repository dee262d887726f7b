"""An answer without what only says that it is one: rules at its ends, `A.`, `> 답변`, a fold that says `정답 보기`."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace

from notedeck.items.signs.labels import ANSWERED_NUMBER, answer_label, is_answer_word
from notedeck.items.signs.looks import is_blank, is_only_links, shows
from notedeck.items.signs.telling import points_at
from notedeck.outline.blocks import (
    BLOCK_QUOTE,
    BULLET_LIST,
    CODE_BLOCK,
    DETAILS,
    HEADING,
    MATH_BLOCK,
    ORDERED_LIST,
    PARAGRAPH,
    SUMMARY,
    TABLE,
    THEMATIC_BREAK,
    Block,
    Extent,
    LeafKind,
    Line,
    cut,
    extents,
    first_line,
    is_link,
    joined,
    leaves_of,
    lines_of,
    plain_of,
    text_of,
    walk,
)

_ENUMERATED = re.compile(r"\s*[B-Zb-z]\s?[.):]\s")
_ANSWER = r"(?:A\b|정답|답변|답|모범\s?답안|해답|해설|풀이|내용|설명|결과|answers?|solution|explanation)"
_SHOW = (
    r"(?:보기|확인(?:하기)?|열기|펼치기|펼쳐\s?보기|더\s?보기|보려면\s?클릭|클릭(?:하세요)?|접기|details?|토글|숨김|click(?:\s?(?:me|here))?|"
    r"(?:click\s(?:to|for)\s)?(?:show|see|view|reveal|open|expand|toggle)(?:\s?(?:the\s?)?(?:answer|solution))?)"
)
_REVEAL = re.compile(
    rf"\W*(?:(?:내|나의|예시|눌러서|펼쳐서|클릭해서)\s?|{ANSWERED_NUMBER})?"
    rf"(?:{_ANSWER}(?:\s?(?:및|과|와|&|/|\+|,|·)\s?{_ANSWER})*(?:은|을|를)?\s?\d{{0,3}}\W*+{_SHOW}?|{_SHOW}(?:\s?\W?\s?{_SHOW})*)\W*",
    re.IGNORECASE,
)
_HINT = re.compile(rf"\W*(?:힌트|hints?)\s?\d{{0,2}}\W*+{_SHOW}?\W*", re.IGNORECASE)
_SAMPLE = re.compile(rf"\W*(?:예시|예제|코드)\s?(?:코드)?\W*+{_SHOW}?\W*", re.IGNORECASE)


_DOING = r"(?:정리|작성|추가|보완|조사|공부|답변?|찾아보기|채우기|쓰기)"
_DONE_LATER = r"(?:해\s?(?:올게요|볼게요|둘게요|오기)|할게요|하겠습니다|하기|예정|필요|중)"
_LATER = re.compile(
    rf"\W{{0,8}}(?:(?:TODO\W{{0,3}}(?:(?:추후|나중에|다음에)\s?)?{_DOING}?\s?{_DONE_LATER}?|TBD|(?:추후|나중에|다음에|다음\s?주에)\s?{_DOING}?\s?{_DONE_LATER}?|"
    rf"{_DOING}\s?(?:예정|중|필요)|미작성|준비\s?중|미정|아직(?:\s?(?:모름|모르겠음|미정|답변?\s?없음|못\s?찾음|작성\s?중))?|"
    r"내용|답변|未記入|未定|待补充|待補充|略)\W{0,8})?",
    re.IGNORECASE,
)
_COLONS = (":", "：")
_KEY = re.compile(r"\W*(?:정답|답|해답|[Aa]nswer)\s?(?:은|:|：|\)|-|–)?\s?[(\[]?(?:[①-⑨\d]|[A-EOXㄱ-ㅎ가나다라마](?![\w가-힣]))")
"""A line that says which choice is right."""
_KEY_WORD = re.compile(r"답|nswer")
"""Without one there is no such line."""
_CHOICE = re.compile(r"\s*(?:[①-⑨]|[1-9]\ufe0f?\u20e3|[(\[]?(?:[A-Ea-eㄱ-ㅁ1-9]|[가나다라마])\s?[.)\]])\s*\S")
_CHOOSES = re.compile(r"다음\s?중|(?:옳은|틀린|아닌|맞는|알맞은|적절한|않은)\s?것|고르|which of", re.IGNORECASE)
_SHOWN = (CODE_BLOCK, TABLE, MATH_BLOCK)
_LISTS = (BULLET_LIST, ORDERED_LIST)
_POINTED_AT = (*_SHOWN, *_LISTS)
_LABELLED = (BLOCK_QUOTE, *_LISTS)
_TITLES = (PARAGRAPH, HEADING)
_LABELS = 16
"""Labels of one answer, one behind another; people write one, or two."""


def bare_answer(blocks: Sequence[Block]) -> tuple[tuple[Block, ...], tuple[Extent, ...]]:
    """An answer without rules at its ends and without its label; says what was taken of its text."""
    bare, taken = _peeled(_without_rules(tuple(blocks)))
    if len(bare) > 1 and _leads_back(bare[-1]):
        return bare[:-1], (*taken, *extents(leaves_of(bare[-1:])))
    return bare, taken


def _leads_back(block: Block) -> bool:
    """Whether a paragraph is nothing but links within the page (`[맨 위로](#목차)`)."""
    links = [mark.target for leaf in block.leaves for mark in leaf.marks if mark.name == "a"]
    return block.kind is PARAGRAPH and bool(links) and is_only_links(block.leaves) and all(link.startswith("#") for link in links)


def is_put_off(blocks: Sequence[Block]) -> bool:
    """Whether an answer only says that there will be one (`TODO`, `작성 예정`), or is a form that nobody filled in, as headings over nothing are."""
    if blocks[0].kind is HEADING and all(block.kind is HEADING for block in walk(blocks) if block.leaves and shows((block,))):
        return True
    said = (text for block in walk(blocks) if block.leaves for text in text_of(block.leaves).split("\n"))
    lines = (text.strip() for text in said if text.strip())
    first = next(lines, "")
    if not first.endswith(_COLONS) and not _LATER.fullmatch(first):
        return False  # as nearly all
    every = [first, *lines]
    if not all(_LATER.fullmatch(text) for text in every) and (len(every) < 2 or not all(text.endswith(_COLONS) for text in every)):
        return False
    return not any(leaf.kind in (LeafKind.IMAGE, LeafKind.MATH, LeafKind.CODE) or is_link(leaf) for leaf in leaves_of(blocks))


def pointed_at_before(blocks: Sequence[Block], question: tuple[Block, ...]) -> tuple[tuple[Block, ...], tuple[Block, ...]]:
    """What a question is about, and its answer.

    Code, a table or choices stand before the fold or the line with the answer (`정답: 2`), or below a question that points at
    them (`아래 코드의 출력은?`). Choices without an answer are none (`다음 중 …?`).
    """
    blocks = tuple(part for block in blocks for part in _parted(block))
    key = next((place for place, block in enumerate(blocks) if reveals(block) or _is_key(block)), 0)
    if all(_may_be_pointed_at(block) for block in blocks[:key]) and key:
        return blocks[:key], blocks[key:]
    if blocks[:1] and blocks[0].kind in _SHOWN and points_at(plain_of(question)) and shows(blocks[1:]):
        return blocks[:1], blocks[1:]
    if all(_may_be_pointed_at(block) for block in blocks) and _are_many(blocks) and _CHOOSES.search(plain_of(question)):
        return blocks, ()
    return (), blocks


def _are_many(blocks: Sequence[Block]) -> bool:
    """Whether blocks are more than one line or bullet."""
    return len(blocks) > 1 or (len(blocks) == 1 and len(lines_of(blocks[0].leaves)) + len(blocks[0].children) > 1)


def _parted(block: Block) -> tuple[Block, ...]:
    """A paragraph with choices as two at its line with the answer; a list likewise, at its last bullet."""
    if block.kind in _LISTS and len(block.children) > 1 and _is_key(*block.children[-1].children[:1]):
        return replace(block, children=block.children[:-1]), *block.children[-1].children
    if block.kind is not PARAGRAPH or not _KEY_WORD.search(text_of(block.leaves)):
        return (block,)
    lines = lines_of(block.leaves)
    place = next((place for place, line in enumerate(lines) if _KEY.match(text_of(line))), 0)
    if not place:
        return (block,)
    return tuple(replace(block, leaves=joined(part)) for part in (lines[:place], lines[place:]))


def _is_key(block: Block | None = None) -> bool:
    """Whether a block begins with a line that says the answer's number."""
    if block is not None and block.kind is PARAGRAPH:
        return bool(_KEY.match(text_of(block.leaves)))
    return block is not None and block.kind is BLOCK_QUOTE and bool(_KEY.match(plain_of((block,))))


def _may_be_pointed_at(block: Block) -> bool:
    """Whether a block is what a question is about: code, a table, a picture, choices."""
    if block.kind is not PARAGRAPH:
        return block.kind in _POINTED_AT
    return _is_choice(first_line(block.leaves)) and all(_is_choice(line) for line in lines_of(block.leaves))


def _is_choice(line: Line) -> bool:
    return not line or bool(_CHOICE.match(text_of(line))) or is_only_links(line)


def reveals(fold: Block, is_alone: bool = False) -> bool:
    """Whether a fold's summary only says that the answer is in it; of one that is all there is, `코드 보기` says it too."""
    summary = _summary(fold)
    return bool(summary and (_REVEAL.fullmatch(summary) or (is_alone and _SAMPLE.fullmatch(summary))))


def hints(fold: Block) -> bool:
    """Whether a fold holds a hint, which stands between a question and its answer."""
    return bool(_HINT.fullmatch(_summary(fold)))


def _summary(block: Block) -> str:
    has_one = block.kind is DETAILS and block.children and block.children[0].kind is SUMMARY
    return plain_of(block.children[:1]).strip() if has_one else ""


def _without_rules(blocks: tuple[Block, ...]) -> tuple[Block, ...]:
    """Without the rules at both ends; one inside divides the answer."""
    begin, end = 0, len(blocks)
    while begin < end and not _is_solid(blocks[begin]):
        begin += 1
    while begin < end and not _is_solid(blocks[end - 1]):
        end -= 1
    return blocks[begin:end]


def _is_solid(block: Block) -> bool:
    return block.kind is not THEMATIC_BREAK and shows((block,))


def _peeled(blocks: tuple[Block, ...]) -> tuple[tuple[Block, ...], tuple[Extent, ...]]:
    """Blocks without their labels, one behind another or in another, each with the rules behind it; says what was taken."""
    blocks, taken, goes_on = _without_label(blocks)
    for _ in range(_LABELS):
        if not goes_on:
            break
        blocks, more, goes_on = _without_label(_without_rules(blocks))
        taken = (*taken, *more)
    return blocks, taken


_Peeled = tuple[tuple[Block, ...], tuple[Extent, ...], bool]
"""The rest of an answer, what was taken of it, and whether there may be one more label."""


def _without_label(blocks: tuple[Block, ...]) -> _Peeled:
    first, rest = blocks[:1], blocks[1:]
    if not first:
        return (), (), False
    if first[0].kind in _TITLES and _label_of(first[0]):
        return _without_words(blocks)
    if first[0].kind in (HEADING, BLOCK_QUOTE) and is_answer_word(plain_of(first).strip()) and shows(rest):
        return rest, extents(leaves_of(first)), True
    if reveals(first[0], not rest):
        return (*first[0].children[1:], *rest), extents(leaves_of(first[0].children[:1])), True
    if first[0].kind in _LABELLED and _is_labelled(first[0]):
        return _without_label_inside(first[0], rest)
    return blocks, (), False


def _label_of(block: Block) -> int:
    """How many characters at the start of a block's first line are an answer's label."""
    return answer_label(first_line(block.leaves))


def _without_words(blocks: tuple[Block, ...]) -> _Peeled:
    """Take `A.` off the first line, unless a line with `B.` shows that it counts; what was a heading by it is one no more."""
    first = blocks[0]
    end = _label_of(first)
    if any(_ENUMERATED.match(text_of(line)) for block in blocks for line in lines_of(block.leaves)):
        return blocks, (), False
    line, *more = lines_of(first.leaves)
    taken = replace(first, leaves=cut(line, 0, end))
    lines = [one for one in (cut(line, end), *more) if not is_blank(one)]
    if not lines:
        return (blocks[1:], extents(taken.leaves), True) if shows(blocks[1:]) else ((), extents(first.leaves), False)
    return (replace(first, kind=PARAGRAPH, level=0, leaves=joined(lines)), *blocks[1:]), extents(taken.leaves), False


def _is_labelled(block: Block) -> bool:
    """Whether the first line inside a quotation or a list is labelled as an answer."""
    while block.children:
        block = block.children[0]
    return block.kind is PARAGRAPH and bool(_label_of(block))


def _without_label_inside(block: Block, rest: tuple[Block, ...]) -> _Peeled:
    """Take the label off inside a quotation or a list; a list of one bullet, which is there for its label alone, is unwrapped."""
    if block.kind is not BLOCK_QUOTE and len(block.children) == 1:
        return (*block.children[0].children, *rest), (), True
    inner, taken = _peeled(block.children[0].children if block.kind is not BLOCK_QUOTE else block.children)
    if not inner:
        return (block, *rest), (), False
    if block.kind is BLOCK_QUOTE:
        return (replace(block, children=inner), *rest), taken, False
    return (replace(block, children=(replace(block.children[0], children=inner), *block.children[1:])), *rest), taken, False
