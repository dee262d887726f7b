"""How long a sync takes, against what Anki itself takes for as much, all measured in the same run.

    .venv/bin/python benchmarks/sync.py [--cards 10000] [--rounds 3] [--port 8765]

Without `--port` the Anki is the tests' server over a real collection, in a process of its own. With it, it is the one that runs here: of a fresh
profile, since ten thousand notes go into it, and with one round, as only the first sync is one.
"""

from __future__ import annotations

import argparse
import json
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import Any

from made_notes import Shape, write_notes
from measure import run

HERE = Path(__file__).resolve().parent
BUILD = HERE.parent / "build.py"
SERVER = """
import pathlib, sys, time
sys.path.insert(0, sys.argv[1])
from tests.anki_oracle import Anki
from tests.anki_server import AnkiConnect, served
with Anki(pathlib.Path(sys.argv[2])) as anki, served(AnkiConnect(anki)) as port:
    print(port, flush=True)
    time.sleep(3600)
"""


def main() -> None:
    """Measure, and print a table."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--cards", type=int, default=10_000)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--port", type=int, default=0)
    args = parser.parse_args()
    rounds = [_round(args.cards, args.port) for _ in range(1 if args.port else args.rounds)]
    taken = {name: statistics.median(one[name] for one in rounds) for name in rounds[0]}
    for name, seconds in taken.items():
        print(f"{name:24} {seconds:6.2f} s")
    first = taken["first sync"] / (taken["dialog's import"] + taken["first build"])
    print(f"first sync; the dialog's import and a build: {first:.2f}, at most 1.5")
    for name in ("nothing to do", "one edit"):
        ratio = taken[name] / (taken["notesInfo of all"] + taken[f"build, {name}"])
        print(f"{name}; one notesInfo of all and a build: {ratio:.2f}, at most 2")


def _round(cards: int, port: int) -> dict[str, float]:
    with tempfile.TemporaryDirectory() as place, _anki(Path(place) / "anki", port) as listening:
        folder = Path(place)
        notes = folder / "notes"
        write_notes(notes, replace(Shape(), cards=cards))
        (notes / "deck.toml").write_text(f"[sync]\nport = {listening}\n")
        taken = {"first build": _built(folder)}
        packages = [one for one in (folder / "decks").glob("*.apkg") if " - " not in one.name]
        ours = subprocess.run([sys.executable, str(HERE / "anki_side.py"), "import", *packages], capture_output=True, text=True, check=True)
        taken["dialog's import"] = sum(map(float, ours.stdout.split()))
        for one in (folder / "decks", folder / "cache", notes / "cards.lock"):
            shutil.rmtree(one) if one.is_dir() else one.unlink()
        taken["first sync"] = _built(folder, "--sync")
        taken["notesInfo of all"] = _notes_info(listening)
        taken["build, nothing to do"] = _built(folder)
        taken["nothing to do"] = _built(folder, "--sync")
        _edit(notes, "하나")
        taken["build, one edit"] = _built(folder)
        _edit(notes, "둘")
        taken["one edit"] = _built(folder, "--sync")
        return taken


@contextmanager
def _anki(folder: Path, port: int) -> Iterator[int]:
    """The port of the Anki that is there, or of the tests' server."""
    if port:
        yield port
        return
    server = subprocess.Popen([sys.executable, "-c", SERVER, str(HERE.parent), str(folder)], stdout=subprocess.PIPE, text=True)
    assert server.stdout
    try:
        yield int(server.stdout.readline())
    finally:
        server.terminate()
        server.wait()


def _built(folder: Path, *options: str) -> float:
    """Seconds of a build."""
    command = [sys.executable, str(BUILD), str(folder / "notes"), "-o", str(folder / "decks"), *options]
    return run(command, {"NOTEDECK_CACHE": str(folder / "cache"), "LC_ALL": "C.UTF-8"}).wall


def _edit(notes: Path, word: str) -> None:
    """Edit one answer."""
    path = min(notes.rglob("*.md"))
    lines = path.read_text("utf-8").split("\n")
    place = next(number for number, line in enumerate(lines) if line.endswith("다."))
    lines[place] = f"{lines[place]} {word}이다."
    path.write_text("\n".join(lines), "utf-8")


def _notes_info(port: int) -> float:
    """Seconds of one question for all notes, as Anki answers it."""
    numbers = _ask(port, "findNotes", query="deck:*")
    started = time.perf_counter()
    _ask(port, "notesInfo", notes=numbers)
    return time.perf_counter() - started


def _ask(port: int, action: str, **parameters: Any) -> Any:
    asked = json.dumps({"action": action, "version": 6, "params": parameters}).encode()
    with urllib.request.urlopen(urllib.request.Request(f"http://127.0.0.1:{port}", asked)) as answer:
        return json.load(answer)["result"]


if __name__ == "__main__":
    main()
