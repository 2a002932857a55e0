"""A whole day of races on one page while prices move, and what the page costs the device that shows it."""

import threading
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from itertools import count
from typing import Any, NamedTuple

import requests

from tests.browser.stock import BOOKMAKERS
from tests.support.servers import RunningServer

A_DAY, RUNNERS, MOVING = 40, 12, 10
EVERY_S = 1.0
"""All the races that move do so once in so many seconds."""
_SHORTEST, _LONGER = 3.0, 1.7
_COURSES = ("Wexmoor", "Castle Ridge", "Port Ardent", "Fennel Down", "Ashcombe Park")
# What Chromium counts on a page's main thread, in seconds; its name and ours.
_PARTS = {
    "TaskDuration": "main",
    "ScriptDuration": "script",
    "LayoutDuration": "layout",
    "RecalcStyleDuration": "style",
}
_COUNT_MOVES = """() => {
    window.moves = 0;
    new MutationObserver((changes) => { window.moves += changes.length; })
        .observe(document.querySelector("main"), { subtree: true, attributeFilter: ["data-price"] });
}"""


def declare_day(server: RunningServer) -> None:
    """Put forty races on the site, each of twelve runners with prices of five bookmakers."""
    first_off = datetime.now(UTC) + timedelta(minutes=5)
    for number in range(A_DAY):
        off = first_off + timedelta(minutes=4 * number)
        course = _COURSES[number % len(_COURSES)]
        race = server.declare(f"busy-{number}", RUNNERS, course=course, offTime=f"{off:%Y-%m-%dT%H:%M:%SZ}")
        odds = [_entry(runner, bookmaker, 0) for bookmaker in BOOKMAKERS for runner in range(1, RUNNERS + 1)]
        assert server.api("POST", f"/races/{race}/odds", {"odds": odds}).ok


def _entry(runner: int, bookmaker: str, step: int) -> dict[str, Any]:
    price = _SHORTEST + _LONGER * runner + step % 7 / 10
    return {"runnerId": str(runner), "bookmaker": bookmaker, "price": round(price, 2)}


@contextmanager
def moving_prices(server: RunningServer) -> Iterator[None]:
    """Move the prices of ten races once a second, so that each line shows another one, as long as the context lasts."""
    ended = threading.Event()
    with ThreadPoolExecutor(1) as beside:
        moving = beside.submit(_move, server, ended)
        try:
            yield
        finally:
            ended.set()
        moving.result()


def _move(server: RunningServer, ended: threading.Event) -> None:
    with requests.Session() as session:
        session.headers["Authorization"] = f"Bearer {server.token}"
        began = time.monotonic()
        for step in count(1):
            answer = session.post(f"{server.url}/api/v1/odds", json={"races": _moves(step)}, timeout=10)
            assert answer.ok, answer.text
            if ended.wait(max(0.0, began + step * EVERY_S - time.monotonic())):
                return


def _moves(step: int) -> list[dict[str, Any]]:
    # A line shows the favourite at the longest price on offer: it moves for certain where all bookmakers move.
    return [
        {
            "raceId": f"busy-{race}",
            "odds": [
                *(_entry(1, bookmaker, step + race) for bookmaker in BOOKMAKERS),
                *(_entry(runner, BOOKMAKERS[step % 5], step + race) for runner in (2, 6)),
            ],
        }
        for race in range(MOVING)
    ]


class Cost(NamedTuple):
    """What an open page took, in % of one core: its main thread, of that scripts, layout and style; `browser` is all
    processes of the browser together, which also draw.

    `moves` is how often a second a price on the page changed.
    """

    main: float
    script: float
    layout: float
    style: float
    browser: float
    moves: float


def cost_of(page: Any, seconds: float) -> Cost:
    """Return what the page, the only one of its browser, costs from now on for so long.

    Processor time is counted, not the clock: what else the machine does changes little.
    """
    devtools = page.context.new_cdp_session(page)
    devtools.send("Performance.enable", {"timeDomain": "threadTicks"})
    processes = page.context.browser.new_browser_cdp_session()
    page.evaluate(_COUNT_MOVES)
    began, before = time.monotonic(), _spent(devtools, processes)
    page.wait_for_timeout(seconds * 1000)
    took, after = time.monotonic() - began, _spent(devtools, processes)
    share = {name: 100 * (after[name] - before[name]) / took for name in after}
    return Cost(**share, moves=page.evaluate("window.moves") / took)


def _spent(devtools: Any, processes: Any) -> dict[str, float]:
    counted = {metric["name"]: metric["value"] for metric in devtools.send("Performance.getMetrics")["metrics"]}
    told = processes.send("SystemInfo.getProcessInfo")["processInfo"]
    return {ours: counted[name] for name, ours in _PARTS.items()} | {"browser": sum(each["cpuTime"] for each in told)}
