"""Nothing vanishes: every visible character is on a card, is structure, or is told with its line."""

from __future__ import annotations

import pickle
import re
from itertools import combinations

import pytest
from bs4 import BeautifulSoup
from hypothesis import assume, given

from notedeck.account import Account
from notedeck.config import Config
from notedeck.content.fields import contents
from notedeck.diagnostics import LEVELS
from notedeck.items.reading import with_follow_ups
from notedeck.outline.blocks import Kind, leaves_of
from notedeck.outline.markdown import read_markdown
from notedeck.outline.rules import parser
from notedeck.plain import squeezed, visible
from tests.claims import marks, of_rows, on_cards, places, shown, told_lines
from tests.documents import documents, filled, letters, texts
from tests.dumps import PATH, read


@given(texts())
def test_any_text_is_read_and_every_character_counted_once(text: str) -> None:
    outline, reading = read(text)
    account = reading.account
    assert account.characters == visible(outline.text)
    assert account.characters == account.on_cards + account.structure + account.unread
    assert min(account.on_cards, account.structure, account.unread) >= 0
    assert all(diagnostic.code in LEVELS for diagnostic in reading.diagnostics)


@given(texts())
def test_reading_is_a_pure_function_whose_result_can_be_pickled(text: str) -> None:
    assert read(text) == read(text)
    outline, reading = read(text)
    rows = tuple(contents(reading.items, Config()))
    assert pickle.loads(pickle.dumps((outline, reading, rows))) == (outline, reading, rows)


@given(texts())
def test_each_leaf_knows_where_its_text_stands(text: str) -> None:
    outline, reading = read(text)
    of_items = [leaf for item in with_follow_ups(reading.items) for leaf in leaves_of((*item.question, *item.context, *item.answer))]
    shown = "".join(leaf.text for leaf in leaves_of(outline.blocks))
    assert squeezed(shown) == squeezed(_without_structure(outline.text, outline.structure))
    for leaf in (*leaves_of(outline.blocks), *of_items):
        assert outline.text[leaf.at : leaf.at + len(leaf.text)] == leaf.text
        assert 0 <= leaf.line <= text.count("\n")


def _without_structure(text: str, structure: tuple[tuple[int, int], ...]) -> str:
    return "".join(char for place, char in enumerate(text) if not any(begin <= place < end for begin, end in structure))


@given(texts())
def test_every_line_that_is_told_is_a_line_of_the_file(text: str) -> None:
    _, reading = read(text)
    last = len(text.split("\n"))
    for span in (*(one.span for one in reading.diagnostics), *(item.span for item in with_follow_ups(reading.items))):
        assert 0 <= span.start < span.stop <= last, span


@given(documents())
def test_each_visible_letter_is_on_a_card_or_structure_or_told(document: str) -> None:
    """Counted from the other end: each letter stands in the document once, so where it ended up can be seen."""
    text = filled(document)
    outline, reading = read(text)
    told = "".join(told_lines(text, outline, reading))
    taken = "".join(outline.text[begin:end] for begin, end in outline.structure)
    structure = _structure(text) + of_rows(outline, reading) + taken
    accounted = letters(on_cards(contents(reading.items, Config()))) | letters(marks(reading)) | letters(told) | letters(structure)
    assert not _visible_letters(text) - accounted


@given(documents())
def test_a_letter_on_a_card_is_not_told_as_unread(document: str) -> None:
    text = filled(document)
    _, reading = read(text)
    words = "".join(one.details[0] for one in reading.diagnostics if one.code == "unread")
    assert not letters(on_cards(contents(reading.items, Config()))) & letters(words)


@given(documents())
def test_no_letter_stands_on_two_cards_unless_one_follows_the_other(document: str) -> None:
    """Where two ways of writing claim the same text, one of them has it."""
    text = filled(document)
    outline, reading = read(text)
    rows = zip(places(reading.items), contents(reading.items, Config()), strict=True)
    cards = [(place, letters(shown(content))) for place, content in rows if content.is_answered]
    notes = letters("".join(leaf.text for leaf in leaves_of(block for block in outline.blocks if block.kind is Kind.FOOTNOTE)))
    for (place, here), (other, there) in combinations(cards, 2):
        if place != other[: len(place)]:
            assert not here & there - notes, (place, other)


@given(documents())
def test_items_stand_in_the_order_of_the_file_and_follow_ups_in_their_items(document: str) -> None:
    text = filled(document)
    _, reading = read(text)
    starts = [item.span.start for item in reading.items]
    assert starts == sorted(starts)
    for item in with_follow_ups(reading.items):
        for one in item.follow_ups:
            assert item.span.start <= one.span.start < one.span.stop <= item.span.stop


@given(documents(html=False))
def test_the_outline_has_the_text_that_markdown_it_renders(document: str) -> None:
    text = filled(document)
    assume(not text.startswith("---"))
    outline = read_markdown(PATH, text)
    assert squeezed(outline.text) == squeezed(_rendered(text))


@pytest.mark.parametrize(
    ("text", "account"),
    [
        ("- 하나?\n  답이다\n", Account(6, 6, 0, 0)),
        ("- p.5 하나? @이하늘\n  답이다\n", Account(13, 6, 7, 0)),
        ("- [면접질문] 하나?\n  A. 답이다\n", Account(14, 6, 8, 0)),
        ("- 하나?\n", Account(3, 0, 0, 3)),
        ("- p.5 하나?\n", Account(6, 0, 3, 3)),
        ("머리말\n\n- 하나?\n  답이다\n", Account(9, 6, 0, 3)),
        ("# 책\n\n키: 값\n\n## 1장 @하늘 이\n\n- 하나?\n  답이다\n", Account(16, 6, 10, 0)),
        ("글뿐\n", Account(2, 0, 0, 2)),
        ("- 하나?\n  답이다\n  - 둘?\n    답\n", Account(9, 9, 0, 0)),
        ("- 하나?\n  답이다\n  - 둘은 뭔가요?\n", Account(12, 6, 0, 6)),
        ("- 하나?\n  ![그림](a.png) `코드` $x$ [글](https://example.org)\n", Account(9, 9, 0, 0)),
        ("- [ ] 하나?\n  - [x] 답\n", Account(9, 4, 5, 0)),
        ("---\n키: 값\n---\n", Account(3, 0, 3, 0)),
    ],
)
def test_the_account_of_a_document(text: str, account: Account) -> None:
    assert read(text)[1].account == account


def _rendered(text: str) -> str:
    """What a browser shows of markdown-it-py's own HTML, with alternative text in the place of pictures."""
    page = BeautifulSoup(f"<div>{parser().render(text)}</div>", "html.parser")
    for picture in page.find_all("img"):
        picture.replace_with(str(picture["alt"]))
    return page.get_text()


def _visible_letters(text: str) -> set[str]:
    """The letters that stand in no address, no name of another note or file, and no comment of the source."""
    shown = re.sub(r"\]\(https://example\.org/.\)", "]", re.sub(r"<!--.*?-->", "", text, flags=re.DOTALL))
    return letters(re.sub(r"\[\[[^\[\]|]*\|", "[[", shown))


def _structure(text: str) -> str:
    """The lines of a page's headings, in bullets too, and, right below its title, of its properties."""
    tokens = parser().parse(text)
    lines = text.split("\n")
    spans = [token.map for token in tokens if token.type == "heading_open" and token.map]
    below = tokens[3] if len(tokens) > 3 and tokens[0].tag == "h1" and tokens[3].type == "paragraph_open" else None
    if below and below.map and all(":" in line for line in lines[below.map[0] : below.map[1]]):
        spans.append(below.map)
    if text.startswith("---\n") and "\n---" in text[4:]:
        spans.append([0, text[4:].split("\n---", maxsplit=1)[0].count("\n") + 2])
    return "".join(line for start, stop in spans for line in lines[start:stop])
