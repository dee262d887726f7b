"""Notes -> decks and subdecks: for each book a package, and one for each tag that wants its own."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache

from notedeck.config import Config
from notedeck.identity.lock import LockedNote
from notedeck.identity.notes import Note
from notedeck.machine.quick import quick
from notedeck.packages.packed import PackedNote, PackedText
from notedeck.places.decks import file_name, placed
from notedeck.plain import digest, fingerprint, nfc
from notedeck.sources.pictures import Picture

REMOVED_TAG = "삭제됨"

_packed = quick(PackedNote)


@dataclass(frozen=True, slots=True)
class Deck:
    """A deck with the notes that lie in it and not in a subdeck."""

    name: str
    """Full name, with `::` between its parts."""
    description: str
    notes: tuple[PackedNote, ...]

    @property
    def id(self) -> int:
        """A fixed number; Anki finds decks by name and gives its own."""
        return 1_000_000_000_000 + int.from_bytes(digest("deck", self.name)[:8], "big") % 500_000_000_000

    @property
    def cards(self) -> int:
        """How many cards Anki makes of its notes."""
        return sum(len(note.cards) for note in self.notes)


@dataclass(frozen=True, slots=True)
class PackagePlan:
    """What goes into one .apkg."""

    file: str
    book: str
    name: str
    """The book's deck."""
    decks: tuple[Deck, ...]
    """The book's first, then its chapters'."""
    tag: str = ""
    """The tag that all notes have, for a filtered package."""

    @property
    def notes(self) -> Iterator[PackedNote]:
        """All notes in it."""
        return (note for deck in self.decks for note in deck.notes)

    @property
    def pictures(self) -> dict[str, Picture]:
        """Every picture of the notes, once, by its name in Anki, and in the order of the names."""
        found = {picture.name: picture for note in self.notes for picture in note.pictures}
        return {name: found[name] for name in sorted(found)}


def plan_packages(notes: Sequence[Note], config: Config) -> tuple[PackagePlan, ...]:
    """The packages of all books, in the order of the notes; filtered ones right behind their book's."""
    books: dict[str, list[Note]] = {}
    for note in notes:
        books.setdefault(note.draft.place.book, []).append(note)
    plans: list[PackagePlan] = []
    for book, members in books.items():
        root = placed(book, (), "", config.under).deck
        whole = PackagePlan(file_name(book, ".apkg"), book, root, _decks(book, root, members))
        plans += [whole, *(one for tag in config.packages for one in filtered(whole, tag))]
    return tuple(plans)


def told_apart(plans: Sequence[PackagePlan]) -> tuple[PackagePlan, ...]:
    """The packages, each in a file of its own: names that are one on disk (cut, or without what Windows forbids) get a mark behind."""
    taken: dict[str, PackagePlan] = {}
    for plan in sorted(plans, key=lambda one: (one.book, one.tag)):
        is_free = taken.setdefault(plan.file.casefold(), plan) is plan
        taken |= {} if is_free else {(file := marked_file(plan)).casefold(): replace(plan, file=file)}
    files = {(one.book, one.tag): one for one in taken.values()}
    return tuple(files[one.book, one.tag] for one in plans)


def marked_file(plan: PackagePlan) -> str:
    """A name for a package that no other book's has."""
    stem, dot, suffix = plan.file.rpartition(".")
    return file_name(stem, f" {fingerprint(plan.book, plan.tag)[:6]}{dot}{suffix}")


def package_files(book: str) -> tuple[str, str]:
    """The names that a book's package may have; the first one, unless another book's has it."""
    plan = PackagePlan(file_name(book, ".apkg"), book, "", ())
    return plan.file, marked_file(plan)


def filtered(whole: PackagePlan, tag: str) -> Iterator[PackagePlan]:
    """The same decks with the notes of one tag, children of the tag included; nothing if there are none."""
    decks = tuple(replace(deck, notes=tuple(note for note in deck.notes if has_tag(note.tags, tag))) for deck in whole.decks)
    if any(deck.notes for deck in decks):
        kept = (decks[0], *(deck for deck in decks[1:] if deck.notes))
        yield replace(whole, file=file_name(whole.book, f" - {tag.replace('::', ' ')}.apkg"), decks=kept, tag=tag)


@lru_cache(maxsize=1 << 12)
def has_tag(tags: tuple[str, ...], tag: str) -> bool:
    """Whether a tag or a child of it is among `tags`, as Anki's `tag:` search reads it."""
    wanted = "_".join(nfc(tag).split()).casefold()
    return any(own.casefold() == wanted or own.casefold().startswith(f"{wanted}::") for own in tags)


def _decks(book: str, root: str, notes: Sequence[Note]) -> tuple[Deck, ...]:
    members: dict[str, list[PackedNote]] = {root: []}
    titles: dict[str, str] = {}
    for due, note in enumerate(notes, 1):
        place = note.draft.place
        members.setdefault(place.deck, []).append(_packed_note(note, due))
        titles.setdefault(place.deck, place.chapter)
    return tuple(
        Deck(name, _description(book, titles.get(name, "")), tuple(members[name])) for name in sorted(members, key=lambda one: (one != root, one))
    )


def _packed_note(note: Note, due: int) -> PackedNote:
    locked, draft = note.locked, note.draft
    return _packed(locked.guid, locked.note, locked.type, note.cards, locked.modified, draft.place.deck, due, note, draft.pictures)


def plan_marks(gone: Sequence[LockedNote], shipped: Mapping[str, PackedNote]) -> Iterator[PackagePlan]:
    """For each book a package that marks its removed notes in the collection of somebody who has them.

    Fields and tags are those that were shipped last, and one tag more; a note of which no package is left is left out.
    """
    books: dict[str, dict[str, list[PackedNote]]] = {}
    for one in gone:
        if was := shipped.get(one.guid):
            text = PackedText(was.fields, tuple(sorted({*was.tags, REMOVED_TAG})))
            marked = replace(was, note=one.note, modified=one.modified, text=text)
            books.setdefault(one.book, {}).setdefault(was.deck, []).append(marked)
    for book, decks in books.items():
        named = tuple(Deck(name, "", tuple(sorted(decks[name], key=lambda note: note.due))) for name in sorted(decks))
        yield PackagePlan(marks_file(book), book, named[0].name, named, REMOVED_TAG)


def marks_file(book: str) -> str:
    """The name of the package that marks a book's removed notes; it says that nobody else needs it."""
    return file_name(book, " - 정리 (지운 카드 표시).apkg")


def _description(book: str, chapter: str) -> str:
    """What the deck's page says; it moves only with a title."""
    if chapter:
        return f"{book} · {chapter}"
    return f"{book} · 면접 질문만 보려면 탐색(Browse)에서 tag:면접질문 을 찾으세요."
