"""Build Anki decks from study notes: `python build.py --help`."""

import sys

if sys.version_info < (3, 11):
    sys.exit("notedeck needs Python 3.11 or newer; this is " + sys.version.split()[0])

try:
    if __name__ == "__main__":  # a process that only reads notes imports this file under another name
        from notedeck.cli import main

        main()
except ModuleNotFoundError as error:
    if (error.name or "").startswith("notedeck"):
        raise
    sys.exit(f"notedeck needs {error.name}, which is not installed. Run: {sys.executable} -m pip install -r requirements.txt")
