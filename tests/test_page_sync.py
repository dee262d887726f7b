"""The button that brings the notes into Anki, in a real browser: there while Anki answers, with the plan before anything is done."""

from __future__ import annotations

from pathlib import Path

from playwright.sync_api import Locator, expect

from tests.anki_oracle import question
from tests.anki_server import PROFILE
from tests.browser import Reader, Screen, Sit, needs_chromium
from tests.previews import NAME, previewed
from tests.syncs import reading

pytestmark = needs_chromium

NOTES = "# 책\n\n## 1장\n\n" + question("하나인가요?", "하나.") + question("둘인가요?", "둘.")


def button(reader: Reader) -> Locator:
    return reader.page.get_by_role("button", name="Anki에 넣기", exact=True)


def come_back(reader: Reader) -> None:
    """Come back to the window, as from another one."""
    reader.page.evaluate("dispatchEvent(new Event('focus'))")


def test_the_notes_go_into_anki_after_their_plan_was_seen(tmp_path: Path, sit: Sit) -> None:
    with reading(tmp_path) as anki, previewed(anki.desk.write({NAME: NOTES})) as preview:
        anki.connect.after = lambda action: b""
        reader = sit(Screen(is_dark=True))
        with reader.page.expect_response("**/sync"):
            reader.open(preview.url)
        expect(button(reader)).to_have_count(0)
        anki.connect.after = lambda action: None
        come_back(reader)
        expect(button(reader)).to_be_visible()
        assert reader.serious() == []

        expect(reader.page.locator("#list")).to_contain_text("새 카드")
        window = reader.page.get_by_role("dialog")
        button(reader).click()
        lines = window.get_by_role("region")
        expect(lines).to_contain_text(f"Anki({PROFILE})에서 할 일: 보냄 2")
        expect(lines).to_contain_text("둘인가요?")
        assert reader.serious() == []
        reader.page.keyboard.press("Escape")
        expect(window).to_have_count(0)
        expect(button(reader)).to_be_focused()
        assert not list(anki.desk.root.rglob("*.apkg"))

        button(reader).click()
        window.get_by_role("button", name="넣기", exact=True).click()
        expect(lines).to_contain_text(f"Anki({PROFILE}): 보냄 2")
        expect(window).to_contain_text("Anki에 넣었습니다.")
        assert reader.serious() == []
        window.get_by_role("button", name="닫기").click()
        assert len(anki.col.find_notes("")) == 2
        assert list(anki.desk.decks.glob("*.apkg"))
        expect(reader.page.locator("#list")).not_to_contain_text("새 카드")

        anki.connect.after = lambda action: b""
        come_back(reader)
        expect(button(reader)).to_have_count(0)
