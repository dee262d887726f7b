"""Sounds and films beside the notes are packed and played, pictures in an address are packed, widths are kept, attachments are told."""

from __future__ import annotations

import base64
import re
from pathlib import Path

import pytest

from notedeck.machine.mediatypes import MEDIA, is_attached, is_played, picture_kind
from notedeck.packages.notetypes import read_types
from notedeck.packages.shipped import read_package, restored
from tests.anki_oracle import NOW, REPO, Anki, Desk, codes, plain, png, question
from tests.test_cloze import ON

LATER = NOW + 86_400
RED = base64.b64encode(png(7)).decode()
ROUND = "%3Csvg xmlns='http://www.w3.org/2000/svg'%3E%3Ccircle r='4'/%3E%3C/svg%3E"


def sounds(text: str) -> list[str]:
    """The names of the files that a field plays."""
    return re.findall(r"\[sound:([^\]]*)\]", text)


@pytest.mark.parametrize(
    ("name", "answer"),
    [
        ("소리/낱말.mp3", "[듣기](소리/낱말.mp3)"),
        ("소리/낱말 둘.mp3", "[듣기](소리/낱말 둘.mp3)"),
        ("소리/낱말.mp3", '듣기 <audio controls src="소리/낱말.mp3"></audio>'),
        ("소리/낱말.ogg", '듣기 <audio><source src="소리/낱말.ogg"><source src="소리/낱말.mp3"></audio>'),
        ("낱말.wav", "![[낱말.wav|듣기]]"),
        ("영상.mp4", "![듣기](영상.mp4)"),
        ("영상.webm", '듣기 <video src="영상.webm"></video>'),
    ],
)
def test_a_sound_beside_the_notes_is_packed_and_played(tmp_path: Path, name: str, answer: str) -> None:
    desk = Desk(tmp_path).write({"책.md": question("어떻게 소리 나나요?", answer), name: b"ID3 sound"})
    assert codes(desk.build()) == []
    with Anki(tmp_path / "anki") as anki:
        anki.take_all(desk.packages())
        (row,) = anki.rows()
        (sound,) = sounds(row.fields["Answer"])
        assert sound.endswith(Path(name).suffix)
        assert (Path(anki.col.media.dir()) / sound).read_bytes() == b"ID3 sound"
        assert anki.media_troubles() == ([], [])
        assert plain(re.sub(r"\[sound:[^\]]*\]", "", row.fields["Answer"])) == "듣기"
        assert [tag.filename for tag in anki.rendered(row.guid).answer_av_tags] == [sound]


def test_a_sound_that_is_not_there_is_told_and_one_on_the_net_is_a_link(tmp_path: Path) -> None:
    desk = Desk(tmp_path).write(
        {"책.md": question("들리나요?", "[듣기](없다.mp3) [멀리](https://example.org/a.mp3) <audio src='https://example.org/b.mp3'>")}
    )
    built = desk.build()
    assert codes(built) == ["picture-remote", "sound-missing"]
    answer = built.notes[0].fields["Answer"]
    assert "소리 없음" in answer
    assert '<a href="https://example.org/a.mp3">멀리</a>' in answer
    assert sounds(answer) == []


def test_what_the_notes_themselves_write_plays_nothing(tmp_path: Path) -> None:
    desk = Desk(tmp_path).write({"책.md": question("무엇인가요?", "[sound:a.mp3] `[sound:notedeck-0123456789abcdef.mp3]`"), "a.mp3": b"ID3"})
    assert sounds(desk.build().notes[0].fields["Answer"]) == []


def test_a_question_may_play_and_its_follow_up_names_it_without(tmp_path: Path) -> None:
    desk = Desk(tmp_path).write({"책.md": "# 책\n\n- 이 소리는 무엇인가요? [소리](a.mp3)\n  종\n  - 왜 그런가요?\n    쇠라서\n", "a.mp3": b"ID3"})
    built = desk.build()
    first, second = built.notes
    assert len(sounds(first.fields["Question"])) == 1
    assert sounds(second.fields["Parent"]) == []
    assert plain(second.fields["Parent"]) == "이 소리는 무엇인가요? 소리"


def test_a_text_with_gaps_may_play(tmp_path: Path) -> None:
    desk = Desk(tmp_path).write({"책.md": "# 책\n\n- {{c1::종}} 소리 [듣기](a.mp3)\n", "a.mp3": b"ID3", "deck.toml": ON})
    fields = desk.build().notes[0].fields
    assert len(sounds(fields["Text"])) == 1
    assert "{{c1::종}}" in fields["Text"]


def test_a_new_sound_under_the_old_name_is_an_edit_and_a_lost_lock_knows_the_note(tmp_path: Path) -> None:
    desk = Desk(tmp_path).write({"책.md": question("이 소리는 무엇인가요? [소리](a.mp3)", "종"), "a.mp3": b"ID3 1"})
    before = desk.build().notes[0].locked
    assert desk.build(now=LATER).notes[0].change == "same"
    types, _ = read_types(REPO / "templates", "")
    package = read_package(desk.packages()[0], types)
    assert package is not None
    assert [one.question for one in restored(iter([package])).notes.values()] == [before.question]
    note = desk.write({"a.mp3": b"ID3 2"}).build(now=LATER).notes[0]
    assert (note.change, note.locked.guid) == ("edited", before.guid)


@pytest.mark.parametrize(
    ("address", "suffix", "data"),
    [
        (f"data:image/png;base64,{RED}", ".png", png(7)),
        (f"data:image/jpeg;charset=utf-8;base64,{RED}", ".png", png(7)),
        (f"data:image/svg+xml;utf8,{ROUND.replace(' ', '%20')}", ".svg", b"<svg xmlns='http://www.w3.org/2000/svg'><circle r='4'/></svg>"),
    ],
)
def test_a_picture_in_its_address_is_packed(tmp_path: Path, address: str, suffix: str, data: bytes) -> None:
    for form, text in (
        ("md", question("보이나요?", f"![점]({address})")),
        ("html", f'<h1>책</h1><ul><li>보이나요?<p><img alt="점" src="{address}">'),
    ):
        desk = Desk(tmp_path / form).write({f"책.{form}": text})
        built = desk.build()
        assert codes(built) == []
        (picture,) = built.notes[0].draft.pictures
        assert picture.name.endswith(suffix)
        assert picture.file.read_bytes() == data


@pytest.mark.parametrize(
    ("address", "code"),
    [
        ("data:image/png;base64,AAAA", "picture-broken"), ("data:image/png;base64,@@", "picture-broken"), ("data:image/png", "picture-broken"),
        ("data:text/plain,a", "picture-kind"), ("data:,a", "picture-kind"),
    ],
)  # fmt: skip
def test_what_is_no_picture_in_an_address_is_told_in_few_words(tmp_path: Path, address: str, code: str) -> None:
    built = Desk(tmp_path).write({"책.html": f'<h1>책</h1><ul><li>보이나요?<p>글 <img alt="점" src="{address}{"A" * 2000}">'}).build()
    (told,) = built.diagnostics
    assert told.code in (code, "picture-broken")
    assert len(told.details[0]) < 60


@pytest.mark.parametrize(
    ("written", "width"),
    [
        ("![[a.png|300]]", 300), ("![[a.png|그림|300]]", 300), ("![그림|300x200](a.png)", 300), ("![그림](a.png =300x)", 300),
        ('<img src="a.png" width="300">', 300), ('<img src="a.png" style="max-width:10px;width: 300px">', 300), ("![300](a.png)", 0),
        ('<img src="a.png" width="50%">', 0), ('<img src="a.png" style="max-width:300px">', 0), ("![[a.png|99999]]", 0), ("![[a.png|그림]]", 0),
    ],
)  # fmt: skip
def test_a_picture_is_as_wide_as_its_author_wants_it(tmp_path: Path, written: str, width: int) -> None:
    answer = Desk(tmp_path).write({"책.md": question("보이나요?", written), "a.png": png(1)}).build().notes[0].fields["Answer"]
    assert re.findall(r'width="(\d+)"', answer) == ([str(width)] if width else [])
    assert "|" not in answer


def test_notions_width_is_kept_and_makes_no_other_card(tmp_path: Path) -> None:
    page = '<h1 class="page-title">책</h1><div class="page-body"><ul class="toggle"><li><details open=""><summary>보이나요?</summary>'
    image = '<figure class="image"><a href="a.png"><img style="width:240px" src="a.png"/></a></figure></details></li></ul></div>'
    (html_note,) = Desk(tmp_path / "html").write({"책.html": page + image, "a.png": png(1)}).build().notes
    (plain_note,) = Desk(tmp_path / "md").write({"책.md": "# 책\n\n- 보이나요?\n    \n    ![a.png](a.png)\n", "a.png": png(1)}).build().notes
    assert html_note.locked.guid == plain_note.locked.guid
    assert html_note.fields["Answer"] == plain_note.fields["Answer"].replace('">', '" width="240">')


def test_another_width_is_an_edit(tmp_path: Path) -> None:
    desk = Desk(tmp_path).write({"책.md": question("보이나요?", "![[a.png|300]]"), "a.png": png(1)})
    desk.build()
    assert desk.build(now=LATER).notes[0].change == "same"
    assert desk.write({"책.md": question("보이나요?", "![[a.png|200]]")}).build(now=LATER).notes[0].change == "edited"


def test_attachments_are_told_once_each_and_pages_and_code_are_none(tmp_path: Path) -> None:
    answer = "[자료](자료 하나.pdf) [또](자료%20하나.pdf) [묶음](묶음.7z) [쪽](다른.md) [코드](가.py) [멀리](https://example.org/a.pdf)"
    built = Desk(tmp_path).write({"책.md": question("무엇인가요?", answer), "자료 하나.pdf": b"%PDF", "묶음.7z": b""}).build()
    told = [one.details for one in built.diagnostics if one.code == "attachment"]
    assert told == [("묶음.7z",), ("자료 하나.pdf",)]
    assert plain(built.notes[0].fields["Answer"]) == "자료 또 묶음 쪽 코드 멀리"


def test_a_books_page_plays_what_anki_plays(tmp_path: Path) -> None:
    answer = '[듣기](a.mp3) <video src="b.mp4"></video>'
    desk = Desk(tmp_path).write({"책.md": question("들리나요?", answer), "a.mp3": b"ID3", "b.mp4": b"mp4"})
    assert codes(desk.build()) == []
    page = (desk.decks / "책.html").read_text("utf-8")
    assert "media-src data:" in page
    assert f"data:audio/mpeg;base64,{base64.b64encode(b'ID3').decode()}" in page
    assert f"data:video/mp4;base64,{base64.b64encode(b'mp4').decode()}" in page
    assert "[sound:" not in page


@pytest.mark.parametrize(
    ("data", "suffix"),
    [
        (png(1), ".png"), (b"\xff\xd8\xff\xe0", ".jpg"), (b"GIF89a", ".gif"), (b"RIFF\0\0\0\0WEBPVP8 ", ".webp"), (b"\0\0\0 ftypavif", ".avif"),
        (b"<svg>", ".svg"), (b'\xef\xbb\xbf<?xml version="1.0"?>\n<!-- a - b -->\n<!DOCTYPE svg>\n<svg\n', ".svg"), (b"<html><svg>", ""), (b"", ""),
        (b"<svgs>", ""), (b"RIFF\0\0\0\0WAVE", ""),
    ],
)  # fmt: skip
def test_a_picture_is_known_by_its_bytes(data: bytes, suffix: str) -> None:
    assert picture_kind(data) == suffix


def test_kinds_of_addresses() -> None:
    assert [
        one for one in ("a.mp3", "a.MP4?x", "b/c d.wav#t=1", "https://e.org/a.mp3", "//e.org/a.mp3", "#a.mp3", "a.mp3.txt", "mp3") if is_played(one)
    ] == [
        "a.mp3",
        "a.MP4?x",
        "b/c d.wav#t=1",
    ]
    assert [one for one in ("a.pdf", "a.md", "mailto:a.zip", "가.HWP") if is_attached(one)] == ["a.pdf", "가.HWP"]
    assert all(suffix.startswith(".") and "/" in kind for suffix, kind in MEDIA.items())
