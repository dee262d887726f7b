"""deck.toml -> Config. Every key has a default, so no file is needed; every mistake is told with its line."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from functools import lru_cache
from typing import Any

from notedeck.diagnostics import Diagnostic, Span
from notedeck.paths.rules import PathRule, along, read_rules
from notedeck.plain import nfc, squeezed

INTERVIEW = "면접질문"
FOLLOW_UP = "꼬리질문"

_ERROR_LINE = re.compile(r"line (\d+)")

LABELS: Mapping[str, tuple[str, ...]] = {
    INTERVIEW: ("면접질문", "면접 질문", "면접", "인터뷰 질문", "interview"),
    f"{INTERVIEW}::예상": ("면접 예상질문", "면접 예상 질문", "예상 면접질문", "예상 질문", "예상질문", "면접예상", "예상면접"),
    "추가": ("추가", "추가질문", "추가 질문"),
    FOLLOW_UP: ("꼬리질문", "꼬리 질문", "꼬리", "후속질문", "follow-up", "follow up"),
    "중요": ("중요", "필수"),
    "참고": ("참고", "참고자료"),
}
"""A tag, and the spellings that people write in brackets for it; white space, case and a number behind make no difference."""

QUESTION_COLUMNS = ("질문", "문제", "물음", "면접질문", "예상질문", "Question", "Questions", "Q", "Front", "앞면", "앞", "質問", "問題", "问题")
ANSWER_COLUMNS = (
    "답변",
    "답",
    "정답",
    "대답",
    "모범답안",
    "해답",
    "답안",
    "Answer",
    "Answers",
    "A",
    "Back",
    "뒷면",
    "뒤",
    "回答",
    "答え",
    "答案",
    "해설",
    "설명",
    "내용",
    "Explanation",
)
"""Columns of tables and databases; white space and case make no difference."""

RECOGNISERS: Mapping[str, bool] = {
    "labels": True,
    "headings": True,
    "details": True,
    "tables": True,
    "study": True,
    "lines": True,
    "terms": False,
    "cloze": False,
    "every_heading": False,
    "outlines": False,
}
"""Each way of writing a question, and whether it is read unless deck.toml says otherwise."""


@dataclass(frozen=True, slots=True)
class Config:
    """What deck.toml can set; and what it comes to for one page (`at`)."""

    deck_id: str = ""
    """Joins every guid: set once, before the first import, where two groups study one book apart."""
    book: str = ""
    """The book of all notes, or of a page; else what the path and the title say."""
    under: str = ""
    """The deck that the books lie below."""
    digits: int = 2
    """How many digits a chapter's number has in its deck."""
    subdecks: str = "auto"
    """What the subdecks are of a page without numbered chapters: `auto`, `file`, `flat`, or headings of one level, `h1` to `h6`."""
    note_type: str = ""
    """The note type's name, of a group's own; set once, before the first import."""
    books: Mapping[str, str] = field(default_factory=dict)
    """A page's title -> the book it belongs to, so that a new title leaves its cards where they are."""
    labels: Mapping[str, tuple[str, ...]] = field(default_factory=lambda: LABELS)
    """A tag -> the spellings that mean it."""
    packages: tuple[str, ...] = (INTERVIEW,)
    """The tags that get a package of their own."""
    in_parent: str = "folded"
    """How the card above shows its follow-ups: `folded`, `titles` or `none`."""
    askers: bool = True
    """Whether cards name who asked."""
    headings: bool = False
    """Whether all cards show the headings above their question; else those alone that another question of the page would be taken for."""
    removed_days: int = 90
    """For how many days a package marks the cards of removed notes."""
    sync_port: int = 8765
    """Where AnkiConnect listens on this computer."""
    sync_profile: str = ""
    """The profile of Anki that a sync is meant for; empty for whichever is open."""
    sync_removed: str = "suspend"
    """What a sync does with the cards of removed notes: `suspend`, `tag` or `keep`."""
    pictures_mb: int = 8
    """How many megabytes of pictures a book's page holds; the others lie in a folder beside it."""
    page_tags: tuple[str, ...] = ()
    """A page's own tags in Notion that become tags in Anki."""
    templates: str = "templates"
    """The folder of the author's own templates, as seen from deck.toml."""
    template_scripts: bool = False
    """Whether these may run scripts and load what lies elsewhere."""
    recognisers: Mapping[str, bool] = field(default_factory=lambda: RECOGNISERS)
    """Which ways of writing a question are read."""
    question_columns: tuple[str, ...] = QUESTION_COLUMNS
    """The columns of tables and databases that hold questions."""
    answer_columns: tuple[str, ...] = ANSWER_COLUMNS
    """And those that hold their answers."""
    paths: tuple[PathRule, ...] = ()
    """What is otherwise along some paths."""
    root: str = ""
    """The name of the notes' folder, if that is a book; the lock says so, not deck.toml."""
    above: int = 0
    """How many of a page's folders its book stands for."""
    deck: str | None = None
    """A page's deck below its book, in the place of its folders and of itself; of most pages, none."""
    tags: tuple[str, ...] = ()
    """Tags of all cards of a page."""
    skip: bool | None = None
    """Whether a page is left out; None where it is judged by its looks."""

    def at(self, path: str) -> Config:
        """The configuration of one page, by its path as seen from the root: of several rules with a key the longest pattern's counts."""
        if not self.paths:
            return self
        values, switches = along(self.paths, path)
        return replace(self, paths=(), recognisers={**self.recognisers, **switches}, **values)

    def tag_of(self, label: str) -> str:
        """The tag that a label means, or the empty string for a label that is not known."""
        wanted = squeezed(label).casefold()
        known = _by_spelling(tuple(self.labels.items()))
        return known.get(wanted) or known.get(wanted.rstrip("0123456789."), "")


@lru_cache(maxsize=8)
def _by_spelling(labels: tuple[tuple[str, tuple[str, ...]], ...]) -> Mapping[str, str]:
    """Each spelling of a label, without what makes no difference, with the tag it means."""
    return {squeezed(one).casefold(): tag for tag, spellings in labels for one in spellings}


_Check = Callable[[Any], bool]


def _is_text(value: Any) -> bool:
    return isinstance(value, str)


def _is_texts(value: Any) -> bool:
    return isinstance(value, list) and all(isinstance(one, str) and one.strip() for one in value)


_SUBDECKS = ("auto", "file", "flat", "h1", "h2", "h3", "h4", "h5", "h6")
_KEYS: dict[str, tuple[str, _Check, str]] = {
    "deck.id": ("deck_id", _is_text, '"words"'),
    "deck.book": ("book", _is_text, '"words"'),
    "deck.under": ("under", _is_text, '"words"'),
    "deck.digits": ("digits", lambda value: type(value) is int and 1 <= value <= 6, "1 … 6"),
    "deck.subdecks": ("subdecks", lambda value: value in _SUBDECKS, '"auto" | "file" | "flat" | "h1" … "h6"'),
    "deck.note_type": ("note_type", _is_text, '"words"'),
    "packages.removed_days": ("removed_days", lambda value: type(value) is int and 0 <= value <= 3650, "0 … 3650"),
    "packages.tags": ("packages", _is_texts, '["tag", …]'),
    "followups.in_parent": ("in_parent", lambda value: value in ("folded", "titles", "none"), '"folded" | "titles" | "none"'),
    "cards.askers": ("askers", lambda value: isinstance(value, bool), "true | false"),
    "cards.headings": ("headings", lambda value: isinstance(value, bool), "true | false"),
    "sync.port": ("sync_port", lambda value: type(value) is int and 1 <= value <= 65_535, "1 … 65535"),
    "sync.profile": ("sync_profile", _is_text, '"words"'),
    "sync.removed": ("sync_removed", lambda value: value in ("suspend", "tag", "keep"), '"suspend" | "tag" | "keep"'),
    "page.pictures_mb": ("pictures_mb", lambda value: type(value) is int and 0 <= value <= 1000, "0 … 1000"),
    "cards.page_tags": ("page_tags", _is_texts, '["tag", …]'),
    "templates.folder": ("templates", lambda value: _is_text(value) and bool(value.strip()), '"folder"'),
    "templates.scripts": ("template_scripts", lambda value: isinstance(value, bool), "true | false"),
    "columns.question": ("question_columns", _is_texts, '["name", …]'),
    "columns.answer": ("answer_columns", _is_texts, '["name", …]'),
}
"""Key in the file -> field of `Config`, what a value must be, and that in words."""

_TABLES: dict[str, tuple[_Check, str, frozenset[str]]] = {
    "books": (_is_text, '"words"', frozenset()),
    "labels": (_is_texts, '["words", …]', frozenset()),
    "recognisers": (lambda value: isinstance(value, bool), "true | false", frozenset(RECOGNISERS)),
}
"""Tables that are one value: what each entry must be, that in words, and its keys, if they are not the author's own."""


def settings() -> Iterator[tuple[str, Any, str]]:
    """Every key, its default, and in words what it may be."""
    return ((name, getattr(Config(), field), words) for name, (field, _, words) in _KEYS.items())


def read_config(path: str, text: str) -> tuple[Config, list[Diagnostic]]:
    """Read deck.toml; with any mistake in it the defaults stand beside the diagnostics."""
    try:
        data = tomllib.loads(text.removeprefix("\ufeff"))
    except tomllib.TOMLDecodeError as error:
        place = _ERROR_LINE.search(str(error))
        line = int(place[1]) - 1 if place else text.count("\n")
        return Config(), [Diagnostic(Span(path, line, line + 1), "config-syntax", (str(error),))]
    problems: list[Diagnostic] = []
    values: dict[str, Any] = {}
    for table, keys in data.items():
        if isinstance(keys, dict) and table == "paths":
            values["paths"] = _rules(path, text, keys, problems)
        elif not isinstance(keys, dict) or table not in {name.split(".")[0] for name in _KEYS} | set(_TABLES):
            problems.append(_problem(path, text, table, "", "config-key", (table,)))
        elif table in _TABLES:
            values[table] = _own_table(path, text, table, keys, problems)
        else:
            values.update(_fixed_table(path, text, table, keys, problems))
    if problems:
        return Config(), problems
    for table, defaults in (("labels", LABELS), ("recognisers", RECOGNISERS)):
        if table in values:
            values[table] = {**defaults, **values[table]}
    for name, known in (("question_columns", QUESTION_COLUMNS), ("answer_columns", ANSWER_COLUMNS)):
        if name in values:
            values[name] = tuple(dict.fromkeys((*known, *values[name])))
    return Config(**values), []


def _fixed_table(path: str, text: str, table: str, keys: Mapping[str, Any], problems: list[Diagnostic]) -> dict[str, Any]:
    values = {}
    for key, value in keys.items():
        known = _KEYS.get(f"{table}.{key}")
        if known is None:
            problems.append(_problem(path, text, table, key, "config-key", (f"{table}.{key}",)))
        elif not known[1](value):
            problems.append(_problem(path, text, table, key, "config-value", (f"{table}.{key}", known[2])))
        else:
            values[known[0]] = _finished(value)
    return values


def _rules(path: str, text: str, keys: Mapping[str, Any], problems: list[Diagnostic]) -> tuple[PathRule, ...]:
    def place(words: str) -> Span:
        line = _line_of(text, f"paths.{words}", "")
        return Span(path, line, line + 1)

    return read_rules(keys, RECOGNISERS, place, lambda *mistake: problems.append(_problem(path, text, *mistake)))


def _own_table(path: str, text: str, table: str, keys: Mapping[str, Any], problems: list[Diagnostic]) -> dict[str, Any]:
    check, words, names = _TABLES[table]
    for key, value in keys.items():
        if names and key not in names:
            problems.append(_problem(path, text, table, key, "config-key", (f"{table}.{key}",)))
        elif not check(value):
            problems.append(_problem(path, text, table, key, "config-value", (f"{table}.{key}", words)))
    return {nfc(key): _finished(value) for key, value in keys.items()}


def _finished(value: Any) -> Any:
    if isinstance(value, list):
        return tuple({nfc(one).strip().casefold(): nfc(one).strip() for one in value}.values())
    return nfc(value).strip() if isinstance(value, str) else value


def _problem(path: str, text: str, table: str, key: str, code: str, details: tuple[str, ...]) -> Diagnostic:
    line = _line_of(text, table, key)
    return Diagnostic(Span(path, line, line + 1), code, details)


def _line_of(text: str, table: str, key: str) -> int:
    """The line where a key of a table stands; tomllib does not say, so look for it as a person would."""
    wanted = _unquoted(table)
    inside, first = not key, 0
    for number, line in enumerate(text.split("\n")):
        bare = _unquoted(line)
        if bare.startswith("["):
            header = bare[1:].rpartition("]")[0]
            inside = header == wanted or not key
            first = number if header == wanted else first
        name, _, value = bare.partition("=")
        if (inside and name == _unquoted(key or table)) or name == f"{wanted}.{_unquoted(key)}":
            return number
        if name == wanted and f"{_unquoted(key)}=" in value:
            return number
    return first


def _unquoted(words: str) -> str:
    """Names and a line of TOML without white space and quotation marks."""
    return squeezed(words).replace('"', "").replace("'", "")
