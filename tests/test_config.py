"""deck.toml: every key, and every mistake with its line."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from notedeck.config import ANSWER_COLUMNS, LABELS, QUESTION_COLUMNS, RECOGNISERS, Config, read_config
from notedeck.diagnostics import Level

FULL = """
[deck]
id = "두 번째 모임"
book = "운영체제"
under = "공부"
digits = 3
note_type = "우리 노트"

[books]
"새 제목" = "옛 책"

[labels]
"면접질문" = ["면접"]
"복습" = ["복습", "다시"]

[recognisers]
cloze = true
tables = false

[packages]
tags = ["면접질문", "복습"]

[followups]
in_parent = "titles"

[cards]
askers = false
page_tags = ["중간고사"]

[columns]
question = ["물어볼 것", "Q"]
answer = ["풀이"]
"""


def _mistakes(text: str) -> list[tuple[int, str, tuple[str, ...]]]:
    config, problems = read_config("deck.toml", text)
    assert config == Config()
    assert all(one.level is Level.ERROR and one.span.path == "deck.toml" for one in problems)
    return [(one.span.line, one.code, one.details) for one in problems]


@pytest.mark.parametrize("text", ["", "\n", "# nothing\n", "[deck]\n", "\ufeff[deck]\n"])
def test_no_key_is_needed(text: str) -> None:
    assert read_config("deck.toml", text) == (Config(), [])


def test_every_key() -> None:
    config, problems = read_config("deck.toml", FULL)
    assert not problems
    assert config == Config(
        deck_id="두 번째 모임",
        book="운영체제",
        under="공부",
        digits=3,
        note_type="우리 노트",
        books={"새 제목": "옛 책"},
        labels={**LABELS, "면접질문": ("면접",), "복습": ("복습", "다시")},
        packages=("면접질문", "복습"),
        in_parent="titles",
        askers=False,
        page_tags=("중간고사",),
        recognisers={**RECOGNISERS, "cloze": True, "tables": False},
        question_columns=(*QUESTION_COLUMNS, "물어볼 것"),
        answer_columns=(*ANSWER_COLUMNS, "풀이"),
    )


def test_own_labels_join_the_others_and_replace_their_own() -> None:
    config, _ = read_config("deck.toml", FULL)
    assert [config.tag_of(label) for label in ("다시", "면접", "면접질문", "꼬리", "없음")] == ["복습", "면접질문", "", "꼬리질문", ""]


def test_values_are_composed_and_trimmed() -> None:
    config, _ = read_config("deck.toml", '[deck]\nbook = " \u1100\u1161 "\n')
    assert config.book == "가"


@pytest.mark.parametrize(
    ("text", "line", "code"),
    [
        ("[deck\n", 1, "config-syntax"),
        ("[deck]\nbook = \n", 2, "config-syntax"),
        ('[deck]\nbook = "가"\nbook = "나"\n', 3, "config-syntax"),
        ('\n\n[dekc]\nbook = "가"\n', 3, "config-key"),
        ('[deck]\n\nbok = "가"\n', 3, "config-key"),
        ('book = "가"\n', 1, "config-key"),
        ("[deck]\nbook = 3\n", 2, "config-value"),
        ("[deck]\n# digits = 1\ndigits = 0\n", 3, "config-value"),
        ("[deck]\ndigits = 7\n", 2, "config-value"),
        ("[deck]\ndigits = true\n", 2, "config-value"),
        ('[deck]\ndigits = "2"\n', 2, "config-value"),
        ('[packages]\ntags = "면접질문"\n', 2, "config-value"),
        ('[packages]\ntags = [""]\n', 2, "config-value"),
        ('[followups]\nin_parent = "open"\n', 2, "config-value"),
        ('[cards]\naskers = "no"\n', 2, "config-value"),
        ('[books]\n"가" = 1\n', 2, "config-value"),
        ('[labels]\n"가" = "나"\n', 2, "config-value"),
        ("[recognisers]\ncloze = 1\n", 2, "config-value"),
        ("[recognisers]\nclose = true\n", 2, "config-key"),
        ("[deck]\nunder = 1\n", 2, "config-value"),
        ("deck.under = 1\n", 1, "config-value"),
        ('[books]\nbook = "가"\n\n[deck]\nbook = 1\n', 5, "config-value"),
    ],
)
def test_a_mistake_is_told_with_its_line(text: str, line: int, code: str) -> None:
    [(found_line, found_code, details)] = _mistakes(text)
    assert (found_line, found_code) == (line, code)
    assert all(details)


def test_all_mistakes_are_told_at_once() -> None:
    assert _mistakes('[deck]\nbok = "가"\ndigits = 0\n\n[card]\nx = 1\n') == [
        (2, "config-key", ("deck.bok",)),
        (3, "config-value", ("deck.digits", "1 … 6")),
        (5, "config-key", ("card",)),
    ]


@given(st.text(st.sampled_from("[]deck.=\"가1\n#labelsbooks' ,{}tru"), max_size=80))
def test_no_text_breaks_the_reader(text: str) -> None:
    config, problems = read_config("deck.toml", text)
    assert config == Config() or not problems
    assert all(1 <= one.span.line <= text.count("\n") + 1 for one in problems)
