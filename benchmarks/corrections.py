"""The corrections that a person would make by clicks, for one file of notes and what a person reads in it.

    .venv/bin/python benchmarks/corrections.py NOTE READING.json OUT.toml

READING.json says of each question its lines and those of its answer, from 1:

    {"items": [{"q": [first, last], "a": [[first, last], ...], "status": "card" | "open", "parent": line | null,
                "tag": null | "interview" | "expected"}]}

As somebody does before the preview, it builds, looks for a question that is not as it was read, tries what can be clicked on its lines,
looks again, and keeps what puts that question right and none wrong: at most three lines for a question, and one for a card that is none.
What nothing puts right is printed. OUT.toml is written only if there is anything to correct.
"""

from __future__ import annotations

import json
import os
import re
import sys
import tempfile
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import combinations, islice
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from rapidfuzz.fuzz import ratio

from notedeck.config import INTERVIEW
from notedeck.corrections.correction import As, letters
from notedeck.pipeline import build
from notedeck.report.report import json_report
from notedeck.report.run import Options

_SAME_QUESTION, _SAME_ANSWER = 90, 93
"""From how much likeness of their letters on texts are the same, of 100."""
_NEAR = 6
"""Lines between a question and where the build has it."""
_FIRST = 4
"""Lines of an answer that are tried as its beginning."""
_MOST = 3
"""Lines that may be corrected for a question."""
_PATIENCE = 150
"""How many things somebody tries for one question."""
_TAGS = {"interview": INTERVIEW, "expected": f"{INTERVIEW}::예상"}
_NO_FOLLOW_UP = "-꼬리질문"
_UNSAID = re.compile(
    r"<summary>[^<]*</summary>|!\[[^\]\n]*\]\([^)\n]*\)|<[^<>]*>|(?<=\])\([^)\n]*\)|(?<!\()<?https?://[^\s)>]+>?|^[\s>]*(?:```|~~~).*$"
    r"|^[\s>*#-]*(?:(?:정답|답변|답|A|해설)\s*\**\s*[.:)]|\d+[.)])",
    re.MULTILINE,
)


@dataclass(frozen=True, slots=True)
class Wanted:
    """A question as a person reads it; lines from 0."""

    asked: range
    answer: tuple[int, ...]
    is_card: bool
    parent: int | None
    tag: str
    inside: tuple[int, ...] = ()
    """The lines of what follows up on it."""


@dataclass(frozen=True, slots=True)
class Click:
    """A choice in a line's menu."""

    line: int
    role: As
    tags: tuple[str, ...] = ()
    under: int | None = None


Clicks = tuple[Click, ...]
Item = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Seen:
    """A build as somebody sees it beside the notes."""

    items: tuple[Item, ...]
    roles: str


class Desk:
    """The file and what a person reads in it; builds it with any clicks."""

    def __init__(self, note: Path, reading: Mapping[str, Any]) -> None:
        self.note = note
        self.data = note.read_bytes()
        self.text = self.data.decode("utf-8", "replace").split("\n")
        self.wanted = with_inside([_wanted(one) for one in reading["items"]])

    def look(self, clicks: Clicks) -> Seen:
        """Build with some clicks."""
        with tempfile.TemporaryDirectory() as temp:
            here = Path(temp, self.note.parent.name)
            here.mkdir()
            (here / self.note.name).write_bytes(self.data)
            (here / "corrections.toml").write_text(self.toml(clicks), "utf-8")
            built = build(Options(notes=(here,), out=Path(temp, "decks"), plan=True, jobs=1))
        items = (one for one in json_report(built, 1)["items"] if one["status"] != "removed")
        return Seen(tuple(items), built.reads[0].found.roles if built.reads else "")

    def toml(self, clicks: Clicks) -> str:
        """The corrections.toml that the clicks make."""
        return "\n".join("".join(["[[line]]\n", *self._keys(click)]) for click in sorted(clicks, key=lambda one: one.line))

    def _keys(self, click: Click) -> Iterator[str]:
        """The keys of an entry, a line each; what JSON writes of texts is TOML too."""
        under = self.text[click.under].strip() if click.under is not None else ""
        values = {
            "text": self.text[click.line].strip(),
            "after": line_above(self.text, click.line),
            "as": click.role,
            "tags": click.tags,
            "under": under,
        }
        return (f"{key} = {json.dumps(value, ensure_ascii=False)}\n" for key, value in values.items() if value)

    def said(self, lines: Iterable[int]) -> str:
        return "\n".join(self.text[line] for line in lines)

    # What is right

    def pairs(self, seen: Seen) -> dict[int, Item]:
        """The item of a build that each question is, surest first."""
        scored = [(self._nearness(one, item), place, number) for place, one in enumerate(self.wanted) for number, item in enumerate(seen.items)]
        found: dict[int, Item] = {}
        taken: set[int] = set()
        for nearness, place, number in sorted(scored, key=lambda one: -one[0]):
            if nearness >= 70 and place not in found and number not in taken:
                found[place] = seen.items[number]
                taken.add(number)
        return found

    def _nearness(self, one: Wanted, item: Item) -> float:
        if not one.asked.start - _NEAR <= item["line"] - 1 < one.asked.stop + _NEAR // 2:
            return 0
        question, wanted = bare(item["question"]), bare(self.said(one.asked))
        near = max(ratio(question, wanted), ratio(question, bare(self.text[one.asked.start])))
        is_part = bool(question and wanted) and (question in wanted or wanted in question)
        return max(near, 75 + 25 * min(len(question), len(wanted)) / max(len(question), len(wanted)) if is_part else 0)

    def right(self, seen: Seen) -> set[int]:
        """The places of the questions that a build has as they were read."""
        pairs = self.pairs(seen)
        return {place for place, item in pairs.items() if self._is_right(self.wanted[place], item, seen)}

    def _is_right(self, one: Wanted, item: Item, seen: Seen) -> bool:
        if (item["status"] == "card") is not one.is_card:
            return False
        if not one.is_card:
            return True
        is_tagged = any(tag.startswith(INTERVIEW) for tag in item["tags"])
        return self._asks_and_answers(one, item) and is_tagged is bool(one.tag) and self._is_below(one, item, seen)

    def _asks_and_answers(self, one: Wanted, item: Item) -> bool:
        if set(one.asked).intersection(one.answer):
            return True  # on one line, which a build cuts where it likes
        question = bare(item["question"])
        asked = (bare(self.said(one.asked)), bare(self.text[one.asked.start]))
        if max(ratio(question, wanted) for wanted in asked) < _SAME_QUESTION and not (question and question in asked[0]):
            return False
        whole = sorted({*one.answer, *one.inside})
        answers = (whole, one.answer, sorted(set(whole) - set(one.inside)), sorted(set(one.answer) - set(one.inside)))
        return max(likeness(item["answer"], self.said(lines)) for lines in answers) >= _SAME_ANSWER

    def _is_below(self, one: Wanted, item: Item, seen: Seen) -> bool:
        if one.parent is None:
            return True
        above = next((other for other in seen.items if item["parent"] and other["id"] == item["parent"]), None)
        parent = next((other for other in self.wanted if other.asked.start == one.parent), None)
        return above is not None and (parent is None or self._nearness(parent, above) >= 70)

    def false_cards(self, seen: Seen) -> list[Item]:
        """The cards that nobody reads as a question."""
        known = {id(item) for item in self.pairs(seen).values()}
        return [item for item in seen.items if id(item) not in known and item["status"] == "card"]

    # What can be clicked

    def tries(self, place: int, seen: Seen) -> Iterator[Clicks]:
        """What a person may click for a question, the fewest first."""
        one = self.wanted[place]
        item = self.pairs(seen).get(place)
        asks = [self._question(one, is_apart) for is_apart in (False, True)]
        begins = [Click(line, As.ANSWER) for line in self._beginnings(one, seen)]
        ends = [Click(line, As.END) for line in self._ends(one)]
        nothing = [Click(line, As.NOTHING) for line in self._beside(one)]
        apart = [Click(line, As.QUESTION, (_NO_FOLLOW_UP,)) for line in self._not_below(one, item, seen)]
        if apart:
            yield tuple(apart[:_MOST])
        for count in range(1, _MOST + 1):
            for some in combinations([*asks, *begins, *ends, *nothing], count):
                if len({click.line for click in some}) == count and (item or any(click in asks for click in some)):
                    yield some

    def _not_below(self, one: Wanted, item: Item | None, seen: Seen) -> list[int]:
        """The lines of questions that a build has as follow-ups of one, and that are none."""
        below = [other for other in seen.items if item and other["parent"] and other["parent"] == item["id"]]
        firsts = {other.asked.start for other in self.wanted if other.parent == one.asked.start}
        return [other["line"] - 1 for other in below if other["line"] - 1 not in firsts]

    def _question(self, one: Wanted, is_apart: bool) -> Click:
        tags = (*([_TAGS[one.tag]] if one.tag else [f"-{INTERVIEW}"]), *([_NO_FOLLOW_UP] if is_apart and one.parent is None else []))
        return Click(self._first(one.asked), As.QUESTION, tags if one.is_card or one.tag else (), one.parent)

    def _first(self, lines: Iterable[int]) -> int:
        """The first line of several that a correction can name."""
        lines = list(lines)
        return next((line for line in lines if letters(self.text[line])), lines[0])

    def _beginnings(self, one: Wanted, seen: Seen) -> list[int]:
        """The lines of an answer that are on no answer, or that something else begins with; and the label that stands before it."""
        named = [line for line in one.answer if letters(self.text[line]) and line not in one.asked]
        apart = [line for line in named if seen.roles[line : line + 1] != "a"]
        before = [line for line in range(one.asked.stop, min(one.answer, default=0)) if letters(self.text[line])]
        return list(dict.fromkeys([*apart[:_FIRST], *named[:1], *before[-1:]]))

    def _ends(self, one: Wanted) -> list[int]:
        """The first line behind an answer, and behind the question."""
        last = [max((*one.answer, *one.inside, one.asked.stop - 1)), max((*one.answer, one.asked.stop - 1)), one.asked.stop - 1]
        behind = [next((line for line in range(end + 1, len(self.text)) if letters(self.text[line])), None) for end in last]
        return [line for line in dict.fromkeys(behind) if line is not None]

    def _beside(self, one: Wanted) -> list[int]:
        """The lines behind a question's first one that are none of its answer's, though they stand among those."""
        if not one.answer:
            return []
        among = range(self._first(one.asked) + 1, max(one.answer))
        return [line for line in among if letters(self.text[line]) and line not in {*one.answer, *one.inside}][:_MOST]

    def clicks_away(self, item: Item, seen: Seen) -> Iterator[Clicks]:
        """What a person may click on a card that is none."""
        lines = range(item["line"] - 1, item["end_line"])
        asked = next((line for line in lines if seen.roles[line : line + 1] == "q" and letters(self.text[line])), self._first(lines))
        yield from ((Click(asked, role),) for role in (As.ANSWER, As.NOTHING, As.END, As.HEADING, As.CONTEXT))


def _wanted(one: Mapping[str, Any]) -> Wanted:
    answer = sorted({line for first, last in one["a"] for line in range(first - 1, last)})
    parent = one["parent"] - 1 if one["parent"] else None
    return Wanted(range(one["q"][0] - 1, one["q"][1]), tuple(answer), one["status"] == "card", parent, one["tag"] or "")


def with_inside(wanted: Sequence[Wanted]) -> list[Wanted]:
    """The questions of a file with the lines of all that follow up on each."""

    def inside(one: Wanted) -> Iterator[int]:
        for other in wanted:
            if other.parent == one.asked.start and other is not one:
                yield from (*other.asked, *other.answer, *inside(other))

    return [replace(one, inside=tuple(sorted(set(inside(one))))) for one in wanted]


def bare(words: str) -> str:
    """The letters of a text without addresses, tags, fences, and the labels before an answer."""
    return letters(_UNSAID.sub("", words)).replace("\n", "")


def likeness(one: str, other: str) -> float:
    """How much of two texts is the same, of 100, with what only leads to them or without."""
    return max(ratio(bare(one), bare(other)), ratio(letters(one).replace("\n", ""), letters(other).replace("\n", "")))


def line_above(lines: Sequence[str], line: int) -> str:
    """The nearest line above one, counted from 0, behind which it is the first of its words; nothing where there is no other, or none tells."""
    words = [letters(one) for one in lines]
    counts = Counter(words)
    if counts[words[line]] < 2:
        return ""
    begin = next((above for above in range(line - 1, -1, -1) if words[above] == words[line]), -1)
    above = (lines[one].strip() for one in range(line - 1, begin, -1) if words[one] and counts[words[one]] == 1)
    return next(above, "")


def corrections(desk: Desk) -> tuple[Clicks, list[str]]:
    """The clicks that put as much right as can be, and what stays wrong."""
    clicks: Clicks = ()
    seen = desk.look(clicks)
    left: list[str] = []
    for place in range(len(desk.wanted)):
        if place in desk.right(seen):
            continue
        found = _first_that(desk, clicks, seen, desk.tries(place, seen), place)
        if found is None:
            left.append(f"{desk.note.name}:{desk.wanted[place].asked.start + 1}")
        clicks, seen = found or (clicks, seen)
    for item in desk.false_cards(desk.look(clicks)):
        if any(one["id"] == item["id"] for one in desk.false_cards(seen)):
            found = _first_that(desk, clicks, seen, desk.clicks_away(item, seen), None)
            if found is None:
                left.append(f"{desk.note.name}:{item['line']} {item['question']}")
            clicks, seen = found or (clicks, seen)
    return clicks, left


def _first_that(desk: Desk, clicks: Clicks, seen: Seen, tries: Iterable[Clicks], place: int | None) -> tuple[Clicks, Seen] | None:
    """The first of some clicks that put right what they are for, a question or a card that is none, and nothing wrong."""
    right, false = desk.right(seen), len(desk.false_cards(seen))
    for more in islice(tries, _PATIENCE):
        lines = {click.line for click in more}
        whole = (*(click for click in clicks if click.line not in lines), *more)
        after = desk.look(whole)
        wanted = right | ({place} if place is not None else set())
        if wanted <= desk.right(after) and len(desk.false_cards(after)) <= false - (place is None):
            return whole, after
    return None


def main() -> None:
    """Write the corrections of one file."""
    note, reading, out = map(Path, sys.argv[1:])
    os.environ["NOTEDECK_CACHE"] = ""
    desk = Desk(note, json.loads(reading.read_text("utf-8")))
    clicks, left = corrections(desk)
    for one in left:
        print("still wrong:", one, file=sys.stderr)
    if clicks:
        out.write_text(desk.toml(clicks), "utf-8")


if __name__ == "__main__":
    main()
