"""What README and CONTRIBUTING promise is there, and a clone has what it needs."""

from __future__ import annotations

import re
import shutil
import sys
import tomllib
from pathlib import Path

import pytest

from notedeck.config import _KEYS, _TABLES, LABELS, Config, read_config
from notedeck.diagnostics import LEVELS
from tests.anki_oracle import REPO, Desk, codes, question
from tests.modules import HOUSE, MODULES, imports

README, KOREAN, CONTRIBUTING = REPO / "README.md", REPO / "README.ko.md", REPO / "CONTRIBUTING.md"


def rows(path: Path) -> dict[str, list[str]]:
    """The rows of all tables, by what stands in their first cell."""
    lines = [line for line in path.read_text("utf-8").splitlines() if line.startswith("|")]
    cells = [[cell.strip() for cell in re.split(r"(?<!\\)\|", line)[1:-1]] for line in lines]
    return {row[0].strip("`"): row[1:] for row in cells}


# README


def test_readme_has_a_row_for_every_code_and_no_other() -> None:
    table = rows(README)
    assert {code: table.get(code, ["none"])[0] for code in LEVELS} == {code: str(level) for code, level in LEVELS.items()}
    told = {first for first, rest in table.items() if len(rest) == 2 and rest[0] in ("error", "warning", "note")}
    assert told == set(LEVELS)


@pytest.mark.parametrize("path", [README, KOREAN], ids=lambda path: path.name)
def test_both_readmes_name_every_key_of_deck_toml(path: Path) -> None:
    table = rows(path)
    wanted = {f"[{name.split('.')[0]}] {name.split('.')[1]}" for name in _KEYS} | {f"[{name}]" for name in _TABLES}
    assert wanted - set(table) == set()
    named = {name for name in table if re.fullmatch(r"\[[a-z]+\](?: [a-z_]+)?", name)}
    assert named == wanted


def test_readme_says_the_defaults() -> None:
    table = rows(README)
    for name, (field, _, _) in _KEYS.items():
        shown = re.findall(r"`([^`]*)`", table["[{}] {}".format(*name.split("."))][0])[0]
        default = getattr(Config(), field)
        assert tomllib.loads(f"x = {shown}")["x"] == (list(default) if isinstance(default, tuple) else default), name


def test_readme_lists_every_spelling_of_a_label() -> None:
    text = README.read_text("utf-8")
    for tag, spellings in LABELS.items():
        assert f"`{tag}`" in text
        for one in spellings:
            assert f"`[{one}]`" in text, one


@pytest.mark.parametrize("path", [README, KOREAN], ids=lambda path: path.name)
def test_deck_toml_in_a_readme_is_one_that_works(path: Path) -> None:
    blocks = re.findall(r"```toml\n(.*?)```", path.read_text("utf-8"), re.DOTALL)
    assert blocks
    for block in blocks:
        config, problems = read_config("deck.toml", block)
        assert problems == []
        assert config != Config()


@pytest.mark.parametrize("path", [README, KOREAN], ids=lambda path: path.name)
def test_each_way_of_writing_in_a_readme_is_read(path: Path, tmp_path: Path) -> None:
    """Every block of notes gives a card, or is told to be unanswered, and no text of it is lost."""
    blocks = re.findall(r"```(?:markdown|md)\n(.*?)```", path.read_text("utf-8"), re.DOTALL)
    assert len(blocks) >= 3
    for number, block in enumerate(blocks):
        built = Desk(tmp_path / str(number)).write({"책.md": block}).build()
        assert built.notes or "unanswered" in codes(built), block
        assert "unread" not in codes(built), block
        assert not built.failed


@pytest.mark.parametrize("path", [README, KOREAN], ids=lambda path: path.name)
def test_each_way_of_writing_that_is_off_is_read_when_it_is_on(path: Path, tmp_path: Path) -> None:
    """A block marked with a recogniser's name (`markdown cloze`) becomes cards if deck.toml asks for that."""
    blocks = re.findall(r"```markdown (\w+)\n(.*?)```", path.read_text("utf-8"), re.DOTALL)
    assert blocks
    for number, (name, block) in enumerate(blocks):
        desk = Desk(tmp_path / str(number)).write({"책.md": block})
        without = desk.build(plan=True)
        built = desk.write({"deck.toml": f"[recognisers]\n{name} = true\n"}).build()
        assert built.notes, block
        assert codes(built) == [], block
        assert built.account.on_cards > without.account.on_cards, block


@pytest.mark.parametrize("path", [README, KOREAN, CONTRIBUTING], ids=lambda path: path.name)
def test_what_a_page_links_to_is_there(path: Path) -> None:
    text = re.sub(r"```.*?```", "", path.read_text("utf-8"), flags=re.DOTALL)
    text = re.sub(r"``.*?``|`[^`\n]*`", "", text)
    links = re.findall(r"\]\(([^)\s]+)\)", text) + re.findall(r'(?:src|href)="([^"]+)"', text)
    here = [link for link in links if not re.match(r"[a-z]+:", link)]
    assert here
    for link in here:
        file, _, anchor = link.partition("#")
        target = path.parent / file if file else path
        assert target.exists(), link
        if anchor:
            headings = re.findall(r"^#+ (.+)$", target.read_text("utf-8"), re.MULTILINE)
            assert anchor in {re.sub(r"[^\w\- ]", "", one.lower()).replace(" ", "-") for one in headings}, link


def test_each_path_in_contributing_is_there() -> None:
    text = CONTRIBUTING.read_text("utf-8")
    paths = {one for one in re.findall(r"`([\w./-]+)`", text) if re.search(r"/|\w\.(?:py|md)$", one)}
    assert len(paths) > 40
    assert [one for one in sorted(paths) if not (REPO / one).exists()] == []


def test_each_row_of_contributing_names_a_place_and_what_shows_it() -> None:
    table = {what: where for what, where in rows(CONTRIBUTING).items() if len(where) == 2 and "---" not in where[0]}
    assert table.pop("What you want to change")
    assert len(table) > 10
    for what, (where, shown) in table.items():
        assert re.search(r"`(?:notedeck|templates)/", where), what
        assert re.search(r"`tests/", shown), what


def test_every_option_of_the_program_is_in_both_readmes() -> None:
    source = (HOUSE / "cli.py").read_text("utf-8")
    options = set(re.findall(r'"(--[a-z-]+)"', source))
    assert len(options) > 5
    for path in (README, KOREAN):
        text = path.read_text("utf-8")
        assert {option for option in options if option not in text} == set(), path.name


# What a clone needs


FILES = [
    path
    for start in ("notedeck", "templates", "tests", "notes", "benchmarks", ".ci", "docs")
    for path in sorted((REPO / start).rglob("*"))
    if path.is_file() and "__pycache__" not in path.parts
] + [path for path in sorted(REPO.iterdir()) if path.is_file() and path.name != ".git"]  # in a worktree a file that says where it lies


def test_nothing_names_a_registry_or_needs_what_lies_beside_the_clone() -> None:
    hosts = ["pypi" + ".org", "python" + "hosted", "npm" + "js.", "crates" + ".io", "anaconda" + ".org", "index" + "-url", "/work" + "/"]
    beside = ".." + "/shared"
    assert len(FILES) > 60
    for path in FILES:
        data = path.read_bytes()
        assert not [word for word in (*hosts, beside) if word.encode() in data], path.relative_to(REPO)


def test_what_running_needs_is_pinned() -> None:
    for name in ("requirements.txt", "requirements-dev.txt"):
        lines = [line for line in (REPO / name).read_text("utf-8").splitlines() if line and not line.startswith(("#", "-r "))]
        assert lines
        assert [line for line in lines if not re.fullmatch(r"[A-Za-z0-9_.\-\[\]]+==[\w.]+(?: *;.*)?", line)] == []


def test_everything_imported_is_required() -> None:
    """Under the name that pip knows; what comes with one that is required may be used with it."""
    required = (REPO / "requirements.txt").read_text("utf-8").lower()
    names = {"markdown_it": "markdown-it-py", "mdit_py_plugins": "mdit-py-plugins", "linkify_it": "linkify-it-py", "bs4": "beautifulsoup4"}
    used = {one.split(".")[0] for path in MODULES.values() for one in imports(path)} - {"notedeck", "__future__"}
    outside = used - set(sys.stdlib_module_names)
    assert [one for one in sorted(outside) if f"{names.get(one, one)}==" not in required] == []


def test_notes_of_the_repository_build_without_a_warning(tmp_path: Path) -> None:
    shutil.copytree(REPO / "notes", tmp_path / "notes")
    built = Desk(tmp_path).build(now=1_900_000_000, strict=True)
    assert not built.failed
    assert len(built.notes) >= 30
    assert built.removed == ()


def test_the_readme_of_a_new_user_holds(tmp_path: Path) -> None:
    """One file of their own, in a folder of their own: a deck, a lock, and nothing else."""
    desk = Desk(tmp_path).write({"내 노트.md": question("처음인가요?", "네.")})
    desk.build()
    assert {path.relative_to(tmp_path).as_posix() for path in tmp_path.rglob("*") if path.is_file()} == {
        "notes/내 노트.md", "notes/cards.lock", "decks/내 노트.apkg", "decks/내 노트.html", "decks/.notedeck.json",
    }  # fmt: skip
