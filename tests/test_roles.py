"""The role of each line of a source: what of it is question, answer, context, structure, or lost."""

from __future__ import annotations

from tests.anki_oracle import REPO
from tests.dumps import read


def roles(text: str) -> str:
    return read(text)[1].roles


def test_each_line_has_its_role() -> None:
    lines = {
        "# 책": "h",
        "발표자: 한이레": "m",
        "": ".",
        "## 1장 처음": "h",
        " ": ".",
        "- p.3 책의 문장이다.": "c",
        "  > 왜 그런가요? @오세라": "q",
        "  ***": ".",
        "  그렇기 때문입니다.": "a",
        "  ```python": ".",
        "  x = 1": "a",
        "  ": ".",
        "  y = 2": "a",
        "  ``` ": ".",
        "  - 예를 들어 주세요": "q",
        "    [](https://example.org)": "a",
        "- [면접질문]": "m",
        "  둘은 무엇인가요?": "q",
        "  둘.": "a",
        "- 답이 아직 없나요?": "o",
        "   ": ".",
        "### 다음 모임": "h",
        "카드에 없는 문단": "u",
        "이어서 또": "u",
    }
    assert roles("\n".join(lines)) == "".join(lines.values())


def test_a_line_is_unread_exactly_where_it_is_told() -> None:
    for path in sorted((REPO / "tests" / "books").rglob("*.md")):
        _, reading = read(path.read_text("utf-8"))
        if "no-questions" in {one.code for one in reading.diagnostics}:
            continue
        told = {line for one in reading.diagnostics if one.code == "unread" for line in range(one.span.start, one.span.stop)}
        assert {line for line, role in enumerate(reading.roles) if role == "u"} == told
        assert len(reading.roles) == reading.span.stop
