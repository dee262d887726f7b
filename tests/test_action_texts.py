"""What the action tells, of any text that notes may hold; and what its files promise."""

from __future__ import annotations

import re
from pathlib import Path
from textwrap import dedent
from typing import Any

import pytest
from bs4 import BeautifulSoup
from hypothesis import given
from hypothesis import strategies as st
from markdown_it import MarkdownIt
from ruamel.yaml import YAML

from action.escaping import command_text, command_value, shown
from action.packages import asset_name
from action.run import Run
from action.site import index
from action.telling import tell
from action.words import MOST, WORDS, plan_text, release_text
from notedeck import __version__
from tests.action_runner import ACTION
from tests.anki_oracle import REPO

MARKDOWN = MarkdownIt("gfm-like", {"html": True, "linkify": True})
HOSTILE = st.one_of(
    st.text(max_size=200),
    st.lists(
        st.sampled_from(
            ["@everyone", "@a/b", "#1", "GH-1", "|", "\n", "\r\n", "`", "```", "<!--", "-->", "</code>", "<img src=x>", "[a](b)", "![](//x)",
             "https://e.com", "www.e.com", "a@e.com", "$x$", ":tada:", "**", "~~", "\\", "&amp;", "&#64;", "%", "::error::", "\u202e", "가", " "]
        ),
        max_size=30,
    ).map("".join),
)  # fmt: skip


def item(**changed: Any) -> dict[str, Any]:
    return {"change": "new", "question": "하나?", "path": "notes/책.md", "line": 3, "cause": None, "was": None, "status": "card", **changed}


def report(*items: dict[str, Any], diagnostics: tuple[dict[str, Any], ...] = ()) -> dict[str, Any]:
    return {"items": list(items), "diagnostics": list(diagnostics), "decks": [], "text": {"unread": 0}}


def page(text: str) -> BeautifulSoup:
    return BeautifulSoup(MARKDOWN.render(text), "html.parser")


@given(HOSTILE)
def test_no_text_of_notes_does_anything(text: str) -> None:
    """All of it stands in `code`, where GitHub looks for nothing, in the cell that is its own."""
    told = {"level": "error", "message": text, "path": text, "line": 1}
    one, other = item(question=text, path=text), item(change="reworded", question=text, was={"question": text})
    body = page(plan_text(report(one, other, diagnostics=(told,)), 1))
    assert {tag.name for tag in body.find_all(True)} <= {"h3", "p", "table", "thead", "tbody", "tr", "th", "td", "code"}
    assert [len(row.find_all(["td", "th"])) for row in body.find_all("tr")] == [2, 2, 3, 3, 3]
    for code in body.find_all("code"):
        code.decompose()
    assert not re.search(r"[@#$`<]|:\w+:", body.get_text().replace("error: ", ""))


@given(HOSTILE)
def test_a_text_is_shown_as_it_is(text: str) -> None:
    seen = page(shown(text, most=10_000)).get_text().replace("\u200b", "").strip()
    assert seen == (" ".join("".join(one if one.isprintable() else " " for one in text).split()) or "—")


@given(HOSTILE)
def test_no_text_is_a_command_of_the_runner(text: str) -> None:
    assert len(command_text(text).splitlines()) <= len(text.replace("\r", "").replace("\n", "").splitlines() or [""])
    assert not set(command_value(text)) & set(":,\r\n")


def test_a_text_of_many_changes_is_one_that_github_takes() -> None:
    many = [item(question="@" * 500, path="@" * 500) for _ in range(300)]
    text = plan_text(report(*many), 0)
    assert len(text) < 65_536
    assert "\n…\n" in text or "그 밖에 250개" in text
    assert len(release_text({"decks": [{"file": "@" * 500, "cards": 1}] * 500}, 0)) <= MOST + 10


def test_of_many_changes_the_first_are_shown_and_the_others_counted() -> None:
    text = plan_text(report(*[item() for _ in range(60)], item(change="removed")), 1)
    assert "removed 1 · new 60" in text
    assert "11 more" in text
    assert len(page(text).find_all("tr")) == 51


def test_a_card_that_changes_along_with_another_is_not_told_apart() -> None:
    assert "edited" not in plan_text(report(item(change="edited", cause="abcdefgh")), 1)


def test_a_build_that_came_to_nothing_is_told() -> None:
    assert WORDS["machine"][1] in plan_text(None, 1)


def test_why_a_build_came_to_nothing_is_told_in_one_line(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "notedeck-told.txt").write_text("Traceback\n::warning::x\nMemoryError\n", "utf-8")
    known = {"RUNNER_TEMP": str(tmp_path), "GITHUB_REPOSITORY": "group/notes", "GITHUB_REF": "refs/heads/main"}
    tell(Run(known, {"repository": {"default_branch": "main"}}))
    assert capsys.readouterr().out == "::error title=notedeck::Traceback%0A::warning::x%0AMemoryError\n"


def test_an_assets_name_is_one_that_github_keeps() -> None:
    names = ["대규모.apkg", "대규모 - 면접질문.apkg", "OS 책.apkg", "a" * 200 + ".apkg", "..apkg"]
    made = [asset_name(name) for name in names]
    assert len(set(made)) == len(names)
    assert all(re.fullmatch(r"[A-Za-z0-9]+(?:-[A-Za-z0-9]+)*-[0-9a-f]{10}\.apkg", name) for name in made)
    assert made[2].startswith("OS-")


def test_a_book_of_any_name_has_a_link() -> None:
    soup = BeautifulSoup(index(['<"&#%.html'], 0), "html.parser")
    assert soup.find_all("a")[0]["href"] == "%3C%22%26%23%25.html"
    assert soup.find_all("a")[0].get_text() == '<"&#%'


# The files


def test_nothing_is_put_into_a_script() -> None:
    runs = [step["run"] for step in ACTION["runs"]["steps"] if "run" in step]
    assert len(runs) > 5
    assert [run for run in runs if "${{" in run] == []
    for path in (REPO / "action").glob("*.sh"):
        assert "${{" not in path.read_text("utf-8"), path.name


def test_each_script_can_be_run() -> None:
    called = {name for step in ACTION["runs"]["steps"] for name in re.findall(r"action/(\w+\.sh)", step.get("run", ""))}
    assert called == {path.name for path in (REPO / "action").glob("*.sh")} - {"notedeck.sh"}
    assert [name for name in called if not (REPO / "action" / name).stat().st_mode & 0o100] == []


@pytest.mark.parametrize("path", ["docs/github.md", "docs/ko/github.md"])
def test_the_workflow_to_copy_is_the_one_that_is_checked(path: str) -> None:
    (block,) = re.findall(r"```yaml\n(.*?) *```", (REPO / path).read_text("utf-8"), re.DOTALL)
    assert dedent(block) == (REPO / "docs" / "notedeck.yml").read_text("utf-8")


@pytest.mark.parametrize("path", ["docs/github.md", "docs/ko/github.md"])
def test_the_page_names_every_input_with_its_default(path: str) -> None:
    rows = re.findall(r"^\| `(\w+)` \| (?:`([^`]*)`|[^|]*) \|", Path(REPO / path).read_text("utf-8"), re.MULTILINE)
    plain = {name: one["default"] for name, one in ACTION["inputs"].items() if "$" not in one["default"]}
    assert {name: default for name, default in rows if default} == plain
    assert {name for name, _ in rows} == set(ACTION["inputs"])


def test_the_workflow_gives_what_the_action_has() -> None:
    workflow = YAML(typ="safe").load((REPO / "docs" / "notedeck.yml").read_text("utf-8"))
    (step,) = (one for one in workflow["jobs"]["decks"]["steps"] if "notedeck" in one["uses"])
    assert set(step["with"]) <= set(ACTION["inputs"])
    assert step["uses"] == f"OWNER/notedeck@v{__version__}"
    assert "pull_request" in workflow["on"]
