"""The run of a workflow as a step sees it: by the environment and the event's file, which are untrusted text."""

from __future__ import annotations

import json
import os
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from action.escaping import command_text, command_value
from action.github import GitHub

KOREAN, ENGLISH = 0, 1
_RECORD = ".notedeck.json"
"""What a build says in its output folder of the files there."""

_LINES = 20


class Failed(Exception):  # noqa: N818 - what happened to a step
    """A step cannot do what it was asked to; the message says what to change."""


@dataclass(frozen=True, slots=True)
class Run:
    """A run of a workflow."""

    environment: Mapping[str, str]
    event: Mapping[str, Any]
    """What happened, as GitHub's webhook tells it."""

    @classmethod
    def here(cls) -> Run:
        """The run that this process is part of."""
        path = os.environ.get("GITHUB_EVENT_PATH")
        return cls(os.environ, json.loads(Path(path).read_text("utf-8")) if path else {})

    @property
    def folder(self) -> Path:
        """Where steps leave files for each other."""
        return Path(self.environment["RUNNER_TEMP"])

    @property
    def last(self) -> Path:
        """Where the packages of the last build lie: each try of a build begins with a copy of them."""
        return self.folder / "notedeck-last"

    @property
    def decks(self) -> Path:
        """The build's output folder."""
        return self.folder / "notedeck-decks"

    @property
    def tongue(self) -> int:
        """The language of what is told."""
        return KOREAN if self.environment.get("NOTEDECK_LANGUAGE") == "ko" else ENGLISH

    @property
    def pull(self) -> int:
        """The number of the pull request; 0 if it is none."""
        return int((self.event.get("pull_request") or {}).get("number", 0))

    @property
    def is_from_fork(self) -> bool:
        """Whether the pull request comes from elsewhere; so does one whose fork is gone."""
        head = (self.event.get("pull_request") or {}).get("head") or {}
        return (head.get("repo") or {}).get("full_name") != self.environment["GITHUB_REPOSITORY"]

    @property
    def github(self) -> GitHub:
        """GitHub, as this run may ask it."""
        known = self.environment
        return GitHub(known.get("GITHUB_API_URL", "https://api.github.com"), known["GITHUB_REPOSITORY"], known.get("GITHUB_TOKEN", ""))

    def report(self) -> Mapping[str, Any] | None:
        """The build's report; None if it printed none."""
        try:
            found = json.loads((self.folder / "notedeck-report.json").read_text("utf-8"))
        except (OSError, ValueError):
            return None
        return found if isinstance(found, dict) else None

    def told(self) -> str:
        """The last lines that the build told, for a build without a report."""
        try:
            text = (self.folder / "notedeck-told.txt").read_text("utf-8", "replace")
        except OSError:
            return "the build did not begin"
        return "\n".join(text.splitlines()[-_LINES:])

    def packed(self, ending: str) -> list[str]:
        """The files in the output folder that the last build made or left, with this ending."""
        try:
            record = (self.decks / _RECORD).read_text("utf-8")
        except FileNotFoundError:  # there was nothing to build
            return []
        return sorted(name for name in json.loads(record) if name.endswith(ending))

    def put(self, file: str, text: str) -> None:
        """Add to one of the files through which a step speaks to the runner (`GITHUB_OUTPUT`, `GITHUB_STEP_SUMMARY`)."""
        if path := self.environment.get(file):
            with Path(path).open("a", encoding="utf-8") as stream:
                stream.write(text)

    def annotate(self, level: str, message: str, **where: str) -> None:
        """Write a line into the log that GitHub shows beside the file: `error`, `warning` or `notice`."""
        found = ",".join(f"{name}={command_value(value)}" for name, value in {"title": "notedeck", **where}.items())
        print(f"::{level} {found}::{command_text(message)}", flush=True)
