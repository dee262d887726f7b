"""Inputs of any kind for the fuzzer, seeded: texts composed of what the tests' documents and pages are made of, changed ones, zips, deck.toml."""

from __future__ import annotations

import io
import random
import zipfile
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

from notedeck.config import RECOGNISERS, Config
from notedeck.sources.source import Form
from notedeck.sources.text import decode
from tests import documents, pages
from tests.claims import SUFFIXES, Text
from tests.documents import BEYOND_COMMONMARK, GAPS, HOSTILE, ODD, TEXT_FRAGMENTS, filled
from tests.zips import IDS, UUID, bare, declared, link

SAMPLE = Path(__file__).resolve().parent.parent / "notes" / "예제"
SIGNS = (
    *"[]()<>*_`~$|#-+=&!\\:>.{}\"'\n\t /", "![", "](", "[[", "<a ", "</", "**", "  ", "\n\n", "- ", "> ", "1. ", "# ", "$$", "```", "&#", "://",
)  # fmt: skip
_MARKDOWN = (TEXT_FRAGMENTS, TEXT_FRAGMENTS, BEYOND_COMMONMARK, documents.ASKING, documents.FOLDS, documents.LINES, GAPS, ODD, HOSTILE, SIGNS)
_HTML = (pages.INLINE, pages.INLINE, pages.PARTS, pages.PARTS, documents.ASKING, ODD, HOSTILE, GAPS)
_CSV_HEADS = ("질문,답변", "문제;정답", "Question\tAnswer\tTags", "이름,질문,답,태그", "□,□", "", "#,질문", '"질문","답변"', "답변,질문,질문")
_CSV_MARKS = (",", ",", ",", ";", "\t", "\n", "\n", "\n", '"', '""', '",', ',"', "\r", "'")
_TOML = (
    "[deck]", "[packages]", "[labels]", "[books]", "[recognisers]", "[columns]", "[cards]", "[followups]", "[[deck]]", "[deck.under]", "[□]",
    'book = "□"', 'under = "a::b"', 'under = "../.."', "digits = 3", "digits = -1", "digits = true", 'id = "□"', 'note_type = "□"', 'subdecks = "h2"',
    'subdecks = "flat"', "subdecks = 1", 'tags = ["면접질문", "../x"]', "tags = []", 'tags = [""]', "removed_days = 0", "removed_days = 10_000",
    '"□" = ["□"]', '□ = ["면접"]', '"" = ""', "cloze = true", "terms = true", "every_heading = true", "study = false", "x = { y = 1 }", "a.b.c = 1",
    'question = ["□"]', 'answer = ["질문"]', 'in_parent = "titles"', "askers = false", 'page_tags = ["□"]', "=", '"', "'''",
    "[", "]", "{", "}", "\\u0000", "#",
    "d = 1979-05-27", "n = nan", "n = 1e999", "[a.a.a.a]", "x = [[[[[[", 'k = "\\ud800"', '"::" = ["a"]', '"a b" = ["c"]', "[labels.□]",
)  # fmt: skip
_NAMES = (
    "쪽.md", "쪽.html", "쪽.csv", "쪽_all.csv", "쪽.txt", f"쪽 {IDS['하나']}.md", f"쪽 {IDS['하나']}.html", f"쪽 {IDS['표']}.csv",
    f"쪽 {IDS['표']}_all.csv",
    f"쪽 {IDS['표']}/왜 {IDS['행']}.md", f"쪽 {IDS['표']}/왜 {IDS['열']}.html", "1장/1. 글.md", "1장/2. 글.md", "a.png", "쪽/a.png", "index.html",
    "책/README.md",
    "../밖.md", "/etc/x.md", "C:\\x.md", "a\\..\\..\\b.md", "A.MD", "a.md", "쪽.md", ".숨김.md", "__MACOSX/._쪽.md", "x" * 300 + ".md",
    "깊" * 90 + ".md",
    "a/" * 150 + "b.md", "a/" * 300 + "b.md", "\u202e나.md", "\x1b[2J.md", "..md", ".md", " .md", "CON.md", "a?.md", "a::b.md", "a%2Fb.md",
    "{{a}}.md", "%F0%9F.md",
    f"Export-{UUID}1/쪽.md", f"Export-{UUID}1-Part-1.zip", "속.zip", "Private & Shared/쪽.md", f"쪽 {IDS['하나']}.zip", "쪽.md/쪽.md", "link",
    "²장.md", "제1장.html",
)  # fmt: skip
_LETTERS: dict[str, str] = {
    "blank": " \t\u00a0\u3000", "dash": "-–—─━_=", "mark": "*~^`'\"’“!?.,:;#@&$%|/\\", "star and arrow": "★☆→⇒➡◆▶✅", "emoji": "😀🔥🙏",
    "bracket": "()[]{}<>「」【】（）",
    "Hangul": "가질답요다네장", "jamo": "ㅠㅋㄱㅏ", "Latin": "aApPQx", "digit": "0179①", "Han and kana": "第章問のか",
    "combining": "\u0301\u0338\u20e3", "zero-width": "\u200d\u200b\ufe0f\u2060",
}  # fmt: skip
"""Letters of each class that patterns name."""
_ROW_LENGTHS = {"short": (16, 64), "long": (1_000, 100_000)}
_ROW_ENDS = ("", "", "]", "}", ":", ")", ">", "?", " 이렇게 [그림]", " #태그", " 왜 그런가요?", "요", "@하늘", "</b>", "|", "\n", "\n  답\n")
_OFF = tuple(name for name, is_on in RECOGNISERS.items() if not is_on)


@dataclass(frozen=True, slots=True)
class Folder:
    """Files of a folder of notes, by their paths in it, and its deck.toml."""

    files: tuple[tuple[str, bytes], ...]
    toml: bytes = b""


class Maker:
    """Makes inputs, each by its own seed."""

    def __init__(self, seed: str) -> None:
        self.random = random.Random(seed)
        self.chance = self.random.random
        self.rows: Counter[str] = Counter()
        """How many rows of one letter, or of two in turn, it made, by their length and class."""

    def text(self, kept: Sequence[Text] = ()) -> Text:
        """A text in one of the forms; one in three is an earlier one or a sample note, changed."""
        config = self.config()
        if self.chance() < 0.3:
            old = self.random.choice([*kept, *_samples()])
            return Text(_tidy(self.with_rows(self.changed(old.text))), old.form, config)
        form = self.random.choices(list(Form), (6, 4, 1))[0]
        made = {Form.MARKDOWN: self.markdown, Form.HTML: self.html, Form.CSV: self.csv}[form]()
        return Text(_tidy(self.with_rows(filled(made))), form, config)

    def config(self) -> Config:
        """What deck.toml may say: in one of two, all that is off unless asked for."""
        names = {**RECOGNISERS, **dict.fromkeys(_OFF, True)} if self.chance() < 0.5 else RECOGNISERS
        if self.chance() < 0.1:
            names = {name: self.chance() < 0.6 for name in RECOGNISERS}
        in_parent = self.random.choice(("folded", "folded", "titles", "none"))
        return Config(recognisers=names, in_parent=in_parent, subdecks=self.random.choice(("auto", "auto", "auto", "file", "flat", "h1", "h2", "h3")))

    def row(self, length: str) -> str:
        """One letter of any class, or two in turn, many times, and something behind them."""
        names = self.random.sample(list(_LETTERS), self.random.choice((1, 1, 2)))
        letters = "".join(self.random.choice(_LETTERS[name]) for name in names)
        self.rows[f"{length} {names[0]}"] += 1
        return letters * (self.random.randint(*_ROW_LENGTHS[length]) // len(letters)) + self.random.choice(_ROW_ENDS)

    def with_rows(self, text: str) -> str:
        """A text with a row in it here and there; a long one is rare, since all claims of it take seconds."""
        while self.chance() < 0.1:
            place = self.random.randint(0, len(text))
            text = text[:place] + self.row("long" if self.chance() < 0.05 else "short") + text[place:]
        return text

    def pieces(self, lists: Sequence[Sequence[str]], most: int) -> str:
        """Some fragments in a row."""
        return "".join(self.random.choice(self.random.choice(lists)) for _ in range(self.random.randint(1, most)))

    def markdown(self) -> str:
        """Lines that begin anywhere, tables, folds, bullets in bullets."""
        lines: list[str] = ["# □ 책", ""] if self.chance() < 0.3 else []
        indent = 0
        for _ in range(self.random.randint(1, 14)):
            indent = max(0, indent + self.random.choice((-4, -2, 0, 0, 0, 2, 2, 3, 4)))
            kind = self.chance()
            if kind < 0.15:
                lines.append("")
            elif kind < 0.25:
                head = self.random.choice(documents.HEADS)
                lines += [f"| {head} |", "|---" * (head.count("|") + 1) + "|", f"| {self.pieces(_MARKDOWN, 2)} | {self.pieces(_MARKDOWN, 2)} |"]
            elif kind < 0.5:
                lines.append(" " * indent + self.random.choice(documents.ASKING + documents.FOLDS))
            else:
                lines.append(" " * indent + self.random.choice(documents.STARTS) + self.pieces(_MARKDOWN, 4))
        return "\n".join(lines) + "\n"

    def html(self) -> str:
        """A page of Notion, or elements in any order."""
        if self.chance() < 0.4:
            torn = self.pieces((pages.PARTS, pages.PARTS, ("□",), HOSTILE), 40)
            return f'<h1 class="page-title">□</h1>{torn}' if self.chance() < 0.5 else torn
        return pages.PAGE.format("".join(self.block(4) for _ in range(self.random.randint(1, 5))))

    def block(self, depth: int) -> str:
        """One of Notion's blocks with others in it."""
        if depth == 0 or self.chance() < 0.4:
            return f"<p>{self.pieces(_HTML, 4)}</p>" if self.chance() < 0.7 else self.pieces(_HTML, 4)
        below = "".join(self.block(depth - 1) for _ in range(self.random.randint(0, 3)))
        return self.random.choice(pages.NESTED).format(self.pieces(_HTML, 3), below)

    def csv(self) -> str:
        """A table, whole or broken."""
        cells = self.pieces((_CSV_MARKS, _CSV_MARKS, TEXT_FRAGMENTS, ("□", "□?", "왜 □인가요?"), ODD), 30)
        return f"{self.random.choice(_CSV_HEADS)}\n{cells}\n"

    def toml(self) -> str:
        """Lines of deck.toml, mostly such as there are."""
        lines = [self.random.choice(_TOML) for _ in range(self.random.randint(0, 8))]
        return filled("\n".join(lines)) + "\n"

    def changed(self, text: str) -> str:
        """A text with parts cut, doubled, moved or replaced by fragments."""
        text = text if len(text) < 4000 or self.chance() < 0.02 else self.part(text)
        for _ in range(self.random.randint(1, 5)):
            start = self.random.randint(0, len(text))
            stop = min(len(text), start + self.random.choice((0, 0, 1, 2, 5, 20, 100)))
            fragment = self.random.choice(self.random.choice((*_MARKDOWN, pages.PARTS, pages.INLINE))).replace("□", "가").replace("◇", "이하늘")
            new = self.random.choice((fragment, "", text[start:stop] * 2, fragment * 3, self.part(text)[:200]))
            text = text[:start] + new + text[stop:]
        return text

    def part(self, text: str) -> str:
        """Some lines of a long text."""
        lines = text.split("\n")
        start = self.random.randint(0, len(lines))
        return "\n".join(lines[start : start + self.random.randint(1, 40)])

    def folder(self, kept: Sequence[Text] = ()) -> Folder:
        """Files of all kinds, zips among them."""
        files: dict[str, bytes] = {}
        for _ in range(self.random.randint(1, 3)):
            if self.chance() < 0.6:
                files[self.random.choice(("묶음.zip", f"{UUID}1_Export-{UUID}1.zip", "b.zip"))] = self.zip(kept, 2)
            else:
                files[
                    f"{self.random.choice(('', '', '책/', '1장/'))}{self.random.choice('가나다')}{self.random.choice([*SUFFIXES.values(), '.txt'])}"
                ] = self.bytes(kept)
        return Folder(tuple(files.items()), self.toml().encode("utf-8", "replace") if self.chance() < 0.3 else b"")

    def bytes(self, kept: Sequence[Text]) -> bytes:
        """A file's content in one of the encodings that people have, or in none."""
        text = self.text(kept).text
        data = text.encode(self.random.choices(("utf-8", "utf-8-sig", "utf-16", "utf-16-le", "cp949"), (20, 1, 1, 1, 1))[0], "replace")
        return self.damaged(data) if self.chance() < 0.1 else data

    def zip(self, kept: Sequence[Text], depth: int) -> bytes:
        """A zip of notes, with names as hostile people make them, at times with zips in it or damaged."""
        names = [self.random.choice(_NAMES) for _ in range(self.random.randint(0, 5))]
        files = [(name, self.zip(kept, depth - 1) if name.endswith(".zip") and depth else self.bytes(kept)) for name in names]
        if self.chance() < 0.1:
            return link(names[0] if names else "a.md", self.random.choice(("a.md", "../../x", "/etc/passwd", "b", "")))
        if self.chance() < 0.3:
            flags = self.random.choice((0, 0x800, 0x800, 1, 8))
            data = bare(
                [(_encoded(name, flags), content) for name, content in files], flags, self.random.choice((0, 0o100644, 0o40755, 0o120777, 0o10644))
            )
        else:
            data = _zipped(
                files, self.random.choice((zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED, zipfile.ZIP_DEFLATED, zipfile.ZIP_BZIP2)), self.date()
            )
        if files and self.chance() < 0.05:
            data = declared(data, self.random.choice((0, 1, 10, 1 << 20, 1 << 31, 0xFFFFFFFF)))
        return self.damaged(data) if self.chance() < 0.25 else data

    def date(self) -> tuple[int, int, int, int, int, int]:
        """A file's date, some that no calendar has."""
        return self.random.choice(
            ((2026, 3, 1, 12, 0, 0), (2026, 5, 1, 12, 0, 0), (1980, 0, 0, 0, 0, 0), (2107, 15, 31, 31, 63, 62), (2026, 2, 31, 25, 61, 61))
        )

    def damaged(self, data: bytes) -> bytes:
        """Bytes with some changed, cut off or doubled."""
        raw = bytearray(data)
        for _ in range(self.random.randint(1, 6)):
            place = self.random.randint(0, len(raw))
            raw[place : place + self.random.choice((0, 1, 1, 2, 4, 40))] = self.random.randbytes(self.random.randint(0, 4))
        return bytes(raw)


def _encoded(name: str, flags: int) -> bytes:
    return name.encode("utf-8" if flags & 0x800 else "cp949", "replace")


def _zipped(files: Sequence[tuple[str, bytes]], method: int, date: tuple[int, int, int, int, int, int]) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", method) as archive:
        for name, content in files:
            entry = zipfile.ZipInfo("x")
            entry.filename, entry.date_time, entry.compress_type = name, date, method
            if name not in archive.NameToInfo:
                archive.writestr(entry, content)
    return out.getvalue()


def _tidy(text: str) -> str:
    """A text as a source gives it."""
    return decode(text.replace("\0", "").encode("utf-8", "replace"))[0]


def _samples() -> list[Text]:
    return [Text(path.read_text("utf-8")) for path in sorted(SAMPLE.glob("*.md"))]


@dataclass(frozen=True, slots=True)
class Growth:
    """A text of any length: a start, a row of one piece, an end; or pieces in each other."""

    form: Form
    before: str
    piece: str
    after: str
    closing: str = ""
    """What stands behind, as often as the piece before, if they lie in each other."""
    way: str = "row"

    def text(self, size: int) -> Text:
        """About so many bytes of it."""
        count = max(1, (size - len((self.before + self.after).encode())) // max(1, len((self.piece + self.closing).encode())))
        return Text(_tidy(self.before + _WAYS[self.way](self.piece, self.closing, count, size) + self.after), self.form, _all_on())


def _row(piece: str, closing: str, count: int, size: int) -> str:
    return piece * count + closing * count


def _counted(piece: str, closing: str, count: int, size: int) -> str:
    """Each piece with a number of its own."""
    return "".join(f"{piece}{number}{closing}" for number in range(max(1, count * len(piece) // (len(piece) + 5))))


def _stairs(piece: str, closing: str, count: int, size: int) -> str:
    """A line for each piece, each two spaces further in, up to a depth; then from the start again."""
    lines: list[str] = []
    length = 0
    while length < size:
        lines.append("  " * (len(lines) % 200) + piece + closing)
        length += len(lines[-1].encode()) + 1
    return "\n".join(lines)


def _longer(piece: str, closing: str, count: int, size: int) -> str:
    """The piece once, twice, three times …, with a letter between."""
    parts: list[str] = []
    length = 0
    while length < size:
        parts.append(piece * (len(parts) + 1) + "가" + closing)
        length += len(parts[-1].encode())
    return "".join(parts)


_WAYS: dict[str, Callable[[str, str, int, int], str]] = {"row": _row, "counted": _counted, "stairs": _stairs, "longer": _longer}


def _all_on() -> Config:
    return Config(recognisers=dict.fromkeys(RECOGNISERS, True))


def growth(maker: Maker) -> Growth:
    """Something to blow up."""
    choose = maker.random.choice
    form = maker.random.choices(list(Form), (6, 4, 1))[0]
    lists = {Form.MARKDOWN: _MARKDOWN, Form.HTML: _HTML, Form.CSV: (_CSV_MARKS, _CSV_MARKS, TEXT_FRAGMENTS, SIGNS)}[form]

    def named(text: str) -> str:
        return text.replace("□", choose("가나a")).replace("◇", "이하늘")

    piece = named(maker.pieces(lists, choose((1, 1, 1, 2, 3)))) + choose(("", "", "", " ", "\n", "\n\n"))
    if maker.chance() < 0.15:
        piece = named({Form.MARKDOWN: maker.markdown, Form.HTML: lambda: maker.block(3), Form.CSV: maker.csv}[form]())
    if form is Form.MARKDOWN:
        before = choose(
            (
                "",
                "",
                "- ",
                "> ",
                "- 왜 그런가요?\n  ",
                "# 책\n\n",
                "Q. 왜?\nA. ",
                "| 질문 | 답 |\n|---|---|\n",
                "## 왜 그런가요?\n\n",
                "- ==하나== ",
                "## ",
            )
        )
    elif form is Form.HTML:
        before = choose(("", '<h1 class="page-title">쪽</h1>', "<ul><li>왜 그런가요?", "<details><summary>왜?</summary>", "<p>", "<table><tr><td>"))
    else:
        before = choose(("질문,답변\n", "질문,답변\n왜?,", ""))
    if maker.chance() < 0.2:
        before, piece = before + maker.row("short"), maker.row("short") + choose(("", " ", "\n"))
    closing = named(choose(("", "", "", choose(lists[-1]), choose(lists[0]), "</b>", "</li></ul>", "</details>", "]", ")", "}}", ">", "\n")))
    return Growth(
        form,
        before,
        piece,
        choose(("", "", "\n", "끝", "\n\n- 왜?\n  끝\n", "]", ">", "}}", "`", "</p>")),
        closing,
        choose((*_WAYS, "row", "row", "row")),
    )
