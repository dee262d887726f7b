"""What README, the pages of docs/ and CONTRIBUTING promise is there, in both languages."""

from __future__ import annotations

import re
import tomllib
from pathlib import Path

import pytest
import typer

from notedeck.cli import command as program
from notedeck.config import _KEYS, _TABLES, LABELS, RECOGNISERS, Config, read_config
from notedeck.corrections.reading import read_corrections
from notedeck.diagnostics import LEVELS
from notedeck.identity.notes import Change
from notedeck.items.reading import RECOGNISERS as ASKED
from notedeck.report.report import json_report
from tests.anki_oracle import REPO, Desk, codes, question

README, KOREAN, CONTRIBUTING, DOCS = REPO / "README.md", REPO / "README.ko.md", REPO / "CONTRIBUTING.md", REPO / "docs"
PAGES = {path.relative_to(DOCS).as_posix(): path for folder in (DOCS, DOCS / "ko") for path in sorted(folder.glob("*.md"))}
"""The pages of docs/: each is there in English, and in Korean below ko/."""
SITE = sorted(PAGES)
TEXTS = {path.relative_to(REPO).as_posix(): path for path in (README, KOREAN, CONTRIBUTING, *PAGES.values())}
"""All that people read about notedeck."""


def in_both(page: str) -> pytest.MarkDecorator:
    """A test of one page of docs/, in English and in Korean."""
    return pytest.mark.parametrize("path", [DOCS / page, DOCS / "ko" / page], ids=["en", "ko"])


def rows(path: Path) -> dict[str, list[str]]:
    """The rows of all tables, by what stands in their first cell."""
    lines = [line for line in path.read_text("utf-8").splitlines() if line.startswith("|")]
    cells = [[cell.strip() for cell in re.split(r"(?<!\\)\|", line)[1:-1]] for line in lines]
    return {row[0].strip("`"): row[1:] for row in cells}


def blocks(path: Path) -> list[tuple[str, str]]:
    """The code blocks of a page, each with what stands behind its fence."""
    found = re.findall(r"^(`{3,})([^`\n]*)\n(.*?)^\1$", path.read_text("utf-8"), re.DOTALL | re.MULTILINE)
    return [(about, text) for _, about, text in found]


def prose(path: Path) -> str:
    """The text of a page without its code blocks."""
    return re.sub(r"^(`{3,})[^`\n]*\n.*?^\1$", "", path.read_text("utf-8"), flags=re.DOTALL | re.MULTILINE)


def headings(path: Path) -> list[tuple[int, str]]:
    """The headings of a page, with their levels."""
    return [(len(signs), title) for signs, title in re.findall(r"^(#+) (.+)$", prose(path), re.MULTILINE)]


def anchors(path: Path) -> set[str]:
    """The names by which headings are linked to, on GitHub and on the site."""
    return {re.sub(r"[^\w\- ]", "", title.lower()).replace(" ", "-") for _, title in headings(path)}


# README


@pytest.mark.parametrize("path", [README, KOREAN], ids=lambda path: path.name)
def test_a_readme_can_be_read_to_its_end(path: Path) -> None:
    assert len(path.read_text("utf-8").splitlines()) <= 150


@pytest.mark.parametrize(("start", "below"), [("README.md", "docs/"), ("README.ko.md", "docs/ko/"), ("docs/index.md", ""), ("docs/ko/index.md", "")])
def test_every_page_is_led_to(start: str, below: str) -> None:
    led = set(re.findall(rf"^\| \[[^]]+\]\({below}([\w-]+\.md)\)", TEXTS[start].read_text("utf-8"), re.MULTILINE))
    assert led | {"index.md"} == {name for name in SITE if "/" not in name}


# docs/


def test_every_page_is_there_in_both_languages_and_has_the_same_parts() -> None:
    assert len(SITE) >= 24
    english, korean = ({name.removeprefix("ko/") for name in SITE if name.startswith("ko/") == below} for below in (False, True))
    assert english == korean
    for name in sorted(english):
        one, other = PAGES[name], PAGES[f"ko/{name}"]
        assert [level for level, _ in headings(one)] == [level for level, _ in headings(other)], name
        assert [about for about, _ in blocks(one)] == [about for about, _ in blocks(other)], name


@in_both("options.md")
def test_every_code_has_a_row_and_no_other(path: Path) -> None:
    table = rows(path)
    assert {code: table.get(code, ["none"])[0] for code in LEVELS} == {code: str(level) for code, level in LEVELS.items()}
    told = {first for first, rest in table.items() if len(rest) == 2 and rest[0] in ("error", "warning", "note")}
    assert told == set(LEVELS)


@in_both("options.md")
def test_every_option_of_the_program_has_a_row(path: Path) -> None:
    named = {option for first in rows(path) for option in re.findall(r"(?<![\w-])--?[a-z][a-z-]*", first)}
    assert named == options()


@in_both("options.md")
def test_every_key_of_the_json_report_is_named(path: Path, tmp_path: Path) -> None:
    report = json_report(Desk(tmp_path).write({"책.md": question("처음인가요?", "네.") + "\n인사말.\n"}).build(), 1)
    assert report["diagnostics"]
    table = rows(path)
    assert set(report) - set(table) == set()
    for key in ("decks", "items", "diagnostics", "text"):
        for one in report[key] if isinstance(report[key], list) else [report[key]]:
            assert {f"`{name}`" for name in one} - set(re.findall(r"`[^`]+`", table[key][0])) == set(), key
    assert {f"`{change}`" for change in Change} - set(re.findall(r"`[^`]+`", prose(path))) == set()


@in_both("deck-toml.md")
def test_every_key_of_deck_toml_has_a_row(path: Path) -> None:
    table = rows(path)
    wanted = {f"[{name.split('.')[0]}] {name.split('.')[1]}" for name in _KEYS} | {f"[{name}]" for name in _TABLES}
    assert wanted - set(table) == set()
    named = {name for name in table if re.fullmatch(r"\[[a-z]+\](?: [a-z_]+)?", name)}
    assert named == wanted


@in_both("deck-toml.md")
def test_the_page_on_deck_toml_says_the_defaults(path: Path) -> None:
    table = rows(path)
    for name, (field, _, _) in _KEYS.items():
        shown = re.findall(r"`([^`]*)`", table["[{}] {}".format(*name.split("."))][0])[0]
        default = getattr(Config(), field)
        assert tomllib.loads(f"x = {shown}")["x"] == (list(default) if isinstance(default, tuple) else default), name


@in_both("questions.md")
def test_every_way_of_writing_questions_is_named(path: Path) -> None:
    """In the order in which they are asked."""
    assert [name for name in rows(path) if name in RECOGNISERS] == list(ASKED)


@in_both("questions.md")
def test_every_spelling_of_a_label_is_listed(path: Path) -> None:
    text = path.read_text("utf-8")
    for tag, spellings in LABELS.items():
        assert f"`{tag}`" in text
        for one in spellings:
            assert f"`[{one}]`" in text, one


@pytest.mark.parametrize("name", [name for name in SITE if "toml" in dict(blocks(PAGES[name]))])
def test_a_toml_that_is_shown_is_one_that_works(name: str) -> None:
    for about, block in blocks(PAGES[name]):
        if about == "toml" and "[[line]]" in block:
            corrections, problems = read_corrections("corrections.toml", block)
            assert (bool(corrections), problems) == (True, [])
        elif about == "toml":
            config, problems = read_config("deck.toml", block)
            assert problems == []
            assert config != Config()


def test_deck_toml_is_shown_in_both_languages() -> None:
    assert all("toml" in dict(blocks(PAGES[name])) for name in ("deck-toml.md", "ko/deck-toml.md"))


@in_both("questions.md")
def test_each_way_of_writing_that_is_shown_is_read(path: Path, tmp_path: Path) -> None:
    """Every block of notes gives a card, or is told to be unanswered, and no text of it is lost."""
    shown = [block for about, block in blocks(path) if about in ("markdown", "md")]
    assert len(shown) >= 12
    for number, block in enumerate(shown):
        built = Desk(tmp_path / str(number)).write({"책.md": block}).build()
        assert built.notes or "unanswered" in codes(built), block
        assert "unread" not in codes(built), block
        assert not built.failed


@in_both("questions.md")
def test_each_way_of_writing_that_is_off_is_read_when_it_is_on(path: Path, tmp_path: Path) -> None:
    """A block under a recogniser's name (`title="cloze = true"`) becomes cards if deck.toml asks for that."""
    shown = [(about.split('"')[1], block) for about, block in blocks(path) if about.startswith("markdown title")]
    assert len(shown) == list(RECOGNISERS.values()).count(False)
    for number, (line, block) in enumerate(shown):
        desk = Desk(tmp_path / str(number)).write({"책.md": block})
        without = desk.build(plan=True)
        built = desk.write({"deck.toml": f"[recognisers]\n{line}\n"}).build()
        assert built.notes, block
        assert codes(built) == [], block
        assert built.account.on_cards > without.account.on_cards, block


# All that is read


@pytest.mark.parametrize("name", SITE)
def test_what_is_nested_in_a_list_is_indented_as_the_site_wants_it(name: str) -> None:
    """By four: GitHub takes less, MkDocs does not."""
    lines = prose(PAGES[name]).splitlines()
    assert [line for line in lines if re.match(r" {1,3}(?:`{3}|[-*] |\d+\. )", line)] == []


@pytest.mark.parametrize("name", sorted(TEXTS))
def test_what_a_page_links_to_is_there(name: str) -> None:
    """And, so that the site can show it, a page of docs/ links to nothing outside."""
    path = TEXTS[name]
    text = re.sub(r"``.*?``|`[^`\n]*`", "", prose(path))
    links = re.findall(r"\]\(([^)\s]+)\)", text) + re.findall(r'(?:src|href)="([^"]+)"', text)
    here = [link for link in links if not re.match(r"[a-z]+:", link)]
    assert here or name not in ("README.md", "README.ko.md", "CONTRIBUTING.md")
    for link in here:
        file, _, anchor = link.partition("#")
        target = (path.parent / file).resolve() if file else path
        assert target.exists(), link
        assert DOCS in target.parents or DOCS not in path.parents, link
        assert not anchor or anchor in anchors(target), link


def options() -> set[str]:
    """What the program takes."""
    app = typer.Typer(add_completion=False)
    app.command(context_settings={"help_option_names": ["-h", "--help"]})(program)
    known = typer.main.get_command(app)
    return {option for one in known.get_params(known.make_context("notedeck", [])) for option in one.opts if option.startswith("-")}


@pytest.mark.parametrize("name", sorted(TEXTS))
def test_a_command_that_is_shown_is_one_that_is_there(name: str) -> None:
    """Its options are the program's, its targets the Makefile's, and what it installs or runs is in the repository."""
    lines = [line for about, block in blocks(TEXTS[name]) if about in ("sh", "bat") for line in block.splitlines()]
    shown = [re.sub(r" +# .*", "", line) for line in lines] + re.findall(r"`([^`\n]+)`", prose(TEXTS[name]))
    targets = set(re.findall(r"^([a-z]+):", (REPO / "Makefile").read_text("utf-8"), re.MULTILINE))
    for command in shown:
        if ran := re.search(r"(?:^|[ /\\])(?:notedeck |build\.py |make ARGS=\x22?)(.*)", command):
            assert set(re.findall(r"(?<![\w-])--?[a-z][a-z-]*", ran[1])) <= options(), command
        if target := re.match(r"make ([a-z]+)$", command):
            assert target[1] in targets, command
        for file in re.findall(r"-r (\S+)|python (\S+\.py)", command):
            assert (REPO / "".join(file)).is_file(), command


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
        assert re.search(r"`(?:notedeck|templates|docs)/", where), what
        assert re.search(r"`tests/", shown), what
