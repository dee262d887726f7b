"""Whatever the notes are, the claims hold. A longer run of the same: `benchmarks/fuzz.py`."""

from __future__ import annotations

import inspect
import re
import subprocess
import sys
import time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.strategies import SearchStrategy

from notedeck.config import RECOGNISERS, Config
from notedeck.sources.source import Form
from notedeck.sources.text import decode
from tests.anki_oracle import REPO, png
from tests.claims import SUFFIXES, Text, claims_of_a_config, claims_of_a_folder, claims_of_a_text, harmless, well_formed
from tests.documents import GAPS, HOSTILE, ODD, TEXT_FRAGMENTS, documents, filled, texts
from tests.pages import pages, torn_pages
from tests.zips import IDS, UUID, bare, zipped

ALL = Config(recognisers=dict.fromkeys(RECOGNISERS, True))
CONFIGS = st.sampled_from([Config(), ALL])
PIECES = st.lists(st.sampled_from((*TEXT_FRAGMENTS, *ODD, *GAPS, *HOSTILE, "\n", "\n\n", "\n- ", "\n  - ", "\n## ", "\n> ")), max_size=12).map(
    "".join
)
CSV = st.lists(st.sampled_from(("질문,답변", "□", ",", ",", '"', "\n", "\n", "□?", "||", ";")), max_size=20).map("".join)
NAMES = st.sampled_from(
    (
        "쪽.md",
        "쪽.html",
        "쪽.csv",
        f"쪽 {IDS['표']}.csv",
        f"쪽 {IDS['표']}/왜 {IDS['행']}.md",
        "../x.md",
        "a.png",
        "속.zip",
        "x" * 300 + ".md",
        "\x1b.md",
    )
)
TOML = st.lists(
    st.sampled_from(
        (
            "[deck]",
            "[labels]",
            "[recognisers]",
            "[books]",
            'book = "□"',
            "digits = 9",
            '"□" = ["□"]',
            "cloze = true",
            "cloze = 1",
            'x."" = 1',
            "=",
            "\\",
            '"',
            "[[a]]",
        )
    ),
    max_size=6,
)


@given(st.one_of(documents(), PIECES.map("- 왜 □인가요?\n  {}\n".format), texts()), CONFIGS)
def test_any_markdown(document: str, config: Config) -> None:
    claims_of_a_text(Text(_read(document), Form.MARKDOWN, config))


@given(st.one_of(pages(), torn_pages()), CONFIGS)
def test_any_html(page: str, config: Config) -> None:
    claims_of_a_text(Text(_read(page), Form.HTML, config))


@given(CSV, CONFIGS)
def test_any_csv(table: str, config: Config) -> None:
    claims_of_a_text(Text(_read("질문,답변\n" + table), Form.CSV, config))


@given(TOML.map("\n".join))
def test_any_deck_toml(text: str) -> None:
    claims_of_a_config(text)


def _read(text: str) -> str:
    """A composed text as a source gives it."""
    return decode(filled(text).replace("\0", "").encode("utf-8", "replace"))[0]


def _files(inner: SearchStrategy[bytes]) -> SearchStrategy[bytes]:
    """Zips of files, some in a Windows dress, some damaged."""
    named = st.dictionaries(NAMES, inner, max_size=3)
    whole = st.one_of(named.map(zipped), named.map(lambda files: bare([(name.encode("cp949"), data) for name, data in files.items()])))
    return st.one_of(whole, st.builds(_damaged, whole, st.integers(0, 10_000), st.binary(max_size=4)))


def _damaged(data: bytes, place: int, with_bytes: bytes) -> bytes:
    place %= len(data) + 1
    return data[:place] + with_bytes + data[place + len(with_bytes) :]


CONTENT = st.one_of(
    documents().map(lambda text: filled(text).encode()), pages().map(lambda page: filled(page).encode()), st.binary(max_size=40), st.just(png(1))
)
ZIPS = _files(st.one_of(CONTENT, CONTENT, _files(CONTENT)))


@settings(max_examples=25)
@given(ZIPS, CONTENT, st.sampled_from([*SUFFIXES.values(), ".txt"]), TOML.map("\n".join))
def test_any_folder(archive: bytes, data: bytes, suffix: str, toml: str) -> None:
    claims_of_a_folder({f"Export-{UUID}1.zip": archive, f"쪽{suffix}": data}, toml.encode())


@pytest.mark.parametrize(
    "text",
    [
        "Q." * 500 + "왜?\n답",
        "# " + "".join(" " * number + "가" for number in range(300)) + "\n답",
        "[중요] " * 500 + "왜?\n답",
        "# 왜?\n" + "<details><summary>답</summary>\n" * 400,
        "# 왜?\n" + "A.\n\n" * 500 + "답",
        "# 왜?\n" + "> 답변\n\n---\n\n" * 500 + "답",
    ],
)
def test_labels_behind_labels_are_taken_to_a_number(text: str) -> None:
    """Nobody writes so many: what is behind them stays where it is, however many there are."""
    claims_of_a_text(Text(text))


@pytest.mark.parametrize(
    "text",
    [
        "".join(f"Q.\n\n{number}" for number in range(20_000)),
        "Q. 왜?\n\n" + "***\n\n" * 20_000,
        "**왜 그런가요?**\n\n" + "<p></p>\n\n" * 10_000,
        "<details>\n" * 40_000,
        "$$>\n\n" * 10_000,
        "- $$\n\n" * 10_000,
    ],
    ids=["labels", "rules", "empty paragraphs", "folds that nobody closed", "formulas that nobody closed", "the same in bullets"],
)
def test_a_text_of_one_piece_is_read_in_the_time_of_its_length(text: str) -> None:
    started = time.process_time()
    Text(text).read()
    assert time.process_time() - started < 8


@pytest.mark.parametrize(
    ("text", "form"),
    [
        ("<ul><li>왜 그런가요?<p>답이다.</p>" * 120, Form.HTML),
        ("<blockquote>왜 그런가요?" * 120, Form.HTML),
        ("<details><summary>==가== 왜?</summary>나" * 120, Form.HTML),
        ("<aside>왜?" * 120, Form.HTML),
        ("<aside>{" * 4_000, Form.HTML),
        ("".join(f"{'  ' * level}- 왜 그런가요?\n{'  ' * level}  답이다.\n" for level in range(70)), Form.MARKDOWN),
        ("<details><summary>왜?</summary>\n\n" * 50 + "답", Form.MARKDOWN),
    ],
)
def test_questions_in_questions_are_read_however_deep(text: str, form: Form) -> None:
    """With a good half of what Python allows left: a build stands on many calls of others."""
    before = sys.getrecursionlimit()
    sys.setrecursionlimit(len(inspect.stack()) + 600)
    try:
        Text(text, form, ALL).read()
    finally:
        sys.setrecursionlimit(before)


@pytest.mark.parametrize(
    "field",
    [
        "<script>x</script>",
        '<b onclick="x">x</b>',
        '<a href="javascript:x">x</a>',
        '<img src="https://example.org/a.png">',
        "[sound:a.mp3]",
        "<p style='x'>x</p>",
    ],
)
def test_harm_is_seen(field: str) -> None:
    """The judge of all the above is none that says yes to everything."""
    with pytest.raises(AssertionError):
        harmless(field, re.compile(r"picture-\d+"))


@pytest.mark.parametrize("field", ["<p>x", "x</p>", "<b><i>x</b></i>", "<li><p>x</li></p>"])
def test_broken_html_is_seen(field: str) -> None:
    with pytest.raises(AssertionError):
        well_formed(field)


def test_the_long_run_starts_and_ends() -> None:
    ended = subprocess.run(
        [sys.executable, str(REPO / "benchmarks" / "fuzz.py"), "--seed", "1", "--count", "5"], capture_output=True, text=True, check=False
    )
    assert ended.returncode == 0, ended.stdout + ended.stderr
    assert "found: 0" in ended.stdout
