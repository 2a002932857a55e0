"""What the load generator's messages say: one synthetic board, or one that differs from message to message."""

import json
from pathlib import Path
from typing import Any

FILE = Path(__file__).parent / "body.json"
BODY: dict[str, Any] = json.loads(FILE.read_text())
PRIME, MOST = 7919, 90_000


def same(race_id: str, ts: int, seq: int) -> dict[str, Any]:
    """Return a message whose body never changes: for throughput and times."""
    return {"ts": ts, "seq": seq, **BODY, "raceId": race_id}


def varied(race_id: str, ts: int, seq: int, mode: str) -> dict[str, Any]:
    """Return a message of which hardly a part is as in another: a piece of one in another would be noticed.

    A delta has two of the runners.
    """
    runners = [
        {**runner, "vol": 10_000 + (runner["vol"] + PRIME * seq) % MOST, "note": f"{race_id} {seq} {mode}"}
        for runner in BODY["runners"]
    ]
    if mode == "delta":
        runners = [runners[seq % len(runners)], runners[(seq + 5) % len(runners)]]
    return {"ts": ts, "seq": seq, "raceId": race_id, "mode": mode, "runners": runners}
