"""corrections.toml, changed by one entry: all that a person wrote in it stays."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from notedeck.corrections.reading import read_corrections
from notedeck.corrections.writing import changed_entry, reasons, with_entry, without_entry

NEW = {"text": "왜 그런가요?", "as": "question"}
WRITTEN = '[[line]]\ntext = "왜 그런가요?"\nas = "question"\n'
TEXT = """# 우리 모임의 고침

# 표의 머리글이었다
[[line]]
text = "이름"   # 첫 줄
as = "nothing"

# 제목처럼 보이지만 질문이다
# (민서가 확인)
[[line]]
as = "question"
text = "캐시의 수명"
tags = ["면접질문"]
# 세 번째
[[line]]
text = '''여기
까지'''
as = "end"
# 끝
"""


def said(text: str) -> list[tuple[str, str, tuple[str, ...]]]:
    """What a file says, which must be without a mistake."""
    found, problems = read_corrections("c.toml", text)
    assert problems == []
    return [(one.text, str(one.role), one.tags) for one in found]


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("", WRITTEN),
        ("# 우리 모임\n", f"# 우리 모임\n\n{WRITTEN}"),
        ("# 우리 모임", f"# 우리 모임\n\n{WRITTEN}"),
        ("\ufeff# 우리 모임\r\n", f"\ufeff# 우리 모임\r\n\r\n{WRITTEN}".replace("\n", "\r\n").replace("\r\r", "\r")),
        (TEXT, f"{TEXT}\n{WRITTEN}"),
        (f"{WRITTEN}\n\n", f"{WRITTEN}\n{WRITTEN}"),
        (
            'line = [\n  {text = "가", as = "end"}, # 하나\n]\n',
            'line = [\n  {text = "가", as = "end"}, # 하나\n  {text = "왜 그런가요?", as = "question"},\n]\n',
        ),
    ],
    ids=["none", "a comment", "no end of line", "Windows", "others", "empty lines", "a list"],
)
def test_an_entry_comes_behind_the_others(before: str, after: str) -> None:
    assert with_entry(before, NEW) == after


def test_an_entry_is_read_as_it_was_meant() -> None:
    odd = 'a "b" \\n \\ \t # [[line]] \u2028 \x01 ```'
    text = with_entry(TEXT, {"text": odd, "file": "가.md", "as": "heading", "tags": ["하나", "-둘"], "under": ""})
    assert said(text)[-1] == (odd, "heading", ("하나", "-둘"))


def test_a_reason_is_the_comment_right_above() -> None:
    assert reasons(TEXT) == ["표의 머리글이었다", "제목처럼 보이지만 질문이다\n(민서가 확인)", "세 번째"]


@pytest.mark.parametrize("number", [0, 1, 2])
def test_an_entry_goes_with_its_reason_and_no_other(number: int) -> None:
    after = without_entry(TEXT, number)
    assert said(after) == [one for place, one in enumerate(said(TEXT)) if place != number]
    assert reasons(after) == [one for place, one in enumerate(reasons(TEXT)) if place != number]
    assert after.startswith("# 우리 모임의 고침\n\n")
    assert after.endswith("# 끝\n")
    assert "\n\n\n" not in after


def test_the_last_entry_leaves_what_else_was_there() -> None:
    assert without_entry(f"# 우리 모임\n\n{WRITTEN}# 끝\n", 0) == "# 우리 모임\n\n# 끝\n"
    assert without_entry(WRITTEN, 0) == ""


def test_keys_of_an_entry_are_changed_and_taken_away() -> None:
    after = changed_entry(TEXT, 1, {"as": "context", "tags": [], "file": "가.md"})
    assert said(after)[1] == ("캐시의 수명", "context", ())
    assert reasons(after) == reasons(TEXT)
    assert after.replace('as = "context"', 'as = "question"').replace('file = "가.md"\n', 'tags = ["면접질문"]\n') == TEXT


@pytest.mark.parametrize("broken", ["[[line]]\n= 3\n", "[[line]]\ntext =\n", '[[line]]\nas = "end"\nas = "end"\n', "line = 3\nline = 4"])
def test_what_is_no_toml_is_not_changed(broken: str) -> None:
    with pytest.raises(ValueError, match=r"."):
        with_entry(broken, NEW)


COMMENTS = st.lists(st.sampled_from(["", "# 까닭", "# 또 하나", "#"]), max_size=3)
ENTRIES = st.lists(st.tuples(COMMENTS, st.text("가나 ab\"\\'#=", min_size=1).filter(lambda text: any(map(str.isalnum, text)))), max_size=5)


@given(ENTRIES, st.integers(0, 5), st.booleans())
def test_all_other_entries_and_reasons_stay(entries: list[tuple[list[str], str]], number: int, is_windows: bool) -> None:
    text = ""
    for place, (comments, words) in enumerate(entries):
        made = with_entry(text, {"text": words, "as": "answer"})
        head = made.rindex("[[line]]") if place else 0
        text = made[:head] + "".join(f"{comment}\n" for comment in comments) + made[head:]
    text = text.replace("\n", "\r\n") if is_windows else text
    assert without_entry(with_entry(text, NEW), len(entries)).rstrip() == text.rstrip()
    if number < len(entries):
        after = without_entry(text, number)
        assert said(after) == [one for place, one in enumerate(said(text)) if place != number]
        assert reasons(after) == [one for place, one in enumerate(reasons(text)) if place != number]
        assert ("\r\n" in after) == (is_windows and "\n" in after)
