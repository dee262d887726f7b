"""What the terminal shows of a build: a table of decks, what changed, and what to do in Anki. Prints nothing itself."""

from __future__ import annotations

import difflib
from collections.abc import Iterator, Sequence

from rich.table import Table
from rich.text import Text

from notedeck.diagnostics import Level
from notedeck.identity.notes import Change, Note
from notedeck.packages.decktree import REMOVED_TAG
from notedeck.plain import shortened
from notedeck.report.branches import cut, deck_tree
from notedeck.report.messages import label
from notedeck.report.report import changes
from notedeck.report.run import Built

_SIGNS = {Change.NEW: "+", Change.DOUBTFUL: "?", Change.RETURNED: "↺", Change.REWORDED: "~", Change.MOVED: "→", Change.EDITED: "~"}


def totals(built: Built, tongue: int) -> str:
    """One line of totals."""
    levels = [one.level for one in built.diagnostics]
    unanswered = sum(not gist.is_answered for read in built.reads for gist in read.found.gists)
    cards = sum(len(note.cards) for note in built.notes)
    counts = (cards, unanswered, built.account.unread, levels.count(Level.ERROR), levels.count(Level.WARNING))
    return label("totals", tongue, *counts)


def net_line(built: Built, tongue: int) -> str:
    """How many pictures are links because they lie on the net, if any do."""
    return label("on-the-net", tongue, built.on_the_net) if built.on_the_net else ""


def deck_table(built: Built, tongue: int, rows: int = 0) -> Table:
    """The decks with their cards and those of the decks below; at most so many `rows`, if that is no 0."""
    table = Table(box=None, padding=(0, 2, 0, 0), pad_edge=False)
    table.add_column(label("deck", tongue))
    table.add_column(label("cards", tongue), justify="right")
    table.add_column(label("interview", tongue), justify="right")
    wholes = [one for one in built.plans if not one.tag]
    branches = [one for plan in wholes for one in deck_tree(plan)]
    shown = cut(branches, rows) if rows else branches
    for one in shown:
        table.add_row(Text("  " * one.depth + one.name), str(one.cards), str(one.interview), style="" if one.depth else "bold")
    if hidden := len(branches) - len(shown):
        table.add_row(Text("  " + label("more-decks", tongue, hidden)), "", "", style="dim")
    return table


def change_line(built: Built, tongue: int) -> str:
    """How many notes changed in which way."""
    counts = changes(built)
    edited = counts[Change.EDITED] + counts[Change.REWORDED] + counts[Change.RETURNED]
    shown = (counts[Change.NEW] + counts[Change.DOUBTFUL], edited, counts[Change.MOVED], counts[Change.REMOVED], counts[Change.SAME])
    return label("changes", tongue, *shown)


def plan_lines(built: Built, tongue: int) -> Iterator[Text]:
    """Each note that a build would change, and apart from these the ones that change along with another."""
    for note in built.notes:
        if note.change is not Change.SAME and not note.cause:
            yield _plan_line(note, tongue)
    for gone in built.removed:
        yield Text(f"- {gone.id}  {shortened(gone.question, 80)}", style="red")
    for note in built.notes:
        if note.cause:
            along = label("along", tongue, note.cause)
            yield Text(f"  {note.locked.id}  {shortened(note.locked.question, 60)}  ({along})", style="dim")


def _plan_line(note: Note, tongue: int) -> Text:
    line = Text(f"{_SIGNS[note.change]} {note.locked.id}  ")
    if note.was and note.change is Change.REWORDED:
        line.append_text(_marked(note.was.question, note.locked.question))
    else:
        line.append(shortened(note.locked.question, 80))
    if note.was and note.was.deck != note.locked.deck:
        line.append(f"  ({note.was.deck} → {note.locked.deck})", style="cyan")
    if note.change in (Change.EDITED, Change.RETURNED, Change.DOUBTFUL):
        line.append(f"  ({label(str(note.change), tongue)})", style="yellow")
    return line


def _marked(old: str, new: str) -> Text:
    """The new wording with what went as `[-old-]` and what came as `{+new+}`."""
    before, after = old.split(), new.split()
    marked = Text()
    for tag, begin, end, start, stop in difflib.SequenceMatcher(None, before, after, autojunk=False).get_opcodes():
        if tag == "equal":
            marked.append(" ".join(before[begin:end]) + " ")
            continue
        if begin < end:
            marked.append(f"[-{' '.join(before[begin:end])}-] ", style="red")
        if start < stop:
            marked.append(f"{{+{' '.join(after[start:stop])}+}} ", style="green")
    return marked


def in_anki(built: Built, tongue: int, most: int = 0) -> Iterator[str]:
    """What an import cannot do: the searches that find moved and removed cards, with the clicks; of at most so many decks, if that is no 0.

    Those for removed cards are said as long as a package marks them: nobody may have seen them the first time.
    """
    moved: dict[str, list[str]] = {}
    for note in built.notes:
        if note.was and note.was.deck != note.locked.deck:
            moved.setdefault(note.locked.deck, []).append(note.locked.id)
    decks = list(moved)
    for deck in decks[:most] if most else decks:
        yield label("move-cards", tongue, len(moved[deck]), deck, _search(moved[deck]))
    if most and (rest := decks[most:]):
        yield label("move-more", tongue, sum(len(moved[deck]) for deck in rest), len(rest))
    if emptied := sum(len(set(note.locked.lost) - set(note.was.lost)) for note in built.notes if note.was):
        yield label("empty-cards", tongue, emptied)
    marked = [packed.fields["ID"] for plan in built.plans if plan.tag == REMOVED_TAG for packed in plan.notes]
    if gone := dict.fromkeys([*(one.id for one in built.removed), *marked]):
        yield label("remove-cards", tongue, len(gone), _search(list(gone)))


def _search(ids: Sequence[str]) -> str:
    """An Anki search that finds exactly these notes."""
    return " or ".join(f"ID:{one}" for one in ids)


def ends(built: Built, tongue: int, *, is_plan: bool, most: int = 0) -> list[str]:
    """The last lines: what waits, what to do in Anki, which files were written."""
    files = [label("plan", tongue)] if is_plan else [*file_lines(built, tongue)]
    by_hand = () if built.synced and not built.synced.problem else in_anki(built, tongue, most)
    return [text for text in (stale_line(built, tongue), net_line(built, tongue), *by_hand, *files) if text]


def file_lines(built: Built, tongue: int) -> Iterator[str]:
    """Which files were written, left alone, or removed; of those in a folder, the folder."""
    written = built.written
    for name, files in (("wrote", written.written), ("kept", written.kept), ("deleted", written.removed)):
        if files:
            yield label(name, tongue, ", ".join(dict.fromkeys("".join(file.partition("/")[:2]) for file in files)))


def stale_line(built: Built, tongue: int) -> str:
    """How many notes wait to be sent because our HTML alone changed; empty if none do."""
    stale = sum(note.is_stale for note in built.notes)
    return label("stale", tongue, stale) if stale else ""
