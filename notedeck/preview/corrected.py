"""The corrections as the page lists them: each with its line in the notes, or why it has none, and with its author's reason."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from notedeck.corrections.corrected import Corrected, Place
from notedeck.corrections.correction import Correction
from notedeck.preview.shown import Json


def corrections_data(file: str, corrected: Corrected, reasons: Sequence[str], sources: Sequence[Json], last: Place | None) -> Json:
    """The corrections as `data` says; `reasons` are the comments above them, `last` the line whose change can be undone."""
    places = {source["path"]: place for place, source in enumerate(sources)}
    entries = [
        {
            "number": number,
            **_said(one, reasons[number] if number < len(reasons) else ""),
            "at": one.span.line,
            "status": "held" if number in corrected.held else "unclear" if number in corrected.unclear else "lost",
            **_where(corrected.held.get(number), places),
        }
        for number, one in enumerate(corrected.corrections)
    ]
    return {"file": file, "entries": entries, "undo": _where(last, places) if last else None}


def _said(one: Correction, comment: str) -> Json:
    reason = "\n".join(filter(None, (comment, one.reason)))
    return {"text": one.text, "as": str(one.role), "tags": list(one.tags), "file": one.file, "under": one.under, "reason": reason}


def _where(place: Place | None, places: Mapping[str, int]) -> Json:
    return {"source": places.get(place.path), "line": place.line} if place else {"source": None, "line": None}
