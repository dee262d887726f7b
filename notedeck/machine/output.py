"""Writing what was built: every file whole or not at all, in an order that survives a stop at any moment.

First the lock, the write-ahead log of all times; then the packages; then a record of their names and digests in
the output folder. A package that is missing, or other than the record, is made again with the lock's times.
"""

from __future__ import annotations

import hashlib
import json
import os
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from functools import partial
from importlib import import_module
from pathlib import Path

from notedeck.machine.held import named, patiently
from notedeck.machine.processes import are_copies, cores, shared_out
from notedeck.plain import alike

_RECORD = ".notedeck.json"


@dataclass(frozen=True, slots=True)
class Wanted:
    """A file that should lie in the output folder."""

    name: str
    """Its name, or that of a folder there and its own: `folder/name`."""
    content: str
    """A digest of what it is made from."""
    make: Callable[[], bytes]
    size: int = 0
    """How many notes it is made of."""
    matter: str = ""
    """What it is made of: files made of one are made one behind another, by one process."""
    goes_first: bool = False
    """Whether it must be there before any other is replaced: it is made of what those held."""
    imports: tuple[str, ...] = ()
    """Modules that making it takes."""


@dataclass(frozen=True, slots=True)
class Written:
    """What happened to the output folder."""

    written: tuple[str, ...]
    removed: tuple[str, ...]
    kept: tuple[str, ...] = ()


WORTH = 500
"""Notes in files that make up for starting a process."""
_BATCH = 8_000
"""Notes in files after which new processes make the next ones."""

Tell = Callable[[int, int], None]
"""Called with how many files are written, and how many there are to write."""


def write_text(path: Path, text: str) -> None:
    """Replace a text file unless it says so already. Raises OSError."""
    if _bytes_of(path) != text.encode():
        _replace(path, [text.encode()])
    else:
        leave_file(path)


def write_lines(path: Path, lines: Iterable[bytes]) -> str:
    """Replace a text file, line by line, since its text may be large; gives its SHA-256. Raises OSError."""
    digest = hashlib.sha256()

    def hashed() -> Iterator[bytes]:
        for line in lines:
            digest.update(line)
            yield line

    _replace(path, hashed())
    return digest.hexdigest()


def write_bytes(path: Path, data: bytes) -> None:
    """Write a file into a folder that may not be there yet. Raises OSError."""
    path.parent.mkdir(parents=True, exist_ok=True)
    _replace(path, [data])


def leave_file(path: Path) -> None:
    """Leave a file as it is; what a stop has left beside it goes. Raises OSError."""
    _temporary(path).unlink(missing_ok=True)


def write_output(folder: Path, wanted: Sequence[Wanted], removes: bool, jobs: int = 1, tell: Tell = lambda done, total: None) -> Written:
    """Bring the output folder up to date: write what is missing or other than recorded, leave what is whole.

    Files are made in at most so many processes. With `removes`, our own files that are no longer made go; nothing else in
    the folder is touched. Raises OSError.
    """
    folder.mkdir(parents=True, exist_ok=True)
    record = _read_record(folder)
    now = {one.name: record[one.name] for one in wanted if _is_whole(folder, one, record.get(one.name, {}))}
    stale = [one for one in wanted if one.name not in now]
    for groups in (_groups(one for one in stale if one.goes_first), *_batches(_groups(one for one in stale if not one.goes_first))):
        if (workers := _workers(groups, jobs)) > 1:
            _import_for(groups)
        for place, digests in shared_out(partial(_put, folder), groups, workers):
            now.update({one.name: {"content": one.content, "sha256": digest} for one, digest in zip(groups[place], digests, strict=True)})
            tell(len(now), len(wanted))
    for one in wanted:
        leave_file(folder / one.name)
    written = [one.name for one in wanted if one in stale]
    gone = [name for name in record if name not in now and not _is_respelled(folder, name, now)] if removes else []
    removed = [name for name in gone if _remove_own(folder / name, record[name])]
    for inside in {name.split("/")[0] for name in removed if "/" in name}:
        _remove_empty(folder / inside)
    kept = {name: entry for name, entry in record.items() if name not in gone}
    text = json.dumps({**kept, **now}, ensure_ascii=False, indent=1, sort_keys=True) + "\n"
    write_text(folder / _RECORD, text)
    return Written(tuple(written), tuple(removed), tuple(one.name for one in wanted if one.name not in written))


def _batches(groups: Iterable[list[Wanted]]) -> Iterator[list[list[Wanted]]]:
    """Some groups at a time, since a process takes into its memory what it looks at."""
    batch: list[list[Wanted]] = []
    notes = 0
    for group in groups:
        batch.append(group)
        notes += sum(one.size for one in group)
        if notes >= _BATCH:
            yield batch
            batch, notes = [], 0
    yield batch


def _is_whole(folder: Path, one: Wanted, known: Mapping[str, str]) -> bool:
    """Whether a file is there as it was written, and made of what it should be made of."""
    return known.get("content") == one.content and known.get("sha256") == _digest_of(folder / one.name)


def _groups(some: Iterable[Wanted]) -> list[list[Wanted]]:
    """Files by what they are made of."""
    groups: dict[str, list[Wanted]] = {}
    for one in some:
        groups.setdefault(one.matter or one.name, []).append(one)
    return list(groups.values())


def _workers(groups: Sequence[Sequence[Wanted]], jobs: int) -> int:
    """How many processes pay: what files are made of is too much to travel to one that is no copy of this."""
    return min(jobs or cores(), len(groups), sum(one.size for group in groups for one in group) // WORTH) if are_copies() else 1


def _import_for(groups: Sequence[Sequence[Wanted]]) -> None:
    """Import what making some files takes, which each process would import for itself."""
    for module in {module for group in groups for one in group for module in one.imports}:
        import_module(module)


def _put(folder: Path, group: Sequence[Wanted]) -> list[str]:
    """Make files and put each in its place; their digests."""
    digests = []
    for one in group:
        data = one.make()
        (folder / one.name).parent.mkdir(exist_ok=True)
        _replace(folder / one.name, [data])
        digests.append(hashlib.sha256(data).hexdigest())
    return digests


def _is_respelled(folder: Path, name: str, now: Iterable[str]) -> bool:
    """Whether one of the files that are there now is this one, on a disk that does not tell large letters from small ones."""
    return any(alike(one) == alike(name) and _is_one(folder / one, folder / name) for one in now)


def _is_one(path: Path, other: Path) -> bool:
    with suppress(OSError):
        return path.samefile(other)
    return False


def _remove_own(path: Path, entry: Mapping[str, str]) -> bool:
    """Remove a file that we wrote; one that somebody changed since is theirs."""
    if _digest_of(path) != entry.get("sha256"):
        return False
    patiently(path.unlink)
    return True


def _remove_empty(folder: Path) -> None:
    """Remove a folder of ours in which nobody has put anything."""
    with suppress(OSError):
        folder.rmdir()


def _read_record(folder: Path) -> dict[str, dict[str, str]]:
    """What this folder got from us; a record that cannot be read means that all is made again."""
    try:
        record = json.loads((folder / _RECORD).read_text("utf-8"))
    except (OSError, ValueError):
        return {}
    if not isinstance(record, dict):
        return {}
    return {name: entry for name, entry in record.items() if isinstance(entry, dict) and _is_plain(name)}


def _is_plain(name: str) -> bool:
    """Whether a name stays in the output folder, or in a folder right in it."""
    parts = name.split("/")
    return len(parts) <= 2 and all(part not in ("", ".", "..") and Path(part).name == part for part in parts)


def _bytes_of(path: Path) -> bytes | None:
    try:
        return path.read_bytes()
    except OSError:
        return None


def _digest_of(path: Path) -> str:
    data = _bytes_of(path)
    return "" if data is None else hashlib.sha256(data).hexdigest()


def _replace(path: Path, data: Iterable[bytes]) -> None:
    """Write beside the file, flush to the disk, then put it in place; an error names the file that was meant."""
    try:
        _write_beside(path, data)
    except OSError as error:
        raise named(error, path) from error


def _write_beside(path: Path, data: Iterable[bytes]) -> None:
    temporary = _temporary(path)
    try:
        with temporary.open("wb") as stream:
            stream.writelines(data)
            stream.flush()
            os.fsync(stream.fileno())
        patiently(partial(temporary.replace, path))
    except BaseException:
        temporary.unlink(missing_ok=True)
        raise


def _temporary(path: Path) -> Path:
    """Where a file is written before it is put in place: always there, so that the next build tidies up after a kill."""
    return path.with_name(f".{path.name[:60]}.notedeck")
