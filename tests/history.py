"""What the tests of edited notes share: a small book, the command line with a clock of its own, and a reader who studies."""

from __future__ import annotations

import json
import os
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache, partial
from pathlib import Path
from typing import Any
from unittest import mock

import typer

from notedeck.cli import command
from tests.anki_oracle import NOW, Anki, Desk
from tests.programs import ended

DAY = 86_400
LATER = NOW + DAY
MARKS = "우체국 - 정리 (지운 카드 표시).apkg"

FIRST, SECOND, OTHER = "접수.md", "배달.md", "도서관.md"

WEIGHT = """- p.3 우편물은 창구에서 받는다.
  > 창구에서 무게를 왜 두 번 재나요? @오세라
  ***
  처음 잰 무게로 요금을 정하고, 나중 무게로 상자가 뜯기지 않았는지 확인한다.
  두 값이 다르면 손님을 다시 부른다.
"""
STAMP = """- **[면접질문] 우표에 소인을 찍는 까닭은 무엇인가요?**
  A. 한 번 쓴 우표를 다시 붙이지 못하게 하고, 언제 어디서 받았는지 남기려고 찍는다.
  - **소인이 흐리면 어떻게 하나요?**
    받은 곳에서 다시 찍고, 처음 날짜를 옆에 손으로 적어 둔다.
    - **날짜를 틀리게 적으면 무슨 일이 생기나요?**
      늦게 도착한 책임을 엉뚱한 구간에 묻게 된다.
"""
EXPRESS = """- p.9 **빠른우편은 보통우편과 무엇이 다른가요?**
  따로 모아 먼저 싣고, 밤에도 분류기를 돌린다. 그래서 이튿날이면 대부분 집에 닿는다.
  섬이나 산골처럼 배와 차가 하루 한 번 다니는 곳에서는 차이가 거의 없다.
  대신 요금이 세 배쯤 비싸다.
"""
REGISTERED = """- p.9 **등기우편은 보통우편과 무엇이 다른가요?**
  받을 때마다 번호를 적어 어디까지 갔는지 알 수 있고, 잃어버리면 물어 준다.
"""
ROUTE = """- **집배원의 순로는 누가 정하나요?**
  동네를 가장 잘 아는 집배원이 손수 정하고, 새 건물이 생기면 고친다.
"""
RETURN = """- p.21 **[추가] 받는 사람이 이사했으면 편지는 어디로 가나요?**
  석 달 동안은 새 주소로 돌려 보내고, 그 뒤에는 보낸 사람에게 되돌린다.
"""
BOX = """- **우편함은 왜 빨간색인가요?**
  멀리서도 눈에 띄고, 비가 와도 색이 잘 바래지 않아서 골랐다.
"""
LIBRARY = """# 도서관

## 1장 빌리기

- **책의 등에 붙은 번호는 무엇을 뜻하나요?**
  앞 세 자리는 주제이고, 그 뒤는 지은이의 이름을 줄인 것이다.
- **연체료는 왜 받나요?**
  돈을 벌려는 것이 아니라 다음 사람이 기다리지 않게 하려는 것이다.
"""


def first(*questions: str, title: str = "## 1장 받기") -> str:
    """The file about the counter, with these questions."""
    return "\n".join(["# 우체국", "", title, "", *questions])


def second(*questions: str, title: str = "## 2장 나르기") -> str:
    """The file about the round, with these questions."""
    return "\n".join(["# 우체국", "", title, "", *questions])


FILES: Mapping[str, str] = {FIRST: first(WEIGHT, STAMP, EXPRESS, REGISTERED), SECOND: second(ROUTE, RETURN, BOX), OTHER: LIBRARY}
QUESTIONS: Mapping[str, str] = {
    "weight": "창구에서 무게를",
    "stamp": "우표에 소인을",
    "faint": "소인이 흐리면",
    "wrong": "날짜를 틀리게",
    "express": "빠른우편은",
    "registered": "등기우편은",
    "route": "집배원의 순로는",
    "return": "받는 사람이 이사",
    "box": "우편함은 왜",
    "spine": "책의 등에 붙은",
    "fine": "연체료는 왜",
}
"""A short name for each question, and words that it alone holds."""
_WRITTEN: Mapping[str, str] = {
    "weight": WEIGHT,
    "stamp": STAMP,
    "express": EXPRESS,
    "registered": REGISTERED,
    "route": ROUTE,
    "return": RETURN,
    "box": BOX,
}


def edited(*words: tuple[str, str], counter: str = "weight stamp express registered", rounds: str = "route return box") -> dict[str, str]:
    """`FILES` with these questions about the counter and about the rounds, by their short names, and with other words for some."""
    files = {**FILES, FIRST: first(*map(_WRITTEN.__getitem__, counter.split())), SECOND: second(*map(_WRITTEN.__getitem__, rounds.split()))}
    for old, new in words:
        (name,) = (name for name, text in files.items() if old in text)
        assert files[name].count(old) == 1
        files[name] = files[name].replace(old, new)
    return files


@dataclass(frozen=True, slots=True)
class Ran:
    """What a run of the command printed, and its exit status."""

    status: int
    out: str
    err: str

    @property
    def report(self) -> dict[str, Any]:
        """Standard output, which must be one JSON object and nothing else."""
        found: dict[str, Any] = json.loads(self.out)
        return found

    @property
    def codes(self) -> list[str]:
        """The codes of what was told, in its order."""
        return re.findall(r"\[([a-z-]+)\]$", self.err, re.MULTILINE)

    @property
    def changes(self) -> dict[str, str]:
        """What the JSON report says of each note, by guid."""
        return {item["guid"]: item["change"] for item in self.report["items"] if item["guid"]}

    @property
    def searches(self) -> list[str]:
        """The searches that were printed for Anki's browser."""
        return [line.strip() for line in self.out.splitlines() if line.strip().startswith("ID:")]


@cache
def _options() -> Any:
    """The command with its options, which take longer to read than a small book."""
    app = typer.Typer(add_completion=False)
    app.command()(command)
    return typer.main.get_command(app)


def run(desk: Desk, *arguments: str, now: int = NOW, notes: Sequence[Path] = ()) -> Ran:
    """The command line as if it were `now`, in English, on a terminal as wide as it likes."""
    given = [str(path) for path in notes or (desk.notes,)]
    words = {"LC_ALL": "en_US.UTF-8", "COLUMNS": "400"}
    with mock.patch("time.time", return_value=float(now)), mock.patch.dict(os.environ, words):
        return Ran(*ended(partial(_options().main, [*given, "-o", str(desk.decks), *arguments])))


def written(desk: Desk, files: Mapping[str, str]) -> Desk:
    """The notes' folder with exactly these files of notes; lock and deck.toml stay."""
    for path in desk.notes.glob("*.md"):
        path.unlink()
    return desk.write(files)


def tree(*folders: Path) -> dict[str, tuple[int, bytes]]:
    """Every file below some folders, hidden ones too, with its time and its bytes."""
    paths = sorted(path for folder in folders for path in [folder, *folder.rglob("*")])
    return {str(path): (path.stat().st_mtime_ns, path.read_bytes() if path.is_file() else b"") for path in paths}


def lock_lines(desk: Desk) -> list[dict[str, Any]]:
    """The lock's lines, as what they say."""
    return [json.loads(line) for line in desk.lock.read_text("utf-8").splitlines()]


def locked(desk: Desk) -> dict[str, dict[str, Any]]:
    """The lock's notes, by guid."""
    return {line["guid"]: line for line in lock_lines(desk) if "guid" in line}


def rewrite_lock(desk: Desk, lines: Iterable[Mapping[str, Any] | str]) -> None:
    """Put lines into the lock: text as it is, values as the lock writes them."""
    text = "".join((one if isinstance(one, str) else json.dumps(one, ensure_ascii=False)) + "\n" for one in lines)
    desk.lock.write_text(text, "utf-8")


def guid_of(desk: Desk, words: str) -> str:
    """The guid of the note whose question holds these words, as the lock has it."""
    (guid,) = (guid for guid, line in locked(desk).items() if words in line["question"])
    return guid


def wholes(desk: Desk) -> list[Path]:
    """The packages of whole books."""
    return [path for path in desk.packages() if " - " not in path.name]


def study(anki: Anki, *, fsrs: bool) -> None:
    """Answer every card by Anki's scheduler, with each of its four buttons, some of them twice; flag one, suspend one."""
    anki.col.set_config("fsrs", fsrs)
    for deck in ("우체국", "도서관"):
        anki.col.decks.set_current(anki.col.decks.id_for_name(deck))
        for turn in range(14):
            queued = anki.col.sched.get_queued_cards()
            if not queued.cards:
                break
            top = queued.cards[0]
            card = anki.col.get_card(top.card.id)
            card.start_timer()
            anki.col.sched.answer_card(anki.col.sched.build_answer(card=card, states=top.states, rating=(2, 3, 0, 1)[turn % 4]))
    cards = anki.col.db.list("select id from cards order by id")
    anki.col.set_user_flag_for_cards(3, cards[:1])
    anki.col.sched.suspend_cards(cards[1:2])


def studied_desk(folder: Path, more: Mapping[str, str] = {}, *, fsrs: bool) -> Desk:
    """In a folder a desk with `more` files, and `anki`, a collection that imported its books and studied every card."""
    desk = Desk(folder / "desk").write({**FILES, **more})
    assert run(desk).status == 0
    with Anki(folder / "anki") as anki:
        anki.take_all(wholes(desk))
        study(anki, fsrs=fsrs)
    return desk


Learned = dict[str, tuple[list[Any], list[list[Any]]]]


def learned(anki: Anki) -> Learned:
    """For each note by guid all that Anki knows of its card, and the card's review log."""
    columns = "c.id, c.did, c.ord, c.type, c.queue, c.due, c.ivl, c.factor, c.reps, c.lapses, c.left, c.flags, c.data"
    cards = anki.col.db.all(f"select n.guid, {columns} from notes n join cards c on c.nid = n.id")
    log = "select id, cid, ease, ivl, lastIvl, factor, time, type from revlog where cid = ? order by id"
    return {row[0]: (row[1:], anki.col.db.all(log, row[1])) for row in cards}


def guids(anki: Anki) -> dict[str, str]:
    """The guid of each question of `QUESTIONS`, by its short name."""
    return {name: anki.row(words).guid for name, words in QUESTIONS.items()}


def user_edits(anki: Anki, guid: str, field: str, text: str, tag: str) -> int:
    """A reader writes into a note and tags it; the note's time after that."""
    note = anki.col.get_note(anki.col.db.scalar("select id from notes where guid = ?", guid))
    note[field] = text
    note.add_tag(tag)
    anki.col.update_note(note)
    modified: int = anki.col.db.scalar("select mod from notes where guid = ?", guid)
    return modified
