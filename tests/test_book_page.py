"""A book's page: what the deck holds and nothing else, in a file that runs nothing but its own script."""

from __future__ import annotations

import json
import re
import shutil
from pathlib import Path
from typing import Any

import pytest

from notedeck.machine.page import OURS, Page, json_in_html, read_page
from notedeck.preview.book import KINDS
from notedeck.preview.changes import plain_text
from notedeck.report.messages import ENGLISH
from notedeck.report.summary import file_lines
from notedeck.sources import pictures
from tests.anki_oracle import NOW, REPO, Anki, Desk, png, question
from tests.pagedata import card_of, read_page_file, side

HOSTILE = """# 책

- </script><script>alert(1)</script> 무엇인가요?
  <img src=x onerror=alert(1)> `</script>` <!--<script> 답.
"""
LATER = NOW + 1000


def book(desk: Desk, name: str = "책", **options: Any) -> dict[str, Any]:
    desk.build(**options)
    return read_page_file(desk.decks / f"{name}.html").data


def test_a_page_holds_the_cards_that_anki_gets(tmp_path: Path) -> None:
    shutil.copytree(REPO / "notes", tmp_path / "notes")
    desk = Desk(tmp_path)
    data = book(desk, "시스템 설계", now=1_900_000_000)
    assert (data["version"], data["mode"], data["name"]) == (1, "book", "시스템 설계")
    with Anki(tmp_path / "anki") as anki:
        anki.take(desk.decks / "시스템 설계.apkg")
        rows = anki.rows()
        assert [card["id"] for card in data["cards"]] == [row.fields["ID"] for row in rows]
        for card, row in zip(data["cards"], rows, strict=True):
            assert data["decks"][card["deck"]]["name"] == row.deck
            assert {data["tags"][tag] for tag in card["tags"]} == set(row.tags)
            output = anki.rendered(row.guid)
            if "\\(" not in output.answer_text and "\\[" not in output.answer_text and "<img" not in output.answer_text:
                assert (side(data, card, "front"), side(data, card, "back")) == (output.question_text, output.answer_text)
        decks = {deck["name"]: (deck["cards"], deck["title"]) for deck in data["decks"]}
        assert {name: count for name, (count, _) in decks.items()} == {row.deck: sum(one.deck == row.deck for one in rows) for row in rows}
        assert decks["시스템 설계::04장"][1].startswith("4장")
        assert data["types"] == [{"name": "면접 노트 Q&A", "style": anki.notetype()["css"]}]
    follow_ups = [card for card in data["cards"] if "parent" in card]
    assert len(follow_ups) > 20
    ids = [card["id"] for card in data["cards"]]
    assert all(ids.index(card["parent"]) < ids.index(card["id"]) for card in follow_ups)


def test_it_holds_no_text_that_the_deck_does_not(tmp_path: Path) -> None:
    """Not what nobody answered, not what is unread, no path, no file's name, nothing of before, nothing of the lock."""
    notes = (
        "# 책\n발표자: 비밀이름\n\n## 1장 처음\n\n비밀문단이다.\n\n"
        + question("[면접질문] 하나인가요? @오세라", "하나.", 3)
        + "- 비밀질문은 무엇인가요?\n"
    )
    desk = Desk(tmp_path).write({"비밀파일.md": notes.replace("하나.", "비밀답이다.")})
    desk.build()
    data = book(desk.write({"비밀파일.md": notes}), now=LATER)
    text = (desk.decks / "책.html").read_text("utf-8") + json.dumps(data, ensure_ascii=False)
    assert "비밀" not in text
    assert str(tmp_path) not in text
    assert data.keys() == {"version", "mode", "name", "books", "decks", "types", "tags", "pictures", "pieces", "cards"}
    assert {key for card in data["cards"] for key in card} <= {
        "id", "deck", "type", "front", "back", "question", "text", "tags", "parent", "label", "chapter", "page", "asker",
    }  # fmt: skip
    assert data["cards"][0]["asker"] == "오세라"
    without = book(desk.write({"deck.toml": "[cards]\naskers = false\n"}), now=LATER)
    assert "오세라" not in json.dumps(without, ensure_ascii=False)


def test_the_policy_lets_the_page_alone_run(tmp_path: Path) -> None:
    desk = Desk(tmp_path).write({"책.md": HOSTILE})
    desk.build()
    page = read_page_file(desk.decks / "책.html")
    assert page.policy == {
        "default-src": ["'none'"],
        "script-src": page.digests("script"),
        "style-src": page.digests("style"),
        "img-src": ["data:"],
        "base-uri": ["'none'"],
        "form-action": ["'none'"],
    }
    assert len(page.digests("script")) == 1
    assert OURS in page.text
    shell = re.sub(r"<(script|style)\b.*?</\1>", "", page.text, flags=re.DOTALL)
    assert not re.search(r"\bon\w+=|javascript:|https?://", shell)
    assert not re.search(r'\b(?:src|href)="(?!data:)', shell)


def test_no_note_ends_the_data(tmp_path: Path) -> None:
    desk = Desk(tmp_path).write({"책.md": HOSTILE})
    desk.build()
    page = read_page_file(desk.decks / "책.html")
    assert page.text.count("</script") == 2
    assert "<!--" not in page.text[page.text.index("id=data") if "id=data" in page.text else page.text.index('id="data"') :].split("</script>")[0]
    (card,) = page.data["cards"]
    assert "`" not in card["text"]
    assert "</script>" in card["text"]
    assert "onerror" not in side(page.data, card, "back")


@pytest.mark.parametrize(
    "text", ["</script>", "</SCRIPT >", "<!--", "<script", "<ScRiPt>", "<!--<script>", "a<b", "<\u2028", "\\</script>", "</ script>"]
)
def test_data_in_html_is_the_same_data(text: str) -> None:
    written = json_in_html({"a": text})
    assert json.loads(written) == {"a": text}
    assert not re.search(r"</?script|<!--", written, re.IGNORECASE)


def test_a_title_is_text(tmp_path: Path) -> None:
    desk = Desk(tmp_path).write({"책.md": "# <b>책</b> & `</title>`\n\n" + question("하나인가요?", "하나.")})
    desk.build()
    (path,) = desk.decks.glob("*.html")
    text = path.read_text("utf-8")
    assert re.findall(r"<title>(.*?)</title>", text) == ["책 &amp; &lt;/title&gt;"]


def test_the_same_notes_give_the_same_bytes(tmp_path: Path) -> None:
    notes: dict[str, str | bytes] = {
        "책.md": "# 책\n\n## 1장\n\n" + question("[면접질문] 하나인가요?", "하나. ![](a.png)") + question("둘인가요?", "$x^2$"),
        "a.png": png(1),
    }
    one, other = Desk(tmp_path / "one").write(notes), Desk(tmp_path / "other").write(notes)
    one.build()
    other.build(now=LATER)
    assert (one.decks / "책.html").read_bytes() == (other.decks / "책.html").read_bytes()
    before = (one.decks / "책.html").stat().st_mtime_ns
    one.build(now=LATER)
    assert (one.decks / "책.html").stat().st_mtime_ns == before


def test_a_page_is_made_again_when_something_in_it_moves(tmp_path: Path) -> None:
    shutil.copytree(REPO / "templates", tmp_path / "templates")
    desk = Desk(tmp_path).write({"책.md": "# 책\n\n" + question("하나인가요?", "하나.")})

    def written(**options: Any) -> set[str]:
        return set(desk.build(templates=tmp_path / "templates", now=LATER, **options).written.written)

    assert written() == {"책.apkg", "책.html"}
    style = tmp_path / "templates" / "page" / "z.css"
    style.write_text("body { margin: 0 }", "utf-8")
    assert written() == {"책.html"}
    (tmp_path / "templates" / "qa" / "style.css").write_text(".card { color: red }", "utf-8")
    assert written() == {"책.apkg", "책.html"}
    (desk.decks / "책.html").write_text("half a pa", "utf-8")
    assert written() == {"책.html"}
    assert written() == set()


def test_only_a_tag_leaves_the_page_alone(tmp_path: Path) -> None:
    desk = Desk(tmp_path).write({"책.md": "# 책\n\n" + question("[면접질문] 하나인가요?", "하나.") + question("둘인가요?", "둘.")})
    assert desk.build(only=("면접질문",)).written.written == ("책 - 면접질문.apkg",)
    assert not (desk.decks / "책.html").exists()
    desk.build(now=LATER)
    before = (desk.decks / "책.html").read_bytes()
    desk.write({"책.md": "# 책\n\n" + question("[면접질문] 하나인가요?", "하나뿐.")}).build(now=LATER, only=("면접질문",))
    assert (desk.decks / "책.html").read_bytes() == before


# Pictures


def with_pictures(folder: Path, megabytes: int, sizes: tuple[int, ...]) -> tuple[Desk, dict[str, Any]]:
    """A book whose pictures are about so many bytes large."""
    files: dict[str, str | bytes] = {f"{size}.png": png(1) + b"\0" * size for size in sizes}
    shown = "".join(question(f"{size}은 보이나요?", f"![그림 {size}]({size}.png)") for size in sizes)
    desk = Desk(folder).write({**files, "책.md": f"# 책\n\n{shown}", "deck.toml": f"[page]\npictures_mb = {megabytes}\n"})
    desk.build()
    return desk, read_page_file(desk.decks / "책.html").data


def addresses(data: dict[str, Any]) -> dict[str, str]:
    """Where each card finds its picture."""
    return {card["question"]: re.findall(r'<img src="([^"]*)"', side(data, card, "back"))[0] for card in data["cards"]}


def test_pictures_are_inside(tmp_path: Path) -> None:
    desk, data = with_pictures(tmp_path, 8, (10, 20))
    assert all(address.startswith("data:image/png;base64,iVBOR") for address in addresses(data).values())
    assert [path.name for path in desk.decks.iterdir() if path.is_dir()] == []


def test_what_is_played_is_inside_too(tmp_path: Path) -> None:
    files: dict[str, str | bytes] = {
        "가.mp3": b"ID3" + bytes(100),
        "나.mp4": bytes(100),
        "책.md": question("들리나요?", "[듣기](가.mp3) [보기](나.mp4)"),
    }
    data = book(Desk(tmp_path).write(files))
    (card,) = data["cards"]
    assert re.findall(r'<(\w+) controls src="([^"]{1,20})', side(data, card, "back")) == [
        ("audio", "data:audio/mpeg;base"),
        ("video", "data:video/mp4;base6"),
    ]


def test_pictures_beyond_the_size_are_beside(tmp_path: Path) -> None:
    desk, data = with_pictures(tmp_path, 1, (400_000, 500_000, 600_000))
    found = addresses(data)
    assert found["400000은 보이나요?"].startswith("data:")
    assert found["500000은 보이나요?"].startswith("data:")
    address = found["600000은 보이나요?"]
    assert re.fullmatch(r"%EC%B1%85%20%EA%B7%B8%EB%A6%BC/notedeck-[0-9a-f]{16}\.png", address)
    (beside,) = (desk.decks / "책 그림").iterdir()
    assert beside.read_bytes() == png(1) + b"\0" * 600_000
    assert address.endswith(beside.name)
    assert list(file_lines(desk.build(now=LATER), ENGLISH)) == ["up to date: 책.apkg, 책 그림/, 책.html"]
    assert read_page_file(desk.decks / "책.html").policy["img-src"] == ["data:", "'self'", "file:"]


def test_a_picture_on_many_cards_is_in_the_file_once(tmp_path: Path) -> None:
    shown = "".join(question(f"{number}번은 보이나요?", "![](a.png)") for number in range(5))
    desk = Desk(tmp_path).write({"책.md": f"# 책\n\n{shown}", "a.png": png(1) + b"x" * 3000})
    data = book(desk)
    assert (desk.decks / "책.html").read_text("utf-8").count("data:image/png") == 1
    assert set(addresses(data).values()) == set(data["pictures"].values())


def test_every_kind_of_picture_has_a_media_type() -> None:
    assert set(KINDS) == pictures.KINDS


# The page's own files


def test_a_shell_without_a_place_is_told(tmp_path: Path) -> None:
    page, problems = read_page(tmp_path)
    assert page is None
    assert [one.code for one in problems] == ["template-missing"]
    (tmp_path / "page.html").write_text("{{title}} {{title}} {{policy}} {{style}} {{script}} {{script}}", "utf-8")
    page, problems = read_page(tmp_path)
    assert page is None
    assert [(one.code, one.details) for one in problems] == [("template-syntax", ("{{script}}",)), ("template-syntax", ("{{data}}",))]


def test_a_page_of_ours_is_no_note(tmp_path: Path) -> None:
    desk = Desk(tmp_path).write({"책.md": "# 책\n\n" + question("하나인가요?", "하나.")})
    desk.build()
    shutil.copytree(desk.decks, desk.notes / "옛 덱")
    built = desk.build(now=LATER)
    assert [read.source.inside for read in built.reads] == ["책.md"]
    assert built.diagnostics == ()


def test_a_shell_must_carry_the_mark_of_ours(tmp_path: Path) -> None:
    (tmp_path / "page.html").write_text("{{title}}{{policy}}{{style}}{{script}}{{data}}", "utf-8")
    assert [(one.code, one.details) for one in read_page(tmp_path)[1]] == [("template-syntax", (OURS,))]


def test_styles_and_scripts_are_joined_by_name(tmp_path: Path) -> None:
    files = {
        "page.html": OURS + "{{title}}{{policy}}{{style}}{{script}}{{data}}",
        "2.js": "b",
        "1.js": "a",
        "b.css": "d",
        "a.css": "c",
        "x.txt": "no",
    }
    for name, text in files.items():
        (tmp_path / name).write_text(text, "utf-8")
    page, problems = read_page(tmp_path)
    assert problems == []
    assert page == Page(files["page.html"], "cd", "ab")
    assert page.html("{{data}}", ["{{style}}"]).endswith('cdab["{{style}}"]')


def test_a_part_stands_wherever_its_name_does(tmp_path: Path) -> None:
    marked = "a {\n  {{night.part}}\n}\n@media x {\n  b {\n    {{night.part}}\n  }\n}\n"
    files = {"page.html": OURS + "{{title}}{{policy}}{{style}}{{script}}{{data}}", "a.css": marked, "night.part": "c: d;\n\ne: f;\n"}
    for name, text in files.items():
        (tmp_path / name).write_text(text, "utf-8")
    page, _ = read_page(tmp_path)
    assert page
    assert page.style == "a {\n  c: d;\n\n  e: f;\n}\n@media x {\n  b {\n    c: d;\n\n    e: f;\n  }\n}\n"
    (tmp_path / "night.part").unlink()
    page, problems = read_page(tmp_path)
    assert page is None
    assert [(one.code, "night.part" in one.details[0]) for one in problems] == [("template-missing", True)]


@pytest.mark.parametrize(
    ("field", "words"),
    [
        ("<p>하나</p>\n<p>둘<br>셋</p>", "하나\n둘\n셋"),
        ("<b>토</b>큰 &lt;b&gt; &amp;amp;", "토큰 <b> &amp;"),
        ("<table><tr><td>가</td><td>나</td></tr><tr><td>다</td></tr></table>", "가 나\n다"),
        ('앞<img src="x.png" alt="그림">뒤', "앞[그림]뒤"),
        ("", ""),
    ],
)
def test_the_words_of_a_field(field: str, words: str) -> None:
    assert plain_text(field) == words


def test_cards_of_two_books_are_in_two_files(tmp_path: Path) -> None:
    desk = Desk(tmp_path).write({"가.md": "# 가\n\n" + question("하나인가요?", "하나."), "나.md": "# 나\n\n" + question("둘인가요?", "둘.")})
    desk.build()
    assert [card["question"] for card in read_page_file(desk.decks / "가.html").data["cards"]] == ["하나인가요?"]
    assert card_of(read_page_file(desk.decks / "나.html").data, "둘")["text"] == "둘."
