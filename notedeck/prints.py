"""What blocks say, and what an item is known again by: fingerprints of what its author wrote, and a sketch of its answer."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from typing import NamedTuple
from unicodedata import is_normalized

from notedeck.config import Config
from notedeck.items.model import Item
from notedeck.outline.blocks import CLOZE, Block, Kind, Leaf, Mark, text_of, walk
from notedeck.plain import fingerprint, nfc, squeezed
from notedeck.sketch import sketch

_NO_MARK = (Mark(""),)


class Said(NamedTuple):
    """What blocks say."""

    text: str
    """As a reader sees it, a line for each line and block."""
    written: str
    """As the author wrote it, markup and all, in a form that no version of our HTML moves."""
    targets: tuple[str, ...]
    """What its pictures and links lead to, each once."""


class Prints(NamedTuple):
    """Each is told of at the field of `Content` that it becomes; of a question that nobody answered, nothing."""

    written: str = ""
    own: str = ""
    answer: str = ""
    sketch: str = ""


def said(blocks: Iterable[Block]) -> Said:
    """What blocks say. Any part of a text in NFC is in NFC, so the whole is asked once."""
    rows = tuple(walk(blocks))
    text = "\n".join([text_of(row.leaves) for row in rows if row.leaves])
    is_nfc = is_normalized("NFC", text)
    parts: list[str] = []
    linked: list[Leaf] = []
    for row in rows:
        parts.append("\n" + row.kind + f" {len(row.children)} {row.level} {row.info}")
        parts += [_bare(leaf) if is_nfc and not (leaf.marks or leaf.target) else _marked(leaf) for leaf in row.leaves]
        linked += [leaf for leaf in row.leaves if leaf.marks or leaf.target]
    return Said(text, "\n".join(parts), _targets(linked) if linked else ())


def _bare(leaf: Leaf) -> str:
    return leaf.kind + f"   {len(leaf.text)}:{leaf.text}"


def _marked(leaf: Leaf) -> str:
    marks = " ".join([f"{mark.name}={mark.target}" for mark in leaf.marks])
    text = nfc(leaf.text)
    return leaf.kind + f" {marks} {leaf.target} {len(text)}:{text}"


def _targets(leaves: Iterable[Leaf]) -> tuple[str, ...]:
    targets = [leaf.target or mark.target for leaf in leaves for mark in leaf.marks or _NO_MARK if mark.name != CLOZE]
    return tuple(dict.fromkeys(filter(None, targets)))


def prints_of(item: Item, question: Said, context: Said, answer: Said, config: Config) -> Prints:
    """The prints of an item that says this. It is known by its answer, a cloze note by its text."""
    known_by = question if item.is_cloze else answer
    own = said(_without_follow_ups(item.answer)) if item.follow_ups else answer
    return Prints(
        fingerprint(question.written, context.written, answer.written, config.in_parent if item.follow_ups else ""),
        fingerprint(question.written, context.written, own.written),
        fingerprint(squeezed(known_by.text), *known_by.targets),
        sketch(" ".join((known_by.text, *known_by.targets))),
    )


def _without_follow_ups(blocks: tuple[Block, ...]) -> tuple[Block, ...]:
    return tuple(
        replace(block, children=_without_follow_ups(block.children)) if block.children else block
        for block in blocks
        if block.kind is not Kind.FOLLOW_UP
    )
