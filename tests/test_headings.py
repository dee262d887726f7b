"""Below which headings a question stands: by these the same words are told apart."""

from __future__ import annotations

from pathlib import Path

import pytest

from notedeck.config import Config
from notedeck.reading.front import read_source
from notedeck.sources.source import Source

SHELF = """# 목공 교실

## 1장 연장

- **톱은 어떻게 고르나요?**
  이가 고른 것을 고른다.

### 대패

- **장점은 무엇인가요?**
  면이 고르게 깎인다.
  - **왜 그런가요?**
    날이 바닥과 나란하기 때문이다.

#### 날 갈기

- **예시를 들어주세요**
  숫돌에 물을 묻혀 민다.

### 끌 @도하람

- **장점은 무엇인가요?**
  좁은 홈을 판다.

## 2장 나무

- **나이테는 무엇을 말하나요?**
  자란 햇수를 말한다.
"""
ASKING = """# 목공 교실

## 1장 연장

### 대패

### 어미날과 덧날은 어떻게 다른가요?

하나는 깎고 하나는 막는다.

### 못

#### 못은 왜 비스듬히 박나요?

잘 빠지지 않는다.
"""
UNNUMBERED = """# 목공 교실

## 대패

### 날

- **장점은 무엇인가요?**
  면이 고르게 깎인다.

## 끌

- **장점은 무엇인가요?**
  좁은 홈을 판다.
"""


def headings(text: str) -> list[tuple[str, tuple[str, ...]]]:
    """The start of each question with the headings that it stands below."""
    found = read_source(Source("a.md", "a.md", "a.md", text, Path("/nowhere")), Config())
    assert [gist.headings for gist in found.gists] == [content.headings for content in found.contents]
    return [(gist.question_text[:3], gist.headings) for gist in found.gists]


def test_they_are_those_between_the_chapter_and_the_question_outermost_first() -> None:
    assert headings(SHELF) == [
        ("톱은 ", ()), ("장점은", ("대패",)), ("왜 그", ("대패",)), ("예시를", ("대패", "날 갈기")), ("장점은", ("끌",)), ("나이테", ()),
    ]  # fmt: skip


def test_a_heading_that_asks_is_none_and_ends_those_of_its_level() -> None:
    assert headings(ASKING) == [("어미날", ()), ("못은 ", ("못",))]


def test_a_heading_that_stands_for_a_chapter_is_not_named_twice() -> None:
    assert headings(UNNUMBERED) == [("장점은", ("날",)), ("장점은", ())]


@pytest.mark.parametrize("other", ["### 대패질", "## 3장 연장"])
def test_no_fingerprint_of_an_edit_moves_with_a_heading(other: str) -> None:
    """A heading that is no chapter's is on no card yet."""
    before, after = (
        read_source(Source("a.md", "a.md", "a.md", text, Path("/nowhere")), Config()).gists
        for text in (SHELF, SHELF.replace("### 대패" if other.startswith("###") else "## 1장 연장", other))
    )
    same = [(one.own, one.text, one.fields) == (two.own, two.text, two.fields) for one, two in zip(before, after, strict=True)]
    assert all(same) == other.startswith("###")
