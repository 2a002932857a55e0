"""A stock client hears what its user watches and waits for, at once, once, whoever writes it; nobody else does."""

from pathlib import Path

import pytest

from tests.support.servers import RunningServer
from tests.support.watchers import Watchers
from tests.support.wire import ElsewhereWriter, Punter, all_is_quiet


def test_a_price_and_a_status_waited_for_reach_every_tab_of_their_user_and_nobody_else(
    house: RunningServer, price_elsewhere: ElsewhereWriter
) -> None:
    race = house.declare("alerts-heard")
    house.price(race, r1=4)
    watchers = Watchers(house)
    (ann, token), (_bob, bobs_token) = watchers.user("ann-waits"), watchers.user("bob-does-not")
    watchers.watch(ann, race)
    watchers.wait_for(ann, race, "1", "6")
    with (
        Punter(house.url, token=token) as tab,
        Punter(house.url, "polling", token=token) as other_tab,
        Punter(house.url, token=bobs_token) as bob,
        Punter(house.url) as anonymous,
    ):
        price_elsewhere(house, race, r1=6.5)  # as `replay` and `demo` write: the web process finds it by looking
        for one in (tab, other_tab):
            told = one.next("notification")["payload"]
            assert (told["kind"], told["title"]) == ("price_alert", "Horse 1 is 11/2 (House), 14:05 Wexmoor")
            assert told["url"] == f"/races/{race}"

        house.api("POST", f"/races/{race}/status", {"status": "OFF"})
        for one in (tab, other_tab):
            assert one.next("notification")["payload"]["title"] == "They are off in the 14:05 Wexmoor"

        for one in (tab, other_tab, bob, anonymous):
            assert one.has_nothing("notification")


@pytest.mark.soak
@pytest.mark.parametrize("when", ["before", "after"])
def test_a_worker_that_dies_telling_has_told_all_or_nothing(sqlite_url: str, tmp_path: Path, when: str) -> None:
    order = tmp_path / "die"
    with RunningServer(sqlite_url, tmp_path / "instance", DIES_AT=str(order)) as server:
        race = server.declare("dies-telling")
        watchers = Watchers(server)
        ann, token = watchers.user("ann")
        watchers.watch(ann, race)
        watchers.wait_for(ann, race, "1", "6")
        server.stop()
        server.program = "tests/support/dies_telling.py"
        server.start()

        order.write_text(when)
        server.price(race, r1=7)
        assert server.process is not None
        server.process.wait(10)
        assert not order.exists(), "it was to die of its orders"
        assert len(watchers.told(ann)) == (1 if when == "after" else 0)
        server.start()

        with Punter(server.url, token=token) as punter:
            if when == "before":
                punter.wait_until(lambda: len(watchers.told(ann)) == 1, "alert")
            assert punter.ask("replay", {"notificationsAfter": 0})["notifications"] == 1
            server.api("POST", f"/races/{race}/status", {"status": "OFF"})
            punter.wait_until(lambda: "They are off in the 14:05 Wexmoor" in _titles(punter), "the off")
        assert [kind for kind, *_ in watchers.told(ann)] == ["price_alert", "race_status"]
        assert all_is_quiet(server), server.log


def _titles(punter: Punter) -> list[str]:
    return [one.payload["payload"]["title"] for one in punter.inbox if one.event == "notification"]
