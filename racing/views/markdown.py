"""Turns what staff write in Markdown into HTML that is fit for a reader's page, whatever was written.

CommonMark with tables. HTML is shown as it was typed, pictures are not taken, and a link leads to a page of this site
or to an http(s) address. What comes out is then checked once more against a list of what may be there.
"""

from collections.abc import Sequence
from functools import lru_cache

import nh3
from markdown_it import MarkdownIt
from markdown_it.token import Token
from markupsafe import Markup

from racing.views.addresses import fit_to_open

_TAGS = {
    *("p", "br", "h2", "h3", "h4", "ul", "ol", "li", "strong", "em", "a", "blockquote", "code", "pre", "hr"),
    *("table", "thead", "tbody", "tr", "th", "td"),
}
_ATTRIBUTES = {"a": {"href"}, "ol": {"start"}, "*": set[str]()}
_LINK_RELATION = "nofollow noopener"  # put on every link; no other can be written
_OUR_OWN = ("start", "rel")
# Of a long article some 20 kB; a page that hundreds open at the same moment is made once.
_MOST_KEPT = 64


def leads_somewhere(address: str) -> bool:
    """Tell whether a link in an article may lead there: to a page of this site, or to an http(s) address."""
    # To be read, not to be signed in at: unlike a notification an article may name a site without TLS.
    return fit_to_open(f"https{address[4:]}" if address.startswith("http:") else address)


@lru_cache(maxsize=_MOST_KEPT)
def rendered(text: str) -> Markup:
    """Return the article that `text` says in Markdown, a line break where one was typed.

    The title of the page stands above it: its headings begin at h2, the highest used first.
    """
    tokens = _reader.parse(text)
    _rank_headings(tokens)
    html = _reader.renderer.render(tokens, _reader.options, {})
    # A second look by somebody else: whatever slipped through the reading is taken out here.
    safe = nh3.clean(
        html,
        tags=_TAGS,
        attributes=_ATTRIBUTES,
        attribute_filter=_attribute,
        url_schemes={"http", "https"},
        link_rel=_LINK_RELATION,
    )
    return Markup(safe)  # nosec B704


def _attribute(_tag: str, name: str, value: str) -> str | None:
    is_fit = leads_somewhere(value) if name == "href" else name in _OUR_OWN
    return value if is_fit else None


def _rank_headings(tokens: Sequence[Token]) -> None:
    """Let the headings be h2 to h4, the levels used one after the other: none is left out."""
    headings = [token for token in tokens if token.type in ("heading_open", "heading_close")]
    levels = sorted({token.tag for token in headings})
    for token in headings:
        token.tag = f"h{min(levels.index(token.tag) + 2, 4)}"


class _Reader(MarkdownIt):
    """Reads CommonMark and tables."""

    def __init__(self) -> None:
        super().__init__("commonmark", {"html": False, "breaks": True})
        self.enable("table").disable("image")

    def validateLink(self, url: str) -> bool:  # noqa: N802  # the library's own name
        """Tell whether this may be a link; what may not stays as it was typed."""
        return leads_somewhere(url)


_reader = _Reader()
