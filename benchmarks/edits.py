"""How well notes are known again: thousands of seeded random edits of a notes folder, and what became of each note.

    .venv/bin/python benchmarks/edits.py [NOTES] [--edits 1000] [--seed 1]

For each kind of edit it prints how many notes that were touched kept their history, were lost (new, though they are
an old one), were doubtful, and, which must never happen, got the history of another question (wrong). The others are
the notes whose text an edit did not touch; the last column counts the questions that look like another one and were
told apart from it, as new or as doubtful ones.
"""

from __future__ import annotations

import argparse
import random
import re
import sys
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass, replace
from functools import cache, lru_cache, partial
from itertools import pairwise
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))


from notedeck.config import Config
from notedeck.content.sketch import likeness, sketch
from notedeck.identity.drafts import Draft, drafts_of
from notedeck.identity.identifying import identify
from notedeck.identity.lock import EMPTY, Lock
from notedeck.identity.notes import Change, Note, Rules
from notedeck.identity.scope import Scope
from notedeck.reading.findings import Gist, Read
from notedeck.reading.front import read_source
from notedeck.sources.source import Source

START = 1_700_000_000


@dataclass(frozen=True)
class Chunk:
    """Lines of a source that belong together: one outermost question with its follow-ups, or what lies between."""

    lines: tuple[str, ...]
    ids: tuple[str, ...] = ()
    """The guids of its notes, in order; empty for what is no question. `*` for a note that must be new."""
    asked: tuple[int, ...] = ()
    """Which of its lines hold the question of its first note."""


@dataclass(frozen=True)
class Book:
    """Sources as chunks."""

    files: tuple[tuple[str, tuple[Chunk, ...]], ...]
    by_way_of: tuple[Book, ...] = ()
    """What the notes were in builds in between."""

    def sources(self) -> list[Source]:
        """The text that a build reads."""
        text = ((name, "\n".join(line for chunk in chunks for line in chunk.lines) + "\n") for name, chunks in self.files)
        return [Source(name, name, name, body, Path("/nowhere")) for name, body in text]

    def questions(self) -> list[tuple[int, int]]:
        """Where the chunks with notes are: file, chunk."""
        return [(file, place) for file, (_, chunks) in enumerate(self.files) for place, chunk in enumerate(chunks) if chunk.ids]

    def with_chunks(self, file: int, chunks: Sequence[Chunk]) -> Book:
        """The book with other chunks in one file."""
        files = list(self.files)
        files[file] = (files[file][0], tuple(chunks))
        return Book(tuple(files))

    def asking(self) -> list[tuple[int, int]]:
        """Where the chunks are of whose first note it is known which lines are the question."""
        return [where for where in self.questions() if self.at(where).asked]

    def change(self, where: tuple[int, int], *chunks: Chunk) -> Book:
        """The book with other chunks in the place of one."""
        own = list(self.files[where[0]][1])
        own[where[1] : where[1] + 1] = chunks
        return self.with_chunks(where[0], own)

    def at(self, where: tuple[int, int]) -> Chunk:
        """One chunk."""
        return self.files[where[0]][1][where[1]]


def drafts(book: Book) -> list[Draft]:
    """What a build makes of the book."""
    found, _ = drafts_of([_read(source) for source in book.sources()])
    return found


@lru_cache(maxsize=32)
def _read(source: Source) -> Read:
    """What is read in a source, once for all the edits that leave it as it was."""
    return Read(source, read_source(source, Config()))


def run(book: Book, lock: Lock, now: int) -> tuple[tuple[Note, ...], Lock]:
    """Give the book's notes their identities."""
    made = identify(drafts(book), lock, Scope(frozenset(name for name, _ in book.files), ("",)), Rules("", "Q&A", now))
    return made.notes, made.lock


@cache
def read_book(folder: Path) -> tuple[Book, Lock]:
    """The notes as chunks, with the identities of a first build."""
    paths = sorted(folder.rglob("*.md")) if folder.is_dir() else [folder]
    root = folder if folder.is_dir() else folder.parent
    texts = [(path.relative_to(root).as_posix(), path.read_text("utf-8-sig").splitlines()) for path in paths]
    plain = Book(tuple((name, tuple(Chunk((line,)) for line in lines)) for name, lines in texts))
    notes, lock = run(plain, EMPTY, START)
    files = []
    for name, chunks in plain.files:
        mine = [note for note in notes if note.draft.source == name]
        files.append((name, tuple(_chunks([chunk.lines[0] for chunk in chunks], mine))))
    return Book(tuple(files)), lock


def _chunks(lines: list[str], notes: list[Note]) -> list[Chunk]:
    outer = [note for note in notes if not note.draft.parents]
    chunks: list[Chunk] = []
    place = 0
    for note in outer:
        span = note.draft.gist.span
        chunks += [Chunk((line,)) for line in lines[place : span.start]]
        own = tuple(lines[span.start : span.stop])
        ids = tuple(one.locked.guid for one in notes if span.start <= one.draft.gist.span.start < span.stop)
        chunks.append(Chunk(own, ids, _asked_lines(own, note.draft.gist)))
        place = span.stop
    return chunks + [Chunk((line,)) for line in lines[place:]]


def _asked_lines(lines: tuple[str, ...], content: Gist) -> tuple[int, ...]:
    said = [re.sub(r"\W", "", line) for line in content.question_text.split("\n")]
    return tuple(number for number, line in enumerate(lines) if any(one and one in re.sub(r"\W", "", line) for one in said))[:2]


def reworded(line: str, share: float, words: Sequence[str], dice: random.Random) -> str:
    """A line with at most a share of its words replaced, dropped or preceded by another; its last word stays, for it asks."""
    parts = line.split(" ")
    free = [place for place, part in enumerate(parts[:-1]) if len(re.sub(r"\W", "", part)) > 1 and re.fullmatch(r"[\w(),.'\"~-]+", part)]
    free = [place for place in free if not re.match(r"[pP]?\.?\d", parts[place])]
    count = max(1, int(share * (len(free) + 1)))
    for place in sorted(dice.sample(free, min(count, len(free))), reverse=True):
        edit = dice.choice(("replace", "drop", "add"))
        if edit == "drop" and len(free) > 2:
            del parts[place]
        elif edit == "add":
            parts.insert(place, dice.choice(words))
        else:
            parts[place] = dice.choice(words)
    return " ".join(parts)


def question(chunk: Chunk, share: float, words: Sequence[str], dice: random.Random) -> Chunk:
    """A chunk whose question is reworded."""
    lines = list(chunk.lines)
    for number in chunk.asked[:1]:
        lines[number] = reworded(lines[number], share, words, dice)
    return replace(chunk, lines=tuple(lines))


def answer(chunk: Chunk, share: float, words: Sequence[str], dice: random.Random) -> Chunk:
    """A chunk with words of its answer changed, or a sentence more or less."""
    lines = list(chunk.lines)
    free = [n for n, line in enumerate(lines) if n > max(chunk.asked, default=0) and _is_prose(line)]
    for number in dice.sample(free, min(len(free), max(1, int(share * len(free))))):
        edit = dice.choice(("words", "words", "sentence", "less"))
        if edit == "sentence":
            lines[number] += " " + " ".join(dice.choices(words, k=8)) + " 한다."
        elif edit == "less" and "다. " in lines[number]:
            lines[number] = lines[number].rsplit("다. ", 1)[0] + "다."
        else:
            lines[number] = reworded(lines[number], 0.2, words, dice)
    return replace(chunk, lines=tuple(lines))


def _is_prose(line: str) -> bool:
    body = line.strip()
    return len(body) > 12 and not body.startswith(("|", "`", "***", "---", "#", "![", "[", ">", "$")) and not _asks(body)


def _is_told(line: str) -> bool:
    return bool(line.strip(" *->`|")) and not line.strip().startswith(("***", "---", "|--", "```", "$$"))


def _asks(line: str) -> bool:
    return "?" in line or line.rstrip(" *.").endswith(("주세요", "는지", "니다만"))


def alike(chunk: Chunk, words: Sequence[str], dice: random.Random) -> Chunk:
    """Another question that looks like this one: some of its words are others, and about half of its answer is."""
    lines = []
    for number, line in enumerate(chunk.lines):
        if number in chunk.asked or _asks(line):
            lines.append(reworded(line, 0.4, words, dice))
        elif number > max(chunk.asked, default=0) and _is_told(line) and dice.random() < 0.6:
            indent = line[: len(line) - len(line.lstrip(" -0123456789."))]
            lines.append(indent + " ".join(dice.choices(words, k=max(4, len(line.split())))) + " 한다.")
        else:
            lines.append(reworded(line, 0.3, words, dice) if _is_prose(line) else line)
    return Chunk(tuple(lines), tuple("*" for _ in chunk.ids), chunk.asked)


Edit = Callable[[Book, Sequence[str], random.Random], Book]


def edit_question(share: float, book: Book, words: Sequence[str], dice: random.Random) -> Book:
    """One question reworded."""
    where = dice.choice(book.questions())
    return book.change(where, question(book.at(where), share, words, dice))


def edit_answer(book: Book, words: Sequence[str], dice: random.Random) -> Book:
    """One answer edited."""
    where = dice.choice(book.questions())
    return book.change(where, answer(book.at(where), 0.4, words, dice))


def edit_order(book: Book, words: Sequence[str], dice: random.Random) -> Book:
    """Two neighbouring questions swapped; in one edit of two, all between two headings in another order."""
    file, place = dice.choice(book.questions())
    chunks = list(book.files[file][1])
    run_of = [
        n for n in range(len(chunks)) if chunks[n].ids and not any(c.lines[0].startswith("#") for c in chunks[min(n, place) : max(n, place) + 1])
    ]
    order = list(run_of)
    dice.shuffle(order)
    moved = {to: chunks[start] for to, start in zip(run_of, order, strict=True)}
    return book.with_chunks(file, [moved.get(n, chunk) for n, chunk in enumerate(chunks)])


def edit_chapter(book: Book, words: Sequence[str], dice: random.Random) -> Book:
    """One question moved to another place, of any chapter and file."""
    where, to = dice.choice(book.questions()), dice.choice(book.questions())
    if where == to:
        return book
    chunk = book.at(where)
    beside = book.at(to)
    return book.change(to, beside, chunk).change(where if where < to or where[0] != to[0] else (where[0], where[1] + 1))


def edit_file(book: Book, words: Sequence[str], dice: random.Random) -> Book:
    """A file renamed."""
    file = dice.randrange(len(book.files))
    files = list(book.files)
    files[file] = (f"{dice.randrange(10**6)}.md", files[file][1])
    return Book(tuple(files))


def edit_alike_added(book: Book, words: Sequence[str], dice: random.Random) -> Book:
    """A question that looks like another one added beside it."""
    where = dice.choice(book.questions())
    both = [book.at(where), alike(book.at(where), words, dice)]
    dice.shuffle(both)
    return book.change(where, *both)


def edit_removed(book: Book, words: Sequence[str], dice: random.Random) -> Book:
    """A question removed."""
    return book.change(dice.choice(book.questions()))


def anew(chunk: Chunk, words: Sequence[str], dice: random.Random) -> Chunk:
    """A chunk with its questions as they were, and every line of its answers written anew."""
    lines = list(chunk.lines)
    for number, line in enumerate(lines):
        if number > max(chunk.asked) and _is_told(line) and not _asks(line):
            indent = line[: len(line) - len(line.lstrip(" -0123456789."))]
            lines[number] = indent + " ".join(dice.choices(words, k=max(4, len(line.split())))) + " 한다."
    return replace(chunk, lines=tuple(lines))


def doubled(chunk: Chunk, words: Sequence[str], dice: random.Random) -> Chunk:
    """A chunk with a word more in its question, if that is long enough, and behind each line of its answers another one."""
    lines: list[str] = []
    for number, line in enumerate(chunk.lines):
        lines.append(_with_a_word(line, words, dice) if number in chunk.asked[:1] else line)
        if number > max(chunk.asked) and _is_prose(line):
            indent = " " * (len(line) - len(line.lstrip(" -0123456789.")))
            lines.append(indent + " ".join(dice.choices(words, k=len(line.split()))) + " 한다.")
    return replace(chunk, lines=tuple(lines))


def _with_a_word(line: str, words: Sequence[str], dice: random.Random) -> str:
    """A line with a word more in its last sentence, if that has six or more."""
    head, arrow, asked = line.rpartition("→")
    parts = asked.split(" ")
    free = [place for place in range(2, len(parts) - 1) if re.search(r"\w", parts[place - 1]) and re.search(r"\w", parts[place])]
    if len(free) > 4:
        parts.insert(dice.choice(free), dice.choice([word for word in words if len(word) < 4]))
    return head + arrow + " ".join(parts)


def decorated(chunk: Chunk, words: Sequence[str], dice: random.Random) -> Chunk:
    """A chunk with a picture, a level or a gloss in the head of its question."""
    lines = list(chunk.lines)
    for number in chunk.asked[:1]:
        parts = lines[number].split(" ")
        free = [place for place, part in enumerate(parts) if place and len(re.sub(r"\W", "", part)) > 1]
        parts.insert(dice.choice(free[1:] or [len(parts)]), dice.choice((":star:", "⭐", "(basic)", f"({dice.choice(words)})", "[심화]")))
        lines[number] = " ".join(parts)
    return replace(chunk, lines=tuple(lines))


def edit_anew(book: Book, words: Sequence[str], dice: random.Random) -> Book:
    """One answer written anew."""
    where = dice.choice(book.asking())
    return book.change(where, anew(book.at(where), words, dice))


def edit_file_anew(book: Book, words: Sequence[str], dice: random.Random) -> Book:
    """A file renamed, and one of its answers written anew."""
    where = dice.choice(book.asking())
    files = list(book.change(where, anew(book.at(where), words, dice)).files)
    files[where[0]] = (f"{dice.randrange(10**6)}.md", files[where[0]][1])
    return Book(tuple(files))


def edit_doubled(book: Book, words: Sequence[str], dice: random.Random) -> Book:
    """One answer grown to double, and a word more or less in its question."""
    where = dice.choice(book.asking())
    return book.change(where, doubled(book.at(where), words, dice))


def edit_head(book: Book, words: Sequence[str], dice: random.Random) -> Book:
    """One question's head decorated."""
    where = dice.choice(book.asking())
    return book.change(where, decorated(book.at(where), words, dice))


def edit_folder(book: Book, words: Sequence[str], dice: random.Random) -> Book:
    """The folder of all files renamed, and one answer edited."""
    folder = dice.choice(words)
    files = edit_answer(book, words, dice).files
    return Book(tuple((f"{folder}/{name.partition('/')[2] or name}", chunks) for name, chunks in files))


def edit_left_out(book: Book, words: Sequence[str], dice: random.Random) -> Book:
    """One question left out, or its answer, and back with its answer edited or written anew."""
    where = dice.choice(book.asking())
    chunk = book.at(where)
    unanswered = replace(chunk, lines=chunk.lines[: max(chunk.asked) + 1])
    gone = book.change(where, *dice.choice(((), (unanswered,))))
    back = anew(chunk, words, dice) if dice.random() < 0.5 else answer(chunk, 0.4, words, dice)
    return replace(book.change(where, back), by_way_of=(gone,))


_MATTERS = ("큐", "스택", "힙", "그래프", "해시 테이블", "이진 트리")
_NAMELESS = ("장점은 무엇인가요?", "예시를 들어주세요", "왜 그런가요?", "시간 복잡도는 어떻게 되나요?", "어떤 경우에 사용하나요?")


def replace_under_heading(book: Book, words: Sequence[str], dice: random.Random) -> Book:
    """A question whose words name nothing deleted with its heading, and the same words under another one: it must be doubtful or new."""
    file = dice.randrange(len(book.files))
    ask = dice.choice(_NAMELESS)
    before, after = (
        book.with_chunks(file, (*book.files[file][1], Chunk(("", f"#### {matter}", "")), _asked_below(ask, words, dice)))
        for matter in dice.sample(_MATTERS, 2)
    )
    return replace(after, by_way_of=(before,))


def _asked_below(ask: str, words: Sequence[str], dice: random.Random) -> Chunk:
    """A question with an answer of some words, which is nobody yet."""
    return Chunk((f"- **{ask}**", "  " + " ".join(dice.choices(words, k=20)) + " 한다."), ("*",), (0,))


def edit_several(book: Book, words: Sequence[str], dice: random.Random) -> Book:
    """Several kinds at once, some of them on one question."""
    where = dice.choice(book.questions())
    chunk = question(book.at(where), 0.33, words, dice)
    book = book.change(where, answer(chunk, 0.3, words, dice) if dice.random() < 0.7 else chunk)
    for edit in dice.sample([edit_answer, edit_order, edit_chapter, edit_file, edit_alike_added, edit_removed], 3):
        book = edit(book, words, dice)
    return book


def replace_by_alike(book: Book, words: Sequence[str], dice: random.Random) -> Book:
    """A question removed and one that looks like it put in its place, with half of the answer: it must be doubtful or new.

    An answer of which more than three fifths stayed makes it a rewording, which the other kinds are about; a question below it
    that kept its words is the same one.
    """
    for where in dice.sample(book.questions(), len(book.questions())):
        other = alike(book.at(where), words, dice)
        if all(one < 0.6 for one in _shares(book.at(where), other)) and _questions(book.at(where)).isdisjoint(_questions(other)):
            return book.change(where, other)
    return book


def _questions(chunk: Chunk) -> set[str]:
    """The lines of a chunk that ask."""
    return {line.strip() for line in chunk.lines if _asks(line)}


def _shares(chunk: Chunk, other: Chunk) -> Iterator[float]:
    """How much of each answer two chunks share, for the chunk as a whole and for each nested question."""
    heads = [n for n, line in enumerate(chunk.lines) if not n or _asks(line)]
    for begin, end in pairwise([*heads, len(chunk.lines)]):
        yield likeness(sketch(" ".join(chunk.lines[begin + 1 : end])), sketch(" ".join(other.lines[begin + 1 : end])))


KINDS: dict[str, Edit] = {
    "question reworded by up to a third": partial(edit_question, 0.33),
    "question reworded by up to a half": partial(edit_question, 0.5),
    "answer": edit_answer,
    "order": edit_order,
    "chapter": edit_chapter,
    "file renamed": edit_file,
    "alike question added": edit_alike_added,
    "question removed": edit_removed,
    "answer written anew": edit_anew,
    "file renamed, an answer written anew": edit_file_anew,
    "answer doubled": edit_doubled,
    "head decorated": edit_head,
    "folder renamed": edit_folder,
    "left out, and back": edit_left_out,
    "several kinds at once": edit_several,
    "replaced by an alike one": replace_by_alike,
    "same words under another heading": replace_under_heading,
}


def measure(folder: Path, kind: str, edits: int, seed: int) -> Counter[str]:
    """Make the edits of one kind, each on the notes as they were, and count what became of the notes."""
    book, lock = read_book(folder)
    words = sorted({word for one in lock.notes.values() for word in re.findall(r"[가-힣A-Za-z]{2,}", one.question)})
    counts: Counter[str] = Counter()
    for number in range(edits):
        dice = random.Random(f"{seed} {kind} {number}")
        counts += _judge(book, KINDS[kind](book, words, dice), lock)
    return counts


def _judge(before: Book, after: Book, lock: Lock) -> Counter[str]:
    """Compare who each note is with who it should be; an edit that broke a question's form is left out."""
    for number, book in enumerate(after.by_way_of):
        _, lock = run(book, lock, START + 50 + number)
    notes, _ = run(after, lock, START + 100)
    wanted = [guid for _, chunks in after.files for chunk in chunks for guid in chunk.ids]
    if len(wanted) != len(notes):
        return Counter({"left out": 1})
    old = {chunk.ids[0]: chunk.lines for _, chunks in before.files for chunk in chunks if chunk.ids}
    untouched = {
        guid for _, chunks in after.files for chunk in chunks for guid in chunk.ids if chunk.ids[0] in old and old[chunk.ids[0]] == chunk.lines
    }
    counts: Counter[str] = Counter({"edits": 1})
    for guid, note in zip(wanted, notes, strict=True):
        counts[_verdict(guid, note, guid in untouched)] += 1
    return counts


def _verdict(guid: str, note: Note, untouched: bool) -> str:
    is_new = note.change in (Change.NEW, Change.DOUBTFUL)
    if guid == "*":
        return f"alike {note.change}" if is_new else "wrong"
    if note.locked.guid == guid:
        return "others kept" if untouched else "kept"
    if not is_new:
        return "wrong"
    return "others lost" if untouched else str(note.change).replace("new", "lost")


def _row(kind: str, counts: Counter[str]) -> str:
    touched = counts["kept"] + counts["lost"] + counts["doubtful"]
    others = counts["others kept"] + counts["others lost"]
    kept = f"{100 * counts['kept'] / touched:.1f}%" if touched else "-"
    alike_ones = f"{counts['alike new']} / {counts['alike doubtful']}"
    return (
        f"{kind:36}{counts['edits']:7}{touched:9}{kept:>9}{counts['lost']:7}{counts['doubtful']:10}{counts['wrong']:7}"
        f"{others:9}{100 * counts['others kept'] / max(others, 1):9.1f}%{alike_ones:>18}"
    )


def main() -> None:
    """Print a table."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("notes", nargs="?", type=Path, default=Path("notes"))
    parser.add_argument("--edits", type=int, default=1000, help="how many of each kind")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--kind", default="", help="only kinds with these words in their name")
    args = parser.parse_args()
    kinds = [kind for kind in KINDS if args.kind in kind]
    heads = f"{'kind of edit':36}{'edits':>7}{'touched':>9}{'kept':>9}{'lost':>7}{'doubtful':>10}{'wrong':>7}"
    print(f"{heads}{'others':>9}{'kept':>10}{'new / doubtful':>18}")
    with ProcessPoolExecutor() as pool:
        results = pool.map(measure, [args.notes] * len(kinds), kinds, [args.edits] * len(kinds), [args.seed] * len(kinds))
        for kind, counts in zip(kinds, results, strict=True):
            print(_row(kind, counts), flush=True)


if __name__ == "__main__":
    main()
