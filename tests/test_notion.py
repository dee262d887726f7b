"""Pages of Notion's HTML export: the same as the Markdown export of the same page, and safe whatever is in them."""

from __future__ import annotations

import pickle
import re
import time
from collections import Counter
from collections.abc import Sequence
from dataclasses import fields
from itertools import pairwise
from pathlib import Path

import pytest
from bs4 import BeautifulSoup, Tag
from bs4.element import PageElement
from hypothesis import given
from hypothesis import strategies as st

from notedeck.config import Config
from notedeck.content.content import Content
from notedeck.content.fields import contents
from notedeck.content.prints import said
from notedeck.diagnostics import LEVELS
from notedeck.items.reading import read_items
from notedeck.outline.blocks import Block, Kind, Outline, leaves_of, walk
from notedeck.outline.markdown import read_markdown
from notedeck.outline.notion import read_notion
from notedeck.outline.rules import BLOCK_DEPTH
from notedeck.outline.soup import _Pieces, soup
from notedeck.plain import visible
from notedeck.reading.front import FRONT_ENDS, read_source
from notedeck.sources.source import Form, Source
from tests.casefile import Case, cases_of
from tests.documents import filled, letters
from tests.dumps import PATH, blocks_dump
from tests.pages import pages, torn_pages

PAGES = cases_of("notion")
"""A page as Notion exports it in Markdown, and the same page in HTML."""
_OF_PLACES = {"span", "parent_span", "pictures"}


def _contents(outline: Outline) -> list[Content]:
    reading = read_items(outline, Config())
    return list(contents(reading.items, Config(), reading.page_tags))


@pytest.mark.parametrize("case", PAGES, ids=lambda case: case.title)
def test_both_exports_of_a_page_make_one_outline(case: Case) -> None:
    markdown, html = read_markdown(PATH, case.source), read_notion(PATH, case.expected)
    assert blocks_dump(html) == blocks_dump(markdown)
    assert said(html.blocks) == said(markdown.blocks)
    assert not html.diagnostics


@pytest.mark.parametrize("case", PAGES, ids=lambda case: case.title)
def test_both_exports_of_a_page_make_the_same_cards(case: Case) -> None:
    """The fields, the fingerprints and the pictures: so the guids are the same, and no card is touched."""
    markdown, html = _contents(read_markdown(PATH, case.source)), _contents(read_notion(PATH, case.expected))
    assert len(html) == len(markdown) > 0
    for one, other in zip(html, markdown, strict=True):
        for field in fields(Content):
            if field.name not in _OF_PLACES:
                assert getattr(one, field.name) == getattr(other, field.name), field.name
        assert [(picture.address, picture.alternative) for picture in one.pictures] == [(p.address, p.alternative) for p in other.pictures]


def _letters_once(outline: Outline) -> Counter[str]:
    return Counter(char for char in outline.text if char in letters(outline.text))


@given(st.one_of(pages(), torn_pages()))
def test_each_leaf_knows_where_its_text_stands(page: str) -> None:
    outline = read_notion(PATH, filled(page))
    shown = [(leaf.at, leaf.at + len(leaf.text)) for leaf in leaves_of(outline.blocks) if leaf.text]
    assert all(outline.text[leaf.at : leaf.at + len(leaf.text)] == leaf.text for leaf in leaves_of(outline.blocks))
    taken = sorted([*shown, *outline.structure])
    assert all(end <= begin for (_, end), (begin, _) in pairwise(taken))
    assert sum(end - begin for begin, end in taken) == len(outline.text)


@given(st.one_of(pages(), torn_pages()))
def test_spans_lie_in_each_other_and_lines_go_down_the_page(page: str) -> None:
    outline = read_notion(PATH, filled(page))
    for block in walk(outline.blocks):
        assert outline.span.start <= block.span.start < block.span.stop <= outline.span.stop
        assert all(block.span.start <= child.span.start and child.span.stop <= block.span.stop for child in block.children)
        assert all(block.span.start <= leaf.line < block.span.stop for leaf in block.leaves)
        assert all(one.span.start <= other.span.start for one, other in pairwise(block.children) if block.kind is not Kind.DETAILS)
    assert all(one.span.start < other.span.start or one.span.stop <= other.span.start for one, other in pairwise(outline.blocks))


@given(pages())
def test_each_letter_of_a_page_is_read_once(page: str) -> None:
    """Counted from the other end: each letter stands in the page once, and all of them are seen."""
    text = filled(page)
    found = _letters_once(read_notion(PATH, text))
    assert set(found) == letters(text) - letters("".join(re.findall(r"<img[^>]*src=\"[^\"]*\"/>", text)))
    assert set(found.values()) <= {1}


@given(torn_pages())
def test_no_letter_of_a_torn_page_is_lost(page: str) -> None:
    """Comments and what stands in a tag are not seen; a letter behind them is."""
    text = filled(page)
    outline = read_notion(PATH, text)
    seen = letters(soup(text).get_text())
    assert seen <= set(outline.text)


@given(st.one_of(pages(), torn_pages()))
def test_a_page_is_read_to_items_and_every_character_counted_once(page: str) -> None:
    outline = read_notion(PATH, filled(page))
    reading = read_items(outline, Config())
    account = reading.account
    assert account.characters == visible(outline.text) == account.on_cards + account.structure + account.unread
    rows = tuple(contents(reading.items, Config()))
    assert pickle.loads(pickle.dumps((outline, reading, rows))) == (outline, reading, rows)
    last = outline.span.stop
    assert all(0 <= one.span.start < one.span.stop <= last + 1 for one in reading.diagnostics)
    assert all(diagnostic.code in LEVELS for diagnostic in reading.diagnostics)


@given(st.one_of(pages(), torn_pages()))
def test_the_tree_is_beautifulsoups(page: str) -> None:
    """With all of its links: what follows what, up and down and in the order of the page."""

    def links(element: PageElement) -> tuple[str, ...]:
        around = (element.parent, element.previous_element, element.next_element, element.previous_sibling, element.next_sibling)
        return tuple("" if one is None else one.name if isinstance(one, Tag) else str(one) for one in around)

    ours = soup(filled(page))
    pieces = "<body>" + "".join(_Pieces(filled(page)).pieces())
    theirs = BeautifulSoup(pieces, "html.parser")
    assert ours.decode() == theirs.decode()
    assert [links(one) for one in ours.descendants] == [links(one) for one in theirs.descendants]


def test_what_stands_side_by_side_deep_in_open_tags_takes_no_longer_for_their_depth() -> None:
    text = "<b>" * 6_000 + "가<br>" * 6_000
    started = time.process_time()
    assert read_notion(PATH, text).text.count("가") == 6_000
    assert time.process_time() - started < 2


@pytest.mark.parametrize("piece", ["<hr>가</b>", "<img src=a>가</p>", '<br class="b" >가</br>', "<br/>가</i>"])
def test_elements_without_an_end_are_not_remembered_for_each_end(piece: str) -> None:
    started = time.process_time()
    assert read_notion(PATH, piece * 20_000).text.count("가") == 20_000
    assert time.process_time() - started < 5


@pytest.mark.parametrize(
    "piece",
    [
        "<div>", "<b>x", "<ul><li>x", "<p>x", "<td>x", "<table><tr><td>x", "<blockquote>x", "<details><summary>x", "<h1>x", "<svg>x", "<a href=x>y",
        "<span class=katex>x", "<figure class=callout><div><span class=icon>x</span></div>", "<table class=properties><tr><th>a<td>b", "<pre>x",
        "<figure><img src=x><figcaption>x", "<div class=checkbox>", "<!--", "<", "</", "<a ", '<a href="', "<!", "<?", "&", "&#",
        "<textarea>", "<script>", "<span data-notion-inline-equation=x>y", "<figure data-notion-equation=x>y<figcaption>z",
        "<aside class=callout data-notion-callout-icon=x><div>x</div>y", "<details><summary><h2>x",
    ],
)  # fmt: skip
@pytest.mark.parametrize("before", ["", '<h1 class="page-title">쪽</h1>'], ids=["page", "export"])
def test_no_row_of_tags_takes_long_or_loses_its_text(piece: str, before: str) -> None:
    text = before + piece * (30_000 // len(piece)) + "끝"
    started = time.process_time()
    outline = read_notion(PATH, text)
    assert time.process_time() - started < 3
    assert "끝" in outline.text
    assert max_depth(outline.blocks) <= BLOCK_DEPTH + 4
    tuple(contents(read_items(outline, Config()).items, Config()))


def max_depth(blocks: Sequence[Block]) -> int:
    depth = 0
    while blocks:
        depth, blocks = depth + 1, [child for block in blocks for child in block.children]
    return depth


@pytest.mark.parametrize(
    "piece",
    ["<ul><li>", "<blockquote>", "<ol><li>", "<details>", "<details><summary>왜?</summary>가", "<table><tr><td>x</td><td>", "<figure class=callout>"],
)
def test_what_lies_too_deep_is_told_once_and_kept(piece: str) -> None:
    outline = read_notion(PATH, piece * 5_000 + "바닥")
    assert "바닥" in outline.text
    codes = Counter(one.code for one in outline.diagnostics)
    assert codes["too-deep"] == (piece != "<table><tr><td>x</td><td>")
    assert set(codes) <= {"too-deep"}


def test_a_page_without_a_tag_is_text() -> None:
    for text in ("notes.html", "https://example.org/a", "글뿐", "<?xml version='1.0'?><html><p>글</p></html>"):
        assert read_notion(PATH, text).text


def test_nothing_of_scripts_styles_and_handlers_is_in_an_outline() -> None:
    page = '<head><title>제목</title></head><body onload="a()"><script>b()</script><style>c{}</style><p onclick="d()" style="e:f">글</p>'
    page += '<a href="javascript:g()">링크</a><a href="data:text/html,h">자료</a><svg onload="i()"></svg><iframe srcdoc="j"></iframe>'
    outline = read_notion(PATH, page)
    assert outline.text == "글링크자료"
    assert not any(leaf.marks or leaf.target for leaf in leaves_of(outline.blocks))
    assert [one.details for one in outline.diagnostics] == [("iframe",)]


def _source(case_text: str, name: str, form: Form) -> Source:
    folder = Path("notes")
    return Source(f"notes/{name}", name, name, case_text, folder, form)


@pytest.mark.parametrize("case", PAGES, ids=lambda case: case.title)
def test_both_exports_of_a_page_give_the_same_book_and_questions(case: Case) -> None:
    ones, others = (
        read_source(_source(text, name, form), Config())
        for text, name, form in ((case.source, "쪽.md", Form.MARKDOWN), (case.expected, "쪽.html", Form.HTML))
    )
    assert ones.book == others.book
    assert ones.title == others.title
    assert [content.question for content in ones.contents] == [content.question for content in others.contents]


def test_every_form_has_a_front_end() -> None:
    assert set(FRONT_ENDS) == set(Form)
    rows = read_source(_source("질문,답변\n왜 느린가요?,색인이 없어서\n", "질문들.csv", Form.CSV), Config())
    assert [content.is_answered for content in rows.contents] == [True]
