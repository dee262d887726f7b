r"""What the page shows, as one JSON object.

The page is `templates/page/`: `page.html`, and all `*.css` and `*.js` there, each joined in the order of their names.
In `page.html` these marks are replaced, each once: `{{title}}` (escaped), `{{policy}}` (the content security policy,
for a `<meta http-equiv>`), `{{style}}` (inside `<style>`), `{{script}}` (inside `<script>`), `{{data}}` (inside
`<script type="application/json" id="data">`). In `decks/<book>.html` the data is the object below. In the preview it is
`{"version": 1, "mode": "preview", "data": "/data.json", "events": "/events"}`: the page fetches the object from
`data`, and again at each `built` of the event stream `events` (`event: building` when a build begins, `event: built`
with `{"error": bool, "tag": text}` when data is there, after an error too; the newest `built` comes again to each who connects.
`tag` is the data's ETag without its quotation marks: who has data of that tag has the newest).

    version   1
    mode      "book" | "preview"
    name      the book; in the preview the notes as the author typed them
    books     [{name, file}]                          file: the package's name
    decks     [{book, name, title, cards, open}]      book: its place in books; name: full, parts joined by "::"; title: the
                                                      chapter as written, "" for cards outside chapters; cards, open:
                                                      how many cards and how many unanswered questions lie in it alone
    types     [{name, style}]                         note types: style is the CSS that Anki has for their cards
    tags      [tag, …]
    pieces    [html, …]                               what several cards share, and pictures' addresses
    cards     in the order in which Anki shows new ones; what is empty, 0 or false in one is left out, but for id, deck, type, front
                  and back:
      id          short and stable; of an unanswered question it begins with "?", of a note's further cards it ends in "-2" and so on
      deck, type  places in decks and types
      front, back   a list to be joined: a text stands for itself, a number for pieces[number], null (in back) for the front
      question    plain
      text        plain: all else that a search should find (answer, context, questions above, label, page, asker, chapter)
      tags        [place in tags, …]
      parent      id of the card that this one follows up
      label, chapter, page, asker       plain
    cards, preview only:
      status      "unanswered" | "removed"; absent for a card (a removed one comes last, in the deck where it was)
      change      "new" | "edited" | "reworded" | "moved" | "removed" | "doubtful" | "returned"; absent if it is the same; of
                  an unanswered question always absent
      cause       id of the card along with which it changed, if nothing of its own did
      likely      [id, …]  of a doubtful one: which former cards it may be
      changed     {field: html}     the words of each field that changed, with <ins> and <del>; fields are Anki's names, "Deck", "Tags"
      source      place in sources
      line, end   its first and last line there, from 1

A side is drawn in an element with the classes `card` and `card1` (and `nightMode` at night), where `types[type].style` holds.

Preview only:

    sources     [{path, title, text, roles, cards, account}]
      text        the source's own text, of an HTML page its text as it is read; lines end with "\n"
      roles       a letter for each line: q question, o question that waits for its answer, a answer, c context, h heading,
                  m metadata (labels, properties), u unread, "." nothing to read in it (empty, a rule, a fence)
      cards       {line from 1: [place in cards, …]}   innermost first: a follow-up before the question that it follows up
      account     {characters, on_cards, structure, unread}
    diagnostics [{path, line, level, code, message, source}]    message: [Korean, English]; level: "error" | "warning" | "note";
                source: place in sources, or null
    numbers     {account, askers: [{name, cards, open}]}        of all sources; by chapter: decks; `name` may be ""
    built       when, as ISO 8601
    error       whether the notes as they are now have an error: diagnostics are of now, all else is of the last good build
"""

from __future__ import annotations

import html
import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass, field, replace
from itertools import chain
from typing import Any

from notedeck.diagnostics import Diagnostic
from notedeck.identity.drafts import Draft, draft_of
from notedeck.identity.notes import Change, Note
from notedeck.outline.blocks import lines_as_read
from notedeck.packages.decktree import PackagePlan
from notedeck.packages.notetypes import NoteType
from notedeck.packages.packed import PackedNote
from notedeck.places.decks import INSIDE, file_name
from notedeck.plain import fingerprint
from notedeck.preview.changes import changed_fields, marked, plain_text
from notedeck.preview.formulas import with_formulas
from notedeck.preview.gaps import Side, revealed
from notedeck.preview.render import FRONT_SIDE, Field, asked_fields, is_filled, read_template, standing, value_of
from notedeck.reading.findings import Read
from notedeck.report.messages import ENGLISH, KOREAN, sentence
from notedeck.report.run import Built
from notedeck.sources.pictures import Picture, Pictures
from notedeck.sources.source import Form, Source

VERSION = 1
Json = dict[str, Any]
_PICTURE = re.compile(r'(?<=<img src=")([^"]+)(?=")')
_SEARCHED = ("Answer", "Extra", "Context", "Parent", "Label", "Chapter", "Page", "Asker")
_ROOM = 200_000
"""Characters that the text of a note with gaps may take on the page, where each card holds all of it; Anki has the further cards."""
_SHARED = 12
"""Characters from which on a piece that stands on several cards is written once."""


@dataclass(frozen=True, slots=True)
class Shown:
    """What is drawn as a card: a note, one that was packed before, or a question that is no note yet."""

    id: str
    type: str
    """Its note type's name."""
    fields: Mapping[str, str]
    tags: tuple[str, ...]
    book: str
    deck: str
    number: int = 0
    """Its note's number in Anki."""
    place: int = 0
    """Of a note with gaps, which of its cards, from 0."""
    parent: str = ""
    """ID of the card that it follows up."""
    more: Json = field(default_factory=dict)
    """What the preview says of it beside."""

    def cards(self, places: Sequence[int]) -> Iterator[Shown]:
        """The cards of a note, of one with very many and a long text the first; the first has the note's ID."""
        if places == (self.place,):
            yield self
            return
        room = _ROOM // max(len(next(iter(self.fields.values()))), 1)
        for place in places[: max(room, 1)]:
            yield replace(self, place=place, id=self.id if place == places[0] else f"{self.id}-{place + 1}")

    @property
    def title(self) -> str:
        """The chapter that it lies in."""
        return plain_text(self.fields["Chapter"])


def shown_as_packed(packed: PackedNote, book: str, parent: str = "") -> Shown:
    """A note as it lies in a package of a book."""
    fields = packed.fields
    return Shown(fields["ID"], packed.type, fields, packed.tags, book, packed.deck, packed.note, parent=parent)


class Face:
    """A note type's card: draws notes as lists of pieces."""

    def __init__(self, note_type: NoteType, addresses: Mapping[str, str]) -> None:
        """`addresses` says where the page finds each picture, by its name in Anki."""
        template = note_type.templates[0]
        self.addresses = addresses
        self.fixed = {"Type": note_type.name, "Card": template.name, "CardFlag": "flag0"}
        self.is_cloze = note_type.is_cloze
        self.sides = (read_template(template.front), read_template(template.back))
        self.asked = sorted(asked_fields(self.sides[0]) | asked_fields(self.sides[1]))
        self.standing: dict[tuple[str, ...], tuple[tuple[str | Field, ...], ...]] = {}
        """By the filled ones of the fields that are asked for, what stands of both sides: most notes have the same filled."""

    def draw(self, shown: Shown) -> tuple[list[str | None], list[str | None]]:
        """Front and back; None stands for the front."""
        fields = self.fields(shown)
        filled = tuple([name for name in self.asked if is_filled(fields.get(name, ""))])
        if filled not in self.standing:
            self.standing[filled] = tuple(standing(side, filled) for side in self.sides)
        front, back = self.standing[filled]
        number = shown.place + 1
        return list(self._pieces(front, fields, Side(number))), list(self._pieces(back, fields, Side(number, is_front=False)))

    def words(self, shown: Shown) -> dict[str, str]:
        """The words of each field that has any, and under `Question` those that the front asks with."""
        words = {name: found for name, value in shown.fields.items() if (found := plain_text(value))}
        if self.is_cloze:
            text = shown.fields["Text"]
            front, back = (plain_text(revealed(text, Side(shown.place + 1, is_front))) for is_front in (True, False))
            words |= {"Question": front, "Answer": back}
        return words

    def fields(self, shown: Shown) -> dict[str, str]:
        """All that a template may name: the note's fields, and Anki's own."""
        special = {"Tags": " ".join(shown.tags), "Deck": shown.deck, "Subdeck": shown.deck.rsplit(INSIDE, 1)[-1], "CardID": str(shown.number)}
        return {**self.fixed, **special, **shown.fields}

    def _pieces(self, template: Sequence[str | Field], fields: Mapping[str, str], side: Side) -> Iterator[str | None]:
        for part in template:
            if isinstance(part, Field) and part.name == FRONT_SIDE:
                yield None
                continue
            piece = part if isinstance(part, str) else value_of(part, fields, side)
            if "<img " in piece:
                yield from (self.addresses.get(part, part) for part in _PICTURE.split(with_formulas(piece)))
            elif piece:
                yield with_formulas(piece)


def book_data(plan: PackagePlan, types: Sequence[NoteType], ids: Mapping[str, str], addresses: Mapping[str, str]) -> Json:
    """The data of one book: nothing but what its package holds. `ids` gives the ID of each follow-up's parent, by guid."""
    notes = sorted(plan.notes, key=lambda packed: packed.due)
    shown = [card for packed in notes for card in shown_as_packed(packed, plan.book, ids.get(packed.guid, "")).cards(packed.cards)]
    used = {one.type for one in shown}
    return {"version": VERSION, "mode": "book", "name": plan.book, **_cards(shown, [one for one in types if one.name in used], addresses)}


def preview_data(built: Built, name: str, shipped: Mapping[str, PackedNote], addresses: Mapping[str, str]) -> Json:
    """The data of the preview, but for what moves with each build; `shipped` holds the notes as they were packed last, by guid."""
    shown = [*_asked(built, shipped), *_gone(built, shipped)]
    return {
        "version": VERSION,
        "mode": "preview",
        "name": name,
        **_cards(shown, built.types, addresses),
        "sources": [_source(read, place, shown) for place, read in enumerate(built.reads)],
        "numbers": {"account": asdict(built.account), "askers": _askers(built.reads)},
    }


def diagnostics_data(built: Built, sources: Sequence[Json]) -> list[Json]:
    """All that the author should know, in both languages, each leading to its line in one of the `sources`."""
    places = {source["path"]: place for place, source in enumerate(sources)}
    return [_diagnostic(one, places) for one in built.diagnostics]


def pictures_of(built: Built) -> dict[str, Picture]:
    """Every picture that the preview may show, by its name in Anki."""
    finder = Pictures(built.trees)
    waiting = (draft_of(read, number, finder, []) for read, number in _open(built.reads))
    drafts = chain((note.draft for note in built.notes), waiting)
    return {picture.name: picture for draft in drafts for picture in draft.pictures}


def _cards(shown: Sequence[Shown], types: Sequence[NoteType], addresses: Mapping[str, str]) -> Json:
    """The parts of the data that cards need."""
    books = {name: place for place, name in enumerate(dict.fromkeys(one.book for one in shown))}
    decks = _decks(shown, books)
    tags = {tag: place for place, tag in enumerate(sorted({tag for one in shown for tag in one.tags}))}
    places = {(deck["book"], deck["name"]): place for place, deck in enumerate(decks)}
    faces = {one.name: Face(one, addresses) for one in types}
    drawn = [faces[one.type].draw(one) for one in shown]
    pieces = _shared(piece for sides in drawn for side in sides for piece in side)
    return {
        "books": [{"name": name, "file": file_name(name, ".apkg")} for name in books],
        "decks": decks,
        "types": [{"name": one.name, "style": one.style} for one in types],
        "tags": list(tags),
        "pieces": list(pieces),
        "cards": [
            {
                "id": one.id,
                "deck": places[books[one.book], one.deck],
                "type": list(faces).index(one.type),
                **_sides(sides, pieces),
                **_said(one, faces[one.type].words(one), tags),
            }
            for one, sides in zip(shown, drawn, strict=True)
        ],
    }


def _decks(shown: Sequence[Shown], books: Mapping[str, int]) -> list[Json]:
    """Decks as Anki sorts them: each book's, by name."""
    members: dict[tuple[int, str], list[Shown]] = {}
    for one in shown:
        members.setdefault((books[one.book], one.deck), []).append(one)
    return [
        {
            "book": book,
            "name": deck,
            "title": next((one.title for one in found if one.title), ""),
            "cards": sum("status" not in one.more for one in found),
            "open": sum(one.more.get("status") == "unanswered" for one in found),
        }
        for (book, deck), found in sorted(members.items(), key=lambda pair: pair[0])
    ]


def _shared(pieces: Iterable[str | None]) -> dict[str, int]:
    """The pieces that are written once, with their numbers."""
    counts = Counter(piece for piece in pieces if piece is not None and len(piece) >= _SHARED)
    return {piece: number for number, piece in enumerate(piece for piece, count in counts.items() if count > 1)}


def _sides(sides: Iterable[Sequence[str | None]], pieces: Mapping[str, int]) -> Json:
    front, back = ([pieces.get(piece, piece) if piece is not None else None for piece in side] for side in sides)
    return {"front": front, "back": back}


def _said(one: Shown, words: Mapping[str, str], tags: Mapping[str, int]) -> Json:
    """What a search, a list and the filters know of a card."""
    found = {
        "question": words.get("Question", ""),
        "text": "\n".join(words[name] for name in _SEARCHED if name in words),
        "tags": [tags[tag] for tag in one.tags],
        "parent": one.parent,
        **{name.lower(): words[name] for name in ("Label", "Chapter", "Page", "Asker") if name in words},
        **one.more,
    }
    return {name: value for name, value in found.items() if value or value == 0}


def _asked(built: Built, shipped: Mapping[str, PackedNote]) -> Iterator[Shown]:
    """Every question of the notes in its order, answered or not."""
    notes = {id(note.draft.gist): note for note in built.notes}
    ids = {(note.draft.source, note.draft.gist.span.start): note.locked.id for note in built.notes}
    finder = Pictures(built.trees)
    again: Counter[str] = Counter()
    for place, read in enumerate(built.reads):
        for number, gist in enumerate(read.found.gists):
            above = ids.get((read.source.name, gist.parent_span.start), "") if gist.parent_span else ""
            here = {"source": place, "line": gist.span.line, "end": gist.span.stop}
            if note := notes.get(id(gist)):
                yield from _shown(note, above, {**here, **_change(note, shipped)}).cards(note.cards)
            elif not gist.is_answered:
                waiting = _waiting(draft_of(read, number, finder, []), built, above, here)
                again[waiting.id] += 1
                yield replace(waiting, id=f"{waiting.id}-{again[waiting.id]}") if again[waiting.id] > 1 else waiting


def _shown(note: Note, above: str, more: Json) -> Shown:
    locked = note.locked
    return Shown(locked.id, locked.type, note.fields, note.tags, locked.book, locked.deck, locked.note, parent=above, more=more)


def _waiting(draft: Draft, built: Built, above: str, here: Json) -> Shown:
    """A question without an answer, as its card would look."""
    id_ = f"?{fingerprint(draft.source, *draft.parents, draft.gist.question_text, draft.content.context_text)[:10]}"
    more = {"status": "unanswered", **here}
    return Shown(id_, built.types[0].name, draft.fields(), draft.gist.tags, draft.place.book, draft.place.deck, parent=above, more=more)


def _open(reads: Sequence[Read]) -> Iterator[tuple[Read, int]]:
    return ((read, number) for read in reads for number, gist in enumerate(read.found.gists) if not gist.is_answered)


def _change(note: Note, shipped: Mapping[str, PackedNote]) -> Json:
    """How a note changed since it was packed, and in which words."""
    if note.change is Change.SAME:
        return {}
    was = next((shipped[one.guid] for one in (note.locked, *note.likely) if one.guid in shipped), None)
    found: Json = {"change": str(note.change), "cause": note.cause, "likely": [one.id for one in note.likely]}
    if was:
        found["changed"] = {**changed_fields(was.fields, note.fields), **_moved(was, note)}
    return found


def _moved(was: PackedNote, note: Note) -> dict[str, str]:
    decks = {"Deck": marked(was.deck, note.locked.deck)} if was.deck != note.locked.deck else {}
    tags = {"Tags": marked(" ".join(was.tags), " ".join(note.tags))} if set(was.tags) != set(note.tags) else {}
    return {**decks, **tags}


def _gone(built: Built, shipped: Mapping[str, PackedNote]) -> Iterator[Shown]:
    """Cards of notes that are gone, as they were packed; of one that no package holds, its question."""
    for locked in built.removed:
        more = {"status": "removed", "change": str(Change.REMOVED), "line": locked.line}
        if was := shipped.get(locked.guid):
            yield from replace(shown_as_packed(was, locked.book), more=more).cards(was.cards)
        else:
            known = {"Question": locked.question, "Book": locked.book, "Chapter": locked.chapter, "ID": locked.id}
            fields = {name: html.escape(known.get(name, ""), quote=False) for name in built.types[0].fields}
            yield Shown(locked.id, built.types[0].name, fields, (), locked.book, locked.deck, locked.note, more=more)


def _source(read: Read, place: int, shown: Sequence[Shown]) -> Json:
    lines: dict[int, list[int]] = {}
    roles = read.found.roles
    for number, one in enumerate(shown):
        if one.more.get("source") == place:
            for line in range(one.more["line"], one.more["end"] + 1):
                lines.setdefault(line, []).insert(0, number)
    return {
        "path": read.source.path,
        "title": read.found.title or read.found.book,
        "text": _text(read.source),
        "roles": roles,
        "cards": lines,
        "account": asdict(read.found.account),
    }


def _text(source: Source) -> str:
    """A source's own text; of an HTML page, which has no lines that mean anything, the text as it is read."""
    if source.form is not Form.HTML:
        return source.text
    from notedeck.reading.front import FRONT_ENDS

    return "\n".join(lines_as_read(FRONT_ENDS[source.form](source.path, source.text)))


def _diagnostic(one: Diagnostic, places: Mapping[str, int]) -> Json:
    said = [sentence(one, KOREAN), sentence(one, ENGLISH)]
    return {
        "path": one.span.path, "line": one.span.line, "level": str(one.level), "code": one.code, "message": said,
        "source": places.get(one.span.path),
    }  # fmt: skip


def _askers(reads: Sequence[Read]) -> list[Json]:
    """Who asked how many questions, answered and open; most first."""
    cards: Counter[str] = Counter()
    waiting: Counter[str] = Counter()
    for gist in (gist for read in reads for gist in read.found.gists):
        (cards if gist.is_answered else waiting).update(gist.askers or ("",))
    every = sorted({*cards, *waiting}, key=lambda name: (-cards[name] - waiting[name], name))
    return [{"name": name, "cards": cards[name], "open": waiting[name]} for name in every]
