"""Who is who after an edit: each kind of edit, and which note each question is afterwards."""

from __future__ import annotations

from dataclasses import dataclass
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

HEAD = "# 운영체제 1~2장\n\n### 1장 프로세스\n"
CONTEXT_SWITCH = """- p.11 문맥 교환에는 비용이 든다.
  > 문맥 교환 비용은 어디에서 생기는지 설명해주세요
  ***
  레지스터와 스택 포인터를 PCB에 옮겨 적고, TLB와 캐시가 식어서 한동안 미스가 늘어납니다. 커널 모드로 드나드는 시간도 듭니다.
"""
DEADLOCK = """- **[면접질문] 교착 상태의 네 가지 조건을 설명해주세요**
  A. 상호 배제, 점유 대기, 비선점, 순환 대기입니다. 넷이 모두 맞아야 일어나므로 하나만 깨도 막을 수 있습니다.
  - 어떤 조건을 깨는 게 현실적인가요?
    자원에 순서를 매겨서 순환 대기를 없애는 방법이 흔합니다. 데이터베이스는 탐지해서 하나를 되돌립니다.
  - 예를 들어 설명해주세요
    두 스레드가 락 A와 B를 서로 다른 순서로 잡으면 영원히 기다립니다.
"""
SCHEDULING = """- p.14 라운드 로빈은 시간 조각을 돌아가며 준다.
  시간 조각이 너무 짧으면 어떻게 되나요?
  ***
  일을 하는 시간보다 문맥 교환에 쓰는 시간이 많아집니다. 너무 길면 먼저 온 순서와 다를 바가 없어집니다.
"""
PAGING = """- p.30 페이지 크기는 4KB가 흔하다.
  페이지가 크면 무엇이 나쁜지 알려주세요
  ***
  마지막 페이지의 남는 자리가 커지는 내부 단편화가 생기고, 적은 데이터를 읽으려고 많은 것을 디스크에서 가져옵니다.
"""
SECOND = "\n### 2장 메모리\n"
WHOLE = HEAD + CONTEXT_SWITCH + DEADLOCK + SCHEDULING + SECOND + PAGING


def built(files: dict[str, str], lock: Lock, now: int) -> Identified:
    sources = [Source(name, name, name, text, Path("/nowhere")) for name, text in files.items()]
    drafts, _ = drafts_of([Read(source, read_source(source, Config())) for source in sources])
    return identify(drafts, lock, Scope(frozenset(files), ("",)), Rules("", "Q&A", now))


@dataclass(frozen=True)
class Outcome:
    """What a second build makes of the notes of a first one."""

    became: dict[str, str]
    """The start of each old question -> the start of the question that has its guid now, or `gone`."""
    changes: dict[str, Change]
    """The start of each new question -> its change."""


def outcome(before: dict[str, str], after: dict[str, str]) -> Outcome:
    first = built(before, EMPTY, START)
    second = built(after, first.lock, START + 10)
    now = {note.locked.guid: note.locked.question for note in second.notes}
    return Outcome(
        {note.locked.question[:6]: now.get(note.locked.guid, "gone")[:6] for note in first.notes},
        {note.locked.question[:6]: note.change for note in second.notes},
    )


def kept(*questions: str) -> dict[str, str]:
    return {question: question for question in questions}


EVERY = kept("문맥 교환 ", "교착 상태의", "어떤 조건을", "예를 들어 ", "시간 조각이", "페이지가 크")


def test_nothing_edited_leaves_every_note_and_the_lock_as_they_were() -> None:
    first = built({"os.md": WHOLE}, EMPTY, START)
    second = built({"os.md": WHOLE}, first.lock, START + 10)
    assert {note.change for note in second.notes} == {Change.SAME}
    assert second.lock == first.lock


def test_two_first_builds_of_the_same_notes_agree_in_all_but_the_time() -> None:
    one = built({"os.md": WHOLE}, EMPTY, START)
    other = built({"다른 이름.md": WHOLE}, EMPTY, START + 500)
    assert [(note.locked.guid, note.locked.id, note.locked.note) for note in one.notes] == [
        (note.locked.guid, note.locked.id, note.locked.note) for note in other.notes
    ]


@pytest.mark.parametrize(
    ("after", "changes"),
    [
        pytest.param(WHOLE.replace("TLB와 캐시가 식어서", "TLB가 비워져서"), {"문맥 교환 ": Change.EDITED}, id="an answer edited"),
        pytest.param(
            WHOLE.replace("문맥 교환 비용은 어디에서 생기는지", "컨텍스트 스위칭의 비용은 왜 드는지"), {"컨텍스트 스": Change.REWORDED}, id="reworded"
        ),
        pytest.param(
            WHOLE.replace("비용은 어디에서 생기는지", "비용이 어디서 오는지").replace("한동안 미스가 늘어납니다", "미스가 한동안 잦습니다"),
            {"문맥 교환 ": Change.REWORDED},
            id="question and answer edited a little",
        ),
        pytest.param(HEAD + SCHEDULING + DEADLOCK + CONTEXT_SWITCH + SECOND + PAGING, {}, id="another order"),
        pytest.param(HEAD + CONTEXT_SWITCH + DEADLOCK + SECOND + PAGING + SCHEDULING, {"시간 조각이": Change.MOVED}, id="moved to another chapter"),
        pytest.param(
            WHOLE.replace("### 1장 프로세스", "### 1장 프로세스와 스레드"), dict.fromkeys(list(EVERY)[:5], Change.EDITED), id="a chapter's subtitle"
        ),
        pytest.param(WHOLE.replace("### 2장", "### 3장"), {"페이지가 크": Change.MOVED}, id="a chapter's number"),
        pytest.param(WHOLE.replace("[면접질문] ", "[면접 예상질문] "), dict.fromkeys(list(EVERY)[1:4], Change.EDITED), id="another label"),
    ],
)
def test_edits_keep_every_note(after: str, changes: dict[str, Change]) -> None:
    seen = outcome({"os.md": WHOLE}, {"os.md": after})
    assert "gone" not in seen.became.values()
    assert {question: change for question, change in seen.changes.items() if change is not Change.SAME} == changes


def test_a_renamed_file_changes_nothing() -> None:
    seen = outcome({"os.md": WHOLE}, {"운영체제 정리.md": WHOLE})
    assert seen.became == EVERY
    assert set(seen.changes.values()) == {Change.SAME}


def test_the_whole_book_in_one_file_changes_nothing() -> None:
    second = "# 운영체제 2장\n" + SECOND + PAGING
    seen = outcome({"a.md": HEAD + CONTEXT_SWITCH + DEADLOCK + SCHEDULING, "b.md": second}, {"all.md": WHOLE})
    assert seen.became == EVERY


def test_swapped_questions_keep_their_words_and_with_them_their_notes() -> None:
    one, other = "시간 조각이 너무 짧으면 어떻게 되나요?", "문맥 교환 비용은 어디에서 생기는지 설명해주세요"
    swapped = WHOLE.replace(one, "@@").replace(other, one).replace("@@", other)
    assert outcome({"os.md": WHOLE}, {"os.md": swapped}).became == EVERY


ALIKE = """- p.40 인용한 문장 하나
  > 장단점을 정리해주세요
  ***
  세그먼테이션은 논리 단위로 나누어 공유와 보호가 쉽지만 외부 단편화가 생깁니다.
- p.41 인용한 문장 둘
  > 장단점을 정리해주세요
  ***
  페이징은 고정 크기라 배치가 쉽지만 마지막 조각에 낭비가 있습니다.
"""


@pytest.mark.parametrize("goes", [0, 1])
def test_of_two_equal_questions_the_one_that_goes_is_the_one_that_is_gone(goes: int) -> None:
    first = built({"os.md": HEAD + ALIKE}, EMPTY, START)
    halves = ALIKE.split("- p.41")
    left = "- p.41" + halves[1] if goes == 0 else halves[0]
    second = built({"os.md": HEAD + left}, first.lock, START + 10)
    assert [note.locked.guid for note in second.notes] == [first.notes[1 - goes].locked.guid]
    assert [one.guid for one in second.removed] == [first.notes[goes].locked.guid]


ANEW = ALIKE.replace(
    "세그먼테이션은 논리 단위로 나누어 공유와 보호가 쉽지만 외부 단편화가 생깁니다.", "요구 페이징은 처음 닿을 때 읽어 와서 시작이 빠릅니다."
)


def test_an_equal_question_with_another_answer_does_not_take_the_place_of_one_that_went() -> None:
    """Its words name nothing; the book's sentence is another one, so it asks of something else."""
    first = built({"os.md": HEAD + ALIKE}, EMPTY, START)
    second = built({"os.md": HEAD + ANEW.replace("인용한 문장 하나", "요구 페이징에 대한 문장")}, first.lock, START + 10)
    assert second.notes[0].locked.guid not in first.lock.notes
    assert second.notes[0].change is Change.DOUBTFUL
    assert second.notes[1].locked.guid == first.notes[1].locked.guid


def test_of_two_equal_questions_the_books_sentence_says_which_one_has_a_new_answer() -> None:
    first = built({"os.md": HEAD + ALIKE}, EMPTY, START)
    second = built({"os.md": HEAD + ANEW}, first.lock, START + 10)
    assert [note.locked.guid for note in second.notes] == [note.locked.guid for note in first.notes]
    assert [note.change for note in second.notes] == [Change.EDITED, Change.SAME]


def test_a_split_question_stays_with_the_part_that_keeps_its_words() -> None:
    halves = DEADLOCK.replace("  - 예를 들어 설명해주세요\n    두", "- 락을 잡는 순서가 다르면 어떻게 되나요?\n  두")
    seen = outcome({"os.md": HEAD + DEADLOCK}, {"os.md": HEAD + halves})
    assert seen.became == {"교착 상태의": "교착 상태의", "어떤 조건을": "어떤 조건을", "예를 들어 ": seen.became["예를 들어 "]}
    assert seen.became["예를 들어 "] in ("gone", "락을 잡는 ")


def test_two_questions_joined_never_take_a_third_ones_note() -> None:
    joined = """- p.11 문맥 교환에는 비용이 든다.
  > 문맥 교환 비용은 어디에서 생기고, 시간 조각이 너무 짧으면 어떻게 되나요?
  ***
  레지스터와 스택 포인터를 PCB에 옮겨 적고, TLB와 캐시가 식어서 한동안 미스가 늘어납니다. 커널 모드로 드나드는 시간도 듭니다.
  일을 하는 시간보다 문맥 교환에 쓰는 시간이 많아집니다. 너무 길면 먼저 온 순서와 다를 바가 없어집니다.
"""
    seen = outcome({"os.md": HEAD + CONTEXT_SWITCH + SCHEDULING + DEADLOCK}, {"os.md": HEAD + joined + DEADLOCK})
    assert {question: seen.became[question] for question in list(EVERY)[1:4]} == kept(*list(EVERY)[1:4])
    assert set(seen.became.values()) <= {"gone", *EVERY}


def test_an_answer_taken_away_and_given_back_brings_the_history_back() -> None:
    first = built({"os.md": WHOLE}, EMPTY, START)
    asked = WHOLE.split("  마지막 페이지의")[0]
    second = built({"os.md": asked}, first.lock, START + 10)
    assert [one.question[:6] for one in second.removed] == ["페이지가 크"]
    third = built({"os.md": WHOLE}, second.lock, START + 20)
    returned = [note for note in third.notes if note.change is Change.RETURNED]
    assert [note.locked.guid for note in returned] == [second.removed[0].guid]
    assert returned[0].locked.modified > second.removed[0].modified > first.notes[-1].locked.modified


def test_follow_ups_of_a_reworded_question_are_edited_along_with_it() -> None:
    first = built({"os.md": WHOLE}, EMPTY, START)
    second = built({"os.md": WHOLE.replace("교착 상태의 네 가지 조건을", "데드락이 일어나는 조건 네 가지를")}, first.lock, START + 10)
    parent = second.notes[1]
    assert parent.change is Change.REWORDED
    assert [(note.change, note.cause) for note in second.notes[2:4]] == [(Change.EDITED, parent.locked.id)] * 2


def test_a_question_is_edited_along_with_its_follow_up() -> None:
    first = built({"os.md": WHOLE}, EMPTY, START)
    second = built({"os.md": WHOLE.replace("영원히 기다립니다", "끝없이 기다립니다")}, first.lock, START + 10)
    assert [(note.change, note.cause) for note in second.notes[1:4]] == [
        (Change.EDITED, second.notes[3].locked.id),
        (Change.SAME, ""),
        (Change.EDITED, ""),
    ]


OTHER = """- p.14 다단계 큐는 우선순위를 나누어 준다.
  우선순위가 너무 낮으면 어떻게 되나요?
  ***
  차례가 오지 않는 기아 상태가 됩니다. 너무 길면 먼저 온 순서와 다를 바가 없어지듯이, 오래 기다린 것을 올려 주어야 합니다.
"""


def test_an_alike_question_in_the_place_of_another_gets_a_note_of_its_own() -> None:
    first = built({"os.md": WHOLE}, EMPTY, START)
    second = built({"os.md": WHOLE.replace(SCHEDULING, OTHER)}, first.lock, START + 10)
    assert all(note.locked.guid in first.lock.notes for note in second.notes if note.draft.gist.question_text[:4] != "우선순위")
    assert [note.locked.guid in first.lock.notes for note in second.notes if note.draft.gist.question_text[:4] == "우선순위"] == [False]


def test_times_move_strictly_even_within_one_second_and_with_a_clock_set_back() -> None:
    first = built({"os.md": WHOLE}, EMPTY, START)
    second = built({"os.md": WHOLE.replace("TLB와", "TLB, 그리고")}, first.lock, START)
    third = built({"os.md": WHOLE.replace("TLB와", "TLB 또는")}, second.lock, START - 86_400 * 365)
    times = [made.notes[0].locked.modified for made in (first, second, third)]
    assert times == [START, START + 1, START + 2]
    assert {note.locked.modified for note in third.notes[1:]} == {START}


def test_many_equal_questions_keep_their_notes() -> None:
    many = HEAD + "".join(f"- p.{page} 문장\n  > 정리해주세요\n  ***\n  답 {page}번은 서로 다른 글입니다\n" for page in range(1, 301))
    first = built({"os.md": many}, EMPTY, START)
    assert len({note.locked.guid for note in first.notes}) == 300
    second = built({"os.md": many}, first.lock, START + 10)
    assert [note.locked.guid for note in second.notes] == [note.locked.guid for note in first.notes]


@pytest.mark.parametrize(
    ("before", "after"),
    [
        pytest.param("Redis는 싱글 스레드인가요?\n  네, 맞습니다.", "Kafka는 디스크에 쓰나요?\n  네, 맞습니다.", id="a few words"),
        pytest.param("힙의 모양은 어떤가요?\n  ![](a.png)", "스택은 어떻게 자라나요?\n  ![](b.png)", id="pictures without words"),
        pytest.param(
            "힙은 어디에 쓰나요?\n  [글](https://example.org/1)", "스택은 언제 넘치나요?\n  [글](https://example.org/2)", id="links of the same words"
        ),
    ],
)
def test_an_answer_that_says_little_gives_no_question_the_history_of_another(before: str, after: str) -> None:
    first = built({"os.md": f"{HEAD}- {before}\n"}, EMPTY, START)
    second = built({"os.md": f"{HEAD}- {after}\n"}, first.lock, START + 10)
    assert [note.locked.guid in first.lock.notes for note in second.notes] == [False]


def test_a_follow_up_that_means_nothing_alone_does_not_change_its_parent() -> None:
    asked = "- 힙은 무엇인가요?\n  쓰는 만큼 얻는 기억이다.\n  - 그림으로 설명해주세요\n    ![](heap.png)\n"
    first = built({"os.md": HEAD + asked}, EMPTY, START)
    other = "- 메모리 장벽은 왜 필요한가요?\n  순서를 지키게 한다.\n  - 그림으로 설명해주세요\n    ![](fence.png)\n"
    second = built({"os.md": HEAD + other}, first.lock, START + 10)
    assert [note.locked.guid in first.lock.notes for note in second.notes] == [False, False]


def test_another_note_type_makes_other_notes() -> None:
    first = built({"os.md": WHOLE}, EMPTY, START)
    source = Source("os.md", "os.md", "os.md", WHOLE, Path("/nowhere"))
    drafts, _ = drafts_of([Read(source, read_source(source, Config()))])
    second = identify(drafts, first.lock, Scope(frozenset({"os.md"}), ("",)), Rules("", "우리 노트", START + 10))
    assert {note.change for note in second.notes} == {Change.NEW}
    assert {one.guid for one in second.removed} == set(first.lock.notes)
