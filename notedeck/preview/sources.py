"""The sources as the preview shows them beside their cards, what was told of their lines, and who asked how much."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import asdict

from notedeck.diagnostics import Diagnostic
from notedeck.outline.blocks import lines_as_read
from notedeck.preview.shown import Json, Shown
from notedeck.reading.findings import Read
from notedeck.report.messages import ENGLISH, KOREAN, sentence
from notedeck.sources.source import Form, Source


def sources_data(reads: Sequence[Read], shown: Sequence[Shown]) -> list[Json]:
    """Each source with its text, what each of its lines is, and the cards that each line belongs to."""
    return [_source(read, place, shown) for place, read in enumerate(reads)]


def _source(read: Read, place: int, shown: Sequence[Shown]) -> Json:
    lines: dict[int, list[int]] = {}
    roles = read.found.roles
    for number, one in enumerate(shown):
        if one.more.get("source") == place:
            for line in range(one.more["line"], one.more["end"] + 1):
                lines.setdefault(line, []).insert(0, number)
    return {
        "path": read.source.path,
        "inside": read.source.inside,
        "title": read.found.title or read.found.book,
        "text": _text(read.source),
        "roles": roles,
        "cards": lines,
        "account": asdict(read.found.account),
    }


def _text(source: Source) -> str:
    """A source's own text; of an HTML page, which has no lines that mean anything, the text as it is read."""
    if source.form is not Form.HTML:
        return source.text
    from notedeck.reading.front import FRONT_ENDS

    return "\n".join(lines_as_read(FRONT_ENDS[source.form](source.path, source.text)))


def diagnostics_data(diagnostics: Sequence[Diagnostic], sources: Sequence[Json]) -> list[Json]:
    """All that the author should know, in both languages, each leading to its line in one of the `sources`."""
    places = {source["path"]: place for place, source in enumerate(sources)}
    return [_diagnostic(one, places) for one in diagnostics]


def _diagnostic(one: Diagnostic, places: Mapping[str, int]) -> Json:
    said = [sentence(one, KOREAN), sentence(one, ENGLISH)]
    return {
        "path": one.span.path, "line": one.span.line, "level": str(one.level), "code": one.code, "message": said,
        "source": places.get(one.span.path),
    }  # fmt: skip


def askers_data(reads: Sequence[Read]) -> list[Json]:
    """Who asked how many questions, answered and open; most first."""
    cards: Counter[str] = Counter()
    waiting: Counter[str] = Counter()
    for gist in (gist for read in reads for gist in read.found.gists):
        (cards if gist.is_answered else waiting).update(gist.askers or ("",))
    every = sorted({*cards, *waiting}, key=lambda name: (-cards[name] - waiting[name], name))
    return [{"name": name, "cards": cards[name], "open": waiting[name]} for name in every]
