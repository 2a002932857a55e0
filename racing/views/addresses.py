"""Addresses that others hand in: only where they lead somewhere we would send a visitor."""

import re
from urllib.parse import urlsplit

LONGEST = 2000
_UNSEEN = re.compile(r"[\x00-\x1f\x7f-\x9f\u2028\u2029]")
_ELSEWHERE = re.compile(r"https://[^\s\\/?#]+[^\s\\]*")


def own_path(given: str | None) -> str:
    """Return `given` where it is a path of this site, else nothing: no address of others gets our visitors."""
    if not given or len(given) > LONGEST or not given.startswith("/") or given.startswith("//"):
        return ""
    # Browsers read a backslash as a slash and leave control characters out: "/\evil.test" is "//evil.test".
    if "\\" in given or _UNSEEN.search(given):
        return ""
    parts = urlsplit(given)
    return "" if parts.scheme or parts.netloc else given


def fit_to_open(given: str) -> bool:
    """Tell whether `given` is a path of this site or an https address: what a notification may lead to."""
    return bool(own_path(given) or _ELSEWHERE.fullmatch(given))
