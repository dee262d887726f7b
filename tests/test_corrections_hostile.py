"""Others who would write corrections, in a real browser: a page in another tab, a form on the net, a note with markup of its own."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Page, Route, expect

from tests.anki_oracle import Desk
from tests.browser import Reader, Sit, needs_chromium
from tests.previews import NAME, Served, served

pytestmark = needs_chromium

EVIL = "https://evil.example/"
NEIGHBOUR = "http://localhost:9/"
"""A page of another server on this machine."""
CHANGE = {"do": "mark", "source": 0, "line": 3, "as": "nothing"}
NOTES = "# 책\n\n- **하나인가요?**\n\n  하나.\n"


@pytest.fixture
def preview(tmp_path: Path) -> Iterator[Served]:
    with served(Desk(tmp_path).write({NAME: NOTES})) as running:
        yield running
        assert not running.file.exists()


def visit(reader: Reader, address: str, html: str) -> Page:
    """Open a page from somewhere else in a new tab of the same browser."""
    tab = reader.page.context.new_page()
    tab.route(f"{address}**", lambda route: serve(route, html))
    tab.goto(address)
    return tab


def serve(route: Route, html: str) -> None:
    route.fulfill(body=f"<!doctype html><title>x</title>{html}", content_type="text/html; charset=utf-8")


def body_of(preview: Served) -> str:
    """The right change, on the newest data: all that another page lacks is the token."""
    assert preview.live.state
    return json.dumps({"on": preview.live.state.tag, **CHANGE})


REQUESTS = {
    "as JSON": '{ method: "POST", headers: { "Content-Type": "application/json" }, body }',
    "with a guess": '{ method: "POST", headers: { "Content-Type": "application/json", "X-Notedeck-Token": "x".repeat(43) }, body }',
    "as text": '{ method: "POST", mode: "no-cors", headers: { "Content-Type": "text/plain" }, body }',
    "without asking": '{ method: "POST", mode: "no-cors", body }',
    "with credentials": '{ method: "POST", mode: "no-cors", credentials: "include", body }',
    "to stay alive": '{ method: "POST", mode: "no-cors", keepalive: true, body }',
    "as a blob": '{ method: "POST", mode: "no-cors", body: new Blob([body], { type: "application/json" }) }',
}


@pytest.mark.parametrize("address", [EVIL, NEIGHBOUR])
def test_a_page_in_another_tab_writes_nothing(preview: Served, reader: Reader, address: str) -> None:
    reader.open(preview.url)
    tab = visit(reader, address, "")
    for name, request in REQUESTS.items():
        tried = f"([url, body]) => fetch(url, {request}).then((answer) => answer.type + answer.status, (problem) => 'no')"
        assert (name, tab.evaluate(tried, [f"{preview.url}corrections", body_of(preview)])) in [(name, "no"), (name, "opaque0")]
    tab.evaluate(
        "([url, body]) => navigator.sendBeacon(url, new Blob([body], { type: 'text/plain' }))", [f"{preview.url}corrections", body_of(preview)]
    )
    expect(reader.question).to_have_text("하나인가요?")
    assert_still_there(preview, reader)


@pytest.mark.parametrize("address", [EVIL, NEIGHBOUR])
def test_a_page_in_another_tab_learns_no_token(preview: Served, reader: Reader, address: str) -> None:
    reader.open(preview.url)
    tab = visit(reader, address, "")
    for path in ("", "data.json", "events"):
        assert tab.evaluate("(url) => fetch(url).then((answer) => answer.text(), () => 'no')", preview.url + path) == "no"
        opaque = "(url) => fetch(url, { mode: 'no-cors' }).then((answer) => answer.text(), () => '')"
        assert tab.evaluate(opaque, preview.url + path) == "" if path != "events" else True
    framed = """(url) => new Promise((done) => {
        const frame = Object.assign(document.createElement("iframe"), { src: url });
        frame.onload = () => done(frame.contentDocument === null ? "no" : frame.contentDocument.body.textContent);
        document.body.append(frame);
    })"""
    assert tab.evaluate(framed, preview.url) in ("no", "")
    opened = """(url) => new Promise((done) => {
        const other = open(url);
        setTimeout(() => { try { done(other ? other.document.body.textContent : "no"); } catch { done("no"); } }, 500);
    })"""
    assert preview.live.token not in str(tab.evaluate(opened, preview.url))
    loaded = """(url) => new Promise((done) => {
        const script = Object.assign(document.createElement("script"), { src: url, onload: () => done("ran"), onerror: () => done("no") });
        document.body.append(script);
    })"""
    assert tab.evaluate(loaded, f"{preview.url}data.json") == "no"
    assert_still_there(preview, reader)


@pytest.mark.parametrize("kind", ["text/plain", "application/x-www-form-urlencoded", "multipart/form-data", "application/json"])
def test_a_form_on_the_net_writes_nothing(preview: Served, reader: Reader, kind: str) -> None:
    reader.open(preview.url)
    begin = body_of(preview)[:-1]
    field = f"<input name='{begin}, \"x\": \"' value='\"}}'>"  # as text/plain this is JSON with a `=` in it
    tab = visit(reader, EVIL, f'<form action="{preview.url}corrections" method="post" enctype="{kind}">{field}</form>')
    with tab.expect_response(f"{preview.url}corrections") as answered:
        tab.evaluate("document.forms[0].submit()")
    assert answered.value.status in (403, 405, 415)
    assert_still_there(preview, reader)


def assert_still_there(preview: Served, reader: Reader) -> None:
    """Nothing was written, and the page goes on."""
    assert sorted(path.name for path in preview.desk.root.rglob("*") if path.is_file()) == [NAME]
    expect(reader.page.get_by_role("alert")).to_be_hidden()
    reader.watch.requests.clear()  # the other tab's are not the page's


MARKUP = """# 책

- **하나인가요?** <form action="/corrections" method="post" enctype="text/plain"><input name="a"><button>보내기</button></form>

  <script>fetch("/corrections", { method: "POST" })</script> <iframe srcdoc="<script>top.requestChange({ do: 'undo' })</script>"></iframe>
  <img src="/corrections"> <img src="x" onerror="top.requestChange({ do: 'mark', source: 0, line: 3, as: 'nothing' })">
  <a href="javascript:top.requestChange({ do: 'undo' })">링크</a> <button formaction="/corrections" onclick="top.sayOf(3, 'nothing')">단추</button>
  <meta http-equiv="refresh" content="0;url=/corrections"> <base href="https://evil.example/"> <link rel="prefetch" href="/corrections">
- <b id="data" onclick="top.sayOf(3, 'nothing')">둘</b>은 <img id="menu" name="changes" src=x onerror="top.changes = {}"> 무엇인가요?

  둘. </script><script>top.sayOf(3, "nothing")</script>

<form id="toast" action="/corrections"><button name="token">읽지 못한 줄</button></form>
"""
CLICK_ALL = "all => all.forEach((one) => one.dispatchEvent(new MouseEvent('click', { bubbles: true, cancelable: true })))"


def test_a_note_with_markup_of_its_own_writes_nothing(tmp_path: Path, sit: Sit) -> None:
    with served(Desk(tmp_path).write({NAME: MARKUP})) as preview:
        reader = sit()
        posts: list[str] = []
        reader.page.on("request", lambda request: posts.append(request.url) if request.method != "GET" else None)
        reader.open(preview.url)
        for asked in ("하나인가요", "무엇인가요"):
            reader.pick(asked)
            reader.page.get_by_role("button", name="답 보기").click()
            expect(reader.answer).to_be_visible()
            reader.face.locator("a, button, b, img, form").evaluate_all(CLICK_ALL)
        for view in ("노트", "고치기", "메시지"):
            reader.view(view)
            expect(reader.page.locator("main :is(script, form, iframe:not(#face), base, meta, link)")).to_have_count(0)
            reader.page.locator("main [onclick], main [onerror]").evaluate_all(CLICK_ALL)
        assert posts == []
        assert [url for url in reader.watch.requests if url.endswith("/corrections")] == []
        assert sorted(path.name for path in preview.desk.root.rglob("*") if path.is_file()) == [NAME]
        reader.view("고치기")
        reader.page.locator("#corrections").get_by_role("button", name="카드에서 빼기").first.click()
        expect(reader.page.locator("#toast")).to_contain_text("카드에서 뺐습니다")
        assert preview.file.exists()
        assert len(posts) == 1
        reader.watch.errors[:] = [error for error in reader.watch.errors if "Content Security Policy" not in error]
