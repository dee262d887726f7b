"""The writer's own HTML needs no cleaner; what is not its own is cleaned until nothing moves."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from hypothesis import given
from hypothesis import strategies as st

from notedeck.config import Config
from notedeck.content.cleaning import clean
from notedeck.content.writing import Writer
from notedeck.items.reading import RECOGNISERS, with_follow_ups
from tests.claims import well_formed
from tests.documents import BEYOND_COMMONMARK, GAPS, HOSTILE, ODD, TEXT_FRAGMENTS, documents, filled
from tests.dumps import read

CONFIGS = [Config(), Config(in_parent="question"), Config(in_parent="none"), Config(recognisers=dict.fromkeys(RECOGNISERS, True))]
ADDRESSES = (
    "https://example.org/가?a=1&b=2#c", 'https://example.org/"', "http://[::1", "mailto:a@b.c", "https://", "ftp://x y", "HTTPS://예.한국", "https://a\\b",
    "http://1.2.3.999", "https://xn--a", "https://a:99999/", "https://a%zz", "https://&lt;", "http://\u200b",
)  # fmt: skip
PIECES = st.lists(st.sampled_from((*TEXT_FRAGMENTS, *ODD, *GAPS, *HOSTILE, *BEYOND_COMMONMARK, "&#13;", "&#65279;", "`\xa0`")), max_size=6).map(
    "".join
)
CODE = st.builds("- 왜 그런가요?\n\n  ```{}\n  {}\n  ```\n".format, st.sampled_from(["", "python", "js", "html", "sql"]), PIECES)
LINKS = st.builds("- 왜 [가]({0}) 그런가요?\n  [나 *다*]({0}) <{0}>\n".format, st.sampled_from(ADDRESSES))
ANSWERS = st.builds("- {0} 왜 그런가요?\n  ***\n  {1}\n  - {2}\n    1. {0}\n".format, PIECES, PIECES, PIECES)


def _written(document: str, config: Config) -> Iterator[str]:
    """All fields of a document as they are written."""
    _, reading = read(document, config)
    for item in with_follow_ups(reading.items):
        writer = Writer(config)
        yield writer.text_html(item.question) if item.is_cloze else writer.inline_html(item.question)
        yield writer.context_html(item.context)
        yield writer.answer_html(item.answer)


def _cleaned(field: str) -> str:
    """A field as a cleaner leaves it, which takes a mark of an encoding from its start, if there is one."""
    return clean("\ufeff" + field)


@given(st.one_of(documents(), ANSWERS, CODE, LINKS).map(filled), st.sampled_from(CONFIGS))
def test_a_cleaner_finds_nothing_to_do(document: str, config: Config) -> None:
    for field in _written(document, config):
        assert _cleaned(field) == field


@pytest.mark.parametrize("address", ADDRESSES)
def test_an_address_is_judged_alone_as_in_its_field(address: str) -> None:
    (question, _, answer) = _written(f"- 왜 [가](<{address}>) 인가요?\n  **[나](<{address}>)** 다\n", Config())
    assert _cleaned(question) == question
    assert _cleaned(answer) == answer


MISNESTED = (
    "- <table>다\n  -", "- <table><tr>다\n  -",
    "- <table><tr><td>다\n  -", "- <table><caption>다\n  -\n  -", "- <table><thead><th>다\n  - <li>라\n  -",
    "<table><p>다</p><tr><p>라", "<p><table><p>다", "<table>다<table>라<li>마", "- <ul><table><li>다\n  - <li>라<li>마", "<li><li>다<ul>라<li>마",
    "- <dl><table><dd>다\n  - <dt>라", "<table><h2>다<h3>라</h2>", "<table><pre>다\n  <ul><li>라", "- <table><details>다\n  - <summary>라",
    "[<table>다](https://example.org)[라](https://example.org)", "<table>[다](https://example.org)<td>[라](https://example.org)",
)  # fmt: skip
"""What a parser moves out of where it lies."""


@pytest.mark.parametrize("answer", MISNESTED)
def test_what_a_parser_moves_is_where_it_stays(answer: str) -> None:
    for document in (f"- 왜 그런가요?\n  ***\n  {answer}\n", f"- 왜 그런가요?\n\n  {answer}\n\n  {answer}\n"):
        for field in _written(document, Config()):
            assert _cleaned(field) == field
            well_formed(field)


def test_what_would_move_for_ever_is_text(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("notedeck.content.cleaning._ROUNDS", 1)
    assert clean('<ul><li><table>&lt;다<br><img src="picture-0"></li><li>라</li></ul>') == '&lt;다<br><img src="picture-0">라'
