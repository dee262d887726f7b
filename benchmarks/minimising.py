"""Inputs that break something, with all left out that does not matter for it."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import replace

from benchmarks.judging import failure, same_bug
from benchmarks.made_inputs import Folder, Growth
from tests.claims import Text, claims_of_a_folder, claims_of_a_text


def smaller(text: str, holds: Callable[[str], bool], seconds: float = 10) -> str:
    """A text of which nothing can be left out, or not in the time there is, so that something still holds."""
    until = time.monotonic() + seconds
    for separator in ("\n", ""):
        parts = text.split("\n") if separator else list(text)
        length = len(parts) // 2 or 1
        while length and time.monotonic() < until:
            place, left = 0, len(parts)
            while place < len(parts) and time.monotonic() < until:
                less = parts[:place] + parts[place + length :]
                if holds(separator.join(less)):
                    parts = less
                else:
                    place += length
            if len(parts) == left or length > 1:
                length //= 2
        text = separator.join(parts)
    return text


def smaller_text(one: Text, error: BaseException) -> Text:
    """A shorter text that breaks the same claim, with fewer settings if they do not matter."""
    for config in (Text("").config, replace(one.config, in_parent="folded"), replace(one.config, subdecks="auto")):
        if same_bug(failure(claims_of_a_text, replace(one, config=config)), error):
            one = replace(one, config=config)
    text = smaller(one.text, lambda less: same_bug(failure(claims_of_a_text, replace(one, text=less)), error))
    return replace(one, text=text)


def smaller_folder(one: Folder) -> Folder:
    """Fewer files that break the same claim, and shorter ones where bytes can go."""
    error = failure(folder_holds, one)
    if error is None:
        return one

    def holds(less: Folder) -> bool:
        return same_bug(failure(folder_holds, less), error)

    if one.toml and holds(replace(one, toml=b"")):
        one = replace(one, toml=b"")
    for pair in one.files:
        less = replace(one, files=tuple(other for other in one.files if other != pair))
        one = less if less.files and holds(less) else one
    for place, (name, data) in enumerate(one.files):

        def with_data(text: str, place: int = place, name: str = name, whole: Folder = one) -> Folder:
            return replace(whole, files=(*whole.files[:place], (name, text.encode("latin-1")), *whole.files[place + 1 :]))

        one = with_data(smaller(data.decode("latin-1"), lambda less: holds(with_data(less))))
    return one


def smaller_growth(one: Growth, size: int, holds: Callable[[Text], bool]) -> Growth:
    """The same with less around it and in it."""

    def still(less: Growth) -> bool:
        return bool(less.piece) and holds(less.text(size))

    for less in (replace(one, before=""), replace(one, after=""), replace(one, closing=""), replace(one, way="row")):
        changed = replace(
            one, **{name: getattr(less, name) for name in ("before", "after", "closing", "way") if getattr(less, name) != getattr(one, name)}
        )
        one = changed if still(changed) else one
    for name in ("before", "after", "closing"):
        setting = getattr(one, name)
        one = replace(one, **{name: smaller(setting, lambda less, name=name, one=one: still(replace(one, **{name: less})), 20)}) if setting else one
    return replace(one, piece=smaller(one.piece, lambda less: still(replace(one, piece=less)), 60))


def folder_holds(one: Folder) -> None:
    """All claims of a folder."""
    claims_of_a_folder(dict(one.files), one.toml)
