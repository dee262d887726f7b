"""Pieces of text as a page's elements give them -> lines: joined, their white space as a reader sees it."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import groupby

from notedeck.machine.quick import quick
from notedeck.outline.blocks import LeafKind, Mark

_SPACE = re.compile(r"[ \t\n\r\f]+")


@dataclass(frozen=True, slots=True)
class Run:
    """A piece of a line that has no place in the outline's text yet."""

    kind: LeafKind
    text: str = ""
    marks: tuple[Mark, ...] = ()
    target: str = ""
    group: int = 0
    """Neighbours of one group and with the same marks are one leaf; ordinary text is group 0."""
    width: int = 0
    """Of a picture, as in `Leaf`."""

    @property
    def is_blank(self) -> bool:
        """Whether it shows nothing; a link without text shows its address."""
        is_text = self.kind in (LeafKind.TEXT, LeafKind.CODE, LeafKind.BREAK)
        return is_text and not self.text.strip() and (bool(self.text) or not any(mark.name == "a" for mark in self.marks))


_run = quick(Run)
RunLine = tuple[Run, ...]
"""A line; the empty tuple is an empty one."""


def run_lines(runs: Iterable[Run], keeps_space: bool) -> list[RunLine]:
    """Lines between the breaks, without white space at their ends; if none is kept, what is in them is one space."""
    lines: list[list[Run]] = [[]]
    for run in runs:
        if run.kind is LeafKind.BREAK:
            lines.append([])
        else:
            lines[-1].append(run)
    return [_trimmed(line if keeps_space else list(_single_spaced(line))) for line in map(_joined, lines)]


def paragraphs(lines: Sequence[RunLine]) -> Iterator[list[RunLine]]:
    """Lines that no empty one parts."""
    for is_full, group in groupby(lines, bool):
        if is_full:
            yield list(group)


def _joined(line: Iterable[Run]) -> list[Run]:
    """Neighbours that differ in nothing as one; what shows nothing and keeps nothing apart is gone."""
    solid = (run for run in line if run.text or not run.is_blank)
    joined = []
    for _, group in groupby(solid, lambda run: (run.kind, run.marks, run.group, run.target)):
        first, *rest = group
        joined.append(replace(first, text="".join((first.text, *(run.text for run in rest)))) if rest else first)
    return joined


def _single_spaced(line: Iterable[Run]) -> Iterator[Run]:
    """White space as a browser shows it: one space, also where one element ends and another begins."""
    behind_space = False
    for run in line:
        if run.kind is not LeafKind.TEXT or not run.text:
            behind_space = False
            yield run
            continue
        text = _SPACE.sub(" ", run.text)
        text = text[1:] if behind_space and text.startswith(" ") else text
        if text:
            behind_space = text.endswith(" ")
            yield _with_text(run, text)


def _with_text(run: Run, text: str) -> Run:
    return run if text == run.text else _run(run.kind, text, run.marks, run.target, run.group)


def _trimmed(line: Sequence[Run]) -> RunLine:
    solid = [place for place, run in enumerate(line) if not run.is_blank]
    if not solid:
        return ()
    kept = list(line[solid[0] : solid[-1] + 1])
    if kept[0].kind is LeafKind.TEXT:
        kept[0] = _with_text(kept[0], kept[0].text.lstrip())
    if kept[-1].kind is LeafKind.TEXT:
        kept[-1] = _with_text(kept[-1], kept[-1].text.rstrip())
    return tuple(kept)
