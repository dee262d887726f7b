"""Notes -> decks and subdecks: for each book a package, and one for each tag that wants its own."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from notedeck.config import Config
from notedeck.diagnostics import Diagnostic, Span
from notedeck.identity.notes import Note
from notedeck.places import file_name, place_of
from notedeck.plain import digest, nfc


@dataclass(frozen=True, slots=True)
class Deck:
    """A deck with the notes that lie in it and not in a subdeck."""

    name: str
    """Full name, with `::` between its parts."""
    description: str
    notes: tuple[tuple[int, Note], ...]
    """Each with its place in the order of new cards, from 1."""

    @property
    def id(self) -> int:
        """A fixed number; Anki finds decks by name and gives its own."""
        return 1_000_000_000_000 + int.from_bytes(digest("deck", self.name)[:8], "big") % 500_000_000_000


@dataclass(frozen=True, slots=True)
class PackagePlan:
    """What goes into one .apkg."""

    file: str
    name: str
    """The book's deck."""
    decks: tuple[Deck, ...]
    """The book's first, then its chapters'."""
    tag: str = ""
    """The tag that all notes have, for a filtered package."""

    @property
    def notes(self) -> Iterator[Note]:
        """All notes in it."""
        return (note for deck in self.decks for _, note in deck.notes)


def plan_packages(notes: Sequence[Note], config: Config) -> tuple[tuple[PackagePlan, ...], list[Diagnostic]]:
    """The packages of all books, in the order of the notes; filtered ones right behind their book's."""
    books: dict[str, list[Note]] = {}
    for note in notes:
        books.setdefault(note.draft.place.book, []).append(note)
    plans = [plan for book, members in books.items() for plan in _plans(book, members, config)]
    return tuple(plans), _same_names(plans)


def _plans(book: str, notes: Sequence[Note], config: Config) -> Iterator[PackagePlan]:
    whole = PackagePlan(file_name(book, ".apkg"), place_of(book, None, config).deck, _decks(book, notes, config))
    yield whole
    for tag in config.packages:
        yield from filtered(whole, book, tag)


def filtered(whole: PackagePlan, book: str, tag: str) -> Iterator[PackagePlan]:
    """The same decks with the notes of one tag, children of the tag included; nothing if there are none."""
    decks = tuple(replace(deck, notes=tuple((due, note) for due, note in deck.notes if has_tag(note, tag))) for deck in whole.decks)
    if any(deck.notes for deck in decks):
        kept = (decks[0], *(deck for deck in decks[1:] if deck.notes))
        yield PackagePlan(file_name(book, f" - {tag.replace('::', ' ')}.apkg"), whole.name, kept, tag)


def has_tag(note: Note, tag: str) -> bool:
    """Whether a note has a tag or a child of it, as Anki's `tag:` search reads it."""
    wanted = nfc(tag).casefold()
    return any(own.casefold() == wanted or own.casefold().startswith(f"{wanted}::") for own in note.tags)


def _decks(book: str, notes: Sequence[Note], config: Config) -> tuple[Deck, ...]:
    root = place_of(book, None, config).deck
    members: dict[str, list[tuple[int, Note]]] = {root: []}
    titles: dict[str, str] = {}
    for due, note in enumerate(notes, 1):
        members.setdefault(note.draft.place.deck, []).append((due, note))
        titles.setdefault(note.draft.place.deck, note.draft.place.chapter)
    return tuple(
        Deck(name, _description(book, titles.get(name, "")), tuple(members[name])) for name in sorted(members, key=lambda one: (one != root, one))
    )


def _description(book: str, chapter: str) -> str:
    """What the deck's page says; it moves only with a title."""
    if chapter:
        return f"{book} · {chapter}"
    return f"{book} · 면접 질문만 보려면 Browse에서 tag:면접질문 을 찾거나, 같은 이름의 ‘- 면접질문’ 꾸러미를 가져오세요."


def _same_names(plans: Sequence[PackagePlan]) -> list[Diagnostic]:
    """Two packages whose names differ only in case would be one file on some systems."""
    seen: dict[str, PackagePlan] = {}
    problems = []
    for plan in plans:
        other = seen.setdefault(plan.file.casefold(), plan)
        if other is not plan:
            first = next(plan.notes).draft.content.span
            problems.append(Diagnostic(Span(first.path), "same-name", (other.file, plan.file)))
    return problems
