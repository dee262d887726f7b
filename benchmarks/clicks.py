"""How quick a correction is seen: a book of seeded notes in the preview, opened in Debian's Chromium.

    .venv/bin/python benchmarks/clicks.py [--cards 1000] [--times 9] [--one-file]

Presses keys on lines of the notes: an unread line becomes a question, is set aside, and all of it is undone. Prints medians and the longest
in milliseconds, from the key until the line is drawn anew and its card stands beside it, and the processor's time of the preview (on Linux).
"""

from __future__ import annotations

import argparse
import os
import re
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from statistics import median

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from playwright.sync_api import Page, sync_playwright

from benchmarks.page import notes
from tests.browser import launched
from tests.previews import await_build

REPO = Path(__file__).resolve().parent.parent
UNREAD = "\n\n---\n\n용어 {}\n\n그 용어의 뜻을 풀어 쓴 문단입니다.\n"
PRESS = """([line, key, letter]) => new Promise((done) => {
    const lines = document.getElementById("lines");
    const before = performance.now();
    const isDrawn = () => document.getElementById(`line-${line}`)?.classList.contains(`role-${letter}`);
    const isDone = () => isDrawn() && !document.body.classList.contains("building");
    const look = () => (isDone() ? (document.body.offsetHeight, done(performance.now() - before)) : setTimeout(look, 2));
    setCursor(line);
    lines.focus();
    lines.dispatchEvent(new KeyboardEvent("keydown", { key, bubbles: true }));
    look();
})"""
STEPS = (("q", "q", "question"), ("x", "x", "nothing"), ("u", "q", "undo"), ("u", "u", "undo again"))


def with_unread(text: str, times: int) -> str:
    """Notes with an unread line and a paragraph at the end of some of their chapters."""
    chapters = re.split(r"(?m)^(?=## )", text)
    return "".join(chapter + (UNREAD.format(number) if 0 < number <= times else "") for number, chapter in enumerate(chapters))


def write_notes(folder: Path, text: str, *, is_one_file: bool) -> None:
    """A file for each chapter, as people keep them, or all in one."""
    parts = [text] if is_one_file else re.split(r"(?m)^(?=## )", text)[1:]
    for number, part in enumerate(parts, 1):
        path = folder / "많은 카드" / f"{number}장.md"
        path.parent.mkdir(exist_ok=True)
        path.write_text(part, "utf-8")


@contextmanager
def previewed(folder: Path) -> Iterator[tuple[str, int]]:
    """The address of a preview that runs, and its process."""
    command = [sys.executable, str(REPO / "build.py"), str(folder / "notes"), "-o", str(folder / "decks"), "--preview", "-q"]
    environment = {**os.environ, "NOTEDECK_NO_BROWSER": "1", "PYTHONUNBUFFERED": "1", "NOTEDECK_CACHE": str(folder / "cache")}
    with subprocess.Popen(command, env=environment, stdout=subprocess.PIPE, text=True) as process:
        try:
            assert process.stdout
            url = re.findall(r"http://127\.0\.0\.1:\d+/", process.stdout.readline())[0]
            await_build(url)
            yield url, process.pid
        finally:
            process.terminate()


def processor_time(process: int) -> float:
    """What a process has taken of the processor so far, in milliseconds."""
    fields = Path(f"/proc/{process}/stat").read_text("utf-8").rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) * 1000 / os.sysconf("SC_CLK_TCK")


def measured(page: Page, number: int, process: int) -> dict[str, tuple[float, float]]:
    """The steps on one line: how long each took, and how much of the preview's processor time."""
    page.evaluate("number => { const at = data.sources.findIndex((one) => one.text.includes(`용어 ${number}\\n`)); openSource(at); }", number)
    line = page.locator("#lines .line").filter(has_text=re.compile(rf"용어 {number}(?:고치기)?$")).first
    place = int(line.get_attribute("data-line") or 0)
    found = {}
    for key, letter, name in STEPS:
        before = processor_time(process)
        took = page.evaluate(PRESS, [place, key, letter])
        found[name] = took, processor_time(process) - before
    return found


def main() -> None:
    """Build, press, print."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--cards", type=int, default=1000)
    parser.add_argument("--times", type=int, default=9)
    parser.add_argument("--one-file", action="store_true", help="all cards in one file instead of a file for each chapter")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as name, sync_playwright() as playwright:
        folder = Path(name)
        (folder / "notes").mkdir()
        write_notes(folder / "notes", with_unread(notes(options.cards), options.times), is_one_file=options.one_file)
        browser = launched(playwright)
        with previewed(folder) as (url, process):
            page = browser.new_page(viewport={"width": 1280, "height": 800}, locale="ko-KR")
            page.goto(url)
            page.locator("#list .item").first.wait_for()
            page.locator("#views").get_by_role("button", name="노트").click()
            found = [measured(page, number, process) for number in range(1, options.times + 1)]
        browser.close()
    print(f"{options.cards} cards in {'one file' if options.one_file else 'a file for each chapter'}, {options.times} lines")
    for name in found[0]:
        took, busy = zip(*(one[name] for one in found), strict=True)
        print(f"{name:12}{median(took):8.0f} ms   longest {max(took):6.0f} ms   processor {median(busy):6.0f} ms")


if __name__ == "__main__":
    main()
