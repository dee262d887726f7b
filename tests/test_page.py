"""The page of a book, `decks/<book>.html`, opened from the disk in a real browser."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path

import pytest
from playwright.sync_api import expect

from tests.anki_oracle import Desk, png, question
from tests.browser import PHONE, Reader, Screen, Sit, needs_chromium

pytestmark = needs_chromium

NOTES = r"""# 큰 시스템 1~2장

## 1장 규모 확장

- p.3 서버를 둘로 늘린다.
  > 세션은 어디에 두나요? @한이레
  ***
  서버 밖의 저장소에 둡니다.

  ![저장소](store.png)
- p.7 요청이 몰린다.
  > 몇 대가 필요한가요?
  ***
  $$n = \frac{k}{2}$$ 대입니다.

## 2장 안정 해시

- **[면접질문] 안정 해시는 왜 쓰나요?**
  서버 수가 바뀌어도 옮기는 키가 적습니다.
  - **예를 들어 설명해주세요**
    네 대를 다섯 대로 늘리면 키의 일부만 움직입니다.
    - 나머지 연산이라면 몇 개나 움직이나요?
      거의 모두 움직입니다.
- **[면접질문] 가상 노드는 무엇인가요?**
  서버 하나가 고리의 여러 곳에 섭니다.
- [중요] 고리는 어떻게 찾나요?
  이분 탐색으로 찾습니다.
"""


@pytest.fixture(scope="module")
def book(tmp_path_factory: pytest.TempPathFactory) -> Path:
    desk = Desk(tmp_path_factory.mktemp("book"))
    desk.write({"시스템.md": NOTES, "store.png": png(80)}).build()
    return desk.decks / "큰 시스템.html"


@pytest.fixture
def at(reader: Reader, book: Path) -> Reader:
    """A reader with the book open."""
    reader.open(book)
    return reader


# Finding


def test_it_opens_with_the_tree_the_cards_and_the_first_question(at: Reader) -> None:
    expect(at.page).to_have_title("큰 시스템")
    rows = at.page.get_by_role("tree").locator(".row")
    assert [row.split("\n") for row in rows.all_inner_texts()] == [["큰 시스템", "7"], ["1장 규모 확장", "2"], ["2장 안정 해시", "5"]]
    expect(at.rows).to_have_count(7)
    expect(at.question).to_have_text("세션은 어디에 두나요?")
    expect(at.answer).to_have_count(0)


def test_a_chapter_shows_its_cards(at: Reader) -> None:
    at.page.get_by_role("treeitem", name="2장 안정 해시").last.click()
    expect(at.count).to_have_text("5")
    expect(at.question).to_have_text("안정 해시는 왜 쓰나요?")


@pytest.mark.parametrize(
    ("words", "found"),
    [("세션", 1), ("저장소", 1), ("서버 키", 1), ("한이레", 1), ("중요", 1), ("없는 말", 0), ("p(", 0), ("", 7)],
    ids=["question", "answer", "two words", "asker", "tag", "nothing", "no pattern", "empty"],
)
def test_a_search_looks_at_all_text(at: Reader, words: str, found: int) -> None:
    at.search(words)
    expect(at.count).to_have_text(str(found))
    expect(at.page.locator("#list .item")).to_have_count(found)


def test_a_search_marks_what_it_found(at: Reader) -> None:
    at.search("해시")
    expect(at.page.locator("#list mark").first).to_have_text("해시")


def test_a_row_says_where_the_answer_has_what_was_found(at: Reader) -> None:
    at.search("밖의")
    expect(at.page.locator("#list .about mark")).to_have_text(["밖의"])


def test_a_syllable_that_is_still_typed_finds_what_it_may_become(at: Reader) -> None:
    type_on = """([text, isComposing]) => {
        document.getElementById("query").value = text;
        document.getElementById("query").dispatchEvent(new InputEvent("input", { isComposing }));
    }"""
    counts = []
    for text, is_composing in [("세ㅅ", True), ("셋", True), ("세셔", True), ("세션", True), ("세셔", False)]:
        at.page.evaluate(type_on, [text, is_composing])
        counts.append(at.count.inner_text())
    assert counts == ["1", "1", "1", "1", "0"]


def test_interview_questions_are_the_first_filter(at: Reader) -> None:
    chips = at.page.locator("#filters .chip")
    expect(chips.first).to_have_text("면접질문")
    chips.first.click()
    expect(at.count).to_have_text("4")
    at.page.get_by_role("button", name="꼬리질문").click()
    expect(at.count).to_have_text("2")
    at.page.get_by_role("button", name="모두 풀기").click()
    expect(at.count).to_have_text("7")


def test_shuffled_cards_are_the_same_cards(at: Reader) -> None:
    before = at.page.locator("#list .asked").all_inner_texts()
    at.page.evaluate("Math.random = (() => { let last = 0; return () => (last = (last + 0.37) % 1); })()")
    at.page.get_by_role("button", name="섞기").click()
    after = at.page.locator("#list .asked").all_inner_texts()
    assert sorted(after) == sorted(before)
    assert after != before
    at.page.get_by_role("button", name="섞기").click()
    assert at.page.locator("#list .asked").all_inner_texts() == before


# Turning


def test_space_flips_and_keys_go_on(at: Reader) -> None:
    at.page.keyboard.press("Space")
    expect(at.answer).to_contain_text("서버 밖의 저장소")
    at.page.keyboard.press("Space")
    expect(at.answer).to_have_count(0)
    for key, asked in [("j", "몇 대가"), ("ArrowRight", "안정 해시는"), ("k", "몇 대가"), ("ArrowLeft", "세션은"), ("ArrowLeft", "세션은")]:
        at.page.keyboard.press(key)
        expect(at.question).to_contain_text(asked)


def test_a_key_works_while_a_korean_input_method_is_on(at: Reader) -> None:
    at.page.evaluate("dispatchEvent(new KeyboardEvent('keydown', { key: 'ㅓ', code: 'KeyJ' }))")
    expect(at.question).to_contain_text("몇 대가")


def test_a_click_on_the_card_flips_it_and_a_key_in_it_works(at: Reader) -> None:
    at.question.click()
    expect(at.answer).to_be_visible()
    at.page.keyboard.press("j")
    expect(at.question).to_contain_text("몇 대가")
    at.page.get_by_role("button", name="답 보기").click()
    expect(at.answer).to_be_visible()


def test_a_click_on_a_fold_opens_it_and_does_not_flip(at: Reader) -> None:
    at.pick("안정 해시는")
    at.page.keyboard.press("Space")
    at.face.locator("summary").first.click()
    expect(at.face.locator("details").first).to_have_attribute("open", "")
    expect(at.answer).to_be_visible()


def test_the_list_is_walked_with_the_arrows(at: Reader) -> None:
    at.page.locator("#query").press("ArrowDown")
    expect(at.page.locator("#list")).to_be_focused()
    at.page.keyboard.press("End")
    expect(at.question).to_contain_text("고리는 어떻게")
    at.page.keyboard.press("ArrowUp")
    expect(at.question).to_contain_text("가상 노드는")
    expect(at.page.locator("#list [aria-selected=true]")).to_contain_text("가상 노드는")


def test_letters_alone_can_be_switched_off(at: Reader) -> None:
    at.page.keyboard.press("?")
    at.page.get_by_role("checkbox").uncheck()
    at.page.get_by_role("button", name="닫기").click()
    at.page.keyboard.press("j")
    at.page.keyboard.press("ArrowRight")
    expect(at.question).to_contain_text("몇 대가")


def test_the_address_leads_back_to_the_card(at: Reader) -> None:
    expect(at.page).to_have_url(re.compile("card="))
    first = at.page.url
    at.pick("가상 노드는")
    expect(at.page).not_to_have_url(first)
    at.page.reload()
    expect(at.question).to_contain_text("가상 노드는")


# How it looks


def test_formulas_and_pictures_are_drawn(at: Reader) -> None:
    at.page.keyboard.press("Space")
    expect(at.face.locator(".answer img")).to_be_visible()
    assert at.face.locator(".answer img").evaluate("image => image.decode().then(() => image.naturalWidth)") == 1
    at.page.keyboard.press("j")
    at.page.keyboard.press("Space")
    assert at.face.locator("math mfrac").evaluate("part => part.getBoundingClientRect().height") > 15


def test_a_picture_in_the_folder_beside_is_drawn_too(reader: Reader, tmp_path: Path) -> None:
    desk = Desk(tmp_path).write({"시스템.md": NOTES, "store.png": png(80), "deck.toml": "[page]\npictures_mb = 0\n"})
    desk.build()
    reader.open(desk.decks / "큰 시스템.html")
    reader.page.keyboard.press("Space")
    assert reader.face.locator(".answer img").evaluate("image => image.decode().then(() => image.naturalWidth)") == 1
    assert len([url for url in reader.watch.requests if url.endswith(".png")]) == 1


def body_of(reader: Reader, css: str) -> str:
    return str(reader.face.locator("body").evaluate("(body, css) => getComputedStyle(body).getPropertyValue(css)", css))


def test_night_is_the_cards_own_night(at: Reader) -> None:
    day = body_of(at, "background-color")
    at.page.get_by_role("button", name="밤").click()
    expect(at.page.locator("html")).to_have_attribute("data-theme", "night")
    expect(at.face.locator("body.card.nightMode")).to_be_visible()
    assert (day, body_of(at, "background-color")) == ("rgb(251, 250, 248)", "rgb(35, 35, 34)")


def test_it_starts_by_night_where_the_system_is_dark(sit: Sit, book: Path) -> None:
    reader = sit(Screen(is_dark=True))
    reader.open(book)
    expect(reader.page.get_by_role("button", name="밤")).to_have_attribute("aria-pressed", "true")
    expect(reader.face.locator("body.card.nightMode")).to_be_visible()


def test_phone_width_is_a_phone_to_the_cards_style(at: Reader) -> None:
    size = "part => getComputedStyle(part).fontSize"
    assert at.question.evaluate(size) == "22px"
    at.page.get_by_role("button", name="휴대폰 너비").click()
    expect(at.face.locator("html.mobile")).to_be_visible()
    assert at.question.evaluate(size) == "19px"


def test_on_a_phone_list_and_card_take_turns(sit: Sit, book: Path) -> None:
    reader = sit(Screen(PHONE, is_phone=True))
    reader.open(book)
    expect(reader.page.locator("#card")).to_be_hidden()
    reader.rows.filter(has_text="가상 노드는").click()
    expect(reader.page.locator("#browse")).to_be_hidden()
    reader.page.get_by_role("button", name="답 보기").click()
    expect(reader.answer).to_be_visible()
    assert reader.page.evaluate("document.documentElement.scrollWidth") <= PHONE["width"]
    reader.page.go_back()
    expect(reader.page.locator("#browse")).to_be_visible()


@pytest.mark.parametrize(("locale", "label"), [("ko-KR", "모의 면접"), ("en-US", "Mock interview"), ("de-DE", "Mock interview")])
def test_it_speaks_the_browsers_language(sit: Sit, book: Path, locale: str, label: str) -> None:
    reader = sit(Screen(locale=locale))
    reader.open(book)
    expect(reader.page.get_by_role("button", name=label)).to_be_visible()


# The mock interview


def test_a_mock_interview_to_its_end(at: Reader) -> None:
    at.view("모의 면접")
    expect(at.page.locator(".pool")).to_contain_text("2")
    at.page.get_by_role("button", name="시작").click()
    asked = []
    while at.page.locator("#app.talking").count():
        expect(at.answer).to_have_count(0)
        expect(at.page.get_by_role("timer")).to_have_text("0:00")
        asked.append(at.question.inner_text())
        at.page.keyboard.press("Space")
        expect(at.answer).to_be_visible()
        expect(at.answer.locator(".followup").first).to_be_hidden()
        at.page.get_by_role("button", name="몰랐다" if "예를" in asked[-1] else "알았다").click()
    chain = ["안정 해시는 왜 쓰나요?", "예를 들어 설명해주세요", "나머지 연산이라면 몇 개나 움직이나요?"]
    other = ["가상 노드는 무엇인가요?"]
    assert asked in (chain + other, other + chain)
    expect(at.page.locator("#interview")).to_contain_text("4개 가운데 3개를 알았습니다")
    assert at.page.locator(".missed li").all_inner_texts() == ["예를 들어 설명해주세요"]
    at.page.locator(".missed button").click()
    expect(at.question).to_contain_text("예를 들어 설명해주세요")


def test_an_interview_is_asked_again_by_what_was_not_known(at: Reader) -> None:
    at.view("모의 면접")
    at.page.get_by_role("checkbox", name="면접질문만").uncheck()
    at.page.get_by_label("범위").select_option(label="큰 시스템 · 1장 규모 확장")
    expect(at.page.locator(".pool")).to_contain_text("2")
    at.page.get_by_role("button", name="시작").click()
    at.page.keyboard.press("Space")
    at.page.keyboard.press("1")
    at.page.get_by_role("button", name="그만하기").click()
    expect(at.page.locator(".missed li")).to_have_count(1)
    missed = at.page.locator(".missed li").inner_text()
    at.page.get_by_role("button", name="몰랐던 질문만 다시").click()
    expect(at.question).to_have_text(missed)
    at.page.keyboard.press("Space")
    at.page.keyboard.press("2")
    expect(at.page.locator("#interview")).to_contain_text("모두 알았습니다")


def test_the_timer_counts(at: Reader) -> None:
    at.view("모의 면접")
    at.page.get_by_role("button", name="시작").click()
    at.page.evaluate("(() => { const now = performance.now.bind(performance); performance.now = () => now() + 75_000; })()")
    expect(at.page.get_by_role("timer")).to_have_text(re.compile("1:[123].$"))


# For everybody


def everything(reader: Reader) -> dict[str, Callable[[], None]]:
    return {
        "front": lambda: expect(reader.question).to_be_visible(),
        "back": lambda: reader.page.keyboard.press("Space"),
        "found": lambda: reader.search("서버"),
        "nothing found": lambda: reader.search("없는 말"),
        "wishes": lambda: reader.view("모의 면접"),
        "asked": lambda: reader.page.get_by_role("button", name="시작").click(),
        "result": lambda: reader.page.get_by_role("button", name="그만하기").click(),
        "help": lambda: reader.page.keyboard.press("?"),
    }


@pytest.mark.parametrize("screen", [Screen(), Screen(is_dark=True), Screen(PHONE, is_phone=True)], ids=["day", "night", "phone"])
def test_axe_finds_nothing(sit: Sit, book: Path, screen: Screen) -> None:
    reader = sit(screen)
    reader.open(book)
    found = {}
    for name, act in everything(reader).items():
        if screen.is_phone and name in ("front", "help"):
            continue
        act()
        found[name] = reader.serious()
    assert {name: list(held) for name, held in found.items() if held} == {}


# Large


@pytest.mark.slow
def test_five_thousand_cards(sit: Sit, tmp_path: Path) -> None:
    desk = Desk(tmp_path)
    ask = "{}장의 {}번째는 왜 그런가요?".format
    chapters = ["".join(question(ask(chapter, number), f"답 {number}.", number) for number in range(100)) for chapter in range(1, 51)]
    notes = "".join(f"\n## {number}장\n\n{text}" for number, text in enumerate(chapters, 1))
    desk.write({"많은 카드.md": f"# 많은 카드\n{notes}"}).build()
    reader = sit()
    reader.open(desk.decks / "많은 카드.html")
    expect(reader.count).to_have_text("5,000")
    assert reader.rows.count() < 40
    reader.search("33장의 77번째는")
    expect(reader.count).to_have_text("1")
    expect(reader.rows).to_have_text([r"33장의 77번째는 왜 그런가요?33장 · p.77"])
    reader.search("")
    reader.page.locator("#list").focus()
    reader.page.keyboard.press("End")
    expect(reader.question).to_contain_text("50장의 99번째는")
    assert reader.rows.count() < 40


def test_a_browser_that_cannot_unpack_says_so(sit: Sit, tmp_path: Path) -> None:
    desk = Desk(tmp_path).write({"책.md": question("하나인가요?", "하나.")})
    desk.build()
    page = sit().page
    page.add_init_script("delete window.DecompressionStream")
    page.goto((desk.decks / "책.html").as_uri())
    expect(page.locator("#banner")).to_contain_text("너무 오래되어")
