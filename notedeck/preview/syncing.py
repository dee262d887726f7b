"""What the page asks of the Anki that runs here: whether it answers, what a sync would do there, and that it be done; one at a time.

What is done is what was shown: where a plan that is made at that moment has other words, nothing is done, and the page shows those first.
"""

from __future__ import annotations

import threading
from collections.abc import Callable
from dataclasses import replace
from functools import partial
from http import HTTPStatus

from notedeck.config import Config
from notedeck.diagnostics import Diagnostic, Level
from notedeck.plain import fingerprint
from notedeck.preview.answers import Answer, labels, sentences
from notedeck.preview.shown import Json
from notedeck.report.messages import ENGLISH, KOREAN
from notedeck.report.run import Built, Options
from notedeck.report.syncs import sync_lines
from notedeck.sync.finding import answers

Build = Callable[[Options], Built]
"""Builds and syncs as the command line does, what the machine did among what is told."""


class Syncer:
    """Syncs as the page asks; many threads may ask."""

    def __init__(self, options: Options, build: Build, wake: Callable[[], None] = lambda: None) -> None:
        """`options` are the preview's; `wake` is called when decks may have been written."""
        self.build = build
        self.wake = wake
        self._options = replace(options, sync=True, delete_removed=False, keeps_texts=False)
        self._turn = threading.Lock()

    def do(self, asked: Json, config: Config) -> Answer | None:
        """Do what is asked for; None if that is nothing we know. `config` says which Anki is meant."""
        match asked:
            case {"do": "look"}:
                return Answer(HTTPStatus.OK, {"answers": answers(config.sync_port, self._options.key)})
            case {"do": "plan"}:
                return self._alone(self._plan)
            case {"do": "sync", "plan": str(shown)}:
                return self._alone(partial(self._sync, shown))
        return None

    def _alone(self, work: Callable[[], Answer]) -> Answer:
        if not self._turn.acquire(blocking=False):
            return _refused({}, "busy", labels("sync-busy"))
        try:
            return work()
        finally:
            self._turn.release()

    def _plan(self) -> Answer:
        return _answer(self.build(replace(self._options, plan=True)))

    def _sync(self, shown: str) -> Answer:
        planned = self._plan()
        if "problem" in planned.said:
            return planned
        if planned.said["plan"] != shown:
            return _refused(planned.said, "stale", labels("sync-stale"))
        built = self.build(replace(self._options, plan=False))
        self.wake()
        return _answer(built)


def _answer(built: Built) -> Answer:
    """What a sync did or would do, in the terminal's words, and what hindered it."""
    lines = [list(sync_lines(built, tongue)) for tongue in (KOREAN, ENGLISH)]
    said: Json = {"lines": lines, "plan": fingerprint("\n".join(lines[0]))}
    problem = _problem(built)
    return _refused(said, problem.code, sentences(problem)) if problem else Answer(HTTPStatus.OK, said)


def _problem(built: Built) -> Diagnostic | None:
    """What the author has to mend first, or what is the matter with Anki."""
    errors = (one for one in built.diagnostics if one.level is Level.ERROR)
    return next(errors, None) if built.failed or not built.synced else built.synced.problem


def _refused(said: Json, problem: str, message: list[str]) -> Answer:
    return Answer(HTTPStatus.CONFLICT, {**said, "problem": problem, "message": message})
