"""Putting right what was misread, in a real browser: by mouse, by touch and by keys, from lines, from cards and from the list."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from playwright.sync_api import expect

from notedeck.corrections.reading import read_corrections
from tests.anki_oracle import Desk
from tests.browser import PHONE, Reader, Screen, Sit, needs_chromium
from tests.previews import NAME, Served, line, previewed, served

pytestmark = needs_chromium

NOTES = """# 큰 시스템 1~2장

## 1장 규모 확장

- p.3 서버를 둘로 늘린다.
  > 세션은 어디에 두나요? @한이레
  ***
  서버 밖의 저장소에 둡니다.

캐시의 수명

길면 낡은 값을 보고, 짧으면 캐시를 쓰는 뜻이 없다.

## 2장 안정 해시

- **안정 해시는 왜 쓰나요?**
  서버 수가 바뀌어도 옮기는 키가 적습니다.
  나중에 다시 보기로 했다.
- p.9 고리는 어떻게 찾나요?
  이분 탐색으로 찾습니다.

---

순서가 있는 곳을 반씩 줄여 갑니다.

- **다음 모임은 언제인가요?**
  토요일입니다.
"""


@pytest.fixture
def preview(tmp_path: Path) -> Iterator[Served]:
    with served(Desk(tmp_path).write({NAME: NOTES})) as running:
        yield running


@pytest.fixture
def at(preview: Served, reader: Reader) -> Reader:
    """A reader who looks at the notes."""
    reader.open(preview.url)
    reader.view("노트")
    return reader


def said(preview: Served) -> list[tuple[str, str, tuple[str, ...]]]:
    """What corrections.toml says."""
    text = preview.file.read_text("utf-8") if preview.file.exists() else ""
    found, problems = read_corrections("", text)
    assert problems == []
    return [(one.text, str(one.role), one.tags) for one in found]


def role(reader: Reader, words: str) -> str:
    return line(reader, words).locator(".role").inner_text()


def choose(reader: Reader, words: str, name: str) -> None:
    """Open a line's menu with the mouse, and choose."""
    line(reader, words).locator(".role").click()
    reader.page.get_by_role("menuitem", name=name, exact=True).click()


# Lines


def test_a_line_becomes_a_question_and_its_card_is_seen_beside_it(at: Reader, preview: Served) -> None:
    choose(at, "캐시의 수명", "질문")
    expect(at.question).to_have_text("캐시의 수명")
    expect(at.answer).to_contain_text("길면 낡은 값을 보고")
    expect(line(at, "캐시의 수명")).to_have_class(re.compile("role-q"))
    expect(line(at, "캐시의 수명")).to_have_class(re.compile("corrected"))
    expect(at.page.locator("#toast")).to_contain_text("질문으로 고쳤습니다")
    assert said(preview) == [("캐시의 수명", "question", ())]
    at.view("카드")
    expect(at.rows.filter(has_text="캐시의 수명")).to_have_count(1)


def test_an_answer_is_lengthened_and_ended(at: Reader, preview: Served) -> None:
    choose(at, "순서가 있는", "답")
    expect(at.question).to_contain_text("고리는 어떻게")
    expect(at.answer).to_contain_text("반씩 줄여 갑니다")
    line(at, "나중에 다시").click()
    at.page.keyboard.press("e")
    expect(line(at, "나중에 다시")).to_have_class(re.compile("role-u"))
    expect(at.page.locator("#changed")).to_contain_text("어느 카드에도 없습니다")
    line(at, "옮기는 키가").click()
    at.page.get_by_role("button", name="답 보기").click()
    expect(at.answer).to_contain_text("옮기는 키가")
    expect(at.answer).not_to_contain_text("나중에")
    assert said(preview) == [("순서가 있는 곳을 반씩 줄여 갑니다.", "answer", ()), ("나중에 다시 보기로 했다.", "end", ())]


def test_a_line_is_set_aside_and_drawn_so(at: Reader) -> None:
    choose(at, "순서가 있는", "카드에서 빼기")
    expect(line(at, "순서가 있는").locator(".role")).to_have_text("×")
    expect(line(at, "순서가 있는")).to_have_accessible_name(re.compile("빼 둠"))
    at.view("숫자")
    expect(at.page.locator(".shares")).to_contain_text("빼 둠")


def test_an_interview_question_is_tagged_and_found_in_the_filter(at: Reader, preview: Served) -> None:
    line(at, "고리는 어떻게").click()
    at.page.keyboard.press("i")
    expect(at.page.locator("#cardhead").get_by_role("button", name="면접질문")).to_have_attribute("aria-pressed", "true")
    assert said(preview)[0][1:] == ("question", ("면접질문",))
    at.view("카드")
    at.page.locator("#filters").get_by_role("button", name="면접질문").click()
    expect(at.count).to_have_text("1")
    expect(at.rows).to_contain_text("고리는 어떻게")
    at.page.locator("#cardhead").get_by_role("button", name="면접질문").click()
    expect(at.count).to_have_text("0")
    assert said(preview)[0][1:] == ("question", ())


def test_undo_brings_back_what_was(at: Reader, preview: Served) -> None:
    at.page.locator("#lines").focus()
    line(at, "캐시의 수명").click()
    at.page.keyboard.press("Escape")
    for key, letter in [("q", "q"), ("h", "h"), ("x", "x")]:
        at.page.keyboard.press(key)
        expect(line(at, "캐시의 수명")).to_have_class(re.compile(f"role-{letter}"))
    for letter in "hqu":
        at.page.keyboard.press("u")
        expect(line(at, "캐시의 수명")).to_have_class(re.compile(f"role-{letter}"))
    assert not preview.file.exists()
    at.page.keyboard.press("u")
    expect(at.page.locator("#toast")).to_contain_text("되돌릴 것이 없습니다")
    at.watch.errors.clear()  # the browser tells of the answer


def test_undo_by_its_button_leads_to_the_line_that_it_is_about(at: Reader, preview: Served) -> None:
    choose(at, "캐시의 수명", "질문")
    expect(at.question).to_have_text("캐시의 수명")
    line(at, "고리는 어떻게").click()
    at.page.locator("#toast").get_by_role("button", name="되돌리기").click()
    expect(line(at, "캐시의 수명")).to_have_class(re.compile("role-u"))
    expect(line(at, "캐시의 수명")).to_have_class(re.compile("cursor"))
    assert said(preview) == []


def test_a_correction_holds_when_the_note_is_edited(at: Reader, preview: Served) -> None:
    choose(at, "캐시의 수명", "질문")
    expect(at.question).to_have_text("캐시의 수명")
    preview.edit("캐시의 수명", "캐시의 수명 정하기")
    expect(at.question).to_have_text("캐시의 수명 정하기")
    preview.edit("## 1장 규모 확장", "## 1장 규모 확장\n\n새 문단이 위에 생겼다.\n")
    expect(line(at, "새 문단이")).to_have_count(1)
    expect(line(at, "캐시의 수명 정하기")).to_have_class(re.compile("role-q"))
    expect(line(at, "캐시의 수명 정하기")).to_have_class(re.compile("corrected"))
    assert said(preview) == [("캐시의 수명", "question", ())]


def test_of_two_equal_lines_the_one_that_was_chosen_is_meant(preview: Served, reader: Reader) -> None:
    preview.edit("나중에 다시 보기로 했다.", "나중에 다시 보기로 했다.\n- **예를 들면 무엇인가요?**\n  나중에 다시 보기로 했다.")
    reader.open(preview.url)
    reader.view("노트")
    expect(line(reader, "나중에 다시")).to_have_count(2)
    line(reader, "나중에 다시").last.click()
    reader.page.keyboard.press("x")
    expect(line(reader, "나중에 다시").last).to_have_class(re.compile("role-x"))
    expect(line(reader, "나중에 다시").first).to_have_class(re.compile("role-a"))
    line(reader, "나중에 다시").first.click()
    reader.page.keyboard.press("x")
    expect(line(reader, "나중에 다시").first).to_have_class(re.compile("role-x"))
    expect(line(reader, "나중에 다시").last).to_have_class(re.compile("role-x"))


# Cards


def test_a_false_card_is_taken_away(preview: Served, reader: Reader) -> None:
    reader.open(preview.url)
    reader.pick("다음 모임은")
    reader.page.get_by_role("button", name="질문이 아님").click()
    expect(reader.rows.filter(has_text="다음 모임은")).to_have_count(0)
    expect(reader.count).to_have_text("3")
    assert [(text, as_) for text, as_, _ in said(preview)] == [("- **다음 모임은 언제인가요?**", "nothing")]


def test_where_an_answer_ends_is_said_from_its_card(preview: Served, reader: Reader) -> None:
    reader.open(preview.url)
    reader.pick("안정 해시는")
    reader.page.get_by_role("button", name="답은 여기까지").click()
    dialog = reader.page.get_by_role("dialog")
    expect(dialog.get_by_role("listitem")).to_have_text(["서버 수가 바뀌어도 옮기는 키가 적습니다.", "나중에 다시 보기로 했다."])
    dialog.get_by_role("button", name="나중에 다시").click()
    expect(dialog).to_have_count(0)
    expect(reader.page.locator("#toast")).to_contain_text("이 줄 앞에서 끝냈습니다")
    reader.page.keyboard.press("Space")
    expect(reader.answer).to_contain_text("옮기는 키가")
    expect(reader.answer).not_to_contain_text("나중에")
    assert said(preview) == [("나중에 다시 보기로 했다.", "end", ())]


# The walk, and the list


def test_unread_lines_are_walked_one_after_another(at: Reader, preview: Served) -> None:
    walk = at.page.locator("#walk")
    expect(walk).to_contain_text("읽지 못한 곳 3")
    walk.get_by_role("button", name="읽지 못한 다음 줄").click()
    expect(at.page.locator("#lines .cursor")).to_contain_text("캐시의 수명")
    expect(walk.locator(".might ~ button")).to_have_text(["질문", "답", "제목", "카드에서 빼기"])
    at.page.keyboard.press(".")
    expect(at.page.locator("#lines .cursor")).to_contain_text("길면 낡은")
    at.page.keyboard.press(".")
    expect(at.page.locator("#lines .cursor")).to_contain_text("순서가 있는")
    walk.get_by_role("button", name="답", exact=True).click()
    expect(walk).to_contain_text("읽지 못한 곳 2")
    at.page.keyboard.press(".")
    expect(at.page.locator("#lines .cursor")).to_contain_text("캐시의 수명")
    walk.get_by_role("button", name="질문", exact=True).click()
    expect(walk).to_contain_text("읽지 못한 줄이 없습니다")
    assert [as_ for _, as_, _ in said(preview)] == ["answer", "question"]


def test_whoever_goes_on_before_the_card_is_there_stays_with_the_next_line(at: Reader, preview: Served) -> None:
    at.page.locator("#lines").focus()
    for key in ".x.x.":
        at.page.keyboard.press(key)
    expect(at.page.locator("#walk")).to_contain_text("읽지 못한 곳 1")
    expect(at.page.locator("#lines .cursor")).to_contain_text("순서가 있는")
    assert [(text[:3], as_) for text, as_, _ in said(preview)] == [("캐시의", "nothing"), ("길면 ", "nothing")]


def test_all_corrections_are_listed_with_their_reasons_and_taken_back(preview: Served, reader: Reader) -> None:
    preview.file.write_text(
        '# 표의 머리글이 아니라 질문이다\n[[line]]\ntext = "캐시의 수명"\nas = "question"\ntags = ["면접질문"]\n\n'
        '[[line]]\ntext = "없는 줄은 어디에도 없다"\nas = "end"\nreason = "예전에 있었다"\n',
        "utf-8",
    )
    preview.build()
    reader.open(preview.url)
    reader.view("고치기")
    items = reader.page.locator("#corrections ul").last.locator("li")
    expect(items).to_have_count(2)
    expect(items.first).to_contain_text("표의 머리글이 아니라 질문이다")
    expect(items.first).to_contain_text("면접질문")
    expect(items.last).to_contain_text("예전에 있었다")
    expect(items.last).to_contain_text("줄을 찾지 못함")
    items.first.get_by_role("button", name="시스템.md:10").click()
    expect(reader.page.locator("#lines .cursor")).to_contain_text("캐시의 수명")
    reader.view("고치기")
    items.last.get_by_role("button", name="고친 것 지우기").click()
    expect(items).to_have_count(1)
    items.first.get_by_role("button", name="고친 것 지우기").click()
    expect(reader.page.locator("#corrections")).to_contain_text("아직 고친 줄이 없습니다")
    assert preview.file.read_text("utf-8") == ""


def test_a_line_is_put_right_from_the_list_of_the_unread(preview: Served, reader: Reader) -> None:
    reader.open(preview.url)
    reader.view("고치기")
    unread = reader.page.locator("#corrections ul").first.locator("li")
    expect(unread).to_have_count(3)
    unread.last.get_by_role("button", name="답", exact=True).click()
    expect(unread).to_have_count(2)
    expect(reader.page.locator("#corrections ul").last.locator("li")).to_contain_text("순서가 있는")
    assert said(preview) == [("순서가 있는 곳을 반씩 줄여 갑니다.", "answer", ())]


# Errors


def test_a_page_that_is_not_the_newest_is_told_and_writes_nothing(preview: Served, sit: Sit) -> None:
    first, second = sit(), sit()
    second.page.route("**/events", lambda route: route.abort())  # it does not hear of builds
    for reader in (first, second):
        reader.open(preview.url)
        reader.view("노트")
    choose(first, "캐시의 수명", "질문")
    expect(first.question).to_have_text("캐시의 수명")
    before = preview.file.read_bytes()
    choose(second, "캐시의 수명", "제목")
    expect(second.page.locator("#toast")).to_contain_text("더 새롭습니다")
    expect(line(second, "캐시의 수명")).to_have_class(re.compile("role-q"))
    assert preview.file.read_bytes() == before
    choose(second, "캐시의 수명", "제목")
    expect(line(first, "캐시의 수명")).to_have_class(re.compile("role-h"))
    assert said(preview) == [("캐시의 수명", "heading", ())]
    second.watch.errors.clear()  # the browser tells of the stream, and of the answer


def test_a_broken_file_is_told_with_its_line_and_stays(at: Reader, preview: Served) -> None:
    broken = '[[line]]\ntext = "캐시의 수명"\nas = \n'
    preview.file.write_text(broken, "utf-8")
    choose(at, "순서가 있는", "답")
    expect(at.page.locator("#toast")).to_contain_text("corrections.toml:3")
    assert preview.file.read_text("utf-8") == broken
    at.watch.errors.clear()  # the browser tells of the answer
    preview.build()
    expect(at.page.get_by_role("alert")).to_contain_text("corrections.toml:3")


# Everybody


def test_the_keyboard_alone(preview: Served, reader: Reader) -> None:
    reader.open(preview.url)
    keys = reader.page.keyboard
    reader.page.locator("#views").get_by_role("button", name="노트").focus()
    keys.press("Enter")
    reader.page.locator("#lines").focus()
    keys.press(".")
    expect(reader.page.locator("#lines .cursor")).to_contain_text("캐시의 수명")
    expect(reader.page.get_by_role("status")).to_contain_text("이것일 수 있습니다: 질문")
    keys.press("m")
    expect(reader.page.get_by_role("menuitem").first).to_be_focused()
    keys.press("ArrowDown")
    expect(reader.page.get_by_role("menuitem").nth(1)).to_be_focused()
    keys.press("Escape")
    expect(reader.page.get_by_role("menu")).to_have_count(0)
    expect(reader.page.locator("#lines")).to_be_focused()
    keys.press("m")
    keys.press("Enter")
    expect(reader.question).to_have_text("캐시의 수명")
    expect(reader.page.locator("#lines")).to_be_focused()
    keys.press(".")
    expect(reader.page.locator("#lines .cursor")).to_contain_text("순서가 있는")
    reader.page.evaluate("document.activeElement.dispatchEvent(new KeyboardEvent('keydown', { key: 'ㅁ', code: 'KeyA', bubbles: true }))")
    expect(reader.answer).to_contain_text("반씩 줄여 갑니다")
    keys.press("u")
    expect(line(reader, "순서가 있는")).to_have_class(re.compile("role-u"))
    assert [as_ for _, as_, _ in said(preview)] == ["question"]


def test_letters_say_nothing_where_they_are_switched_off(at: Reader, preview: Served) -> None:
    at.page.keyboard.press("?")
    at.page.get_by_role("checkbox").uncheck()
    at.page.get_by_role("button", name="닫기").click()
    line(at, "고리는 어떻게").click()
    at.page.keyboard.press("x")
    expect(line(at, "고리는 어떻게")).to_have_class(re.compile("role-q"))
    assert said(preview) == []


def test_on_a_phone(preview: Served, sit: Sit) -> None:
    reader = sit(Screen(PHONE, is_phone=True))
    reader.open(preview.url)
    reader.view("노트")
    line(reader, "캐시의 수명").tap()
    menu = reader.page.get_by_role("menu")
    box = menu.bounding_box()
    assert box and box["x"] >= 0 and box["x"] + box["width"] <= PHONE["width"] and box["y"] + box["height"] <= PHONE["height"]
    assert all((item.bounding_box() or {"height": 0})["height"] >= 44 for item in menu.get_by_role("menuitem").all())
    menu.get_by_role("menuitem", name="질문", exact=True).tap()
    expect(line(reader, "캐시의 수명")).to_have_class(re.compile("role-q"))
    expect(reader.page.locator("#toast")).to_contain_text("질문으로 고쳤습니다")
    line(reader, "캐시의 수명").tap()
    expect(reader.question).to_have_text("캐시의 수명")
    reader.page.get_by_role("button", name="질문이 아님").tap()
    expect(reader.page.locator("#toast")).to_contain_text("질문이 아니라고")
    assert reader.page.evaluate("document.documentElement.scrollWidth") <= PHONE["width"]
    assert [as_ for _, as_, _ in said(preview)] == ["nothing"]


def test_a_preview_as_a_person_starts_it(tmp_path: Path, reader: Reader) -> None:
    with previewed(Desk(tmp_path).write({NAME: NOTES})) as preview:
        reader.open(preview.url)
        reader.view("노트")
        choose(reader, "캐시의 수명", "질문")
        expect(reader.question).to_have_text("캐시의 수명")
        preview.edit("캐시의 수명", "캐시의 수명 정하기")
        expect(reader.question).to_have_text("캐시의 수명 정하기")
        (preview.desk.notes / "corrections.toml").write_text("", "utf-8")
        expect(line(reader, "캐시의 수명 정하기")).to_have_class(re.compile("role-u"))
        assert not (preview.desk.notes / "cards.lock").exists()


def go_on(reader: Reader) -> None:
    """Close the menu, and go to the next unread line."""
    for key in ("Escape", "."):
        reader.page.keyboard.press(key)


@pytest.mark.parametrize("screen", [Screen(), Screen(is_dark=True), Screen(PHONE, is_phone=True)], ids=["day", "night", "phone"])
def test_axe_finds_nothing(sit: Sit, preview: Served, screen: Screen) -> None:
    preview.file.write_text(
        '# 까닭\n[[line]]\ntext = "길면 낡은 값을"\nas = "nothing"\n\n[[line]]\ntext = "없는 줄"\nas = "end"\ntags = ["하나"]\n', "utf-8"
    )
    preview.build()
    reader = sit(screen)
    reader.open(preview.url)
    acts: dict[str, Callable[[], None]] = {
        "notes": lambda: reader.view("노트"),
        "menu": lambda: line(reader, "캐시의 수명").locator(".role").click(),
        "walk": lambda: go_on(reader),
        "toast": lambda: choose(reader, "순서가 있는", "답"),
        "list": lambda: reader.view("고치기"),
        "help": lambda: reader.page.keyboard.press("?"),
    }
    found = {}
    for name, act in acts.items():
        act()
        if name == "toast":
            expect(reader.page.locator("#toast")).to_contain_text("답으로 고쳤습니다")
        found[name] = reader.serious()
    assert {name: held for name, held in found.items() if held} == {}
