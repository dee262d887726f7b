"""What the stages make, as text that a person can read: the expected halves of the cases."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from itertools import takewhile

from notedeck.config import Config, read_config
from notedeck.content.content import Content
from notedeck.content.fields import contents
from notedeck.corrections.correction import As, Told
from notedeck.diagnostics import Diagnostic, Span
from notedeck.items.item import Item
from notedeck.items.reading import Reading, read_items
from notedeck.outline.blocks import CLOZE, Block, Kind, Leaf, LeafKind, Line, Outline, leaves_of, lines_of
from notedeck.outline.markdown import read_markdown
from notedeck.outline.notion import read_notion
from notedeck.outline.table import read_table

PATH = "notes.md"
_HEAD = re.compile(r"^(\s*)\d+(?:-\d+)? \| ?")


def read(source: str, config: Config | None = None) -> tuple[Outline, Reading]:
    """A source's outline and what was read in it."""
    outline = read_markdown(PATH, source)
    return outline, read_items(outline, config or Config())


def outline_dump(source: str) -> str:
    """The tree of blocks, a line each; then what is structure, then the diagnostics."""
    return _outline(read_markdown(PATH, source))


def html_dump(source: str) -> str:
    """The same of an HTML page."""
    return _outline(read_notion(PATH, source))


def csv_dump(source: str) -> str:
    """The same of a CSV file."""
    return _outline(read_table(PATH, source))


def _outline(outline: Outline) -> str:
    lines = [*_blocks(outline.blocks, ""), *(f"= {outline.text[begin:end]}" for begin, end in outline.structure), *_diagnostics(outline.diagnostics)]
    return _text(lines)


def blocks_dump(outline: Outline) -> str:
    """The tree of blocks without lines, for two ways of writing the same page."""
    return _text(re.sub(r" \d+(?:-\d+)?(?=$|:)", "", line, count=1) for line in _blocks(outline.blocks, ""))


def _blocks(blocks: Iterable[Block], indent: str) -> Iterator[str]:
    for block in blocks:
        level = f" {block.level}" if block.level else ""
        info = f" ({block.info})" if block.info else ""
        text = "".join(map(_leaf, block.leaves))
        yield f"{indent}{block.kind}{level}{info} {_lines(block.span)}{':' if text else ''} {text}".rstrip()
        yield from _blocks(block.children, indent + "  ")


def _leaf(leaf: Leaf) -> str:
    marks = " ".join(mark.name + (f"={mark.target}" if mark.target else "") for mark in leaf.marks)
    shown = {
        LeafKind.TEXT: leaf.text,
        LeafKind.CODE: "`" + leaf.text.replace("\n", "␤") + "`",
        LeafKind.MATH: ("$$" if leaf.target else "$") + leaf.text.replace("\n", "␤") + ("$$" if leaf.target else "$"),
        LeafKind.IMAGE: f"![{leaf.text}]({leaf.target})",
        LeafKind.BREAK: " ⏎ ",
        LeafKind.TAG: leaf.target,
    }[leaf.kind]
    return "{" + marks + ": " + shown + "}" if marks else shown


def config_of(source: str) -> tuple[str, Config]:
    """A case's source without its first line, if that says what stands in deck.toml (`<!-- deck.toml: recognisers.cloze = true -->`)."""
    first, _, rest = source.partition("\n")
    if not (found := re.fullmatch(r"<!-- deck\.toml: (.*) -->", first)):
        return source, Config()
    config, problems = read_config("deck.toml", found[1])
    assert problems == [], found[1]
    return rest, config


def items_dump(source: str, config: Config | None = None) -> str:
    """The items, each with its marks, context (C), question (Q) and answer (A); then the diagnostics.

    Of a text with gaps (T) each gap is shown as in Anki, and what else it says (E).
    """
    source, said = config_of(source)
    config = config or said
    _, reading = read(source, config)
    rows = iter(contents(reading.items, config, reading.page_tags))
    return _text([*(line for item in reading.items for line in _item(item, rows, "")), *_diagnostics(reading.diagnostics)])


_TOLD = re.compile(r" ⟸ (\w+)(?: \[(.*)\])?(?: under (\d+))?$", re.MULTILINE)
"""What a case tells of a line, at its end: what it is, then its tags, then the line that it follows up on."""


def corrections_dump(source: str) -> str:
    """The items of a source some of whose lines are told to be something, then what each line is."""
    told = [_told(number, found) for number, line in enumerate(source.split("\n")) if (found := _TOLD.search(line))]
    reading = read_items(read_markdown(PATH, _TOLD.sub("", source)), Config(), told=told)
    rows = iter(contents(reading.items, Config(), reading.page_tags))
    account = reading.account
    assert account.characters == account.on_cards + account.structure + account.set_aside + account.unread, account
    return _text([*(line for item in reading.items for line in _item(item, rows, "")), f"lines {reading.roles}", *_diagnostics(reading.diagnostics)])


def _told(line: int, found: re.Match[str]) -> Told:
    tags = tuple(tag.strip() for tag in found[2].split(",")) if found[2] else ()
    return Told(line, As(found[1]), tags, int(found[3]) - 1 if found[3] else -1)


def plain_items(source: str) -> str:
    """The items without their lines, for two ways of writing the same."""
    kept = [line for line in items_dump(source).splitlines() if not line.startswith("! ")]
    return _text(_HEAD.sub(r"\1| ", line) for line in kept)


def _item(item: Item, rows: Iterator[Content], indent: str) -> Iterator[str]:
    content = next(rows)
    named = {
        "labels": content.labels,
        "tags": content.tags,
        "page": content.pages,
        "asker": content.askers,
        "chapter": (item.chapter.title,) if item.chapter else (),
    }
    marks = "; ".join(f"{name} {', '.join(values)}" for name, values in named.items() if values)
    yield f"{indent}{_lines(item.span)} | {marks}{'' if item.is_answered else ' unanswered'}".rstrip()
    for letter, blocks in (("C", item.context), ("T" if item.is_cloze else "Q", item.question), ("E" if item.is_cloze else "A", item.answer)):
        yield from (f"{indent}  {letter} {line}".rstrip() for line in _plain(blocks))
    for follow_up in item.follow_ups:
        yield from _item(follow_up, rows, indent + "    ")


def _plain(blocks: Sequence[Block]) -> Iterator[str]:
    """The text of blocks as plain Markdown, a line each; a follow-up is named by its question alone."""
    for block in blocks:
        if block.kind is Kind.FOLLOW_UP:
            yield f"▸ {next(_plain(block.children[:1]), '')}"
        elif block.kind is Kind.THEMATIC_BREAK:
            yield "***"
        elif block.kind is Kind.LIST_ITEM:
            yield from (("  " if number else "- ") + line for number, line in enumerate(_plain(block.children)))
        elif block.kind is Kind.BLOCK_QUOTE:
            yield from ("> " + line for line in _plain(block.children))
        elif block.kind is Kind.TABLE_ROW:
            yield "| " + " | ".join(_plain_line(cell.leaves) for cell in block.children)
        elif block.kind in (Kind.CODE_BLOCK, Kind.MATH_BLOCK):
            yield from "".join(leaf.text for leaf in block.leaves).splitlines()
        else:
            yield from ("# " * (block.kind is Kind.HEADING) + _plain_line(line) for line in lines_of(block.leaves))
            yield from _plain(block.children)


def _plain_line(line: Line) -> str:
    gaps = [[mark.target for mark in leaf.marks if mark.name == CLOZE] for leaf in line]
    parts: list[str] = []
    for before, gap, leaf in zip([[], *gaps], gaps, line, strict=False):
        parts += [_between(before, gap), _named(leaf)]
    return "".join([*parts, _between(gaps[-1] if gaps else [], [])])


def _between(before: Sequence[str], after: Sequence[str]) -> str:
    """The marks of gaps that close and open between two leaves."""
    same = len(list(takewhile(lambda pair: pair[0] == pair[1], zip(before, after, strict=False))))
    closing = "".join("::".join(["", *target.split("::", 1)[1:]]) + "}}" for target in reversed(before[same:]))
    return closing + "".join(f"{{{{c{target.split('::')[0]}::" for target in after[same:])


def _named(leaf: Leaf) -> str:
    address = next((mark.target for mark in leaf.marks if mark.name == "a"), "")
    if leaf.kind is LeafKind.IMAGE:
        return f"![{leaf.text}]"
    return f"[{leaf.text}]" if address else leaf.text


def fields_dump(source: str) -> str:
    """The HTML of the answer that `source` is: it is put below a question, and the card's `Answer` is shown."""
    lines = "".join(f"  {line}" if line.strip() else line for line in source.splitlines(keepends=True))
    outline, reading = read(f"- [면접질문] 질문\n  ***\n{lines}")
    content = contents(reading.items, Config())[0]
    assert sum(1 for _ in leaves_of(outline.blocks)) >= 1
    return _text([*content.answer.split("\n"), *(f"picture: {one.address}" for one in content.pictures), *_diagnostics(reading.diagnostics)])


def _diagnostics(diagnostics: Iterable[Diagnostic]) -> Iterator[str]:
    return (" ".join(["!", _lines(one.span), one.code, *one.details]) for one in diagnostics)


def _lines(span: Span) -> str:
    return str(span.line) if span.stop <= span.line else f"{span.line}-{span.stop}"


def _text(lines: Iterable[str]) -> str:
    return "".join(line + "\n" for line in lines)
