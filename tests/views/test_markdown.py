"""Articles in Markdown: what staff write is shown as they meant it, and nothing of it can act in a reader's page."""

from html.parser import HTMLParser

import pytest
from hypothesis import given
from hypothesis import strategies as st

from racing.views.markdown import rendered

MAY_BE_THERE = {
    "p", "br", "h2", "h3", "h4", "ul", "ol", "li", "strong", "em", "a", "blockquote", "code", "pre", "hr", "table",
    "thead", "tbody", "tr", "th", "td",
}  # fmt: skip
PAYLOADS = [
    "<script>alert(1)</script>", "<img src=x onerror=alert(1)>", "<svg/onload=alert(1)>", "<b onclick=alert(1)>x</b>",
    "<iframe srcdoc='<script>alert(1)</script>'></iframe>", "<style>*{display:none}</style>", "<!--><script>x</script>",
    "<a href='javascript:alert(1)'>x</a>", "[x](javascript:alert(1))", "[x](JaVaScRiPt:alert(1))",
    "[x](java&#115;cript:alert(1))", "[x](java\tscript:alert(1))", "[x](<java\tscript:alert(1)>)",
    "[x](&#x6A;avascript:alert(1))", "[x](vbscript:x)", "[x](data:text/html,<script>x</script>)",
    "[x](data:image/svg+xml;base64,PHN2Zz4=)", "<javascript:alert(1)>", "<data:text/html,x>", "[x](//evil.test)",
    "[x](/\\evil.test)", "[x](\\\\evil.test)", "[x](file:///etc/passwd)", "[x](mailto:a@b.example)", "[x](#main)",
    "[x][1]\n\n[1]: javascript:alert(1)", "[x](https://e.test\"onmouseover=alert(1))",
    "[x](https://e.test 'a\" onmouseover=\"alert(1)')", "![x](https://evil.test/pixel.png)",
    "![x](javascript:alert(1))",
    "[![x](https://evil.test/p.png)](javascript:alert(1))", "`</code><script>x</script>`",
    "```\"onload=alert(1)\n</pre><script>x</script>\n```", "    <script>x</script>", "> <script>x</script>",
    "- <img src=x onerror=alert(1)>", "| <script>x</script> | [x](javascript:x) |\n|--|--|\n| a | <img src=x> |",
    "# <script>x</script>", "*<b>*", "&lt;script&gt;alert(1)&lt;/script&gt;", "<scr<script>ipt>x</scr</script>ipt>",
    "[x](http://e.test/%22onclick=alert(1))", "<https://e.test/\"onclick=\"x>", "[x](https:javascript:alert(1))",
    "[x](http://)", "[*[x](javascript:x)*](https://e.test)", "\\<script>x\\</script>", "<!DOCTYPE x>", "<?php x ?>",
    "<![CDATA[<script>x</script>]]>", "x\u2028<script>x</script>", "&#60;script&#62;x&#60;/script&#62;",
]  # fmt: skip


class Seen(HTMLParser):
    """What a browser would make of it: elements, and links."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.tags: set[str] = set()
        self.attributes: list[tuple[str, str, str]] = []
        self.feed(html)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.add(tag)
        self.attributes += [(tag, name, value or "") for name, value in attrs]


def is_harmless(html: str) -> None:
    seen = Seen(html)
    assert seen.tags <= MAY_BE_THERE
    for tag, name, value in seen.attributes:
        assert (tag, name) in {("a", "href"), ("a", "rel"), ("ol", "start")}
        if name == "href":
            assert value.startswith(("http://", "https://", "/")), value
            assert not value.startswith(("//", "/\\")), value
        if name == "rel":
            assert value == "nofollow noopener"


@pytest.mark.parametrize("payload", PAYLOADS)
def test_nothing_of_it_acts_in_a_page(payload: str) -> None:
    is_harmless(rendered(payload))


@given(st.text("<>[]()!`*_#|-\\&;:/\"'= \n1.ajscript", max_size=60))
def test_whatever_is_typed_is_harmless(text: str) -> None:
    is_harmless(rendered(text))


@pytest.mark.parametrize(
    ("written", "read"),
    [
        ("One.\n\nTwo & <b>last</b>.", "<p>One.</p>\n<p>Two &amp; &lt;b&gt;last&lt;/b&gt;.</p>"),
        ("A line\nand another", "<p>A line<br>\nand another</p>"),
        ("**very** *good*", "<p><strong>very</strong> <em>good</em></p>"),
        ("# One\n\n### Below", "<h2>One</h2>\n<h3>Below</h3>"),
        ("#### Alone", "<h2>Alone</h2>"),
        ("[race](/races/wexmoor-1405)", '<p><a href="/races/wexmoor-1405" rel="nofollow noopener">race</a></p>'),
        ("<https://e.test/a>", '<p><a href="https://e.test/a" rel="nofollow noopener">https://e.test/a</a></p>'),
        ("[x](javascript:x)", "<p>[x](javascript:x)</p>"),
        ("3. c\n4. d", '<ol start="3">\n<li>c</li>\n<li>d</li>\n</ol>'),
        ("> q\n\n---\n\n`c`", "<blockquote>\n<p>q</p>\n</blockquote>\n<hr>\n<p><code>c</code></p>"),
    ],
)
def test_it_reads_as_it_was_meant(written: str, read: str) -> None:
    assert rendered(written).strip() == read


def test_a_table_is_one() -> None:
    seen = Seen(rendered("| Horse | SP |\n|---|--:|\n| Otter Parade | 9/4 |"))

    assert seen.tags == {"table", "thead", "tbody", "tr", "th", "td"}
    assert seen.attributes == []
