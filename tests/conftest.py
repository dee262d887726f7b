"""Options and settings of all tests."""

from __future__ import annotations

import os
import sys
import tempfile
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from hypothesis import HealthCheck, settings

if TYPE_CHECKING:
    from tests.anki_oracle import Desk

settings.register_profile("quick", max_examples=100, deadline=None, derandomize=True, suppress_health_check=[HealthCheck.too_slow])
settings.register_profile("search", max_examples=5000, deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile(os.environ.get("HYPOTHESIS_PROFILE", "quick"))

# Where the environment forbids to keep what was compiled, each of the many processes that tests start would compile the program anew.
sys.dont_write_bytecode = False
os.environ.pop("PYTHONDONTWRITEBYTECODE", None)

pytest_plugins = ["tests.browser"]


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--rewrite", action="store_true", help="put what comes out into the cases' expected halves; read the diff as a person")


@pytest.fixture
def rewrites(request: pytest.FixtureRequest) -> bool:
    """Whether expected halves are rewritten: never by several processes at once."""
    wanted = bool(request.config.getoption("--rewrite"))
    if wanted and os.environ.get("PYTEST_XDIST_WORKER"):
        pytest.exit("--rewrite needs one process: leave -n out", returncode=2)
    return wanted


@pytest.fixture(scope="session", autouse=True)
def _own_folders(tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    """What tests read is remembered, as it is for everybody, but in a folder of theirs; and so are locks, of which each desk leaves one."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("NOTEDECK_CACHE", str(tmp_path_factory.mktemp("cache")))
        patch.setenv("TMPDIR", str(tmp_path_factory.mktemp("temporary")))
        patch.setattr(tempfile, "tempdir", None)
        yield


# These import the program where they use it, so that the test of its imports can tell of a circle among them.


@pytest.fixture
def files() -> Mapping[str, str]:
    """The notes that `desk` begins with; a module of tests may have its own."""
    from tests.history import FILES

    return FILES


@pytest.fixture
def desk(tmp_path: Path, files: Mapping[str, str]) -> Desk:
    """A desk whose decks were built once."""
    from tests.anki_oracle import Desk, codes

    desk = Desk(tmp_path).write(files)
    assert codes(desk.build()) == []
    return desk
