"""A first run: what is said where there are no notes, and the files that somebody begins with."""

from __future__ import annotations

import json
import re
import subprocess
from dataclasses import replace
from pathlib import Path

import pytest

from notedeck.config import Config, read_config, settings
from notedeck.machine.templates import own_files
from notedeck.report.messages import ENGLISH, KOREAN
from notedeck.report.run import TEMPLATES
from notedeck.report.settings import _SAID, deck_toml
from tests.anki_oracle import Desk, question
from tests.programs import program

GIVEN = re.compile(r"^#(?! )(.*)", re.MULTILINE)


def run(folder: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    return subprocess.CompletedProcess(arguments, *program(folder, list(arguments), {"LC_ALL": "C.UTF-8", "PATH": ""}))


@pytest.mark.parametrize("arguments", [(), ("--preview",), ("--plan",), ("-q",)])
def test_a_folder_without_notes_is_told_in_three_lines_what_to_do(arguments: tuple[str, ...], tmp_path: Path) -> None:
    done = run(tmp_path, *arguments)
    assert done.returncode == 2
    first, second, third = done.stderr.splitlines()
    assert "build.py ~/Downloads/Export" in first
    assert "notes/" in second
    assert "--init" in third


def test_so_is_one_whose_notes_are_still_to_come(tmp_path: Path) -> None:
    assert run(tmp_path, "--init").returncode == 0
    done = run(tmp_path)
    assert done.returncode == 1
    told, *lines = done.stderr.splitlines()
    assert "[no-notes]" in told
    assert len(lines) == 3


def test_somebody_who_named_what_is_not_there_is_told_so(tmp_path: Path) -> None:
    assert "[not-found]" in run(tmp_path, "nowhere").stderr


def test_a_program_that_asks_gets_its_report(tmp_path: Path) -> None:
    assert [one["code"] for one in json.loads(run(tmp_path, "--json").stdout)["diagnostics"]] == ["not-found"]


def test_init_writes_what_is_not_there_and_overwrites_nothing(tmp_path: Path) -> None:
    (tmp_path / ".gitignore").write_text(".venv/", "utf-8")
    assert run(tmp_path, "--init").stdout.splitlines() == ["wrote notes/deck.toml", "wrote .gitignore", "wrote .gitattributes"]
    assert (tmp_path / ".gitignore").read_text("utf-8") == ".venv/\ndecks/\n"
    assert (tmp_path / ".gitattributes").read_text("utf-8") == "cards.lock merge=union\ncorrections.toml merge=union\n"
    files = {path: path.read_bytes() for path in tmp_path.rglob("*") if path.is_file()}
    assert len(files) == 3
    assert run(tmp_path, "--init").stdout.count("up to date") == 3
    (tmp_path / "notes" / "deck.toml").write_text("mine", "utf-8")
    run(tmp_path, "--init")
    assert (tmp_path / "notes" / "deck.toml").read_text("utf-8") == "mine"


def test_init_for_notes_that_lie_elsewhere(tmp_path: Path) -> None:
    Desk(tmp_path).write({"책.md": question("하나인가요?", "하나.")})
    run(tmp_path, "--init", "notes", "-o", "out/decks")
    assert (tmp_path / ".gitignore").read_text("utf-8") == "out/decks/\n"
    assert (tmp_path / "notes" / "deck.toml").exists()
    run(tmp_path / "notes", "--init", ".")
    assert (tmp_path / "notes" / ".gitattributes").exists()


def test_an_init_that_cannot_write_says_why(tmp_path: Path) -> None:
    (tmp_path / "notes").write_text("a file", "utf-8")
    done = run(tmp_path, "--init", "notes/inner")
    assert done.returncode == 2
    assert "Traceback" not in done.stderr


@pytest.mark.parametrize("tongue", [KOREAN, ENGLISH])
def test_a_begun_deck_toml_changes_nothing_and_names_every_key(tongue: int) -> None:
    text = deck_toml(tongue)
    assert read_config("deck.toml", text) == (Config(), [])
    config, problems = read_config("deck.toml", GIVEN.sub(r"\1", text))
    assert problems == []
    assert replace(config, paths=()) == Config(books={"새 제목": "옛 책"})
    (rule,) = config.paths
    said = (rule.book, rule.deck, rule.tags, rule.skip, rule.recognisers)
    assert said == ("다른 책", "부록", ("부록",), False, {"every_heading": True})
    assert set(_SAID) == {name for name, _, _ in settings()} | {"books", "labels", "recognisers", "paths"}


def test_templates_are_copied_out_and_overwrite_nothing(tmp_path: Path) -> None:
    (tmp_path / "look" / "qa").mkdir(parents=True)
    (tmp_path / "look" / "qa" / "style.css").write_text("mine", "utf-8")
    done = run(tmp_path, "--templates", "look")
    assert done.stdout.count("wrote") == len([path for path in TEMPLATES.rglob("*") if path.is_file()]) - 1
    assert own_files(TEMPLATES, tmp_path / "look") == ["qa/style.css"]
