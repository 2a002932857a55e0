"""What operators are told of two workers is told by either, of both."""

from collections.abc import Callable
from functools import partial

import requests

from tests.support.cluster import RunningCluster
from tests.support.servers import RunningServer
from tests.support.trader import signed_in
from tests.support.wire import Punter

LIVE = "/staff/live.json"


def staff(worker: RunningServer) -> requests.Session:
    """A browser's worth of somebody signed in at a worker."""
    return signed_in(worker.url, worker.staff_email, worker.staff_password)


def says(url: str, counted: dict[str, int]) -> bool:
    """Tell whether /health counts so many now."""
    return bool(requests.get(f"{url}/health", timeout=5).json()["services"]["websocket"] == counted)


def eventually(punter: Punter, true: Callable[[], bool], what: str) -> None:
    """Ask again at each heartbeat of what this punter follows, until it is so: workers tell each other every second."""
    for _ in range(3):
        if true():
            return
        punter.next("race_heartbeat", within_s=10)
    assert true(), what


def test_either_worker_counts_both(cluster: RunningCluster) -> None:
    here, there = cluster.workers
    ayr, ripon = here.declare("counted-ayr"), here.declare("counted-ripon")
    with Punter(here.url) as ann, Punter(there.url) as bob, Punter(there.url) as cid:
        ann.follow(ayr)
        bob.follow(ayr, mode="delta")
        cid.follow(ripon)

        both = {"connected": 3, "rooms": 2}
        for url in (here.url, there.url):
            eventually(ann, partial(says, url, both), f"{both} at {url}")


def test_staff_see_at_either_what_both_have_done(cluster: RunningCluster) -> None:
    here, there = cluster.workers
    race = here.declare("counted-live")
    with Punter(here.url) as ann, Punter(there.url) as bob, staff(there) as session:
        ann.follow(race)
        bob.follow(race)
        before = session.get(f"{there.url}{LIVE}", timeout=5).json()["totals"]
        here.price(race, r1=3)
        ann.next("odds_update", race)
        bob.next("odds_update", race)

        def seen() -> bool:
            live = session.get(f"{there.url}{LIVE}", timeout=5).json()
            left = live["totals"]["published"] - before["published"], live["totals"]["relayed"] - before["relayed"]
            followers = {each["raceId"]: each["followers"] for each in live["races"]}
            is_charted = live["history"]["connections"][-1:] == [2]
            both = [worker["release"] for worker in live["workers"]]
            is_of_both = len(both) == 2 and len(set(both)) == 1 and is_charted
            return left == (1, 1) and is_of_both and followers == {race: 2} and live["redis"] == "up"

        eventually(ann, seen, "one published, one relayed, two followers, on the charts too")
        (own,) = [each for each in session.get(f"{there.url}{LIVE}", timeout=5).json()["workers"] if each["isThis"]]
        assert f"worker='{own['id']}'" in there.log
