"""Corrections and seeded edits of the notes: at least 98 of 100 still hold their line, and none holds another one."""

from __future__ import annotations

import random
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace

import pytest

from notedeck.corrections.corrected import Sighting
from notedeck.corrections.correction import As, Correction, letters
from notedeck.corrections.finding import find_lines
from notedeck.corrections.pages import Page
from notedeck.diagnostics import Span

NOUNS = (
    "스택 큐 덱 힙 트리 그래프 해시 정렬 재귀 캐시 버퍼 스레드 프로세스 세마포어 뮤텍스 페이징 인덱스 트랜잭션 격리 잠금 "
    "복제 샤딩 라우팅 핸드셰이크 쿠키 세션 토큰 암호 서명 인증서 방화벽 텐서 커널 드라이버 인터럽트 스케줄러 컴파일러 어셈블러 "
    "링커 포인터 배열 문자열 클로저 프로토타입"
).split()
ASKED = (
    "{0} 은 무엇인가",
    "{0} 을 쓰는 까닭",
    "{0} 과 {1} 의 차이",
    "{0} 에서 {1} 로 바꾸는 방법",
    "{0} 이 느려지는 경우를 말해 보자",
    "{0} 의 동작 순서",
)
WORDS = (
    "먼저 나중 값 자료 차례 빠르다 느리다 넣다 꺼내다 기다린다 나눈다 합친다 검사한다 보낸다 받는다 저장한다 지운다 위 아래 처음 끝 사이 "
    "하나 둘 여럿 다시 한번 메모리 디스크 네트워크 서버 손님 요청 응답 시간 공간 크기 순서 규칙 조건 결과 오류 연결 상태 이름 주소 번호 목록 기록"
).split()
FILES, SECTIONS = 6, 12


@dataclass(frozen=True, slots=True)
class Row:
    """A line that stays itself through every edit."""

    number: int
    text: str
    is_asked: bool = False


Notes = Mapping[str, tuple[Row, ...]]


@dataclass(slots=True)
class Maker:
    """Makes notes and edits them, always in the same way for the same seed."""

    chance: random.Random
    count: int = field(default=0)

    def row(self, text: str, *, is_asked: bool = False) -> Row:
        self.count += 1
        return Row(self.count, text, is_asked)

    def sentence(self) -> str:
        return " ".join(self.chance.choices(WORDS, k=self.chance.randint(4, 12)))

    def notes(self) -> Notes:
        return {f"{number}주차/글 {number}.md": self.page() for number in range(FILES)}

    def page(self) -> tuple[Row, ...]:
        rows: list[Row] = []
        for _ in range(SECTIONS):
            asked = self.chance.choice(ASKED).format(*self.chance.sample(NOUNS, 2))
            rows += [self.row(asked, is_asked=True), *(self.row(f"- {self.sentence()}") for _ in range(self.chance.randint(1, 3)))]
        return tuple(rows)

    def reworded(self, text: str) -> str:
        """A text with up to a third of its words changed, gone or added."""
        words = text.split()
        for _ in range(max(1, len(words) // 3)):
            place = self.chance.randrange(len(words))
            match self.chance.choice(("change", "add", "drop")):
                case "change":
                    words[place] = self.chance.choice(WORDS)
                case "add":
                    words.insert(place, self.chance.choice(WORDS))
                case _ if len(words) > 3:
                    del words[place]
        return " ".join(words)


Edit = Callable[[Maker, Notes, str, int], Notes]
"""An edit of the line that a correction means: of the notes, by its file and its place there."""


def with_rows(notes: Notes, file: str, rows: Sequence[Row]) -> Notes:
    return {**notes, file: tuple(rows)}


def reword(maker: Maker, notes: Notes, file: str, place: int) -> Notes:
    rows = list(notes[file])
    rows[place] = replace(rows[place], text=maker.reworded(rows[place].text))
    return with_rows(notes, file, rows)


def answer(maker: Maker, notes: Notes, file: str, place: int) -> Notes:
    rows = list(notes[file])
    return with_rows(notes, file, [*rows[: place + 1], maker.row(maker.sentence()), *rows[place + 2 :]])


def insert_above(maker: Maker, notes: Notes, file: str, place: int) -> Notes:
    rows = list(notes[file])
    return with_rows(notes, file, [*rows[:place], maker.row(maker.sentence()), *rows[place:]])


def move(maker: Maker, notes: Notes, file: str, place: int) -> Notes:
    """To another place, there or in another file, with the line below."""
    rows = list(notes[file])
    taken = rows[place : place + 2]
    notes = with_rows(notes, file, rows[:place] + rows[place + 2 :])
    other = maker.chance.choice(sorted(notes))
    at = maker.chance.randrange(len(notes[other]) + 1)
    return with_rows(notes, other, [*notes[other][:at], *taken, *notes[other][at:]])


def rename(maker: Maker, notes: Notes, file: str, place: int) -> Notes:
    return {(f"옮긴 곳/{maker.count} {file}" if name == file else name): rows for name, rows in notes.items()}


def drop(maker: Maker, notes: Notes, file: str, place: int) -> Notes:
    rows = list(notes[file])
    return with_rows(notes, file, rows[:place] + rows[place + 1 :])


def put_another(maker: Maker, notes: Notes, file: str, place: int) -> Notes:
    """Another question of the same form in its place, with another answer."""
    rows = list(notes[file])
    asked = maker.row(ASKED[0].format(*maker.chance.sample(NOUNS, 2)), is_asked=True)
    return with_rows(notes, file, [*rows[:place], asked, maker.row(maker.sentence()), *rows[place + 2 :]])


def both(first: Edit, second: Edit) -> Edit:
    def edit(maker: Maker, notes: Notes, file: str, place: int) -> Notes:
        number = notes[file][place].number
        notes = first(maker, notes, file, place)
        file, place = next((name, at) for name, rows in notes.items() for at, row in enumerate(rows) if row.number == number)
        return second(maker, notes, file, place)

    return edit


KEEPING: Mapping[str, Edit] = {
    "reworded": reword,
    "answer changed": answer,
    "line above": insert_above,
    "moved": move,
    "file renamed": rename,
    "reworded in a renamed file": both(rename, reword),
    "moved in a renamed file": both(rename, move),
}
LOSING: Mapping[str, Edit] = {"gone": drop, "another in its place": put_another}


def pages_of(notes: Notes) -> list[Page]:
    return [Page.of(name, name, name, letters("\n".join(row.text for row in rows))) for name, rows in notes.items()]


def held(notes: Notes, corrections: Sequence[Correction], known: Mapping[str, Sighting]) -> tuple[dict[int, int], Mapping[str, Sighting]]:
    """The number of the row that each correction holds, and what is remembered."""
    found = find_lines(corrections, pages_of(notes), known, lambda source: True)
    return {number: notes[place.path][place.line - 1].number for number, place in found.held.items()}, found.sightings


def rounds(edit: Edit, seed: int, times: int) -> Counter[str]:
    """What became of corrections whose lines were edited so, once and once more, and of the others beside them."""
    maker = Maker(random.Random(seed))
    counts: Counter[str] = Counter()
    for _ in range(times):
        notes = maker.notes()
        asked = [(file, row) for file, rows in notes.items() for row in rows if row.is_asked]
        alone = Counter(letters(row.text) for _, row in asked)
        asked = [(file, row) for file, row in asked if alone[letters(row.text)] == 1]
        chosen = maker.chance.sample(asked, 12)
        corrections = [Correction(Span("corrections.toml", at, at + 1), row.text, As.QUESTION) for at, (_, row) in enumerate(chosen)]
        before, known = held(notes, corrections, {})
        assert before == {at: row.number for at, (_, row) in enumerate(chosen)}
        touched = maker.chance.randrange(len(chosen))
        number = chosen[touched][1].number
        for _ in range(2):
            where = [(file, at) for file, rows in notes.items() for at, row in enumerate(rows) if row.number == number]
            if not where:
                break
            notes = edit(maker, notes, *where[0])
            now, known = held(notes, corrections, known)
            counts["edits"] += 1
            counts["held"] += now.get(touched) == number
            counts["wrong"] += sum(row != chosen[at][1].number for at, row in now.items())
            counts["others"] += sum(at not in now for at in range(len(chosen)) if at != touched)
    return counts


@pytest.mark.parametrize("kind", KEEPING)
def test_corrections_hold_through_edits(kind: str) -> None:
    counts = rounds(KEEPING[kind], seed=18, times=60)
    assert counts["wrong"] == 0, counts
    assert counts["held"] >= 0.98 * counts["edits"], counts
    assert counts["others"] <= 0.02 * 11 * counts["edits"], counts


@pytest.mark.parametrize("kind", LOSING)
def test_a_correction_whose_line_is_gone_holds_no_other_one(kind: str) -> None:
    counts = rounds(LOSING[kind], seed=18, times=120)
    assert (counts["wrong"], counts["held"]) == (0, 0), counts
