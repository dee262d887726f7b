"""The action of GitHub, on a local remote and a GitHub of the tests': each test is a thing that happens to a group's repository."""

from __future__ import annotations

import json
import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from packaging.utils import canonicalize_name

from tests.action_runner import ENVIRONMENT, Group, git
from tests.anki_oracle import REPO, question
from tests.github_server import github
from tests.test_metadata import PINNED, RANGES

pytestmark = pytest.mark.slow

LOCK = "notes/cards.lock"
PAGE = "notes/책.md"
ONE, TWO = question("[면접질문] 하나인가요?", "하나.", 3), question("둘인가요?", "둘.", 4)
HEAD = "# 책\n\n## 1장\n\n"


@pytest.fixture
def group(tmp_path: Path) -> Iterator[Group]:
    """A group that has pushed its first notes."""
    with github() as state:
        group = Group(tmp_path, state)
        group.push({PAGE: HEAD + ONE + TWO, "README.md": "# 우리 스터디\n"})
        yield group


def ids(group: Group) -> dict[str, str]:
    """The guids of the cards in the lock, by their questions."""
    lines = [json.loads(line) for line in group.show(LOCK).splitlines() if '"question"' in line]
    return {one["question"]: one["guid"] for one in lines}


def labels(group: Group) -> set[str]:
    return {one["label"] for one in group.github.assets.values()}


def test_a_first_build(group: Group) -> None:
    ran = group.published()
    assert ran.failed == "", ran.log
    assert ran.mode == "publish"
    assert group.log() == ["Remember which question is which card", "노트"]
    assert git(group.remote, "show", "--name-only", "--format=%an", "main").splitlines() == ["github-actions[bot]", "", LOCK]
    assert labels(group) == {"책.apkg", "책 - 면접질문.apkg"}
    assert all(re.fullmatch(r"[A-Za-z0-9-]+\.apkg", one["name"]) for one in group.github.assets.values())
    assert group.names("gh-pages") == {".nojekyll", ".notedeck", "index.html", "책.html"}
    assert 'href="%EC%B1%85.html">책</a>' in group.show("index.html", "gh-pages")
    (release,) = group.github.releases
    assert (release["tag_name"], release["make_latest"]) == ("decks", "false")
    assert "::error" not in ran.log
    assert "하나인가요" in ran.summary


def test_where_nothing_changed_nothing_is_pushed_or_uploaded(group: Group) -> None:
    group.published()
    before = {branch: group.log(branch) for branch in ("main", "gh-pages")}
    pages = git(group.remote, "rev-parse", "gh-pages")
    group.github.asked.clear()
    ran = group.published()
    assert ran.failed == ""
    assert {branch: group.log(branch) for branch in before} == before
    assert git(group.remote, "rev-parse", "gh-pages") == pages
    assert group.github.writes() == []


def test_an_edit_keeps_the_cards_and_replaces_their_package(group: Group) -> None:
    group.published()
    first, names = ids(group), {one["name"] for one in group.github.assets.values()}
    old = group.github.packages()
    group.push({PAGE: HEAD + ONE + question("둘인가요?", "둘보다 많다.", 4)})
    ran = group.published()
    assert ran.failed == ""
    assert ids(group) == first
    assert {one["name"] for one in group.github.assets.values()} == names
    new = group.github.packages()
    assert [name for name in old if old[name] != new[name]] == ["책.apkg"]
    assert len(group.github.releases) == 1
    assert "edited 1" in ran.summary
    assert len(group.log("gh-pages")) == 1


def test_a_removed_note_is_marked_in_a_package_of_its_own(group: Group) -> None:
    """Which is made of what the last packages held, though this machine has never built."""
    group.published()
    group.push({PAGE: HEAD + ONE})
    ran = group.published()
    assert ran.failed == ""
    assert "removed 1" in ran.summary
    marks = labels(group) - {"책.apkg", "책 - 면접질문.apkg"}
    assert len(marks) == 1
    assert group.published().failed == ""
    assert labels(group) >= marks


def test_a_book_that_is_gone_leaves_the_release_and_the_site(group: Group) -> None:
    group.push({"notes/다른 책.md": "# 다른 책\n\n## 1장\n\n" + question("셋인가요?", "셋.", 1)})
    group.published()
    assert "다른 책.apkg" in labels(group)
    group.push({"notes/다른 책.md": None})
    assert group.published().failed == ""
    assert "다른 책.apkg" not in labels(group)
    assert "다른 책.html" not in group.names("gh-pages")


def test_a_pull_request_is_told_in_one_comment_what_it_would_change(group: Group) -> None:
    group.published()
    before = group.log()
    group.github.comments.append({"id": 1, "pull": "1", "user": {"type": "User", "login": "a"}, "body": "<!-- notedeck: what would change -->\n나도"})
    group.github.asked.clear()
    ran = group.pulled({PAGE: HEAD + ONE + TWO + question("셋인가요?", "셋.", 5)})
    assert ran.failed == "", ran.log
    assert ran.mode == "plan"
    (theirs, ours) = group.github.comments
    assert theirs["body"].endswith("나도")
    assert "| new | <code>셋인가요&#63;</code> |" in ours["body"]
    again = group.pulled({PAGE: HEAD + ONE + question("둘인가요?", "아주 많다.", 4)})
    assert again.failed == ""
    assert len(group.github.comments) == 2
    assert "| edited | <code>둘인가요&#63;</code> |" in ours["body"]
    assert "셋인가요" not in ours["body"]
    group.pulled({PAGE: HEAD + ONE + TWO, "b.txt": "b"})
    assert "No card would change." in ours["body"]
    assert {method for method, _ in group.github.writes()} == {"POST", "PATCH"}
    assert all("/comments" in path for _, path in group.github.writes())
    assert group.log() == before


def test_a_token_of_somebodys_own_writes_one_comment_too(group: Group) -> None:
    group.github.login = "hajun"
    for answer in ("하나.", "둘."):
        assert group.pulled({PAGE: HEAD + question("하나인가요?", answer, 3)}).failed == ""
    assert len(group.github.comments) == 1


def test_a_pull_request_that_changes_no_card_gets_no_comment(group: Group) -> None:
    group.published()
    assert group.pulled({"README.md": "# 스터디\n"}).failed == ""
    assert group.github.comments == []


def test_a_pull_request_from_a_fork_writes_nothing(group: Group) -> None:
    group.published()
    group.github.asked.clear()
    ran = group.pulled({PAGE: HEAD + ONE}, repository="somebody/notes")
    assert ran.failed == ""
    assert group.github.asked == []
    assert "removed 1" in ran.summary


def test_a_token_that_may_not_comment_is_told(group: Group) -> None:
    group.published()
    group.github.may_write = False
    ran = group.pulled({PAGE: HEAD + ONE})
    assert ran.failed == ""
    assert "::warning title=notedeck::no comment was written" in ran.log
    assert "removed 1" in ran.summary


def test_a_pull_request_is_held_against_the_lock_of_its_base(group: Group) -> None:
    """Its author has built, and committed a lock that knows the new card already."""
    group.published()
    git(group.mine, "pull", "--quiet", "--rebase", "origin", "main")
    text = HEAD + ONE + TWO + question("셋인가요?", "셋.", 5)
    (group.mine / PAGE).write_text(text, "utf-8")
    subprocess.run([sys.executable, REPO / "build.py", "-q"], cwd=group.mine, env=ENVIRONMENT, check=True)
    lock = (group.mine / LOCK).read_text("utf-8")
    assert "셋인가요" in lock
    git(group.mine, "reset", "--quiet", "--hard")
    ran = group.pulled({PAGE: text, LOCK: lock})
    assert ran.failed == "", ran.log
    assert "| new | <code>셋인가요&#63;</code> |" in group.github.comments[0]["body"]
    work = group.root / f"run{group.runs}" / "work"
    assert git(work, "status", "--porcelain") == ""


def test_a_first_pull_request_where_nothing_was_published_yet(group: Group) -> None:
    ran = group.pulled({PAGE: HEAD + ONE})
    assert ran.failed == "", ran.log
    assert "| new | <code>하나인가요&#63;</code> |" in group.github.comments[0]["body"]


BROKEN = {"notes/deck.toml": "[deck\n"}


def test_an_error_stops_before_anything_is_pushed(group: Group) -> None:
    group.published()
    before, pages = group.log(), git(group.remote, "rev-parse", "gh-pages")
    group.push(BROKEN)
    group.github.asked.clear()
    ran = group.published()
    assert ran.failed == "Build the decks and commit their lock"
    assert "::error title=notedeck,file=notes/deck.toml,line=" in ran.log
    assert "Tell" in ran.did
    assert "No deck was built" in ran.summary
    assert group.log() == ["노트", *before]
    assert git(group.remote, "rev-parse", "gh-pages") == pages
    assert group.github.writes() == []


def test_a_pull_request_with_an_error_fails_and_says_so(group: Group) -> None:
    group.published()
    ran = group.pulled(BROKEN)
    assert ran.failed == "Say what would change"
    assert "error: <code>" in group.github.comments[0]["body"]


def test_warnings_fail_where_that_is_asked_for(group: Group) -> None:
    picture = {PAGE: HEAD + question("그림은?", "![](없음.png)", 3)}
    assert group.pulled(picture).failed == ""
    group.inputs["strict"] = "true"
    assert group.pulled(picture).failed == "Say what would change"


def test_a_push_during_a_build_is_built_too(group: Group) -> None:
    other = group.root / "other"
    git(group.root, "clone", "--quiet", "remote.git", "other")
    theirs = group.commit({PAGE: HEAD + ONE + TWO + question("셋인가요?", "셋.", 5)}, other)
    once = f'rm "$RUNNER_TEMP/meanwhile"; git -C {other} push origin HEAD:main'
    ran = group.published(once)
    assert ran.failed == "", ran.log
    assert group.log() == ["Remember which question is which card", "노트", "노트"]
    assert git(group.remote, "rev-parse", "main^") == theirs
    assert set(ids(group)) == {"하나인가요?", "둘인가요?", "셋인가요?"}
    assert "| new | <code>셋인가요&#63;</code> |" in ran.summary


def test_a_push_during_a_build_without_changes_is_built_too(group: Group) -> None:
    group.published()
    other = group.root / "other"
    git(group.root, "clone", "--quiet", "remote.git", "other")
    group.commit({PAGE: HEAD + ONE}, other)
    ran = group.published(f'rm "$RUNNER_TEMP/meanwhile"; git -C {other} push origin HEAD:main')
    assert ran.failed == ""
    assert "removed 1" in ran.summary


def test_two_builds_at_once_make_the_same_cards(group: Group) -> None:
    """The second one's lock is refused; it takes that of the first."""
    late = group.cloned("refs/heads/main")
    group.published()
    first = ids(group)
    ran = group.published(clone=late)
    assert ran.failed == "", ran.log
    assert ids(group) == first
    assert group.log() == ["Remember which question is which card", "노트"]


def test_a_branch_that_is_pushed_without_end_is_told(group: Group) -> None:
    other = group.root / "other"
    git(group.root, "clone", "--quiet", "remote.git", "other")
    person = "-c user.name=a -c user.email=a@example.com"
    ran = group.published(f"cd {other} && git {person} commit --allow-empty -m more && git push origin HEAD:main")
    assert ran.failed == "Build the decks and commit their lock"
    assert "somebody pushed during each of five builds" in ran.log
    assert group.github.assets == {}


def test_a_branch_that_takes_no_lock_gets_no_packages_out(group: Group) -> None:
    """Whoever imported a package whose identities are lost could never be sent an edit of it."""
    hook = group.remote / "hooks" / "pre-receive"
    hook.parent.mkdir(exist_ok=True)
    hook.write_text("#!/bin/sh\nexit 1\n", "utf-8")
    hook.chmod(0o755)
    ran = group.published()
    assert ran.failed == "Build the decks and commit their lock"
    assert "::error title=notedeck::cards.lock could not be pushed" in ran.log
    assert group.github.assets == {}


def test_a_lock_that_git_ignores_is_told(group: Group) -> None:
    group.push({".gitignore": "*.lock\n"})
    ran = group.published()
    assert ran.failed
    assert "cards.lock is left out by .gitignore" in ran.log


def test_a_branch_of_somebodys_own_pages_is_left(group: Group) -> None:
    git(group.mine, "switch", "--quiet", "--orphan", "pages")
    group.push({"index.html": "mine"}, "gh-pages")
    git(group.mine, "switch", "--quiet", "main")
    ran = group.published()
    assert ran.failed == "Push the books' pages"
    assert group.show("index.html", "gh-pages") == "mine"


def test_another_branch_is_planned_and_told(group: Group) -> None:
    group.push({PAGE: HEAD + ONE}, "draft")
    ran = group.run({}, {"GITHUB_EVENT_NAME": "push", "GITHUB_REF": "refs/heads/draft", "GITHUB_REF_NAME": "draft"})
    assert (ran.failed, ran.mode) == ("", "plan")
    assert group.github.writes() == []
    assert "하나인가요" in ran.summary


def test_strangers_texts_never_meet_a_token_that_writes(group: Group) -> None:
    ran = group.run({}, {"GITHUB_EVENT_NAME": "pull_request_target", "GITHUB_REF": "refs/heads/main", "GITHUB_REF_NAME": "main"})
    assert ran.failed == "Look what is asked for"
    assert len(ran.did) == 2


def test_packages_that_cannot_be_fetched_stop_the_run(group: Group) -> None:
    group.published()
    group.push({PAGE: HEAD + ONE})
    group.github.fails_at = "GET /repos/group/notes/releases/assets"
    before = group.log()
    ran = group.published()
    assert ran.failed == "Fetch the packages of the last build"
    assert group.log() == before


def test_an_upload_that_broke_off_is_mended_by_the_next_run(group: Group) -> None:
    group.published()
    group.push({PAGE: HEAD + ONE + question("둘인가요?", "아주 많다.", 4)})
    group.github.fails_at = "DELETE"
    assert group.published().failed == "Upload the packages"
    assert labels(group) == {"책.apkg", "책 - 면접질문.apkg"}
    group.github.fails_at = ""
    assert group.published().failed == ""
    assert len(group.github.assets) == 2
    assert {one["name"][:4] for one in group.github.assets.values()} == {"deck"}


def test_without_a_release_and_a_site_the_lock_alone_is_pushed(group: Group) -> None:
    group.inputs |= {"release": "", "site": ""}
    ran = group.published()
    assert ran.failed == ""
    assert group.github.asked == []
    assert git(group.remote, "branch", "--list", "--format=%(refname:short)").splitlines() == ["main"]
    assert len(group.log()) == 2


HOSTILE = "$(touch hit);`touch hit`;'touch hit';touch hit"


def test_nothing_of_a_pull_request_is_run(group: Group) -> None:
    group.published()
    code = "open('hit', 'w').close()\n"
    modules = dict.fromkeys(["json.py", "action/__init__.py", "notedeck/__init__.py", "sitecustomize.py", "typer.py"], code)
    asked = f"[@everyone]({HOSTILE}) | ::error::없음"
    ran = group.pulled({**modules, PAGE: HEAD + question(asked + "?", "둘.", 4)}, branch=HOSTILE)
    assert ran.failed == "", ran.log
    assert list((group.root / f"run{group.runs}").rglob("hit")) == []
    body = group.github.comments[0]["body"]
    assert not re.search(r"@\w|\]\(|::", body)
    assert [line for line in ran.log.splitlines() if line.startswith("::") and not re.match(r"::(error|warning|notice) title=notedeck", line)] == []


def test_it_is_told_in_korean(group: Group) -> None:
    group.inputs["language"] = "ko"
    assert "| 추가 | <code>하나인가요&#63;</code> |" in group.published().summary
    (release,) = group.github.releases
    assert release["name"] == "Anki 덱"


def test_notes_in_several_places(group: Group) -> None:
    group.push({"더/셋.md": "# 셋\n\n## 1장\n\n" + question("셋인가요?", "셋.", 1), "notes/cards.lock": ""})
    group.inputs["notes"] = "notes\n\n더\n"
    ran = group.published()
    assert ran.failed == "Build the decks and commit their lock"
    assert "lock-place" in ran.log


def test_what_is_installed_runs_with_the_versions_that_are_tested(tmp_path: Path) -> None:
    environment = {**ENVIRONMENT, "RUNNER_TEMP": str(tmp_path), "GITHUB_ACTION_PATH": str(REPO)}
    for _ in range(2):
        subprocess.run([REPO / "action" / "install.sh"], env=environment, check=True, timeout=600)
    told = subprocess.run([tmp_path / "notedeck" / "bin" / "pip", "freeze"], check=True, capture_output=True, text=True).stdout
    held = dict(re.findall(r"^([\w.-]+)==(\S+)", told, re.MULTILINE))
    versions = {canonicalize_name(name): version for name, version in held.items()}
    assert {name: versions.get(name) for name in RANGES} == {name: str(PINNED[name]) for name in RANGES}
    assert subprocess.run([tmp_path / "notedeck" / "bin" / "notedeck", "--version"], check=False).returncode == 0
