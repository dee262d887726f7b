"""Whether a request that would have something done comes from the preview's own page, and what it says.

Another page can send requests here, but it cannot read the page, and so not its token; it cannot send JSON or a header of its own without
asking first, which is answered with no; and the browser names it in `Origin`. Each of these alone keeps it out.
"""

from __future__ import annotations

import json
import secrets
from email.message import Message
from http import HTTPStatus
from typing import Any

TOKEN = "X-Notedeck-Token"
LONGEST = 20_000
"""Bytes of a request."""
_JSON = ("application/json", "application/json; charset=utf-8")


def new_token() -> str:
    """A word that nobody can guess."""
    return secrets.token_urlsafe(32)


def refusal(headers: Message, token: str) -> HTTPStatus | None:
    """Why a request may change nothing; None if it may. `Host` was looked at before."""
    origin, site = headers.get_all("Origin", []), headers.get("Sec-Fetch-Site", "same-origin")
    if origin != [f"http://{headers['Host']}"] or site != "same-origin" or not _is_token(headers.get_all(TOKEN, []), token):
        return HTTPStatus.FORBIDDEN
    if headers.get("Content-Type", "").lower() not in _JSON:
        return HTTPStatus.UNSUPPORTED_MEDIA_TYPE
    length = headers.get("Content-Length", "")
    if "Transfer-Encoding" in headers or not (length.isascii() and length.isdecimal()):
        return HTTPStatus.LENGTH_REQUIRED
    return HTTPStatus.REQUEST_ENTITY_TOO_LARGE if len(length) > len(str(LONGEST)) or int(length) > LONGEST else None


def _is_token(given: list[str], token: str) -> bool:
    """Whether the token is the one, in a time that says nothing of how much of it is right."""
    return len(given) == 1 and secrets.compare_digest(given[0].encode("utf-8", "replace"), token.encode())


def read_request(data: bytes) -> dict[str, Any] | None:
    """What a request says; None if it is no object of JSON."""
    try:
        found = json.loads(data)
    except (ValueError, RecursionError):
        return None
    return found if isinstance(found, dict) else None
