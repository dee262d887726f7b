"""A path as somebody typed it -> the same path as the disk spells it, where it does not tell large letters from small ones.

What the lock knows of a source is its path, so another spelling of the same folder would make other notes of all that is in it.
"""

from __future__ import annotations

import os
import unicodedata
from pathlib import Path

from notedeck.plain import alike


def as_on_disk(path: Path) -> Path:
    """The same path, each part spelled as its folder lists it; what is not there, as it was typed."""
    here = Path(path.anchor)
    for part in path.relative_to(here).parts:
        here /= part if part == ".." else _listed(here, part)
    return here


def _listed(folder: Path, part: str) -> str:
    """A name in a folder as that lists it; one that is not there, or of a folder that cannot be listed, as it was typed."""
    if not any(os.path.lexists(folder / other) for other in _otherwise(part)):
        return part  # no folder is listed for nothing: that of temporary files may hold tens of thousands
    try:
        names = os.listdir(folder)
        others = (name for name in names if alike(name) == alike(part) and (folder / name).samefile(folder / part))
        return part if part in names else next(others, part)
    except OSError:
        return part


def _otherwise(part: str) -> set[str]:
    """A name in other spellings, one of which leads to the same file where the disk does not tell them apart."""
    swapped = "".join(one.swapcase() if len(one.swapcase()) == 1 else one for one in part)
    return {swapped, unicodedata.normalize("NFC", part), unicodedata.normalize("NFD", part)} - {part}
