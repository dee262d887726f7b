"""What a page holds, read back: its data, its policy, and the sides of its cards put together."""

from __future__ import annotations

import base64
import hashlib
import html
import json
import re
import zlib
from dataclasses import dataclass
from pathlib import Path
from typing import Any

_DATA = re.compile(r'<script type="application/json" id="data">(.*?)</script>', re.DOTALL)


@dataclass(frozen=True, slots=True)
class Pages:
    """A page as a browser takes it apart."""

    text: str

    @property
    def written(self) -> dict[str, Any]:
        """Its data as it stands there."""
        (found,) = _DATA.findall(self.text)
        data: dict[str, Any] = json.loads(found)
        return data

    @property
    def data(self) -> dict[str, Any]:
        return unpacked(self.written) if "packed" in self.written else self.written

    @property
    def policy(self) -> dict[str, list[str]]:
        (found,) = re.findall(r'<meta http-equiv="Content-Security-Policy" content="([^"]*)">', self.text)
        rules = [rule.split() for rule in html.unescape(found).split(";")]
        return {name: values for name, *values in rules}

    def digests(self, tag: str) -> list[str]:
        """The digests of what stands in the page's scripts or styles, as a policy names them."""
        found = re.findall(rf"<{tag}>(.*?)</{tag}>", self.text, re.DOTALL)
        return [f"'sha256-{base64.b64encode(hashlib.sha256(one.encode()).digest()).decode()}'" for one in found]


def packed(some: dict[str, Any]) -> str:
    """Some cards as a book's page holds them."""
    packer = zlib.compressobj(wbits=-zlib.MAX_WBITS)
    return base64.b64encode(packer.compress(f"{json.dumps(some)}\n".encode()) + packer.flush()).decode()


def unpacked(page: dict[str, Any]) -> dict[str, Any]:
    """A book's data with the pieces and cards that are packed in it, as the page joins them."""
    text = zlib.decompress(base64.b64decode(page["packed"]), wbits=-zlib.MAX_WBITS).decode()
    whole: dict[str, Any] = {**page, "pieces": [], "cards": []}
    for some in map(json.loads, filter(None, text.split("\n"))):
        whole["cards"] += [joined(card, some, whole) for card in some["cards"]]
        whole["pieces"] += some["pieces"]
    del whole["packed"]
    return whole


BEFORE_ADDRESS = ('<img src="', '<audio controls src="', '<video controls src="')


def joined(card: dict[str, Any], some: dict[str, Any], whole: dict[str, Any]) -> dict[str, Any]:
    """A card whose places are those of the whole."""

    def text(part: str | int | None) -> str:
        return some["pieces"][part] if isinstance(part, int) else part or ""

    def placed(side: list[Any]) -> list[Any]:
        shown = [(before, part) for before, part in zip([None, *side], side, strict=False)]
        return [
            whole["pictures"][text(part)]
            if text(part) in whole["pictures"] and text(before).endswith(BEFORE_ADDRESS)
            else part + len(whole["pieces"])
            if isinstance(part, int)
            else part
            for before, part in shown
        ]

    names = [deck["name"] for deck in whole["decks"]]
    found = {**card, "deck": names.index(some["decks"][card["deck"]]), "front": placed(card["front"]), "back": placed(card["back"])}
    return {**found, "tags": [whole["tags"].index(some["tags"][tag]) for tag in card["tags"]]} if "tags" in card else found


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
