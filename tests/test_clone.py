"""What a clone needs is in it: no registry's host, no file beside it, each requirement pinned, notes that build."""

from __future__ import annotations

import re
import shutil
import sys
from pathlib import Path

from tests.anki_oracle import REPO, Desk, question
from tests.modules import MODULES, imports

FILES = [
    path
    for start in ("notedeck", "action", "templates", "tests", "notes", "benchmarks", ".ci", "docs")
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
    for name in ("requirements.txt", "requirements-dev.txt", "requirements-docs.txt"):
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
