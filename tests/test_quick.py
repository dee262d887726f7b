"""Values that are made quickly: of the frozen class, and in nothing other than those that it makes itself."""

from __future__ import annotations

import pickle
from dataclasses import FrozenInstanceError, dataclass, replace

import pytest

from notedeck.diagnostics import Span
from notedeck.machine.quick import quick
from notedeck.outline.blocks import Block, Kind, Leaf, LeafKind, Mark

MADE = [
    (quick(Span)("책.md", 1, stop=2), Span("책.md", 1, stop=2)),
    (quick(Span)("책.md"), Span("책.md")),
    (quick(Mark)("a", "https://example.org"), Mark("a", "https://example.org")),
    (quick(Leaf)(LeafKind.TEXT, "가", 3, 1), Leaf(LeafKind.TEXT, "가", 3, 1)),
    (quick(Block)(Kind.HEADING, Span("책.md"), level=2), Block(Kind.HEADING, Span("책.md"), level=2)),
]


@pytest.mark.parametrize(("made", "usual"), MADE)
def test_a_value_is_as_its_class_makes_it(made: object, usual: object) -> None:
    assert type(made) is type(usual)
    assert (made, repr(made), hash(made)) == (usual, repr(usual), hash(usual))
    assert pickle.loads(pickle.dumps(made)) == usual


def test_a_value_is_frozen() -> None:
    made = quick(Span)("책.md")
    with pytest.raises(FrozenInstanceError):
        made.start = 3  # type: ignore[misc]
    assert replace(made, start=3) == Span("책.md", 3)


@dataclass(frozen=True, slots=True)
class Other:
    """A class that nobody has made quickly before."""

    word: str
    number: int = 7


def test_a_field_without_a_value_is_asked_for() -> None:
    assert quick(Other)("가") == Other("가", 7)
    with pytest.raises(TypeError):
        quick(Other)()  # type: ignore[call-arg]
