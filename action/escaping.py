"""Texts of notes -> text that GitHub shows and does nothing with: no mention, link, picture, formula, command or cell of a table.

In `<code>` GitHub looks for no names, numbers and addresses; all but letters and digits is written as numbers, which Markdown and its
tables take for text.
"""

from __future__ import annotations

_CODE = "<code>{}</code>"
_NOTHING = "—"


def shown(text: str, most: int = 120) -> str:
    """A text in one line and at most so many characters, as it may stand in a cell."""
    words = " ".join("".join(one if one.isprintable() else " " for one in text).split())
    if not words:
        return _NOTHING
    cut = words if len(words) <= most else words[: most - 1].rstrip() + "…"
    return _CODE.format("".join(map(_entity, cut)))


def _entity(one: str) -> str:
    """A character; behind an @ stands a space without width, so that it names nobody even where a reader takes code for text."""
    if one.isalnum() or one == " ":
        return one
    return f"&#{ord(one)};" + ("&#8203;" if one == "@" else "")


def command_text(text: str) -> str:
    """A text behind a command of the runner: in one line."""
    return text.replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A")


def command_value(text: str) -> str:
    """A value of a command's property."""
    return command_text(text).replace(":", "%3A").replace(",", "%2C")
