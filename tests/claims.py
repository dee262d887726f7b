"""What must be true of any notes whatever. Each claim raises AssertionError, with what it saw; any other exception is a bug too."""

from __future__ import annotations

import html
import os
import pickle
import re
import tempfile
import unicodedata
from collections.abc import Iterable, Iterator, Mapping, Sequence, Set
from dataclasses import dataclass
from itertools import combinations
from pathlib import Path, PurePosixPath

import nh3
from bs4 import BeautifulSoup, Tag

from notedeck.config import Config, read_config
from notedeck.content.arming import armed
from notedeck.content.content import Content
from notedeck.content.fields import BELOW
from notedeck.diagnostics import LEVELS
from notedeck.items.item import Item
from notedeck.items.pages.subdecks import PagePlace
from notedeck.items.reading import Reading, read_items, with_follow_ups
from notedeck.outline.blocks import Kind, Leaf, LeafKind, Outline, leaves_of, walk
from notedeck.outline.rules import parser
from notedeck.outline.soup import soup
from notedeck.pipeline import build
from notedeck.places.titles import name_of
from notedeck.plain import visible
from notedeck.reading.findings import Findings
from notedeck.reading.front import FRONT_ENDS, read_source
from notedeck.report.messages import ENGLISH, KOREAN, line
from notedeck.report.report import json_report
from notedeck.report.run import Built, Options
from notedeck.report.summary import in_anki
from notedeck.sources.source import Form, Source
from tests.documents import letters

HARMLESS = frozenset({"href", "src", "alt", "class", "start", "colspan", "rowspan", "open", "title", "lang", "width"})
REFUSED = frozenset(
    "script style iframe object embed form input link meta base svg math audio video button textarea frame applet portal template noscript".split()
)
SUFFIXES: Mapping[Form, str] = {Form.MARKDOWN: ".md", Form.HTML: ".html", Form.CSV: ".csv"}
_TELLING = {"unread", "unanswered", "unanswered-list", "no-questions"}
_PICTURE = re.compile(r"picture-\d+")
_MEDIA = re.compile(r"notedeck-[0-9a-f]{16}\.[a-z]+")
_ADDRESS = re.compile(r"https?://|ftp://|mailto:", re.IGNORECASE)
_GAP_OR_END = re.compile(r"\{\{c([\d,]+)::|\}\}")
_TAG = re.compile(r"</?[a-z]\w*")
_CONTROLS = re.compile(r"[\x00-\x08\x0e-\x1f]")
_ANKIS = re.compile(r"\[(?:sound:(?!notedeck-[0-9a-f]{16}\.)|anki:|/?latex\]|/?\$)", re.IGNORECASE)
_MIXED = {"Question", "Answer", "Context", "Parent", "Text", "Extra"}
"""Fields that are HTML; the others are plain text."""


@dataclass(frozen=True, slots=True)
class Text:
    """A text as notes, with what reads it."""

    text: str
    form: Form = Form.MARKDOWN
    config: Config = Config()

    @property
    def source(self) -> Source:
        """The source that it is in a folder of notes."""
        name, folder = f"쪽{SUFFIXES[self.form]}", Path("notes")
        return Source(f"notes/{name}", name, name, self.text, folder, self.form)

    def read(self) -> Findings:
        """All of the pure part."""
        return read_source(self.source, self.config)

    def build(self, folder: Path) -> Built:
        """The decks of it, in an empty folder, in this process."""
        notes = folder / "notes"
        notes.mkdir()
        (notes / self.source.name).write_text(self.text, "utf-8", newline="\n")
        switches = "".join(f"{name} = {str(is_on).lower()}\n" for name, is_on in self.config.recognisers.items())
        (notes / "deck.toml").write_text(f"[recognisers]\n{switches}", "utf-8")
        return build(Options((notes,), folder / "decks", jobs=1, keeps_texts=False))


def claims_of_a_text(one: Text) -> None:
    """It is read; all of it is accounted for; what stands on cards is harmless."""
    found = one.read()
    assert pickle.loads(pickle.dumps(found)) == found
    outline = FRONT_ENDS[one.form](one.source.path, one.text)
    reading = read_items(outline, one.config, PagePlace(name_of(one.source.inside), one.source.is_question))
    assert reading.account == found.account, "the same text is read in two ways"
    counted(outline, reading)
    told_with_its_lines(outline, reading)
    for content in found.contents:
        if content.is_answered:
            safe(content)
    assert not _seen(one) - letters(outline.text), "letters that the outline has lost"
    single = {letter for letter in letters(one.text) if one.text.count(letter) == 1}
    accounted(outline, reading, tuple(found.contents), one.text, single)
    notes = leaves_of(block for block in walk(outline.blocks) if block.kind is Kind.FOOTNOTE)
    apart(reading, tuple(found.contents), single - letters("".join(leaf.text for leaf in notes)))


# Nothing vanishes


def counted(outline: Outline, reading: Reading) -> None:
    """Every visible character is counted once."""
    account = reading.account
    assert account.characters == visible(outline.text), "another number of characters"
    assert account.characters == account.on_cards + account.structure + account.set_aside + account.unread, account
    assert min(account.on_cards, account.structure, account.set_aside, account.unread) >= 0, account


def told_with_its_lines(outline: Outline, reading: Reading) -> None:
    """What is told and what is an item has lines of the file; of a page of HTML, which may be one line, its blocks are the lines."""
    last = outline.span.stop + 1  # what was taken out of the end of a page stands behind its last block
    for span in (*(one.span for one in reading.diagnostics), *(item.span for item in with_follow_ups(reading.items))):
        assert 0 <= span.start < span.stop <= last, span
    for one in reading.diagnostics:
        assert one.code in LEVELS
        assert all("\n" not in line(one, tongue) for tongue in (KOREAN, ENGLISH)), one


def accounted(outline: Outline, reading: Reading, contents: Sequence[Content], text: str, single: Set[str]) -> None:
    """Counted from the other end: a letter that stands in the text once is on a card, structure or told, and not told if it is on a card."""
    there = on_cards(contents)
    told = "".join(told_lines(text, outline, reading))
    lost = (letters(outline.text) & single) - letters(there) - letters(told) - letters(_structure(outline, reading))
    assert not lost, f"nobody says where {''.join(sorted(lost))} went"
    words = "".join(one.details[0] for one in reading.diagnostics if one.code == "unread")
    assert not letters(there) & letters(words) & single, "told as unread, and on a card"


def apart(reading: Reading, contents: Sequence[Content], single: Set[str]) -> None:
    """No letter stands on two cards unless one is a follow-up of the other; a footnote may, which two answers refer to, and a heading.

    That is one that a question below it is about, as it stands before its words.
    """
    single = single - letters("".join(item.subject for item in with_follow_ups(reading.items)))
    rows = zip(places(reading.items), contents, strict=True)
    cards = [(place, letters(shown(content)) & single) for place, content in rows if content.is_answered]
    for (place, here), (other, there) in combinations(cards, 2):
        if place != other[: len(place)]:
            assert not here & there, f"{''.join(sorted(here & there))} on two cards, {place} and {other}"


def places(items: Sequence[Item], above: tuple[int, ...] = ()) -> Iterator[tuple[int, ...]]:
    """The place of each item and of its follow-ups, in order: `(2, 0)` is the first follow-up of the third item."""
    for number, item in enumerate(items):
        yield (*above, number)
        yield from places(item.follow_ups, (*above, number))


def told_lines(text: str, outline: Outline, reading: Reading) -> Iterator[str]:
    """The lines that diagnostics cover; where they name the first line of code, all of its block."""
    lines = text.split("\n")
    told = {line for one in reading.diagnostics if one.code in _TELLING for line in range(one.span.start, one.span.stop)}
    for block in walk(outline.blocks):
        if any(leaf.kind in (LeafKind.CODE, LeafKind.MATH) and told & _lines_of(leaf) for leaf in block.leaves):
            told |= set(range(block.span.start, block.span.stop))
    yield from (lines[line] for line in told if line < len(lines))
    yield from (leaf.text for leaf in leaves_of(outline.blocks) if leaf.line in told)  # with its character references read


def _lines_of(leaf: Leaf) -> set[int]:
    return set(range(leaf.line, leaf.line + leaf.text.count("\n") + 1))


def on_cards(contents: Iterable[Content]) -> str:
    """What all cards show."""
    return "".join(shown(content) for content in contents if content.is_answered)


def shown(content: Content) -> str:
    """What a card shows of its own, pictures by their alternative text; the headings above its question are its section's."""
    headings = html.escape(BELOW.join(content.headings), quote=False)
    context = content.context.removeprefix(f"<div><small>{headings}</small></div>") if headings else content.context
    fields = _page(f"{content.question} {context} {content.answer}").get_text()
    return fields + "".join(picture.alternative for picture in content.pictures)


def marks(reading: Reading) -> str:
    """What items carry beside their text, and the page's title."""
    items = list(with_follow_ups(reading.items))
    return reading.title + "".join("".join((*item.marks.labels, *item.marks.askers, item.chapter.title if item.chapter else "")) for item in items)


def _structure(outline: Outline, reading: Reading) -> str:
    """Headings, what the front end took, below the title the properties, and those of a table's rows; beside them what items carry."""
    blocks = list(outline.blocks)
    headings = "".join(leaf.text for block in walk(blocks) if block.kind in (Kind.HEADING, Kind.FRONT_MATTER) for leaf in block.leaves)
    taken = "".join(outline.text[begin:end] for begin, end in outline.structure)
    is_title = blocks[:1] and blocks[0].kind is Kind.HEADING and len(blocks) > 1 and blocks[1].kind is Kind.PARAGRAPH
    below = "".join(leaf.text for leaf in blocks[1].leaves) if is_title else ""
    return headings + taken + (below if ":" in below else "") + of_rows(outline, reading) + marks(reading)


def of_rows(outline: Outline, reading: Reading) -> str:
    """What the other columns of tables with questions say, as far as it is a label or a property."""
    taken = {place for item in with_follow_ups(reading.items) for begin, end in item.marks.taken for place in range(begin, end)}
    rows = (leaf for block in walk(outline.blocks) if block.kind is Kind.TABLE for leaf in leaves_of((block,)))
    return "".join(leaf.text for leaf in rows if leaf.at in taken)


def _seen(one: Text) -> set[str]:
    """The letters that a reader of the text sees, read by others."""
    if one.form is Form.HTML:
        return letters(soup(one.text).get_text())
    if one.form is Form.CSV:
        return set() if any(sign in one.text for sign in ("<", "](", "[[")) else letters(one.text)
    return set() if "<" in one.text or one.text.startswith("---") else letters(_rendered(one.text))


def _rendered(text: str) -> str:
    """What a browser shows of markdown-it-py's own HTML, with alternative text in the place of pictures."""
    page = BeautifulSoup(f"<div>{parser().render(text)}</div>", "html.parser")
    for picture in page.find_all("img"):
        picture.replace_with(str(picture["alt"]))
    return page.get_text()


# Nothing harms


def safe(content: Content) -> None:
    """The HTML of a card is harmless and well formed, and has the gaps that its cards are of."""
    for field in (content.question, content.context, content.answer, *content.parents):
        harmless(field, _PICTURE)
        well_formed(field)
        assert unicodedata.is_normalized("NFC", field), "not NFC"
    if content.is_cloze:
        assert numbers_in(armed(content.question)) == {place + 1 for place in content.cards}, "other cards than Anki's"
        assert not any(numbers_in(armed(field)) for field in (content.context, content.answer, *content.parents)), "a gap of nobody's"


def harmless(field: str, picture: re.Pattern[str]) -> None:
    """No element, attribute or address that does anything; pictures are none but ours."""
    for tag in tags_of(field):
        assert tag.name not in REFUSED, field
        assert set(tag.attrs) <= HARMLESS, field
        assert _ADDRESS.match(str(tag.get("href", "https://"))), field
        assert picture.fullmatch(str(tag.get("src", "picture-0"))) or "src" not in tag.attrs, field
    assert not _ANKIS.search(field), field


def well_formed(field: str) -> None:
    """A second cleaning with the same tags finds nothing to close, to move or to drop."""
    tags = (nh3.ALLOWED_TAGS | {"aside", "details", "summary", "figure", "figcaption", "mark", "u", "s"}) - REFUSED
    again = nh3.clean(field, tags=tags, attributes={tag: set(HARMLESS) for tag in tags}, link_rel=None)
    assert _page(again).get_text() == _page(field).get_text(), field
    assert _TAG.findall(again) == _TAG.findall(field), field


def tags_of(field: str) -> Iterator[Tag]:
    """The elements of a field."""
    return (tag for tag in _page(field).find_all(True) if isinstance(tag, Tag))


def numbers_in(field: str) -> set[int]:
    """The numbers of whole gaps, as Anki's tokens make them."""
    opened: list[list[int]] = []
    found: set[int] = set()
    for sign in _GAP_OR_END.finditer(field):
        if sign[1]:
            opened.append([int(number) for number in sign[1].split(",") if number])
        elif opened:
            found.update(opened.pop())
    return found


def _page(field: str) -> BeautifulSoup:
    return BeautifulSoup(f"<div>{field}</div>", "html.parser")


# A whole build


def claims_of_a_folder(files: Mapping[str, bytes], toml: bytes = b"") -> Built:
    """A folder of such files is built or told, twice the same; nothing outside of the output folder and the lock is written."""
    with tempfile.TemporaryDirectory(prefix="notedeck-claims-") as temporary:
        root = Path(temporary)
        notes = root / "notes"
        notes.mkdir()
        for name, data in {**files, **({"deck.toml": toml} if toml else {})}.items():
            (notes / name).parent.mkdir(parents=True, exist_ok=True)
            (notes / name).write_bytes(data)
        built = build(Options((notes,), root / "decks"))
        _claims_of_a_build(built)
        _only_ours(root, {f"notes/{name}" for name in (*files, *(["deck.toml"] if toml else []))}, built)
        if not built.failed:
            again = build(Options((notes,), root / "decks"))
            assert not again.written.written, f"written again: {again.written.written}"
            assert [note.fields for note in again.notes] == [note.fields for note in built.notes]
    return built


def _claims_of_a_build(built: Built) -> None:
    account = built.account
    assert account.characters == account.on_cards + account.structure + account.set_aside + account.unread, account
    for tongue in (KOREAN, ENGLISH):
        json_report(built, tongue)
        list(in_anki(built, tongue))
        for one in built.diagnostics:
            assert "\n" not in line(one, tongue), one
    guids = [note.locked.guid for note in built.notes]
    assert len(set(guids)) == len(guids), "two notes of one guid"
    for note in built.notes:
        for name, value in note.fields.items():
            assert not _CONTROLS.search(value), (name, value)
            if name in _MIXED:
                harmless(value, _MEDIA)
                well_formed(value)
        assert not any(re.search(r"\s", tag) for tag in note.tags), note.tags
        if note.draft.gist.is_cloze:
            found = set[int]().union(*(numbers_in(value) for value in note.fields.values()))
            assert found == {place + 1 for place in note.cards}, "other cards than Anki's"
    for plan in built.plans:
        assert PurePosixPath(plan.file).name == plan.file, plan.file


def _only_ours(root: Path, given: set[str], built: Built) -> None:
    there = {path.relative_to(root).as_posix() for path in root.rglob("*") if path.is_file()}
    new = {name for name in there - given if not name.startswith("decks/")}
    assert new <= {"notes/cards.lock"}, new
    if built.failed:
        assert not any(name.startswith("decks/") for name in there), "written in spite of errors"
    assert {os.path.normpath(name) for name in given} <= there


def claims_of_a_config(text: str) -> Config:
    """deck.toml is data: read, or told with a line of it."""
    config, problems = read_config("deck.toml", text)
    for one in problems:
        assert 0 <= one.span.start < one.span.stop <= text.count("\n") + 1, one
        assert all("\n" not in line(one, tongue) for tongue in (KOREAN, ENGLISH)), one
    assert not problems or config == Config()
    return config
