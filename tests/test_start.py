"""How quickly the program starts: not by a clock, but by what it imports before it is asked for anything."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from tests.anki_oracle import REPO, Desk, question

LIBRARIES = frozenset(
    {"bs4", "filelock", "genanki", "linkify_it", "markdown_it", "mdit_py_plugins", "nh3", "pygments", "rapidfuzz", "rich", "sqlite3", "zipfile"}
)
"""What only a build needs."""


@pytest.fixture(autouse=True)
def _nothing_remembered(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """By other tests: what is remembered is not made, and what would make it not imported."""
    monkeypatch.setenv("NOTEDECK_CACHE", str(tmp_path / "cache"))


def imported(*arguments: str, folder: Path) -> set[str]:
    """The modules that a run of the program imports."""
    done = subprocess.run(
        [sys.executable, "-X", "importtime", str(REPO / "build.py"), *arguments], cwd=folder, check=True, capture_output=True, text=True, timeout=60
    )
    lines = (line for line in done.stderr.splitlines() if line.startswith("import time:"))
    return {line.rpartition("|")[2].strip() for line in lines}


def of_ours(modules: set[str]) -> set[str]:
    return {one for one in modules if one.split(".")[0] == "notedeck"}


@pytest.mark.parametrize("option", ["--version", "--help"])
def test_what_needs_no_build_imports_the_command_line_alone(option: str, tmp_path: Path) -> None:
    modules = imported(option, folder=tmp_path)
    assert of_ours(modules) == {"notedeck", "notedeck.cli"}
    assert {one.split(".")[0] for one in modules} & LIBRARIES == set()


def test_a_build_imports_what_its_notes_need(tmp_path: Path) -> None:
    """No colours without code, no likeness without a reworded question, no reading of packages without a removed one."""
    desk = Desk(tmp_path).write({"책.md": question("하나인가요?", "하나.")})
    modules = {one.split(".")[0] for one in imported(str(desk.notes), "-q", "-o", str(desk.decks), folder=tmp_path)}
    assert modules & {"markdown_it", "genanki", "nh3"} == {"markdown_it", "genanki", "nh3"}
    assert modules & {"bs4", "pygments", "rapidfuzz"} == set()


def test_decks_that_are_up_to_date_need_nothing_that_reads_or_writes_notes(tmp_path: Path) -> None:
    desk = Desk(tmp_path).write({"책.md": question("하나인가요?", "하나.")})
    desk.build()
    modules = imported(str(desk.notes), "-q", "-o", str(desk.decks), folder=tmp_path)
    assert "notedeck.packages.package" in modules
    assert {one.split(".")[0] for one in modules} & {"genanki", "bs4", "pygments", "rapidfuzz", "markdown_it", "nh3", "multiprocessing"} == set()
    assert modules & {"notedeck.items.reading", "notedeck.content.writing", "notedeck.preview.data"} == set()


@pytest.mark.parametrize("name", ["typer", "genanki"])
def test_a_requirement_that_is_missing_is_named_with_what_to_run(name: str, tmp_path: Path) -> None:
    """Whether the program needs it at its start or at the end of a build."""
    desk = Desk(tmp_path).write({"책.md": question("하나인가요?", "하나.")})
    hidden = tmp_path / "hidden"
    hidden.mkdir()
    (hidden / f"{name}.py").write_text(f"raise ModuleNotFoundError('none', name='{name}')", "utf-8")
    done = subprocess.run(
        [sys.executable, "-c", f"import sys, runpy; sys.path.insert(0, {str(hidden)!r}); sys.argv = ['build.py', {str(desk.notes)!r}, '-o', "
         f"{str(desk.decks)!r}]; sys.path.insert(1, {str(REPO)!r}); runpy.run_path({str(REPO / 'build.py')!r}, run_name='__main__')"],
        check=False, capture_output=True, text=True, timeout=60,
    )  # fmt: skip
    assert done.returncode == 1
    assert f"notedeck needs {name}, which is not installed" in done.stderr
    assert "pip install -r requirements.txt" in done.stderr
    assert "Traceback" not in done.stderr
