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
from notedeck.machine.templates import chosen
from notedeck.plain import digest, fingerprint

QA = "면접 노트 Q&A"
CLOZE = "면접 노트 빈칸"
_SHARED = ("Context", "Parent", "Label", "Book", "Chapter", "Page", "Asker", "Source", "ID", "Spare1", "Spare2", "Spare3")
QA_FIELDS = ("Question", "Answer", *_SHARED)
CLOZE_FIELDS = ("Text", "Extra", *_SHARED)
_STYLE = "qa/style.css"
_QA_FILES = ("qa/front.html", "qa/back.html", "qa/spare-front.html", "qa/spare-back.html", _STYLE)
_CLOZE_FILES = ("cloze/front.html", "cloze/back.html", _STYLE, "cloze/style.css")
_SPECIAL = frozenset({"FrontSide", "Tags", "Type", "Deck", "Subdeck", "Card", "CardFlag", "CardID"})
_FILTERS = frozenset({"text", "hint", "type", "nc", "furigana", "kana", "kanji"})
_CLOZE_FILTER = "cloze"
_SHOWN = f"{_CLOZE_FILTER}:{CLOZE_FIELDS[0]}"
"""What each side of a cloze template must show; Anki makes no card otherwise."""
_MARK = re.compile(r"\{\{\s*+([#^/]?)([^{}]*+)\}\}")


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
    is_cloze: bool = False
    """Whether Anki makes a card for each cloze number; such a type has exactly one template, or Anki adds cards of its own."""

    @property
    def fingerprint(self) -> str:
        """Moves when a template or the style does."""
        return style_fingerprint(self.style, [(one.front, one.back) for one in self.templates])


def style_fingerprint(style: str, templates: Sequence[tuple[str, str]]) -> str:
    """A fingerprint of a style and of the fronts and backs of templates."""
    return fingerprint(style, *(side for template in templates for side in template))


def cloze_name(name: str) -> str:
    """The name of the cloze type beside a Q&A type, `name` being deck.toml's or empty."""
    return f"{name} 빈칸" if name else CLOZE


def read_types(folder: Path, name: str, own: Path | None = None) -> tuple[tuple[NoteType, ...], list[Diagnostic]]:
    """Read both note types' templates, `qa/` and `cloze/` in `folder` or, file by file, in the author's `own`.

    `name` is deck.toml's for Q&A, or empty for our own.
    With any problem there are none.
    """
    problems: list[Diagnostic] = []
    files = {name: chosen(folder, own, name) for name in (*_QA_FILES, *_CLOZE_FILES)}
    texts = {file: text for file, path in files.items() if (text := _read(path, problems)) is not None}
    for file, text in texts.items():
        if file.endswith(".html"):
            problems.extend(_problems(str(files[file]), text, CLOZE_FIELDS if file in _CLOZE_FILES else QA_FIELDS, file in _CLOZE_FILES))
    if problems:
        return (), problems
    front, back, spare_front, spare_back, style = (texts[file] for file in _QA_FILES)
    called, cloze = name or QA, cloze_name(name)
    pair = (
        CardTemplate("카드", _id(called, "template", "1"), front, back),
        CardTemplate("예비 카드", _id(called, "template", "2"), spare_front, spare_back),
    )
    one = (CardTemplate("빈칸", _id(cloze, "template", "1"), texts["cloze/front.html"], texts["cloze/back.html"]),)
    return (_made(called, QA_FIELDS, pair, style), _made(cloze, CLOZE_FIELDS, one, style + texts["cloze/style.css"], is_cloze=True)), []


def _read(path: Path, problems: list[Diagnostic]) -> str | None:
    try:
        return path.read_text("utf-8-sig")
    except (OSError, UnicodeDecodeError) as error:
        problems.append(Diagnostic(Span(str(path)), "template-missing", (str(error),)))
        return None


def _made(name: str, fields: tuple[str, ...], templates: tuple[CardTemplate, ...], style: str, is_cloze: bool = False) -> NoteType:
    return NoteType(name, _id(name), fields, tuple(_id(name, "field", field) for field in fields), templates, style, is_cloze)


def _id(*parts: str) -> int:
    """A fixed id from a note type's name: in the years 2001 to 2017 as Anki reads ids, where nobody makes one by clock."""
    return 1_000_000_000_000 + int.from_bytes(digest("notedeck", *parts)[:8], "big") % 500_000_000_000


def _problems(path: str, text: str, fields: Sequence[str], is_cloze: bool) -> Iterator[Diagnostic]:
    """Fields that do not exist, sections that are not closed, a cloze that is not shown: Anki would say so on every card."""
    opened: list[tuple[str, Span]] = []
    for found in _MARK.finditer(text):
        line = text.count("\n", 0, found.start())
        span = Span(path, line, line + 1)
        *filters, field = found[2].strip().split(":")
        if field not in fields and field not in _SPECIAL:
            yield Diagnostic(span, "template-field", (field, ", ".join(fields)))
        known = {*_FILTERS, _CLOZE_FILTER} if is_cloze else _FILTERS
        if any(one not in known and not one.startswith("tts ") for one in filters):
            yield Diagnostic(span, "template-syntax", (found[0],))
        if found[1] in ("#", "^"):
            opened.append((field, span))
        elif found[1] == "/" and (not opened or opened.pop()[0] != field):
            yield Diagnostic(span, "template-syntax", (found[0],))
    for field, span in opened:
        yield Diagnostic(span, "template-syntax", (field,))
    if is_cloze and not any(found[2].replace(" ", "").endswith(_SHOWN) for found in _MARK.finditer(text)):
        yield Diagnostic(Span(path), "template-cloze", (f"{{{{{_SHOWN}}}}}",))
    left = _MARK.sub(lambda mark: "\n" * mark[0].count("\n"), text)
    for number, words in enumerate(left.split("\n")):
        if "{{" in words or "}}" in words:
            yield Diagnostic(Span(path, number, number + 1), "template-syntax", (words.strip(),))
