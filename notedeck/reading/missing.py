"""An outline -> what of it nobody reads, though deck.toml could have it read."""

from __future__ import annotations

import re

from notedeck.items.reading import Reading
from notedeck.outline.blocks import CODE_BLOCK, TABLE, TEXT, Outline, plain_of, walk
from notedeck.reading.findings import Missed
from notedeck.sources.source import Form

_GAP = re.compile(r"==(?=[^\s=])[^=\n]{1,200}==")


def missed(outline: Outline, form: Form, reading: Reading, *, reads_gaps: bool) -> Missed:
    """What of a page nobody reads: headings with text below, outlines, gaps, and the columns of a table that holds no question."""
    leaves = (leaf for block in walk(outline.blocks) if block.kind is not CODE_BLOCK for leaf in block.leaves if leaf.kind is TEXT)
    gaps = 0 if reads_gaps else sum(len(_GAP.findall(leaf.text)) for leaf in leaves if "==" in leaf.text)
    table = next((block for block in outline.blocks if block.kind is TABLE), None) if form is Form.CSV and not reading.items else None
    columns = tuple(plain_of((cell,)) for cell in table.children[0].children) if table and table.children else ()
    return Missed(reading.headings, reading.outlines, gaps, columns)
