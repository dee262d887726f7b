"""Note types: their fields and ids, which are frozen, and their templates and style, which are files.

Anki tells fields and templates apart by id. A change of their number, order or ids makes old notes conflict and puts
new ones into a copy of the note type (measured with Anki 26.09), so spare fields and a dormant template are there from the start.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from notedeck.diagnostics import Diagnostic, Span
from notedeck.plain import digest, fingerprint

QA = "면접 노트 Q&A"
QA_FIELDS = (
    "Question", "Answer", "Context", "Parent", "Label", "Book", "Chapter", "Page", "Asker", "Source", "ID",
    "Spare1", "Spare2", "Spare3",
)  # fmt: skip
_FILES = ("front.html", "back.html", "spare-front.html", "spare-back.html", "style.css")
_SPECIAL = frozenset({"FrontSide", "Tags", "Type", "Deck", "Subdeck", "Card", "CardFlag", "CardID"})
_FILTERS = frozenset({"text", "hint", "type", "nc", "furigana", "kana", "kanji"})
_MARK = re.compile(r"\{\{\s*([#^/]?)\s*([^{}]*?)\s*\}\}")


@dataclass(frozen=True, slots=True)
class CardTemplate:
    """How one card of a note looks."""

    name: str
    id: int
    front: str
    back: str


@dataclass(frozen=True, slots=True)
class NoteType:
    """A note type with its fixed ids."""

    name: str
    id: int
    fields: tuple[str, ...]
    field_ids: tuple[int, ...]
    templates: tuple[CardTemplate, ...]
    style: str

    @property
    def fingerprint(self) -> str:
        """Moves when a template or the style does."""
        return style_fingerprint(self.style, [(one.front, one.back) for one in self.templates])


def style_fingerprint(style: str, templates: Sequence[tuple[str, str]]) -> str:
    """A fingerprint of a style and of the fronts and backs of templates."""
    return fingerprint(style, *(side for template in templates for side in template))


def read_qa(folder: Path, name: str) -> tuple[NoteType | None, list[Diagnostic]]:
    """Read the Q&A note type's templates in `folder`; `name` is deck.toml's, or empty for our own."""
    problems: list[Diagnostic] = []
    texts: list[str] = []
    for file in _FILES:
        path = folder / file
        try:
            text = path.read_text("utf-8-sig")
        except (OSError, UnicodeDecodeError) as error:
            problems.append(Diagnostic(Span(str(path)), "template-missing", (str(error),)))
            continue
        if path.suffix == ".html":
            problems.extend(_problems(str(path), text, QA_FIELDS))
        texts.append(text)
    if problems:
        return None, problems
    front, back, spare_front, spare_back, style = texts
    called = name or QA
    templates = (
        CardTemplate("카드", _id(called, "template", "1"), front, back),
        CardTemplate("예비 카드", _id(called, "template", "2"), spare_front, spare_back),
    )
    ids = tuple(_id(called, "field", field) for field in QA_FIELDS)
    return NoteType(called, _id(called), QA_FIELDS, ids, templates, style), []


def _id(*parts: str) -> int:
    """A fixed id from a note type's name: in the years 2001 to 2017 as Anki reads ids, where nobody makes one by clock."""
    return 1_000_000_000_000 + int.from_bytes(digest("notedeck", *parts)[:8], "big") % 500_000_000_000


def _problems(path: str, text: str, fields: Sequence[str]) -> Iterator[Diagnostic]:
    """Fields that do not exist, and sections that are not closed: Anki would show either on every card."""
    opened: list[tuple[str, Span]] = []
    for found in _MARK.finditer(text):
        line = text.count("\n", 0, found.start())
        span = Span(path, line, line + 1)
        *filters, field = found[2].split(":")
        if field not in fields and field not in _SPECIAL:
            yield Diagnostic(span, "template-field", (field, ", ".join(fields)))
        if any(one not in _FILTERS and not one.startswith("tts ") for one in filters):
            yield Diagnostic(span, "template-syntax", (found[0],))
        if found[1] in ("#", "^"):
            opened.append((field, span))
        elif found[1] == "/" and (not opened or opened.pop()[0] != field):
            yield Diagnostic(span, "template-syntax", (found[0],))
    for field, span in opened:
        yield Diagnostic(span, "template-syntax", (field,))
    left = _MARK.sub(lambda mark: "\n" * mark[0].count("\n"), text)
    for number, words in enumerate(left.split("\n")):
        if "{{" in words or "}}" in words:
            yield Diagnostic(Span(path, number, number + 1), "template-syntax", (words.strip(),))
