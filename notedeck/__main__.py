"""The program as `python -m notedeck`."""

from notedeck.cli import main

if __name__ == "__main__":  # a process that only reads notes imports this file under another name
    main()
