"""What tells a line apart from others of the same words on its page: the line above it that a correction names as `after`."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

from notedeck.corrections.correction import letters


def line_above(lines: Sequence[str], line: int) -> str:
    """The nearest line above one, counted from 0, behind which it is the first of its words; nothing where there is no other, or none tells."""
    words = [letters(one) for one in lines]
    counts = Counter(words)
    if counts[words[line]] < 2:
        return ""
    begin = next((above for above in range(line - 1, -1, -1) if words[above] == words[line]), -1)
    above = (lines[one].strip() for one in range(line - 1, begin, -1) if words[one] and counts[words[one]] == 1)
    return next(above, "")
