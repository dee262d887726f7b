"""How fast a build is, against what it cannot be faster than, all measured in the same run and in turn.

    .venv/bin/python benchmarks/speed.py [--rounds 5] [--only cold warm start growth shapes matching anki] [--write]

Makes the notes (seeded), runs the commands, and prints medians and ratios as a table. With `--write` the table goes into benchmarks/README.md
and the growth into benchmarks/growth.png. The limit is benchmarks/limit.py: what the disk and SQLite take for what the build writes.
"""

from __future__ import annotations

import argparse
import json
import os
import shutil
import sqlite3
import statistics
import subprocess
import sys
import tempfile
import zipfile
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from pathlib import Path

from made_notes import Shape, write_notes
from measure import Case, Measured, in_turn, run

HERE = Path(__file__).resolve().parent
BUILD = HERE.parent / "build.py"
BASE = Shape()
SMALL = Shape(cards=2_500, files=25, pictures=25)
TIMES = 4
"""How much larger than a small shape its large one is."""
NEARLY = 1.1
"""What a growth may be above linear: n log n, and what the machine does beside."""


@dataclass(frozen=True, slots=True)
class Row:
    """A row of the table: what is at most how many times what."""

    what: str
    measured: str
    against: str
    ratio: float
    bound: float

    def __str__(self) -> str:
        holds = "yes" if self.ratio <= self.bound else "**no**"
        return f"| {self.what} | {self.measured} | {self.against} | {self.ratio:.2f} | {self.bound:g} | {holds} |"


class Bench:
    """A folder for the notes and decks of one run."""

    def __init__(self, folder: Path, rounds: int) -> None:
        self.folder = folder
        self.rounds = rounds
        self.environment = {"XDG_CACHE_HOME": str(folder / "cache"), "LC_ALL": "C.UTF-8"}
        self.edits = 0

    def notes(self, name: str, shape: Shape) -> Path:
        """The notes of a shape, made once, in a folder by whose name no book is called."""
        notes = self.folder / name / "notes"
        if not notes.exists():
            size = write_notes(notes, shape)
            print(f"  {name}: {shape.cards:,} cards, {shape.files:,} files, {size / 1e6:.1f} MB", file=sys.stderr)
        return notes

    def build(self, notes: Path) -> list[str]:
        """The command that builds some notes."""
        return [sys.executable, str(BUILD), str(notes), "--out", str(self.decks(notes)), "--quiet"]

    def decks(self, notes: Path) -> Path:
        """Where the decks of some notes go."""
        return notes.with_name("decks")

    def forget(self, notes: Path) -> None:
        """Leave the notes alone: no lock, no decks, no cache."""
        (notes / "cards.lock").unlink(missing_ok=True)
        for folder in (self.decks(notes), self.folder / "cache"):
            shutil.rmtree(folder, ignore_errors=True)

    def edit(self, notes: Path) -> None:
        """Say one sentence more in the last answer of one file."""
        self.edits += 1
        path = sorted(notes.rglob("*.md"))[self.edits % 7]
        path.write_text(f"{path.read_text('utf-8')}  덧붙인 문장 {self.edits}.\n", "utf-8")

    def cold(self, name: str, notes: Path) -> Case:
        """A first build."""
        return Case(name, self.build(notes), lambda: self.forget(notes))

    def limit(self, name: str, notes: Path) -> Case:
        """What the last build of some notes cannot be faster than."""
        plan = notes.with_name("limit.json")
        out = notes.with_name("limit")
        out.mkdir(exist_ok=True)

        def prepare() -> None:
            plan.write_text(json.dumps({"notes": str(notes), "out": str(out), **_made(self.decks(notes), notes)}), "utf-8")

        return Case(name, [sys.executable, str(HERE / "limit.py"), str(plan)], prepare)

    def measure(self, *cases: Case, rounds: int = 0) -> Measured:
        """Run the cases in turn."""
        return Measured(in_turn(cases, rounds or self.rounds, self.environment))


def _made(decks: Path, notes: Path) -> dict[str, object]:
    """What a build made, in numbers: rows and bytes of their fields for each package, bytes of the lock and of pages."""
    packages = []
    for path in sorted(decks.glob("*.apkg")):
        with tempfile.TemporaryDirectory() as folder, zipfile.ZipFile(path) as package:
            connection = sqlite3.connect(package.extract("collection.anki2", folder))
            packages.append(connection.execute("SELECT count(*), coalesce(sum(length(cast(flds AS blob))), 0) FROM notes").fetchone())
            connection.close()
    return {"packages": packages, "files": [path.stat().st_size for path in (notes / "cards.lock", *decks.glob("*.html"))]}


def cold(bench: Bench) -> Iterator[Row]:
    """A first build, everything included, against markdown-it-py alone."""
    notes = bench.notes("base", BASE)
    alone = Case("alone", [sys.executable, str(HERE / "markdown_alone.py"), str(notes)])
    found = bench.measure(alone, bench.cold("cold", notes))
    yield _row("Cold: a first build of 10,000 cards in 100 files; markdown-it-py alone on the same text", found, "cold", "alone", 1.2)


def warm(bench: Bench) -> Iterator[Row]:
    """Builds after an edit of one file, and after none, against the limit."""
    notes = bench.notes("base", BASE)
    run(bench.build(notes), bench.environment)
    found = bench.measure(
        bench.limit("limit", notes), Case("edited", bench.build(notes), lambda: bench.edit(notes)), Case("nothing", bench.build(notes))
    )
    yield _row("Warm: one file of 100 edited; the limit", found, "edited", "limit", 2)
    yield _row("Warm: nothing edited; the limit", found, "nothing", "limit", 1)


def start(bench: Bench) -> Iterator[Row]:
    """What needs no build, against the library that reads the command line."""
    cases = [Case(option, [sys.executable, str(BUILD), option]) for option in ("--version", "--help")]
    found = bench.measure(Case("typer", [sys.executable, "-c", "import typer"]), *cases, rounds=4 * bench.rounds)
    for option in ("--version", "--help"):
        yield _row(f"Start: `build.py {option}`; `python -c 'import typer'`", found, option, "typer", 2)


def growth(bench: Bench) -> Iterator[Row]:
    """Ten times as many cards: time, and memory over all processes."""
    small, large = bench.notes("base", BASE), bench.notes("large", replace(BASE, cards=100_000, files=1_000, books=100, pictures=1_000))
    found = bench.measure(bench.cold("10,000", small), bench.cold("100,000", large), rounds=max(bench.rounds // 3, 1))
    yield _row("Growth: 100,000 cards; 10,000 cards", found, "100,000", "10,000", 11)
    bench.forget(large)
    memory = run(bench.build(large), bench.environment, looks_at_memory=True).memory
    yield Row("Memory: 100,000 cards, all processes; 500 MB", f"{memory / 1e6:.0f} MB", "500 MB", memory / 500e6, 1)


def shapes(bench: Bench) -> Iterator[Row]:
    """Nothing is quadratic in chapters, in pictures, in the size of a file or in the number of files."""
    shapes = {
        "chapters": (replace(SMALL, books=1, chapters=10), replace(BASE, books=1, chapters=10), "1,000 chapters in a book; 250"),
        "pictures": (replace(SMALL, pictures=250), replace(BASE, pictures=1_000), "1,000 pictures; 250"),
        "one-file": (replace(SMALL, cards=3_000, files=1, books=1), replace(BASE, cards=12_000, files=1, books=1), "one file of 10 MB; of 2.5 MB"),
        "files": (replace(SMALL, files=250), replace(BASE, files=1_000), "1,000 small files; 250"),
    }
    for name, (one, other, words) in shapes.items():
        small, large = bench.notes(f"{name}-small", one), bench.notes(f"{name}-large", other)
        found = bench.measure(bench.cold("small", small), bench.cold("large", large), rounds=max(bench.rounds // 3, 1))
        yield _row(f"Growth: {words}", found, "large", "small", TIMES * NEARLY)


def matching(bench: Bench) -> Iterator[Row]:
    """Who is who when every text was replaced, by nothing alike and by nothing but alikes."""
    for alike, words in ((False, "nothing is alike"), (True, "everything is alike")):
        found = bench.measure(
            *(_replaced(bench, f"{alike}-{cards}", replace(SMALL, cards=cards, files=cards // 100, alike=alike)) for cards in (1_000, TIMES * 1_000)),
            rounds=max(bench.rounds // 3, 1),
        )
        yield _row(f"Matching: all 4,000 cards replaced, {words}; 1,000", found, f"{alike}-4000", f"{alike}-1000", TIMES * NEARLY)


def _replaced(bench: Bench, name: str, shape: Shape) -> Case:
    """A build after all notes were replaced by others."""
    before, after = bench.notes(f"{name}-before", shape), bench.notes(f"{name}-after", replace(shape, seed=2))
    run(bench.build(before), bench.environment)

    def prepare() -> None:
        shutil.rmtree(bench.decks(after), ignore_errors=True)
        shutil.copy(before / "cards.lock", after / "cards.lock")

    return Case(name, bench.build(after), prepare)


def anki(bench: Bench) -> Iterator[Row]:
    """Anki's own import and export of our packages, against genanki's output and against our files."""
    notes = bench.notes("one-book", replace(BASE, books=1))
    bench.forget(notes)
    run(bench.build(notes), bench.environment)
    package = max(bench.decks(notes).glob("*.apkg"), key=lambda path: path.stat().st_size)

    def side(what: str, *packages: str) -> list[str]:
        command = [sys.executable, str(HERE / "anki_side.py"), what, *packages]
        return subprocess.run(command, check=True, capture_output=True, text=True).stdout.split("\n")[:-1]

    (other,) = side("genanki", str(package))
    pairs = [tuple(map(float, side("import", str(package), other))) for _ in range(2 * bench.rounds)]
    pairs += [tuple(map(float, side("import", other, str(package))))[::-1] for _ in range(2 * bench.rounds)]
    ours, theirs, ratio = (statistics.median(one) for one in zip(*((one, two, one / two) for one, two in pairs), strict=True))
    yield Row("Import: Anki's import of our package of 10,000 cards; of genanki's", _seconds(ours), _seconds(theirs), ratio, NEARLY)
    size, exported = package.stat().st_size, int(side("export", str(package))[0])
    yield Row("Size: our package; Anki's own export of it", f"{size / 1e6:.2f} MB", f"{exported / 1e6:.2f} MB", size / exported, 1)


PARTS: dict[str, Callable[[Bench], Iterator[Row]]] = {
    "cold": cold, "warm": warm, "start": start, "growth": growth, "shapes": shapes, "matching": matching, "anki": anki,
}  # fmt: skip


def _row(what: str, found: Measured, one: str, other: str, bound: float) -> Row:
    measured, against = (f"{_seconds(found.wall(name))} (CPU {_seconds(found.processor(name))})" for name in (one, other))
    return Row(what, measured, against, found.ratio(one, other), bound)


def _seconds(value: float) -> str:
    return f"{value:.2f} s" if value >= 1 else f"{value * 1000:.0f} ms"


def machine() -> str:
    """The cores and the memory of this machine."""
    memory = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / 2**30
    return f"{os.cpu_count()} cores, {memory:.0f} GiB, Python {sys.version.split()[0]}"


def table(rows: list[Row]) -> str:
    """The rows in Markdown."""
    head = ["| What; against what | Measured | Against | Ratio | At most | Holds |", "|---|---|---|---|---|---|"]
    return "\n".join([*head, *map(str, rows)])


def draw(bench: Bench, picture: Path) -> None:
    """Draw how a build grows with the cards: cold, warm, the limit, and markdown-it-py alone."""
    from matplotlib import pyplot

    sizes = (1_000, 3_000, 10_000, 30_000, 100_000)
    lines: dict[str, list[float]] = {}
    for cards in sizes:
        notes = bench.notes(f"growth-{cards}", replace(BASE, cards=cards, files=cards // 100, books=cards // 1_000, pictures=cards // 100))
        alone = Case("markdown-it-py alone", [sys.executable, str(HERE / "markdown_alone.py"), str(notes)])
        nothing = Case("nothing edited", bench.build(notes))
        found = bench.measure(bench.cold("cold", notes), alone, nothing, bench.limit("limit", notes), rounds=1)
        for name in found.runs:
            lines.setdefault(name, []).append(found.wall(name))
    figure, axes = pyplot.subplots(figsize=(7, 4.5), dpi=110)
    for name, seconds in lines.items():
        axes.loglog(sizes, seconds, marker="o", label=name)
    axes.set(xlabel="cards", ylabel="seconds", title=f"A build by the number of its cards ({machine()})")
    axes.grid(visible=True, which="both", alpha=0.25)
    axes.legend()
    figure.tight_layout()
    figure.savefig(picture)


def write(text: str, file: Path, name: str) -> None:
    """Put a text between its two marks in a file."""
    before, opening, rest = file.read_text("utf-8").partition(f"<!-- {name} -->\n")
    _, closing, after = rest.partition(f"<!-- /{name} -->")
    file.write_text(f"{before}{opening}{text}\n{closing}{after}", "utf-8")


def main() -> None:
    """Measure what the command line asks for."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--only", nargs="+", choices=PARTS, default=list(PARTS))
    parser.add_argument("--write", action="store_true", help="into benchmarks/README.md and growth.png")
    options = parser.parse_args()
    rows: list[Row] = []
    with tempfile.TemporaryDirectory(prefix="notedeck-speed-") as folder:
        bench = Bench(Path(folder), options.rounds)
        for name in options.only:
            print(name, file=sys.stderr)
            rows += PARTS[name](bench)
        if options.write:
            draw(bench, HERE / "growth.png")
            write(f"Measured with {machine()}, {options.rounds} rounds.\n\n{table(rows)}", HERE / "README.md", "speed")
    print(f"{machine()}\n\n{table(rows)}")


if __name__ == "__main__":
    main()
