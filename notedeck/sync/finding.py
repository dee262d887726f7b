"""The Anki that runs on this computer: whether it answers, lets us in, and shows the profile that was meant."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace

from notedeck.sync.connection import AnkiError, Connection

_HELLO = 10.0
"""Seconds in which Anki says hello; a dialog or a sync of its own may hold it back."""
_GLANCE = 1.0
"""Seconds in which it does so to somebody who would only know whether it is there."""
_OLDEST = 6
_SEPARATOR = re.compile(r"[\\/]")


@dataclass(frozen=True, slots=True)
class Found:
    """An Anki that answers."""

    connection: Connection
    profile: str
    actions: frozenset[str]
    """What this version of the add-on can do."""


def find_anki(port: int, key: str, profile: str) -> Found:
    """The Anki behind a port of this computer, with the profile of this name, if any is named. Raises AnkiError.

    The first question is the one that needs no key; it comes from no web page, so Anki asks its user nothing.
    """
    hello = Connection(port, key, _HELLO)
    granted = hello.ask("requestPermission")
    if not isinstance(granted, dict):
        raise AnkiError("anki-other", str(port))
    if granted.get("permission") != "granted":
        raise AnkiError("anki-denied")
    if granted.get("requireApikey") and not key:
        raise AnkiError("anki-key")
    if int(granted.get("version") or 0) < _OLDEST:
        raise AnkiError("anki-old")
    actions = frozenset(hello.ask("apiReflect", scopes=["actions"], actions=None)["actions"])
    shown = _profile(hello, actions)
    if profile and shown != profile:
        raise AnkiError("anki-profile", shown, profile)
    return Found(replace(hello, patience=Connection(port).patience), shown, actions)


def answers(port: int, key: str) -> bool:
    """Whether an Anki answers behind a port of this computer, whatever else it may say; quickly known, and its user is asked nothing."""
    try:
        return isinstance(Connection(port, key, _GLANCE).ask("requestPermission"), dict)
    except AnkiError:
        return False


def _profile(hello: Connection, actions: frozenset[str]) -> str:
    """The profile that is open; older add-ons tell it by the folder of its pictures alone."""
    folder = str(hello.ask("getMediaDirPath"))
    if "getActiveProfile" in actions:
        return str(hello.ask("getActiveProfile"))
    return _SEPARATOR.split(folder)[-2]
