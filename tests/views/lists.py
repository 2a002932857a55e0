"""Reads pages of lists as a reader does: line by line, in words."""

import re
from html import unescape

_LINE = re.compile(r'<(li|article|section|p)[^>]* data-key="([^"]+)".*?</\1>', re.DOTALL)
_UNSEEN = re.compile(r"<script.*?</script>|<(\w+)[^>]* hidden[^>]*>.*?</\1>|<[^>]+>", re.DOTALL)


def words(html: str) -> str:
    """Return what can be read of it, in one line."""
    return " ".join(unescape(_UNSEEN.sub(" ", html)).split())


def lines(page: str) -> dict[str, str]:
    """Return, by key, what the lines of the page's lists say, in their order."""
    return {found[2]: words(found[0]) for found in _LINE.finditer(page)}


def links(page: str, text: str) -> list[str]:
    """Return where the links with this text lead to."""
    found = re.findall(r'<a [^>]*?href="([^"]*)"[^>]*>(.*?)</a>', page, re.DOTALL)
    return [unescape(address) for address, inner in found if words(inner) == text]
