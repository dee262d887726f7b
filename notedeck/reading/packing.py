"""Plain values and our own dataclasses <-> bytes, for what travels or is kept.

Bytes are opened for these alone: bytes that somebody else made run nothing.
"""

from __future__ import annotations

import io
import pickle
from collections.abc import Callable
from dataclasses import fields, is_dataclass
from functools import cache
from importlib import import_module
from operator import attrgetter
from typing import Any

from notedeck.machine.quick import quick

UNREADABLE = (ValueError, EOFError, AttributeError, ImportError, IndexError, KeyError, TypeError, pickle.UnpicklingError)
"""What `loaded` raises for bytes that nobody dumped here."""


def dumped(value: object) -> bytes:
    """A value of plain types and our own dataclasses as bytes."""
    stream = io.BytesIO()
    _Pickler(stream, 5).dump(value)
    return stream.getvalue()


def loaded(data: bytes) -> Any:
    """The value that was dumped. Raises one of `UNREADABLE`."""
    return _Unpickler(io.BytesIO(data)).load()


class _Reductions(dict[type, Callable[[Any], Any]]):
    """How each dataclass of ours is written: as its class and values, which is read in half the time of its state."""

    def __missing__(self, kind: type) -> Callable[[Any], Any]:
        if not is_dataclass(kind) or not _ours(kind.__module__, kind.__name__):
            raise KeyError(kind)
        names = [field.name for field in fields(kind)]
        get: Callable[[Any], Any] = attrgetter(*names)
        self[kind] = (lambda value: (kind, get(value))) if len(names) > 1 else (lambda value: (kind, (get(value),)))
        return self[kind]


_REDUCTIONS = _Reductions()


class _Pickler(pickle.Pickler):
    """Writes plain values as usual, and dataclasses of ours."""

    dispatch_table = _REDUCTIONS


class _Unpickler(pickle.Unpickler):
    """Makes our own dataclasses and nothing else."""

    def find_class(self, module: str, name: str) -> Any:
        found = _maker(module, name)
        if found is None:
            raise pickle.UnpicklingError(f"{module}.{name}")
        return found


@cache
def _maker(module: str, name: str) -> type | None:
    """What makes a dataclass of ours, by the dataclass's name."""
    found = _ours(module, name)
    return quick(found) if found and "__slots__" in vars(found) and not hasattr(found, "__post_init__") else found


@cache
def _ours(module: str, name: str) -> type | None:
    """A dataclass of ours by its name."""
    found = getattr(import_module(module), name, None) if module.startswith("notedeck.") else None
    return found if isinstance(found, type) and is_dataclass(found) and found.__module__ == module else None
