"""Two traders and a feed move the prices of one race at once: no price is lost unseen, and every conflict is told."""

import random
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from typing import Any

import pytest

from racing import prices
from tests.journeys.cluster.test_postgres_fails import nothing_is_half_done, rows
from tests.support.cluster import RunningCluster
from tests.support.servers import STAFF_PASSWORD, RunningServer
from tests.support.trader import Grid, Trader

pytestmark = pytest.mark.soak
FOR_S = 40
RUNNERS, MAKERS = 6, ("house", "tote")
TRADERS = ("first@example.org", "second@example.org")


@dataclass
class Seen:
    """What one of the three did: changes that were taken (cell -> the price it saw standing), and those refused."""

    taken: list[dict[str, str]] = field(default_factory=list)
    refused: int = 0
    faults: list[str] = field(default_factory=list)


def trade(trader: Trader, luck: random.Random, is_over: Callable[[], bool]) -> Seen:
    """Look, change two cells, save; what came back is read, and left for the next look."""
    seen = Seen()
    while not is_over():
        grid = trader.look()
        typed = {name: a_price(luck) for name in luck.sample(sorted(grid.cells), 2)}
        answer = trader.save(grid, typed)
        while answer.sure:  # it looks like a slip, and what it is asked about may change: yes, it is meant
            grid, answer = answer, trader.save(answer, typed, sure=answer.sure)
        moved = {
            name: stands(grid, name) for name, text in typed.items() if price_of(stands(grid, name)) != price_of(text)
        }
        if answer.status == 303:
            seen.taken += [moved] if moved else []
        elif answer.status == 409:
            seen.refused += 1
            seen.faults += untold(grid, answer, {name: typed[name] for name in moved})
        else:
            seen.faults.append(f"{answer.status} for {typed}")
    return seen


def a_price(luck: random.Random) -> str:
    """A price as typed; two seldom choose the same."""
    return f"{luck.randint(300, 900) / 100:.2f}"


def price_of(text: str) -> str | None:
    """The price as the trail has it."""
    return f"{prices.parse(text):.2f}" if text else None


def stands(grid: Grid, name: str) -> str:
    """What stood in the cell as the grid was drawn."""
    return grid.cells[name].seen.rpartition("@")[0]


def untold(grid: Grid, answer: Grid, typed: dict[str, str]) -> list[str]:
    """What a refusal fails to tell: what was typed stays, and each price that moved says what stands now."""
    faults = [f"{name}: typed {text}, came back {answer.cells[name].typed}" for name, text in typed.items()
              if answer.cells[name].typed != text]  # fmt: skip
    for name, text in typed.items():
        was, now = price_of(stands(grid, name)), price_of(stands(answer, name))
        if now not in (was, price_of(text)) and not answer.cells[name].now:
            faults.append(f"{name}: moved from {was} to {now} without a word")
    # One that moved and came back has another version.
    if all(answer.cells[name].seen == grid.cells[name].seen for name in typed):
        faults.append(f"nothing has moved of {sorted(typed)}")
    return faults


def feed(worker: RunningServer, race_id: str, luck: random.Random, is_over: Callable[[], bool]) -> Seen:
    """Write a cell over the version last read; who was faster is named in the refusal."""
    seen = Seen()
    while not is_over():
        version = worker.api("GET", f"/races/{race_id}/odds").json()["version"]
        quote = {"runnerId": str(luck.randint(1, RUNNERS)), "bookmaker": luck.choice(MAKERS)}
        quote["price"] = float(prices.parse(a_price(luck)))
        answer = worker.api("POST", f"/races/{race_id}/odds", {"odds": [quote], "expectedVersion": version})
        if answer.status_code == 409:
            seen.refused += 1
            named = answer.json()["error"]["fields"][quote["runnerId"]]
            if named["bookmaker"] != quote["bookmaker"] or named["version"] <= version:
                seen.faults.append(f"{quote} over {version}: {named}")
        elif answer.status_code != 200:
            seen.faults.append(answer.text)
    return seen


def trail_of(cluster: RunningCluster, race_id: str, email: str) -> list[Any]:
    """The entries of one user's price changes, in their order."""
    return rows(
        cluster,
        "SELECT version, before FROM audit_entries JOIN users ON users.id = user_id"
        " WHERE race_id = :id AND action = 'prices' AND email = :email ORDER BY version",
        id=race_id,
        email=email,
    )


def as_they_saw(entries: list[Any], taken: list[dict[str, str]]) -> list[str]:
    """Where a trader's changes took back what it had not seen: `before` in the trail is not what its page showed."""
    faults = []
    for entry, stood in zip(entries, taken, strict=True):
        before = {f"{one['runnerId']}.{one['bookmaker']}": one["price"] for one in entry.before["prices"]}
        shown = {name: price_of(text) for name, text in stood.items()}
        # What somebody else wrote meanwhile just as it was typed is not written again.
        if not before.items() <= shown.items():
            faults.append(f"version {entry.version}: stood {before}, was shown {shown}")
    return faults


def test_no_price_is_lost_and_every_conflict_is_told(cluster: RunningCluster) -> None:
    worker, other = cluster.workers
    for email in TRADERS:
        worker.flask("users", "create", email, "--role", "staff", "--password-stdin", stdin=STAFF_PASSWORD)
    race = worker.declare("two-traders", RUNNERS)
    first = [{"runnerId": str(n), "bookmaker": maker, "price": 6.0} for n in range(1, RUNNERS + 1) for maker in MAKERS]
    assert worker.api("POST", f"/races/{race}/odds", {"odds": first}).status_code == 200
    at = [Trader(at.url, email, STAFF_PASSWORD, race) for at, email in zip(cluster.workers, TRADERS, strict=True)]
    until = time.monotonic() + FOR_S

    def is_over() -> bool:
        return time.monotonic() > until

    with ThreadPoolExecutor(3) as pool:
        trading = [pool.submit(trade, trader, random.Random(n), is_over) for n, trader in enumerate(at)]
        feeding = pool.submit(feed, other, race, random.Random(3), is_over)
    traded, fed = [each.result() for each in trading], feeding.result()

    assert [seen.faults for seen in (*traded, fed)] == [[], [], []]
    assert all(seen.refused and seen.taken for seen in traded), "they never met"
    nothing_is_half_done(cluster, race)
    for email, seen in zip(TRADERS, traded, strict=True):
        assert as_they_saw(trail_of(cluster, race, email), seen.taken) == []
