"""Fields are clean and well formed, whatever the notes say."""

from __future__ import annotations

import html
import re
import unicodedata
from dataclasses import replace

import pytest
from bs4 import BeautifulSoup
from hypothesis import given
from hypothesis import strategies as st

from notedeck.config import Config
from notedeck.content.arming import disarmed, with_pictures
from notedeck.content.cleaning import clean
from notedeck.content.content import Content
from notedeck.content.fields import contents
from notedeck.content.highlighting import highlighted
from notedeck.content.notefields import plain_page
from notedeck.items.reading import with_follow_ups
from tests.claims import HARMLESS, REFUSED, harmless, tags_of, well_formed
from tests.documents import HOSTILE, documents, filled, letters
from tests.dumps import read


def _contents(text: str, config: Config | None = None) -> tuple[Content, ...]:
    _, reading = read(text, config)
    return tuple(contents(reading.items, config or Config()))


def _fields(content: Content) -> tuple[str, ...]:
    return content.question, content.context, content.answer, *content.parents


def _page(field: str) -> BeautifulSoup:
    return BeautifulSoup(f"<div>{field}</div>", "html.parser")


def _assert_harmless(field: str) -> None:
    harmless(field, re.compile(r"picture-\d+"))


def _shown(field: str) -> str:
    return BeautifulSoup(f"<div>{field}</div>", "html.parser").get_text()


@pytest.mark.parametrize("hostile", HOSTILE)
@pytest.mark.parametrize(
    "form", ["- [면접질문] 질문 {}\n  답 {}\n", "- p.1 {} 글\n  > 왜 그런가요? {}\n  ***\n  {}\n", "- 왜 그런가요?\n\n{}\n  답\n  - 왜? {}\n    {}\n"]
)
def test_nothing_hostile_reaches_a_card(hostile: str, form: str) -> None:
    inner = hostile.replace("\n", "\n  ")
    text = form.format(*[inner] * form.count("{}"))
    found = _contents(text)
    assert found
    for content in found:
        for field in _fields(content):
            _assert_harmless(field)
            well_formed(field)


@given(documents())
def test_every_field_is_harmless_and_well_formed(document: str) -> None:
    for content in _contents(filled(document)):
        for field in _fields(content):
            _assert_harmless(field)
            well_formed(field)
            assert unicodedata.is_normalized("NFC", field)


@given(st.lists(st.sampled_from(HOSTILE), min_size=1, max_size=4).map("".join))
def test_cleaning_alone_lets_nothing_through(raw: str) -> None:
    cleaned = disarmed(clean(raw))
    for tag in tags_of(cleaned):
        assert tag.name not in REFUSED
        assert set(tag.attrs) <= HARMLESS
    assert disarmed(clean("&#91;sound:a.mp3]")) == "&#91;sound:a.mp3]"


@given(documents())
def test_the_texts_of_a_content_are_what_its_html_shows(document: str) -> None:
    for content in _contents(filled(document)):
        pictures = letters("".join(picture.alternative for picture in content.pictures))
        for text, field in (
            (content.question_text, content.question),
            (content.context_text, content.context),
            (content.answer_text, content.answer),
        ):
            shown = letters(_shown(field)) - _of_addresses(field)
            assert shown <= letters(text) <= shown | pictures


def _of_addresses(field: str) -> set[str]:
    """The letters of links that show their address."""
    return letters("".join(tag.get_text() for tag in tags_of(field) if tag.name == "a" and "://" in tag.get_text()))


@pytest.mark.parametrize("mark", ["[sound:a.mp3]", "[anki:play:q:0]", "[latex]", "[/latex]", "[$]", "[/$]", "[$$]", "[SOUND:a.mp3]"])
def test_ankis_own_marks_are_disarmed(mark: str) -> None:
    for source in (f"- 왜 {mark} 인가요?\n  답 {mark} `{mark}`\n", f"- 왜 그런가요?\n\n  ```\n  {mark}\n  ```\n"):
        for content in _contents(source):
            for field in _fields(content):
                assert mark not in field
            assert mark in _shown(content.answer)


@pytest.mark.parametrize("stroke", ["\u0338", "\u0301\u0338", "\u0338\u0338"])
@pytest.mark.parametrize("form", ["{}", "**{}**", "`{}`", "- {}", "<b>{}</b>", "<table><td>{}", "- 왜요?\n    **{}**", "{}\n  {}"])
def test_a_stroke_behind_a_tag_makes_no_other_tag_of_it(stroke: str, form: str) -> None:
    """In NFC `>` with a stroke through it is `≯`, and what follows would be attributes."""
    words = f"{stroke} onclick=alert(1) 다"
    for content in _contents(f"- 왜 **{words}** 인가요?\n  ***\n  {form.replace('{}', words)}\n"):
        for field in _fields(content):
            _assert_harmless(field)
            well_formed(field)
            assert unicodedata.is_normalized("NFC", field)
        assert "onclick=alert(1)" in _shown(content.answer)


def test_a_content_says_where_its_parents_are() -> None:
    found = _contents("- [면접질문] 하나?\n  답\n  - 둘?\n    답\n    - 셋?\n      답\n")
    assert [one.question_text for one in found] == ["하나?", "둘?", "셋?"]
    assert [one.parent_texts for one in found] == [(), ("하나?",), ("하나?", "둘?")]
    assert [one.parent_span.line if one.parent_span else 0 for one in found] == [0, 1, 3]
    assert [one.tags for one in found] == [("면접질문",), ("면접질문", "꼬리질문"), ("면접질문", "꼬리질문")]
    assert [one.labels for one in found] == [("면접질문",), ("꼬리질문",), ("꼬리질문",)]


def test_other_tags_are_not_inherited() -> None:
    [above, below] = _contents("- [중요] 하나?\n  답\n  - 둘?\n    답\n")
    assert (above.tags, below.tags) == (("중요",), ("꼬리질문",))


@pytest.mark.parametrize("address", ["http:x", "https:", "http:/x", "HTTPS:x"])
def test_an_address_without_a_host_leads_nowhere(address: str) -> None:
    """Anki would look for it on its own little server."""
    assert "href" not in _contents(f"- 왜 그런가요?\n  [글]({address})\n")[0].answer


def test_a_picture_in_a_question_is_its_words_below() -> None:
    [above, below] = _contents("- ![그림 <1>](a.png) 왜 그런가요?\n  답\n  - 둘은 무엇인가요?\n    답\n")
    assert above.question.startswith('<img src="picture-0">')
    assert below.parents == ("[그림 &lt;1&gt;] 왜 그런가요?",)


def test_pictures_are_numbered_through_a_note() -> None:
    [content] = _contents("- ![가](a.png) 왜 그런가요?\n  ![나](b.png)\n  ![다](c.png)\n")
    assert [(one.address, one.alternative, one.line) for one in content.pictures] == [("a.png", "가", 0), ("b.png", "나", 1), ("c.png", "다", 2)]
    assert with_pictures(content.answer, ["가", "<b>나</b>", "다"]) == "<p><b>나</b><br>다</p>"


@pytest.mark.parametrize(
    ("in_parent", "answer"),
    [
        (
            "folded",
            "<p>하나다</p>\n"
            '<details class="followup tappable"><summary class="tappable">둘?</summary><div class="body"><p>둘이다</p></div></details>',
        ),
        ("titles", '<p>하나다</p>\n<div class="followup">둘?</div>'),
        ("none", "<p>하나다</p>\n"),
    ],
)
def test_how_a_card_shows_its_follow_ups(in_parent: str, answer: str) -> None:
    config = replace(Config(), in_parent=in_parent)
    [above, below] = _contents("- [면접질문] 하나?\n  하나다\n  - 둘?\n    둘이다\n", config)
    assert above.answer == answer
    assert below.answer == "<p>둘이다</p>"


def test_askers_may_be_left_out() -> None:
    source = "- 하나? @이하늘\n  답\n"
    assert _contents(source)[0].askers == ("이하늘",)
    assert _contents(source, replace(Config(), askers=False))[0].askers == ()


def test_the_fingerprint_moves_with_what_is_written_and_with_nothing_else() -> None:
    [one] = _contents("- 하나?\n  이것\n")
    same = [
        "- 하나?\n  이것\n",
        "# 책\n\n- 하나?\n  이것\n",
        "* 하나?\n    \n    이것\n",
        "- p.5 하나? @이하늘\n  이것\n",
        "- [면접질문] 하나?\n  이것\n",
    ]
    other = [
        "- 하나?\n  **이것**\n",
        "- 하나?\n  `이것`\n",
        "- 하나?\n  이것.\n",
        "- **하나?**\n  이것\n",
        "- 하나?\n  [이것](https://example.org)\n",
        "- 하나?\n  - 이것\n",
    ]
    assert {_contents(source)[0].written for source in same} == {one.written}
    assert one.written not in {_contents(source)[0].written for source in other}
    assert len({_contents(source)[0].written for source in other}) == len(other)


def test_each_item_has_its_content() -> None:
    _, reading = read("- 하나?\n  답\n  - 둘?\n    답\n- 셋?\n")
    found = contents(reading.items, Config())
    assert [one.span for one in found] == [item.span for item in with_follow_ups(reading.items)]


@given(st.text(max_size=80), st.sampled_from(["python", "java", "sql", "html", "json", "bash", "", "nolanguage", "c++"]))
def test_code_keeps_its_text(code: str, language: str) -> None:
    shown = re.sub(r"<[^>]*>", "", highlighted(code, language))
    assert html.unescape(shown) == code.removesuffix("\n")


@pytest.mark.parametrize(("pages", "field"), [((), ""), (("5",), "5"), (("7", "20"), "7, 20"), (("5~7",), "5~7")])
def test_the_page_field(pages: tuple[str, ...], field: str) -> None:
    assert plain_page(pages) == field


HEADINGS = Config(recognisers={**Config().recognisers, "every_heading": True})


@pytest.mark.parametrize(
    ("headings", "front"),
    [
        ("## 저널링", "저널링 — 무엇인가?"),
        ("## 저널링\n글\n### 특징", "저널링의 특징"),
        ("## ◽ 저널링\n글\n### 2) 동작 과정", "저널링의 동작 과정"),
        ("## 저널링\n### 순서 모드", "저널링 › 순서 모드"),
        ("## 저널링\n### 저널링 끄기", "저널링 끄기"),
        ("## 저널링\n### 모드\n#### 장점", "모드의 장점"),
        ("## 저널링\n글\n## 장점", "장점 — 무엇인가?"),
        ("## 파일을 지우기", "파일을 지우기"),
        ("## A < B\n### 장점", "A &lt; B의 장점"),
    ],
)
def test_a_heading_says_what_it_is_about(headings: str, front: str) -> None:
    *_, content = _contents(f"# 파일\n\n{headings}\n\n적어 둔 뒤에 쓴다.\n", HEADINGS)
    assert content.question == front
    assert content.question_text == html.unescape(front)
    assert content.why == "name"


def test_an_answer_of_more_than_a_screen_is_told() -> None:
    _, reading = read("## 저널링\n\n" + "적어 둔 뒤에 쓴다. " * 200 + "\n\n## 힙\n\n짧다.\n", HEADINGS)
    assert [(one.code, one.span.line) for one in reading.diagnostics] == [("long-answer", 1)]


@pytest.mark.parametrize(
    ("notes", "why"),
    [
        ("- [면접질문] 힙은 왜 두나요?\n  빨라서\n", "label"),
        ("- p.5 힙의 뜻을 적는다.\n  > 왜 두나요?\n\n  ***\n  빨라서\n", "page"),
        ("- 힙은 왜 두나요?\n  빨라서\n", "words"),
        ("| 질문 | 답 |\n|---|---|\n| 힙의 뜻 | 무더기 |\n", "form"),
    ],
)
def test_each_question_says_why_it_is_one(notes: str, why: str) -> None:
    assert [content.why for content in _contents(f"# 책\n\n{notes}")] == [why]
