"""The page's own files, in `templates/page/`, and the one HTML file that they make together with data.

A line `{{name.part}}` in one of them is the file of that name beside it, indented as the line is.

The file loads nothing and runs nothing but its own script: its content security policy names script and style by
their digests, so a script that came in with somebody's notes would not run.
"""

from __future__ import annotations

import base64
import hashlib
import html
import json
import re
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from textwrap import indent
from typing import Any

from notedeck.diagnostics import Diagnostic, Span
from notedeck.machine.templates import chosen, named
from notedeck.plain import fingerprint

SHELL = "page.html"
OURS = '<meta name="generator" content="notedeck">'
"""Stands in every page, near its beginning, so that no build takes one for notes."""
_MARK = re.compile(r"\{\{(title|policy|style|script|data)\}\}")
_MARKS = ("title", "policy", "style", "script", "data")
_PART = re.compile(r"^([ \t]*+)\{\{([\w-]++\.part)\}\}$", re.MULTILINE)
_ENDING = re.compile(r"<(?=!|/?script)", re.IGNORECASE)
_BEGINNING = 4_000
"""Characters."""


@dataclass(frozen=True, slots=True)
class Page:
    """The page's files, joined."""

    shell: str
    style: str
    script: str

    @property
    def fingerprint(self) -> str:
        """Moves when one of the files does."""
        return fingerprint(self.shell, self.style, self.script)

    def html(self, title: str, data: Any, policy: str = "") -> str:
        """The whole page with its data; `policy` is what it may do beyond running its own script and style."""
        values = {
            "title": html.escape(title),
            "policy": html.escape("; ".join(filter(None, (self.policy, policy)))),
            "style": self.style,
            "script": self.script,
            "data": json_in_html(data),
        }
        return _MARK.sub(lambda mark: values[mark[1]], self.shell)

    @property
    def policy(self) -> str:
        """The content security policy of all such pages."""
        own = f"script-src '{_digest(self.script)}'; style-src '{_digest(self.style)}'"
        return f"default-src 'none'; {own}; base-uri 'none'; form-action 'none'"


def read_page(folder: Path, own: Path | None = None) -> tuple[Page | None, list[Diagnostic]]:
    """Read the page's files: its shell, and all styles and scripts in the order of their names.

    They lie in `folder` or, file by file, in the author's `own`.
    """
    find = partial(chosen, folder, own)
    shell = find(SHELL)
    texts: dict[Path, str] = {}
    problems: list[Diagnostic] = []
    for path in (shell, *map(find, named(folder, own, ".css")), *map(find, named(folder, own, ".js"))):
        try:
            texts[path] = _PART.sub(partial(_part, find), path.read_text("utf-8-sig"))
        except (OSError, UnicodeDecodeError) as error:
            problems.append(Diagnostic(Span(str(path)), "template-missing", (str(error),)))
    if problems:
        return None, problems
    found = _MARK.findall(texts[shell])
    wrong = [mark for mark in _MARKS if mark not in found or (mark != "title" and found.count(mark) > 1)]
    if wrong:
        return None, [Diagnostic(Span(str(shell)), "template-syntax", (f"{{{{{mark}}}}}",)) for mark in wrong]
    style, script = ("".join(text for path, text in texts.items() if path.suffix == suffix) for suffix in (".css", ".js"))
    if OURS not in texts[shell]:
        return None, [Diagnostic(Span(str(shell)), "template-syntax", (OURS,))]
    return Page(texts[shell], style, script), []


def _part(find: Callable[[str], Path], mark: re.Match[str]) -> str:
    return indent(find(mark[2]).read_text("utf-8-sig"), mark[1]).removesuffix("\n")


def is_ours(text: str) -> bool:
    """Whether an HTML file is a page that we wrote."""
    return OURS in text[:_BEGINNING]


def json_in_html(data: Any) -> str:
    """Data as JSON that ends no `<script>` that it stands in, whatever notes say."""
    text = json.dumps(data, ensure_ascii=False, separators=(",", ":"))
    return _ENDING.sub(r"\\u003c", text)


def _digest(text: str) -> str:
    return f"sha256-{base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()}"
