"""A real market at ten times its speed, watched on a real page from five minutes before the off to the result."""

import json
import subprocess
import sys
import time
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Page

from tests.support.servers import ROOT, RunningServer

RACE = "betfair-1-127236622"
REPLAY_S = 180
SPACING_S = 0.9  # a second, less the jitter of two machines' worth of processes on one

pytestmark = [pytest.mark.soak, pytest.mark.alone, pytest.mark.timeout(400)]


# Times are taken in the page itself: this process sees its events late.
_NOTE_FRAMES = """window.received = [];
window.WebSocket = class extends WebSocket {
  constructor(...given) {
    super(...given);
    this.addEventListener("message", ({ data }) => window.received.push([performance.now() / 1000, data]));
  }
};"""
_COUNT_REPAINTS = """() => {
  window.repaints = 0;
  new MutationObserver((changes) => { window.repaints += changes.length; }).observe(
    document.querySelector("[data-board]"), { subtree: true, attributes: true, attributeFilter: ["data-price"] });
}"""
ODDS_UPDATE = '42["odds_update"'


def test_a_punter_watches_randwick_to_the_result(server: RunningServer, page: Page, racing_data: Path) -> None:
    page.add_init_script(_NOTE_FRAMES)
    market = racing_data / "markets" / "1.127236622.bz2"
    command = [sys.executable, "-m", "flask", "--app", "wsgi", "replay", str(market), "--speed", "10", "--from", "5"]
    with subprocess.Popen(command, cwd=ROOT, env=server.env, stderr=subprocess.DEVNULL) as replay:
        _wait_for_race(server, replay)
        page.goto(f"{server.url}/races/{RACE}")
        page.evaluate(_COUNT_REPAINTS)
        assert replay.wait(REPLAY_S) == 0
    page.wait_for_selector('[data-race-page][data-status="RESULT"]')

    final = server.api("GET", f"/races/{RACE}").json()
    page.wait_for_function("version => Number(document.querySelector('[data-race-page]').dataset.version) >= version",
                           arg=final["version"])  # fmt: skip
    assert _prices_on(page) == {entry["runnerId"]: f"{entry['price']:.2f}" for entry in final["odds"]}
    assert page.evaluate("window.repaints") > 100
    updates = _updates_on(page)
    assert len(updates) > 20
    assert _too_close(updates[1:]) == []  # the first may be the answer to the subscription, which is not counted
    assert "Traceback" not in server.log


def _updates_on(page: Page) -> list[tuple[float, dict[str, Any]]]:
    """Return the odds_update payloads the page received, each with the second it came in."""
    received = page.evaluate("window.received")
    return [(at, json.loads(data[2:])[1]["payload"]) for at, data in received if data.startswith(ODDS_UPDATE)]


def _too_close(updates: list[tuple[float, dict[str, Any]]]) -> list[float]:
    """Return the gaps below a second before an update that is not urgent: no status, no runner in it."""
    gaps = [(then - before, board) for (before, _), (then, board) in pairwise(updates)]
    return [gap for gap, board in gaps if gap < SPACING_S and not board.get("race") and not board["runners"]]


def _wait_for_race(server: RunningServer, replay: subprocess.Popen[bytes]) -> None:
    deadline = time.monotonic() + 60
    while time.monotonic() < deadline and replay.poll() is None:
        if server.api("GET", f"/races/{RACE}").status_code == 200:
            return
        time.sleep(0.1)  # another process declares the race
    raise AssertionError("the replay never declared its race")


def _prices_on(page: Page) -> dict[str, str]:
    cells = page.eval_on_selector_all(
        '[data-runner-id][data-bookmaker="betfair"]',
        "cells => cells.map(cell => [cell.dataset.runnerId, cell.dataset.price])",
    )
    return {str(runner): f"{float(price):.2f}" for runner, price in cells}
