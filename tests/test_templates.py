"""Templates of the author's own: which files are used, what is refused in them, and what a clone brings along that nobody asked for."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from notedeck.machine.dangers import dangers_in_html, dangers_in_style
from notedeck.machine.templates import own_files
from notedeck.preview.watching import watched
from notedeck.report.messages import ENGLISH, line
from notedeck.report.run import TEMPLATES, Options
from tests.anki_oracle import REPO, Anki, Desk, codes, question
from tests.pagedata import read_page_file

BOOK = {"책.md": "# 책\n\n" + question("하나인가요?", "하나.")}
STYLE = ".card { color: rebeccapurple }\n"


def test_one_file_of_ones_own_is_used_and_all_others_come_with_the_program(tmp_path: Path) -> None:
    desk = Desk(tmp_path).write({**BOOK, "templates/qa/style.css": STYLE})
    built = desk.build()
    assert [line(one, ENGLISH) for one in built.diagnostics] == [
        f"{desk.notes}/templates:1: note: the templates in this folder are used: qa/style.css [template-own]"
    ]
    with Anki(tmp_path / "anki") as anki:
        anki.take_all(desk.packages())
        kind = anki.notetype()
    assert kind["css"] == STYLE
    assert kind["tmpls"][0]["qfmt"] == (REPO / "templates" / "qa" / "front.html").read_text("utf-8")


def test_its_files_are_no_notes(tmp_path: Path) -> None:
    texts = {"templates/qa/front.html": "<p>{{Question}}</p>", "templates/qa/읽어 보기.md": question("노트인가요?", "아니요.")}
    built = Desk(tmp_path).write({**BOOK, **texts}).build()
    assert [note.locked.question for note in built.notes] == ["하나인가요?"]
    assert codes(built) == ["template-own"]


def test_a_folder_of_that_name_without_templates_holds_notes(tmp_path: Path) -> None:
    built = Desk(tmp_path).write({"templates/책.md": BOOK["책.md"]}).build()
    assert [note.locked.question for note in built.notes] == ["하나인가요?"]
    assert codes(built) == []


@pytest.mark.parametrize("folder", ["모양", "../모양"])
def test_deck_toml_names_the_folder(folder: str, tmp_path: Path) -> None:
    desk = Desk(tmp_path).write({**BOOK, "deck.toml": f'[templates]\nfolder = "{folder}"\n', f"{folder}/qa/style.css": STYLE})
    assert codes(desk.build()) == ["template-own"]
    shutil.rmtree(desk.notes / folder)
    assert codes(desk.build()) == ["template-missing"]


def test_copies_of_the_programs_are_not_ones_own(tmp_path: Path) -> None:
    desk = Desk(tmp_path).write(BOOK)
    shutil.copytree(REPO / "templates", desk.notes / "templates")
    front = desk.notes / "templates" / "qa" / "front.html"
    front.write_bytes(front.read_bytes().replace(b"\n", b"\r\n"))
    assert codes(desk.build()) == []
    assert own_files(TEMPLATES, desk.notes / "templates") == []


def test_a_checkout_that_is_built_as_a_whole_uses_its_templates(tmp_path: Path) -> None:
    desk = Desk(tmp_path).write({**BOOK, "templates/qa/x": ""})
    shutil.copytree(REPO / "templates", desk.notes / "templates", dirs_exist_ok=True)
    assert codes(desk.build(templates=desk.notes / "templates", plan=True)) == []


def test_a_style_of_ones_own_reaches_the_page(tmp_path: Path) -> None:
    desk = Desk(tmp_path).write({**BOOK, "templates/page/z.css": "body { margin: 1px }\n"})
    assert codes(desk.build()) == ["template-own"]
    assert "body { margin: 1px }" in read_page_file(desk.decks / "책.html").text


def test_a_watcher_sees_templates_that_lie_elsewhere(tmp_path: Path) -> None:
    desk = Desk(tmp_path).write({**BOOK, "deck.toml": '[templates]\nfolder = "../모양"\n', "../모양/qa/style.css": STYLE})
    assert watched(Options(notes=(desk.notes,), out=desk.decks)).concerns((tmp_path / "모양" / "qa" / "style.css").resolve())


# What is refused


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("qa/front.html", "{{Question}}<script>alert(1)</script>"),
        ("cloze/back.html", "{{cloze:Text}}<img src=x onerror=alert(1)>"),
        ("qa/style.css", "@import url(https://example.org/a.css);"),
        ("page/10-words.js", "alert(1)"),
        ("page/eleven.js", "alert(1)"),
        ("page/page.html", "<script>{{script}}</script>"),
        ("page/night.part", "}</style><script>alert(1)</script>"),
    ],
)
def test_what_could_run_or_load_is_refused_until_deck_toml_trusts_it(name: str, text: str, tmp_path: Path) -> None:
    desk = Desk(tmp_path).write({**BOOK, f"templates/{name}": text})
    built = desk.build()
    assert set(codes(built)) == {"template-danger"}
    assert built.page
    assert "alert" not in built.page.script + built.page.style
    assert not desk.decks.exists()
    desk.write({"deck.toml": "[templates]\nscripts = true\n"})
    assert "template-danger" not in codes(desk.build())


def test_a_link_out_of_the_folder_is_refused(tmp_path: Path) -> None:
    desk = Desk(tmp_path).write({**BOOK, "templates/qa/x": ""})
    (tmp_path / "secret.txt").write_text("secret", "utf-8")
    (desk.notes / "templates" / "qa" / "back.html").symlink_to(tmp_path / "secret.txt")
    assert codes(desk.build()) == ["template-danger"]


HARMLESS = [
    "{{FrontSide}}<hr id=answer>\n<div class='a b' style=\"color: red\">{{Answer}}</div>",
    "<!-- a < b, and <b>bold</b> -->{{#Page}}<br/>p. {{Page}}{{/Page}} 1 < 2 <3",
    '<img src="_logo.png" alt="x"><a href="#top">위로</a><details open><summary data-x="1">{{hint:Context}}</summary></details>',
    '<img src="data:image/png;base64,iVBOR//w0KGgo=">',
]
HOSTILE = [
    "<script>",
    "<SCRIPT src=x>",
    "<scr{{Spare1}}ipt>alert(1)</script>",
    "<scr{{#Spare1}}x{{/Spare1}}ipt>",
    "<{{Spare1}}script>",
    "{{Spare1}}<",
    "<b",
    "<b class='a' onclick=x>",
    "<b on{{Spare1}}click=x>",
    '<b class="a"onclick="x">',
    '<b title=">" onclick="x">',
    """<b title='"' lang=">" onclick="x">""",
    "<b/onclick=x>",
    "<b\nonclick\n=\nx>",
    "<img src=https://example.org/a.png>",
    "<img src=//example.org/a.png>",
    r"<img src=\\example.org/a.png>",
    r"<img src='/\example.org/a.png'>",
    "<img src='ht\ntp:example.org/a.png'>",
    "<img src='/\n/example.org'>",
    "<img src='&#104;ttps&colon;&sol;&sol;example.org'>",
    "<a href='java\tscript:alert(1)'>",
    "<a href='&#1;javascript:alert(1)'>",
    "<img srcset='a.png 2x'>",
    "<b style='background: url(\\68ttps://example.org)'>",
    "<iframe srcdoc='x'>",
    "<svg><use href='#a'/></svg>",
    "<object data=x>",
    "<meta http-equiv=refresh content='0;url=x'>",
    "<base href='x'>",
    "<link rel=stylesheet href=x>",
    "<style>b{}</style>",
    "<form action=x>",
    "<x-a>",
    "<!doctype html>",
    "<?php ?>",
    "<!--><script>-->",
    "[sound:https://example.org/a.mp3]",
]
HOSTILE_STYLES = [
    "@import 'a.css';",
    "@\\69mport 'a.css';",
    "b { background: url(https://example.org/a.png) }",
    "b { background: url(//example.org/a.png) }",
    r"b { background: url(\2f\2f example.org/a.png) }",
    r"b { background: url(\68\74\74\70\73\3a example.org/a.png) }",
    'b { background: url("ht\\\ntps:example.org") }',
    r"b { background: url(\\\\example.org\\a.png) }",
    "b { } </style><script>alert(1)</script>",
    "/* http://example.org */",
    'b { background: image-set("//example.org/a.png" 1x) }',
]


@pytest.mark.parametrize("text", HARMLESS)
def test_harmless_sides_pass(text: str) -> None:
    assert list(dangers_in_html(text)) == []


@pytest.mark.parametrize("text", HOSTILE)
def test_hostile_sides_do_not(text: str) -> None:
    assert list(dangers_in_html(text))


@pytest.mark.parametrize("text", HOSTILE_STYLES)
def test_hostile_styles_do_not(text: str) -> None:
    assert list(dangers_in_style(text))


def test_what_comes_with_the_program_passes() -> None:
    for path in sorted(TEMPLATES.rglob("*")):
        text = path.read_text("utf-8") if path.is_file() else ""
        if path.suffix == ".html" and path.name != "page.html":
            assert list(dangers_in_html(text)) == [], path
        elif path.suffix in (".css", ".part"):
            assert list(dangers_in_style(text)) == [], path


def test_a_danger_is_told_with_its_line() -> None:
    assert list(dangers_in_html("a\nb<br>\n<b onclick='x'>\n")) == [(2, "<b onclick='x'>")]
    assert list(dangers_in_style("a {}\nb { c: url(//x.org) }\n")) == [(1, "//x.org) }")]


def test_a_long_template_is_read_in_time() -> None:
    for text in ("<" * 200_000, "<b " + "a " * 100_000, "<b a='" * 50_000, "\\" * 200_000, "data:" * 50_000, "<b" + " " * 200_000):
        assert list(dangers_in_html(text))[:1] != [] or "\\" not in text
        list(dangers_in_style(text))
