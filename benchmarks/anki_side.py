"""What Anki takes for a package: the seconds of its import, or the bytes of its own export of the same notes.

    python benchmarks/anki_side.py import PACKAGE …      in turn, after one that is not measured, since the first one in a process takes longest
    python benchmarks/anki_side.py export PACKAGE …
    python benchmarks/anki_side.py genanki PACKAGE …     write PACKAGE.genanki.apkg, as genanki itself writes the same notes

Each package goes into a fresh collection, a line of the result for each.
"""

from __future__ import annotations

import json
import sqlite3
import sys
import tempfile
import time
import warnings
import zipfile
from pathlib import Path

import genanki
from anki.collection import Collection, ExportAnkiPackageOptions, ImportAnkiPackageOptions, ImportAnkiPackageRequest


def imported(package: Path) -> float:
    """Seconds that Anki's import takes."""
    with tempfile.TemporaryDirectory() as folder:
        collection = Collection(str(Path(folder) / "collection.anki2"))
        request = ImportAnkiPackageRequest(package_path=str(package), options=ImportAnkiPackageOptions())
        started = time.perf_counter()
        collection.import_anki_package(request)
        taken = time.perf_counter() - started
        collection.close()
        return taken


def exported(package: Path) -> int:
    """Bytes of Anki's own export of what a package holds, in the form that old and new Ankis read."""
    with tempfile.TemporaryDirectory() as folder:
        collection = Collection(str(Path(folder) / "collection.anki2"))
        collection.import_anki_package(ImportAnkiPackageRequest(package_path=str(package), options=ImportAnkiPackageOptions()))
        sizes = []
        for legacy in (True, False):
            out = Path(folder) / f"{legacy}.apkg"
            options = ExportAnkiPackageOptions(with_scheduling=False, with_deck_configs=False, with_media=True, legacy=legacy)
            collection.export_anki_package(out_path=str(out), limit=None, options=options)
            sizes.append(out.stat().st_size)
        collection.close()
        return min(sizes)


def by_genanki(package: Path) -> str:
    """Write the same notes as genanki writes them, and give the file's name."""
    warnings.simplefilter("ignore")
    out = package.with_suffix(".genanki.apkg")
    with tempfile.TemporaryDirectory() as folder, zipfile.ZipFile(package) as archive:
        connection = sqlite3.connect(archive.extract("collection.anki2", folder))
        types, named = (json.loads(text) for text in connection.execute("SELECT models, decks FROM col").fetchone())
        models = {
            int(key): genanki.Model(int(key), one["name"], fields=one["flds"], templates=one["tmpls"], css=one["css"]) for key, one in types.items()
        }
        decks: dict[int, genanki.Deck] = {}
        query = "SELECT n.mid, n.guid, n.tags, n.flds, c.did, c.due FROM notes n JOIN cards c ON c.nid = n.id ORDER BY c.due"
        for model, guid, tags, fields, deck, due in connection.execute(query):
            note = genanki.Note(models[model], fields.split("\x1f"), tags=tags.split(), guid=guid, due=due)
            note.cards = [genanki.Card(0)]
            decks.setdefault(deck, genanki.Deck(deck, named[str(deck)]["name"])).add_note(note)
        connection.close()
        pictures = json.loads(archive.read("media"))
        for number, name in pictures.items():
            (Path(folder) / name).write_bytes(archive.read(number))
        tempfile.tempdir = folder
        genanki.Package(list(decks.values()), [str(Path(folder) / name) for name in pictures.values()]).write_to_file(out)
        tempfile.tempdir = None
    return str(out)


if __name__ == "__main__":
    if sys.argv[1] == "import":
        imported(Path(sys.argv[-1]))
    for name in sys.argv[2:]:
        print({"import": imported, "export": exported, "genanki": by_genanki}[sys.argv[1]](Path(name)))
