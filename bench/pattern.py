"""When the load generator's messages leave: the same for every server written in Python, and as the peer's in Node."""

import time
from collections.abc import Callable, Mapping
from typing import Any

Broadcast = Callable[[str, int, int], None]


def send(asked: Mapping[str, Any], broadcast: Broadcast, sleep: Callable[[float], None]) -> None:
    """Call `broadcast(race_id, ts, seq)` for `k` messages, taking turns over the races; `ts` is monotonic, in ns.

    At `rate` a second, those that fall due within `stepMs` together; without a rate the loop has a turn after each.
    """
    messages, rate, step_ms = int(asked["k"]), float(asked["rate"]), float(asked.get("stepMs", 0))
    race_ids = asked.get("raceIds") or [asked["raceId"]]
    per_point = max(1, round(rate * step_ms / 1000))
    begun, sent = time.monotonic(), 0
    while sent < messages:
        ts = time.monotonic_ns()
        for number in range(sent, min(sent + per_point, messages)):
            seq, race = divmod(number, len(race_ids))
            broadcast(race_ids[race], ts, seq)
        sent += per_point
        sleep(max(0.0, begun + sent / rate - time.monotonic()) if rate else 0)
