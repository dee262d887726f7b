"""Below which headings a question stands: by these the same words are told apart."""

from __future__ import annotations

from pathlib import Path

import pytest

from notedeck.config import Config
from notedeck.reading.front import read_source
from notedeck.sources.source import Source
from tests.anki_oracle import NOW, Desk

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
    """A heading that is no chapter's stands on cards, and tells no edit."""
    before, after = (
        read_source(Source("a.md", "a.md", "a.md", text, Path("/nowhere")), Config()).gists
        for text in (SHELF, SHELF.replace("### 대패" if other.startswith("###") else "## 1장 연장", other))
    )
    same = [(one.own, one.text) == (two.own, two.text) for one, two in zip(before, after, strict=True)]
    assert all(same) == other.startswith("###")


def shown(text: str, config: Config) -> list[str]:
    """What stands above each question."""
    return [one.context for one in read_source(Source("a.md", "a.md", "a.md", text, Path("/nowhere")), config).contents]


SMALL = "<div><small>{}</small></div>"


HANDLES = SHELF.replace("장점은 무엇인가요?", "손잡이는 무엇으로 만드나요?").replace("예시를 들어주세요", "숫돌은 어떻게 쓰나요?")
"""Each question says what it is about; two say the same."""


def test_the_same_words_stand_below_their_headings_on_the_card() -> None:
    assert shown(HANDLES, Config()) == ["", SMALL.format("대패"), "", "", SMALL.format("끌"), ""]
    assert not any(shown(HANDLES.replace("손잡이는 무엇으로 만드나요?**\n  좁은", "끌 자루는 무엇으로 만드나요?**\n  좁은"), Config()))


def test_words_that_name_nothing_do_too() -> None:
    """A follow-up stands below its question."""
    assert shown(SHELF, Config()) == ["", SMALL.format("대패"), "", SMALL.format("대패 › 날 갈기"), SMALL.format("끌"), ""]


def test_all_do_if_deck_toml_says_so() -> None:
    found = shown(SHELF, Config(headings=True))
    assert found == ["", *[SMALL.format("대패")] * 2, SMALL.format("대패 › 날 갈기"), SMALL.format("끌"), ""]


def test_a_heading_is_text_and_stands_above_the_books_sentence() -> None:
    page = "# 책\n\n## 1장\n\n" + "".join(
        f"### <{name}>\n\np.5 {name}에 대한 문장\n\n- 이 말이 무슨 뜻인가요?\n\n  {name} 이야기다.\n\n" for name in ("큐", "덱")
    )
    first, second = shown(page, Config())
    assert first.startswith(SMALL.format("&lt;큐&gt;"))
    assert second.startswith(SMALL.format("&lt;덱&gt;"))


def test_a_question_that_gets_a_namesake_is_no_edit(tmp_path: Path) -> None:
    alone, *_ = HANDLES.partition("### 끌")
    desk = Desk(tmp_path).write({"책.md": alone})
    before = {note.locked.question: note.locked for note in desk.build().notes}
    built = desk.write({"책.md": HANDLES}).build(NOW + 100)
    note = built.notes[1]
    assert (note.locked.question, note.is_stale) == ("손잡이는 무엇으로 만드나요?", True)
    assert (note.locked.guid, note.locked.modified, note.locked.sent) == tuple(
        getattr(before[note.locked.question], name) for name in ("guid", "modified", "sent")
    )
    sent = desk.build(NOW + 200, refresh=True).notes[1]
    assert (sent.locked.guid, sent.locked.modified) == (note.locked.guid, NOW + 200)
