"""The command line's NOTES -> sources, in the order in which a person would list them.

Folders are walked, zips are read like folders. Files of notes are found first; of several that hold one page the
newest counts; then the texts are read, and the rows of databases meet their pages.
"""

from __future__ import annotations

import os
import re
from collections import Counter
from collections.abc import Collection, Iterator, Mapping, Sequence, Set
from dataclasses import dataclass, replace
from pathlib import Path

from notedeck.config import Config
from notedeck.diagnostics import Diagnostic, Span
from notedeck.machine.page import is_ours
from notedeck.plain import natural
from notedeck.sources.archive import SITEMAP, PackedTree, read_zip
from notedeck.sources.copies import Found, newest, without_copies
from notedeck.sources.databases import with_rows
from notedeck.sources.files import DiskFile, DiskTree, Tree, why_unread
from notedeck.sources.ignoring import Ignoring
from notedeck.sources.names import is_wrapper, listed, page_id, page_ids, portable, seen_from, shown, unwrapped, without_id
from notedeck.sources.pictures import KINDS as PICTURES
from notedeck.sources.root import Root
from notedeck.sources.source import Form, Source
from notedeck.sources.text import NotTextError, decode
from notedeck.sources.zips import Budget, RefusedError, megabytes

FORMS: Mapping[str, Form] = {
    ".md": Form.MARKDOWN,
    ".markdown": Form.MARKDOWN,
    ".txt": Form.MARKDOWN,
    ".html": Form.HTML,
    ".htm": Form.HTML,
    ".csv": Form.CSV,
}
ZIP = ".zip"
KINDS = (*FORMS, ZIP)
"""Files of notes that can be read."""
LARGEST: Mapping[Form, int] = {Form.MARKDOWN: 32 << 20, Form.HTML: 64 << 20, Form.CSV: 32 << 20}
"""Bytes."""
_ARTICLE = re.compile(r'<article id="([0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12})"')
_OTHERS = frozenset({"__macosx", "node_modules"})
"""Folders that programs fill."""
_OURS = ("cards.lock", "deck.toml")
"""What counts in the root alone."""


@dataclass(frozen=True, slots=True)
class Notes:
    """All sources of a run."""

    sources: tuple[Source, ...]
    diagnostics: tuple[Diagnostic, ...]
    folders: tuple[str, ...]
    """The folders given whole, as seen from the lock's."""
    pages: frozenset[str]
    """The ids of the pages that a zip, given alone, holds with all that lies below them."""
    trees: Mapping[Path, Tree]
    """Where pictures are looked for, by the folder or zip."""


def read_notes(
    paths: Sequence[Path], out: Path, root: Root, config: Config | None = None, used: Collection[Path] = (), look: Path | None = None
) -> Notes:
    """Read all files of notes in `paths`, named as seen from the lock's folder; the output folder `out` and the templates in `look` are none.

    `used` are the lock and the deck.toml that count.
    """
    others = {folder.resolve() for folder in (out, look) if folder}
    walk = _Walk(others, root.home, frozenset(path.resolve() for path in used))
    for path in paths:
        walk.take(path, root.base(path, paths))
    kept, told = newest(walk.found)
    walk.diagnostics += [*told, *_alike(kept)]
    read = [(one, source) for one in _told_apart(kept) if (source := _read(one, [] if one.is_ignored else walk.diagnostics))]
    sources, told = without_copies(read)
    walk.diagnostics += told
    folders = tuple(dict.fromkeys(seen_from(root.home, path) for path in paths if path.is_dir()))
    return Notes(with_rows(sources, config or Config()), tuple(walk.diagnostics), folders, frozenset(walk.pages), walk.trees)


class _Walk:
    """Gathers the files of notes, and what is wrong with the places where they lie."""

    def __init__(self, others: Set[Path], home: Path, used: frozenset[Path]) -> None:
        self.others = others
        self.names = {folder.name.casefold() for folder in others}
        self.used = used
        self.ignoring = Ignoring(home)
        self.home = home
        self.found: list[Found] = []
        self.diagnostics: list[Diagnostic] = []
        self.trees: dict[Path, Tree] = {}
        self.pages: set[str] = set()
        self.budget = Budget()
        self.seen: set[Path] = set()

    def tell(self, path: Path, code: str, *details: str) -> None:
        """Say what is wrong with a path."""
        self.diagnostics.append(Diagnostic(Span(str(path)), code, details))

    def take(self, path: Path, base: Path) -> None:
        """Find the notes of one path that was given, seen from `base`."""
        before, told, self.ignoring = len(self.seen), len(self.diagnostics), Ignoring(base)
        if path.is_dir() or path.suffix.lower() in FORMS:
            tree = path if base == path.parent != self.home else base
            self.trees.setdefault(tree, DiskTree(tree))
        if not path.exists():
            self.tell(path, "not-found")
        elif path.is_dir():
            self.folder(path, base)
        elif path.suffix.lower() == ZIP:
            self.zip(path, base, is_alone=True)
        elif path.suffix.lower() in FORMS:
            self.file(path, base)
        else:
            self.tell(path, "unknown-kind", ", ".join(KINDS))
        if len(self.seen) == before and len(self.diagnostics) == told and path.is_dir():
            self.tell(path, "no-notes")

    def folder(self, folder: Path, root: Path) -> None:
        """Files of notes below a folder: of each folder first its own, then those of the folders and zips in it."""
        waiting = [folder]
        while waiting:
            here = waiting.pop()
            if here != folder and _is_zip(here.name) and here.is_file():
                self.zip(here, root)
            else:
                waiting += reversed(self.inside(here, root))

    def inside(self, folder: Path, root: Path) -> list[Path]:
        """Take a folder's own files of notes; the folders and zips in it. Hidden ones, Notion's sitemap and our own output are passed by."""
        try:
            entries = sorted(os.scandir(folder), key=lambda one: natural(without_id(one.name)))
        except OSError as error:
            self.tell(folder, "unreadable", why_unread(error, folder))
            return []
        has_pages = any(page_id(entry.name) for entry in entries)
        is_attached = bool(page_ids(seen_from(root, folder)))
        places = []
        for entry in entries:
            path = folder / entry.name
            if is_passed_by(entry.name) or (has_pages and entry.name == SITEMAP):
                continue
            if entry.is_symlink():
                self.link(path, root, is_dir=_is_folder(entry))
            elif (_is_folder(entry) and not self.is_other(path)) or (entry.is_file() and _is_zip(entry.name) and not is_attached):
                places.append(path)
            elif entry.is_file() and path.suffix.lower() in FORMS:
                self.file(path, root)
            elif entry.name in _OURS and self.used and path.resolve() not in self.used:
                self.tell(path, "below-root", str(self.home))
        return places

    def is_other(self, folder: Path) -> bool:
        """Whether a folder is none of notes, or made by a program; the name is asked first, since each resolving looks at all folders above."""
        return (folder.name.casefold() in self.names and folder.resolve() in self.others) or self.ignoring.is_made(folder)

    def link(self, path: Path, root: Path, *, is_dir: bool) -> None:
        """A link that stays inside leads to what is read anyway; one that leads out is told."""
        try:
            leads_out = not path.resolve().is_relative_to(root.resolve())
        except (OSError, RuntimeError):
            return
        if leads_out and (is_dir or path.suffix.lower() in KINDS):
            self.tell(path, "link-outside")

    def file(self, path: Path, root: Path) -> None:
        """A file of notes on disk."""
        if not self.is_new(path):
            return
        parts = self.parts(self.home, path.parent, portable(path.name))
        inside = parts if root == self.home else self.parts(root, path.parent, portable(path.name))
        self.found.append(
            Found(
                file=DiskFile(path),
                path=str(path),
                name="/".join(parts),
                inside=shown("/".join(inside)),
                folder=path.parent,
                form=FORMS[path.suffix.lower()],
                is_ignored=self.ignoring.leaves_out(path),
            )
        )

    def zip(self, path: Path, root: Path, *, is_alone: bool = False) -> None:
        """The files of notes in a zip; the zip's own name matters only where no page's id does."""
        if not self.is_new(path):
            return
        tree, told = read_zip(path, self.budget)
        is_ignored = self.ignoring.leaves_out(path)
        self.trees[path] = tree
        self.diagnostics += [] if is_ignored else told
        names = sorted((name for name in tree.files() if _is_note(name, tree)), key=lambda name: listed(tuple(name.split("/"))))
        own = () if is_wrapper(path.name) else (portable(path.stem),)
        for name in names:
            folder, _, last = name.rpartition("/")
            called = () if page_ids(name) else own
            parts = self.parts(self.home, path.parent, *called, name)
            self.found.append(
                Found(
                    file=tree.packed[name],
                    path=f"{path}/{shown(name)}",
                    name="/".join(parts),
                    inside=shown("/".join(self.parts(root, path.parent, *called, name))),
                    folder=path / folder,
                    form=FORMS[_suffix(last)],
                    packed_in=path,
                    is_ignored=is_ignored,
                )
            )
        if not names and not told and (is_alone or not any(_suffix(name) in PICTURES for name in tree.packed)):
            self.tell(path, "no-notes" if is_alone else "zip-empty")
        if is_alone:
            self.pages |= {found for name in names if (found := page_id(name.split("/", 1)[0]))}

    def parts(self, root: Path, folder: Path, *below: str) -> tuple[str, ...]:
        """The parts of a path below a folder, as seen from `root`, without what an export wraps them into."""
        return unwrapped(tuple(part for path in (seen_from(root, folder), *below) for part in path.split("/") if part))

    def is_new(self, path: Path) -> bool:
        """Whether a file was not given before."""
        target = path.resolve()
        is_new = target not in self.seen
        self.seen.add(target)
        return is_new


def is_passed_by(name: str) -> bool:
    """Whether what has this name in a folder of notes is none of them: hidden, or a folder that programs fill."""
    return name.startswith(".") or name.casefold() in _OTHERS


def _is_folder(entry: os.DirEntry[str]) -> bool:
    """Whether an entry is a folder; a link that leads in circles is none."""
    try:
        return entry.is_dir()
    except OSError:
        return False


def _is_note(name: str, tree: PackedTree) -> bool:
    folder, _, last = name.rpartition("/")
    is_skipped = any(part.casefold() in _OTHERS for part in name.split("/"))
    is_sitemap = last == SITEMAP and any(map(page_id, tree.names(folder)))
    return _suffix(last) in FORMS and not is_skipped and not is_sitemap


def _suffix(name: str) -> str:
    return Path(name).suffix.lower()


def _is_zip(name: str) -> bool:
    return _suffix(name) == ZIP


def _told_apart(found: Sequence[Found]) -> Iterator[Found]:
    """Pages of one title in one folder of a zip, each with the start of its id."""
    counts = Counter(one.path for one in found)
    for one in found:
        mark = page_id(one.name.rpartition("/")[2])[:6]
        stem, dot, suffix = one.path.rpartition(".")
        yield replace(one, path=f"{stem} {mark}{dot}{suffix}") if counts[one.path] > 1 and mark else one


def _alike(found: Sequence[Found]) -> Iterator[Diagnostic]:
    """Files of notes of which a computer that does not tell large letters from small ones keeps but one."""
    known: dict[str, Found] = {}
    for one in found:
        other = known.setdefault(one.name.casefold(), one)
        if other is not one:
            yield Diagnostic(Span(one.path), "names-alike", (other.path,))


def _read(found: Found, diagnostics: list[Diagnostic]) -> Source | None:
    """A file of notes, read; None if it cannot be, or if it is a page that we wrote ourselves."""
    span = Span(found.path)
    try:
        if (size := found.file.size) > LARGEST[found.form]:
            diagnostics.append(Diagnostic(span, "too-large", (megabytes(size), megabytes(LARGEST[found.form]))))
            return None
        text, encoding = decode(found.bytes())
    except NotTextError:
        diagnostics.append(Diagnostic(span, "not-text"))
        return None
    except RefusedError as error:
        diagnostics.append(Diagnostic(span, error.code, error.details))
        return None
    except OSError as error:
        diagnostics.append(Diagnostic(span, "unreadable", (why_unread(error, Path(found.path)),)))
        return None
    if found.form is Form.HTML and is_ours(text):
        return None
    if encoding != "utf-8":
        diagnostics.append(Diagnostic(span, "encoding", (encoding.upper(),)))
    page = page_id(found.name.rpartition("/")[2]) or _article_id(text, found.form)
    return Source(found.path, found.name, found.inside, text, found.folder, found.form, page, is_ignored=found.is_ignored)


def _article_id(text: str, form: Form) -> str:
    """The id that a page of an HTML export has inside, for one whose file was renamed."""
    found = _ARTICLE.search(text) if form is Form.HTML else None
    return found[1].replace("-", "") if found else ""
