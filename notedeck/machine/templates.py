"""Where the files of the templates lie: in a folder of the author's own, file by file, and with the program for the rest."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from notedeck.diagnostics import Diagnostic, Span
from notedeck.machine.dangers import Danger, dangers_in_html, dangers_in_style

FOLDERS = ("qa", "cloze", "page")
"""What a folder of templates holds."""
_STYLES = (".css", ".part")
_PAGE = (*_STYLES, ".js")
"""Of the page, files of any name count."""


def holds_templates(folder: Path) -> bool:
    """Whether a folder is one of templates: it holds one of their folders."""
    return any((folder / name).is_dir() for name in FOLDERS)


def chosen(package: Path, own: Path | None, name: str) -> Path:
    """A file of the templates: the author's own, if there is one."""
    return own / name if own and (own / name).is_file() else package / name


def named(package: Path, own: Path | None, suffix: str) -> list[str]:
    """The names of all files of a kind in a folder of the program's and in the author's own."""
    return sorted({path.name for folder in (package, own) if folder for path in folder.glob(f"*{suffix}")})


def own_files(package: Path, own: Path) -> list[str]:
    """The author's own files, by their paths in the folder; one that is a copy of the program's is not theirs."""
    known = {path.relative_to(package).as_posix() for folder in FOLDERS for path in (package / folder).glob("*")}
    known |= {path.relative_to(own).as_posix() for path in (own / "page").glob("*") if path.suffix in _PAGE}
    return sorted(name for name in known if (own / name).is_file() and not _is_copy(package / name, own / name))


def _is_copy(one: Path, other: Path) -> bool:
    try:
        return one.read_text("utf-8") == other.read_text("utf-8")  # text, since git may have written other line ends
    except (OSError, UnicodeDecodeError):
        return False


def template_dangers(own: Path, names: list[str]) -> Iterator[Diagnostic]:
    """What in the author's own files could run or load something, or leads out of their folder."""
    for name in names:
        path = own / name
        if not path.resolve().is_relative_to(own.resolve()):
            yield Diagnostic(Span(str(path)), "template-danger", (str(path.resolve()),))
            continue
        yield from (Diagnostic(Span(str(path), line, line + 1), "template-danger", (what,)) for line, what in _dangers(path))


def _dangers(path: Path) -> Iterator[Danger]:
    """The page's frame and its scripts are programs as they stand; what cannot be read is told where it is read."""
    if path.suffix == ".js" or path.name == "page.html":
        yield 0, path.name
        return
    try:
        text = path.read_text("utf-8-sig")
    except (OSError, UnicodeDecodeError):
        return
    yield from dangers_in_style(text) if path.suffix in _STYLES else dangers_in_html(text)
