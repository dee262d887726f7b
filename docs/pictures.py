"""Takes pictures of the preview: of a line that is put right, and of the sample's notes beside one of their cards.

    .venv/bin/python docs/pictures.py

It needs what the tests of the page need: Debian's Chromium, and Noto's Korean fonts.
"""

from __future__ import annotations

import os
import re
import shutil
import sys
import tempfile
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from playwright.sync_api import Browser, Page, expect, sync_playwright

from tests.anki_oracle import REPO, Desk
from tests.browser import Reader, Watch, launched
from tests.previews import line, served

HERE = Path(__file__).resolve().parent
NAME = "캐시 3장.md"
NOTES = """# 캐시 3장

## 3장 캐시를 두는 곳

- p.41 읽기가 쓰기보다 훨씬 많을 때 캐시가 값을 한다.
  > 쓰기가 더 많으면 캐시는 짐인가요? @한이레
  ***
  쓸 때마다 지우거나 고쳐야 해서 얻는 것이 적습니다.

캐시의 수명

길면 낡은 값을 보고, 짧으면 원본에 묻는 일이 잦아진다.
값이 바뀌는 주기보다 조금 짧게 둔다.

- p.44 **[면접질문] 한꺼번에 만료되면 무슨 일이 생기나요?**
  모든 요청이 원본으로 몰립니다. 만료 시각을 조금씩 흩어 둡니다.
- p.45 자주 찾는 키 하나에 요청이 몰리면 어떻게 하나요?
  그 키를 여러 곳에 복사해 두고 나눠 읽습니다.

---

다음 모임까지 4장을 읽어 오기
"""
WIDTH = 1200


def main() -> None:
    """Take all pictures that show the preview's notes."""
    with tempfile.TemporaryDirectory() as folder, sync_playwright() as playwright:
        os.chdir(folder)
        browser = launched(playwright)
        with served(Desk(Path()).write({NAME: NOTES})) as preview:
            _corrected(_opened(browser, preview.url, "ko-KR", 700))
        shutil.rmtree("notes")
        shutil.copytree(REPO / "notes", "notes")
        with served(Desk(Path())) as preview:
            _noted(_opened(browser, preview.url, "ko-KR", 760), "DDoS도 이걸로", "page-notes.png")
            for locale, end in (("ko-KR", ".ko.png"), ("en-US", ".png")):
                _noted(_opened(browser, preview.url, locale, 760), "p.50 한도를 넘긴 요청", f"notes-and-card{end}", above="#face")
        browser.close()


def _opened(browser: Browser, url: str, locale: str, height: int) -> Page:
    """The preview's notes, by day."""
    page = browser.new_page(viewport={"width": WIDTH, "height": height}, locale=locale, color_scheme="light")
    page.goto(url)
    page.locator("#views").get_by_role("button", name=re.compile("노트|Notes")).click()
    return page


def _corrected(page: Page) -> None:
    """Correct, open a menu, take the picture."""
    reader = Reader(page, Watch())
    line(reader, "캐시의 수명").click()
    page.keyboard.press("q")
    expect(reader.question).to_have_text("캐시의 수명")
    page.get_by_role("button", name="닫기").click()
    page.locator("#lines .correct").click()
    page.get_by_role("menuitem", name="면접질문").hover()
    page.screenshot(path=HERE / "corrections.png")


def _noted(page: Page, words: str, name: str, above: str = "") -> None:
    """Show a line and its card; without what stands above an element, if one is named."""
    reader = Reader(page, Watch())
    line(reader, words).click()
    page.get_by_role("button", name=re.compile("답 보기|Show answer")).click()
    if above:
        line(reader, words).evaluate("one => one.scrollIntoView(true)")
    top = (page.locator(above).bounding_box() or {"y": 0})["y"] if above else 0
    height = (page.viewport_size or {"height": 0})["height"]
    page.screenshot(path=HERE / name, clip={"x": 0, "y": top, "width": WIDTH, "height": height - top})


if __name__ == "__main__":
    main()
