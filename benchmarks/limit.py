"""What no build of these notes can be faster than, as a process of its own: read the files, insert the rows, deflate, write.

    python benchmarks/limit.py PLAN.json

PLAN.json says what a build made, in numbers: `{"notes": folder, "out": folder, "packages": [[rows, bytes of their fields], …], "files":
[bytes of the lock and of pages, …]}`. The rows' text is cut out of the notes themselves, so that it deflates as real rows do.
"""

import io
import json
import os
import sqlite3
import sys
import zipfile

_SCHEMA = """
CREATE TABLE notes (id integer primary key, guid text, mid integer, mod integer, usn integer, tags text, flds text, sfld integer, csum integer,
    flags integer, data text);
CREATE TABLE cards (id integer primary key, nid integer, did integer, ord integer, mod integer, usn integer, type integer, queue integer,
    due integer, ivl integer, factor integer, reps integer, lapses integer, left integer, odue integer, odid integer, flags integer, data text);
CREATE INDEX ix_notes_usn ON notes (usn);
CREATE INDEX ix_cards_usn ON cards (usn);
CREATE INDEX ix_cards_nid ON cards (nid);
CREATE INDEX ix_cards_sched ON cards (did, queue, due);
CREATE INDEX ix_notes_csum ON notes (csum);
"""


def _read(folder: str) -> tuple[str, list[bytes]]:
    """The text of all notes, and the pictures beside them."""
    texts, pictures = [], []
    for place, _, names in os.walk(folder):
        for name in names:
            if not name.endswith((".md", ".png")):
                continue
            with open(os.path.join(place, name), "rb") as stream:  # noqa: PTH118, PTH123 (pathlib is not free)
                (texts if name.endswith(".md") else pictures).append(stream.read())
    return b"\n".join(texts).decode(), pictures


def _package(text: str, width: float, rows: int, size: int, pictures: list[bytes]) -> bytes:
    """A package of so many rows with so many bytes of fields; a character of the text takes `width` bytes."""
    length = max(int(size / width) // max(rows, 1), 1)
    starts = [number * length % max(len(text) - length, 1) for number in range(rows)]
    connection = sqlite3.connect(":memory:")
    connection.executescript(_SCHEMA)
    connection.executemany(
        "INSERT INTO notes VALUES (?, ?, 1, 1, -1, '', ?, 0, 0, 0, '')",
        [(number, f"nd-{number:016}", text[start : start + length]) for number, start in enumerate(starts)],
    )
    connection.executemany(
        "INSERT INTO cards VALUES (?, ?, 1, 0, 1, -1, 0, 0, ?, 0, 0, 0, 0, 0, 0, 0, 0, '')", [(one, one, one) for one in range(rows)]
    )
    connection.commit()
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as package:
        package.writestr("collection.anki2", connection.serialize())
        for number, picture in enumerate(pictures):
            package.writestr(str(number), picture)
    return out.getvalue()


def main() -> None:
    """Do what PLAN.json says."""
    with open(sys.argv[1], encoding="utf-8") as stream:  # noqa: PTH123
        plan = json.load(stream)
    text, pictures = _read(plan["notes"])
    share = pictures[: len(pictures) // max(len(plan["packages"]), 1)]
    whole = text.encode()
    width = max(len(whole), 1) / max(len(text), 1)
    made = [_package(text, width, rows, size, share) for rows, size in plan["packages"]]
    made += [(whole * (size // max(len(whole), 1) + 1))[:size] for size in plan["files"]]
    for number, data in enumerate(made):
        with open(os.path.join(plan["out"], f"{number}.bin"), "wb") as stream:  # noqa: PTH118, PTH123
            stream.write(data)


if __name__ == "__main__":
    main()
