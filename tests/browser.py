"""A real browser for the tests of the page: Debian's Chromium, driven by Playwright, which downloads nothing.

Each page watches over itself: after every test it has met no error, and asked for nothing but the page's own files.
"""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from importlib.resources import files
from pathlib import Path

import pytest
from playwright.sync_api import Browser, ConsoleMessage, Dialog, FrameLocator, Locator, Page, Playwright, ViewportSize, expect, sync_playwright

CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser")
needs_chromium = pytest.mark.skipif(CHROMIUM is None, reason="no Chromium is installed (on Debian: apt-get install chromium)")

DESKTOP: ViewportSize = {"width": 1280, "height": 800}
PHONE: ViewportSize = {"width": 360, "height": 740}

_OFF = (
    # what Playwright switches off, whose list this one replaces
    "AimEnabled", "AvoidCorsURLLoaderRestartOnRedirect", "AvoidUnnecessaryBeforeUnloadCheckSync", "DestroyProfileOnBrowserClose",
    "HttpsFirstBalancedModeAutoEnable", "HttpsUpgrades", "LensOverlay", "MediaRouter", "NetworkTimeServiceQuerying", "OptimizationHints",
    "PaintHolding", "PreconnectToSearch", "ThirdPartyStoragePartitioning",
    # what drops from the address bar is a page of its own, which takes each window longer than ours
    "WebUIOmniboxPopup", "WebUIOmniboxFullPopup", "WebUIOmniboxAimPopup",
)  # fmt: skip
_SWITCHES = (
    "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking", "--disable-component-update", "--disable-sync",
    f"--disable-features={','.join(_OFF)}",
)  # fmt: skip
_AXE = files("axe_playwright_python") / "axe.min.js"
_PATIENCE = 20_000
"""Milliseconds that a condition is awaited, on a machine that does much else."""


@dataclass(frozen=True, slots=True)
class Watch:
    """What a page did that no test of it should see."""

    errors: list[str] = field(default_factory=list)
    requests: list[str] = field(default_factory=list)


def watched(page: Page) -> Watch:
    """Watch over a page from now on."""
    watch = Watch()

    def hear(message: ConsoleMessage) -> None:
        if message.type in ("error", "warning"):
            watch.errors.append(message.text)

    def dismiss(dialog: Dialog) -> None:
        watch.errors.append(dialog.message)
        dialog.dismiss()

    page.on("console", hear)
    page.on("dialog", dismiss)
    page.on("pageerror", lambda error: watch.errors.append(str(error)))
    page.on("request", lambda request: watch.requests.append(request.url))
    return watch


@dataclass(frozen=True, slots=True)
class Reader:
    """Somebody who has the page before them."""

    page: Page
    watch: Watch

    @property
    def face(self) -> FrameLocator:
        """The card, in its frame."""
        return self.page.frame_locator("#face")

    @property
    def question(self) -> Locator:
        """The question on the card."""
        return self.face.locator(".question")

    @property
    def answer(self) -> Locator:
        """The answer on the card, if it is turned."""
        return self.face.locator(".answer")

    @property
    def rows(self) -> Locator:
        """The rows of the list that are in the page."""
        return self.page.locator("#list [role=option]")

    @property
    def count(self) -> Locator:
        """How many cards are shown."""
        return self.page.locator("#count")

    def open(self, target: Path | str) -> None:
        """Open a file or an address, and wait until its cards are there."""
        self.page.goto(target.as_uri() if isinstance(target, Path) else target)
        expect(self.count).not_to_be_empty()

    def view(self, name: str) -> None:
        """Go to one of the views by its word."""
        self.page.locator("#views").get_by_role("button", name=name).click()

    def search(self, words: str) -> None:
        """Search for words."""
        self.page.locator("#query").fill(words)

    def pick(self, question: str) -> None:
        """Click a card in the list."""
        self.rows.filter(has_text=question).first.click()
        expect(self.question).to_contain_text(question)

    def serious(self) -> list[str]:
        """What axe holds against the page as it is now, minor things left out; the card's frame runs no script, not even axe."""
        if not self.page.evaluate("'axe' in window"):
            self.page.evaluate(_AXE.read_text("utf-8"))
        found = self.page.evaluate("axe.run({ resultTypes: ['violations'], iframes: false }).then((result) => result.violations)")
        return [f"{one['id']}: {node['html']} {node['failureSummary']}" for one in found if one["impact"] != "minor" for node in one["nodes"]]


def launched(playwright: Playwright) -> Browser:
    """Chromium, started; root may start it only without its own sandbox."""
    is_root = hasattr(os, "geteuid") and os.geteuid() == 0
    return playwright.chromium.launch(executable_path=CHROMIUM, args=[*_SWITCHES, *(["--no-sandbox"] if is_root else [])])


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    """One browser for the tests of a module."""
    expect.set_options(timeout=_PATIENCE)
    with sync_playwright() as playwright:
        started = launched(playwright)
        yield started
        started.close()


@dataclass(frozen=True, slots=True)
class Screen:
    """What a reader reads on."""

    viewport: ViewportSize = field(default_factory=lambda: DESKTOP)
    locale: str = "ko-KR"
    is_dark: bool = False
    is_phone: bool = False


Sit = Callable[..., Reader]


@pytest.fixture
def sit(browser: Browser) -> Iterator[Sit]:
    """Let a reader sit down before a screen; when they get up, nothing has gone wrong and nothing came from elsewhere."""
    readers: list[Reader] = []

    def sit_down(screen: Screen | None = None) -> Reader:
        screen = screen or Screen()
        context = browser.new_context(
            viewport=screen.viewport,
            locale=screen.locale,
            color_scheme="dark" if screen.is_dark else "light",
            is_mobile=screen.is_phone,
            has_touch=screen.is_phone,
            reduced_motion="reduce",
        )
        context.set_default_timeout(_PATIENCE)
        page = context.new_page()
        readers.append(Reader(page, watched(page)))
        return readers[-1]

    yield sit_down
    for reader in readers:
        reader.page.context.close()
    for reader in readers:
        assert reader.watch.errors == []
        assert [url for url in reader.watch.requests if not url.startswith(("file:", "data:", "http://127.0.0.1:"))] == []


@pytest.fixture
def reader(sit: Sit) -> Reader:
    """A Korean reader at a desk, by day."""
    return sit()
