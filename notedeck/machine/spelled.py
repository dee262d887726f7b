"""A path as somebody typed it -> the same path as the disk spells it, where it does not tell large letters from small ones.

What the lock knows of a source is its path, so another spelling of the same folder would make other notes of all that is in it.
"""

from __future__ import annotations

import os
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
    try:
        names = os.listdir(folder)
        others = (name for name in names if alike(name) == alike(part) and (folder / name).samefile(folder / part))
        return part if part in names else next(others, part)
    except OSError:
        return part
