"""Every code has a sentence in both languages, and the program gives each the details that it names."""

from __future__ import annotations

import ast
import locale
import string
from collections import defaultdict
from collections.abc import Iterator
from pathlib import Path

import pytest

from notedeck.diagnostics import LEVELS, Diagnostic, Level, Span, in_order
from notedeck.report.messages import _LABELS, _SENTENCES, ENGLISH, KOREAN, label, language, line, sentence
from tests.anki_oracle import REPO

HOUSE = REPO / "notedeck"
SOURCES = sorted(HOUSE.rglob("*.py"))


def trees() -> Iterator[tuple[Path, ast.Module]]:
    for path in SOURCES:
        yield path, ast.parse(path.read_text("utf-8"))


def codes_of(node: ast.expr) -> list[str]:
    """The codes that an expression may be: a text, one of two, or the start of a formatted one."""
    if isinstance(node, ast.Constant) and isinstance(node.value, str):
        return [node.value] if node.value in LEVELS else []
    if isinstance(node, ast.JoinedStr) and isinstance(node.values[0], ast.Constant):
        start = str(node.values[0].value)
        return [code for code in LEVELS if start.endswith("-") and code.startswith(start)]
    if isinstance(node, ast.IfExp):
        return codes_of(node.body) + codes_of(node.orelse)
    return []


def given() -> dict[str, set[int]]:
    """How many details the program gives with each code, as far as its source says."""
    found: dict[str, set[int]] = defaultdict(set)
    for path, tree in trees():
        if path.name in ("messages.py", "diagnostics.py"):
            continue
        for call in (node for node in ast.walk(tree) if isinstance(node, ast.Call)):
            for place, argument in enumerate(call.args):
                details = call.args[place + 1] if place + 1 < len(call.args) else None
                for code in codes_of(argument):
                    if isinstance(details, ast.Tuple):
                        found[code].add(len(details.elts))
                    elif details is None:
                        found[code].add(0)
    return found


def fields(template: str) -> set[int]:
    return {int(name) for _, name, _, _ in string.Formatter().parse(template) if name is not None}


def test_every_code_has_a_sentence_in_both_languages() -> None:
    assert set(_SENTENCES) == set(LEVELS)
    for korean, english in _SENTENCES.values():
        assert korean != english
        assert english.isascii() or "…" in english
        assert any("가" <= char <= "힣" for char in korean)


def test_every_sentence_formats_with_what_the_program_gives() -> None:
    """A sentence that names more than it is given would break the report of a problem; one that names less hides something."""
    counts = given()
    for code, sentences in _SENTENCES.items():
        for template in sentences:
            assert max(fields(template), default=-1) < min(counts.get(code, {9})), code
        assert fields(sentences[ENGLISH]) == set(range(max(counts.get(code, {0})))) or code not in counts, code


def test_every_code_is_given_somewhere() -> None:
    source = "".join(path.read_text("utf-8") for path in SOURCES if path.name not in ("messages.py", "diagnostics.py"))
    given_codes = {code for code in LEVELS if f'"{code}"' in source}
    pictures = {code for code in LEVELS if code.startswith("picture-")}
    assert given_codes | pictures == set(LEVELS)
    assert 'f"picture-{' in source


def test_every_label_has_both_languages_with_the_same_fields() -> None:
    for name, (korean, english) in _LABELS.items():
        assert korean
        assert english
        assert fields(korean) == fields(english), name


def test_every_label_is_used() -> None:
    source = "".join(path.read_text("utf-8") for path in SOURCES)
    assert [name for name in _LABELS if source.count(f'"{name}"') < 2] == []


def test_a_diagnostic_is_one_line_with_its_code() -> None:
    one = Diagnostic(Span("노트/책.md", 4, 6), "picture-missing", ("그림.png",))
    assert line(one, ENGLISH) == "노트/책.md:5: warning: picture not found: 그림.png [picture-missing]"
    assert line(one, KOREAN) == "노트/책.md:5: warning: 그림이 없습니다: 그림.png [picture-missing]"


def test_details_that_look_like_a_template_stay_what_they_are() -> None:
    """Titles with braces are the author's."""
    assert sentence(Diagnostic(Span("a"), "unanswered", ("{0} {x} {{y}} %s",)), ENGLISH) == "question without an answer: {0} {x} {{y}} %s"


@pytest.mark.parametrize(
    ("environment", "tongue"),
    [
        ({"LANG": "ko_KR.UTF-8"}, KOREAN),
        ({"LANG": "KO"}, KOREAN),
        ({"LC_MESSAGES": "ko_KR", "LANG": "en_US"}, KOREAN),
        ({"LC_ALL": "en_US", "LC_MESSAGES": "ko_KR", "LANG": "ko_KR"}, ENGLISH),
        ({"LC_ALL": "", "LANG": "ko_KR"}, KOREAN),
        ({"LANG": "C"}, ENGLISH),
        ({}, ENGLISH),
    ],
)
def test_the_language_is_that_of_the_locale(monkeypatch: pytest.MonkeyPatch, environment: dict[str, str], tongue: int) -> None:
    for name in ("LC_ALL", "LC_MESSAGES", "LANG"):
        monkeypatch.delenv(name, raising=False)
    for name, value in environment.items():
        monkeypatch.setenv(name, value)
    monkeypatch.setattr(locale, "getlocale", lambda: (None, None))
    assert language() == tongue


def test_without_any_of_them_the_system_is_asked(monkeypatch: pytest.MonkeyPatch) -> None:
    """Windows sets no LANG."""
    for name in ("LC_ALL", "LC_MESSAGES", "LANG"):
        monkeypatch.delenv(name, raising=False)
    for name, tongue in (("Korean_Korea", KOREAN), ("ko_KR", KOREAN), ("English_United States", ENGLISH)):
        monkeypatch.setattr(locale, "getlocale", lambda name=name: (name, "1252"))
        assert language() == tongue


def test_diagnostics_are_sorted_and_told_once() -> None:
    def of(path: str, start: int, code: str) -> Diagnostic:
        return Diagnostic(Span(path, start, start + 1), code, ("x", "1"))

    one, two, three, four = of("a", 2, "picture-missing"), of("a", 2, "unread"), of("a", 10, "unread"), of("b", 0, "not-text")
    assert in_order([four, three, one, two, one, three]) == (one, two, three, four)


def test_strict_turns_warnings_alone() -> None:
    for code, level in LEVELS.items():
        strict = Diagnostic(Span("a"), code, is_strict=True).level
        assert strict is (Level.ERROR if level is Level.WARNING else level)


def test_a_label_takes_its_details() -> None:
    assert label("wrote", ENGLISH, "a.apkg") == "wrote a.apkg"
