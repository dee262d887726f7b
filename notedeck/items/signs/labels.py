"""What stands around a question and is no part of it: labels, pages, mentions, answer labels, presenters.

Each reader takes a line and gives what it found and the line without it. Patterns see `masked` text, so
`[면접질문](https://…)` is a link and `[면접질문]` in code is code.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from notedeck.config import FOLLOW_UP, Config
from notedeck.items.signs.asking import EMOJI, asks
from notedeck.items.signs.looks import is_blank, is_strong
from notedeck.machine.quick import quick
from notedeck.outline.blocks import Block, Extent, Kind, Line, cut, extents, joined, masked, trimmed
from notedeck.plain import AtEnd, nfc

_END = 200
"""Characters at a line's end in which mentions and pages are looked for."""
_LABEL = re.compile(r"\s*+([\[［【(（]\s*+([^\[\]［］【】()（）\n\ufffc]{1,12}?)\s*+[\]］】)）])(?!\()(?:\s*+[:：])?")
_NUMBER = r"(\d{1,4}(?:\s?[-~–]\s?\d{1,4})?(?:\s?,\s?\d{1,4}(?=[\s.:,)/]|$)){0,15})"
_PERCENTILE = r"(?!(?:50|75|90|95|99|999)(?![\d.:)]))"
"""`p99` is no page."""
_ONE_OF_SEVERAL = r"(?!0|[1-4](?![\d.]))"
"""`P0`, `P1` are processes, priorities or parity bits: nobody quotes the first pages of a book so shortly."""
_WORD_BEHIND = (
    r"(?!\s?(?:이?란|폴트|부재|결함|교체|대치|테이블|프레임|캐시|크기|사이즈|랭크|인덱스|디렉[터토]리|번호|오브젝트|객체|로[드딩]|전환|이동|소스|단위|풀(?![가-힣])|"
    r"락|분할|디자인|인(?![가-힣])|아웃|스왑))"
)
"""`17 페이지 폴트` is a number before what 페이지 is a part of."""
_NUMBERED = (
    rf"(?:(?:교재|책|본문)\s?)?(?:(?:[pP]ages?|[pP]{{1,2}}|[pP]g)(?:\s?\.\s?|\s|{_PERCENTILE}{_ONE_OF_SEVERAL}){_NUMBER}(?![\dA-Za-z])|페이지\s?{_NUMBER}(?!\d)|"
    rf"{_NUMBER}(?:\s?쪽|\s?페이지{_WORD_BEHIND}|\s?p(?![A-Za-z\d]|\.[A-Za-z])))"
)
_PAGE_WORDS = _NUMBERED + r"(?:[\])）〉」>】]?\s?[.:,|–—-]?\s*)(?P<particle>(?<=[\d쪽지p])[가-힣])?"
_PAGE = re.compile(r"\s*+[\[(（〈「<【]?\s*+" + _PAGE_WORDS)
_ANOTHER_PAGE = re.compile(r"(?<!\s)(\s*+[/,·&]\s*+)" + _PAGE_WORDS)
_PAGE_AT_END = AtEnd(re.compile(r"\s*[\[(（〈「]\s*" + _NUMBERED + r"\s*[\])）〉」]\s*$"), _END)
_LABEL_AT_END = AtEnd(re.compile(r"\s*[\[［【(（]\s*([^\[\]［］【】()（）\n\ufffc]{1,12}?)\s*[\]］】)）]\s*$"), _END)
_CLOSING = ("]", ")", "）", "〉", "」", "］", "】")
"""With what such a page or label ends: without one, nothing is searched."""
_PAGES_IN_A_LINE = 8
_MARKS_IN_A_LINE = 16
"""Labels and pages at a line's start; what comes behind so many is part of what it says."""
_SIGN = rf"\s*(?:[{EMOJI}]+\s*)?"
"""Emoji that people put before a label."""
_HEAD = re.compile(rf"[\s\d{EMOJI}\[［【(（〈「<교책본페pP질문꼬면예추후퀴QqFf質問问追]")
"""With what any label, page and question's label begins: most lines have none, and are looked at no further."""
_COUNT = r"(?:\d{1,3}(?:[-.]\d{1,2})?)?"
"""A label's number, and that of a question below another one (`2-1`)."""
_QUESTION_LABEL = re.compile(
    rf"{_SIGN}(?:\[!(?i:question|faq|help)\][-+]?(?=\s|$)|[\[(【<]\s?(?:Q\s?{_COUNT}|질문\s?{_COUNT})\s?[\])】>]\s*[.:：]?|"
    rf"(?:꼬리\s?)?Q\s?\.?\s?{_COUNT}\s?[.:)：]|Q\d{{1,3}}\s?>(?=\s)|Q\.?\d{{1,3}}(?:[-.]\d{{1,2}})?\s?[-–]?(?=\s)|"
    rf"(?:질문|문제|퀴즈|[Qq]uiz)\s?{_COUNT}\s?[.:：]|(?:질문|문제)\s?{_COUNT}\s?\)|문\s?\d{{0,3}}\s?[):：]|"
    rf"(?:(?:면접|예상|꼬리|추가|후속)\s?){{1,2}}질문\s?{_COUNT}\s?[.:：)]|면접관\s?[:：]|"
    rf"(?:[Qq]uestion|[Ff]ollow[- ]?up(?:\s[Qq]uestion)?)\s?\d{{0,3}}\s?[.:：]|(?:質問|問題?|问题?|追问)\s?\d{{0,3}}\s?[.:：])\s*"
)
_BELOW_ANOTHER = re.compile(r"꼬리|\d[-.]\d")
"""A label that says that its question follows up on another one (`Q2-1.`)."""
_NO_NAME = " \t.:：)-–0123456789"
"""What such a label has around its name."""
_QUESTION_WORD = re.compile(
    r"\s*[\[(【<]?(?:Q\s?\d{0,3}|\d{1,3}\s?번\s?(?:문제|질문)|(?:(?:면접|예상|꼬리|추가|후속)\s?){0,2}(?:질문|문제|Question|質問|問題?|问题?)\s?\d{0,3})[\])】>]?\s*[.:：]?\s*"
    r"(?:[(（][^()（）]{1,20}[)）]\s*)?"
)
"""A question's label on a line of its own, and what it is about (`질문 1 (네트워크)`)."""
_SURNAMES = (
    "김이박최정강조윤장임한오서신권황안송류유전홍고문양손배백허남심노하곽성차주우구민진지엄채원천방공현함변염여추도소석선설마길연위표명기반라왕"
    "금옥육인맹제모탁국은편용"
)
_NAME = (
    rf"[가-힣]{{1,3}}\s[{_SURNAMES}](?![가-힣])|(?:[{_SURNAMES}]|남궁|황보|제갈|선우|독고)\s[가-힣]{{2,3}}(?![가-힣])|"
    r"[가-힣]{2,5}?(?=(?:님|씨)(?![가-힣])|[\s,@/&)）.?!~]|$)|[A-Za-z][A-Za-z0-9_.-]{1,19}(?:\s[A-Z][A-Za-z0-9_.-]{1,19})?(?!(?!님|씨)[가-힣])"
)
"""A name in one word, or with a surname behind or before it, as Notion shows names."""
_MENTION = rf"(?<![A-Za-z0-9.])(?>@({_NAME})(?:님|씨)?)"
"""Read in one way: `@하늘님` is no name in three letters too, or a row of them would be read in two ways each."""
_MENTIONS_AT_END = AtEnd(re.compile(rf"(?:[\s,/&—–-]*[(（]?{_MENTION}[)）]?)+[\s.?!~]*$"), _END)
_MENTION_AT_START = re.compile(rf"\s*@([{_SURNAMES}][가-힣]{{2}}|[가-힣]{{2}})(?:님|씨)?[\s,:]+(?=\S)")
_EACH_MENTION = re.compile(_MENTION)
_ANSWER_NAME = r"(?:정답|답안?|답변|해답|해설|풀이)"
ANSWERED_NUMBER = rf"(?:Q|[Qq]uiz|퀴즈|문제|질문)\s?\d{{1,3}}\s?[.:)]?\s?번?\s?(?:의\s)?(?={_ANSWER_NAME}(?:[\s.:)：]|$))"
"""The question that an answer says it is of, before its name, where answers stand apart (`Q1. 답`)."""
_SAYS_WHOSE_ANSWER = re.compile(rf"{_SIGN}{ANSWERED_NUMBER}")
_ANSWER_LABEL = re.compile(
    rf"{_SIGN}(?:{ANSWERED_NUMBER}{_ANSWER_NAME}\s?[.:)：]|[\[(【<]\s?(?:A\s?{_COUNT}|(?:답변|정답|답)\s?{_COUNT})\s?[\])】>]\s*[.:：]?|A\s?\.?\d{{1,3}}(?:[-.]\d{{1,2}})?(?=\s)|"
    rf"(?:A|[Aa]ns|[Aa]nswer|ANSWER)\s?\.?\s?{_COUNT}\s?[.:)：]|"
    r"(?:나|저|지원자)\s?[:：]|"
    r"(?:(?:내|나의|모범)\s?)?(?:답변|정답|답|대답|답안|해답)(?:\s?(?:[.:)：]|[-–](?=\s))|\s?\d{1,3}\s?[.:)：](?=\s*\S))|정답은\s(?=[\d①-⑨A-EOX(])|(?:回答|答え|答案?)\s?\d{0,3}\s?[.:：])\s*"
)
_ANSWER_HEAD = re.compile(rf"[\s{EMOJI}\[(【<AaQq나저지내모답정대해퀴문질回答案]")
"""With what any answer's label begins."""
_ANSWER_WORD = re.compile(
    rf"\W*(?:{ANSWERED_NUMBER})?(?:(?:내|나의|모범|상세|자세한|짧은|간단한)\s?)?(?:A\s?\d{{1,3}}|답|답변|정답|해답|대답|답안|해설|풀이|[Aa]nswer|ANSWER|Solution|回答|答え|答案)\s?\d{{0,3}}\W*"
)
"""An answer's label on a line of its own."""
_FULLER = re.compile(r"\W*+(?:상세|자세한)")
_PRESENTER = re.compile(r"(?<!\s)\s*+(?:[(（]\s*+)?@.*$|(?<!\s)\s*+[-–—|(（]\s*+발표자?\s*+[:：].*$")


@dataclass(frozen=True, slots=True)
class Marks:
    """What was taken off a question's lines."""

    labels: tuple[str, ...] = ()
    """Known labels, as written."""
    pages: tuple[str, ...] = ()
    askers: tuple[str, ...] = ()
    taken: tuple[Extent, ...] = ()

    def __bool__(self) -> bool:
        return bool(self.taken or self.labels or self.pages or self.askers)

    def make_question(self, config: Config) -> bool:
        """Whether a label makes its line a question, though it asks by no word; `참고` does not."""
        return any(config.tag_of(label) not in ("", "참고") for label in self.labels)

    def __add__(self, other: Marks) -> Marks:
        return together((self, other))


NOTHING = Marks()
"""Of a line that nothing was taken off, as of most."""


def together(several: Iterable[Marks]) -> Marks:
    """What was taken off several lines, each name once."""
    kept = [one for one in several if one]
    if len(kept) < 2:
        return kept[0] if kept else NOTHING
    return Marks(
        tuple(dict.fromkeys(label for one in kept for label in one.labels)),
        tuple(dict.fromkeys(page for one in kept for page in one.pages)),
        tuple(dict.fromkeys(asker for one in kept for asker in one.askers)),
        tuple(extent for one in kept for extent in one.taken),
    )


def read_head(line: Line, config: Config) -> tuple[Line, Marks]:
    """Take labels and pages off a first line, in whatever order they stand, then the mentions."""
    text = masked(line)
    if not may_have_marks(text):
        return line, NOTHING
    marks = NOTHING
    for _ in range(_MARKS_IN_A_LINE):
        if not _HEAD.match(text):
            break
        if (asked := _QUESTION_LABEL.match(text)) and text[asked.end() :].strip():
            name = FOLLOW_UP if label_says_follow_up(asked[0]) else asked[0].strip(_NO_NAME)
            marks += Marks(labels=(name,) if config.tag_of(name) else (), taken=extents(cut(line, 0, asked.end())))
            line = trimmed(cut(line, asked.end()))
        elif (label := _LABEL.match(text)) and config.tag_of(label[2]):
            marks += Marks(labels=(nfc(label[2]).strip(),), taken=extents(cut(line, 0, label.end())))
            line = trimmed(cut(line, label.end()))
        elif not marks.pages and (page := _PAGE.match(text)):
            line, pages = _read_pages(line, page)
            marks += pages
        else:
            break
        text = masked(line)
    rest, mentions = read_mentions(line) if "@" in text else (line, NOTHING)
    if mentions and any(name.isascii() for name in mentions.askers) and (is_blank(rest) or (asks(text) and not asks(masked(rest)))):
        rest, mentions = line, NOTHING  # `스프링의 @Bean이란?` is about no friend
    text = text if rest is line else masked(rest)
    found = _PAGE_AT_END.search(text) if text.rstrip().endswith(_CLOSING) else None
    if found:
        mentions += Marks(pages=_pages(found), taken=extents(cut(rest, found.start())))
        rest = trimmed(cut(rest, 0, found.start()))
    rest, behind = _read_label_behind(rest, config)
    return rest, together((marks, mentions, behind))


def _read_label_behind(line: Line, config: Config) -> tuple[Line, Marks]:
    """Take a label off that stands behind a question (`왜 그런가요? [면접질문]`)."""
    text = masked(line)
    found = _LABEL_AT_END.search(text) if text.rstrip().endswith(_CLOSING) else None
    if found is None or not config.tag_of(found[1]) or not asks(text[: found.start()]):
        return line, NOTHING
    return trimmed(cut(line, 0, found.start())), Marks(labels=(nfc(found[1]).strip(),), taken=extents(cut(line, found.start())))


def may_have_marks(text: str) -> bool:
    """Whether anything could be taken off a line that patterns read so: most begin with no sign of it, and end with none."""
    return bool(_HEAD.match(text)) or "@" in text or text.rstrip().endswith(_CLOSING)


_block, _PARAGRAPH = quick(Block), Kind.PARAGRAPH


def read_questions(lines: Sequence[Line], holder: Block, config: Config) -> tuple[tuple[Block, ...], Marks]:
    """Lines that are a question as one paragraph, at the place of their `holder`, and what was taken off them."""
    if len(lines) == 1:
        line, marks = read_head(lines[0], config)
        return () if is_blank(line) else (_block(_PARAGRAPH, holder.span, line),), marks
    read = [read_head(line, config) for line in lines]
    shown = [line for line, _ in read if not is_blank(line)]
    question = (Block(Kind.PARAGRAPH, holder.span, joined(shown)),) if shown else ()
    return question, together(marks for _, marks in read)


def _read_pages(line: Line, first: re.Match[str]) -> tuple[Line, Marks]:
    """Take off the pages at the start, and those that follow a slash (`p.7 … / p.20 …`).

    A page that the sentence goes on from (`12쪽에 나온 …`) stays in it.
    """
    pages: list[str] = []
    taken: list[Extent] = []
    found: re.Match[str] | None = first
    for _ in range(_PAGES_IN_A_LINE):
        if found is None:
            break
        pages += _pages(found)
        if found["particle"]:
            break
        separator = found[1] if found.re is _ANOTHER_PAGE and found.start() else ""
        start = found.start() + len(separator)
        taken += extents(cut(line, start, found.end()))
        line = trimmed(cut(line, 0, start) + cut(line, found.end()))
        text = masked(line)
        found = _PAGE.match(text) or _ANOTHER_PAGE.search(text)
    return line, Marks(pages=tuple(dict.fromkeys(pages) if taken else pages), taken=tuple(taken))


def _pages(found: re.Match[str]) -> tuple[str, ...]:
    numbers = next(group for group in found.groups() if group and group[0].isdecimal()).split(",")
    return tuple("".join(number.split()) for number in numbers)


def read_mentions(line: Line) -> tuple[Line, Marks]:
    """Take off the mentions at a line's end (`… 설명해주세요 @이름`), and a Korean name at its start.

    A Latin name counts only where something is asked before it: `@Transactional` is no friend.
    """
    text = masked(line)
    if "@" not in text:
        return line, NOTHING
    if found := _MENTIONS_AT_END.search(text):
        names = tuple(one[1] for one in _EACH_MENTION.finditer(found[0]))
        if not any(name.isascii() for name in names) or asks(text[: found.start()]):
            return trimmed(cut(line, 0, found.start())), Marks(askers=names, taken=extents(cut(line, found.start())))
    if found := _MENTION_AT_START.match(text):
        return trimmed(cut(line, found.end())), Marks(askers=(found[1],), taken=extents(cut(line, 0, found.end())))
    return line, NOTHING


def answer_label(line: Line) -> int:
    """How many characters of the line are an answer's label (`A.`, `답변:`, `**답변**` alone); 0 if it has none."""
    text = masked(line)
    if _ANSWER_HEAD.match(text) and (found := _ANSWER_LABEL.match(text)):
        return found.end()
    is_alone = _ANSWER_WORD.fullmatch(text) and is_strong(line)
    return len(text) if is_alone else 0


def is_answer_word(text: str) -> bool:
    """Whether a heading, a quotation or a fold's summary says no more than that the answer follows."""
    return bool(_ANSWER_WORD.fullmatch(text) or _ANSWER_LABEL.fullmatch(text))


def is_fuller_answer(text: str) -> bool:
    """Whether an answer's label says that a shorter one stands above it (`상세 답안`)."""
    return bool(_FULLER.match(text)) and is_answer_word(text)


def question_label(line: Line) -> int:
    """How many characters of the line are a question's label (`Q1.`, `질문:`, `**질문 1**` alone); 0 if it has none."""
    text = masked(line)
    if not _HEAD.match(text):
        return 0
    first = _LABEL.match(text)
    if found := _QUESTION_LABEL.match(text) or (first and _QUESTION_LABEL.match(text, first.end())):
        return 0 if _SAYS_WHOSE_ANSWER.match(text) else found.end()
    is_alone = _QUESTION_WORD.fullmatch(text) and (is_strong(line) or any(char.isdecimal() for char in text))
    return len(text) if is_alone else 0


def label_says_follow_up(text: str) -> bool:
    """Whether a question's label says that it follows up on another one (`꼬리 질문 1`, `Q2-1.`)."""
    return bool(_BELOW_ANOTHER.search(text))


def bare_question_label(line: Line) -> bool:
    """Whether a heading says no more than `질문`: a label if an answer's follows, else the heading of questions."""
    return bool(_QUESTION_WORD.fullmatch(masked(line)))


def without_presenter(line: Line) -> tuple[Line, Marks]:
    """A heading without the person who presents it (`1장 @이레 한`)."""
    found = _PRESENTER.search(masked(line))
    if found is None:
        return line, NOTHING
    return trimmed(cut(line, 0, found.start())), Marks(taken=extents(cut(line, found.start())))
