"""What blocks say, and what an item is known again by: fingerprints of what its author wrote, and a sketch of its answer."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from typing import NamedTuple
from unicodedata import is_normalized

from notedeck.config import Config
from notedeck.content.sketch import sketch
from notedeck.items.item import Item
from notedeck.outline.blocks import CLOZE, Block, Kind, Leaf, LeafKind, Mark, walk
from notedeck.plain import fingerprint, fingerprints, nfc, squeezed

_BREAK = LeafKind.BREAK
_KINDS = {kind: f"\n{kind}" for kind in Kind}
_LEAF_KINDS = {kind: f"{kind}" for kind in LeafKind}
_NO_MARK = (Mark(""),)


class Said(NamedTuple):
    """What blocks say."""

    text: str
    """As a reader sees it, a line for each line and block."""
    written: str
    """As the author wrote it, markup and all, in a form that no version of our HTML moves."""
    targets: tuple[str, ...]
    """What its pictures and links lead to, each once."""


_NOTHING = Said("", "", ())


class Prints(NamedTuple):
    """Each is told of at the field of `Content` that it becomes; of a question that nobody answered, nothing."""

    written: str = ""
    own: str = ""
    answer: str = ""
    sketch: str = ""
    context: str = ""


def said(blocks: tuple[Block, ...]) -> Said:
    """What blocks say. Any part of a text in NFC is in NFC, so the whole is asked once."""
    if not blocks:
        return _NOTHING
    rows = tuple(walk(blocks))
    text = "\n".join(["".join(["\n" if leaf.kind is _BREAK else leaf.text for leaf in row.leaves]) for row in rows if row.leaves])
    is_nfc = is_normalized("NFC", text)
    parts: list[str] = []
    linked: list[Leaf] = []
    for row in rows:
        parts.append(f"{_KINDS[row.kind]} {len(row.children)} {row.level} {row.info}")
        for leaf in row.leaves:
            marks = ""
            if leaf.marks or leaf.target:
                linked.append(leaf)
                marks = " ".join([f"{mark.name}={mark.target}" for mark in leaf.marks])
            words = leaf.text if is_nfc else nfc(leaf.text)
            parts.append(f"{_LEAF_KINDS[leaf.kind]} {marks} {leaf.target} {len(words)}:{words}")
    return Said(text, "\n".join(parts), _targets(linked) if linked else ())


def _targets(leaves: Iterable[Leaf]) -> tuple[str, ...]:
    targets = [leaf.target or mark.target for leaf in leaves for mark in leaf.marks or _NO_MARK if mark.name != CLOZE]
    return tuple(dict.fromkeys(filter(None, targets)))


def prints_of(item: Item, question: Said, context: Said, answer: Said, config: Config) -> Prints:
    """The prints of an item that says this. It is known by its answer, a cloze note by its text."""
    known_by = question if item.is_cloze else answer
    return Prints(
        *_of_all(item, (question.written, context.written), answer.written, config),
        fingerprint(squeezed(known_by.text), *known_by.targets),
        sketch(" ".join((known_by.text, *known_by.targets))),
        fingerprint(squeezed(context.text)) if context.text else "",
    )


def _of_all(item: Item, asked: tuple[str, str], answer: str, config: Config) -> tuple[str, str]:
    """The fingerprints of all that was written, and of all but the follow-ups."""
    if not item.follow_ups:
        return fingerprints((*asked, answer), "")
    return fingerprint(*asked, answer, config.in_parent), fingerprint(*asked, said(_without_follow_ups(item.answer)).written)


def _without_follow_ups(blocks: tuple[Block, ...]) -> tuple[Block, ...]:
    return tuple(
        replace(block, children=_without_follow_ups(block.children)) if block.children else block
        for block in blocks
        if block.kind is not Kind.FOLLOW_UP
    )
