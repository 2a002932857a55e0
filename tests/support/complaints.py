"""What a browser's page complains of: what its scripts throw, and what its Content-Security-Policy kept from it."""

from typing import Any


def heard_from(page: Any) -> list[str]:
    """Return a list that gets each complaint of this page, as it comes."""
    heard: list[str] = []
    page.on("pageerror", lambda error: heard.append(str(error)))
    page.on("console", lambda said: heard.append(said.text) if "Content Security Policy" in said.text else None)
    return heard
