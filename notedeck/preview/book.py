"""A book as one HTML file beside its package: the same cards, for those who have no Anki.

Pictures are in it up to a size, and beyond that in a folder beside it. Same notes, same bytes.
"""

from __future__ import annotations

import base64
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from urllib.parse import quote

from notedeck.identity.notes import Note
from notedeck.machine.cache import Cache
from notedeck.machine.mediatypes import MEDIA, is_played
from notedeck.machine.output import Wanted
from notedeck.machine.page import Page
from notedeck.packages.decktree import PackagePlan
from notedeck.packages.notetypes import NoteType
from notedeck.places.decks import file_name
from notedeck.plain import digest
from notedeck.sources.pictures import Picture

_FORMAT = "2"
"""Moves when this module, or what it uses, writes another file for the same notes."""
_MEGABYTE = 1_000_000
_BESIDE = "img-src data: 'self' file:"
_INSIDE = "img-src data:"
_PLAYED_BESIDE = "; media-src data: 'self' file:"
_PLAYED_INSIDE = "; media-src data:"

KINDS = MEDIA
"""A file's suffix -> its media type."""


def media_type(name: str) -> str:
    """The media type of a picture, a sound or a film, by its name in Anki."""
    return KINDS[f".{name.rpartition('.')[2]}"]


@dataclass(frozen=True, slots=True)
class _Pictures:
    """Where a page has its pictures."""

    inside: tuple[Picture, ...]
    beside: tuple[Picture, ...]
    folder: str
    """The folder that holds those beside."""


def parents(notes: Sequence[Note]) -> dict[str, str]:
    """The ID of the card that each follow-up follows up, by the follow-up's guid."""
    ids = {note.locked.guid: note.locked.id for note in notes}
    return {note.locked.guid: ids[note.locked.parent] for note in notes if note.locked.parent in ids}


def book_files(
    plan: PackagePlan, page: Page, types: Sequence[NoteType], ids: Mapping[str, str], packed: str, megabytes: int, cache: Cache
) -> Iterator[Wanted]:
    """The files of one book's page. `packed` is the digest of what its package holds, `megabytes` how much of pictures goes inside."""
    pictures = _shared_out(plan, megabytes * _MEGABYTE)
    above = [f"{packed.guid} {ids.get(packed.guid, '')}" for packed in plan.notes]
    content = digest(_FORMAT, packed, page.fingerprint, str(megabytes), *above).hex()
    for picture in pictures.beside:
        yield Wanted(f"{pictures.folder}/{picture.name}", picture.name, picture.file.read_bytes, matter=plan.book)
    made = partial(_book_bytes, plan, page, types, ids, pictures, cache)
    yield Wanted(file_name(_stem(plan), ".html"), content, made, size=len(above), matter=plan.book, imports=("notedeck.preview.data",))


def _stem(plan: PackagePlan) -> str:
    """The name of the book's package, which no other book has."""
    return plan.file.removesuffix(".apkg")


def _shared_out(plan: PackagePlan, size: int) -> _Pictures:
    """Which pictures go inside and which beside: small ones first, so that most are inside."""
    found = plan.pictures
    inside: list[Picture] = []
    for bytes_, name in sorted((picture.file.size, name) for name, picture in found.items()):
        size -= bytes_
        if size >= 0:
            inside.append(found.pop(name))
    return _Pictures(tuple(inside), tuple(found.values()), file_name(_stem(plan), " 그림"))


def _book_bytes(plan: PackagePlan, page: Page, types: Sequence[NoteType], ids: Mapping[str, str], pictures: _Pictures, cache: Cache) -> bytes:
    addresses = {picture.name: _data_address(picture) for picture in pictures.inside}
    addresses |= {picture.name: quote(f"{pictures.folder}/{picture.name}") for picture in pictures.beside}
    from notedeck.preview.data import book_data

    data = book_data(plan, types, ids, addresses, cache)
    return page.html(plan.book, data, _policy(pictures)).encode()


def _policy(pictures: _Pictures) -> str:
    """From where a page may show and play."""
    shown, played = (_BESIDE, _PLAYED_BESIDE) if pictures.beside else (_INSIDE, _PLAYED_INSIDE)
    return shown + (played if any(is_played(one.name) for one in (*pictures.inside, *pictures.beside)) else "")


def _data_address(picture: Picture) -> str:
    return f"data:{media_type(picture.name)};base64,{base64.b64encode(picture.file.read_bytes()).decode()}"
