"""Origins of other sites, as browsers name them (RFC 6454, section 6.2)."""

import re

_ORIGIN = re.compile(
    r"(?P<scheme>https?)://(?:[a-z0-9_]|[a-z0-9_][a-z0-9._-]*[a-z0-9_]|\[[0-9a-f:.]+\])(?::(?P<port>\d{1,5}))?"
)
_BROWSERS_LEAVE_OUT = {"http": ":80", "https": ":443"}


def origin(given: str) -> str:
    """Return an origin as browsers send it. Raises ValueError for what is none; `*` would be everybody."""
    said = given.strip().removesuffix("/").lower()
    found = _ORIGIN.fullmatch(said)
    if found is None or int(found["port"] or 0) > 65535:
        raise ValueError(
            f"{given.strip()[:100]!r} is no origin: write scheme://host or scheme://host:port, without a path"
        )
    return said.removesuffix(_BROWSERS_LEAVE_OUT[found["scheme"]])
