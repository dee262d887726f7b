"""Files that another program holds open: Windows lets nobody replace or remove them until that is done."""

from __future__ import annotations

import time
from collections.abc import Callable
from pathlib import Path

_HELD = frozenset({5, 32, 33})
"""Windows says of a file that is open elsewhere that access is denied (as of one that is read-only), or that its sharing or a lock forbids it."""
_PAUSES = (0.05, 0.1, 0.2, 0.4, 0.8, 1.6)
"""Seconds between tries: a virus scanner is done within a moment, and Anki with most packages."""


class HeldError(PermissionError):
    """Another program holds a file open, and does not let it go."""


def patiently(work: Callable[[], object]) -> None:
    """Do something to a file, again for some seconds as long as another program holds it. Raises OSError, of which HeldError is one."""
    for pause in _PAUSES:
        try:
            work()
        except PermissionError as error:
            if not _is_held(error):
                raise
            time.sleep(pause)
        else:
            return
    try:
        work()
    except PermissionError as error:
        if _is_held(error):
            raise HeldError(error.errno, error.strerror, error.filename) from error
        raise


def named(error: OSError, path: Path) -> OSError:
    """The same error, of the file that was meant."""
    kind = HeldError if isinstance(error, HeldError) else OSError
    return kind(error.errno, error.strerror, str(path))


def _is_held(error: PermissionError) -> bool:
    return getattr(error, "winerror", None) in _HELD
