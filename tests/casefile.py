"""Cases in markdown-it-py's form: a title, `.`, what goes in, `.`, what comes out, `.`."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path

CASES = Path(__file__).parent / "cases"
FORMATTER, RAW = " (formatter)", " (raw)"
"""Ends of the titles of two cases that say the same: as a formatter leaves it, and as Notion exports it."""


class CaseFileError(ValueError):
    """A file of cases is not in its form."""


@dataclass(frozen=True, slots=True)
class Case:
    """One case."""

    path: Path
    line: int
    """Where its title stands, from 1."""
    title: str
    source: str
    """With its line end, as a file has it."""
    expected: str

    @property
    def id(self) -> str:
        """The name that pytest shows."""
        return f"{self.path.stem}:{self.line} {self.title}"

    @property
    def text(self) -> str:
        """The case as it stands in its file."""
        return f"{self.title}\n.\n{self.source}.\n{self.expected}.\n"


def read_cases(path: Path) -> tuple[Case, ...]:
    """All cases of a file. Raises CaseFileError if a part is missing or two titles are the same."""
    cases: list[Case] = []
    parts: list[list[str]] = [[]]
    start = 0
    for number, line in enumerate(path.read_text("utf-8").splitlines(keepends=True), 1):
        if len(parts) == 1 and not parts[0] and not line.strip():
            continue
        start = start if any(parts) or len(parts) > 1 else number
        if line.rstrip("\n") != ".":
            parts[-1].append(line)
        elif len(parts) < 3:
            parts.append([])
        else:
            cases.append(_case(path, start, ["".join(part) for part in parts]))
            parts = [[]]
    if parts != [[]]:
        raise CaseFileError(f"{path}:{start}: a case without its three lines of `.`")
    if len({case.title for case in cases}) != len(cases):
        raise CaseFileError(f"{path}: two cases with one title")
    return tuple(cases)


def _case(path: Path, start: int, parts: list[str]) -> Case:
    title, source, expected = parts
    if not title.strip() or "\n" in title.strip():
        raise CaseFileError(f"{path}:{start}: a title is one line")
    return Case(path, start, title.strip(), source, expected)


def rewrite(case: Case, expected: str) -> None:
    """Put another expected half into the case's file."""
    cases = [replace(one, expected=expected) if one.title == case.title else one for one in read_cases(case.path)]
    case.path.write_text("\n".join(one.text for one in cases), "utf-8")


def cases_of(part: str) -> tuple[Case, ...]:
    """The cases of one part, in the order of their files."""
    return tuple(case for path in sorted((CASES / part).glob("*.md")) for case in read_cases(path))


def pairs_of(part: str) -> tuple[tuple[Case, Case], ...]:
    """Cases in both forms, as a formatter leaves them and as Notion exports them."""
    by_title = {case.title: case for case in cases_of(part)}
    formatted = [title for title in by_title if title.endswith(FORMATTER)]
    return tuple((by_title[title], by_title[title.removesuffix(FORMATTER) + RAW]) for title in formatted)


Dump = Callable[[str], str]
"""What comes out of a case's source, line by line."""
