"""The same question with another answer, in another place, or in nearly the same words: who it is then, and what nobody can know."""

from __future__ import annotations

from pathlib import Path

import pytest

from notedeck.config import Config
from notedeck.identity.drafts import drafts_of
from notedeck.identity.identifying import identify
from notedeck.identity.lock import EMPTY, Lock
from notedeck.identity.notes import Change, Identified, Rules
from notedeck.identity.scope import Scope
from notedeck.reading.findings import Read
from notedeck.reading.front import read_source
from notedeck.sources.source import Source

START = 1_700_000_000
Files = dict[str, str]

KILN = "가마는 천천히 식혀야 합니다. 급히 열면 유약과 흙이 다른 빠르기로 줄어들어 금이 가고, 큰 접시는 바닥부터 갈라집니다."
OTHER = "서리가 내리기 전에 뿌리를 캐서 그늘에 말리고, 모래를 채운 상자에 눕혀 둔다. 젖은 것은 따로 골라 먼저 먹는다."
THIRD = "현의 굵기와 길이가 소리의 높이를 정하고, 줄감개를 돌려 팽팽하게 하면 높아진다. 받침을 옮겨도 달라진다."


def ask(question: str, answer: str, *follow_ups: str) -> str:
    return f"- **{question}**\n  {answer}\n" + "".join(f"  {line}\n" for one in follow_ups for line in one.splitlines())


def page(*parts: str, title: str = "# 도자기") -> str:
    return "\n\n".join((title, *parts)) + "\n"


def built(files: Files, lock: Lock = EMPTY, now: int = START) -> Identified:
    sources = [Source(name, name, name, text, Path("/nowhere")) for name, text in files.items()]
    drafts, _ = drafts_of([Read(source, read_source(source, Config())) for source in sources])
    return identify(drafts, lock, Scope(frozenset(files), ("",)), Rules("", "Q&A", now))


def became(*steps: Files) -> list[Change]:
    """Build one after another; what became of the notes in the last."""
    made = built(steps[0])
    for number, files in enumerate(steps[1:], 1):
        made = built(files, made.lock, START + 10 * number)
    return [note.change for note in made.notes]


HOT = "가마의 온도는 어떻게 재나요?"
STEADY = ask("물레는 왜 왼쪽으로 돌리나요?", THIRD)
LONG = "초벌구이와 재벌구이는 무엇이 다르고 왜 두 번 굽는지 설명해주세요"
LONGER = "초벌구이와 재벌구이는 무엇이 다르고 왜 굳이 두 번 굽는지 설명해주세요"

KEPT: dict[str, tuple[tuple[Files, ...], list[Change]]] = {
    "an answer written anew": (
        ({"a.md": page(ask(HOT, KILN))}, {"a.md": page(ask(HOT, OTHER))}),
        [Change.EDITED],
    ),
    "of words that name nothing, below the same heading": (
        ({"a.md": page("## 물레", "### 손물레", ask("장점은 무엇인가요?", KILN), "### 발물레", ask("장점은 무엇인가요?", THIRD))},
         {"a.md": page("## 물레", "### 손물레", ask("장점은 무엇인가요?", OTHER), "### 발물레", ask("장점은 무엇인가요?", THIRD))}),
        [Change.EDITED, Change.SAME],
    ),
    "below a heading that got a number and a gloss": (
        ({"a.md": page("## 물레", STEADY, "### 손물레", ask("장점은 무엇인가요?", KILN))},
         {"a.md": page("## 물레", STEADY, "### 1. 손물레 (hand wheel)", ask("장점은 무엇인가요?", OTHER))}),
        [Change.SAME, Change.EDITED],
    ),
    "below the same question": (
        ({"a.md": page(ask(HOT, KILN, ask("예시를 들어주세요", THIRD)), ask(LONG, OTHER, ask("예시를 들어주세요", KILN)))},
         {"a.md": page(ask(HOT, KILN, ask("예시를 들어주세요", OTHER)), ask(LONG, OTHER, ask("예시를 들어주세요", KILN)))}),
        [Change.EDITED, Change.EDITED, Change.SAME, Change.SAME],
    ),
    "and another heading": (
        ({"a.md": page("## 굽기", STEADY, "### 불", ask(HOT, KILN))}, {"a.md": page("## 굽기", STEADY, ask(HOT, OTHER))}),
        [Change.SAME, Change.EDITED],
    ),
    "and its file renamed": (
        ({"a.md": page(STEADY, ask(HOT, KILN))}, {"굽기.md": page(STEADY, ask(HOT, OTHER))}),
        [Change.SAME, Change.EDITED],
    ),
    "of words that name nothing, and its file renamed": (
        ({"반/a.md": page(STEADY, ask("장점은 무엇인가요?", KILN))}, {"반/굽기.md": page(STEADY, ask("장점은 무엇인가요?", OTHER))}),
        [Change.MOVED, Change.MOVED],
    ),
    "and its folder renamed, where another file has the same question": (
        ({"봄반/a.md": page(STEADY, ask(HOT, KILN)), "여름반/a.md": page(ask(HOT, THIRD))},
         {"가을반/a.md": page(STEADY, ask(HOT, OTHER)), "여름반/a.md": page(ask(HOT, THIRD))}),
        [Change.MOVED, Change.MOVED, Change.SAME],
    ),
    "on a page with answers, from one of open questions": (
        ({"README.md": page(ask(HOT, "아직 모른다."), STEADY)}, {"README.md": page(STEADY), "답/a.md": page(ask(HOT, KILN), title="# 답")}),
        [Change.SAME, Change.MOVED],
    ),
    "which had two of its words, once left out": (
        ({"a.md": page(STEADY, ask(HOT, KILN))}, {"a.md": page(STEADY)}, {"a.md": page(STEADY, ask(HOT, OTHER))}),
        [Change.SAME, Change.RETURNED],
    ),
    "which was unanswered for a while": (
        ({"a.md": page(STEADY, ask(HOT, KILN))}, {"a.md": page(STEADY, f"- **{HOT}**")}, {"a.md": page(STEADY, ask(HOT, OTHER))}),
        [Change.SAME, Change.RETURNED],
    ),
    "a word more, and the answer grown to double": (
        ({"a.md": page(ask(LONG, KILN))}, {"a.md": page(ask(LONGER, f"{KILN} {OTHER}"))}),
        [Change.REWORDED],
    ),
    "a second question added behind it": (
        ({"a.md": page(ask(HOT, KILN))}, {"a.md": page(ask(f"{HOT} 그리고 몇 번이나 재나요?", f"{KILN} {OTHER}"))}),
        [Change.REWORDED],
    ),
    "asked politely, with an answer written anew": (
        ({"a.md": page(ask("유약이란 무엇인가?", KILN))}, {"a.md": page(ask("유약이란 무엇인가요?", OTHER))}),
        [Change.REWORDED],
    ),
    "a head decorated anew": (
        ({"a.md": page(ask(":star:초벌구이(bisque firing) 란?", KILN))}, {"a.md": page(ask("초벌구이란?", f"{KILN} 그렇다."))}),
        [Change.REWORDED],
    ),
    "a level behind it, with an answer written anew": (
        ({"a.md": page(ask("초벌구이의 온도는? [기본]", KILN))}, {"a.md": page(ask("초벌구이의 온도는?", OTHER))}),
        [Change.REWORDED],
    ),
    "a question that became one below another": (
        ({"a.md": page(ask(HOT, KILN), ask(LONG, THIRD))}, {"a.md": page(ask(LONG, THIRD, ask(HOT, OTHER)))}),
        [Change.EDITED, Change.EDITED],
    ),
}  # fmt: skip


@pytest.mark.parametrize("name", KEPT)
def test_it_keeps_its_history(name: str) -> None:
    steps, changes = KEPT[name]
    assert became(*steps) == changes


UNKNOWN: dict[str, tuple[tuple[Files, ...], list[Change]]] = {
    "words that name nothing, below another heading": (
        ({"a.md": page("## 물레", STEADY, "### 손물레", ask("장점은 무엇인가요?", KILN))},
         {"a.md": page("## 물레", STEADY, "### 발물레", ask("장점은 무엇인가요?", OTHER))}),
        [Change.SAME, Change.DOUBTFUL],
    ),
    "words that name nothing, below another question": (
        ({"a.md": page(STEADY, ask(HOT, KILN, ask("왜 그런가요?", THIRD)))}, {"a.md": page(STEADY, ask(LONG, OTHER, ask("왜 그런가요?", KILN)))}),
        [Change.SAME, Change.NEW, Change.DOUBTFUL],
    ),
    "words that name nothing, of another sentence of the book": (
        ({"a.md": page("- p.3 유약은 얇게 바른다.\n  > 왜 그런가요?\n  ***\n  " + KILN)},
         {"a.md": page("- p.9 흙은 오래 둔다.\n  > 왜 그런가요?\n  ***\n  " + OTHER)}),
        [Change.DOUBTFUL],
    ),
    "one word that names something, below another heading": (
        ({"a.md": page("## 물레", STEADY, "### 손물레", ask("중심은?", KILN))},
         {"a.md": page("## 물레", STEADY, "### 발물레", ask("중심은?", OTHER))}),
        [Change.SAME, Change.DOUBTFUL],
    ),
    "somebody else's answer to the same question": (
        ({"가온.md": page(ask(HOT, KILN)), "나래.md": page(ask(HOT, THIRD))}, {"나래.md": page(ask(HOT, THIRD)), "다솜.md": page(ask(HOT, OTHER))}),
        [Change.SAME, Change.DOUBTFUL],
    ),
    "a question that differs in its brackets": (
        ({"a.md": page(ask("굽기(초벌)의 온도는?", KILN))}, {"a.md": page(ask("굽기(재벌)의 온도는?", OTHER))}),
        [Change.NEW],
    ),
    "an opposite": (
        ({"a.md": page(ask("전기 가마로 굽는 도자기의 장점은?", KILN))}, {"a.md": page(ask("전기 가마로 굽는 도자기의 단점은?", OTHER))}),
        [Change.NEW],
    ),
}  # fmt: skip


@pytest.mark.parametrize("name", UNKNOWN)
def test_it_is_nobody_yet(name: str) -> None:
    steps, changes = UNKNOWN[name]
    assert became(*steps) == changes


def test_a_doubt_names_the_note_that_had_the_words() -> None:
    before = built(UNKNOWN["words that name nothing, below another heading"][0][0])
    after = built(UNKNOWN["words that name nothing, below another heading"][0][1], before.lock, START + 10)
    assert [one.headings for one in after.notes[1].likely] == [("물레", "손물레")]


def test_another_question_with_the_whole_answer_has_the_better_claim() -> None:
    before = built({"a.md": page(STEADY, ask("가마 속 온도는 어떻게 재나요?", KILN))})
    other = page(ask("가마 속 온도는 어떻게 재나요?", OTHER), title="# 텃밭")
    after = built({"a.md": page(STEADY, ask("가마 속의 온도는 무엇으로 재나요?", KILN)), "b.md": other}, before.lock, START + 10)
    assert after.notes[1].locked.guid == before.notes[1].locked.guid
    assert after.notes[2].change in (Change.NEW, Change.DOUBTFUL)


def test_what_was_left_out_comes_back_in_its_own_place() -> None:
    """The same words went from two pages; each comes back to its own."""
    whole = {"a.md": page(STEADY, ask(HOT, KILN)), "b.md": page(ask(LONG, KILN), ask(HOT, OTHER), title="# 텃밭")}
    first = built(whole)
    gone = built({"a.md": page(STEADY), "b.md": page(ask(LONG, KILN), title="# 텃밭")}, first.lock, START + 10)
    back = built({**whole, "a.md": page(STEADY, ask(HOT, THIRD))}, gone.lock, START + 20)
    assert [note.locked.guid for note in back.notes] == [note.locked.guid for note in first.notes]
    assert [note.change for note in back.notes] == [Change.SAME, Change.RETURNED, Change.SAME, Change.RETURNED]
