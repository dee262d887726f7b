"""An answer without what only says that it is one: rules at its ends, `A.`, `> 답변`, a fold that says `정답 보기`."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace

from notedeck.items.bullets import shows
from notedeck.items.marks import answer_label, is_answer_word, is_blank
from notedeck.outline.blocks import Block, Extent, Kind, cut, extents, joined, leaves_of, lines_of, plain_of, text_of

_ENUMERATED = re.compile(r"\s*[B-Zb-z]\s?[.):]\s")
_ANSWER = r"(?:A\b|정답|답변|답|모범\s?답안|해답|해설|풀이|내용|설명|결과|answers?|solution|explanation)"
_SHOW = (
    r"(?:보기|확인(?:하기)?|열기|펼치기|펼쳐\s?보기|더\s?보기|보려면\s?클릭|클릭(?:하세요)?|접기|토글|숨김|click(?:\s?(?:me|here))?|"
    r"(?:click\s(?:to|for)\s)?(?:show|see|view|reveal|open|expand|toggle)(?:\s?(?:the\s?)?(?:answer|solution))?)"
)
_REVEAL = re.compile(
    rf"\W*(?:{_ANSWER}(?:\s?(?:및|과|와|&|/|\+|,|·)\s?{_ANSWER})*(?:은|을|를)?\s?\d{{0,3}}\W*{_SHOW}?|{_SHOW}(?:\s?\W?\s?{_SHOW})*)\W*", re.IGNORECASE
)
_SAMPLE = re.compile(rf"\W*(?:예시|예제|코드)\s?(?:코드)?\W*{_SHOW}?\W*", re.IGNORECASE)


_POINTED_AT = (Kind.CODE_BLOCK, Kind.TABLE, Kind.MATH_BLOCK, Kind.BULLET_LIST, Kind.ORDERED_LIST)


def bare_answer(blocks: Sequence[Block]) -> tuple[tuple[Block, ...], tuple[Extent, ...]]:
    """An answer without rules at its ends and without its label; says what was taken of its text."""
    return _without_label(_without_rules(tuple(blocks)))


def pointed_at_before(blocks: Sequence[Block]) -> tuple[tuple[Block, ...], tuple[Block, ...]]:
    """What a question is about, and its answer: code, a table or choices that stand before the fold with the answer."""
    place = next((place for place, block in enumerate(blocks) if reveals(block)), 0)
    is_shown = all(block.kind in _POINTED_AT for block in blocks[:place])
    return (tuple(blocks[:place]), tuple(blocks[place:])) if is_shown else ((), tuple(blocks))


def reveals(fold: Block, is_alone: bool = False) -> bool:
    """Whether a fold's summary only says that the answer is in it; of one that is all there is, `코드 보기` says it too."""
    summary = _summary(fold)
    return bool(summary and (_REVEAL.fullmatch(summary) or (is_alone and _SAMPLE.fullmatch(summary))))


def _summary(block: Block) -> str:
    has_one = block.kind is Kind.DETAILS and block.children and block.children[0].kind is Kind.SUMMARY
    return plain_of(block.children[:1]).strip() if has_one else ""


def _without_rules(blocks: tuple[Block, ...]) -> tuple[Block, ...]:
    """Without the rules at both ends; one inside divides the answer."""
    solid = [place for place, block in enumerate(blocks) if block.kind is not Kind.THEMATIC_BREAK and shows((block,))]
    return blocks[solid[0] : solid[-1] + 1] if solid else ()


def _without_label(blocks: tuple[Block, ...]) -> tuple[tuple[Block, ...], tuple[Extent, ...]]:
    first, rest = blocks[:1], blocks[1:]
    if not first:
        return (), ()
    if first[0].kind in (Kind.PARAGRAPH, Kind.HEADING) and _label_of(first[0]):
        return _without_words(blocks)
    if first[0].kind in (Kind.HEADING, Kind.BLOCK_QUOTE) and is_answer_word(plain_of(first).strip()) and shows(rest):
        return _then(rest, first)
    if reveals(first[0], not rest):
        return _then((*first[0].children[1:], *rest), first[0].children[:1])
    if first[0].kind in (Kind.BLOCK_QUOTE, Kind.BULLET_LIST, Kind.ORDERED_LIST) and _is_labelled(first[0]):
        return _without_label_inside(first[0], rest)
    return blocks, ()


def _then(blocks: tuple[Block, ...], taken: Sequence[Block]) -> tuple[tuple[Block, ...], tuple[Extent, ...]]:
    """The rest of an answer whose label was `taken`; it may have rules and one more label."""
    bare, more = bare_answer(blocks)
    return bare, (*extents(leaves_of(taken)), *more)


def _label_of(block: Block) -> int:
    """How many characters at the start of a block's first line are an answer's label."""
    return next((answer_label(line) for line in lines_of(block.leaves)), 0)


def _without_words(blocks: tuple[Block, ...]) -> tuple[tuple[Block, ...], tuple[Extent, ...]]:
    """Take `A.` off the first line, unless a line with `B.` shows that it counts; what was a heading by it is one no more."""
    first = blocks[0]
    end = _label_of(first)
    if any(_ENUMERATED.match(text_of(line)) for block in blocks for line in lines_of(block.leaves)):
        return blocks, ()
    line, *more = lines_of(first.leaves)
    taken = replace(first, leaves=cut(line, 0, end))
    lines = [one for one in (cut(line, end), *more) if not is_blank(one)]
    if not lines:
        return _then(blocks[1:], [taken]) if shows(blocks[1:]) else ((), extents(first.leaves))
    return (replace(first, kind=Kind.PARAGRAPH, level=0, leaves=joined(lines)), *blocks[1:]), extents(taken.leaves)


def _is_labelled(block: Block) -> bool:
    """Whether the first line inside a quotation or a list is labelled as an answer."""
    while block.children:
        block = block.children[0]
    return block.kind is Kind.PARAGRAPH and bool(_label_of(block))


def _without_label_inside(block: Block, rest: tuple[Block, ...]) -> tuple[tuple[Block, ...], tuple[Extent, ...]]:
    """Take the label off inside a quotation or a list; a list of one bullet, which is there for its label alone, is unwrapped."""
    if block.kind is not Kind.BLOCK_QUOTE and len(block.children) == 1:
        return _then((*block.children[0].children, *rest), ())
    inner, taken = _without_label(block.children[0].children if block.kind is not Kind.BLOCK_QUOTE else block.children)
    if not inner:
        return (block, *rest), ()
    if block.kind is Kind.BLOCK_QUOTE:
        return (replace(block, children=inner), *rest), taken
    return (replace(block, children=(replace(block.children[0], children=inner), *block.children[1:])), *rest), taken
