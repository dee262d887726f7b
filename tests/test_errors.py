"""What the author is told: each file below `books/errors` says on top what it gives, word for word and in order.

A file is notes (`.md`), a deck.toml (`.toml`) or the front template (`.html`). Its first lines are
`<!-- expect: … -->`, or `# expect: …`, one for each message; none means that nothing is told.
"""

from __future__ import annotations

import re
import shutil
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest

from notedeck.diagnostics import LEVELS, Diagnostic, Level
from notedeck.report.messages import ENGLISH, KOREAN, line
from tests.anki_oracle import NOW, REPO, Desk, codes, png, question

ERRORS = REPO / "tests" / "books" / "errors"
FILES = sorted(ERRORS.iterdir())
_EXPECTED = re.compile(r"^(?:<!-- expect: (?P<html>.*) -->|# expect: (?P<toml>.*))$")
GOOD = "# 책\n\n" + question("좋은 질문인가요?", "네.")


def split(path: Path) -> tuple[list[str], str]:
    """What a file expects, and the lines below that."""
    lines = path.read_text("utf-8").split("\n")
    expected = []
    while lines and (found := _EXPECTED.match(lines[0])):
        expected.append(found["html"] or found["toml"])
        del lines[0]
    return expected, "\n".join(lines)


def written(kind: str, expected: list[str], rest: str) -> str:
    form = "# expect: {}\n" if kind == ".toml" else "<!-- expect: {} -->\n"
    return "".join(form.format(one) for one in expected) + rest


def told_of_notes(desk: Desk, path: Path, text: str) -> tuple[Diagnostic, ...]:
    (desk.root / "secret.png").write_bytes(png(1))
    return desk.write({path.name: text}).build().diagnostics


def told_of_config(desk: Desk, path: Path, text: str) -> tuple[Diagnostic, ...]:
    return desk.write({"책.md": GOOD, "deck.toml": text}).build().diagnostics


def told_of_template(desk: Desk, path: Path, text: str) -> tuple[Diagnostic, ...]:
    shutil.copytree(REPO / "templates", desk.root / "templates")
    (desk.root / "templates" / "qa" / "front.html").write_text(text, "utf-8")
    return desk.write({"책.md": GOOD}).build(templates=desk.root / "templates").diagnostics


KINDS: dict[str, Callable[[Desk, Path, str], tuple[Diagnostic, ...]]] = {
    ".md": told_of_notes,
    ".toml": told_of_config,
    ".html": told_of_template,
}


def placed(one: Diagnostic) -> Diagnostic:
    """With the name of the file alone."""
    return replace(one, span=replace(one.span, path=Path(one.span.path).name))


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.name)
def test_a_file_gives_the_messages_that_it_names(path: Path, tmp_path: Path, rewrites: bool) -> None:
    expected, rest = split(path)
    # Lines are counted in the whole file; what a template expects would itself be read as one.
    text = "\n" * len(expected) + rest if path.suffix == ".html" else written(path.suffix, expected, rest)
    told = KINDS[path.suffix](Desk(tmp_path), path, text)
    lines = [line(placed(one), ENGLISH) for one in told]
    if rewrites and len(lines) == len(expected):
        path.write_text(written(path.suffix, lines, rest), "utf-8")
    elif rewrites:
        path.write_text(written(path.suffix, ["?"] * len(lines), rest), "utf-8")
        pytest.fail("other messages than before: rewrite once more for their lines")
    assert lines == expected
    assert all(line(one, KOREAN).endswith(f"[{one.code}]") for one in told)
    writes = not any(one.level is Level.ERROR for one in told)
    assert (Desk(tmp_path).decks / ".notedeck.json").is_file() == (writes and path.name not in ("no-questions.md", "no-text.md"))


def test_no_errors_files_are_of_an_unknown_kind() -> None:
    assert {path.suffix for path in FILES} == set(KINDS)


@pytest.mark.parametrize(
    ("content", "told"),
    [
        (b"\xff\xfe\x00", [(1, "not-text")]),
        (b"<<<<<<< HEAD\n{}\n=======\n", [(1, "lock-conflict")]),
        (b'{"notedeck.lock": 1}\n>>>>>>> theirs\n', [(2, "lock-conflict")]),
        (b'{"notedeck.lock": 999}\n', [(1, "lock-version")]),
        (b'{"notedeck.lock": 1}\n{"guid": "x"}\n\nnope\n', [(2, "lock-broken"), (4, "lock-broken")]),
        (b'{"notedeck.lock": "one"}\n', [(1, "lock-broken")]),
        (b"[" * 100_000, [(1, "lock-broken")]),
        (b"null\n", [(1, "lock-broken")]),
        (b"3\n", [(1, "lock-broken")]),
    ],
)
def test_a_lock_that_cannot_be_read_stops_the_build_and_is_left_as_it_is(tmp_path: Path, content: bytes, told: list[tuple[int, str]]) -> None:
    desk = Desk(tmp_path).write({"책.md": GOOD, "cards.lock": content})
    built = desk.build()
    assert [(one.span.line, one.code) for one in built.diagnostics] == told
    assert all(Path(one.span.path) == desk.lock for one in built.diagnostics)
    assert desk.lock.read_bytes() == content
    assert not desk.decks.exists()


def test_each_broken_line_of_a_lock_is_told_once(tmp_path: Path) -> None:
    """Any cut through it: the build goes on as before, or says which line is broken."""
    desk = Desk(tmp_path).write({"책.md": GOOD + question("둘째인가요?", "네.")})
    desk.build()
    whole = desk.lock.read_bytes()
    for end in range(1, len(whole), 97):
        desk.lock.write_bytes(whole[:end])
        before = desk.package_bytes()
        built = desk.build()
        if built.failed:
            assert set(codes(built)) <= {"lock-broken", "not-text"}
            assert desk.package_bytes() == before


def test_a_clock_that_was_wrong_is_told(tmp_path: Path) -> None:
    desk = Desk(tmp_path).write({"책.md": GOOD})
    assert codes(desk.build(now=NOW + 10 * 86_400)) == []
    built = desk.build(now=NOW)
    assert codes(built) == ["clock"]
    assert not built.failed


def test_all_problems_of_a_run_are_told_in_one_run(tmp_path: Path) -> None:
    shutil.copytree(REPO / "templates", tmp_path / "templates")
    (tmp_path / "templates" / "qa" / "front.html").write_text("{{Nope}}", "utf-8")
    files: dict[str, str | bytes] = {
        "a.md": bytes(range(256)),
        "b.md": question("그런가요?", "![](없다.png)"),
        "deck.toml": "[nope]\n",
        "cards.lock": "{\n",
    }
    desk = Desk(tmp_path).write(files)
    told = desk.build(templates=tmp_path / "templates").diagnostics
    assert {one.code for one in told} >= {"not-text", "config-key", "lock-broken", "template-field"}
    assert [one.span for one in told] == sorted(one.span for one in told)


def test_messages_come_in_the_order_of_files_and_lines(tmp_path: Path) -> None:
    text = "".join(question(f"{number}번인가요?", f"![](z{number}.png) ![](a{number}.png)") for number in range(12))
    built = Desk(tmp_path).write({"b.md": text, "a.md": text, "속/c.md": text}).build()
    places = [(one.span.path, one.span.line) for one in built.diagnostics]
    assert places == sorted(places)
    assert len(places) == 72


def test_strict_makes_errors_of_warnings_and_leaves_notes(tmp_path: Path) -> None:
    desk = Desk(tmp_path).write({"책.md": GOOD + "- 답이 없나요?\n\n남은 글.\n"})
    assert not desk.build(strict=True).failed
    built = desk.write({"책.md": GOOD + question("그림은요?", "![](없다.png)")}).build(strict=True)
    assert built.failed
    assert [(one.code, one.level) for one in built.diagnostics] == [("picture-missing", Level.ERROR)]
    assert LEVELS["picture-missing"] is Level.WARNING
