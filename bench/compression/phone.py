"""How long a page on a slow line waits: forty races, of which twenty change a second, plain beside compressed.

All pages are open at once, each behind a line of its own, and are sent the same changes.
"""

import asyncio
import tempfile
import time
from collections.abc import Sequence
from contextlib import AsyncExitStack
from itertools import cycle
from pathlib import Path
from statistics import quantiles
from typing import NamedTuple

from bench.compression.page import Page
from bench.compression.samples import BOOKMAKERS, Card
from bench.compression.slow_line import SPEEDS, SlowLine, Speed
from bench.compression.table import show

RACES, RUNNERS, CHANGES_A_SECOND, MOVING = 40, 12, 20, 3
MODES = ("delta", "full")
OPENS_WITHIN_S = 60
# The plain page may well fall behind for ever: it is not to be cut before the end.
SETTINGS = {
    "UNREAD_MESSAGES": "100000", "UNREAD_BYTES": "100000000", "HEARTBEAT_INTERVAL_MS": "5000",
    "WEBSOCKET_TRANSPORT": "direct",
}  # fmt: skip


class Opened(NamedTuple):
    """A page, and where it is."""

    speed: Speed
    mode: str
    page: Page


def report(bookmakers: int, seconds: int) -> None:
    """Print how long pages with so many bookmakers' prices waited."""
    with tempfile.TemporaryDirectory() as folder, Card(Path(folder), **SETTINGS) as card:
        race_ids = [f"kempton-2026-11-24-{1000 + number}" for number in range(RACES)]
        for race_id in race_ids:
            card.declare(race_id, RUNNERS, BOOKMAKERS[:bookmakers])
        pages = asyncio.run(_measured(card, race_ids, seconds))
    head = ["line", "mode", "", "open after, s", "p50, ms", "p99, ms", "last, ms", "kB a second", "updates"]
    title = f"{RACES} races, {RUNNERS} runners x {bookmakers}, of {CHANGES_A_SECOND} a second {MOVING} prices each"
    show(f"{title}, for {seconds} s", head, [_row(one, seconds) for one in pages])


async def _measured(card: Card, race_ids: Sequence[str], seconds: int) -> list[Opened]:
    pages = [Opened(s, mode, Page(inflates=inflates)) for s in SPEEDS for mode in MODES for inflates in (False, True)]
    async with AsyncExitStack() as stack:
        lines = {speed: await stack.enter_async_context(SlowLine(card.server.port, speed)) for speed in SPEEDS}
        following = [
            asyncio.create_task(one.page.follow(lines[one.speed].port, list(race_ids), one.mode)) for one in pages
        ]
        async with asyncio.timeout(OPENS_WITHIN_S):
            for one in pages:
                await one.page.has_opened.wait()
        for one in pages:
            one.page.restart()
        await asyncio.to_thread(_write, card, race_ids, seconds)
        for task in following:
            task.cancel()
        ended = await asyncio.gather(*following, return_exceptions=True)
        assert all(isinstance(how, asyncio.CancelledError) for how in ended), ended
    return pages


def _write(card: Card, race_ids: Sequence[str], seconds: int) -> None:
    began, races = time.monotonic(), cycle(race_ids)
    for number in range(seconds * CHANGES_A_SECOND):
        time.sleep(max(0.0, began + number / CHANGES_A_SECOND - time.monotonic()))
        card.move(next(races), MOVING)


def _row(one: Opened, seconds: int) -> list[object]:
    page = one.page
    percent = quantiles(page.delays_ms, n=100)
    kind = "compressed" if page.inflates else "plain"
    times = [f"{ms:,.0f}" for ms in (percent[49], percent[98], page.delays_ms[-1])]
    amount = [page.bytes / seconds / 1000, len(page.delays_ms)]
    return [one.speed.name, one.mode, kind, page.opened_after_s, *times, *amount]
