"""The cases of tests/cases: `--rewrite` puts what comes out into their expected halves."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.casefile import CASES, FORMATTER, RAW, Case, CaseFileError, Dump, cases_of, pairs_of, read_cases, rewrite
from tests.dumps import corrections_dump, csv_dump, fields_dump, html_dump, items_dump, outline_dump, plain_items

PARTS: dict[str, Dump] = {
    "outline": outline_dump,
    "html": html_dump,
    "csv": csv_dump,
    "items": items_dump,
    "fields": fields_dump,
    "corrections": corrections_dump,
}
"""A folder of cases, and what its sources are put through."""
EXPORTS = "notion"
"""The folder whose cases are a page in Notion's two forms of export; `test_notion` reads it."""
PATTERNS = 21
"""How many irregular ways of writing the first cases show, each in two forms."""


@pytest.mark.parametrize(("part", "case"), [pytest.param(part, case, id=f"{part}/{case.id}") for part in PARTS for case in cases_of(part)])
def test_case(part: str, case: Case, rewrites: bool) -> None:
    found = PARTS[part](case.source)
    if rewrites:
        rewrite(case, found)
        return
    assert found == case.expected, f"{case.path}:{case.line}"


@pytest.mark.parametrize(("formatted", "raw"), [pytest.param(*pair, id=pair[0].title) for pair in pairs_of("items")])
def test_both_forms_give_the_same_items(formatted: Case, raw: Case) -> None:
    assert plain_items(formatted.source) == plain_items(raw.source)


def test_every_pattern_has_a_case_in_both_forms() -> None:
    titles = [case.title for case in cases_of("items")]
    for number in range(1, PATTERNS + 1):
        for form in (FORMATTER, RAW):
            assert [title for title in titles if title.startswith(f"{number}. ") and title.endswith(form)], (number, form)


@pytest.mark.parametrize("pair", pairs_of("items"), ids=lambda pair: pair[0].title)
def test_the_two_forms_are_what_they_say(pair: tuple[Case, Case]) -> None:
    """A formatter leaves no empty line inside a bullet and two spaces; Notion leaves four, and indents its empty lines."""
    formatted, raw = pair
    assert "\n    \n" in raw.source
    assert "***\n" not in raw.source
    assert not [line for line in formatted.source.splitlines() if line.startswith(" ") and not line.strip()]
    indents = {len(line) - len(line.lstrip(" ")) for line in raw.source.splitlines() if line.strip() and line.startswith(" ")}
    assert not {indent % 4 for indent in indents} - {0}, indents


def test_each_file_of_cases_is_claimed() -> None:
    claimed = {path for part in (*PARTS, EXPORTS) for path in (CASES / part).glob("*.md")}
    assert {path for path in CASES.rglob("*") if path.is_file()} == claimed


@pytest.mark.parametrize("text", ["title\n.\na\n.\nb\n", "title\n.\na\n", "a\nb\n.\n.\n.\n", "a\n.\n.\n.\n\na\n.\n.\n.\n"])
def test_a_file_that_is_not_in_its_form_is_refused(tmp_path: Path, text: str) -> None:
    file = tmp_path / "bad.md"
    file.write_text(text, "utf-8")
    with pytest.raises(CaseFileError):
        read_cases(file)


def test_rewriting_changes_the_expected_half_alone(tmp_path: Path) -> None:
    file = tmp_path / "cases.md"
    file.write_text("one\n.\na\n\n.\nx\n.\n\ntwo\n.\nb\n.\ny\n.\n", "utf-8")
    rewrite(read_cases(file)[1], "z\n")
    assert file.read_text("utf-8") == "one\n.\na\n\n.\nx\n.\n\ntwo\n.\nb\n.\nz\n.\n"
