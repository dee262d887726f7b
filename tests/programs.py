"""The program in this process: as a user runs it, but for the process, which takes longer to start than a small book to build."""

from __future__ import annotations

import gc
import io
import os
import sys
from collections.abc import Callable, Mapping
from contextlib import ExitStack, chdir
from pathlib import Path
from unittest import mock

from notedeck.cli import main


def ended(program: Callable[[], object]) -> tuple[int, str, str]:
    """The exit status of a program that nobody types into, and what it printed on standard output and standard error."""
    out, err = io.BytesIO(), io.BytesIO()
    given, printed, told = (io.TextIOWrapper(one, "utf-8", newline="", write_through=True) for one in (io.BytesIO(), out, err))
    with mock.patch.multiple(sys, stdin=given, stdout=printed, stderr=told):
        try:
            program()
            status = 0
        except SystemExit as end:
            assert isinstance(end.code, int)
            status = end.code
    return status, out.getvalue().decode(), err.getvalue().decode()


def program(folder: Path, arguments: list[str], environment: Mapping[str, str]) -> tuple[int, str, str]:
    """`python build.py …` in a folder: what `ended` says of it; what it sets for its process is as before."""
    with ExitStack() as stack:
        stack.callback(gc.set_threshold, *gc.get_threshold())
        stack.enter_context(mock.patch.multiple(sys, argv=["build.py", *arguments], excepthook=sys.excepthook))
        stack.enter_context(mock.patch.dict(os.environ, environment, clear=True))
        stack.enter_context(chdir(folder))
        return ended(main)
