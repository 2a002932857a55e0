"""A web process that ends, or dies, and the punters who come back to the next by themselves."""

from collections.abc import Callable

import pytest

from tests.support.servers import RunningServer
from tests.support.wire import ElsewhereWriter, Punter, all_is_quiet

BACK_WITHIN_S = 10


def told_to_end(server: RunningServer) -> None:
    assert server.stop() == 0


def killed(server: RunningServer) -> None:
    server.kill()


def test_a_worker_that_ends_tells_every_punter_when_to_come_back(server: RunningServer) -> None:
    with Punter(server.url) as direct, Punter(server.url, "polling") as behind_a_proxy:
        assert server.stop() == 0

        delays = [punter.next("server_restart")["retryAfterMs"] for punter in (direct, behind_a_proxy)]

    assert all(500 <= delay <= 3000 for delay in delays)
    assert all_is_quiet(server), server.log


@pytest.mark.parametrize("end", [told_to_end, killed])
def test_punters_come_back_by_themselves_and_hold_what_was_written_meanwhile(
    server: RunningServer, price_elsewhere: ElsewhereWriter, end: Callable[[RunningServer], None]
) -> None:
    race = server.declare()
    server.price(race, r1=2.5, r2=11)
    with Punter(server.url) as direct, Punter(server.url, "polling") as behind_a_proxy:
        direct.follow(race, mode="delta")
        behind_a_proxy.follow(race)
        server.price(race, r1=3)

        end(server)
        version = price_elsewhere(server, race, r2=12, r3=5)
        server.start()

        for punter in (direct, behind_a_proxy):
            punter.wait_until(lambda: punter.boards[race].version == version, "return", BACK_WITHIN_S)  # noqa: B023
            punter.converges(server, race)
        server.price(race, r4=7)
        for punter in (direct, behind_a_proxy):
            punter.converges(server, race)
    assert all_is_quiet(server), server.log
