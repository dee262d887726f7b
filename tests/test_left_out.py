"""Files that are no notes: by name and by looks, as the author says, and what git does not keep."""

from __future__ import annotations

from pathlib import Path

import pytest

from notedeck.diagnostics import Diagnostic
from notedeck.identity.notes import Change
from notedeck.report.run import Built
from tests.anki_oracle import NOW, Desk, codes, question

NOTE = question("큐는 무엇인가요?", "먼저 온 것이 먼저 나가는 줄이다.")
LINKS = "# 목록\n\n- [큐](a.md)\n- [스택](b.md)\n- [트리](c.md)\n\n| 주차 | 발표자 | 날짜 |\n|---|---|---|\n| 1 | 하늘 | 3/2 |\n| 2 | 도담 | 3/9 |\n"
RULES = "# 모임\n\n## 규칙\n\n- 월요일 밤까지 글을 올린다\n- 늦으면 벌금을 낸다\n\n## 커밋\n\n```\nfeat: 큐\n```\n\n## 구성원\n\n하늘, 도담, 윤슬\n"
COMMANDS = "# 예제\n\n## 실행 방법\n\n```bash\ngit clone https://example.org/a.git\ncd a\nmake\n```\n"
TEMPLATE = "# 제목\n\n- 질문을 적는다\n  답을 적는다\n"
STUDY = "# 큐\n\n먼저 들어온 것이 먼저 나간다. 은행에서 줄을 서는 것과 같고, 프린터가 일을 받는 순서가 그렇다.\n\n## 참고\n\n- [글](https://example.org)\n"


def _desk(tmp_path: Path, **files: str) -> Desk:
    return Desk(tmp_path).write({"큐.md": NOTE, **{name.replace("__", "/"): text for name, text in files.items()}})


def _told(built: Built, code: str) -> list[tuple[str, ...]]:
    return [one.details for one in built.diagnostics if one.code == code]


def _left(built: Built) -> list[str]:
    """The pages of which nothing was read at all."""
    return [read.source.inside for read in built.reads if read.found.aside and read.found.account.unread == read.found.account.characters]


@pytest.mark.parametrize("text", [LINKS, RULES, COMMANDS], ids=["links", "rules", "commands"])
def test_a_page_of_other_matters_is_left_out_in_one_line(tmp_path: Path, text: str) -> None:
    built = _desk(tmp_path, **{"README.md": text, "가__README.md": text}).build()
    assert _told(built, "left-out") == [("2", "README.md, 가/README.md", "0")]
    assert codes(built) == ["left-out"]
    assert built.account.unread == sum(read.found.account.characters for read in built.reads if read.source.inside.endswith("README.md"))


@pytest.mark.parametrize(
    ("text", "more"),
    [
        (STUDY, ""),
        (LINKS, NOTE),
        (LINKS, "- 큐와 스택의 차이?\n"),
        (RULES, "- [면접질문] 큐와 스택\n"),
        (RULES, "\n## 큐 설명해주세요\n\n먼저 온 것이 먼저 나간다\n"),
    ],
    ids=["study", "an answer", "a mark", "a label", "a request with an answer"],
)
def test_a_page_with_a_question_that_somebody_wrote_stays(tmp_path: Path, text: str, more: str) -> None:
    built = _desk(tmp_path, **{"README.md": f"{text}\n{more}"}).build()
    assert "left-out" not in codes(built)
    assert _left(built) == []


@pytest.mark.parametrize("name", ["CONTRIBUTING.md", "LICENSE.md", "CODE_OF_CONDUCT.md", "PULL_REQUEST_TEMPLATE.md", "template.md", "주간 양식.md"])
def test_a_page_is_left_out_by_its_name(tmp_path: Path, name: str) -> None:
    built = _desk(tmp_path, **{name: TEMPLATE}).build()
    assert _told(built, "left-out") == [("1", name, "0")]


@pytest.mark.parametrize("name", ["템플릿 메서드 패턴.md", "template-method.md", "template.md", "CONTRIBUTING.md"])
def test_no_name_leaves_out_a_question_that_is_marked(tmp_path: Path, name: str) -> None:
    built = _desk(tmp_path, **{name: question("템플릿 메서드는 무엇인가요?", "뼈대를 두고 단계를 바꾸는 것이다.")}).build()
    assert len(built.notes) == 2


def test_a_page_with_a_card_in_the_lock_is_never_left_out_by_its_looks(tmp_path: Path) -> None:
    """The answer went, and what is left looks like a list of links: the page is read, and what became of the card is told."""
    desk = _desk(tmp_path, **{"README.md": LINKS + "\n" + question("스택은 무엇인가요?", "쌓는 것이다.")})
    desk.build()
    built = desk.write({"README.md": LINKS}).build(NOW + 100)
    assert sorted(codes(built)) == ["no-questions", "removed"]


def test_what_notedeckignore_says_is_left_out_with_its_cards_and_told_by_count(tmp_path: Path) -> None:
    files = {"초안__하나.md": NOTE, "초안__둘.md": NOTE + question("또요?", "또다."), "초안__셋.md": NOTE, "회의록.md": STUDY}
    desk = _desk(tmp_path, **files, **{".notedeckignore": "# 아직\n초안/\n!초안/셋.md\n*록.md\n"})
    built = desk.build()
    assert _told(built, "ignored") == [("4", "회의록.md, 초안/둘.md, 초안/셋.md …", "4")]
    assert [note.draft.source for note in built.notes] == ["큐.md"]
    part = desk.build(NOW + 100, notes=(desk.notes / "초안",), plan=True)
    assert part.notes == ()


def test_a_pattern_may_be_taken_back_and_a_folder_have_its_own(tmp_path: Path) -> None:
    files = {
        "초안__하나.md": NOTE,
        "초안__둘.md": question("또요?", "또다."),
        ".notedeckignore": "초안/*\n!초안/하나.md\n",
        "초안__.notedeckignore": "!둘.md\n",
    }
    built = _desk(tmp_path, **files).build()
    assert sorted(note.draft.source for note in built.notes) == ["초안/둘.md", "초안/하나.md", "큐.md"]


def test_what_is_left_out_later_loses_its_cards_as_told(tmp_path: Path) -> None:
    desk = _desk(tmp_path, **{"초안__하나.md": question("또요?", "또다.")})
    desk.build()
    built = desk.write({".notedeckignore": "초안/\n"}).build(NOW + 100)
    assert codes(built) == ["ignored", "removed"]
    back = desk.write({".notedeckignore": ""}).build(NOW + 200)
    assert {note.draft.source: note.change for note in back.notes} == {"큐.md": Change.SAME, "초안/하나.md": Change.RETURNED}


def test_paths_leave_out_and_take_in(tmp_path: Path) -> None:
    toml = '[paths."초안/"]\nskip = true\n[paths."초안/둘.md"]\nskip = false\n[paths."README.md"]\nskip = false\n'
    built = _desk(tmp_path, **{"초안__하나.md": NOTE, "초안__둘.md": question("또요?", "또다."), "README.md": LINKS, "deck.toml": toml}).build()
    assert [note.draft.source for note in built.notes] == ["큐.md", "초안/둘.md"]
    assert _told(built, "ignored") == [("1", "초안/하나.md", "1")]
    assert "left-out" not in codes(built)


def test_gitignore_counts_for_folders_that_are_made_and_for_nothing_else(tmp_path: Path) -> None:
    """Private notes are kept out of git too; a folder `build` that git keeps may hold notes."""
    files = {name: question(f"{name}은 무엇인가요?", "그것이다.") for name in ("build__a.md", "private__b.md", "dist__c.md", "안__build__d.md")}
    desk = _desk(tmp_path, **files, **{".gitignore": "build/\nprivate/\n"})
    assert sorted(note.draft.source for note in desk.build().notes) == ["dist/c.md", "private/b.md", "큐.md"]


def test_a_file_that_cannot_be_read_is_no_error_where_it_is_ignored(tmp_path: Path) -> None:
    desk = _desk(tmp_path, **{".notedeckignore": "*.html\n"}).write({"a.html": bytes(range(256))})
    built = desk.build()
    assert not [one for one in built.diagnostics if isinstance(one, Diagnostic) and one.code == "not-text"]
    assert not built.failed
