"""What a page holds, read back: its data, its policy, and the sides of its cards put together."""

from __future__ import annotations

import base64
import hashlib
import html
import json
import re
from dataclasses import dataclass
from pathlib import Path
from typing import Any

_DATA = re.compile(r'<script type="application/json" id="data">(.*?)</script>', re.DOTALL)


@dataclass(frozen=True, slots=True)
class Pages:
    """A page as a browser takes it apart."""

    text: str

    @property
    def data(self) -> dict[str, Any]:
        (found,) = _DATA.findall(self.text)
        data: dict[str, Any] = json.loads(found)
        return data

    @property
    def policy(self) -> dict[str, list[str]]:
        (found,) = re.findall(r'<meta http-equiv="Content-Security-Policy" content="([^"]*)">', self.text)
        rules = [rule.split() for rule in html.unescape(found).split(";")]
        return {name: values for name, *values in rules}

    def digests(self, tag: str) -> list[str]:
        """The digests of what stands in the page's scripts or styles, as a policy names them."""
        found = re.findall(rf"<{tag}>(.*?)</{tag}>", self.text, re.DOTALL)
        return [f"'sha256-{base64.b64encode(hashlib.sha256(one.encode()).digest()).decode()}'" for one in found]


def read_page_file(path: Path) -> Pages:
    return Pages(path.read_text("utf-8"))


def side(data: dict[str, Any], card: dict[str, Any], name: str) -> str:
    """One side of a card as the page puts it together."""

    def text(piece: str | int | None) -> str:
        if piece is None:
            return side(data, card, "front")
        return data["pieces"][piece] if isinstance(piece, int) else piece

    return "".join(text(piece) for piece in card[name])


def card_of(data: dict[str, Any], words: str) -> dict[str, Any]:
    """The card whose question holds these words."""
    (card,) = (one for one in data["cards"] if words in one["question"])
    found: dict[str, Any] = card
    return found
