"""A few of the edits that `benchmarks/edits.py` makes by the thousand: no note gets the history of another."""

from __future__ import annotations

import importlib.util
import sys
from collections import Counter
from functools import cache
from types import ModuleType

import pytest

from tests.anki_oracle import REPO

EDITS = 12
SEED = 7
CERTAIN = ("answer", "order", "chapter", "file renamed", "answer written anew", "answer doubled", "head decorated", "folder renamed")
"""Kinds of edits that no note may lose its history by."""


def _benchmark() -> ModuleType:
    spec = importlib.util.spec_from_file_location("benchmark_of_edits", REPO / "benchmarks" / "edits.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    sys.modules[spec.name] = module
    spec.loader.exec_module(module)
    return module


EDITING = _benchmark()
NOTES = sum(len(chunk.ids) for _, chunks in EDITING.read_book(REPO / "notes")[0].files for chunk in chunks)


@cache
def measured(kind: str) -> Counter[str]:
    counts: Counter[str] = EDITING.measure(REPO / "notes", kind, EDITS, SEED)
    assert counts["edits"] + counts["left out"] == EDITS
    return counts


@pytest.mark.parametrize("kind", EDITING.KINDS)
def test_no_edit_pins_a_history_to_another_question(kind: str) -> None:
    counts = measured(kind)
    assert counts["edits"] > EDITS // 2, "most edits leave the questions whole"
    assert counts["wrong"] == 0
    assert counts["others lost"] == 0
    assert counts["others kept"] > 0
    if kind in CERTAIN:
        assert counts["lost"] + counts["doubtful"] == 0
        assert counts["others kept"] + counts["kept"] == NOTES * counts["edits"]


def test_every_kind_that_must_be_certain_is_measured() -> None:
    assert set(CERTAIN) <= set(EDITING.KINDS)


def test_the_same_words_under_another_heading_are_nobody_yet() -> None:
    counts = measured("same words under another heading")
    assert counts["alike new"] + counts["alike doubtful"] == counts["edits"]


def test_what_comes_into_a_questions_place_with_half_its_answer_is_nobody_yet() -> None:
    counts = measured("replaced by an alike one")
    assert counts["alike new"] + counts["alike doubtful"] > 0
    assert counts["kept"] == 0


def test_the_measure_sees_a_wrong_match() -> None:
    """The judge is judged: a question that is said to be another one counts as wrong."""
    book, lock = EDITING.read_book(REPO / "notes")
    one, other = [where for where in book.questions() if len(book.at(where).ids) == 1][:2]
    mistaken = book.change(one, EDITING.replace(book.at(one), ids=book.at(other).ids)).change(
        other, EDITING.replace(book.at(other), ids=book.at(one).ids)
    )
    assert EDITING._judge(book, book, lock)["wrong"] == 0
    assert EDITING._judge(book, mistaken, lock)["wrong"] == 2
