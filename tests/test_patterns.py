"""Every pattern of the package takes time linear in its text, whatever stands in it.

A repetition in a repetition takes twice as long for each letter more, two side by side take four times as long for twice the text:
a row of dashes, harmless and common, would hang a build. So each pattern is held against rows of every kind of letter that patterns
name and of its own words, in every way in which the package uses it.
"""

from __future__ import annotations

import ast
import importlib
import pkgutil
import re
import signal
import time
from collections.abc import Callable, Iterator
from functools import cache
from itertools import combinations, islice
from pathlib import Path
from types import FrameType, ModuleType

import pytest

import notedeck
from notedeck.plain import AtEnd

LETTERS = (*" -*_=.,:;!?>/|#$&@~+`\"'’“\\[](){}<「【（\n\t★→─😀가ㅠ요다aA0①第年", "\u0301", "\u200d", "\u00a0", "\ufffc")
"""One of each class of letters that patterns name."""
PAIRED = ' -*😀가a1([{<「"ㅠ\u0301\u200d=.,:@~/'
"""Those of which rows of two are made."""
OPENINGS = ("{{c1::", "{{", "<a ", "<!--", "</", "![", "](", "[!", "p.1 ", "@하늘", "http://", "\\(", ' a="', " #a", "(1)", "[a", "1장 ")
"""What begins something for a pattern: in a row of these it is begun at each place."""
STARTS = ("", "[", "{{", "<a ", '"', "정답", "1")
"""What may stand before a row; a pattern reaches the row only behind what it begins with."""
ENDINGS = ("", "]", "가\n", "x> 가.")
"""What may stand behind a row; most patterns fail at some of them."""
LONG = 5_000
RATIO = 3
"""How much more time twice the letters may take."""
FEW, QUICK = 1_000, 0.0003
"""Letters, and seconds below which a search of so many is no matter: one in quadratic time takes at least three times as much."""
FRUITLESS = 0.2
"""Seconds after which a search is ended: one in linear time takes a hundredth of it."""
NO_SEARCH = frozenset({"pattern", "flags", "groups", "groupindex", "reach"})
WORD = re.compile(r"[가-힣]{2,}|[A-Za-z]{3,}")

Searched = re.Pattern[str] | AtEnd
Use = tuple[str, Searched]
"""How a pattern is used, by the name of its method, and the pattern."""


@cache
def modules() -> tuple[ModuleType, ...]:
    names = [found.name for found in pkgutil.walk_packages(notedeck.__path__, "notedeck.")]
    return tuple(importlib.import_module(name) for name in names if not name.endswith("__main__"))


def is_searched(value: object) -> bool:
    return isinstance(value, AtEnd) or (isinstance(value, re.Pattern) and isinstance(value.pattern, str))


def uses_in(module: ModuleType) -> Iterator[Use]:
    """How a module uses patterns; one that is handed on may be searched in any way."""
    names = {name: value for name, value in vars(module).items() if is_searched(value)}
    yield from (("search", value) for table in vars(module).values() if isinstance(table, dict) for value in table.values() if is_searched(value))
    called: set[ast.expr] = set()
    for node in ast.walk(tree_of(module)):
        if isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name) and node.value.id in names:
            called.add(node.value)
            yield node.attr, names[node.value.id]
        elif isinstance(node, ast.Name) and isinstance(node.ctx, ast.Load) and node.id in names and node not in called:
            yield "search", names[node.id]


@cache
def tree_of(module: ModuleType) -> ast.Module:
    return ast.parse(Path(str(module.__file__)).read_text("utf-8"))


@cache
def all_uses() -> dict[Use, None]:
    return {use: None for module in modules() for use in uses_in(module) if use[0] not in NO_SEARCH}


def rows(searched: Searched) -> Iterator[tuple[str, str, str]]:
    """Rows as what they are made of, with what stands before and behind them."""
    pattern = searched.pattern if isinstance(searched, re.Pattern) else searched.pattern.pattern
    words = dict.fromkeys(WORD.findall(pattern))
    yield from ((start, unit, end) for start in STARTS for unit in (*LETTERS, *list(words)[:12]) for end in ENDINGS)
    yield from (("", unit, end) for unit in (*OPENINGS, *map("".join, combinations(PAIRED, 2))) for end in ENDINGS[::3])


class TooLongError(BaseException):
    """A search that did not end in time."""


def _end(number: int, frame: FrameType | None) -> None:
    raise TooLongError


def seconds(search: Callable[[str], object], text: str) -> float:
    """The processor's time that a search takes, or all that it is given."""
    signal.setitimer(signal.ITIMER_VIRTUAL, FRUITLESS)
    begin = time.process_time()
    try:
        search(text)
        return time.process_time() - begin
    except TooLongError:
        return FRUITLESS
    finally:
        signal.setitimer(signal.ITIMER_VIRTUAL, 0)


def grows(search: Callable[[str], object], start: str, unit: str, end: str) -> bool:
    """Whether a search of a row takes more than it should of one twice as long."""

    def least(length: int, times: int = 3) -> float:
        return min(seconds(search, start + unit * (length // len(unit)) + end) for _ in range(times))

    if least(FEW, 1) < QUICK or least(FEW) < QUICK:
        return False
    return all((long := least(LONG)) >= FRUITLESS or long > RATIO * least(LONG // 2) for _ in range(4))  # once may be another program's doing


def way(method: str, searched: Searched) -> Callable[[str], object]:
    if isinstance(searched, AtEnd):
        return searched.search
    ways: dict[str, Callable[[str], object]] = {
        "search": searched.search,
        "match": searched.match,
        "fullmatch": searched.fullmatch,
        "split": searched.split,
        "findall": searched.findall,
        "finditer": searched.findall,
        "sub": lambda text: searched.sub("", text),
        "subn": lambda text: searched.sub("", text),
    }
    return ways[method]


def slow_rows(use: Use) -> Iterator[str]:
    """The rows on which a pattern takes too long, in the way in which it is used."""
    method, searched = use
    for start, unit, end in rows(searched):
        if grows(way(method, searched), start, unit, end):
            yield f"{searched!r} by {method} in {start!r} + {unit!r} * n + {end!r}"


@pytest.fixture
def _alarm() -> Iterator[None]:
    before = signal.signal(signal.SIGVTALRM, _end)
    yield
    signal.signal(signal.SIGVTALRM, before)


@pytest.mark.parametrize("part", range(8))
@pytest.mark.usefixtures("_alarm")
def test_no_pattern_takes_more_than_linear_time(part: int) -> None:
    slow = [row for use in list(all_uses())[part::8] for row in islice(slow_rows(use), 3)]
    assert not slow, "\n".join(slow)


@pytest.mark.parametrize("module", modules(), ids=lambda module: module.__name__)
def test_every_pattern_stands_where_it_is_tried(module: ModuleType) -> None:
    """In no function: there it would be seen by nobody."""
    hidden = [
        f"{module.__name__}:{call.lineno}"
        for function in ast.walk(tree_of(module))
        if isinstance(function, ast.FunctionDef | ast.Lambda)
        for call in ast.walk(function)
        if isinstance(call, ast.Call) and ast.unparse(call.func).startswith("re.")
    ]
    assert not hidden
