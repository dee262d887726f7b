"""The outline's own arithmetic: lines, places, cutting; depth, and what must be quick."""

from __future__ import annotations

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st
from mdit_py_plugins.dollarmath.index import math_block_dollar

from notedeck.content.prints import said
from notedeck.outline.blocks import (
    OPAQUE,
    Kind,
    Leaf,
    LeafKind,
    Line,
    Mark,
    cut,
    extents,
    joined,
    leaves_of,
    lines_of,
    masked,
    plain_of,
    text_of,
    trimmed,
    walk,
)
from notedeck.outline.leaves import Leaves
from notedeck.outline.links import bare_links
from notedeck.outline.markdown import _inline_tokens, read_markdown
from notedeck.outline.plainrows import plain_row
from notedeck.outline.rows import row_of
from notedeck.outline.rules import parser
from tests.documents import documents, filled, letters
from tests.dumps import PATH


def _line(source: str) -> Line:
    return read_markdown(PATH, source).blocks[0].leaves


def _nested(depth: int) -> str:
    return "\n".join(f"{'  ' * level}- 단계{level}" for level in range(depth)) + "\n"


_PIECES = st.sampled_from([*"가나 \n*`&#;[]!~_.(a1", "  ", "**", "***", "``", "&amp;", "&#60;", "&no;", "Q&A", "&#x3c;"])


@given(st.lists(_PIECES, max_size=12).map("".join).map(str.strip))
def test_a_row_that_needs_no_parser_is_what_the_parser_makes_of_it(content: str) -> None:
    leaves, others = Leaves(PATH), Leaves(PATH)
    row = plain_row(content, 3, leaves)
    if row is not None:
        assert row == row_of(_inline_tokens(content), 3, others)
        assert ("".join(leaves.pieces), leaves.at) == ("".join(others.pieces), others.at)


def test_a_link_of_very_many_words_is_text() -> None:
    short, long = (read_markdown(PATH, f"[{'가' * length}](https://example.org)") for length in (1_900, 2_100))
    assert [leaf.marks != () for leaf in leaves_of(short.blocks)] == [True]
    assert long.text.count("가") == 2_100
    assert "https://example.org" in long.text


_BLOCKS = st.sampled_from(
    ["$$", "$$\n", "$$$", "a$$\n", "$$ (1)\n", "- ", "> ", "\n", "\n\n", "가", "    ", "<details>\n", "</details>", "$$x$$ y", "```\n"]
)


@given(st.lists(_BLOCKS, min_size=2, max_size=14).map("".join))
def test_formulas_end_where_the_plugin_ends_them(text: str) -> None:
    """It looks for each end anew; ours only where none was missed."""
    theirs = parser()
    theirs.block.ruler.at("math_block", math_block_dollar(allow_labels=True, allow_blank_lines=True))
    assert [one.as_dict() for one in parser().parse(text)] == [one.as_dict() for one in theirs.parse(text)]


@pytest.mark.parametrize("depth", [1, 10, 30, 49])
def test_lists_in_lists_are_read_to_the_limit(depth: int) -> None:
    outline = read_markdown(PATH, _nested(depth))
    assert sum(block.kind is Kind.BULLET_LIST for block in walk(outline.blocks)) == depth
    assert plain_of(outline.blocks) == "\n".join(f"단계{level}" for level in range(depth))
    assert [leaf.line for leaf in leaves_of(outline.blocks)] == list(range(depth))
    assert not outline.diagnostics


@pytest.mark.parametrize("depth", [120, 300])
def test_lists_beyond_the_limit_keep_their_text_and_are_told(depth: int) -> None:
    outline = read_markdown(PATH, _nested(depth))
    assert all(f"단계{level}" in outline.text for level in range(depth))
    assert [one.code for one in outline.diagnostics] == ["too-deep"]
    assert 49 <= outline.diagnostics[0].span.start <= 51


@pytest.mark.parametrize("depth", [250, 300, 20_000])
def test_tags_in_tags_beyond_the_limit_go_and_are_told_once(depth: int) -> None:
    outline = read_markdown(PATH, "<ul>가\n" * depth + "</ul>\n" * depth + "\n<div>끝</div>\n")
    assert outline.text.count("가") == depth
    assert sum(leaf.kind is LeafKind.TAG for leaf in leaves_of(outline.blocks)) == 2 * min(depth, 256) + 2
    assert [(one.code, one.span.line) for one in outline.diagnostics] == ([("too-deep", 257)] if depth > 256 else [])


def test_tags_that_html_closes_by_itself_are_not_counted_as_open() -> None:
    outline = read_markdown(PATH, "<div>\n" + "<p>가\n" * 500 + "</div>\n")
    assert sum(leaf.kind is LeafKind.TAG for leaf in leaves_of(outline.blocks)) == 502
    assert not outline.diagnostics


@pytest.mark.parametrize("depth", [25, 90, 400])
def test_quotations_in_quotations_keep_their_text(depth: int) -> None:
    assert "깊다" in read_markdown(PATH, "> " * depth + "깊다\n").text


@pytest.mark.parametrize(
    "source",
    [
        "[" * 5000,
        "![" * 40_000 + "*",
        "[" * 2000 + "](a)" * 2000,
        "*" * 5000 + "가",
        "**가" * 2000,
        "<b>" * 3000,
        "`" * 3000,
        "$" * 3000,
        "![" * 3000,
        "- " * 3000,
        "> " * 3000,
        "<" * 5000,
        "<!--" * 2000,
        "https://" * 1000,
        "@가" * 2000,
        "p.1 / " * 1500,
        "&" * 5000,
        "|" * 3000 + "\n" + "|-" * 1500,
    ],
    ids=lambda source: source[:6].strip(),
)
def test_no_row_of_marks_takes_long(source: str) -> None:
    started = time.perf_counter()
    read_markdown(PATH, source)
    assert time.perf_counter() - started < 5


@given(documents(), st.integers(0, 30), st.integers(0, 30))
def test_cutting_a_line_cuts_its_text(document: str, begin: int, end: int) -> None:
    for block in walk(read_markdown(PATH, document).blocks):
        for line in lines_of(block.leaves):
            assert text_of(cut(line, begin, end)) == text_of(line)[begin:end]
            assert text_of(cut(line, begin)) == text_of(line)[begin:]
            assert text_of(trimmed(line)) == text_of(line).strip()
            assert len(masked(line)) == len(text_of(line))


@given(documents())
def test_each_leaf_knows_its_line(document: str) -> None:
    """Each letter stands in the document once, so the line it stands on can be looked up."""
    text = filled(document)
    line_of = {letter: number for number, line in enumerate(text.split("\n")) for letter in letters(line)}
    for leaf in leaves_of(read_markdown(PATH, text).blocks):
        lines = [line_of[char] for char in leaf.text if char in line_of]
        if leaf.kind in (LeafKind.TEXT, LeafKind.IMAGE):
            assert all(line == leaf.line for line in lines), leaf
        elif lines:
            assert lines[0] >= leaf.line
            assert lines[-1] - leaf.line <= leaf.text.count("\n") + leaf.text.count(" ") + 1


@pytest.mark.parametrize(
    ("source", "lines"),
    [
        ("가\n나\n", {"가": 0, "나": 1}),
        ("```\n가\n```\n나\n", {"가\n": 1, "나": 3}),
        ("    가\n\n나\n", {"가\n": 0, "나": 2}),
        ("`가\n나` 다\n라\n", {"가 나": 0, " 다": 1, "라": 2}),
        ("[가](\nhttps://example.org\n) 나\n다\n", {"가": 0, " 나": 2, "다": 3}),
        ("[가\n나](https://example.org) 다\n", {"가": 0, "나": 1, " 다": 1}),
        ("![가](\na.png) 나\n", {"가": 0, " 나": 1}),
        ("> 가\n> 나\n", {"가": 0, "나": 1}),
        ("가\\\n나  \n다\n", {"가": 0, "나": 1, "다": 2}),
        ("가<br\n/>나\n", {"가": 0, "나": 1}),
        ("가 <!-- \n --> 나\n", {"가 ": 0, " 나": 1}),
        ("<div>\n가\n\n</div>\n\n나\n", {"가": 1, "나": 5}),
        ("<pre>\n가\n나\n</pre>\n", {"가": 1, "나": 2}),
        ("가\n---\n나\n", {"가": 0, "나": 2}),
        ("| 가 |\n| --- |\n| 나 |\n", {"가": 0, "나": 2}),
        ("---\n키: 값\n---\n나\n", {"키: 값": 1, "나": 3}),
    ],
)
def test_the_lines_of_leaves(source: str, lines: dict[str, int]) -> None:
    assert {leaf.text: leaf.line for leaf in leaves_of(read_markdown(PATH, source).blocks) if leaf.text.strip()} == lines


@given(documents())
def test_lines_put_together_are_the_row_again(document: str) -> None:
    for block in walk(read_markdown(PATH, document).blocks):
        lines = lines_of(block.leaves)
        assert text_of(joined(lines)) == "\n".join(map(text_of, lines))


def test_cutting_keeps_what_shows_without_text() -> None:
    line = _line("가![](a.png)나")
    assert [leaf.target for leaf in cut(line, 1)] == ["a.png", ""]
    assert [leaf.target for leaf in cut(line, 0, 1)] == ["", "a.png"]
    assert [leaf.at for leaf in cut(line, 1)] == [1, 1]


def test_patterns_do_not_look_into_code_links_and_pictures() -> None:
    line = _line("가 `나` [다](https://example.org) ![라](a.png) $마$ **바**")
    assert masked(line) == f"가 {OPAQUE} {OPAQUE} {OPAQUE} {OPAQUE} 바"


def test_extents_of_neighbours_are_joined() -> None:
    leaves = [Leaf(LeafKind.TEXT, "가나", 0, 0), Leaf(LeafKind.BREAK, "", 2, 0), Leaf(LeafKind.TEXT, "다", 2, 1), Leaf(LeafKind.TEXT, "라", 5, 1)]
    assert extents(leaves) == ((0, 3), (5, 6))


def test_what_is_written_tells_markup_apart() -> None:
    one, bold, code = (read_markdown(PATH, text).blocks for text in ("가 나", "가 **나**", "가 `나`"))
    assert len({said(one).written, said(bold).written, said(code).written}) == 3


def test_what_is_written_tells_addresses_apart() -> None:
    assert said(read_markdown(PATH, "[가](https://a.org)").blocks).written != said(read_markdown(PATH, "[가](https://b.org)").blocks).written
    assert said(read_markdown(PATH, "![가](a.png)").blocks).written != said(read_markdown(PATH, "![가](b.png)").blocks).written


def test_marks_are_listed_outermost_first() -> None:
    [leaf] = _line("**[*가*](https://example.org)**")
    assert leaf.marks == (Mark("strong"), Mark("a", "https://example.org"), Mark("em"))


@pytest.mark.parametrize(
    ("text", "addresses"),
    [
        ("https://example.org을", ["https://example.org"]),
        ("https://example.org/docs를 보자", ["https://example.org/docs"]),
        ("https://example.org/한글", ["https://example.org/한글"]),
        ("https://example.org/a(b)", ["https://example.org/a(b)"]),
        ("(https://example.org/a)", ["https://example.org/a"]),
        ("https://example.org/a. 다음", ["https://example.org/a"]),
        ("출처:https://example.org/a", ["https://example.org/a"]),
        ("https://a.org/x, https://b.org/y", ["https://a.org/x", "https://b.org/y"]),
        ("ftp://example.org/a", ["ftp://example.org/a"]),
        ("README.md example.org www.example.org a@example.org", []),
        ("mailto:a@example.org //example.org", []),
        ("https://", []),
    ],
)
def test_where_bare_addresses_begin_and_end(text: str, addresses: list[str]) -> None:
    assert [text[begin:end] for begin, end in bare_links(text)] == addresses


@given(st.text(st.sampled_from("https://example.org/가를 은\n.,()한글#?&=:"), max_size=60))
def test_bare_addresses_do_not_overlap(text: str) -> None:
    place = 0
    for begin, end in bare_links(text):
        assert place <= begin < end <= len(text)
        place = end


def test_a_file_without_anything() -> None:
    for source in ("", "\n", "   \n\n", "<!-- -->"):
        outline = read_markdown(PATH, source)
        assert not outline.text.strip()
        assert (outline.span.start, outline.span.line) == (0, 1)


def test_the_lines_of_front_matter_count() -> None:
    outline = read_markdown(PATH, "---\ntitle: 가\n---\n\n문단\n")
    assert [(block.kind, block.span.line) for block in outline.blocks] == [(Kind.FRONT_MATTER, 1), (Kind.PARAGRAPH, 5)]
