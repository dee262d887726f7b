"""Emphasis beside Korean letters, and that CommonMark's own examples read as before."""

from __future__ import annotations

import json
import unicodedata
from functools import cache
from pathlib import Path
from typing import TypedDict

import pytest
from hypothesis import given
from hypothesis import strategies as st
from markdown_it import MarkdownIt

from notedeck.outline.cjk import cjk_plugin, is_cjk
from notedeck.outline.rules import half_lazy_plugin

_DATA = Path(__file__).parent / "data" / "commonmark.json"


class _Example(TypedDict):
    markdown: str
    html: str
    example: int
    section: str


@cache
def _plain() -> MarkdownIt:
    return MarkdownIt("commonmark").enable("strikethrough")


@cache
def _ours() -> MarkdownIt:
    return MarkdownIt("commonmark").enable("strikethrough").use(cjk_plugin).use(half_lazy_plugin)


def _examples() -> list[_Example]:
    examples: list[_Example] = json.loads(_DATA.read_text("utf-8"))
    return examples


def test_all_examples_of_the_specification_are_here() -> None:
    assert [example["example"] for example in _examples()] == list(range(1, 653))


@pytest.mark.parametrize("section", sorted({example["section"] for example in _examples()}))
def test_examples_of_commonmark_read_as_before(section: str) -> None:
    ours = MarkdownIt("commonmark").use(cjk_plugin).use(half_lazy_plugin)
    for example in _examples():
        if example["section"] == section:
            found = ours.render(example["markdown"]).replace("<blockquote></blockquote>", "<blockquote>\n</blockquote>")
            assert found == example["html"], example["example"]


BOLD = [
    "**역색인(inverted index)**이라고",
    "**'인용'**은",
    "**“인용”**은",
    "**C++**은",
    "**`코드`**를",
    "**[링크](https://example.org)**는",
    "**100%**를",
    "이것은**(중요)**합니다",
    "**용어:**설명",
    "**끝났다.**다음",
    "**(가)**(나)",
    "가**“나”**다",
    "**日本語。**の",
    "**中文（文）**是",
    "**가**나",
    "가 **나** 다",
]


@pytest.mark.parametrize("text", [*BOLD, *(unicodedata.normalize("NFD", text) for text in BOLD)])
def test_bold_closes_beside_korean(text: str) -> None:
    html = _ours().renderInline(text)
    assert "**" not in html
    assert html.count("<strong>") == html.count("</strong>") == 1


@pytest.mark.parametrize(
    ("text", "html"),
    [
        ("~~취소(x)~~는", "<s>취소(x)</s>는"),
        ("*기울임(x)*은", "<em>기울임(x)</em>은"),
        ("***굵은(x)***은", "<em><strong>굵은(x)</strong></em>은"),
        ("**굵은 *안(x)*은 끝**", "<strong>굵은 <em>안(x)</em>은 끝</strong>"),
        ("**가(나)**다 **라(마)**바", "<strong>가(나)</strong>다 <strong>라(마)</strong>바"),
    ],
)
def test_other_marks_beside_korean(text: str, html: str) -> None:
    assert _ours().renderInline(text) == html


@pytest.mark.parametrize("text", ["__굵게(x)__는", "**굵게 **는", "** 굵게**", "2**(3)**4", "foo**(bar)**baz", "**개발자(x)**is", "😀**(가)"])
def test_what_stays_literal(text: str) -> None:
    assert _ours().renderInline(text) == _plain().renderInline(text)
    assert "<strong>" not in _ours().renderInline(text)


@pytest.mark.parametrize("char", ["가", "ㄱ", "ᄀ", "ᅡ", "ᆨ", "ힰ", "漢", "あ", "ア", "。", "（", "！", "㈀", "ﾊ", "𠀀"])
def test_what_is_cjk(char: str) -> None:
    assert is_cjk(char)


@pytest.mark.parametrize("char", ["a", "é", "(", "“", " ", "😀", "⭐", "я", "§"])
def test_what_is_not_cjk(char: str) -> None:
    assert not is_cjk(char)


@given(st.text(st.sampled_from("ab1 *_~`()[]!.,:'\"\\&<>-\n\u00a0é“”—😀"), max_size=60))
def test_text_without_cjk_letters_reads_as_before(text: str) -> None:
    with_cjk = MarkdownIt("commonmark").enable("strikethrough").use(cjk_plugin)
    assert with_cjk.render(text) == _plain().render(text)


@pytest.mark.parametrize(
    ("source", "last"),
    [
        ("- 하나\n  - 둘\n    - 셋\n  맺음", "<ul>\n<li>하나\n<ul>\n<li>둘\n<ul>\n<li>셋</li>\n</ul>\n</li>\n</ul>\n맺음</li>\n</ul>\n"),
        ("- 하나\n  - 둘\n  셋", "<ul>\n<li>하나\n<ul>\n<li>둘\n셋</li>\n</ul>\n</li>\n</ul>\n"),
        ("- 하나\n둘", "<ul>\n<li>하나\n둘</li>\n</ul>\n"),
        ("- 하나\n  > 둘\n  셋", "<ul>\n<li>하나\n<blockquote>\n<p>둘\n셋</p>\n</blockquote>\n</li>\n</ul>\n"),
        ("1. 하나\n   1. 둘\n      - 셋\n   맺음", "<ol>\n<li>하나\n<ol>\n<li>둘\n<ul>\n<li>셋</li>\n</ul>\n</li>\n</ol>\n맺음</li>\n</ol>\n"),
    ],
)
def test_a_line_that_is_indented_less(source: str, last: str) -> None:
    assert _ours().render(source) == last
