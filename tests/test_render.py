"""The page draws what Anki draws: our reading of its template language, held against its own."""

from __future__ import annotations

import re
import shutil
import time
from pathlib import Path

import pytest

from notedeck.packages.decktree import PackagePlan
from notedeck.preview.faces import Face
from notedeck.preview.formulas import with_formulas
from notedeck.preview.gaps import Side, revealed
from notedeck.preview.render import is_filled, read_template, rendered, without_markup
from notedeck.preview.shown import shown_as_packed
from notedeck.report.run import Built
from tests.anki_oracle import REPO, Anki, Desk, png, question

RICH = """# 책 이야기

## 1장 시작 & 끝 @도담 윤

- **[면접질문] p.3 `a < b` 는 언제 *참*인가요?** @오세라
  둘을 견줄 때. $a < b$ 이고 `\\(x\\)` 는 코드다.

  $$
  \\sum_{i=1}^{n} i
  $$
  - 예를 들어 주세요
    1은 2보다 작다.
    - 거꾸로는요?
      아니다.
- p.9 책의 문장 {{Answer}} {{#Page}}
  > {{Question}} 은 무엇인가요?
  ***
  {{FrontSide}} `{{c1::x}}` 그대로다. ![그림](a.png)
"""


def drawn(built: Built, plan: PackagePlan) -> dict[tuple[str, int], tuple[str, str]]:
    """Front and back of each card of a package as the page has them, formulas left as they are."""
    types = {one.name: one for one in built.types}
    sides = {}
    for packed in plan.notes:
        note_type = types[packed.type]
        template = note_type.templates[0]
        fields = Face(note_type, {}).fields(shown_as_packed(packed, plan.book))
        for place in packed.cards:
            front = rendered(read_template(template.front), fields, Side(place + 1))
            sides[packed.guid, place] = (front, rendered(read_template(template.back), fields, Side(place + 1, is_front=False), front))
    return sides


def held_against_anki(desk: Desk, built: Built, folder: Path) -> int:
    """Compare every card of every book, front and back."""
    plans = [plan for plan in built.plans if not plan.tag]
    with Anki(folder) as anki:
        anki.take_all([desk.decks / plan.file for plan in plans])
        ours = {card: sides for plan in plans for card, sides in drawn(built, plan).items()}
        for note_id in anki.col.find_notes(""):
            note = anki.col.get_note(note_id)
            for card in note.cards():
                output = card.render_output()
                assert ours.pop((note.guid, card.ord)) == (output.question_text, output.answer_text)
        assert ours == {}
        return int(anki.col.card_count())


def test_every_sample_card_is_drawn_as_anki_draws_it(tmp_path: Path) -> None:
    shutil.copytree(REPO / "notes", tmp_path / "notes")
    desk = Desk(tmp_path)
    assert held_against_anki(desk, desk.build(now=1_900_000_000), tmp_path / "anki") >= 58


def test_what_looks_like_a_template_in_notes_is_text(tmp_path: Path) -> None:
    desk = Desk(tmp_path).write({"책.md": RICH, "a.png": png(1)})
    assert held_against_anki(desk, desk.build(), tmp_path / "anki") == 4


GAPS = """# 책

## 1장 빈칸

토큰 버킷은 ==버킷== 에 ==토큰== 을 채운다.

{{c1::안정 {{c2::해시}}}} 는 {{c1::키}}를 {{c3::덜 옮긴다::무엇을 덜?}}. 값은 ==$x^2 < y$== 이고 `{{c1::코드}}` 는 그대로다.

- 목록의 {{c2::"따옴표" & <b>é</b>}} 와 {{c1::둘}}
"""


def test_cards_with_gaps_are_drawn_as_anki_draws_them(tmp_path: Path) -> None:
    desk = Desk(tmp_path).write({"책.md": GAPS, "deck.toml": "[recognisers]\ncloze = true\n"})
    built = desk.build()
    assert not built.failed
    assert held_against_anki(desk, built, tmp_path / "anki") >= 5


TEXTS = (
    "a {{c1::b &lt;x&gt; <b>k</b> 한글 \"q\" 'z' é::hint}} {{c2::c}}", "{{c1::a {{c2::b}} c::h}}", "{{c1,3::x}} {{c2::y}}",
    r"\( {{c1::x<sup>2</sup>}} \) {{c2::z}} \[ a <b>c</b> {{c1::k}}\]", "{{c1::a}} }} b", "{{c1::}} {{c1::::h}} {{c1::a::b::c}}",
    "{{c1::<img src='a.png'> a\nb}}", r"\( \( {{c1::a<b>}} \) <i>\)", "{{c1::a}}{{c10::b}}{{c11::c}}",
)  # fmt: skip


def test_every_form_of_a_gap_is_read_as_anki_reads_it(tmp_path: Path) -> None:
    with Anki(tmp_path / "anki") as anki:
        model = anki.col.models.by_name("Cloze")
        model["tmpls"][0]["qfmt"] = "{{cloze:Text}}|{{text:cloze:Text}}"
        model["tmpls"][0]["afmt"] = "{{cloze:Text}}"
        anki.col.models.update_dict(model)
        for text in TEXTS:
            note = anki.col.new_note(anki.col.models.by_name("Cloze"))
            note["Text"] = text
            anki.col.add_note(note, 1)
            assert note.cards()
            for card in note.cards():
                output = card.render_output()
                front, back = (revealed(text, Side(card.ord + 1, is_front)) for is_front in (True, False))
                assert f"{front}|{without_markup(front)}" == output.question_text
                assert back == output.answer_text


@pytest.mark.parametrize("unit", ["{{c1::", "}}", "{{c1::a}}", r"\(", "{{c1::x::", "{{c1::<", r"{{c1::\(}}"])
def test_no_text_makes_gaps_slow(unit: str) -> None:
    started = time.process_time()
    revealed(unit * 20_000, Side())
    assert time.process_time() - started < 10


FRONT = """ <!-- {{Page}} -->
{{text:Question}}|{{ Question }}|{{furigana:Book}} {{kana:Book}} {{kanji:Book}}|{{#Page}}x{{Page}}{{#Asker}}y{{/Asker}}{{/Page}}{{^Page}}no{{/Page}}
{{Tags}}|{{#Tags}}t{{/Tags}}{{^Tags}}no{{/Tags}}|{{Deck}}|{{Subdeck}}|{{Type}}|{{Card}}|{{CardFlag}}|{}{ }
{{^Spare1}}leer{{/Spare1}}{{#Context}}c{{/Context}}"""
BACK = "\n {{FrontSide}}\n\n{{text:FrontSide}}|{{text:kanji:Answer}}|{{CardID}}|{{Source}} \n"


def test_all_that_a_template_may_use(tmp_path: Path) -> None:
    """A group's own templates, with filters, sections in sections, special fields, comments."""
    shutil.copytree(REPO / "templates", tmp_path / "templates")
    (tmp_path / "templates" / "qa" / "front.html").write_text(FRONT, "utf-8")
    (tmp_path / "templates" / "qa" / "back.html").write_text(BACK, "utf-8")
    desk = Desk(tmp_path).write({"책[ちゃく] 둘[に].md": RICH.replace("# 책 이야기\n", "") + question("표 없이요?", "<br>"), "a.png": png(1)})
    built = desk.build(templates=tmp_path / "templates")
    assert not built.failed
    assert held_against_anki(desk, built, tmp_path / "anki") == 4


def test_what_only_a_running_anki_does_is_left_out() -> None:
    fields = {"Question": "무엇?", "Answer": "답"}
    assert rendered(read_template("{{type:Question}}{{tts ko_KR voices=A:Question}}!"), fields) == "!"
    assert "onclick" not in rendered(read_template("{{hint:Answer}}"), fields)
    assert "답" in rendered(read_template("{{hint:Answer}}"), fields)
    assert rendered(read_template("{{hint:Empty}}"), {"Empty": ""}) == ""


@pytest.mark.parametrize("value", ["", " ", "\n\t", "<br>", "<br /> <div></div>", "<BR/>", "</div>"])
def test_a_field_without_anything_is_empty(value: str) -> None:
    assert not is_filled(value)


@pytest.mark.parametrize("value", ["0", "<p></p>", "<img src=x>", "&nbsp;", "<br class=x>"])
def test_a_field_with_anything_is_filled(value: str) -> None:
    assert is_filled(value)


def test_markup_goes_and_characters_stay() -> None:
    assert without_markup("<b>a</b> &lt;b&gt; c<br>") == "a <b> c"


# Formulas


def test_a_formula_is_drawn() -> None:
    shown = with_formulas(r"앞 \(\frac{1}{N+1}\) 뒤 \[x &lt; y\]")
    assert shown.startswith('앞 <math display="inline"><mrow><mfrac>')
    assert '<math display="block">' in shown
    assert "<mo>&lt;</mo>" in shown
    assert "\\" not in shown


@pytest.mark.parametrize(
    "field",
    ["", "글", r"<code>\(x\)</code>", r"<pre><code>\[x\]</code></pre>", r"\(x", r"<span>\</span>(x\)", r"\(a<b>c</b>\)", r"x\)"],
)
def test_what_is_no_formula_stays(field: str) -> None:
    assert with_formulas(field) == field


@pytest.mark.parametrize(
    "tex",
    [
        r"\frac{1", r"}{", r"\unknown{x}", r"\href{javascript:alert(1)}{x}", r"\style{color:red}{x}", r"\class{a}{x}", "{" * 900, "x" * 2001,
        r"\left(", "x_", " ",
    ],
)  # fmt: skip
def test_a_formula_that_cannot_be_drawn_stays_as_code(tex: str) -> None:
    assert with_formulas(rf"\({tex}\)") == rf"<code>\({tex}\)</code>"


@pytest.mark.parametrize(
    "words",
    ["&lt;img src=x onerror=alert(1)&gt;", "&lt;/math&gt;&lt;script&gt;1&lt;/script&gt;", "a &amp; b", "&lt;img/src/onerror=x&gt;"],
)
def test_words_in_a_formula_are_words(words: str) -> None:
    shown = with_formulas(rf"\(\text{{{words}}}\)")
    tags = re.findall(r"</?(\w+)", shown)
    assert set(tags) <= {"math", "mrow", "mtext"}
    assert words.replace(" ", "\u00a0").replace("&gt;", ">").replace(">", "&gt;") in shown


@pytest.mark.parametrize("unit", [r"\(", r"\[", r"\)", "<code ", r"\(x", r"\(\text{", "<pre>", r"\(a\)\["])
def test_no_field_makes_formulas_slow(unit: str) -> None:
    started = time.process_time()
    with_formulas(unit * 50_000)
    assert time.process_time() - started < 10


def test_of_very_many_formulas_the_first_are_drawn() -> None:
    shown = with_formulas("".join(rf"\({number}\)" for number in range(1_500)))
    assert shown.count("<math") == 1_000
    assert shown.count(r"<code>\(") == 500


def test_formulas_of_the_sample_notes_are_all_drawn(tmp_path: Path) -> None:
    shutil.copytree(REPO / "notes", tmp_path / "notes")
    built = Desk(tmp_path).build(now=1_900_000_000, plan=True)
    fields = [note.fields["Answer"] for note in built.notes if "\\(" in note.fields["Answer"] or "\\[" in note.fields["Answer"]]
    assert len(fields) > 5
    for field in fields:
        assert "\\(" not in re.sub(r"<code>.*?</code>", "", with_formulas(field), flags=re.DOTALL)
        assert r"<code>\(" not in with_formulas(field)
