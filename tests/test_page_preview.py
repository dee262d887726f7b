"""`--preview` in a real browser: the notes' lines, messages, numbers, what changed, and builds while somebody looks."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from playwright.sync_api import expect

from tests.anki_oracle import Desk, png, question
from tests.browser import PHONE, Reader, Screen, Sit, needs_chromium
from tests.previews import NAME, Preview, line, previewed

pytestmark = needs_chromium

NOTES = """# 큰 시스템 1~2장

발표자: 서하준

## 1장 규모 확장

- p.3 서버를 둘로 늘린다.
  > 세션은 어디에 두나요? @한이레
  ***
  서버 밖의 저장소에 둡니다.

  ![저장소](store.png)
- p.7 요청이 몰리면 어떤 것부터 버리나요?
  ***

아무 질문도 아닌 문단입니다.

## 2장 안정 해시

- **[면접질문] 안정 해시는 왜 쓰나요?** @도담 윤
  서버 수가 바뀌어도 옮기는 키가 적습니다.
  - **예를 들어 설명해주세요**
    네 대를 다섯 대로 늘리면 키의 일부만 움직입니다.
- p.9 고리는 어떻게 찾나요?
  이분 탐색으로 찾습니다.
"""


@contextmanager
def built_and_previewed(folder: Path, before: str = NOTES) -> Iterator[Preview]:
    """Notes that were built when they said `before`."""
    desk = Desk(folder).write({NAME: before, "store.png": png(80)})
    desk.build()
    desk.write({NAME: NOTES})
    with previewed(desk) as running:
        yield running


@pytest.fixture(scope="module")
def still(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Preview]:
    """A preview of notes that nobody edits while it runs; the last card was edited before."""
    with built_and_previewed(tmp_path_factory.mktemp("still"), NOTES.replace("이분 탐색으로", "차례로 다 보고")) as running:
        yield running


@pytest.fixture
def preview(tmp_path: Path) -> Iterator[Preview]:
    """A preview of notes to edit."""
    with built_and_previewed(tmp_path) as running:
        yield running


@pytest.fixture
def at(still: Preview, reader: Reader) -> Reader:
    """A reader who looks at notes that nobody edits."""
    reader.open(still.url)
    return reader


# The notes


def test_each_line_says_what_it_is(at: Reader) -> None:
    at.view("노트")
    signs = {
        "# 큰 시스템": "#",
        "발표자": "i",
        "서버를 둘로": "“",
        "세션은": "Q",
        "저장소에": "A",
        "어떤 것부터": "?",
        "아무 질문도": "!",
    }
    assert {words: line(at, words).locator(".role").inner_text() for words in signs} == signs
    expect(line(at, "아무 질문도")).to_have_accessible_name(re.compile("읽지 못함"))


def test_a_click_on_a_line_shows_its_card_and_on_a_card_its_lines(at: Reader) -> None:
    at.view("노트")
    line(at, "이분 탐색으로").click()
    expect(at.question).to_have_text("고리는 어떻게 찾나요?")
    assert at.page.locator("#lines .mine .text").all_inner_texts() == ["- p.9 고리는 어떻게 찾나요?", "  이분 탐색으로 찾습니다."]
    at.view("카드")
    at.pick("세션은")
    at.page.get_by_role("button", name="노트에서 보기").click()
    expect(at.page.locator("#lines .mine").first).to_contain_text("서버를 둘로")
    expect(at.page.locator("#lines .cursor")).to_be_in_viewport()


def test_a_line_of_a_follow_up_shows_it_first_and_then_the_question_above(at: Reader) -> None:
    at.view("노트")
    line(at, "네 대를").click()
    expect(at.question).to_have_text("예를 들어 설명해주세요")
    line(at, "네 대를").click()
    expect(at.question).to_have_text("안정 해시는 왜 쓰나요?")


def test_lines_are_walked_and_opened_by_keys(at: Reader) -> None:
    at.pick("세션은")
    at.page.keyboard.press("n")
    expect(at.page.locator("#lines")).to_be_focused()
    for _ in range(7):
        at.page.keyboard.press("ArrowDown")
    at.page.keyboard.press("Enter")
    expect(at.question).to_contain_text("어떤 것부터")
    at.page.keyboard.press("n")
    expect(at.page.locator("#browse")).to_be_visible()


def test_on_a_phone_a_line_leads_to_its_card_and_back(sit: Sit, still: Preview) -> None:
    reader = sit(Screen(PHONE, is_phone=True))
    reader.open(still.url)
    reader.view("노트")
    line(reader, "이분 탐색으로").click()
    expect(reader.question).to_have_text("고리는 어떻게 찾나요?")
    reader.page.go_back()
    expect(line(reader, "이분 탐색으로")).to_be_in_viewport()


# Messages and numbers


def test_each_message_leads_to_its_line(at: Reader) -> None:
    at.view("메시지")
    at.page.locator("#messages button").filter(has_text="unanswered").click()
    expect(at.page.locator("#lines .cursor")).to_contain_text("어떤 것부터")
    expect(at.question).to_contain_text("어떤 것부터")
    expect(at.page.locator("#changed")).to_contain_text("아직 답이 없어서")
    at.view("메시지")
    at.page.locator("#messages button").filter(has_text="unread").click()
    expect(at.page.locator("#lines .cursor")).to_contain_text("아무 질문도")


def test_numbers_are_said_and_drawn(at: Reader) -> None:
    at.view("숫자")
    table = at.page.locator("#numbers table")
    chapters = [" ".join(row.split()) for row in table.first.locator("tbody tr").all_inner_texts()]
    assert chapters == ["1장 규모 확장 1 1", "2장 안정 해시 3 0"]
    askers = {" ".join(row.split()) for row in table.last.locator("tbody tr").all_inner_texts()}
    assert askers == {"이름 없음 2 1", "한이레 1 0", "도담 윤 1 0"}
    expect(at.page.locator(".shares")).to_contain_text("카드에")
    widths = table.first.locator(".bar.cards").evaluate_all("bars => bars.map((bar) => bar.getBoundingClientRect().width)")
    assert widths[1] == pytest.approx(3 * widths[0], rel=0.02)


def test_pictures_come_from_the_preview_itself(at: Reader) -> None:
    at.page.keyboard.press("Space")
    assert at.face.locator(".answer img").evaluate("image => image.decode().then(() => image.naturalWidth)") == 1
    assert [url for url in at.watch.requests if url.endswith(".png")]


# What changed


def test_changes_since_the_last_build_are_filtered_and_marked(preview: Preview, reader: Reader) -> None:
    preview.edit("이분 탐색으로 찾습니다.", "이진 탐색으로 금방 찾습니다.")
    preview.edit("- p.3 서버를 둘로 늘린다.", question("새로 물어도 되나요?", "됩니다.") + "- p.3 서버를 둘로 늘린다.")
    reader.open(preview.url)
    chips = reader.page.locator("[data-group=change] .chip")
    expect(chips).to_have_text(["새 카드", "고침"])
    chips.last.click()
    expect(reader.count).to_have_text("1")
    reader.pick("고리는 어떻게")
    expect(reader.page.locator("#changed del").first).to_contain_text("이분")
    expect(reader.page.locator("#changed ins").first).to_contain_text("이진")


def test_removed_cards_are_shown_as_they_were(preview: Preview, reader: Reader) -> None:
    preview.edit("- p.9 고리는 어떻게 찾나요?\n  이분 탐색으로 찾습니다.\n", "")
    reader.open(preview.url)
    reader.page.locator("[data-group=status]").get_by_role("button", name="지워짐").click()
    reader.pick("고리는 어떻게")
    reader.page.keyboard.press("Space")
    expect(reader.answer).to_contain_text("이분 탐색")


# Builds while somebody looks


def test_an_edit_is_seen_at_once_and_in_place(preview: Preview, reader: Reader) -> None:
    reader.open(preview.url)
    reader.pick("고리는 어떻게")
    reader.page.keyboard.press("Space")
    expect(reader.answer).to_contain_text("이분 탐색")
    preview.edit("이분 탐색으로 찾습니다.", "이진 탐색으로 찾습니다.")
    expect(reader.answer).to_contain_text("이진 탐색")
    expect(reader.question).to_contain_text("고리는 어떻게")


def test_lines_move_along_with_an_edit(preview: Preview, reader: Reader) -> None:
    reader.open(preview.url)
    reader.pick("고리는 어떻게")
    reader.page.keyboard.press("n")
    expect(reader.page.locator("#lines .mine")).to_have_count(2)
    preview.edit("# 큰 시스템 1~2장\n", "# 큰 시스템 1~2장\n\n새 문단입니다.\n")
    expect(line(reader, "새 문단입니다.")).to_have_count(1)
    assert reader.page.locator("#lines .mine .text").all_inner_texts() == ["- p.9 고리는 어떻게 찾나요?", "  이분 탐색으로 찾습니다."]


def test_scroll_and_filters_stay(tmp_path: Path, reader: Reader) -> None:
    many = "".join(question(f"{number}번째는 왜 그런가요?", f"답 {number}.\n\n" + "  긴 답입니다.\n\n" * 60, number) for number in range(1, 80))
    desk = Desk(tmp_path).write({NAME: f"# 많은 카드\n\n## 1장\n\n{many}"})
    with previewed(desk) as preview:
        reader.open(preview.url)
        reader.search("번째는")
        reader.page.locator("#list").evaluate("list => { list.scrollTop = 2000; }")
        reader.pick("35번째는")
        reader.page.keyboard.press("Space")
        reader.face.locator("html").evaluate("html => { html.scrollTop = 500; }")
        preview.edit("답 35.", "고친 답 35.")
        expect(reader.answer).to_contain_text("고친 답 35.")
        assert reader.page.locator("#list").evaluate("list => list.scrollTop") == 2000
        assert reader.face.locator("html").evaluate("html => html.scrollTop") == 500
        expect(reader.page.locator("#query")).to_have_value("번째는")


def test_an_error_is_told_and_the_last_good_cards_stay(preview: Preview, reader: Reader) -> None:
    reader.open(preview.url)
    reader.pick("고리는 어떻게")
    (preview.desk.notes / NAME).write_bytes(b"\x00\x01\x02")
    expect(reader.page.get_by_role("alert")).to_contain_text("고칠 것이 1가지")
    expect(reader.page.get_by_role("alert")).to_contain_text(NAME)
    expect(reader.count).to_have_text("5")
    expect(reader.question).to_contain_text("고리는 어떻게")
    reader.page.get_by_role("button", name="메시지 보기").click()
    expect(reader.page.locator("#messages")).to_contain_text("not-text")
    (preview.desk.notes / NAME).write_text(NOTES.replace("이분", "이진"), "utf-8")
    expect(reader.page.get_by_role("alert")).to_be_hidden()
    reader.view("카드")
    reader.page.keyboard.press("Space")
    expect(reader.answer).to_contain_text("이진 탐색")


def test_a_page_loaded_while_the_notes_are_broken_says_so(preview: Preview, reader: Reader) -> None:
    (preview.desk.notes / "deck.toml").write_text("[deck\n", "utf-8")
    reader.open(preview.url)
    expect(reader.page.get_by_role("alert")).to_contain_text("deck.toml:1")
    expect(reader.count).to_have_text("5")


def test_it_says_that_the_preview_has_ended(preview: Preview, reader: Reader) -> None:
    reader.open(preview.url)
    preview.process.terminate()
    expect(reader.page.get_by_role("alert")).to_contain_text("연결이 끊겼습니다")
    reader.watch.errors.clear()


# For everybody


def see_what_changed(reader: Reader) -> None:
    reader.rows.last.click()
    expect(reader.page.locator("#changed del").first).to_be_visible()


@pytest.mark.parametrize("screen", [Screen(), Screen(is_dark=True), Screen(PHONE, is_phone=True)], ids=["day", "night", "phone"])
def test_axe_finds_nothing(sit: Sit, still: Preview, screen: Screen) -> None:
    reader = sit(screen)
    reader.open(still.url)
    acts: dict[str, Callable[[], None]] = {
        "cards": lambda: expect(reader.rows).to_have_count(5),
        "changed": lambda: see_what_changed(reader),
        "notes": lambda: reader.view("노트"),
        "messages": lambda: reader.view("메시지"),
        "numbers": lambda: reader.view("숫자"),
    }
    found = {}
    for name, act in acts.items():
        act()
        found[name] = reader.serious()
    assert {name: held for name, held in found.items() if held} == {}
