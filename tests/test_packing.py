"""Packing: plain values and our own dataclasses come back as they were, and bytes that somebody else made run nothing."""

from __future__ import annotations

import os
import pickle
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from notedeck.config import Config
from notedeck.content.fields import contents
from notedeck.diagnostics import Diagnostic, Span
from notedeck.items.reading import read_items
from notedeck.machine.cache import user_folder
from notedeck.outline.markdown import read_markdown
from notedeck.reading.findings import Packed, pack
from notedeck.reading.packing import UNREADABLE, dumped, loaded

VALUE = (Diagnostic(Span("책.md", 3, 5), "unread", ("글", "3")), {"가": (1, 2.5, None, True)}, ["나"], b"\0")


def test_what_was_dumped_is_loaded() -> None:
    assert loaded(dumped(VALUE)) == VALUE


def test_contents_come_back_one_by_one_and_all_in_their_order() -> None:
    text = "".join(f"- **{number}번은 무엇인가요?**\n  ![](그림.png) {number}입니다.\n" for number in range(100))
    every = tuple(contents(read_items(read_markdown("책.md", text), Config()).items, Config()))
    assert len(every) == 100
    kept = pack(every)
    assert tuple(kept) == every
    assert [kept[number] for number in (99, 0, 31, 32, 64)] == [every[number] for number in (99, 0, 31, 32, 64)]
    assert tuple(Packed(())) == ()
    with pytest.raises(IndexError):
        kept[100]


class Evil:
    """Runs a command when it is unpickled as usual."""

    def __init__(self, victim: Path) -> None:
        self.victim = victim

    def __reduce__(self) -> tuple[Any, ...]:
        return os.mkdir, (str(self.victim),)


@dataclass(frozen=True)
class Foreign:
    """A dataclass, but none of ours."""

    word: str


@pytest.mark.parametrize("kind", ["evil", "foreign", "function"])
def test_bytes_that_somebody_made_run_nothing(kind: str, tmp_path: Path) -> None:
    victim = tmp_path / "victim"
    value: object = {"evil": Evil(victim), "foreign": Foreign("가"), "function": user_folder}[kind]
    with pytest.raises(UNREADABLE):
        loaded(pickle.dumps(value, 5))
    assert not victim.exists()
