"""What a client might send by mistake or malice: payloads that are nearly right, and frames that are none.

All of it comes out of one `random.Random`, so that a seed tells the whole of a run.
"""

import json
import random
from typing import Any

DEPTH = 3
LARGEST = 15_000  # bytes of a payload: below what the server takes as one message
WORDS = (
    "", " ", "full", "delta", "msgpack", "json", "nowhere", "No Such Slug", "wexmoor\n", "../../etc/passwd", "race:x",
    "' OR 1=1 --", "\x00", "\ud800", "\u202e", "é" * 64, "a" * 64, "a" * 65, "x" * 5000, "__proto__", "raceId", "1",
)  # fmt: skip
# Above a hundred digits an integer is no JSON to the server, and ends the connection.
NUMBERS = (0, 1, -1, 2**31, 2**53, 2**53 + 1, 2**63, 2**64, 10**90, 0.5, -0.0, 1e308, float("nan"), float("inf"))


class Payloads:
    """Makes payloads for client events, around real races and a real token."""

    def __init__(self, luck: random.Random, race_ids: list[str], token: str) -> None:
        self._luck, self._race_ids, self._token = luck, race_ids, token

    def any(self, event: str) -> tuple[Any, ...]:
        """Return the arguments of one event: mostly one, nearly right."""
        kind = self._luck.random()
        if kind < 0.03:
            return ()
        arguments = (self._anything(DEPTH) if kind < 0.3 else self._nearly(self._right(event)),)
        if kind > 0.97:
            arguments += (self._anything(1),)
        return arguments if len(json.dumps(arguments)) < LARGEST else (None,)

    def _right(self, event: str) -> dict[str, Any]:
        luck = self._luck
        race_id, since = luck.choice(self._race_ids), luck.randrange(10)
        how = {"mode": luck.choice(("full", "delta")), "encoding": luck.choice(("json", "msgpack"))}
        return {
            "subscribe_race": {"raceId": race_id, "since": since, **how},
            "unsubscribe_race": {"raceId": race_id},
            "subscribe_races": {"raceIds": [race_id], "since": {race_id: since}, **how},
            "authenticate": {"token": self._token},
            "replay": {"newsAfter": since, "notificationsAfter": since},
        }.get(event, {})

    def _nearly(self, payload: dict[str, Any]) -> dict[str, Any]:
        luck = self._luck
        for _ in range(luck.choice((0, 1, 1, 1, 1, 1, 1, 2, 2, 3))):
            key = luck.choice([*payload, luck.choice(WORDS)])
            if luck.random() < 0.3:
                payload.pop(key, None)
            else:
                payload[key] = self._anything(DEPTH)
        return payload

    def _anything(self, depth: int) -> Any:
        luck = self._luck
        kind = luck.randrange(7 if depth else 5)
        if kind == 0:
            return luck.choice((None, True, False))
        if kind == 1:
            return luck.choice(NUMBERS)
        if kind in (2, 3):
            return luck.choice(WORDS)
        if kind == 4:
            return luck.choice(self._race_ids)
        if kind == 5:
            return [self._anything(depth - 1) for _ in range(luck.randrange(4))]
        return {luck.choice(WORDS): self._anything(depth - 1) for _ in range(luck.randrange(4))}


def garbage(luck: random.Random) -> str | bytes:
    """Return the body of one frame that is no event: text (maybe no UTF-8, then as bytes of a text frame) or binary."""
    return luck.choice(GARBAGE)(luck)


def _noise(luck: random.Random) -> bytes:
    return luck.randbytes(luck.choice((0, 1, 2, 100, 5000)))


def _scrambled(luck: random.Random) -> str:
    frame = list('42/x,7["subscribe_race",{"raceId":"wexmoor","since":1}]')
    for _ in range(luck.randint(1, 6)):
        frame[luck.randrange(len(frame))] = luck.choice('[]{}",:0123456789-/\\aé\x00')
    return "".join(frame)


GARBAGE = (
    _noise,
    _scrambled,
    lambda luck: luck.choice("0123456789abc ") + luck.choice(("", "probe", "{}", "é", "\x00")),  # Engine.IO packets
    lambda luck: "4" + luck.choice("0123456789abc ") + luck.choice(("", "{}", "[]", "7", "/other,", "null", "é")),
    lambda luck: f"4{luck.choice('56')}{luck.choice((1, 4, 5, 1000, 10**6, 10**30))}-" + _placeholder(luck),
    lambda luck: "42" + "[" * luck.choice((10, 1000, 7000)),
    lambda luck: '42["subscribe_race",' + '{"a":' * 2000 + "1" + "}" * 2000 + "]",
    lambda luck: f"42{10 ** luck.randrange(1, 400)}" + '["ping"]',
    lambda luck: f'42/{luck.choice(("other", "x" * 9000, ""))},["ping"]',
    lambda luck: f'42["{luck.choice(("connect", "disconnect", "message", "error", "*", "x" * 900))}",{{}}]',
    lambda luck: f"43{luck.choice((0, 1, 99))}{luck.choice(('[]', '[1]', '{}', ''))}",
    lambda luck: "41" + luck.choice(("", "/other,", "nonsense")),
    lambda luck: "x" * luck.choice((16_385, 20_000, 200_000)),  # above what the server takes
    lambda luck: '42["subscribe_race","' + "x" * 17_000 + '"]',
)


def _placeholder(luck: random.Random) -> str:
    num = luck.choice((0, 1, -1, 10**6, "x", None))
    return json.dumps(["subscribe_race", {"raceId": {"_placeholder": True, "num": num}}])


def handshake(luck: random.Random) -> dict[str, Any]:
    """Return a request (method, path, body) to the Socket.IO path that is no good handshake."""
    path = luck.choice((
        "/socket.io/", "/socket.io/?EIO=3&transport=polling", "/socket.io/?EIO=4&transport=carrier-pigeon",
        "/socket.io/?EIO=4&transport=websocket", "/socket.io/?EIO=4&transport=polling&sid=nobody",
        "/socket.io/?EIO=4&transport=polling&j=x", "/socket.io/?EIO=%00", "/socket.io/x/y?EIO=4&transport=polling",
    ))  # fmt: skip
    return {"method": luck.choice(("GET", "POST", "PUT", "OPTIONS")), "path": path, "data": _noise(luck)}
