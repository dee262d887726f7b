"""What the page asks to be changed -> corrections.toml, changed: that file and no other, one change at a time, each with a way back.

A change is made on what its page shows. Where the notes or the file are no longer that, nothing is written: the page is told that it is
stale. A file with a mistake is never written over.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass
from http import HTTPStatus
from pathlib import Path
from typing import Any

from notedeck.corrections.corrected import Corrected, Place
from notedeck.corrections.correction import As, letters
from notedeck.corrections.reading import read_corrections
from notedeck.corrections.writing import changed_entry, reasons, with_entry, without_entry
from notedeck.diagnostics import Diagnostic, Span
from notedeck.machine.output import write_bytes
from notedeck.preview.answers import Answer, labels, sentences
from notedeck.preview.corrected import corrections_data
from notedeck.preview.naming import named
from notedeck.preview.shown import Json

_TAGS, _LONGEST = 20, 300
"""How many tags a change may name, and of how many characters each."""


@dataclass(frozen=True, slots=True)
class Seen:
    """What the page shows that a change is made on."""

    tag: str
    corrected: Corrected
    sources: Sequence[Json]
    """As `data` says."""


class RefusedError(Exception):
    """A change that is not made, with what the page is told."""

    def __init__(self, status: HTTPStatus, problem: str, message: Sequence[str]) -> None:
        """`message` is in Korean and in English."""
        super().__init__(problem)
        self.answer = Answer(status, {"problem": problem, "message": list(message)})


@dataclass(frozen=True, slots=True)
class _Change:
    """The new text of the file, and the line that it is about."""

    text: str
    place: Place | None


@dataclass(frozen=True, slots=True)
class _Step:
    """A way back."""

    before: bytes | None
    """What the file held; None if there was none."""
    after: bytes
    place: Place | None


class Editor:
    """Changes one file as the page asks; many threads may ask."""

    def __init__(self, path: Path, wake: Callable[[Path, bytes | None], None] = lambda path, data: None) -> None:
        """`wake` is called when the file was changed, with what it holds now."""
        self.path = path
        self.wake = wake
        self.version = 0
        """How often the file was changed."""
        self._steps: list[_Step] = []
        self._turn = threading.Lock()

    def data(self, corrected: Corrected, version: int, sources: Sequence[Json]) -> Json:
        """What the page shows of the corrections; `version` is that at which the build began."""
        last = self._steps[-1].place if self._steps else None
        return {"corrections": corrections_data(str(self.path), corrected, self._reasons(), sources, last) | {"version": version}}

    def change(self, asked: Json, seen: Seen) -> Answer:
        """Make one change, if it can be made on what the page shows."""
        with self._turn:
            try:
                return self._undo(asked, seen) if asked.get("do") == "undo" else self._change(asked, seen)
            except RefusedError as refused:
                return refused.answer
            except OSError as error:
                why = Diagnostic(Span(str(self.path)), "machine", (error.strerror or str(error),))
                return RefusedError(HTTPStatus.INTERNAL_SERVER_ERROR, "machine", sentences(why)).answer

    def _change(self, asked: Json, seen: Seen) -> Answer:
        data = self._bytes()
        text = self._text(data, asked, seen)
        change = _changed(asked, seen, text)
        if change.text == text:
            return Answer(HTTPStatus.OK, {"written": False})
        if read_corrections(str(self.path), change.text)[1]:
            raise RefusedError(HTTPStatus.BAD_REQUEST, "request", labels("change-unknown"))
        step = _Step(data, change.text.encode(), change.place)
        self._write(step.after, [*self._steps, step])
        return _done(change.place, self.version)

    def _undo(self, asked: Json, seen: Seen) -> Answer:
        """Bring back what the file held before the last change, unless somebody else has changed it since."""
        data = self._bytes()
        self._text(data, asked, seen)
        if not self._steps or self._steps[-1].after != data:
            raise RefusedError(HTTPStatus.CONFLICT, "nothing", labels("change-nothing"))
        step = self._steps[-1]
        self._write(step.before, self._steps[:-1])
        return _done(step.place, self.version)

    def _text(self, data: bytes | None, asked: Json, seen: Seen) -> str:
        """What the file says, which must be whole, and what the page shows."""
        path = str(self.path)
        try:
            text = (data or b"").decode()
        except UnicodeDecodeError:
            raise RefusedError(HTTPStatus.CONFLICT, "broken", sentences(Diagnostic(Span(path), "not-text"))) from None
        corrections, problems = read_corrections(path, text)
        if problems:
            raise RefusedError(HTTPStatus.CONFLICT, "broken", sentences(problems[0]))
        if asked.get("on") != seen.tag or corrections != seen.corrected.corrections:
            raise RefusedError(HTTPStatus.CONFLICT, "stale", labels("change-stale"))
        return text

    def _reasons(self) -> list[str]:
        """The comments in the file as it is now; of one that cannot be read, none."""
        try:
            return reasons((self._bytes() or b"").decode())
        except (OSError, ValueError):
            return []

    def _bytes(self) -> bytes | None:
        try:
            return self.path.read_bytes()
        except FileNotFoundError:
            return None

    def _write(self, data: bytes | None, steps: list[_Step]) -> None:
        """Let the file hold this, or be gone; `steps` lead back from there."""
        if data is None:
            self.path.unlink()
        else:
            write_bytes(self.path, data)
        self._steps = steps
        self.version += 1
        self.wake(self.path, data)


def _done(place: Place | None, version: int) -> Answer:
    return Answer(HTTPStatus.OK, {"written": True, "version": version, **(asdict(place) if place else {})})


def _changed(asked: Json, seen: Seen, text: str) -> _Change:
    """The change that is asked for."""
    match asked:
        case {"do": "take", "number": int(number)} if 0 <= number < len(seen.corrected.corrections):
            return _Change(without_entry(text, number), seen.corrected.held.get(number))
        case {"do": "mark", "source": int(source), "line": int(line), "as": str(role)} if role in list(As):
            place, tags = _place(seen, source, line), asked.get("tags", [])
            if place and _are_tags(tags):
                return _marked(seen, text, place, As(role), tags)
    raise RefusedError(HTTPStatus.BAD_REQUEST, "request", labels("change-unknown"))


def _place(seen: Seen, source: int, number: int) -> Place | None:
    """A line that is there and has letters."""
    lines = seen.sources[source]["text"].split("\n") if 0 <= source < len(seen.sources) else []
    if not 0 < number <= len(lines) or not letters(lines[number - 1]):
        return None
    return Place(seen.sources[source]["path"], number)


def _are_tags(value: Any) -> bool:
    return isinstance(value, list) and len(value) <= _TAGS and all(isinstance(tag, str) and 0 < len(tag) <= _LONGEST for tag in value)


def _marked(seen: Seen, text: str, place: Place, role: As, tags: Sequence[str]) -> _Change:
    """Say what a line is: in its entry, if it has one, else in a new one."""
    known = next((number for number, held in seen.corrected.held.items() if held == place), None)
    if known is None:
        name = named(place, seen.sources)
        if not name:
            raise RefusedError(HTTPStatus.CONFLICT, "unclear", labels("change-unclear"))
        return _Change(with_entry(text, {**name, "as": str(role), "tags": tags}), place)
    kept = _with_tags(seen.corrected.corrections[known].tags, tags) if role is As.QUESTION else ()
    return _Change(changed_entry(text, known, {"as": str(role), "tags": kept}), place)


def _with_tags(known: Sequence[str], more: Sequence[str]) -> list[str]:
    """Tags with more of them; one and its contrary are none."""
    kept = [tag for tag in known if _contrary(tag) not in more]
    return list(dict.fromkeys([*kept, *(tag for tag in more if _contrary(tag) not in known)]))


def _contrary(tag: str) -> str:
    return tag.removeprefix("-") if tag.startswith("-") else f"-{tag}"
