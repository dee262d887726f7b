"""What was built and what was not: the report as JSON, and the numbers that the terminal shows."""

from __future__ import annotations

from collections import Counter
from dataclasses import asdict
from typing import Any

from notedeck.config import INTERVIEW
from notedeck.content.content import Content
from notedeck.content.notefields import plain_page
from notedeck.diagnostics import Diagnostic
from notedeck.identity.lock import LockedNote
from notedeck.identity.notes import Change, Note
from notedeck.packages.decktree import PackagePlan, has_tag
from notedeck.reading.findings import Read
from notedeck.report.messages import sentence
from notedeck.report.run import Built
from notedeck.report.syncs import json_sync

VERSION = 1


def json_report(built: Built, tongue: int) -> dict[str, Any]:
    """The report that `--json` prints; keys are added, never renamed."""
    return {
        "version": VERSION,
        "decks": [_deck(plan) for plan in built.plans],
        "items": [*_items(built), *(_removed(locked) for locked in built.removed)],
        "diagnostics": [_diagnostic(one, tongue) for one in built.diagnostics],
        "text": asdict(built.account),
        "sync": json_sync(built.synced) if built.synced else None,
    }


def subdecks(plan: PackagePlan) -> dict[str, int]:
    """Cards in each subdeck, by full name; the book's own deck among them if it has any."""
    return {deck.name: deck.cards for deck in plan.decks if deck.notes}


def changes(built: Built) -> Counter[Change]:
    """How many notes changed in which way."""
    return Counter([note.change for note in built.notes] + [Change.REMOVED for _ in built.removed])


def interview_cards(plan: PackagePlan) -> dict[str, int]:
    """Interview cards in each subdeck, by full name."""
    return {deck.name: sum(len(note.cards) for note in deck.notes if has_tag(note.tags, INTERVIEW)) for deck in plan.decks}


def _deck(plan: PackagePlan) -> dict[str, Any]:
    counts = subdecks(plan)
    return {"file": plan.file, "name": plan.name, "cards": sum(counts.values()), "subdecks": counts}


def _items(built: Built) -> list[dict[str, Any]]:
    notes = {id(note.draft.gist): note for note in built.notes}
    ids = {(note.draft.source, note.draft.gist.span.start): note.locked.id for note in built.notes}
    return [
        _item(read, content, notes.get(id(gist)), ids)
        for read in built.reads
        for gist, content in zip(read.found.gists, read.found.contents, strict=True)
    ]


def _item(read: Read, content: Content, note: Note | None, ids: dict[tuple[str, int], str]) -> dict[str, Any]:
    parent = content.parent_span
    return {
        "guid": note.locked.guid if note else None,
        "id": note.locked.id if note else None,
        "path": content.span.path,
        "line": content.span.line,
        "end_line": content.span.stop,
        "book": read.found.book,
        "chapter": content.chapter.title if content.chapter else "",
        "page": plain_page(content.pages),
        "labels": list(content.labels),
        "tags": list(note.tags if note else content.tags),
        "asker": ", ".join(content.askers),
        "context": content.context_text,
        "question": content.question_text,
        "answer": content.answer_text,
        "parent": ids.get((read.source.name, parent.start)) if parent else None,
        "why": content.why,
        "status": "unanswered" if not content.is_answered else "card",
        "change": str(note.change) if note else None,
        "cause": (note.cause or None) if note else None,
        "was": _was(note.was) if note and note.was and note.change is not Change.SAME else None,
    }


def _removed(locked: LockedNote) -> dict[str, Any]:
    return {
        "guid": locked.guid, "id": locked.id, "path": locked.source, "line": locked.line, "end_line": locked.line,
        "book": locked.book, "chapter": locked.chapter, "page": "", "labels": [], "tags": [], "asker": "", "context": "",
        "question": locked.question, "answer": "", "parent": None, "why": None, "status": "removed", "change": str(Change.REMOVED),
        "cause": None, "was": _was(locked),
    }  # fmt: skip


def _was(locked: LockedNote) -> dict[str, Any]:
    return {"question": locked.question, "book": locked.book, "chapter": locked.chapter, "path": locked.source, "line": locked.line}


def _diagnostic(one: Diagnostic, tongue: int) -> dict[str, Any]:
    return {"path": one.span.path, "line": one.span.line, "level": str(one.level), "code": one.code, "message": sentence(one, tongue)}
