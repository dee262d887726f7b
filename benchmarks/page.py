"""How quick a book's page is: 5,000 cards built from seeded notes, opened from the disk in Debian's Chromium.

    .venv/bin/python benchmarks/page.py [--cards 5000] [--times 7]

Prints medians in milliseconds: until anything is painted, until the cards are there, and for each search from the key
until the list is drawn anew.
"""

from __future__ import annotations

import argparse
import random
import sys
import tempfile
from pathlib import Path
from statistics import median

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from playwright.sync_api import Browser, sync_playwright

from notedeck.pipeline import build
from notedeck.report.run import Options
from tests.browser import launched

WORDS = "인덱스 트랜잭션 격리 캐시 일관성 해시 처리율 제한 서버 요청 토큰 버킷 분산 환경 경쟁 조건 동기화 성능 응답 지연 부하 복제 장애 큐".split()
SEARCHES = ("인", "인덱스", "인덱스 캐시", "77번째", "없는말")
PAINT = "() => performance.getEntriesByName('first-contentful-paint')[0].startTime"
CARDS = "() => performance.getEntriesByName('cards')[0].startTime"
SEARCH = """(text) => {
    const query = document.getElementById("query");
    const before = performance.now();
    query.value = text;
    query.dispatchEvent(new InputEvent("input"));
    document.body.offsetHeight;
    return performance.now() - before;
}"""


def notes(cards: int, seed: int = 1) -> str:
    """A book of 100 cards a chapter, with answers of some 400 characters."""
    draw = random.Random(seed)

    def words(count: int) -> str:
        return " ".join(draw.choices(WORDS, k=count))

    lines = ["# 많은 카드"]
    for number in range(cards):
        if number % 100 == 0:
            lines.append(f"## {number // 100 + 1}장 {words(2)}")
        label = "[면접질문] " if number % 3 == 0 else ""
        lines.append(f"- p.{number} **{label}{words(3)}에서 {number}번째는 왜 그런가요?**\n  {words(60)}.")
        lines.append(f"  - {words(10)}\n  - {words(10)}\n\n  {words(30)}.")
    return "\n\n".join(lines)


def measured(browser: Browser, page: Path) -> dict[str, float]:
    """One visit to the page."""
    tab = browser.new_page(viewport={"width": 1280, "height": 800}, locale="ko-KR")
    tab.goto(page.as_uri())
    tab.locator("#list .item").first.wait_for()
    tab.locator("#face").content_frame.locator(".question").wait_for()
    found = {"first paint": tab.evaluate(PAINT), "cards": tab.evaluate(CARDS)}
    found |= {f"search {text}": tab.evaluate(SEARCH, text) for text in SEARCHES}
    tab.close()
    return found


def main() -> None:
    """Build, open several times, print."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--cards", type=int, default=5000)
    parser.add_argument("--times", type=int, default=7)
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder, sync_playwright() as playwright:
        root = Path(folder)
        (root / "notes").mkdir()
        (root / "notes" / "많은 카드.md").write_text(notes(options.cards), "utf-8")
        build(Options(notes=(root / "notes",), out=root / "decks"))
        page = root / "decks" / "많은 카드.html"
        browser = launched(playwright)
        visits = [measured(browser, page) for _ in range(options.times)]
        browser.close()
        print(f"{options.cards} cards, {page.stat().st_size / 1e6:.1f} MB, {options.times} visits")
        for name in visits[0]:
            print(f"{name:24}{median(visit[name] for visit in visits):8.0f} ms")


if __name__ == "__main__":
    main()
