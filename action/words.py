"""What the action tells, in Korean and English: the comment, the summary and the release, all of the build's report."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from action.escaping import shown

MARK = "<!-- notedeck: what would change -->"
"""By which a comment of ours is known."""
MOST = 60_000
"""Characters; GitHub takes 65,536."""
_ROWS = 50
WORDS: Mapping[str, tuple[str, str]] = {
    "plan": ("병합하면 Anki 카드가 이렇게 바뀝니다", "What merging this would change on the Anki cards"),
    "built": ("Anki 카드", "Anki cards"),
    "none": ("바뀌는 카드가 없습니다.", "No card would change."),
    "nothing": ("바뀐 카드가 없습니다.", "No card changed."),
    "failed": ("고칠 것이 있어 덱을 만들지 않았습니다.", "No deck was built: something needs mending."),
    "machine": ("덱을 만들지 못했습니다. 실행 기록을 보세요.", "The build did not run to its end; the log says why."),
    "change": ("변화", "Change"),
    "question": ("질문", "Question"),
    "where": ("위치", "Where"),
    "told": ("알림", "Message"),
    "deck": ("덱", "Deck"),
    "cards": ("카드", "Cards"),
    "more": ("그 밖에 {}개", "{} more"),
    "notes": ("답이 없는 질문 {}개 · 카드에 없는 글 {}자", "{} questions without an answer · {} characters on no card"),
    "new": ("추가", "new"),
    "edited": ("수정", "edited"),
    "reworded": ("질문 수정", "reworded"),
    "moved": ("덱 이동", "moved"),
    "returned": ("복귀", "returned"),
    "doubtful": ("확인 필요", "doubtful"),
    "removed": ("삭제", "removed"),
    "error": ("오류", "error"),
    "warning": ("경고", "warning"),
    "site": ("면접 노트", "Study notes"),
    "release": ("Anki 덱", "Anki decks"),
    "import": (
        "파일을 내려받아 Anki에서 여세요. 다시 가져와도 학습 기록은 남습니다.",
        "Download a file and open it in Anki. Importing again keeps what you learned.",
    ),
}
_CHANGES = ("removed", "doubtful", "new", "returned", "reworded", "moved", "edited")

Report = Mapping[str, Any]


def plan_text(report: Report | None, tongue: int, *, is_plan: bool = True) -> str:
    """What a build changed or would change, and what there is to mend, as Markdown."""
    head = f"{MARK}\n### {WORDS['plan' if is_plan else 'built'][tongue]}\n"
    return _within(head, _parts(report, tongue, is_plan=is_plan))


def says_something(report: Report | None) -> bool:
    """Whether there is more to tell than that nothing changes."""
    return report is None or bool(_problems(report) or _changed(report))


def release_title(tongue: int) -> str:
    """The name of the release."""
    return WORDS["release"][tongue]


def release_text(report: Report, tongue: int) -> str:
    """What the release holds."""
    return _within(WORDS["import"][tongue] + "\n", _decks(report, tongue))


def _within(head: str, parts: Iterator[str]) -> str:
    """As many lines as GitHub takes; what is left out is at the end."""
    text = head
    for part in parts:
        if len(text) + len(part) > MOST:
            return text + "\n…\n"
        text += part
    return text


def _parts(report: Report | None, tongue: int, *, is_plan: bool) -> Iterator[str]:
    if report is None:
        yield f"\n{WORDS['machine'][tongue]}\n"
        return
    problems, changed = _problems(report), _changed(report)
    if any(one["level"] == "error" for one in problems):
        yield f"\n{WORDS['failed'][tongue]}\n"
    elif not changed:
        yield f"\n{WORDS['none' if is_plan else 'nothing'][tongue]}\n"
    yield from _table(("told", "where"), [_problem(one, tongue) for one in problems], tongue)
    yield from _counts(changed, tongue)
    yield from _table(("change", "question", "where"), [_change(one, tongue) for one in changed], tongue)
    if not is_plan:
        yield from _decks(report, tongue)
    yield from _unread(report, tongue)


def _problems(report: Report) -> list[Mapping[str, Any]]:
    """What is to be mended: errors, then warnings."""
    found = [one for one in report["diagnostics"] if one["level"] in ("error", "warning")]
    return sorted(found, key=lambda one: one["level"])


def _changed(report: Report) -> list[Mapping[str, Any]]:
    """The cards that change by themselves, not along with another, those that need a look first."""
    found = [one for one in report["items"] if one["change"] in _CHANGES and not one["cause"]]
    return sorted(found, key=lambda one: _CHANGES.index(one["change"]))


def _counts(changed: Sequence[Mapping[str, Any]], tongue: int) -> Iterator[str]:
    counts = Counter(one["change"] for one in changed)
    if counts:
        yield "\n" + " · ".join(f"{WORDS[name][tongue]} {counts[name]}" for name in _CHANGES if counts[name]) + "\n"


def _change(one: Mapping[str, Any], tongue: int) -> tuple[str, ...]:
    asked = shown(one["question"])
    if one["change"] == "reworded" and one["was"]:
        asked = f"{shown(one['was']['question'])} → {asked}"
    return WORDS[one["change"]][tongue], asked, _place(one)


def _problem(one: Mapping[str, Any], tongue: int) -> tuple[str, ...]:
    return f"{WORDS[one['level']][tongue]}: {shown(one['message'], 200)}", _place(one)


def _place(one: Mapping[str, Any]) -> str:
    return shown(f"{one['path']}:{one['line']}")


def _decks(report: Report, tongue: int) -> Iterator[str]:
    rows = [(shown(one["file"]), str(int(one["cards"]))) for one in report.get("decks", ())]
    yield from _table(("deck", "cards"), rows, tongue)


def _table(heads: Sequence[str], rows: Sequence[tuple[str, ...]], tongue: int) -> Iterator[str]:
    """A table, a line each; of many rows the first, with how many there are beside them."""
    if not rows:
        return
    yield f"\n| {' | '.join(WORDS[one][tongue] for one in heads)} |\n|{' --- |' * len(heads)}\n"
    yield from (f"| {' | '.join(row)} |\n" for row in rows[:_ROWS])
    if len(rows) > _ROWS:
        yield f"\n{WORDS['more'][tongue].format(len(rows) - _ROWS)}\n"


def _unread(report: Report, tongue: int) -> Iterator[str]:
    waiting = sum(one["status"] == "unanswered" for one in report["items"])
    unread = report["text"]["unread"]
    if waiting or unread:
        yield "\n" + WORDS["notes"][tongue].format(waiting, unread) + "\n"
