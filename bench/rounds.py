"""The rounds: every scenario at every server in turn, so that all of them meet the same noise of the machine."""

import json
import os
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path

from bench.card import Card
from bench.load import Line, faults, load
from bench.programs import versions
from bench.scenarios import Scenario
from bench.servers import LOAD_CORE, SERVERS, started
from tests.support.redis_server import RunningRedis


def run(scenarios: list[Scenario], rounds: int, scale: float, note: Callable[[Line], None]) -> None:
    """Measure, `rounds` times over; `note` gets the machine's line, then every line of the load generator.

    `scale` shortens the phases.
    """
    note({"machine": versions(), "load_average": os.getloadavg()[0], "at": time.strftime("%Y-%m-%d %H:%M:%S")})
    with tempfile.TemporaryDirectory(prefix="bench-") as name, ExitStack() as stack:
        folder = Path(name)
        turns = list(_turns(scenarios, rounds))
        card = Card(folder)
        wants_redis = any(SERVERS[server].wants_redis for _, _, server in turns)
        redis_url = _redis(stack, folder / "redis") if wants_redis else ""
        for number, scenario, server in turns:
            for line in _measure(scenario, server, number, scale, card, redis_url):
                note(line)


def _turns(scenarios: list[Scenario], rounds: int) -> Iterator[tuple[int, Scenario, str]]:
    for number in range(rounds):
        for scenario in scenarios:
            for server in scenario.servers:
                yield number, scenario, server


def _redis(stack: ExitStack, folder: Path) -> str:
    """Start a Redis beside the load generator: the server's core is the server's alone."""
    redis = stack.enter_context(RunningRedis(folder))
    assert redis.process is not None
    os.sched_setaffinity(redis.process.pid, {LOAD_CORE})
    return redis.url


def _measure(scenario: Scenario, server: str, number: int, scale: float, card: Card, redis_url: str) -> Iterator[Line]:
    print(f"round {number + 1}: {scenario.words}: {SERVERS[server].words}", flush=True)
    with started(SERVERS[server], card, redis_url) as running:
        phases = scenario.phases_of(server, number, scale)
        for line in load(running, scenario.clients, phases, scenario.options):
            if wrong := faults(line):
                print(f"  {line['phase']}: {json.dumps(wrong)}", flush=True)
            yield {"server": server, "scenario": scenario.name, "round": number + 1, **line}
