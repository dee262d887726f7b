"""cards.lock: which note is which, in text that people commit beside their notes.

A version, the note types, the lines that corrections mean, then one note a line, sorted by guid, each line a JSON object. Git may join two
versions of it line by line (`merge=union`): of two lines with one guid the later modified one counts.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, fields, replace
from functools import lru_cache
from hashlib import sha256
from io import BytesIO, StringIO
from itertools import chain, islice
from operator import attrgetter, is_
from sys import intern
from typing import Any, TypeVar

from notedeck.content.sketch import is_sketch
from notedeck.corrections.corrected import Sighting
from notedeck.diagnostics import Diagnostic, Span
from notedeck.identity.gaps import from_words
from notedeck.identity.memory import joined
from notedeck.machine.quick import quick

VERSION = 3
_HEAD = "notedeck.lock"
UNKNOWN = ("",)
"""The headings above a note where nobody remembers them: version 2 of the lock did not, and a package does not say."""
_Entry = TypeVar("_Entry", "LockedNote", "LockedType")


@dataclass(frozen=True, slots=True)
class LockedNote:
    """What is remembered of a note."""

    guid: str
    id: str
    note: int
    """Its note id in Anki, milliseconds."""
    type: str
    """Its note type's name."""
    created: int
    """Seconds."""
    modified: int
    """Seconds; Anki takes an update only if this moved."""
    source: str
    """Path as seen from the lock's folder."""
    line: int
    """From 1, where it stood last."""
    book: str
    deck: str
    chapter: str
    parent: str
    """The guid of the note right above a follow-up."""
    parents: tuple[str, ...]
    question: str
    number: int
    text: str
    """Fingerprint of what the author wrote, its place and its labels; empty if it was restored from a package."""
    own: str
    """The same without the questions above and the follow-ups inside."""
    answer: str
    """Fingerprint of the answer's text."""
    sketch: str
    """Of the answer's text (`notedeck.content.sketch`)."""
    sent: str
    """Fingerprint of the fields and tags that were packed last with this time; empty where version 1 wrote it, which had another form."""
    removed: int = 0
    """When it was found gone, seconds; 0 while it is there."""
    gaps: tuple[str, ...] = ()
    """Of a cloze note, the number of each of its gaps and its text (`2 the text`), in their order."""
    lost: tuple[str, ...] = ()
    """The same of gaps that it had once: their numbers are not given again."""
    headings: tuple[str, ...] = UNKNOWN
    """Those above it in its chapter, outermost first."""
    context: str = ""
    """Fingerprint of the book's sentences that it is about; empty without such, and where its headings are unknown."""
    tags: tuple[str, ...] = ()
    """As they were packed last; none where a lock from before these were remembered has it."""
    before: tuple[str, ...] = ()
    """What was packed of it earlier, the print and the tags of each (`notedeck.identity.memory`)."""
    decks: tuple[str, ...] = ()
    """The decks that it has left, each behind the number of parts of its book's own."""


@dataclass(frozen=True, slots=True)
class LockedType:
    """What is remembered of a note type."""

    type: str
    style: str
    """Fingerprint of its templates and style."""
    modified: int
    """Seconds."""
    before: tuple[str, ...] = ()
    """The fingerprints that it had earlier."""


@dataclass(frozen=True, slots=True)
class Decision:
    """What the author said of two IDs: that they are one note, or two."""

    decided: str
    """`same` or `apart`."""
    old: str
    new: str


@dataclass(frozen=True, slots=True)
class LockedRoot:
    """The name that the notes' folder had when somebody first built it."""

    root: str
    """The book that it is; empty if it is none."""


@dataclass(frozen=True, slots=True)
class Lock:
    """All that is remembered."""

    notes: Mapping[str, LockedNote]
    types: Mapping[str, LockedType]
    decisions: frozenset[Decision] = frozenset()
    sightings: Mapping[str, Sighting] = field(default_factory=dict)
    """Where the line of each correction was found last, by the correction's key."""
    root: LockedRoot | None = None
    """None where a layout of decks before this one was built last, or no folder was ever named."""
    digest: str = field(default="", compare=False)
    """The SHA-256 of the file that it was read from, if that is as we would write it."""


EMPTY = Lock({}, {})
_Line = LockedNote | LockedType | Decision | LockedRoot | Sighting
_KINDS: tuple[type[_Line], ...] = (LockedNote, LockedType, Decision, LockedRoot, Sighting)
_MAKERS: dict[str, Callable[..., _Line]] = {
    "guid": quick(LockedNote),
    "decided": quick(Decision),
    "type": quick(LockedType),
    "root": quick(LockedRoot),
    "corrects": quick(Sighting),
}
"""By the key that a line of each kind alone has."""
_NAMES = {kind: tuple(one.name for one in fields(kind)) for kind in _KINDS}
"""Of each kind of line its keys, in the order in which they are written."""
_TYPES = {kind: tuple({"int": int, "str": str}.get(str(one.type), tuple) for one in fields(kind)) for kind in _KINDS}
"""And what their values are."""


def _getter(names: Sequence[str]) -> Callable[[_Line], tuple[Any, ...]]:
    """What gives the values of some keys; one value alone comes as a tuple too."""
    get: Callable[[_Line], Any] = attrgetter(*names)
    return get if len(names) > 1 else lambda one: (get(one),)


_VALUES = {kind: _getter(names) for kind, names in _NAMES.items()}
_ENCODER = json.JSONEncoder(ensure_ascii=False)
_DECODER = json.JSONDecoder()
_LISTS = ("gaps", "lost", "tags", "before", "decks", "like")
"""Values that are left out where they are empty."""
_OFTEN_THE_SAME = ("type", "source", "book", "deck", "chapter")
"""Values that are held once for all lines that have them."""
_FIRST = f'{{"{_HEAD}": {VERSION}}}\n'


def read_lock(path: str, text: str) -> tuple[Lock, list[Diagnostic]]:
    """Read a lock; each line that cannot be read is an error with its number, and then the lock is empty."""
    notes: dict[str, LockedNote] = {}
    types: dict[str, LockedType] = {}
    decisions: set[Decision] = set()
    sightings: dict[str, Sighting] = {}
    root: LockedRoot | None = None
    problems: list[Diagnostic] = []
    entries: list[_Line] = []
    for number, line in enumerate(StringIO(text.removeprefix("\ufeff"), newline="\n")):
        if not line.strip():
            continue
        try:
            entry = _read_line(line)
        except (ValueError, TypeError, KeyError, AttributeError, RecursionError, StopIteration):
            is_conflict = line.startswith(("<<<<<<<", "=======", ">>>>>>>", "|||||||"))
            problems.append(Diagnostic(Span(path, number, number + 1), "lock-conflict" if is_conflict else "lock-broken"))
            if is_conflict:
                break
            continue
        if isinstance(entry, int):
            if entry > VERSION:
                return EMPTY, [Diagnostic(Span(path, number, number + 1), "lock-version", (str(entry), str(VERSION)))]
            continue
        entries.append(entry)
        if isinstance(entry, LockedNote):
            notes[entry.guid] = _joined(notes.get(entry.guid), entry)
        elif isinstance(entry, LockedType):
            types[entry.type] = _later(types.get(entry.type), entry)
        elif isinstance(entry, LockedRoot):
            root = min(root or entry, entry, key=lambda one: one.root)
        elif isinstance(entry, Sighting):
            sightings[entry.corrects] = entry
        else:
            decisions.add(entry)
    lock = Lock(notes, types, frozenset(decisions), sightings, root)
    is_tidy = text.startswith(_FIRST) and text.count("\n") == len(entries) + 1 and "\r" not in text and all(map(is_, entries, _in_order(lock)))
    return (EMPTY, problems) if problems else (replace(lock, digest=sha256(text.encode()).hexdigest() if is_tidy else ""), [])


def _later(one: _Entry | None, other: _Entry) -> _Entry:
    return other if one is None or other.modified >= one.modified else one


def _joined(one: LockedNote | None, other: LockedNote) -> LockedNote:
    """Of two lines of a note the later one, with what both remember."""
    later = _later(one, other)
    if one is None:
        return later
    before, decks = joined(later, one if later is other else other)
    return replace(later, before=before, decks=decks)


def _read_line(line: str) -> int | _Line:
    values: dict[str, Any] = _DECODER.decode(line)
    if _HEAD in values:
        return int(values[_HEAD])
    for key in ("parents", "headings", *_LISTS):
        if isinstance(value := values.get(key), list):
            values[key] = tuple(value)
    if values.pop("shipped", None) is not None:
        values["sent"] = ""
    if type(tags := values.get("tags")) is tuple:
        values["tags"] = _shared(tags)
    for key in _OFTEN_THE_SAME:
        if type(value := values.get(key)) is str:
            values[key] = intern(value)
    kind = next(key for key in _MAKERS if key in values)
    entry: _Line = _MAKERS[kind](**values)
    if tuple(map(type, _VALUES[type(entry)](entry))) != _TYPES[type(entry)]:
        raise TypeError(line)
    if isinstance(entry, LockedNote):
        if not (entry.guid and entry.id and is_sketch(entry.sketch) and all(isinstance(one, str) for one in _words(entry))):
            raise ValueError(line)
        from_words((*entry.gaps, *entry.lost, *entry.decks))
    if isinstance(entry, Sighting) and not all(isinstance(one, str) for one in entry.like):
        raise ValueError(line)
    return entry


@lru_cache(maxsize=1 << 12)
def _shared(tags: tuple[str, ...]) -> tuple[str, ...]:
    """The same tags, held once for all notes that have them."""
    return tags


def _words(entry: LockedNote) -> Iterator[object]:
    """What the lists of a line hold, which must be text."""
    return chain(entry.parents, entry.headings, entry.tags, entry.before, entry.decks)


def text_lines(lock: Lock, last: Lock = EMPTY, file: bytes = b"") -> Iterator[bytes]:
    """The lock's lines as they are written: the same for the same content, whatever the order in which it came to be.

    Where `file` is what `last` was read from, a line of it that says the same is taken as it is, in a tenth of the time.
    """
    is_known = bool(last.digest) and sha256(file).hexdigest() == last.digest
    known: Iterator[tuple[_Line | None, bytes]] = zip(_in_order(last), islice(BytesIO(file), 1, None), strict=True) if is_known else iter(())
    yield _FIRST.encode()
    place, line = next(known, _NO_LINE)
    for entry in _in_order(lock):
        while place is not entry and place is not None and _key(place) <= _key(entry):
            place, line = next(known, _NO_LINE)
        yield line if place is entry else _ENCODER.encode(_values(entry)).encode() + b"\n"


_NO_LINE: tuple[_Line | None, bytes] = (None, b"")


def _in_order(lock: Lock) -> Iterator[_Line]:
    """All entries in the order of their lines."""
    if lock.root:
        yield lock.root
    yield from (lock.types[name] for name in sorted(lock.types))
    yield from sorted(lock.decisions, key=_key)
    yield from (lock.sightings[key] for key in sorted(lock.sightings))
    yield from (lock.notes[guid] for guid in sorted(lock.notes))


def _key(entry: _Line) -> tuple[str, ...]:
    """By what entries stand in their order."""
    if isinstance(entry, LockedNote):
        return "4", entry.guid
    if isinstance(entry, Sighting):
        return "3", entry.corrects
    if isinstance(entry, LockedRoot):
        return ("0",)
    return ("2", entry.decided, entry.old, entry.new) if isinstance(entry, Decision) else ("1", entry.type)


def _values(entry: _Line) -> dict[str, Any]:
    """What the line of an entry says; of gaps and of what was once only where there is some, of headings where they are known."""
    values = dict(zip(_NAMES[type(entry)], _VALUES[type(entry)](entry), strict=True))
    for name in ("context", *_LISTS):
        if not values.get(name, True):
            del values[name]
    if values.get("headings") == UNKNOWN:
        del values["headings"]
    return values
