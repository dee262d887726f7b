"""A build, the lock and what a collection holds -> the steps between them: pure, so that a plan and a sync are the same."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import chain

from notedeck.content.notefields import ID, fields_print
from notedeck.identity.lock import Lock, LockedNote
from notedeck.identity.memory import former_decks, versions
from notedeck.packages.decktree import REMOVED_TAG
from notedeck.packages.notetypes import NoteType
from notedeck.packages.packed import PackedNote, Retagged
from notedeck.places.decks import INSIDE
from notedeck.sync.held import Held, HeldNote, HeldType, folded_deck
from notedeck.sync.steps import Delete, Edited, Elsewhere, Move, Rest, Send, Steps, Wake

REST_TAG = f"{REMOVED_TAG}::쉼"
"""Says that a sync suspended the note's cards; with a card's number behind it, that it suspended this one of them."""
NOTE_TYPE = "note type"
"""Stands for the field that differs where a note's user gave it another note type."""
_SPARE = "Spare"


@dataclass(frozen=True, slots=True)
class Wish:
    """What a sync is asked for."""

    notes: Sequence[PackedNote]
    """Those of this build."""
    lock: Lock
    types: Sequence[NoteType]
    removed: str
    """What becomes of removed notes: `suspend`, `tag` or `keep`."""
    is_whole: bool
    """Whether this build speaks of all notes of the lock; otherwise none is put to rest."""
    overwrites: bool = False
    """Whether notes that were edited in Anki are sent all the same."""
    deletes: bool = False
    """Whether removed notes are deleted."""


@dataclass(frozen=True, slots=True)
class _Pair:
    """A note of a build, what the lock knows of it, and what the collection has of it."""

    packed: PackedNote
    locked: LockedNote
    held: HeldNote
    is_current: bool
    """Whether the fields are those that are packed now, or that were sent last: what only our HTML moved is no news."""
    is_ours: bool
    """Whether a build once packed these fields."""
    old_tags: tuple[str, ...]
    """Tags that are ours, as far as the note has them and should not."""
    has_tags: bool
    """Whether it has those that it should have."""

    @property
    def own_tags(self) -> tuple[str, ...]:
        """The user's tags."""
        ours = {tag.casefold() for tag in chain(self.packed.tags, self.old_tags)}
        return tuple(tag for tag in self.held.tags if tag.casefold() not in ours)


def _pair(packed: PackedNote, locked: LockedNote, held: HeldNote, note_type: NoteType) -> _Pair:
    """Nearly all notes are as they were, and their prints are made once."""
    is_same = prints_of(held, note_type, (packed.tags,)) == (packed.print,)
    if is_same and set(held.tags) == set(packed.tags):
        return _Pair(packed, locked, held, is_current=True, is_ours=True, old_tags=(), has_tags=True)
    known = list(versions(locked))
    prints = prints_of(held, note_type, (packed.tags, *(one.tags for one in known), held.tags))
    is_current = is_same or any(known[0].is_of(one) for one in prints)
    is_ours = is_current or any(version.is_of(one) for version in known for one in prints)
    now, there = ({tag.casefold() for tag in tags} for tags in (packed.tags, held.tags))
    ever = {tag.casefold() for version in known for tag in version.tags} | {REMOVED_TAG.casefold()}
    old = tuple(tag for tag in held.tags if tag.casefold() not in now and (tag.casefold() in ever or is_rest_tag(tag)))
    return _Pair(packed, locked, held, is_current, is_ours, old, now <= there)


def prints_of(held: HeldNote, note_type: NoteType, tags: Iterable[tuple[str, ...]]) -> tuple[str, ...]:
    """The prints that a note's fields have with each of these tags, the first first; none if a field that stays empty is filled."""
    ours = [name for name in note_type.fields if name != ID and not name.startswith(_SPARE)]
    if not set(ours) <= set(held.fields) or any(value for name, value in held.fields.items() if name != ID and name not in ours):
        return ()
    fields = {name: held.fields[name] for name in ours}
    return tuple(fields_print(fields, one) for one in dict.fromkeys(tags))


def is_rest_tag(tag: str) -> bool:
    """Whether a tag says that a sync suspended a note's cards, or one of them."""
    folded, rest = tag.casefold(), REST_TAG.casefold()
    return folded == rest or folded.startswith(rest + INSIDE)


def plan_sync(wish: Wish, held: Held) -> Steps:
    """The steps from what a collection holds to what a build says."""
    types = {one.name: one for one in wish.types}
    locked = wish.lock.notes
    pairs = [_pair(one, locked[one.guid], there, types[one.type]) for one in wish.notes if (there := held.notes.get(locked[one.guid].id))]
    left = [] if wish.overwrites else [one for one in pairs if not one.is_ours]
    moves, elsewhere, waiting = _moves(pairs, held)
    absent = [one for one in wish.notes if locked[one.guid].id not in held.notes]
    retyped = frozenset() if wish.overwrites else held.retyped
    new = (Send(locked[one.guid].id, one, None) for one in absent if one.note not in retyped)
    rests, deletes = _ends(wish, held, types)
    styles, edited_types = _styles(wish, held)
    return Steps(
        wakes=tuple(_wakes(pairs, held, wish.overwrites)),
        styles=styles,
        sends=(*new, *_sends(pairs, held, moves, wish.overwrites)),
        moves=moves,
        rests=rests,
        deletes=deletes,
        empty=_empty(held, moves),
        edited=(
            *(Edited(one.locked.id, _differing(one)) for one in left),
            *(Edited(locked[one.guid].id, (NOTE_TYPE,)) for one in absent if one.note in retyped),
        ),
        edited_types=edited_types,
        elsewhere=elsewhere,
        waiting=waiting,
    )


def _sends(pairs: Sequence[_Pair], held: Held, moves: Sequence[Move], overwrites: bool) -> Iterator[Send]:
    """Notes that the collection has otherwise. Each is packed into the deck where its cards are or go, so that no other is made."""
    goes = {move.id: move.new for move in moves}
    for one in pairs:
        if (one.is_current and one.has_tags and not one.old_tags) or not (one.is_ours or overwrites):
            continue
        home = next((deck for card in one.held.cards if (deck := held.lies.get(card))), one.packed.deck)
        tags = tuple(sorted({*one.packed.tags, *one.own_tags}))
        text = one.packed.text if tags == one.packed.tags else Retagged(one.packed.text, tags)
        yield Send(one.locked.id, replace(one.packed, text=text, deck=goes.get(one.locked.id, home)), one.held)


def _differing(one: _Pair) -> tuple[str, ...]:
    """The fields that the collection has otherwise than they are packed now."""
    ours = one.packed.fields
    return tuple(name for name, value in one.held.fields.items() if value != ours.get(name, ""))


def _moves(pairs: Sequence[_Pair], held: Held) -> tuple[tuple[Move, ...], tuple[Elsewhere, ...], tuple[str, ...]]:
    """The cards that go to another deck, those that their user put elsewhere, and the notes of those that wait."""
    moves: list[Move] = []
    elsewhere: list[Elsewhere] = []
    waiting: list[str] = []
    for one in pairs:
        left = {folded_deck(deck) for deck, _ in former_decks(one.locked)}
        for card in one.held.cards:
            here, there = held.lies.get(card, ""), one.packed.deck
            if folded_deck(here) == folded_deck(there):
                continue
            if folded_deck(here) not in left:
                elsewhere.append(Elsewhere(one.locked.id, here))
            elif card in held.away:
                waiting.append(one.locked.id)
            else:
                moves.append(Move(one.locked.id, card, here, there))
    return tuple(moves), tuple(elsewhere), tuple(dict.fromkeys(waiting))


def _wakes(pairs: Sequence[_Pair], held: Held, overwrites: bool) -> Iterator[Wake]:
    """Notes that have come back; one that was edited in Anki is not sent, so its tags are taken off by themselves."""
    for one in pairs:
        cards = tuple(card for card in resting_cards(one.held) if card in held.suspended)
        tags = () if one.is_ours or overwrites else one.old_tags
        if cards or tags:
            yield Wake(one.locked.id, one.held.note, cards, tags)


def resting_cards(held: HeldNote) -> tuple[int, ...]:
    """The cards of a note that a sync had suspended, by its tags."""
    numbers = {tag.rpartition(INSIDE)[2] for tag in held.tags if is_rest_tag(tag)}
    is_all = any(tag.casefold() == REST_TAG.casefold() for tag in held.tags)
    return tuple(card for card in held.cards if is_all or str(card) in numbers)


def _ends(wish: Wish, held: Held, types: Mapping[str, NoteType]) -> tuple[tuple[Rest, ...], tuple[Delete, ...]]:
    """What becomes of the notes that the lock has as removed, known by the ID that they still have."""
    if not wish.is_whole:
        return (), ()
    gone = [(one, there) for one in wish.lock.notes.values() if one.removed and (there := held.notes.get(one.id)) and there.fields.get(ID) == one.id]
    deleted = [(one, there) for one, there in gone if wish.deletes and (wish.overwrites or _is_as_packed(one, there, types))]
    ends = {one.id for one, _ in deleted}
    rests = (_rest(one.id, there, held.suspended, wish.removed) for one, there in gone if one.id not in ends)
    return tuple(one for one in rests if one), tuple(Delete(one.id, there.note, there.cards) for one, there in deleted)


def _is_as_packed(locked: LockedNote, held: HeldNote, types: Mapping[str, NoteType]) -> bool:
    """Whether a build once packed a removed note's fields."""
    known = list(versions(locked))
    found = prints_of(held, types[locked.type], (*(one.tags for one in known), held.tags)) if locked.type in types else ()
    return any(version.is_of(one) for version in known for one in found)


def _rest(id_: str, held: HeldNote, suspended: Collection[int], removed: str) -> Rest | None:
    """What a removed note needs to be at rest; nothing if it is, or if its user took it up again.

    The tag that says that it is gone comes last, so one that has it together with that of its rest is done.
    """
    is_told = any(tag.casefold() == REMOVED_TAG.casefold() for tag in held.tags)
    is_resting = any(map(is_rest_tag, held.tags))
    awake = tuple(card for card in held.cards if card not in suspended)
    if removed == "keep" or (is_told and (is_resting or removed == "tag" or not awake)):
        return None
    if removed == "tag" or not awake:
        return Rest(id_, held.note, (), ())
    tags = () if is_resting else (REST_TAG,) if awake == held.cards else tuple(f"{REST_TAG}{INSIDE}{card}" for card in awake)
    return Rest(id_, held.note, awake, tags)


def _styles(wish: Wish, held: Held) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Note types whose look a build made and has changed since, and those whose look is their user's."""
    there = [(one, held.types[one.id]) for one in wish.types if one.id in held.types and one.name in wish.lock.types]
    other = [(one, mine) for one, mine in there if mine.style != one.fingerprint]
    ours = [one.name for one, mine in other if mine.style and (wish.overwrites or _was_ours(one, mine, wish.lock))]
    return tuple(ours), tuple(one.name for one, _ in other if one.name not in ours)


def _was_ours(note_type: NoteType, mine: HeldType, lock: Lock) -> bool:
    return mine.style in lock.types[note_type.name].before


def _empty(held: Held, moves: Sequence[Move]) -> tuple[str, ...]:
    """Decks that cards have left and in which nothing is after the moves, nor in a deck below that is not such a one."""
    moved = {move.card for move in moves}
    free = {name for name, cards in held.left.items() if not cards - moved}
    kept = [name for name in held.decks if name not in free]
    empty = (name for name in free if not any(one.startswith(name + INSIDE) for one in kept))
    return tuple(sorted(empty, key=lambda name: (-name.count(INSIDE), name)))
