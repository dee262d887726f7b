"""A runner for `action.yml`: a repository on a local remote, and the action's own steps run in a clone of it as its file says.

It knows of the file what that uses: `run` in bash with its `env`, `if` of comparisons, outputs. Who steps are asked by `uses` is another's.
"""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from ruamel.yaml import YAML

from tests.anki_oracle import REPO
from tests.github_server import TOKEN, State

ACTION = YAML(typ="safe").load((REPO / "action.yml").read_text("utf-8"))
_EXPRESSION = re.compile(r"\$\{\{ *([\w.-]+) *\}\}")
_COMPARED = re.compile(r"([\w.-]+) (==|!=) '([^']*)'")
_NOTEDECK = """#!/bin/sh
PYTHONPATH={repo} {python} -P -m notedeck "$@"
status=$?
if [ -f "$RUNNER_TEMP/meanwhile" ]; then sh "$RUNNER_TEMP/meanwhile" >/dev/null 2>&1; fi
exit $status
"""
"""The program as it would be installed; what happens meanwhile happens when its build is there."""
ENVIRONMENT = {
    "PATH": os.environ["PATH"],
    "LANG": "C.UTF-8",
    "GIT_CONFIG_GLOBAL": os.devnull,
    "GIT_CONFIG_SYSTEM": os.devnull,
    "NOTEDECK_CACHE": "",
}


def git(folder: Path, *arguments: str) -> str:
    """What git says in a folder, as somebody of the group."""
    person = ("-c", "user.name=서하준", "-c", "user.email=hajun@example.com", "-c", "core.quotepath=false")
    done = subprocess.run(["git", *person, *arguments], cwd=folder, env=ENVIRONMENT, check=False, capture_output=True, text=True, timeout=60)
    assert done.returncode == 0, done.stderr
    return done.stdout.strip()


@dataclass(frozen=True, slots=True)
class Ran:
    """A run of the action."""

    failed: str
    """The name of the step that failed; empty if none did."""
    log: str
    summary: str
    mode: str
    report: Mapping[str, Any]
    did: tuple[str, ...]
    """The names of the steps that ran."""


@dataclass
class Group:
    """A group's repository, with a clone of somebody's in it."""

    root: Path
    github: State
    runs: int = 0
    inputs: dict[str, str] = field(default_factory=dict)

    def __post_init__(self) -> None:
        git(self.root, "init", "--quiet", "--bare", "--initial-branch=main", "remote.git")
        git(self.remote, "config", "uploadpack.allowReachableSHA1InWant", "true")  # as GitHub has it
        git(self.root, "clone", "--quiet", "remote.git", "mine")
        git(self.mine, "switch", "--quiet", "--orphan", "main")

    @property
    def remote(self) -> Path:
        return self.root / "remote.git"

    @property
    def mine(self) -> Path:
        return self.root / "mine"

    def commit(self, files: Mapping[str, str | None], folder: Path | None = None) -> str:
        """Write or remove files and commit them; the commit."""
        here = folder or self.mine
        for name, text in files.items():
            path = here / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(text, "utf-8") if text is not None else path.unlink()
        git(here, "add", "--all", "--force")
        git(here, "commit", "--quiet", "--message", "노트")
        return git(here, "rev-parse", "HEAD")

    def push(self, files: Mapping[str, str | None], branch: str = "main") -> None:
        """Commit and push on a branch, on top of what is there."""
        if branch == "main" and git(self.mine, "ls-remote", "origin", "refs/heads/main"):
            git(self.mine, "pull", "--quiet", "--rebase", "origin", "main")
        self.commit(files)
        git(self.mine, "push", "--quiet", "origin", f"HEAD:refs/heads/{branch}")

    def show(self, name: str, branch: str = "main") -> str:
        """A file as the remote has it."""
        return git(self.remote, "show", f"{branch}:{name}")

    def names(self, branch: str) -> set[str]:
        """The files of a branch."""
        return set(git(self.remote, "ls-tree", "-r", "--name-only", branch).splitlines())

    def log(self, branch: str = "main") -> list[str]:
        """The subjects of a branch's commits, the newest first."""
        return git(self.remote, "log", "--format=%s", branch).splitlines()

    def published(self, meanwhile: str = "", clone: Path | None = None) -> Ran:
        """What the action does when main was pushed."""
        return self.run({}, {"GITHUB_EVENT_NAME": "push", "GITHUB_REF": "refs/heads/main", "GITHUB_REF_NAME": "main"}, meanwhile, clone)

    def pulled(self, files: Mapping[str, str | None], number: int = 1, repository: str = "group/notes", branch: str = "edit") -> Ran:
        """What the action does when a pull request was pushed; it is merged as GitHub does it."""
        git(self.mine, "fetch", "--quiet", "origin")
        git(self.mine, "switch", "--quiet", "--detach", "origin/main")
        self.commit(files)
        head = git(self.mine, "rev-parse", "HEAD")
        git(self.mine, "switch", "--quiet", "--detach", "origin/main")
        git(self.mine, "merge", "--quiet", "--no-ff", "--message", "Merge", head)
        git(self.mine, "push", "--quiet", "--force", "origin", f"HEAD:refs/pull/{number}/merge")
        git(self.mine, "switch", "--quiet", "main")
        event = {"pull_request": {"number": number, "title": branch, "head": {"ref": branch, "repo": {"full_name": repository}}}}
        ref = {"GITHUB_REF": f"refs/pull/{number}/merge", "GITHUB_REF_NAME": f"{number}/merge", "GITHUB_BASE_REF": "main", "GITHUB_HEAD_REF": branch}
        return self.run(event, {"GITHUB_EVENT_NAME": "pull_request", **ref})

    def cloned(self, ref: str) -> Path:
        """A clone as actions/checkout makes it: of one commit."""
        self.runs += 1
        folder = self.root / f"run{self.runs}" / "work"
        folder.mkdir(parents=True)
        git(folder, "init", "--quiet", "--initial-branch=none")
        git(folder, "remote", "add", "origin", f"file://{self.remote}")
        git(folder, "fetch", "--quiet", "--depth=1", "origin", ref)
        git(folder, "checkout", "--quiet", "--detach", "FETCH_HEAD")
        return folder

    def run(self, event: Mapping[str, object], environment: Mapping[str, str], meanwhile: str = "", clone: Path | None = None) -> Ran:
        """Run all steps of the action."""
        folder = clone or self.cloned(environment["GITHUB_REF"])
        place = folder.parent
        _installed(place)
        (place / "event.json").write_text(json.dumps({"repository": {"default_branch": "main"}, **event}), "utf-8")
        if meanwhile:
            (place / "meanwhile").write_text(meanwhile, "utf-8")
        known = {
            **ENVIRONMENT, **environment, "RUNNER_TEMP": str(place), "GITHUB_ACTION_PATH": str(REPO), "GITHUB_REPOSITORY": "group/notes",
            "GITHUB_API_URL": self.github.address, "GITHUB_EVENT_PATH": str(place / "event.json"), "GITHUB_OUTPUT": str(place / "output"),
            "GITHUB_STEP_SUMMARY": str(place / "summary.md"), "GITHUB_SHA": git(folder, "rev-parse", "HEAD"),
        }  # fmt: skip
        return _Run(folder, known, self.inputs).all()


def _installed(place: Path) -> None:
    """What `install.sh` leaves."""
    programs = {"notedeck": _NOTEDECK.format(repo=REPO, python=sys.executable), "python": f'#!/bin/sh\nexec {sys.executable} "$@"\n'}
    for name, text in programs.items():
        path = place / "notedeck" / "bin" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, "utf-8")
        path.chmod(0o755)


@dataclass
class _Run:
    folder: Path
    environment: Mapping[str, str]
    given: Mapping[str, str]
    known: dict[str, str] = field(default_factory=dict)
    """What expressions may name."""
    failed: str = ""

    def all(self) -> Ran:
        self.known["github.token"] = TOKEN
        self.known |= {f"inputs.{name}": self.given.get(name, self.filled(one["default"])) for name, one in ACTION["inputs"].items()}
        log, did = "", []
        for step in ACTION["runs"]["steps"]:
            if "run" in step and self.is_due(step):
                did.append(step["name"])
                log += self.step(step)
        place = self.folder.parent
        report, summary = place / "notedeck-report.json", place / "summary.md"
        return Ran(
            self.failed,
            log,
            summary.read_text("utf-8") if summary.exists() else "",
            self.known.get("steps.mode.outputs.mode", ""),
            json.loads(report.read_text("utf-8")) if report.exists() else {},
            tuple(did),
        )

    def filled(self, text: str) -> str:
        return _EXPRESSION.sub(lambda found: self.known.get(found[1], ""), text)

    def is_due(self, step: Mapping[str, Any]) -> bool:
        asked = [one.strip() for one in step.get("if", "").split("&&") if one.strip()]
        if self.failed and "always()" not in asked:
            return False
        return all(one == "always()" or self.holds(one) for one in asked)

    def holds(self, asked: str) -> bool:
        found = _COMPARED.fullmatch(asked)
        assert found, asked
        return (self.known.get(found[1], "") == found[3]) == (found[2] == "==")

    def step(self, step: Mapping[str, Any]) -> str:
        own = {name: self.filled(text) for name, text in step.get("env", {}).items()}
        done = subprocess.run(
            ["bash", "--noprofile", "--norc", "-eo", "pipefail", "-c", step["run"]],
            cwd=self.folder, env={**self.environment, **own}, check=False, capture_output=True, text=True, timeout=120,
        )  # fmt: skip
        self.failed = self.failed or (step["name"] if done.returncode else "")
        if name := step.get("id"):
            self.known[f"steps.{name}.outcome"] = "failure" if done.returncode else "success"
            output = Path(self.environment["GITHUB_OUTPUT"])
            for line in output.read_text("utf-8").splitlines() if output.exists() else ():
                key, _, value = line.partition("=")
                self.known[f"steps.{name}.outputs.{key}"] = value
        return done.stdout + done.stderr
