"""Documents for property tests: composed of what people write in notes, well formed or not."""

from __future__ import annotations

import re
from collections.abc import Iterator

from hypothesis import strategies as st
from hypothesis.strategies import SearchStrategy

from notedeck.sources.text import decode

LETTER, NAME = "□", "◇"
"""Places in a composed document: for an ideograph that stands in it once, and for a name whose letters do."""

_IDEOGRAPHS = range(0x4E00, 0x9FA0)
_SYLLABLES = [chr(0xAC00 + 28 * number + 3) for number in range(399)]
"""Syllables that end in ㄳ: no word of the fragments has one."""
_LETTERS = frozenset([*map(chr, _IDEOGRAPHS), *_SYLLABLES])

TEXT_FRAGMENTS = (
    "□□", "□?", "□나요?", "□ 설명해주세요", "□다.", "□..", "□는 □가 아닌가?", "**□□**", "*□*", "~~□~~", "`□`", "$□$", "$5 □ $10",
    "[□](https://example.org/□)", "[](https://example.org)", "[□](other.md)", "![□](a.png)", "[![□](a.png)](https://example.org)",
    "https://example.org/a를 □", "&amp;□", "\\*□", "**□", "□**", "*", "`", "[", "](", "$", "1~3□과 4~6□",
    "p.5 ", "12쪽 ", "p99 □", " / p.20 □", "[면접질문] ", "[면접 예상질문] ", "[추가] ", "[참고] ", "[□] ", "[ ] ", "[x] ",
    " @◇", " @◇님", "@◇ □", " @Jane Doe", "A. ", "답변: ", "B. □", "[^1]", "[sound:□.mp3]", "{{□}}", "□: □", "1장 □", "Chapter 2 ",
)  # fmt: skip
BEYOND_COMMONMARK = (
    "<b>□</b>", "<b>", "</b>", "<span>□</span>", "<u>□", "<br>", "<br/>□", "<div>□", "</div>", "<details>", "<summary>□</summary>", "</details>",
    "<aside>", "</aside>", "List<String> □", "Map<K, V>", "<iframe src='x'>□</iframe>", "<script>alert(1)</script>", "<style>p{}</style>",
    '<img src="a.png" alt="□">', '<a href="javascript:alert(1)">□</a>', '<b onclick="x()" style="color:red">□</b>', "<!-- c -->", "<form>", "</p>",
    "![□](a b.png)", "<td>□", "</table>", "<ul><li>□", "<pre>□</pre>", "<svg onload=x>□</svg>", "<font color=red>□</font>",
    "<br", "<!--", "-->", "<T>",
    "[^1]: □", "^[□ □]", "[[□|□]]", "![[□.png|30]]", "==□==", "□. #□", "□. ^a1b2c3", "%% □ %%", "\\(□ = 1\\)", "id:: □",
)  # fmt: skip
STARTS = ("", "", "", "- ", "- ", "- ", "1. ", "> ", "# ", "### ", "- **", "- p.5 ", "- [면접질문] ", "> **")
ASKING = (
    "Q. □?", "Q1. □", "**Q. □?**", "질문: □", "**질문 1**", "### Q3", "A. □", "**A.** □", "답변: □", "**답변**", "> 답변", "### 답변",
    "> Q. □?", "> A. □", "- Q. □?", "- A. □", "**□인가요?**", "> □인가요?", "## □란?", "### □인가요?", "## 1. □인가요?", "### 꼬리질문", "## 질문",
    "## 답변", "#### □", "## `□`란?", "문제 1) □ 고르시오", "1. □", "Q. □? A. □", "질문", "답변", "## 목차", "- [□란?](#a)", "Q. [□]", "Q.", "# □란?",
)  # fmt: skip
"""Lines that ask or answer by a label, a heading or their form, outside of a study list."""
FOLDS = (
    "<details>", "</details>", "<details><summary>□란?</summary>", "<details><summary>정답 보기</summary>", "<summary>□</summary>", "<aside>",
    "</aside>", "<details><summary>□란?</summary>□</details>", "<details><summary>답</summary>", "<details><summary>힌트</summary>□</details>",
    "> <details><summary>□?</summary>", "> </details>", "- <details><summary>□?</summary>", "  </details>", "<summary>", "</summary>",
)  # fmt: skip
HEADS = ("질문 | 답변", "문제 | 정답", "# | Question | Answer", "분류 | 질문 | 답", "질문 | 담당", "□ | □")
LINES = ("", "", "***", "---", "===", "```", "$$", "| □ | □ |", "| --- | --- |", "|---|", "    ", "제목: □", "## 2장 □ @◇")

GAPS = (
    "{{c1::", "{{c2::", "}}", "::", "==", "==□==", "{{c1::□}}", "{{c3::□::□}}", "{{c1,2::□}}", "{{c01::", "{{c0::□}}", "{{", "}", " :: ", "□ :: □",
    "□::□", "==`□`==", "==$□$==", "**==□==**", "=", "{{c1::{{c2::□}}}}", "{{c99999999999999999999::□}}",
)  # fmt: skip
"""What texts with gaps and definitions are made of."""
ODD = (
    "\ufffc", "\u200b", "\u3000", "\u0301", "가\u0301", "각", "İ", "ſ", "ß", "１", "²", "٣", "९", "①", "㎏", "Ⅳ", "\ue000", "\u202e", "\u00a0",
    "👨\u200d💻",
    "p.²", "²장", "٣장 □", "p.１２", "１. □", "Q². □", "第三章 □", "제٣장", "99999999999999999999장", "p.99999999999999999999", "99999999999. □",
    "\u0338 a=1 ", "\U000e0001", "\ud7ff", "\u2060", "\ufeff", "&#0;", "&#x110000;", "&#2;", "&NotExists;", "&#xD800;", "\t", "|", "\\|",
    "~~~", "````", "+++", "[a]: <", "[a]: □", "[a]", "[^a]: □",
    "<□@example.org>", "<https://example.org/□>", "![", "![□][a]", "\\", "\\\\", "\\(□\\)", "\\[", "{{Question}}", "{{#Spare1}}", "<%", "\x1b[2J",
)  # fmt: skip
"""Characters and marks that programs trip over."""

HOSTILE = [
    "<script>alert(1)</script>",
    "<SCRIPT SRC=https://example.org/x.js></SCRIPT>",
    "<scr<script>ipt>alert(1)</scr</script>ipt>",
    '<img src=x onerror="alert(1)">',
    "<img src=x onerror=alert(1)//",
    '<img src="javascript:alert(1)">',
    '<a href="javascript:alert(1)">글</a>',
    '<a href="java\tscript:alert(1)">글</a>',
    '<a href="&#106;avascript:alert(1)">글</a>',
    '<a href=" javascript:alert(1)">글</a>',
    '<a href="data:text/html,<script>alert(1)</script>">글</a>',
    '<a href="vbscript:x">글</a>',
    '<a href="file:///etc/passwd">글</a>',
    '<iframe src="https://example.org"></iframe>',
    '<b style="position:fixed" onclick="x()" class="card" id="answer">글</b>',
    "<style>.card { display: none }</style>",
    "<details ontoggle=alert(1) open>글</details>",
    "<svg onload=alert(1)>글</svg>",
    "<svg><script>alert(1)</script></svg>",
    '<math><mi xlink:href="javascript:alert(1)">글</mi></math>',
    '<object data="x.swf"></object><embed src="x.swf">',
    '<form action="https://example.org"><input name=x><button>글</button></form>',
    '<meta http-equiv="refresh" content="0"><base href="https://example.org"><link rel=stylesheet href=x.css>',
    "<!--<script>alert(1)</script>-->",
    "<!-- --!><script>alert(1)</script>",
    "<![CDATA[<script>alert(1)</script>]]>",
    "<?xml version='1.0'?><script>alert(1)</script>",
    "<td><script>alert(1)</script>",
    "[글](javascript:alert(1))",
    "![글](javascript:alert(1))",
    '[글](https://example.org "onclick=alert(1)")',
    '![" onerror="alert(1)](a.png)',
    "[글](https://example.org/\"onclick=alert(1)')",
    "`<script>alert(1)</script>`",
    "```\n</code></pre><script>alert(1)</script>\n```",
    "```<script>\nx\n```",
    "$</p><script>alert(1)</script>$",
    "<div><ul><li><table><tr><td>글",
    "</div></div></details></body></html>",
    '<p title="</p><script>alert(1)</script>">글',
    "<noscript><p title='</noscript><script>alert(1)</script>'>",
    "<textarea><script>alert(1)</script></textarea>",
    "<template><script>alert(1)</script></template>",
    "<ol start='1\" onclick=\"x'><li>글</ol>",
]
"""What runs, loads or reaches out where HTML lets it."""


def documents(html: bool = True) -> SearchStrategy[str]:
    """Documents with places; `filled` puts letters into them."""
    mixed = st.one_of(*(st.builds("{}\n\n{}".format, one, _wild(html)) for one in (_wellformed(html), _asking(html))))
    return st.one_of(_wild(html), _wellformed(html), _asking(html), mixed).map("{}\n".format)


def texts() -> SearchStrategy[str]:
    """Any text, as a source gives it: decoded, with newlines at line ends."""
    anything = st.text(st.characters(codec="utf-8", exclude_characters="\0"), max_size=200)
    markup = st.text(st.sampled_from(list("-*_~`#>[]()!|<>&$\\:.1 \n\n\t가나?p5@")), max_size=200)
    return st.one_of(anything, markup, st.builds("{}{}".format, documents(), anything)).map(lambda text: decode(text.encode())[0])


def _inline(html: bool) -> SearchStrategy[str]:
    fragments = st.sampled_from(TEXT_FRAGMENTS + (BEYOND_COMMONMARK if html else ()))
    return st.lists(fragments, min_size=1, max_size=4).map("".join)


def _wild(html: bool) -> SearchStrategy[str]:
    """Lines that start anywhere."""
    line = st.builds("{}{}{}".format, st.integers(0, 8).map(" ".__mul__), st.sampled_from(STARTS), _inline(html))
    bare = st.builds("{}{}".format, st.integers(0, 6).map(" ".__mul__), st.sampled_from(LINES))
    return st.lists(st.one_of(line, line, bare), max_size=14).map("\n".join)


def _asking(html: bool) -> SearchStrategy[str]:
    """Questions in every way but the study list's: labels, headings, folds, tables, one below the other, in lists and quotations."""
    line = st.sampled_from(ASKING + (FOLDS if html else ()))
    alone = st.one_of(line, line, _inline(html)).map(lambda text: [text])
    table = st.builds(_table, st.sampled_from(HEADS), st.lists(st.lists(_inline(html), min_size=2, max_size=3), max_size=3))
    fold = st.builds(_fold, st.sampled_from(["□란?", "□", "정답 보기", "Q1. □", "[면접질문] □"]), st.lists(st.one_of(alone, table), max_size=3))
    nested = st.builds(_indented, st.sampled_from(["- ", "> ", "1. "]), st.lists(alone, min_size=1, max_size=3))
    block = st.one_of(alone, alone, table, nested, *([fold] if html else []))
    ends = st.sampled_from([[], [""]])
    rows = st.lists(st.builds(lambda one, end: [*one, *end], block, ends), max_size=10)
    return rows.map(lambda blocks: "\n".join(line for one in blocks for line in one))


def _table(heads: str, rows: list[list[str]]) -> list[str]:
    columns = heads.count("|") + 1
    return ["", f"| {heads} |", "|---" * columns + "|", *("| " + " | ".join(row) + " |" for row in rows), ""]


def _fold(summary: str, blocks: list[list[str]]) -> list[str]:
    return ["<details>", f"<summary>{summary}</summary>", "", *(line for block in blocks for line in block), "", "</details>"]


def _indented(mark: str, blocks: list[list[str]]) -> list[str]:
    """Blocks in a list item or in a quotation."""
    rest = mark if mark == "> " else " " * len(mark)
    lines = [line for block in blocks for line in block]
    return [(mark if not place else rest) + line for place, line in enumerate(lines)]


def _wellformed(html: bool) -> SearchStrategy[str]:
    """A page with a title, properties, chapters and bullets in bullets."""
    leaf = _inline(html).map(lambda text: [text])
    fence = st.just(["```python", "□ = 1", "***", "```"])
    quote = st.lists(_inline(html), min_size=1, max_size=2).map(lambda lines: ["> " + line for line in lines])
    table = st.just(["", "| □ | □ |", "| --- | --- |", "| □ | □ |", ""])
    simple = st.one_of(leaf, leaf, quote, fence, table, st.just(["***"]), st.just([""]))
    bullets = st.recursive(
        st.builds(_bullet, _inline(html), st.lists(simple, max_size=3)), lambda inner: st.builds(_bullet, _inline(html), st.lists(inner, max_size=3))
    )
    body = st.lists(st.one_of(bullets, bullets, st.sampled_from(["## 1장 □", "### □", "---", "□□"]).map(lambda line: ["", line, ""])), max_size=4)
    return st.builds(_page, st.booleans(), body)


def _bullet(first: str, blocks: list[list[str]]) -> list[str]:
    return ["- " + first, *("  " + line if line else line for block in blocks for line in block)]


def _page(has_title: bool, body: list[list[str]]) -> str:
    top = ["# □ 책", "", "발표자: □", "태그: □", ""] if has_title else []
    return "\n".join([*top, *(line for block in body for line in block)]) + "\n"


def filled(document: str) -> str:
    """The document with another letter in each of its places."""
    ideographs: Iterator[str] = map(chr, _IDEOGRAPHS)
    syllables = iter(_SYLLABLES)
    named = re.sub(NAME, lambda _: "이" + next(syllables, "름") + next(syllables, "름"), document)
    return re.sub(LETTER, lambda _: next(ideographs), named)


def letters(text: str) -> set[str]:
    """The letters that `filled` put in."""
    return {*_LETTERS.intersection(text)}
