"""Pictures: found as a reader would find them, never outside the notes' folder, named by what they hold."""

from __future__ import annotations

import unicodedata
from functools import partial
from pathlib import Path
from urllib.parse import quote

import pytest

from notedeck.sources.files import DiskFile, DiskTree
from notedeck.sources.pictures import Picture, Pictures, Trouble
from notedeck.sources.source import Source
from tests.anki_oracle import Anki, Desk, codes, plain, png, question

ID = "00112233445566778899aabbccddeeff"
NFC, NFD = partial(unicodedata.normalize, "NFC"), partial(unicodedata.normalize, "NFD")

FILES = {
    "노트.md": 1,
    "그림.png": 1,
    "a b.png": 2,
    "100%.png": 3,
    "100%25.png": 4,
    "c#.png": 5,
    "왜?.png": 6,
    "UPPER.PNG": 7,
    NFD("풀어쓴 이름.png"): 8,
    f"페이지 {ID}/Untitled.png": 9,
    f"페이지 {ID}/Untitled 1.png": 10,
    "다른 쪽/Untitled.png": 11,
    "다른 쪽/하나뿐.png": 12,
    "다른 쪽/둘.png": 13,
    "또 다른 쪽/둘.png": 14,
    f"도표 {ID}.png": 15,
    "글.txt": 16,
    "괄호(1).jpeg": 17,
    "속/노트.md": 18,
    "속/안.webp": 19,
}


@pytest.fixture(scope="module")
def desk(tmp_path_factory: pytest.TempPathFactory) -> Desk:
    desk = Desk(tmp_path_factory.mktemp("desk")).write({name: png(shade) for name, shade in FILES.items()})
    (desk.root / "secret.png").write_bytes(png(99))
    (desk.notes / "link.png").symlink_to(desk.root / "secret.png")
    return desk


def found(desk: Desk, address: str, page: str = "노트.md") -> str | Trouble:
    """The file of a picture, by its path in the notes, or why there is none."""
    path = desk.notes / page
    picture = Pictures({desk.notes: DiskTree(desk.notes)}).find(address, Source(str(path), page, page, "", path.parent))
    if isinstance(picture, Trouble):
        return picture
    assert isinstance(picture.file, DiskFile)
    return NFC(picture.file.path.relative_to(desk.notes).as_posix())


@pytest.mark.parametrize(
    ("address", "file"),
    [
        ("그림.png", "그림.png"),
        ("./그림.png", "그림.png"),
        (quote("그림.png"), "그림.png"),
        (quote(quote("그림.png")), "그림.png"),
        (NFD("그림.png"), "그림.png"),
        (quote(NFD("그림.png")), "그림.png"),
        (NFC("풀어쓴 이름.png"), "풀어쓴 이름.png"),
        (quote(NFC("풀어쓴 이름.png")), "풀어쓴 이름.png"),
        ("a%20b.png", "a b.png"),
        ("a b.png", "a b.png"),
        ("100%25.png", "100%.png"),
        ("100%2525.png", "100%25.png"),
        ("c%23.png", "c#.png"),
        ("c#.png", "c#.png"),
        ("왜%3F.png", "왜?.png"),
        ("그림.png?raw=true", "그림.png"),
        ("그림.png#오른쪽", "그림.png"),
        ("upper.png", "UPPER.PNG"),
        ("괄호(1).jpeg", "괄호(1).jpeg"),
        (f"{quote(f'페이지 {ID}')}/Untitled.png", f"페이지 {ID}/Untitled.png"),
        ("페이지/Untitled.png", f"페이지 {ID}/Untitled.png"),
        (f"{quote('내보내기 폴더')}/{quote(f'페이지 {ID}')}/Untitled%201.png", f"페이지 {ID}/Untitled 1.png"),
        ("도표.png", f"도표 {ID}.png"),
        ("하나뿐.png", "다른 쪽/하나뿐.png"),
        ("없어진 폴더/하나뿐.png", "다른 쪽/하나뿐.png"),
        ("다른 쪽\\하나뿐.png", "다른 쪽/하나뿐.png"),
        ("속/../그림.png", "그림.png"),
    ],
)
def test_a_picture_is_found_as_a_reader_would_find_it(desk: Desk, address: str, file: str) -> None:
    assert found(desk, address) == file


@pytest.mark.parametrize(
    ("address", "trouble"),
    [
        ("", Trouble.MISSING),
        (".", Trouble.MISSING),
        ("없다.png", Trouble.MISSING),
        ("둘.png", Trouble.MISSING),
        ("없는 쪽/Untitled.png", Trouble.MISSING),
        ("페이지", Trouble.MISSING),
        ("https://example.com/a.png", Trouble.REMOTE),
        ("HTTP://example.com/a.png", Trouble.REMOTE),
        ("//example.com/a.png", Trouble.REMOTE),
        ("data:image/png;base64,AAAA", Trouble.BROKEN),
        ("file:///etc/passwd", Trouble.REMOTE),
        ("/etc/passwd", Trouble.MISSING),
        ("../secret.png", Trouble.OUTSIDE),
        ("%2e%2e/secret.png", Trouble.OUTSIDE),
        ("..%2Fsecret.png", Trouble.OUTSIDE),
        ("..\\secret.png", Trouble.OUTSIDE),
        ("속/../../secret.png", Trouble.OUTSIDE),
        ("link.png", Trouble.OUTSIDE),
        ("글.txt", Trouble.KIND),
        ("노트.md", Trouble.KIND),
    ],
)
def test_what_is_no_picture_of_the_notes_is_told_why(desk: Desk, address: str, trouble: Trouble) -> None:
    assert found(desk, address) is trouble


def test_a_page_looks_beside_itself_first_and_then_from_the_top(desk: Desk) -> None:
    assert found(desk, "안.webp", "속/노트.md") == "속/안.webp"
    assert found(desk, "../그림.png", "속/노트.md") == "그림.png"
    assert found(desk, "그림.png", "속/노트.md") == "그림.png"
    assert found(desk, "다른%20쪽/Untitled.png", "속/노트.md") == "다른 쪽/Untitled.png"


def test_a_name_in_anki_says_what_the_picture_holds(tmp_path: Path) -> None:
    desk = Desk(tmp_path).write({"a/Untitled.png": png(1), "b/Untitled.png": png(2), "c/Copy.PNG": png(1)})
    names = []
    for address in ("a/Untitled.png", "b/Untitled.png", "c/Copy.PNG"):
        picture = Pictures({desk.notes: DiskTree(desk.notes)}).find(address, Source("노트.md", "노트.md", "노트.md", "", desk.notes))
        assert isinstance(picture, Picture)
        names.append(picture.name)
    assert names[0] == names[2] != names[1]
    assert all(name.isascii() and name.endswith(".png") for name in names)


def test_pictures_with_one_name_and_pictures_in_every_field_arrive(tmp_path: Path) -> None:
    desk = Desk(tmp_path).write({
        "가.md": "# 책\n\n" + question("이 그림은 무엇인가요? ![](가/Untitled.png)", "하나. ![하나](가/Untitled.png)"),
        "나.md": "# 책\n\n- 책의 그림 ![](나/Untitled.png) 이다.\n  > 이것은요?\n  ***\n  둘. ![둘](나/Untitled.png)\n",
        "가/Untitled.png": png(1),
        "나/Untitled.png": png(2),
        "쓰이지 않음.png": png(3),
    })  # fmt: skip
    assert codes(desk.build()) == []
    with Anki(tmp_path / "anki") as anki:
        anki.take_all(desk.packages())
        assert len(anki.media()) == 2
        assert anki.media_troubles() == ([], [])
        first, second = anki.rows()
        assert first.fields["Question"].count("<img") == first.fields["Answer"].count("<img") == 1
        assert second.fields["Context"].count("<img") == 1
        shown = {path.name: path.read_bytes() for path in Path(anki.col.media.dir()).iterdir()}
        assert [shown[row.fields["Answer"].split('src="')[1].split('"')[0]] for row in (first, second)] == [png(1), png(2)]


def test_a_picture_that_is_not_there_leaves_words_and_no_broken_frame(tmp_path: Path) -> None:
    answers = ["![지도](없다.png)", "![약도](https://example.com/약도.png)", "![](../밖.png)", "![문서](문서.pdf)", "![](data:image/png;base64,AAAA)"]
    (tmp_path / "밖.png").write_bytes(png(5))
    desk = Desk(tmp_path).write({"노트.md": question("어디에 있나요?", "\n  ".join(["여기.", *answers])), "문서.pdf": b"%PDF"})
    built = desk.build()
    assert [(one.code, one.span.line) for one in built.diagnostics] == [
        ("picture-missing", 4), ("picture-remote", 5), ("picture-outside", 6), ("picture-kind", 7), ("picture-broken", 8),
    ]  # fmt: skip
    with Anki(tmp_path / "anki") as anki:
        anki.take_all(desk.packages())
        (row,) = anki.rows()
        assert "<img" not in row.fields["Answer"]
        assert plain(row.fields["Answer"]) == "여기. 그림 없음: 지도 약도 그림 없음 그림 없음: 문서 그림 없음"
        assert '<a href="https://example.com/' in row.fields["Answer"]
        assert anki.media() == set()


def test_a_new_picture_under_the_old_name_is_sent(tmp_path: Path) -> None:
    """The note is updated because its picture moved, though no word of it did."""
    desk = Desk(tmp_path).write({"노트.md": question("무엇이 보이나요?", "![보기](보기.png)"), "보기.png": png(1)})
    desk.build()
    with Anki(tmp_path / "anki") as anki:
        anki.take_all(desk.packages())
        desk.write({"보기.png": png(2)}).build()
        (outcome,) = anki.take_all(desk.packages())
        (row,) = anki.rows()
        assert outcome.updated == (row.guid,)
        name = row.fields["Answer"].split('src="')[1].split('"')[0]
        assert (Path(anki.col.media.dir()) / name).read_bytes() == png(2)
