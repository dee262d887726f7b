"""One question with all that its note will say: what `fields` makes of an item, and what is kept of it."""

from __future__ import annotations

from dataclasses import dataclass
from urllib.parse import unquote

from notedeck.diagnostics import Span
from notedeck.items.chapter import Chapter
from notedeck.plain import nfc


@dataclass(frozen=True, slots=True)
class PictureReference:
    """A picture, or what is played, as the notes name it."""

    address: str
    """As written: a path, percent-encoded or not, or a remote address."""
    alternative: str
    line: int
    """Line in the file, counted from 0."""
    width: int = 0
    """How wide its author wants it, in pixels; 0 if nobody says so."""

    @property
    def readable(self) -> str:
        """Its address as a person would write it; of one that is written itself, what comes before its bytes."""
        if self.address[:5].lower() == "data:":
            return f"{self.address[:40].partition(',')[0]},…"
        address = nfc(unquote(self.address, errors="replace"))
        return (self.address if "\ufffd" in address else address) or self.alternative


@dataclass(frozen=True, slots=True)
class Content:
    """One question with all that its note will say, and no identity yet."""

    span: Span
    question: str
    context: str
    answer: str
    parents: tuple[str, ...]
    """The questions above a follow-up, outermost first."""
    question_text: str
    context_text: str
    answer_text: str
    parent_texts: tuple[str, ...]
    written: str
    """A fingerprint of what the author wrote, markup and all, and of what deck.toml says of its form; of what nobody answered, nothing."""
    own: str
    """The same without the follow-ups in it."""
    answer_print: str
    """A fingerprint of the answer's text, of its pictures and of where its links lead; of a cloze note, of its text's."""
    answer_sketch: str
    """A sketch of the same, by which a changed answer is known again."""
    context_print: str
    """A fingerprint of the book's sentences that it is about; empty without such."""
    labels: tuple[str, ...]
    tags: tuple[str, ...]
    pages: tuple[str, ...]
    askers: tuple[str, ...]
    chapter: Chapter | None
    headings: tuple[str, ...]
    """The headings above it in its chapter, outermost first."""
    pictures: tuple[PictureReference, ...]
    is_answered: bool
    why: str
    """Why it was taken for a question, as in `items.reasons`."""
    parent_span: Span | None
    """Where the question right above a follow-up stands."""
    cards: tuple[int, ...] = (0,)
    """The places of the cards that Anki makes of it among its note type's, from 0; of a cloze note, one for each number."""
    is_cloze: bool = False
    gaps: tuple[tuple[int, str], ...] = ()
    """Of a cloze note, each number with the text of its gaps, in the order of the text."""
    counted: tuple[int, ...] = ()
    """Of these numbers, those that the author did not write."""
