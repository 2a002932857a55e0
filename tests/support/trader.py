"""Somebody at the desk: signs in, opens the odds grid, changes prices, saves, and reads what the page says."""

import html
import re
from dataclasses import dataclass
from typing import Any

import requests

_TOKEN = re.compile(r'name="csrf_token" value="([^"]+)"')
_SEEN = re.compile(r'name="seen-([^"]+)" value="([^"]*)"')
_TYPED = re.compile(r'name="price-([^"]+)" value="([^"]*)"')
_NOW = re.compile(r'id="now-([^"]+)"( hidden)?>([^<]*)<')
_SURE = re.compile(r'name="sure" value="([^"]*)"')
_BOOKMAKER = re.compile(r'<input type="hidden" name="bookmaker" value="([^"]+)"')


@dataclass(frozen=True)
class Cell:
    """A cell of the grid: what it holds, what it says it saw standing, and what the page says stands now ("")."""

    typed: str
    seen: str
    now: str


class Grid:
    """The odds grid of a race as one answer showed it; by cell name ("1.house")."""

    def __init__(self, answer: requests.Response) -> None:
        self.status, page = answer.status_code, answer.text
        self.token = _TOKEN.search(page)
        typed, now = dict(_TYPED.findall(page)), {name: said for name, hidden, said in _NOW.findall(page) if not hidden}
        self.cells = {
            name: Cell(typed[name], html.unescape(seen), now.get(name, "")) for name, seen in _SEEN.findall(page)
        }
        self.bookmakers = _BOOKMAKER.findall(page)
        sure = _SURE.search(page)
        self.sure = html.unescape(sure[1]) if sure else ""


def signed_in(url: str, email: str, password: str) -> requests.Session:
    """Return a browser without scripts in which somebody has signed in."""
    browser = requests.Session()
    token = _TOKEN.search(browser.get(f"{url}/login", timeout=30).text)
    assert token is not None
    fields = {"email": email, "password": password, "csrf_token": token[1]}
    assert browser.post(f"{url}/login", fields, timeout=30).url != f"{url}/login"
    return browser


class Trader:
    """A signed-in browser without scripts."""

    def __init__(self, url: str, email: str, password: str, race_id: str) -> None:
        self.browser, self._page = signed_in(url, email, password), f"{url}/staff/races/{race_id}"

    def look(self) -> Grid:
        """Open the race's page."""
        return Grid(self.browser.get(self._page, timeout=30))

    def save(self, grid: Grid, typed: dict[str, str], *, sure: str = "") -> Grid:
        """Send the grid with these cells changed; return the page that answers, before any redirect."""
        fields: list[tuple[str, Any]] = [("csrf_token", grid.token and grid.token[1]), ("sure", sure)]
        fields += [("bookmaker", slug) for slug in grid.bookmakers]
        for name, cell in grid.cells.items():
            fields += [(f"seen-{name}", cell.seen), (f"price-{name}", typed.get(name, cell.seen.rpartition("@")[0]))]
        return Grid(self.browser.post(f"{self._page}/odds", fields, timeout=30, allow_redirects=False))
