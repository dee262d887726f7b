"""What a page is answered that asked for something to be done, in both languages: whoever reads it chooses."""

from __future__ import annotations

from dataclasses import dataclass
from http import HTTPStatus

from notedeck.diagnostics import Diagnostic
from notedeck.preview.shown import Json
from notedeck.report.messages import ENGLISH, KOREAN, label, sentence


@dataclass(frozen=True, slots=True)
class Answer:
    """What came of it."""

    status: HTTPStatus
    said: Json


def labels(name: str) -> list[str]:
    """A short sentence in Korean and in English."""
    return [label(name, tongue) for tongue in (KOREAN, ENGLISH)]


def sentences(why: Diagnostic) -> list[str]:
    """What a diagnostic says, with its place, in Korean and in English."""
    return [f"{why.span}: {sentence(why, tongue)}" for tongue in (KOREAN, ENGLISH)]
