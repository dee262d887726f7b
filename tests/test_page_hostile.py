"""Hostile notes in a real browser: nothing of them runs, and nothing is read that the page did not bring along."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import expect

from notedeck.machine.page import read_page
from tests.anki_oracle import REPO, Desk, png
from tests.browser import Reader, needs_chromium
from tests.pagedata import packed

pytestmark = needs_chromium

HIT = "top.hit = true"
NAMES = ("attributes", "localName", "getAttribute", "removeAttribute", "hasAttribute", "remove", "replaceWith", "childNodes", "style", "nodeType")
ATTACKS = {
    "script": f"<script>{HIT}</script>",
    "end of script": f"</script><script>{HIT}</script>",
    "comment in script": f"<!--<script>{HIT}</script>",
    "onerror": f'<img src="data:image/png;base64,AAAA" onerror="{HIT}">',
    "onload": f'<svg onload="{HIT}"><circle r="9"/></svg>',
    "ontoggle": f'<details open ontoggle="{HIT}"><summary>s</summary></details>',
    "animation": f'<svg><animate onbegin="{HIT}" attributeName="x" dur="1s"/></svg>',
    "animated link": f'<svg><a><animate attributeName="href" values="javascript:{HIT}"/><text y="20">link</text></a></svg>',
    "link": f'<a href="javascript:{HIT}">link</a>',
    "link with a break": f'<a href="java&#10;script:{HIT}">link</a>',
    "link to data": '<a href="data:text/html,<script>alert(1)</script>">link</a>',
    "formula": f'<math><mtext><a href="javascript:{HIT}">link</a></mtext><mi xlink:href="javascript:{HIT}">link</mi></math>',
    "mutation": f'<math><mtext><table><mglyph><style><img src=x onerror="{HIT}"></style></mglyph></table></mtext></math>',
    "template": f'<template><img src=x onerror="{HIT}"></template>',
    "frame": f'<iframe srcdoc="<script>{HIT}</script>"></iframe>',
    "frame elsewhere": '<iframe src="https://example.org/"></iframe>',
    "object": '<object data="https://example.org/"></object><embed src="https://example.org/">',
    "form": f'<form action="javascript:{HIT}"><button formaction="javascript:{HIT}">link</button></form>',
    "base": '<base href="https://example.org/"><img src="a.png">',
    "refresh": '<meta http-equiv="refresh" content="0;url=https://example.org/">',
    "sheet": '<link rel="stylesheet" href="https://example.org/a.css"><style>@import url(https://example.org/b.css); #qa { display: none }</style>',
    "style": '<p style="position: fixed; inset: 0; background: url(https://example.org/c.png)">over</p>',
    "picture elsewhere": '<img src="https://example.org/d.png" srcset="https://example.org/e.png 2x"><video poster="https://example.org/f.png"></video>',
    "sound elsewhere": '<audio autoplay src="https://example.org/g.mp3"></audio><video src="data:text/html,x"></video><audio src="data:image/png,x">',
    "picture outside": '<img src="../../../../../etc/hostname"><img src="file:///etc/hostname"><img src="/etc/hostname">',
    "names": '<form id="qa" name="body"><input name="parentNode"></form><img name="querySelectorAll"><a id="documentElement">link</a>',
    "names in a form": f'<form onclick="{HIT}" id="body">{"".join(f"<input name={name} id={name}>" for name in NAMES)}<button>link</button></form>',
}
FORBIDDEN = (
    "script, style, link, meta, base, template, iframe, object, embed, video, audio, [autoplay], [onerror], [onload], [ontoggle], [onbegin], "
    "[srcset], [srcdoc]"
)


def page_of(folder: Path, *sides: str, text: str = "질문") -> Path:
    """A page whose cards say this, one each, as if nobody had cleaned it before."""
    page, problems = read_page(REPO / "templates" / "page")
    assert page and not problems
    data: dict[str, Any] = {
        "version": 1,
        "mode": "book",
        "name": text,
        "books": [{"name": text, "file": "a.apkg"}],
        "decks": [{"book": 0, "name": text, "title": text, "cards": len(sides), "open": 0}],
        "types": [{"name": "q", "style": ""}],
        "tags": [text],
        "pictures": {},
        "packed": packed(
            {"decks": [text], "tags": [text], "pieces": [], "cards": [card_of(number, html, text) for number, html in enumerate(sides)]}
        ),
    }
    path = folder / "page.html"
    path.write_text(page.html(text, data, "img-src data: 'self' file:"), "utf-8")
    return path


def card_of(number: int, html: str, text: str) -> dict[str, Any]:
    sides = {"front": [f'<p class="question">{number}</p>', html], "back": [None, f'<hr id="answer">{html}']}
    return {"id": f"c{number}", "deck": 0, "type": 0, "question": text, "text": text, "tags": [0], **sides}


def assert_unharmed(reader: Reader) -> None:
    """Nothing ran and nothing was asked for; the browser may say that it was kept from it."""
    blocked = ("Content Security Policy", "Blocked script execution", "Blocked form submission")
    reader.watch.errors[:] = [error for error in reader.watch.errors if not any(words in error for words in blocked)]
    assert reader.page.evaluate("window.hit") is None
    assert [url for url in reader.watch.requests if not url.startswith("data:") and not url.endswith((".html", "/a.png"))] == []


CLICK_ALL = "all => all.forEach((one) => one.dispatchEvent(new MouseEvent('click', { bubbles: true, cancelable: true })))"


def test_what_nobody_cleaned_does_nothing(reader: Reader, tmp_path: Path) -> None:
    (tmp_path / "a.png").write_bytes(png(1))
    reader.open(page_of(tmp_path, *ATTACKS.values()))
    for number, name in enumerate(ATTACKS):
        expect(reader.question).to_have_text(str(number))
        assert (name, reader.face.locator(FORBIDDEN).count()) == (name, 0)
        reader.page.keyboard.press("Space")
        expect(reader.page.get_by_role("button", name="질문 보기")).to_be_visible()
        assert (name, reader.face.locator(FORBIDDEN).count()) == (name, 0)
        reader.face.locator("a, button, text, mi").evaluate_all(CLICK_ALL)
        assert (name, reader.page.evaluate("window.hit")) == (name, None)
        reader.page.keyboard.press("j")
    assert_unharmed(reader)
    assert len(reader.page.context.pages) == 1


TEXTS = {"attacks": "".join(ATTACKS.values()), "end": "\u2028</ScRiPt >", "comment": "<!--<script>", "mark": "{{data}}", "escape": "\\u003c/script>"}


@pytest.mark.parametrize("text", TEXTS.values(), ids=TEXTS.keys())
def test_text_stays_text_wherever_the_page_names_it(reader: Reader, tmp_path: Path, text: str) -> None:
    reader.open(page_of(tmp_path, "", text=text))
    for place in ("#name", "#tree .row .name", "#list .asked", "#filters .chip"):
        assert reader.page.locator(place).first.text_content() == text
    reader.view("모의 면접")
    assert_unharmed(reader)


WEBKIT = "Object.defineProperty(navigator, 'vendor', { value: 'Apple Computer, Inc.' })"


def test_the_policy_alone_keeps_out_what_would_run_in_a_frame_that_may_run_scripts(reader: Reader, tmp_path: Path) -> None:
    reader.page.add_init_script(WEBKIT)
    reader.open(page_of(tmp_path, ""))
    expect(reader.page.locator("#face")).to_have_attribute("sandbox", re.compile("allow-scripts"))
    reader.question.click()
    expect(reader.page.get_by_role("button", name="질문 보기")).to_be_visible()
    for name, html in ((name, html) for name, html in ATTACKS.items() if HIT in html):
        reader.face.locator("#qa").evaluate("(qa, html) => { qa.innerHTML = html; }", html)
        reader.face.locator("a, button, text, mi").evaluate_all(CLICK_ALL)
        assert (name, reader.page.evaluate("window.hit")) == (name, None)
    reader.face.locator("body").evaluate("body => body.append(Object.assign(document.createElement('script'), { textContent: 'top.hit = true' }))")
    assert reader.page.evaluate("window.hit") is None
    reader.watch.errors.clear()


def test_a_link_opens_beside_the_page_and_cannot_reach_back(reader: Reader, tmp_path: Path) -> None:
    reader.open(page_of(tmp_path, '<a href="https://example.org/" target="_top" rel="opener">link</a>'))
    link = reader.face.get_by_text("link")
    assert (link.get_attribute("target"), link.get_attribute("rel")) == ("_blank", "noopener noreferrer")


NOTES = """# 나쁜 노트

- p.1 <script>top.hit = true</script> 첫째는 무엇인가요?
  </script><script>top.hit = true</script> 답입니다. <img src="x" onerror="top.hit = true">
- p.2 `</script><script>top.hit = true</script>` 둘째는 무엇인가요?
  ![바깥](../secret.png) ![절대](/etc/hostname) ![멀리](https://example.org/a.png)
  [눌러요](javascript:top.hit=true) <a href="javascript:top.hit=true">또 눌러요</a>
- p.3 <b onclick="top.hit = true" style="position: fixed">셋째</b>는 무엇인가요?
  <svg onload="top.hit = true"></svg> <iframe src="https://example.org/"></iframe> 답입니다.
  $\\href{javascript:top.hit=true}{x}$ {{FrontSide}} [sound:a.mp3]
"""


def test_a_book_of_hostile_notes_runs_nothing_and_reads_nothing(reader: Reader, tmp_path: Path) -> None:
    desk = Desk(tmp_path)
    (tmp_path / "secret.png").write_bytes(png(1))
    desk.write({"나쁜 노트.md": NOTES}).build()
    reader.open(desk.decks / "나쁜 노트.html")
    expect(reader.count).to_have_text("3")
    for asked in ("첫째", "둘째", "셋째"):
        reader.pick(asked)
        reader.question.click()
        expect(reader.answer).to_be_visible()
        expect(reader.face.locator(FORBIDDEN)).to_have_count(0)
        expect(reader.face.locator("img")).to_have_count(0)
    assert_unharmed(reader)
    assert "secret" not in (desk.decks / "나쁜 노트.html").read_text("utf-8").replace("../secret.png", "")
