"""What stands around a question: labels, pages, mentions, presenters, answer labels."""

from __future__ import annotations

import time

import pytest
from hypothesis import given

from notedeck.config import LABELS, Config
from notedeck.items.pages.sections import is_properties, read_chapter
from notedeck.items.signs.labels import Marks, answer_label, read_head, read_mentions, without_presenter
from notedeck.items.signs.looks import is_blank, is_only_links
from notedeck.outline.blocks import Line, lines_of, text_of, walk
from notedeck.outline.markdown import read_markdown
from notedeck.plain import squeezed
from tests.documents import documents
from tests.dumps import PATH


def _line(source: str) -> Line:
    return read_markdown(PATH, source).blocks[0].leaves


def _head(source: str) -> tuple[str, Marks]:
    rest, marks = read_head(_line(source), Config())
    return text_of(rest), marks


@pytest.mark.parametrize(("tag", "spelling"), [(tag, spelling) for tag, spellings in LABELS.items() for spelling in spellings])
@pytest.mark.parametrize("form", ["[{}] 가", "[{}]가", "【{}】 가", "［{}］ 가", "**[{}]** 가", "**[{}] 가**", "[ {} ] 가"])
def test_every_spelling_of_a_label(tag: str, spelling: str, form: str) -> None:
    rest, marks = _head(form.format(spelling))
    assert rest == "가"
    assert marks.labels == (spelling,)
    assert Config().tag_of(spelling) == tag


@pytest.mark.parametrize("spelling", ["면접질문", "면 접 질 문", "INTERVIEW", "Interview"])
def test_space_and_case_make_no_difference_in_a_label(spelling: str) -> None:
    assert Config().tag_of(spelling) == "면접질문"


@pytest.mark.parametrize(
    "source", ["[자바] 가", "[면접질문](https://example.org) 가", "`[면접질문]` 가", "[^1] 가", "[1] 가", "[] 가", "가 [면접질문]"]
)
def test_what_is_no_known_label(source: str) -> None:
    line = _line(source)
    assert _head(source) == (text_of(line), Marks())


@pytest.mark.parametrize(
    ("source", "pages"),
    [
        ("p.5 가", ("5",)),
        ("p. 5 가", ("5",)),
        ("p5 가", ("5",)),
        ("p5. 가", ("5",)),
        ("P.5: 가", ("5",)),
        ("pp.5-7 가", ("5-7",)),
        ("p.5 ~ 7 가", ("5~7",)),
        ("(p.5) 가", ("5",)),
        ("5쪽 가", ("5",)),
        ("5 페이지 가", ("5",)),
        ("5p 가", ("5",)),
        ("p.1234 가", ("1234",)),
        ("p.99 가", ("99",)),
    ],
)
def test_forms_of_a_page(source: str, pages: tuple[str, ...]) -> None:
    rest, marks = _head(source)
    assert (rest, marks.pages) == ("가", pages)


@pytest.mark.parametrize(
    "source", ["p99 지연", "p95 값", "p2p 통신", "python 가", "5장 가", "5. 가", "page 가", "p.가", "`p.5` 가", "12345쪽 가", "5px 가", "가 p.5"]
)
def test_what_is_no_page(source: str) -> None:
    rest, marks = _head("글 " + source if source == "5. 가" else source)
    assert marks.pages == ()
    assert squeezed(source.replace("`", "")) in squeezed(rest)


@pytest.mark.parametrize(
    ("source", "rest", "names"),
    [
        ("왜 그런가요? @이하늘", "왜 그런가요?", ("이하늘",)),
        ("왜 그런가요? @이하늘님", "왜 그런가요?", ("이하늘",)),
        ("왜 그런가요? @하늘씨", "왜 그런가요?", ("하늘",)),
        ("왜 그런가요?@이하늘", "왜 그런가요?", ("이하늘",)),
        ("왜 그런가요? @하늘 이", "왜 그런가요?", ("하늘 이",)),
        ("왜 그런가요? @이 하늘", "왜 그런가요?", ("이 하늘",)),
        ("왜 그런가요? @남궁 하늘", "왜 그런가요?", ("남궁 하늘",)),
        ("왜 그런가요? @이하늘 @오세진", "왜 그런가요?", ("이하늘", "오세진")),
        ("왜 그런가요? @이하늘, @오세진", "왜 그런가요?", ("이하늘", "오세진")),
        ("왜 그런가요? @Jane Doe", "왜 그런가요?", ("Jane Doe",)),
        ("@오세진 왜 그런가요?", "왜 그런가요?", ("오세진",)),
        ("어노테이션 @Transactional", "어노테이션 @Transactional", ()),
        ("왜 `@이하늘`", "왜 @이하늘", ()),
        ("어디로 보내나요? me@example.org", "어디로 보내나요? me@example.org", ()),
        ("@이하늘 가 아니라 @", "가 아니라 @", ("이하늘",)),
        ("그냥 @", "그냥 @", ()),
        ("왜 그런가요? @하늘님이", "왜 그런가요?", ("하늘님이",)),
        ("왜 그런가요? @하늘씨앗님", "왜 그런가요?", ("하늘씨앗",)),
        ("왜 그런가요? @하늘님@오세진님, @나리씨.", "왜 그런가요?", ("하늘", "오세진", "나리")),
    ],
)
def test_who_is_mentioned(source: str, rest: str, names: tuple[str, ...]) -> None:
    found, marks = read_mentions(_line(source))
    assert (text_of(found), marks.askers) == (rest, names)


@pytest.mark.parametrize("mention", ["@하늘님", "@하늘 이", "@Jane Doe", "@하늘, "])
def test_a_row_of_mentions_with_no_end_is_read_in_one_way(mention: str) -> None:
    started = time.process_time()
    assert read_mentions(_line(f"왜 그런가요? {mention * 500}>"))[1].askers == ()
    assert time.process_time() - started < 2


@pytest.mark.parametrize(
    ("source", "rest"),
    [
        ("1장 @하늘 이", "1장"),
        ("1장 시작 (@오세진)", "1장 시작"),
        ("1장 - 발표자: 이하늘", "1장"),
        ("1장 | 발표: 이하늘", "1장"),
        ("1장 시작", "1장 시작"),
        ("1장 - 발표하는 법", "1장 - 발표하는 법"),
    ],
)
def test_a_heading_without_its_presenter(source: str, rest: str) -> None:
    assert text_of(without_presenter(_line(source))[0]) == rest


@pytest.mark.parametrize(
    ("source", "length"),
    [
        ("A. 가", 3),
        ("A: 가", 3),
        ("Answer: 가", 8),
        ("답: 가", 3),
        ("답변 : 가", 5),
        ("정답) 가", 4),
        ("Apple 가", 0),
        ("A 가", 0),
        ("B. 가", 0),
        ("예시 답변: 가", 0),
        ("답은 가", 0),
    ],
)
def test_an_answers_label(source: str, length: int) -> None:
    assert answer_label(_line(source)) == length


@pytest.mark.parametrize(
    ("text", "number", "unit"),
    [
        ("1장", 1, "장"),
        ("제1장 시작", 1, "장"),
        ("제 12 장", 12, "장"),
        ("3주차: 끝", 3, "주차"),
        ("2강 - 이름", 2, "강"),
        ("第3章", 3, "章"),
        ("Chapter 4", 4, "Chapter"),
        ("chapter 4: Name", 4, "Chapter"),
        ("Ch. 5", 5, "Chapter"),
        ("WEEK 6", 6, "Week"),
        ("Day7", 7, "Day"),
    ],
)
def test_a_numbered_heading_is_a_chapter(text: str, number: int, unit: str) -> None:
    chapter = read_chapter(text)
    assert chapter is not None
    assert (chapter.number, chapter.unit) == (number, unit)
    assert chapter.unit_leads is unit.isascii()


@pytest.mark.parametrize(
    "text", ["", "시작", "1~3장", "1 ~ 3장", "1장~3장", "장", "10장면", "3주차장", "Chapter", "Chapters 1", "그 1장", "1", "1. 시작", "Part İ"]
)
def test_what_is_no_chapter(text: str) -> None:
    assert read_chapter(text) is None


@pytest.mark.parametrize(
    ("source", "does"),
    [
        ("발표자: 가\n태그: 나", True),
        ("생성 일시: 3:04", True),
        ("발표자：가", True),
        ("글이다", False),
        ("발표자: 가\n글이다", False),
        ("https://example.org", False),
        ("- 가: 나", False),
    ],
)
def test_what_are_properties(source: str, does: bool) -> None:
    assert is_properties(read_markdown(PATH, source).blocks[0]) is does


@pytest.mark.parametrize(
    ("source", "links", "blank"),
    [
        ("[가](https://example.org)", True, False),
        ("https://example.org", True, False),
        ("![](a.png)", True, False),
        ("[](https://example.org)", True, False),
        ("- [가](https://example.org), ![나](a.png)", True, False),
        ("가 [나](https://example.org)", False, False),
        ("가", False, False),
        ("<span> </span>", False, True),
    ],
)
def test_lines_of_links_and_lines_of_nothing(source: str, links: bool, blank: bool) -> None:
    line = next(block.leaves for block in walk(read_markdown(PATH, source).blocks) if block.leaves or not block.children)
    assert (is_only_links(line), is_blank(line)) == (links, blank)


@given(documents())
def test_what_is_taken_and_what_is_left_make_the_line(document: str) -> None:
    outline = read_markdown(PATH, document)
    for block in walk(outline.blocks):
        for line in lines_of(block.leaves):
            rest, marks = read_head(line, Config())
            taken = "".join(outline.text[begin:end] for begin, end in marks.taken)
            assert sorted(squeezed(taken + text_of(rest))) == sorted(squeezed(text_of(line)))
