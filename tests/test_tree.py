"""One collection, one tree: the deck of a page by its path, its own headings and deck.toml, and by nothing else."""

from __future__ import annotations

import shutil
import unicodedata
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from notedeck.config import Config, read_config
from notedeck.identity.notes import Change
from notedeck.places.decks import place_of
from notedeck.places.numbered import chapter_name, numbered, sorted_name
from notedeck.places.site import site_of
from notedeck.report.run import Built
from tests.anki_oracle import NOW, Anki, Desk, codes, png, question

ID = "00112233445566778899aabbccddeeff"


def _asked(number: int) -> str:
    return question(f"{number}번은 무엇인가요?", f"{number}번의 답이다. 그 까닭은 {number * 7}번 쪽에 있다.")


def _laid(folder: Path, *names: str) -> Path:
    """A collection with a question on each of its pages."""
    for number, name in enumerate(names):
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(_asked(number), "utf-8")
    return folder


def _built(folder: Path, now: int = NOW, **options: object) -> Built:
    """The decks of a folder that is named."""
    built = Desk(folder.parent).build(now, **{"notes": (folder,), "out": folder.parent / "decks", **options})
    assert not built.failed, codes(built)
    return built


def _decks(built: Built) -> dict[str, str]:
    """The deck of each page's card, by the page's path as the lock has it."""
    return {note.draft.source: note.locked.deck for note in built.notes}


@pytest.mark.parametrize(
    ("pages", "decks"),
    [
        (
            ("01장_사용자가 늘어날 때/하늘/[1주차]하늘.md", "02장_어림셈/하늘/[2주차]하늘.md", "16장_배움은 이어진다/도담/[9주차]도담.md"),
            ["01장::하늘::01주차", "02장::하늘::02주차", "16장::도담::09주차"],
        ),
        (
            ("week1/Robin/큐.md", "week1/robin/스택.md", "week2/Dana/트리.md", "week10/Dana/힙.md"),
            ["week 01::Robin::큐", "week 01::Robin::스택", "week 02::Dana::트리", "week 10::Dana::힙"],
        ),
        (
            ("Database/색인.md", "Network/TCP.md", "private/README.md", "README.md"),
            ["Database::색인", "Network::TCP", "private", ""],
        ),
    ],
    ids=["a chapter, a person, a week", "a week, a person, a page", "subjects side by side"],
)
def test_a_named_folder_is_one_book_with_its_folders_as_subdecks(tmp_path: Path, pages: tuple[str, ...], decks: list[str]) -> None:
    built = _built(_laid(tmp_path / "cs-study", *pages))
    assert [plan.file for plan in built.plans] == ["cs-study.apkg"]
    found = _decks(built)
    assert [found[page] for page in pages] == ["::".join(filter(None, ("cs-study", deck))) for deck in decks]
    with Anki(tmp_path / "anki") as anki:
        anki.take_all([tmp_path / "decks" / "cs-study.apkg"])
        assert sorted(row.deck for row in anki.rows()) == sorted(found.values())


@pytest.mark.parametrize(
    ("name", "deck"),
    [
        ("01장_사용자가 늘어날 때", "01장"),
        ("1주차", "01주차"),
        ("week1", "week 01"),
        ("week4", "week 04"),
        ("chap02", "Chapter 02"),
        ("ch03-면접-공략", "Chapter 03"),
        ("Ch5-제네릭", "Chapter 05"),
        ("Part2", "Part 02"),
        ("[1주차]하늘", "01주차"),
        ("season1_week01-17", "season 01"),
        ("week01-17", "week01-17"),
        ("1~3장", "1~3장"),
        ("2week. chapter1 하늘", "week 02"),
        ("제10장", "10장"),
        ("第十二章", "12章"),
        ("06. 소프트웨어 공학", "06. 소프트웨어 공학"),
        ("5. 데이터베이스", "05. 데이터베이스"),
        ("3) 색인", "03) 색인"),
        ("7", "07"),
        ("20250513_토큰", "20250513_토큰"),
        ("1-3장", "1-3장"),
        ("3과 4의 차이", "3과 4의 차이"),
        ("3D 그래픽", "3D 그래픽"),
        ("일주일", "일주일"),
        ("parting", "parting"),
    ],
)
def test_the_deck_of_a_numbered_name(name: str, deck: str) -> None:
    found = numbered(name)
    assert (chapter_name(found, 2) if found else sorted_name(name, 2)) == deck


@pytest.mark.parametrize(
    ("title", "path", "root", "settings", "deck"),
    [
        ("제목 1장", "파일.md", "", "", "제목"),
        ("", "파일 1~2장.md", "", "", "파일"),
        ("", "폴더/1주차.md", "", "", "폴더::01주차"),
        ("1~3장", "폴더/1주차.md", "", "", "폴더::01주차"),
        ("", "2장/1주차.md", "", "", "노트::02장::01주차"),
        ("", "1주차.md", "", "", "노트::01주차"),
        ("경제", "1주차.md", "", "", "경제::01주차"),
        ("", f"알고리즘 {ID}.md", "", "", "알고리즘"),
        ("대규모 1~3장", "모임/아무개.md", "모두", "", "대규모"),
        ("", "모임/시스템 설계 6장.md", "모두", "", "시스템 설계::06장"),
        ("", "모임/301과 302의 차이.md", "모두", "", "모두::모임::301과 302의 차이"),
        ("26년 3월 1주차", "모임/아무개.md", "모두", "", "모두::모임::아무개"),
        ("대규모 1~3장", "모임/안/아무개.md", "모두", "", "모두::모임::안::아무개"),
        ("", "운영체제 3장/메모리.md", "", "", "운영체제::03장::메모리"),
        ("", f"운영체제 {ID}/메모리 {ID}.md", "모두", "", "모두::운영체제::메모리"),
        ("제목", "파일.md", "", '[deck]\nbook = "한 권"', "한 권::파일"),
        ("제목", "가/나/파일.md", "모두", '[deck]\nbook = "한 권"', "한 권::가::나::파일"),
        ("옛 제목 1장", "파일.md", "", '[books]\n"옛 제목 1장" = "책"', "책"),
        ("옛 제목 1장", "파일.md", "", '[books]\n"옛 제목" = "책"', "책"),
        ("", "파일.md", "", '[books]\n"파일" = "책"', "책"),
        ("", "면접/운영체제/메모리.md", "모두", '[paths."면접/**"]\nbook = "면접 준비"', "면접 준비::운영체제::메모리"),
        ("", "week1/하늘/큐.md", "", '[paths."week*/"]\nbook = "모임"', "모임::하늘::큐"),
        ("", "week1/하늘/큐.md", "모두", '[paths."week*/"]\ndeck = "주마다::1주차"', "모두::주마다::01주차"),
        ("", "week1/하늘/큐.md", "모두", '[paths."week*/"]\ndeck = ""', "모두"),
        ("", "가/나.md", "모두", '[paths."가/"]\ndeck = "짧다"\n[paths."가/나.md"]\ndeck = "길다"', "모두::길다"),
        ("", "가/나.md", "모두", '[paths."가/나.md"]\ndeck = "길다"\n[paths."가/"]\ndeck = "짧다"\nbook = "책"', "책::길다"),
    ],
)
def test_the_deck_of_a_page(title: str, path: str, root: str, settings: str, deck: str) -> None:
    config, problems = read_config("deck.toml", settings)
    assert problems == []
    own = Config(root=root, book=config.book, books=config.books, paths=config.paths).at(path)
    assert place_of(site_of(title, path, own), None, own).deck == deck


def test_the_chapter_is_the_innermost_number_with_its_words_and_the_tag_names_all(tmp_path: Path) -> None:
    built = _built(_laid(tmp_path / "모임", "season1/03장_열쇠와 값/하늘/쪽.md"))
    (note,) = built.notes
    assert (note.locked.deck, note.locked.chapter) == ("모임::season 01::03장::하늘::쪽", "03장_열쇠와 값")
    assert note.tags == ("장::모임::season_01::03장::하늘::쪽",)


def test_a_numbered_heading_stands_below_the_pages_folder(tmp_path: Path) -> None:
    folder = _laid(tmp_path / "모임", "대규모/하늘.md")
    (folder / "대규모" / "하늘.md").write_text(f"# 정리\n\n{_asked(1)}\n## 1장 규모\n\n{_asked(2)}", "utf-8")
    assert [note.locked.deck for note in _built(folder).notes] == ["모임::대규모::하늘", "모임::대규모::01장"]


# The name of the root


def test_notes_is_no_book_whether_it_is_named_or_not(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    _laid(tmp_path / "notes", "운영체제/메모리.md", "책.md")
    monkeypatch.chdir(tmp_path)
    decks = [_decks(Desk(tmp_path).build(notes=(path,), plan=True)) for path in (Path("notes"), tmp_path / "notes", Path("notes/."))]
    assert decks == [{"운영체제/메모리.md": "운영체제::메모리", "책.md": "책"}] * 3


def test_the_lock_keeps_the_name_that_the_root_had_first(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A clone has another name, and a build inside it gives none at all."""
    first = _built(_laid(tmp_path / "cs-study", "week1/큐.md", "README.md"))
    clone = tmp_path / "cs-study-main"
    shutil.move(tmp_path / "cs-study", clone)
    again = _built(clone, NOW + 100)
    monkeypatch.chdir(clone)
    inside = Desk(tmp_path).build(NOW + 200, notes=(Path(),))
    assert _decks(first) == _decks(again) == _decks(inside)
    assert {note.change for built in (again, inside) for note in built.notes} == {Change.SAME}


def test_deck_toml_names_the_root_otherwise(tmp_path: Path) -> None:
    folder = _laid(tmp_path / "cs-study", "week1/큐.md")
    _built(folder)
    (folder / "deck.toml").write_text('[deck]\nbook = "CS"\n', "utf-8")
    assert _decks(_built(folder, NOW + 100)) == {"week1/큐.md": "CS::week 01::큐"}


@pytest.mark.parametrize("part", ["week1", "week1/하늘", "week1/하늘/큐.md"])
def test_a_part_is_read_as_seen_from_the_root(tmp_path: Path, part: str) -> None:
    """Where a lock lies above it: its cards, its pictures and deck.toml stay what they are."""
    folder = _laid(tmp_path / "모임", "week1/하늘/큐.md", "week2/하늘/트리.md", "img/README.md")
    (folder / "img" / "표.png").write_bytes(png(3))
    (folder / "week1" / "하늘" / "큐.md").write_text(_asked(0) + "  ![표](../../img/표.png)\n", "utf-8")
    (folder / "deck.toml").write_text("[deck]\ndigits = 3\n", "utf-8")
    whole = _built(folder)
    for options in ({}, {"lock": folder / "cards.lock"}):
        built = _built(folder, NOW + 100, notes=(folder / part,), plan=True, **options)
        assert [(note.locked.deck, note.change) for note in built.notes] == [("모임::week 001::하늘::큐", Change.SAME)]
        assert set(codes(built)) == {"partial"}
    assert not whole.diagnostics


def test_a_new_part_of_the_notes_can_be_built_alone(tmp_path: Path) -> None:
    """Its book is new to the lock, which is the right one all the same."""
    desk = Desk(tmp_path)
    _laid(desk.notes, "운영체제/메모리.md")
    desk.build()
    desk.write({"네트워크/전송.md": _asked(9)})
    built = desk.build(NOW + 100, notes=(desk.notes / "네트워크",))
    assert not built.failed
    assert _decks(built) == {"네트워크/전송.md": "네트워크::전송"}


@pytest.mark.parametrize("where", ["", "자리"])
def test_several_folders_with_a_lock_elsewhere_are_books_of_their_names(tmp_path: Path, where: str) -> None:
    (tmp_path / where).mkdir(exist_ok=True)
    folders = (_laid(tmp_path / "하나", "쪽.md"), _laid(tmp_path / "둘", "쪽.md"))
    built = _built(folders[0], notes=folders, lock=tmp_path / where / "c.lock")
    assert sorted(_decks(built).values()) == ["둘::쪽", "하나::쪽"]


def test_a_lock_and_a_deck_toml_below_the_root_are_told(tmp_path: Path) -> None:
    folder = _laid(tmp_path / "모임", "가/쪽.md")
    for name in ("cards.lock", "deck.toml"):
        (folder / "가" / name).write_text("", "utf-8")
    built = _built(folder)
    assert [(Path(one.span.path).name, one.code) for one in built.diagnostics] == [("cards.lock", "below-root"), ("deck.toml", "below-root")]


def test_a_pattern_that_means_no_page_is_told_with_its_line(tmp_path: Path) -> None:
    folder = _laid(tmp_path / "모임", "가/쪽.md")
    (folder / "deck.toml").write_text('[deck]\ndigits = 2\n\n[paths."나/"]\ntags = ["x"]\n\n[paths."가/"]\ntags = ["밑줄 긋기"]\n', "utf-8")
    built = _built(folder)
    assert [(one.span.line, one.code, one.details) for one in built.diagnostics] == [(4, "path-unused", ("나/",))]
    assert "밑줄_긋기" in built.notes[0].tags


# Names that differ in case or composition alone


def test_names_that_are_one_to_anki_are_one_deck_and_told(tmp_path: Path) -> None:
    folder = _laid(
        tmp_path / "모임", "week1/Robin/큐.md", "week2/robin/트리.md", "Week1/robin/힙.md", unicodedata.normalize("NFD", "가/값.md"), "가/또.md"
    )
    built = _built(folder)
    assert len(set(map(str.casefold, _decks(built).values()))) == len(set(_decks(built).values()))
    assert set(codes(built)) == {"spelling"}
    assert all(str(one.level) == "note" for one in built.diagnostics)
    with Anki(tmp_path / "anki") as anki:
        anki.take_all([tmp_path / "decks" / "모임.apkg"])
        assert not [row.deck for row in anki.rows() if row.deck.endswith("_")]
        assert sorted(row.deck for row in anki.rows()) == sorted(_decks(built).values())


def test_a_spelling_alone_moves_no_card_and_no_time(tmp_path: Path) -> None:
    folder = _laid(tmp_path / "모임", "Week1/Robin/큐.md", "Week2/Robin/트리.md")
    before = {note.locked.guid: note.locked for note in _built(folder).notes}
    for number in (1, 2):
        (folder / f"Week{number}").rename(folder / "moving")
        (folder / "moving").rename(folder / f"week{number}")
    built = _built(folder, NOW + 100)
    assert {note.change for note in built.notes} == {Change.SAME}
    assert [(note.locked.deck, note.locked.modified, note.fields, note.tags) for note in built.notes] == [
        (was.deck, was.modified, note.fields, note.tags) for note in built.notes for was in [before[note.locked.guid]]
    ]
    assert {note.fields["Chapter"] for note in built.notes} == {"Week1", "Week2"}


def test_a_books_spelling_makes_no_other_guid(tmp_path: Path) -> None:
    one, other = (_built(_laid(tmp_path / name / name, "큐.md"), fresh=True) for name in ("CS", "cs"))
    assert [note.locked.guid for note in one.notes] == [note.locked.guid for note in other.notes]


# A page that is added

_NAMES = st.sampled_from(["week1", "Week1", "1장", "01장_처음", "1~3장", "하늘", "Robin", "robin", "README", "index", "5. 색인", "책 2장", "책"])
_PATHS = st.lists(_NAMES, min_size=1, max_size=4).map(lambda parts: "/".join(parts) + ".md")
_TITLES = st.sampled_from(["", "# 제목\n\n", "# 책 1~3장\n\n", "# 1장\n\n", "# 제목\n\n## 2장\n\n"])


@settings(max_examples=40)
@given(
    pages=st.dictionaries(_PATHS, _TITLES, min_size=2, max_size=7),
    name=st.sampled_from(["notes", "모임"]),
    toml=st.sampled_from(["", '[deck]\nsubdecks = "h2"\n', '[paths."week*/"]\nbook = "주"\n[paths."1장/**"]\ndeck = "장"\n']),
)
def test_a_page_that_is_added_moves_no_other_pages_cards(
    tmp_path_factory: pytest.TempPathFactory, pages: dict[str, str], name: str, toml: str
) -> None:
    """With a lock not even their spelling; without one, to all that Anki tells apart."""
    folder = tmp_path_factory.mktemp("tree") / name
    *others, added = pages
    for number, page in enumerate(others):
        _laid(folder, page)
        (folder / page).write_text(pages[page] + _asked(number), "utf-8")
    (folder / "deck.toml").write_text(toml, "utf-8")
    before = _decks(_built(folder))
    _laid(folder, added)
    (folder / added).write_text(pages[added] + _asked(99), "utf-8")
    after, fresh = _decks(_built(folder, NOW + 100)), _decks(_built(folder, NOW + 200, fresh=True, plan=True))
    assert {page: after[page] for page in before} == before
    assert {page: fresh[page].casefold() for page in before} == {page: deck.casefold() for page, deck in before.items()}


# The layout before


def test_a_lock_of_the_former_layout_moves_its_cards_and_loses_no_history(tmp_path: Path) -> None:
    """It has no name of the root, and a book for each outermost folder; cards move as any do, and it is said once."""
    folder = _laid(
        tmp_path / "모임", "01장_처음/하늘/큐.md", "02장_다음/하늘/트리.md", "02장_다음/도담/힙.md", "02장_다음/도담/해시.md", "01장_처음/도담/덱.md"
    )
    now = {note.locked.guid: note.locked for note in _built(folder).notes}
    lock = folder / "cards.lock"
    former = [line.replace('"book": "모임", "deck": "모임::', '"book": "옛 책", "deck": "옛 책::') for line in lock.read_text("utf-8").splitlines()]
    lock.write_text("".join(f"{line}\n" for line in ['{"notedeck.lock": 2}', *(line for line in former[1:] if '{"root"' not in line)]), "utf-8")
    built = _built(folder, NOW + 100)
    assert {note.locked.guid: (note.locked.id, note.change) for note in built.notes} == {guid: (one.id, Change.MOVED) for guid, one in now.items()}
    assert built.removed == ()
    assert codes(built) == ["book-moved"]
    assert _built(folder, NOW + 200).diagnostics == ()
