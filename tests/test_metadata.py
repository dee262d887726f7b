"""The package's metadata: its ranges hold what the tests run with, and each way to call it is one program."""

from __future__ import annotations

import re
import subprocess
import sys
import tomllib
from importlib.metadata import entry_points
from pathlib import Path

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name
from packaging.version import Version

from notedeck import __version__
from tests.anki_oracle import REPO

PROJECT = tomllib.loads((REPO / "pyproject.toml").read_text("utf-8"))["project"]
RANGES = {canonicalize_name(one.name): one for one in map(Requirement, PROJECT["dependencies"])}
PINNED = {
    canonicalize_name(name): Version(version)
    for name, version in re.findall(r"^([\w.-]+)==([\w.]+)", (REPO / "requirements.txt").read_text("utf-8"), re.MULTILINE)
}
PROGRAMS = {"build.py": [str(REPO / "build.py")], "-m": ["-m", "notedeck"]}


def test_what_is_tested_lies_in_the_ranges() -> None:
    assert set(RANGES) == set(PINNED) - {"pytest"}
    assert {name: str(PINNED[name]) for name, one in RANGES.items() if not one.specifier.contains(PINNED[name])} == {}


def test_each_range_has_a_lowest_and_an_end() -> None:
    """The lowest is what tests/test_install.py builds with."""
    bounds = {name: sorted(one.operator for one in requirement.specifier) for name, requirement in RANGES.items()}
    assert {name: found for name, found in bounds.items() if found != ["<", ">="]} == {}


def test_the_oldest_python_is_the_one_that_build_py_names() -> None:
    wanted = PROJECT["requires-python"].removeprefix(">=")
    assert f"notedeck needs Python {wanted} or newer" in (REPO / "build.py").read_text("utf-8")
    assert f"Programming Language :: Python :: {wanted}" in PROJECT["classifiers"]


def test_the_command_is_the_same_program() -> None:
    module, _, function = PROJECT["scripts"]["notedeck"].partition(":")
    assert (REPO / f"{module.replace('.', '/')}.py").exists()
    assert f"def {function}() -> None:" in (REPO / f"{module.replace('.', '/')}.py").read_text("utf-8")
    assert [one.value for one in entry_points(group="console_scripts", name="notedeck")] in ([], [PROJECT["scripts"]["notedeck"]])


def test_what_is_released_is_told() -> None:
    assert re.search(rf"^## {re.escape(__version__)} - (?:unreleased|\d{{4}}-\d\d-\d\d)$", (REPO / "CHANGELOG.md").read_text("utf-8"), re.MULTILINE)


def test_a_change_lands_only_if_the_package_was_built_and_installed() -> None:
    """The tests of that are slow ones."""
    passed = re.findall(r"^make (\w+)$", (REPO / ".ci" / "run").read_text("utf-8"), re.MULTILINE)
    assert {"lint", "test", "slow"} <= set(passed)
    assert "\nslow: .venv/requirements-dev\n\t$(BIN)/python -m pytest -n auto -m slow" in (REPO / "Makefile").read_text("utf-8")


@pytest.mark.parametrize("program", PROGRAMS.values(), ids=PROGRAMS)
def test_each_way_to_call_it(program: list[str], tmp_path: Path) -> None:
    done = subprocess.run(
        [sys.executable, *program, "--version"],
        cwd=tmp_path, env={"PYTHONPATH": str(REPO)}, check=True, capture_output=True, text=True, timeout=60,
    )  # fmt: skip
    assert done.stdout == f"notedeck {__version__}\n"
