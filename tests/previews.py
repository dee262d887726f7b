"""Previews for tests in a real browser: as a person starts one, and as a server alone that builds when it is asked to."""

from __future__ import annotations

import os
import re
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from urllib.request import urlopen

from playwright.sync_api import Locator

from notedeck.inputs import CORRECTIONS
from notedeck.pipeline import build
from notedeck.preview.editing import Editor
from notedeck.preview.live import Live
from notedeck.preview.server import serving
from notedeck.report.run import Options
from tests.anki_oracle import REPO, Desk
from tests.browser import Reader

NAME = "시스템.md"
"""The only file of notes."""


@dataclass(frozen=True, slots=True)
class Preview:
    """A preview that runs."""

    desk: Desk
    url: str
    process: subprocess.Popen[str]

    def edit(self, old: str, new: str) -> None:
        """Replace words in the notes, as an editor saves them."""
        path = self.desk.notes / NAME
        text = path.read_text("utf-8")
        assert old in text
        path.write_text(text.replace(old, new), "utf-8")


@contextmanager
def previewed(desk: Desk) -> Iterator[Preview]:
    """Start `--preview`, wait until its first build is there, and end it in the end."""
    command = [sys.executable, str(REPO / "build.py"), str(desk.notes), "-o", str(desk.decks), "--preview", "-q"]
    environment = {**os.environ, "NOTEDECK_NO_BROWSER": "1", "PYTHONUNBUFFERED": "1"}
    with subprocess.Popen(command, env=environment, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True) as process:
        try:
            assert process.stdout
            url = re.findall(r"http://127\.0\.0\.1:\d+/", process.stdout.readline())[0]
            await_build(url)
            yield Preview(desk, url, process)
        finally:
            process.terminate()


def await_build(url: str) -> None:
    with urlopen(f"{url}events") as stream:
        next(line for line in stream if line == b"event: built\n")


class Served:
    """A preview in this process, which builds as soon as a correction is written, and when somebody says that notes were edited."""

    def __init__(self, desk: Desk) -> None:
        self.desk = desk
        self.live = Live("notes", desk.decks, Editor(self.file, lambda path, data: self._news.set()))
        self.url = ""
        self._news = threading.Event()
        self._ends = False

    @property
    def file(self) -> Path:
        """Where corrections are."""
        return self.desk.notes / CORRECTIONS

    def edit(self, old: str, new: str) -> None:
        """Replace words in the notes, and build."""
        path = self.desk.notes / NAME
        text = path.read_text("utf-8")
        assert old in text
        path.write_text(text.replace(old, new), "utf-8")
        self._news.set()

    def build(self) -> None:
        """Build once."""
        self.live.begin()
        self.live.take(build(Options(notes=(self.desk.notes,), out=self.desk.decks, plan=True, jobs=1)))

    def keep_building(self) -> None:
        """Build whenever there is news, until it ends."""
        while self._news.wait() and not self._ends:
            self._news.clear()
            self.build()

    def end(self) -> None:
        """Build no more."""
        self._ends = True
        self._news.set()


@contextmanager
def served(desk: Desk) -> Iterator[Served]:
    """A preview in this process."""
    preview = Served(desk)
    preview.build()
    builds = threading.Thread(target=preview.keep_building)
    with serving(preview.live) as (_, preview.url):
        builds.start()
        try:
            yield preview
        finally:
            preview.end()
            builds.join()


def line(reader: Reader, words: str) -> Locator:
    """A line of the notes that has these words."""
    return reader.page.locator("#lines .line").filter(has_text=words)
