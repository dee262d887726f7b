"""HTML pages for property tests: as Notion exports them, and elements in any order, closed or not."""

from __future__ import annotations

from hypothesis import strategies as st
from hypothesis.strategies import SearchStrategy

from tests.documents import LETTER, texts

INLINE = (
    "□□", "□?", "□나요?", "□ 설명해주세요", "p.5 □", "[면접질문] □", "@□", "A. □", "&lt;□&gt;", "&amp;□", "<strong>□</strong>", "<em>□□</em>",
    "<s>□</s>", "<code>□</code>", "<code><strong>□</strong>□</code>", '<mark class="highlight-red">□</mark>', '<a href="https://example.org">□</a>',
    '<a href="b.html">□</a>', '<a href="https://example.org"></a>', '<span style="border-bottom:0.05em solid">□</span>', "<br/>", "<br/><br/>",
    '<span class="user">@□</span>', "<time>@□</time>", "https://example.org/a를 □", '<span class="katex"><annotation>□</annotation></span>',
    '<img src="a.png" alt="□"/>', '<img src="a.png"/>', "<b onclick='x()'>□</b>", "<iframe>□</iframe>", "<script>alert(1)</script>", "□ < □",
    "<u>□", "</b>",
)  # fmt: skip
PARTS = (
    "<p>", "</p>", "<div>", "</div>", "<ul>", "</ul>", "<ol start='3'>", "</ol>", "<li>", "</li>", "<h1>", "</h1>", "<h3>", "</h3>", "<blockquote>",
    "</blockquote>", "<table>", "</table>", "<tr>", "</tr>", "<td>", "</td>", "<th>", "</th>", "<caption>", "<details>", "</details>", "<summary>",
    "</summary>", "<pre>", "</pre>", "<code>", "</code>", "<a href='x'>", "</a>", "<b>", "</b>", "<hr>", "<br>", "<figure class='callout'>",
    "</figure>", "<aside>", "</aside>", "<span class='icon'>", "</span>", "<div class='checkbox checkbox-on'>", "<ul class='toggle'>",
    "<table class='properties'>", "<div class='page-body'>", "<header>", "</header>", "<input type=checkbox>", "<form>", "</form>", "<x-a>", "<svg>",
    "<figcaption>", "<figure class='equation'>", "<span class=selected-value>", "<time>", "<textarea>",
    "<head>", "<meta>", "<map>", "<", "</", "<!--", "-->", "<a href='", "&#",
)  # fmt: skip

NESTED = (
    '<ul class="bulleted-list"><li>{}{}</li></ul>',
    '<ol class="numbered-list" start="2"><li>{}{}</li></ol>',
    '<ul class="to-do-list"><li><div class="checkbox checkbox-off"></div> <span>{}</span><div class="indented">{}</div></li></ul>',
    '<ul class="toggle"><li><details open=""><summary>{}</summary>{}</details></li></ul>',
    '<div style="display:contents"><ul class="toggle"><li><details><summary>{}</summary>{}</details></li></ul></div>',
    '<details class="toggle"><summary>{}</summary><div class="indented">{}</div></details>',
    "<h2><details><summary>{}</summary></details></h2><div class='indented'>{}</div>",
    '<figure class="callout"><div><span class="icon">💡</span></div><div>{}{}</div></figure>',
    "<blockquote>{}{}</blockquote>",
    '<div class="column-list"><div class="column">{}</div><div class="column">{}</div></div>',
    "<details><summary>{}</summary>{}</details>",
)
"""Each of Notion's blocks that hold blocks: places for a line and for what lies below it."""


def pages() -> SearchStrategy[str]:
    """Pages of an export with places for letters, as `documents.filled` fills them."""
    blocks = st.recursive(st.one_of(_inline().map("<p>{}</p>".format), _single()), _nested, max_leaves=12)
    return st.lists(blocks, max_size=6).map(lambda body: PAGE.format("".join(body)))


PAGE = (
    '<html><head><title>x</title><style>p{{}}</style></head><body><article class="page"><header><span class="icon">□</span>'
    '<h1 class="page-title">□ 책</h1><p class="page-description">□</p><table class="properties"><tr><th>발표자</th><td>□</td></tr>'
    '<tr><th>□</th><td></td></tr></table></header><div class="page-body">{}</div></article></body></html>'
)


def _inline() -> SearchStrategy[str]:
    return st.lists(st.sampled_from(INLINE), max_size=4).map("".join)


def _single() -> SearchStrategy[str]:
    """Blocks with no block in them."""
    return st.one_of(
        st.sampled_from(("<hr/>", '<pre class="code"><code class="language-Java">□\n□</code></pre>', "<p></p>", "\n")),
        st.builds("<h{0}>{1}</h{0}>".format, st.integers(1, 3), _inline()),
        st.builds("<table class='simple-table'><tr><th>{}</th><th>□</th></tr><tr><td>{}</td></tr></table>".format, _inline(), _inline()),
        st.just('<figure><a class="bookmark source" href="https://example.org/"><div class="bookmark-title">□</div><div>□</div></a></figure>'),
        st.just('<figure class="equation"><annotation>□\n□</annotation><span class="katex-html">x</span></figure>'),
        st.just('<nav class="table_of_contents"><a href="#x">□</a></nav>'),
    )


def _nested(inner: SearchStrategy[str]) -> SearchStrategy[str]:
    """Blocks with blocks in them, in each of Notion's forms."""
    return st.builds(lambda form, first, rest: form.format(first, "".join(rest)), st.sampled_from(NESTED), _inline(), st.lists(inner, max_size=3))


def torn_pages() -> SearchStrategy[str]:
    """Elements in any order, and any text as HTML."""
    torn = st.lists(st.one_of(st.sampled_from(PARTS), st.just(LETTER), st.just(LETTER)), max_size=40).map("".join)
    return st.one_of(torn, torn.map('<h1 class="page-title">□</h1>{}'.format), texts())
