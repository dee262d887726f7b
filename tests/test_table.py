"""CSV files as tables: nothing lost, lines of the file, and the same cells as the csv module reads."""

from __future__ import annotations

import csv
import io
import time
from itertools import pairwise
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from notedeck.config import Config
from notedeck.content.fields import contents
from notedeck.items.reading import read_items
from notedeck.outline.blocks import Kind, leaves_of, text_of, walk
from notedeck.outline.table import read_table
from notedeck.plain import squeezed, visible
from tests.anki_oracle import Desk
from tests.dumps import PATH

CELLS = st.text(st.sampled_from('가나다"",\n ;ab'), max_size=8)
ROWS = st.lists(st.lists(CELLS, min_size=2, max_size=4), min_size=1, max_size=6)


def _written(rows: list[list[str]]) -> str:
    out = io.StringIO()
    csv.writer(out, lineterminator="\n").writerows(rows)
    return out.getvalue()


@given(ROWS)
def test_cells_are_those_that_were_written(rows: list[list[str]]) -> None:
    """Up to the white space at the ends of a cell's lines."""
    rows = [["질문", "답변"], *rows]
    outline = read_table(PATH, _written(rows))
    found = [[text_of(cell.leaves).split("\n") for cell in row.children] for row in outline.blocks[0].children]
    wanted = [[[line.strip() for line in cell.strip().split("\n")] for cell in row] for row in rows if any(cell.strip() for cell in row)]
    assert found == wanted
    assert not outline.diagnostics


@given(st.text(st.sampled_from('가나",\n ;\t'), max_size=40))
def test_no_character_of_a_file_is_lost_but_commas_and_quotation_marks(text: str) -> None:
    outline = read_table(PATH, text)
    kept = [char for char in squeezed(text) if char not in '",;']
    assert [char for char in squeezed(outline.text) if char not in '",;'] == kept
    for leaf in leaves_of(outline.blocks):
        assert outline.text[leaf.at : leaf.at + len(leaf.text)] == leaf.text
        assert squeezed(leaf.text).replace('"', "") in squeezed(text.split("\n")[leaf.line]).replace('"', "")
    assert all(one.at <= other.at for one, other in pairwise(leaves_of(outline.blocks)))
    account = read_items(outline, Config()).account
    assert account.characters == visible(outline.text) == account.on_cards + account.structure + account.unread


def test_a_cell_knows_its_lines() -> None:
    outline = read_table(PATH, '질문,답변\n하나,"첫 줄\n둘째 줄\n"\n셋,"넷\n다섯",여섯\n')
    assert {leaf.text: leaf.line for leaf in leaves_of(outline.blocks) if leaf.text} == {
        "질문": 0, "답변": 0, "하나": 1, "첫 줄": 1, "둘째 줄": 2, "셋": 4, "넷": 4, "다섯": 5, "여섯": 5,
    }  # fmt: skip
    assert [(row.span.start, row.span.stop) for row in walk(outline.blocks) if row.kind is Kind.TABLE_ROW] == [(0, 1), (1, 4), (4, 6)]


def test_a_cell_may_be_longer_than_the_csv_module_allows() -> None:
    limit = csv.field_size_limit()
    outline = read_table(PATH, f"질문,답변\n왜?,{'가' * 200_000}\n")
    assert len(outline.text) > 200_000
    assert not outline.diagnostics
    assert csv.field_size_limit() == limit


@pytest.mark.parametrize("line", ['"', 'a,"', '"a"b', '""', ",", '"a""', 'a,"b\n"c', '"""', '""""x'])
def test_broken_lines_cost_no_more_than_whole_ones(line: str) -> None:
    text = "질문,답변\n" + f"{line}\n" * 20_000 + "끝,\n"
    started = time.process_time()
    outline = read_table(PATH, text)
    assert time.process_time() - started < 3
    assert "끝" in outline.text


@pytest.mark.parametrize("cell", ["[sound:a.mp3],", "왜,", ","])
def test_a_row_of_many_cells_costs_no_more_than_as_many_short_ones(cell: str) -> None:
    text = "질문,답변\n" + cell * 80_000 + "끝\n"
    started = time.process_time()
    reading = read_items(read_table(PATH, text), Config())
    assert time.process_time() - started < 6
    assert reading.account.characters > 0


def test_what_has_no_column_is_more_of_the_answer() -> None:
    """A comma in an answer that nobody put between quotation marks."""
    reading = read_items(read_table(PATH, "질문,답변\n왜 느린가요?,색인이 없고, 줄이 많아서\n"), Config())
    (content,) = contents(reading.items, Config())
    assert content.answer_text == "색인이 없고\n줄이 많아서"


@pytest.mark.parametrize(("head", "told"), [("이름,답변", ["hint-columns", "no-questions"]), ("질문,답변", [])])
def test_a_table_whose_columns_nobody_knows_says_what_they_are_called(tmp_path: Path, head: str, told: list[str]) -> None:
    built = Desk(tmp_path).write({"표.csv": f"{head}\n큐란?,줄\n"}).build()
    assert sorted(one.code for one in built.diagnostics) == told
    assert [one.details for one in built.diagnostics if one.code == "hint-columns"] == [("이름, 답변",)] * bool(told)
