"""An item: a question that a person wrote, with its answer and all that belongs to it."""

from __future__ import annotations

from dataclasses import dataclass, replace

from notedeck.diagnostics import Span
from notedeck.items.chapter import Chapter
from notedeck.items.signs.labels import Marks
from notedeck.outline.blocks import Block


@dataclass(frozen=True, slots=True)
class Item:
    """A question and its answer, in blocks."""

    span: Span
    question: tuple[Block, ...]
    context: tuple[Block, ...]
    """The book's sentences that the question is about."""
    answer: tuple[Block, ...]
    """Its follow-ups stand in it, as blocks of kind `FOLLOW_UP`: the question's blocks, then its answer."""
    marks: Marks = Marks()
    follow_ups: tuple[Item, ...] = ()
    chapter: Chapter | None = None
    is_name: bool = False
    """Whether it only names its matter, as any heading does."""
    subject: str = ""
    """What a question that only names its matter is about, as it stands before it (`IPC ›`, `WebFlux의`)."""
    headings: tuple[str, ...] = ()
    """Those above it in its chapter, outermost first; of a follow-up, those above the outermost question."""
    prompt: str = ""
    """What is asked of such a question, as it stands behind it."""
    is_cloze: bool = False
    """Whether it is a text with gaps: the text is `question`, with marks named `cloze` on its leaves, and `answer` what else to say."""
    counted: tuple[int, ...] = ()
    """Of its gaps, the numbers that its author did not write."""
    tags: tuple[str, ...] = ()
    """What a correction says of its tags; one that begins with `-` is taken away."""
    is_told: bool = False
    """Whether a correction alone says that it is a question."""

    def in_place(self, chapter: Chapter | None, headings: tuple[str, ...]) -> Item:
        """The item and its follow-ups, with the chapter and below the headings that they lie in."""
        if not chapter and not headings:
            return self
        follow_ups = tuple([one.in_place(chapter, headings) for one in self.follow_ups])
        return replace(self, follow_ups=follow_ups, chapter=chapter, headings=headings)

    @property
    def is_answered(self) -> bool:
        """Whether there is anything to learn."""
        return self.is_cloze or bool(self.answer)
