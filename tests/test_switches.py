"""`[recognisers]` in deck.toml: each name switches one way of writing a question, and nothing else."""

from __future__ import annotations

import pytest

from notedeck.config import RECOGNISERS, Config, read_config
from notedeck.items.reading import RECOGNISERS as READ
from notedeck.items.reading import with_follow_ups
from notedeck.outline.blocks import plain_of
from tests.dumps import read

SAMPLES = {
    "labels": ("Q. 캐시란?\nA. 가까이 두는 사본\n", "캐시란?"),
    "headings": ("## 캐시란?\n\n가까이 두는 사본\n", "캐시란?"),
    "details": ("<details><summary>캐시란?</summary>\n가까이 두는 사본\n</details>\n", "캐시란?"),
    "tables": ("| 질문 | 답변 |\n|---|---|\n| 캐시 | 사본 |\n", "캐시"),
    "terms": ("캐시 :: 가까이 두는 사본\n", "캐시"),
    "cloze": ("캐시는 ==가까이== 둔다.\n", "캐시는 가까이 둔다."),
    "study": ("- 캐시란?\n  - 가까이 두는 사본\n", "캐시란?"),
    "lines": ("**캐시란?**\n\n가까이 두는 사본\n", "캐시란?"),
    "every_heading": ("## 캐시\n\n가까이 두는 사본\n", "캐시"),
    "outlines": ("- 캐시\n  - 가까이 두는 사본\n", "캐시"),
}
"""For each name what it alone reads, and the question in it."""
NAMES = sorted(SAMPLES)


def _config(**switches: bool) -> Config:
    lines = "".join(f"{name} = {str(is_on).lower()}\n" for name, is_on in switches.items())
    config, problems = read_config("deck.toml", f"[recognisers]\n{lines}")
    assert not problems
    return config


def _asked(source: str, config: Config) -> list[str]:
    return [plain_of(item.question) for item in with_follow_ups(read(source, config)[1].items)]


def test_each_switch_has_a_sample() -> None:
    assert set(SAMPLES) == set(READ) <= set(RECOGNISERS)


@pytest.mark.parametrize("name", NAMES)
def test_a_switch_alone_is_enough_to_read_its_way(name: str) -> None:
    source, asked = SAMPLES[name]
    assert _asked(source, _config(**{one: one == name for one in RECOGNISERS})) == [asked]


@pytest.mark.parametrize("name", NAMES)
def test_without_its_switch_nothing_reads_that_way(name: str) -> None:
    source, _ = SAMPLES[name]
    assert _asked(source, _config(**{one: is_on and one != name for one, is_on in RECOGNISERS.items()})) == []


@pytest.mark.parametrize("name", NAMES)
def test_a_switch_leaves_the_other_ways_alone(name: str) -> None:
    without = _config(**{one: one != name for one in RECOGNISERS})
    for other, (source, asked) in SAMPLES.items():
        if other != name:
            assert asked in _asked(source, without), other


@pytest.mark.parametrize("name", NAMES)
def test_the_defaults_are_what_they_say(name: str) -> None:
    source, asked = SAMPLES[name]
    assert _asked(source, Config()) == [asked] * RECOGNISERS[name]


def test_with_all_off_nothing_is_read_and_all_is_told() -> None:
    config = _config(**dict.fromkeys(RECOGNISERS, False))
    for source, _ in SAMPLES.values():
        _, reading = read(source, config)
        assert not reading.items
        assert [one.code for one in reading.diagnostics] == ["no-questions"]
        assert reading.account.on_cards == 0
