"""How people ask, and how they only seem to."""

from __future__ import annotations

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from notedeck.items.signs.asking import asks, asks_at_end, asks_politely, states, wonders
from notedeck.items.signs.telling import trails_off

QUESTIONS = """
왜 그런가요?
무엇인가요
무엇이 같은가요 ㅠㅠ
어떻게 하나요??
어떻게 하는지 설명해주세요
설명해 주세요.
설명해 주세요!
비교해서 정리 부탁드립니다.
자세한 설명 부탁드려요~
알려주시면 감사하겠습니다
조사해줘
왜 쓰는지
언제 쓰는가
무엇이 좋을까?
이게 뭔가요...?
교착 상태란?
차이점은 무엇
서술하시오.
이해가 안돼요
잘 모르겠습니다
궁금합니다
왜 그런가요? (예를 들어서)
TLB가 무엇인가요? ⭐⭐
TLB가 무엇인가요⭐
TLB란? ‼️
왜 그런가요? #중요 #os
왜 그런가요? :star:
왜 그런가요? [중요]
왜 그런가요? ★ [중요] {#tlb}
왜 그런가요? ↑
"왜 그런가요?"
（왜？）
정말요?
What is a process
How does it work?
Explain the difference
캐시와 버퍼의 차이를 비교하라
""".split("\n")[1:-1]

STATEMENTS = """
그렇다.
그렇습니다.
색인은 찾기를 빠르게 한다
이것은 중요합니다.
필요합니다
많이 쓰임
사용할 수 있음.
느려질 수 있어요
데이터의 안정성
예시
A process is a running program.
그럼 모두 남기면 되는 것 아닌가?
이게 더 낫지 않을까?
'느린 것 아니겠는가?'
되지 않은가
그러니까요.
주요 목표
필요
""".split("\n")[1:-1]


@pytest.mark.parametrize("text", QUESTIONS)
def test_a_question_asks_at_its_end(text: str) -> None:
    assert asks_at_end(text)
    assert asks(text)
    assert not states(text)


@pytest.mark.parametrize("text", STATEMENTS)
def test_a_statement_asks_nothing(text: str) -> None:
    assert not asks_at_end(text)


@pytest.mark.parametrize("text", ["왜 그런가요? 더 자세한 설명이 필요합니다.", "설명해주세요 (뒷장에서 중요해요)"])
def test_a_line_may_ask_before_its_end(text: str) -> None:
    assert asks(text)


@pytest.mark.parametrize("text", ["캐시란 무엇인가?", "왜 느린가?", "교착 상태란?"])
def test_a_book_asks_without_courtesy(text: str) -> None:
    assert asks(text)
    assert not asks_politely(text)


@pytest.mark.parametrize("text", ["왜 그런가요?", "설명해주세요", "궁금합니다", "모르겠어요", "왜죠?"])
def test_a_friend_asks_politely(text: str) -> None:
    assert asks_politely(text)


@pytest.mark.parametrize(
    ("text", "said"), [("그렇다.", True), ("그렇습니다", True), ("쓸 수 있음", True), ("그림 3-1", False), ("왜 그런가요?", False), ("", False)]
)
def test_what_states(text: str, said: bool) -> None:
    assert states(text) is said


@pytest.mark.parametrize(
    ("text", "does"), [("안 나와서..", True), ("글쎄…", True), ("어렵다 ㅠㅠ", True), ("웃기다 ㅋㅋ", True), ("그렇다.", False), ("", False)]
)
def test_what_trails_off(text: str, does: bool) -> None:
    assert trails_off(text) is does


@given(st.text(st.sampled_from("가나요까는지다.?!() \t…~ㅠㅋ\"'주세니"), max_size=40))
def test_the_forms_agree(text: str) -> None:
    assert asks(text) == (asks_at_end(text) or asks_politely(text))
    assert not (states(text) and asks(text))
    assert asks_at_end(text) == asks_at_end(f" {text} ")


@pytest.mark.parametrize("text", ["(" * 800, "?" * 800, "ㅠ" * 800, "설명해 " * 800, "(가)" * 300, "주시면 " * 800, " " * 800 + "가", "what " * 800])
def test_no_long_line_takes_long(text: str) -> None:
    started = time.perf_counter()
    for form in (asks, asks_at_end, asks_politely, states, trails_off):
        form(text)
        form(text + "가")
    assert time.perf_counter() - started < 5


@pytest.mark.parametrize(
    "text",
    [
        "클라우드 단가",
        "도메인 전문가",
        "인증과 인가",
        "친구의 편지",
        "서식 별지",
        "디스크에서 읽으니까",
        "차이가 나요",
        "값이 올라가요",
        "여기서 끝나요",
    ],
)
def test_words_that_only_look_like_an_ending_ask_nothing(text: str) -> None:
    assert not asks(text)


@pytest.mark.parametrize("text", ["1장 개요", "트래픽 수요", "기능 요구 필요"])
def test_nouns_in_yo_state_nothing(text: str) -> None:
    assert not states(text)


def test_a_reason_is_no_question() -> None:
    assert not wonders("왜냐하면 빠르기 때문이다")
    assert wonders("왜 빠른지")
