"""How much a question looks like a note: by its words, by its answer, and by where it stands."""

from __future__ import annotations

from notedeck.content import sketch
from notedeck.identity.asked import Asked
from notedeck.identity.lock import LockedNote
from notedeck.identity.words import bare, core

_ANSWER = 0.7
"""How much of a likeness is the answer's, where that says enough."""
_NEARLY = 0.99
"""An answer that is not the same is no more like it than this."""
AGAINST = 0.06
"""What each thing in a note's place that is another one now speaks against it."""
_NEARLY_SAME_WORDS = 0.85
"""From here on a question has a few words more or less, and its answer may have grown."""
_SAYS_ENOUGH = 12
"""Letters of a question that, standing whole in a longer one, make that one the same with something added."""
_WITH_MORE = 0.9
_LONG = 30
"""Letters from which on a question that is nearly the same says more than its answer."""


def answer_likeness(asked: Asked, one: LockedNote, *, may_have_grown: bool = True) -> float:
    """How much a question's answer shares with a note's, 0 to 1; one that grew shares the whole of the former one."""
    share = sketch.kinship if may_have_grown else sketch.likeness
    return 1.0 if asked.answer == one.answer else min(share(asked.sketch, one.sketch), _NEARLY)


def words_likeness(asked: Asked, one: LockedNote) -> float:
    """How much a question's words are a note's, 0 to 1, with what stands in brackets or without, and with something added."""
    from rapidfuzz import fuzz

    pairs = [(form(asked.question), form(one.question)) for form in (bare, core)]
    shorter, longer = sorted(pairs[0], key=len)
    has_more = len(shorter) >= max(_SAYS_ENOUGH, len(longer) / 2) and shorter in longer
    return max(_WITH_MORE * has_more, *(fuzz.ratio(*pair) / 100 for pair in pairs))


def likeness(asked: Asked, one: LockedNote) -> float:
    """How much a question's words and its answer, as far as it tells anything, are those of a note."""
    words = words_likeness(asked, one)
    is_near = words >= _NEARLY_SAME_WORDS
    trust = _ANSWER * sketch.weight(asked.sketch) * (min(_LONG / max(len(bare(asked.question)), 1), 1) if is_near else 1)
    return (1 - trust) * words + trust * answer_likeness(asked, one, may_have_grown=is_near)
