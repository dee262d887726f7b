"""What the action asks of GitHub's API: comments of a pull request, and a release with its assets."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any
from urllib.error import HTTPError, URLError
from urllib.parse import quote, urlencode
from urllib.request import Request, urlopen

_PAGE = 100
_SECONDS = 60


class GitHubError(Exception):
    """GitHub could not be asked, or said no."""

    def __init__(self, what: str, status: int) -> None:
        super().__init__(what)
        self.status = status


@dataclass(frozen=True, slots=True)
class GitHub:
    """GitHub, for one repository."""

    api: str
    repository: str
    token: str = field(repr=False)

    def get(self, path: str) -> Any:
        """What lies at a path below the repository. Raises GitHubError."""
        return json.loads(self._asked("GET", self._at(path)))

    def every(self, path: str) -> Iterator[Any]:
        """All entries of a list. Raises GitHubError."""
        number = 1
        while entries := self.get(f"{path}?per_page={_PAGE}&page={number}"):
            yield from entries
            number += 1

    def me(self) -> str:
        """Whose token this is; empty for that of a workflow, which may not ask."""
        try:
            return str(json.loads(self._asked("GET", f"{self.api}/user"))["login"])
        except GitHubError as error:
            if error.status in (401, 403):
                return ""
            raise

    def send(self, method: str, path: str, said: Mapping[str, object]) -> Any:
        """Make or change something; what it is then. Raises GitHubError."""
        return json.loads(self._asked(method, self._at(path), json.dumps(said).encode(), "application/json"))

    def delete(self, path: str) -> None:
        """Remove something. Raises GitHubError."""
        self._asked("DELETE", self._at(path))

    def download(self, asset: int) -> bytes:
        """What a release's asset holds. Raises GitHubError."""
        return self._asked("GET", self._at(f"releases/assets/{asset}"), accept="application/octet-stream")

    def upload(self, address: str, name: str, label: str, data: bytes) -> Any:
        """Add an asset at a release's `upload_url`; the asset. Raises GitHubError."""
        where = f"{address.partition('{')[0]}?{urlencode({'name': name, 'label': label}, quote_via=quote)}"
        return json.loads(self._asked("POST", where, data, "application/octet-stream"))

    def _at(self, path: str) -> str:
        return f"{self.api}/repos/{self.repository}/{path}"

    def _asked(self, method: str, address: str, data: bytes | None = None, kind: str = "", accept: str = "application/vnd.github+json") -> bytes:
        request = Request(address, data, {"Accept": accept, **({"Content-Type": kind} if kind else {})}, method=method)
        if self.token:  # never sent on to where GitHub stores files
            request.add_unredirected_header("Authorization", f"Bearer {self.token}")
        try:
            with urlopen(request, timeout=_SECONDS) as answer:
                return bytes(answer.read())
        except HTTPError as error:
            raise GitHubError(f"{method} {error.url}: {error.code} {error.reason}", error.code) from error
        except (URLError, TimeoutError) as error:
            raise GitHubError(f"{method} {address}: {error}", 0) from error
