"""The package as somebody gets it: built, installed into an empty environment, run in an empty folder, far from the checkout."""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
import sys
import tarfile
import time
import venv
import zipfile
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from urllib.error import HTTPError
from urllib.request import urlopen

import pytest
from packaging.utils import canonicalize_name

from notedeck import __version__
from tests.anki_oracle import REPO, png, question
from tests.modules import MODULES
from tests.test_metadata import RANGES
from tests.zips import IDS, export

pytestmark = pytest.mark.slow

TEMPLATES = {path.relative_to(REPO).as_posix() for path in (REPO / "templates").rglob("*") if path.is_file()}
HOUSE = {path.relative_to(REPO).as_posix() for path in MODULES.values()}
PAGES: dict[str, str | bytes] = {
    f"운영체제 {IDS['책']}.md": "# 운영체제\n\n## 1장\n\n" + question("[면접질문] 프로세스란 무엇인가요?", "도는 프로그램. ![](a.png)", 3),
    f"운영체제 {IDS['책']}/a.png": png(1),
}


def run(command: Sequence[str | Path], cwd: Path, **environment: str) -> subprocess.CompletedProcess[str]:
    """Run a program where nothing leads to the checkout."""
    known = {name: value for name, value in os.environ.items() if not name.startswith("PYTHON")}
    return subprocess.run(
        [str(one) for one in command],
        cwd=cwd,
        env={**known, "LC_ALL": "C.UTF-8", **environment},
        check=False,
        capture_output=True,
        text=True,
        timeout=600,
    )


def did(done: subprocess.CompletedProcess[str]) -> str:
    """What a program printed that ended well."""
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


@dataclass(frozen=True, slots=True)
class Place:
    """An environment of its own, with the package in it and nothing else but what that needs."""

    folder: Path

    @property
    def bin(self) -> Path:
        return self.folder / ("Scripts" if os.name == "nt" else "bin")

    def install(self, *what: str | Path) -> None:
        did(run([self.bin / "python", "-m", "pip", "install", "--quiet", "--disable-pip-version-check", *what], self.folder))


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Path]:
    """The sdist, and the wheel made of it; `make release` names those that it would publish."""
    folder = Path(os.environ.get("NOTEDECK_DIST") or tmp_path_factory.mktemp("dist"))
    if "NOTEDECK_DIST" not in os.environ:
        did(run([sys.executable, "-m", "build", "--no-isolation", "--outdir", folder, REPO], folder))
    (sdist,), (wheel,) = folder.glob("*.tar.gz"), folder.glob("*.whl")
    return sdist, wheel


@pytest.fixture(scope="module")
def place(built: tuple[Path, Path], tmp_path_factory: pytest.TempPathFactory) -> Place:
    """Where the wheel is installed as pip does it."""
    place = Place(tmp_path_factory.mktemp("place"))
    venv.create(place.folder, with_pip=True)
    place.install(built[1])
    return place


def test_the_wheel_holds_the_program_its_templates_and_its_page(built: tuple[Path, Path]) -> None:
    with zipfile.ZipFile(built[1]) as wheel:
        held = {name for name in wheel.namelist() if ".dist-info/" not in name}
        (metadata,) = (wheel.read(name).decode() for name in wheel.namelist() if name.endswith("/METADATA"))
        licences = [name for name in wheel.namelist() if name.endswith("/licenses/LICENSE")]
    assert held == HOUSE | {f"notedeck/{name}" for name in TEMPLATES}
    assert len(licences) == 1
    assert "License-Expression: MIT" in metadata
    assert {canonicalize_name(one) for one in re.findall(r"^Requires-Dist: ([\w-]+)", metadata, re.MULTILINE)} == set(RANGES)


def test_the_sdist_holds_what_the_wheel_is_made_of(built: tuple[Path, Path]) -> None:
    with tarfile.open(built[0]) as sdist:
        held = {name.partition("/")[2] for name in sdist.getnames()}
    beside = {"LICENSE", "README.md", "README.ko.md", "CHANGELOG.md", "build.py", "pyproject.toml", ".gitignore", "PKG-INFO"}
    assert held == HOUSE | TEMPLATES | beside


def test_a_registry_would_take_both(built: tuple[Path, Path], tmp_path: Path) -> None:
    done = run([sys.executable, "-m", "twine", "check", "--strict", *built], tmp_path, NO_COLOR="1")
    assert did(done).count("PASSED") == 2


def test_in_an_empty_folder_a_notion_zip_becomes_a_deck(place: Place, tmp_path: Path) -> None:
    (name, data), *_ = export(PAGES).items()
    assert isinstance(data, bytes)
    (tmp_path / name).write_bytes(data)
    report = json.loads(did(run([place.bin / "notedeck", name, "--json"], tmp_path, NOTEDECK_CACHE=str(tmp_path / "cache"))))
    assert [one["question"] for one in report["items"]] == ["프로세스란 무엇인가요?"]
    assert {path.name for path in (tmp_path / "decks").iterdir()} >= {"운영체제.apkg", "운영체제 - 면접질문.apkg", "운영체제.html"}
    again = run([place.bin / "python", "-m", "notedeck", name, "--plan"], tmp_path, NOTEDECK_CACHE=str(tmp_path / "cache"))
    assert "1 same" in did(again)


def test_the_preview_of_an_installed_program_shows_the_cards(place: Place, tmp_path: Path) -> None:
    (tmp_path / "notes").mkdir()
    (tmp_path / "notes" / "책.md").write_text("# 책\n\n" + question("하나인가요?", "하나."), "utf-8")
    with previewing(place, tmp_path) as address:
        assert "<title>" in page_at(address)
        assert [one["question"] for one in json.loads(urlopen(f"{address}data.json").read())["cards"]] == ["하나인가요?"]


def page_at(address: str) -> str:
    """A page, which is there a moment after its build was told."""
    for _ in range(100):
        with suppress(HTTPError):
            return str(urlopen(address).read().decode())
        time.sleep(0.1)
    raise AssertionError(address)


@contextmanager
def previewing(place: Place, folder: Path) -> Iterator[str]:
    """The address of a preview, whose first build is there."""
    environment: Mapping[str, str] = {**os.environ, "NOTEDECK_NO_BROWSER": "1", "LC_ALL": "C.UTF-8", "PYTHONUNBUFFERED": "1"}
    with subprocess.Popen([place.bin / "notedeck", "--preview"], cwd=folder, env=environment, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout
        try:
            (address,) = re.findall(r"http://[\d.:]+/", process.stdout.readline())
            assert "1 new" in process.stdout.readline()
            yield address
        finally:
            process.terminate()


def test_it_builds_with_the_lowest_that_the_ranges_allow(built: tuple[Path, Path], place: Place, tmp_path: Path) -> None:
    """The cards are those that the newest make, and so is the lock."""
    lowest = Place(tmp_path / "lowest")
    venv.create(lowest.folder, with_pip=True)
    bounds = {name: next(one.version for one in requirement.specifier if one.operator == ">=") for name, requirement in RANGES.items()}
    lowest.install(built[1], *(f"{name}=={version}" for name, version in bounds.items()))
    for number, one in enumerate((lowest, place)):
        folder = tmp_path / str(number)
        (folder / "notes").mkdir(parents=True)
        for path in (REPO / "notes").rglob("*.md"):
            (folder / "notes" / path.name).write_bytes(path.read_bytes())
        did(run([one.bin / "notedeck", "--quiet", "--jobs", "2"], folder, NOTEDECK_CACHE=""))
    old, new = ((tmp_path / str(number) / "notes" / "cards.lock").read_text("utf-8").splitlines() for number in (0, 1))
    assert [line.split('"')[3:4] for line in old] == [line.split('"')[3:4] for line in new]
    assert len(old) == len(new) > 50


@pytest.fixture
def checkout(tmp_path: Path) -> Path:
    """A clone of what is here, with this environment."""
    folder = tmp_path / "clone"
    listed = did(run(["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"], REPO)).split("\0")
    for name in (one for one in listed if one and (REPO / one).is_file() and one != ".venv"):
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        shutil.copy(REPO / name, folder / name)
    (folder / ".venv").symlink_to(sys.prefix)
    (folder / ".git" / "info").mkdir(parents=True)
    did(run(["git", "init", "--quiet"], folder))
    (folder / ".git" / "info" / "exclude").write_text(".venv\n", "utf-8")
    commit(folder)
    return folder


def commit(folder: Path) -> None:
    did(run(["git", "add", "--all"], folder))
    did(run(["git", "-c", "user.name=a", "-c", "user.email=a@example.com", "commit", "--quiet", "--message", "all"], folder))


def test_a_release_is_built_and_checked_and_says_what_is_left_to_do(checkout: Path) -> None:
    """Of the tests that it runs, which are those above, one is enough here."""
    release: list[str | Path] = [checkout / ".ci" / "release"]
    said = did(run(release, checkout, PYTEST_ADDOPTS="-k registry", NO_COLOR="1"))
    assert {path.name for path in (checkout / "dist").iterdir()} == {f"notedeck-{__version__}.tar.gz", f"notedeck-{__version__}-py3-none-any.whl"}
    assert f"push origin v{__version__}" in said
    assert "twine upload" in said
    first = [line for line in said.splitlines() if "./notedeck-" in line]
    again = did(run(release, checkout, PYTEST_ADDOPTS="-k registry", NO_COLOR="1"))
    assert [line for line in again.splitlines() if "./notedeck-" in line] == first
    assert len(first) == 2


def test_a_release_of_what_is_not_committed_or_told_is_refused(checkout: Path) -> None:
    (checkout / "notedeck" / "more.py").write_text("", "utf-8")
    assert "not committed" in run([checkout / ".ci" / "release"], checkout).stderr
    (checkout / "notedeck" / "more.py").unlink()
    (checkout / "CHANGELOG.md").write_text("# Changelog\n", "utf-8")
    commit(checkout)
    assert "says nothing of" in run([checkout / ".ci" / "release"], checkout).stderr
