"""What of a question's words counts, and whether they name what it is about."""

from __future__ import annotations

import time

import pytest

from notedeck.content.sketch import kinship, likeness, sketch
from notedeck.identity.words import ask_alike, bare, core, matter, same_headings
from notedeck.items.signs.subjects import names_in

NAMELESS = (
    "장점은?", "장점은 무엇인가요?", "장단점을 정리해주세요", "예시를 들어주세요", "예를 들어 설명해주세요", "왜 그런가요?", "언제 사용하나요?",
    "어디에 쓰나요?", "시간 복잡도는 어떻게 되나요?", "동작 과정을 설명해주세요", "이 부분을 어떻게 생각하시나요?", "차이가 뭔가요?", "1. 단점은?",
    "코드로 구현해보세요", "3가지를 말해보세요", "What are the pros and cons?", "Why?", "メリットは何ですか", "优点是什么？",
)  # fmt: skip
NAMING = (
    "큐의 장점은?", "해시란?", "구조체란?", "쓰레드란?", "C란?", "인덱스를 왜 쓰나요?", "전이란 무엇인가요?", "What is a queue?", "什么是索引？",
    "물레는 언제 돌리나요?",
)  # fmt: skip


@pytest.mark.parametrize("question", NAMELESS)
def test_words_that_name_nothing(question: str) -> None:
    assert names_in(question) == 0


@pytest.mark.parametrize("question", NAMING)
def test_words_that_name_something(question: str) -> None:
    assert names_in(question) > 0


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("큐란?", "큐 란 ?"),
        ("1. 큐란?", "12) 큐란?"),
        ("Q3. 큐란?", "큐란?"),
        (":star: 큐란?", "큐란?"),
        ("⭐️ 큐란?", "큐란?"),
    ],
)
def test_decoration_is_no_word(one: str, other: str) -> None:
    assert bare(one) == bare(other)


@pytest.mark.parametrize(("one", "other"), [("C란?", "C++란?"), ("C란?", "C#이란?"), ("2단계 잠금이란?", "3단계 잠금이란?"), ("(큐)", "(스택)")])
def test_what_tells_two_apart_stays(one: str, other: str) -> None:
    assert bare(one) != bare(other)
    assert core(one) != core(other)


@pytest.mark.parametrize(
    ("one", "other", "alike"),
    [
        ("격리 수준(Isolation)이란?", "격리 수준이란?", True),
        ("격리 수준이란?", "격리 수준이란 무엇인가요?", True),
        ("격리 수준이란 무엇인가", "격리 수준은 무엇인가요?", True),
        ("차이는? [심화]", "차이는 무엇인가요?", True),
        ("정렬(퀵)의 차례는?", "정렬(힙)의 차례는?", False),
        ("격리 수준의 장점은?", "격리 수준의 단점은?", False),
        ("격리 수준이란?", "격리 수준을 왜 나누나요?", False),
    ],
)
def test_what_asks_the_same_in_nearly_the_same_words(one: str, other: str, *, alike: bool) -> None:
    assert ask_alike(one, other) is ask_alike(other, one) is alike


def test_a_request_alone_is_a_matter_too() -> None:
    assert matter(bare("무엇인가요?"))
    assert matter(bare("요"))


def test_headings_are_the_same_but_for_numbers_and_glosses() -> None:
    assert same_headings(("1. 큐", "연산"), ("2. 큐(Queue)", "연산"))
    assert not same_headings(("큐", "연산"), ("스택", "연산"))
    assert not same_headings(("큐",), ("큐", "연산"))


@pytest.mark.parametrize("text", ["이", "적은", "장점은", "장점은 ", "(", "[", ":", "q ", "1.", "1.1", "요", "은", "무엇인가"])
def test_no_text_takes_more_than_linear_time(text: str) -> None:
    long = text * (60_000 // len(text))
    start = time.process_time()
    for words in (long, f"{long}뷁"):
        names_in(words)
        core(words)
        matter(words)
    assert time.process_time() - start < 3


GROUND = "가마는 천천히 식혀야 합니다. 급히 열면 유약과 흙이 다른 빠르기로 줄어들어 금이 가고 큰 접시는 바닥부터 갈라집니다."
MORE = "서리가 내리기 전에 뿌리를 캐서 그늘에 말리고 모래를 채운 상자에 눕혀 둔다. 젖은 것은 따로 골라 먼저 먹는다."


def test_an_answer_that_grew_holds_the_former_one() -> None:
    one, grown, other = sketch(GROUND), sketch(f"{GROUND} {MORE}"), sketch(MORE)
    assert likeness(one, grown) < 0.7 < kinship(one, grown)
    assert kinship(one, grown) == kinship(grown, one)
    assert kinship(one, other) < 0.3
    assert kinship(one, one) == 1


def test_a_sketch_of_the_first_version_has_no_size_and_is_compared_as_ever() -> None:
    one, grown = sketch(GROUND), sketch(f"{GROUND} {MORE}")
    former = "".join((one[:84], one[84:86], "=="))
    assert kinship(former, grown) == likeness(former, grown) == likeness(one, grown)
