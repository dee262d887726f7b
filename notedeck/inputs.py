"""What a build reads beside the notes: configuration, lock, the packages of the last build."""

from __future__ import annotations

import time
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from hashlib import sha256
from pathlib import Path

from notedeck.config import Config, read_config
from notedeck.corrections.correction import Correction
from notedeck.corrections.reading import read_corrections
from notedeck.diagnostics import Diagnostic, Span
from notedeck.identity.drafts import Draft
from notedeck.identity.lock import EMPTY, Decision, Lock, read_lock
from notedeck.machine.cache import Cache, key_of
from notedeck.machine.starting import Begun, add_lines, begin_file
from notedeck.machine.templates import holds_templates, own_files, template_dangers
from notedeck.packages.decktree import marks_file, package_files
from notedeck.packages.notetypes import NoteType
from notedeck.packages.packed import PackedNote
from notedeck.packages.shipped import read_package, restored
from notedeck.reading.packing import UNREADABLE, dumped, loaded

LOCK = "cards.lock"
CONFIG = "deck.toml"
CORRECTIONS = "corrections.toml"
_AHEAD = 3_600
"""Seconds that a clock may run ahead before it is told."""


def homes(notes: Sequence[Path]) -> tuple[Path, ...]:
    """The folders in which lock and configuration lie: the nearest with a lock at or above what was given, else that itself."""
    folders = [_locked(path if path.is_dir() or not path.suffix else path.parent) for path in notes]
    return tuple({folder.resolve(): folder for folder in reversed(folders)}.values())[::-1]


def _locked(folder: Path) -> Path:
    """The nearest folder with a lock, as far up as the repository goes that the notes lie in."""
    for here in (folder, *folder.absolute().parents):
        if (here / LOCK).is_file():
            return here
        if (here / ".git").exists():
            break
    return folder


def config_of(notes: Sequence[Path], lock: Path | None) -> Path:
    """The deck.toml of some notes: beside the lock, if the notes lie in its folder and it has one, else in theirs."""
    found = homes(notes)[0]
    beside = lock and lock.parent / CONFIG
    is_root = beside and beside.is_file() and found.resolve().is_relative_to(beside.parent.resolve())
    return beside if beside and is_root else found / CONFIG


def corrections_of(notes: Sequence[Path], lock: Path | None) -> Path:
    """The corrections of some notes: beside their lock."""
    return (lock.parent if lock else homes(notes)[0]) / CORRECTIONS


def begin(notes: Sequence[Path], out: Path, text: str) -> Iterator[Begun]:
    """Write a deck.toml, and what git should know of the decks and of the lock. Raises OSError, and UnicodeDecodeError."""
    yield begin_file(config_of(notes, None), text)
    if not out.is_absolute():
        yield add_lines(Path(".gitignore"), [f"{out.as_posix()}/"])
    yield add_lines(Path(".gitattributes"), [f"{name} merge=union" for name in (LOCK, CORRECTIONS)])


def load_config(file: Path, *, is_asked: bool) -> tuple[Config, list[Diagnostic]]:
    """Read deck.toml; without one the defaults stand, unless it was asked for by name."""
    text, problems = _text_of(file, is_asked=is_asked)
    return (Config(), problems) if text is None else read_config(str(file), text)


def load_corrections(file: Path, *, is_asked: bool) -> tuple[tuple[Correction, ...], list[Diagnostic]]:
    """Read corrections.toml; without one there are none, unless it was asked for by name."""
    text, problems = _text_of(file, is_asked=is_asked)
    return ((), problems) if text is None else read_corrections(str(file), text)


def _text_of(file: Path, *, is_asked: bool) -> tuple[str | None, list[Diagnostic]]:
    """The text of a file that may be missing unless it was asked for by name."""
    try:
        return file.read_text("utf-8-sig"), []
    except UnicodeDecodeError:
        return None, [Diagnostic(Span(str(file)), "not-text")]
    except OSError as error:
        if not isinstance(error, (FileNotFoundError, NotADirectoryError)):
            return None, [Diagnostic(Span(str(file)), "unreadable", (error.strerror or str(error),))]
        return None, [] if not is_asked else [Diagnostic(Span(str(file)), "not-found")]


def own_templates(config: Config, home: Path, package: Path) -> tuple[Path | None, list[Diagnostic]]:
    """The folder of the author's own templates beside deck.toml in `home`, and what is to be told of it; None if there is none."""
    folder = home / config.templates
    if not holds_templates(folder):
        is_asked_for = config.templates != Config().templates
        return None, [Diagnostic(Span(str(folder)), "template-missing", ("qa/ · cloze/ · page/",))] if is_asked_for else []
    files = own_files(package, folder)
    refused = [] if config.template_scripts else list(template_dangers(folder, files))
    return folder, refused or ([Diagnostic(Span(str(folder)), "template-own", (", ".join(files),))] if files else [])


def load_lock(path: Path, now: int, cache: Cache) -> tuple[Lock | None, list[Diagnostic]]:
    """Read the lock; None if there is none. A time in it that has not come yet is told."""
    try:
        data = path.read_bytes()
        lock, problems = _known_lock(data, cache) or _read_and_remember(str(path), data, cache)
    except (FileNotFoundError, NotADirectoryError):
        return None, []
    except UnicodeDecodeError:
        return EMPTY, [Diagnostic(Span(str(path)), "not-text")]
    if not data.strip():
        return None, []
    latest = max((one.modified for one in lock.notes.values()), default=0)
    if latest > now + _AHEAD:
        problems = [*problems, Diagnostic(Span(str(path)), "clock", (time.strftime("%Y-%m-%d %H:%M", time.localtime(latest)),))]
    return lock, problems


def _known_lock(data: bytes, cache: Cache) -> tuple[Lock, list[Diagnostic]] | None:
    """A lock that was read or written here, as it was remembered: to read all its lines takes five times as long."""
    entry = cache.get(_lock_key(sha256(data).hexdigest()))
    try:
        lock = None if entry is None else loaded(entry)
    except UNREADABLE:
        return None
    return (lock, []) if isinstance(lock, Lock) else None


def _read_and_remember(path: str, data: bytes, cache: Cache) -> tuple[Lock, list[Diagnostic]]:
    lock, problems = read_lock(path, data.decode("utf-8"))
    if lock.digest:
        remember_lock(lock, lock.digest, cache)
    return lock, problems


def remember_lock(lock: Lock, digest: str, cache: Cache) -> None:
    """Remember a lock by the SHA-256 of the file that says the same."""
    cache.put(_lock_key(digest), dumped(replace(lock, digest=digest)))


def _lock_key(digest: str) -> str:
    return key_of("lock", digest)


def restore_lock(path: Path, out: Path, drafts: Sequence[Draft], types: Sequence[NoteType]) -> tuple[Lock, list[Diagnostic]]:
    """Make a missing lock again from the books' packages in the output folder, and say so."""
    books = dict.fromkeys(draft.place.book for draft in drafts)
    packages = [package for book in books for name in package_files(book) if (package := read_package(out / name, types))]
    if not packages:
        return EMPTY, []
    marked = [package for book in books if (package := read_package(out / marks_file(book), types))]
    gone = {guid: replace(one, removed=one.modified) for guid, one in restored(iter(marked)).notes.items()}
    lock = restored(iter(packages))
    lock = replace(lock, notes={**gone, **lock.notes})
    return lock, [Diagnostic(Span(str(path)), "lock-restored", (str(len(lock.notes)), str(out)))]


def with_decisions(lock: Lock, same: Iterable[tuple[str, str]], apart: Iterable[tuple[str, str]]) -> Lock:
    """The lock with what the author says on the command line; of two decisions on one pair the new one counts."""
    said = [*(Decision("same", old, new) for old, new in same), *(Decision("apart", old, new) for old, new in apart)]
    pairs = {(one.old, one.new) for one in said}
    kept = [one for one in lock.decisions if (one.old, one.new) not in pairs]
    return replace(lock, decisions=frozenset([*kept, *said]), digest="")


def last_shipped(out: Path, books: Iterable[str], types: Sequence[NoteType]) -> dict[str, PackedNote]:
    """The notes in the last packages of some books, by guid; those of a book's own package count before its marks."""
    found: dict[str, PackedNote] = {}
    for book in books:
        for name in (marks_file(book), *package_files(book)):
            if package := read_package(out / name, types):
                found.update({note.guid: note for note in package.notes})
    return found
