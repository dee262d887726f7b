"""The packages of the decks as assets of a release, which each run brings up to date.

An asset's name is of ASCII letters (GitHub makes any other name "default"), and its label says the package's. What was published last is
fetched before a build: the cards that are gone since are marked in a package of their own.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import PurePosixPath
from typing import Any
from urllib.parse import quote

from action.github import GitHub, GitHubError
from action.run import Failed, Run
from action.words import release_text, release_title

_ENDING = ".apkg"
_OTHERS = re.compile(r"[^A-Za-z0-9]++")
_OURS = re.compile(r"(?:new-)?[A-Za-z0-9-]{1,40}-[0-9a-f]{10}\.apkg")
_NEW = "new-"
"""Before the name of an asset that is to replace another one."""


def asset_name(package: str) -> str:
    """The name of a package's asset: of what ASCII its own holds, and a digest of it."""
    stem = _OTHERS.sub("-", package.removesuffix(_ENDING)).strip("-")[:40].strip("-") or "deck"
    return f"{stem}-{hashlib.sha256(package.encode()).hexdigest()[:10]}{_ENDING}"


def fetch(run: Run) -> None:
    """Lay the packages of the release where a build begins from."""
    run.last.mkdir(parents=True, exist_ok=True)
    try:
        found = _release(run)
        for asset in (_assets(run.github, found) if found else {}).values():
            if label := _package_of(asset):
                (run.last / label).write_bytes(run.github.download(asset["id"]))
    except GitHubError as error:
        raise Failed(f"the packages of the last build could not be fetched: {error}") from error


def upload(run: Run) -> None:
    """Make the release hold the packages of this build, and no other of ours; what is the same is left."""
    report = run.report() or {}
    try:
        release = _written_release(run, report)
        _Shelf(run.github, release).fill({name: (run.decks / name).read_bytes() for name in run.packed(_ENDING)})
    except GitHubError as error:
        raise Failed(f'the packages could not be uploaded (the workflow needs "contents: write"): {error}') from error


def _release(run: Run) -> Mapping[str, Any] | None:
    """The release; None if there is none yet."""
    try:
        found: Mapping[str, Any] = run.github.get(f"releases/tags/{quote(run.environment['NOTEDECK_RELEASE'], safe='')}")
    except GitHubError as error:
        if error.status == 404:
            return None
        raise
    return found


def _written_release(run: Run, report: Mapping[str, Any]) -> Mapping[str, Any]:
    """The release, which says what it holds; never the one that GitHub calls the latest."""
    said = {"name": release_title(run.tongue), "body": release_text(report, run.tongue)}
    found = _release(run)
    if found is None:
        made = {"tag_name": run.environment["NOTEDECK_RELEASE"], "make_latest": "false", **said}
        return dict(run.github.send("POST", "releases", made))
    if {name: found.get(name) for name in said} != said:
        run.github.send("PATCH", f"releases/{found['id']}", said)
    return found


def _assets(github: GitHub, release: Mapping[str, Any]) -> dict[str, Mapping[str, Any]]:
    """Our assets by their names."""
    every: Iterator[Mapping[str, Any]] = github.every(f"releases/{release['id']}/assets")
    return {one["name"]: one for one in every if _OURS.fullmatch(one["name"])}


def _package_of(asset: Mapping[str, Any]) -> str:
    """The package that an asset holds whole; empty if it is none of ours, whatever its label says."""
    label = str(asset.get("label") or "")
    is_file = PurePosixPath(label).name == label and not set(label) & set("\\\0")
    return label if is_file and asset.get("state") == "uploaded" and asset_name(label) == asset["name"] else ""


@dataclass(frozen=True, slots=True)
class _Shelf:
    """A release whose assets are brought up to date."""

    github: GitHub
    release: Mapping[str, Any]

    def fill(self, packages: Mapping[str, bytes]) -> None:
        """Upload what is new or other, then remove what is left over."""
        there = _assets(self.github, self.release)
        for package, data in packages.items():
            self.put(package, data, there)
        kept = {asset_name(package) for package in packages}
        for name, asset in there.items():
            if name not in kept and not name.startswith(_NEW):
                self.remove(asset)

    def put(self, package: str, data: bytes, there: Mapping[str, Mapping[str, Any]]) -> None:
        """Put a package in its place: the old one goes when the new one is there."""
        name = asset_name(package)
        old, left = there.get(name), there.get(_NEW + name)
        if left:
            self.remove(left)
        if old is None:
            self.github.upload(self.release["upload_url"], name, package, data)
        elif old.get("digest") != f"sha256:{hashlib.sha256(data).hexdigest()}":
            new = self.github.upload(self.release["upload_url"], _NEW + name, package, data)
            self.remove(old)
            self.github.send("PATCH", f"releases/assets/{new['id']}", {"name": name, "label": package})

    def remove(self, asset: Mapping[str, Any]) -> None:
        """Remove an asset."""
        self.github.delete(f"releases/assets/{asset['id']}")
