"""The product's own messages, made of boards that its own application wrote and read."""

from collections.abc import Iterator, Sequence
from pathlib import Path
from random import Random
from typing import Any, NamedTuple

from engineio.packet import MESSAGE
from socketio.packet import EVENT

from racing.realtime import messages
from racing.realtime.packets import ClientPacket
from racing.realtime.shapes import Standing
from tests.support.servers import RunningServer

FIELDS = (6, 12, 20, 40)
BOOKMAKERS = ("house", "northern-lights", "old-town", "paddock", "wexmoor-bets")
# Where bookmakers' prices come from; a later one is a step or two away.
LADDER = (
    1.2, 1.33, 1.5, 1.67, 1.8, 2.0, 2.25, 2.5, 2.75, 3.0, 3.5, 4.0, 4.5, 5.0, 6.0, 7.0, 8.0, 9.0, 10.0, 12.0, 15.0,
    17.0, 21.0, 26.0, 34.0, 51.0, 67.0, 101.0,
)  # fmt: skip
MOVES_BEFORE = 20


class Sample(NamedTuple):
    """One message, as it is handed to the frames: Engine.IO packets."""

    name: str
    packets: Sequence[str | bytes]

    @property
    def payloads(self) -> list[bytes]:
        """What a frame of each holds."""
        return [packet.encode() if isinstance(packet, str) else packet for packet in self.packets]


def packets(event: str, payload: Any) -> Sequence[str | bytes]:
    """Return the Engine.IO packets of an event, as the client manager makes them."""
    encoded = ClientPacket(EVENT, namespace="/", data=[event, payload]).encode()
    parts = encoded if isinstance(encoded, list) else [encoded]
    return [f"{MESSAGE}{part}" if isinstance(part, str) else part for part in parts]


class Card:
    """A server with races whose prices have moved for a while; use it as a context."""

    def __init__(self, folder: Path, **settings: str) -> None:
        """Keep the database in `folder`; `settings` are the server's."""
        self.server = RunningServer(f"sqlite:///{folder / 'racing.db'}", folder / "instance", **settings)
        self.server.flask("db", "upgrade")
        self._random = Random(1405)
        self._steps: dict[tuple[str, str, str], int] = {}

    def __enter__(self) -> "Card":
        """Start the server."""
        self.server.__enter__()
        return self

    def __exit__(self, *why: Any) -> None:
        """End it."""
        self.server.__exit__(*why)

    def declare(self, race_id: str, runners: int, bookmakers: Sequence[str]) -> None:
        """Put a race on the site, with a price of each of these bookmakers for each runner."""
        self.server.declare(race_id, runners)
        for runner in range(1, runners + 1):
            step = self._random.randrange(2, len(LADDER) - 2)
            self._steps |= {(race_id, str(runner), maker): step for maker in bookmakers}
        self.move(race_id, len(self._of(race_id)))

    def move(self, race_id: str, prices: int) -> int:
        """Move so many of its prices by a step; return the version before."""
        quotes = []
        for key in self._random.sample(self._of(race_id), prices):
            at = self._steps[key]
            to = min(max(at + self._random.choice((-1, 1)), 0), len(LADDER) - 1)
            self._steps[key] = to if to != at else at + (1 if at == 0 else -1)
            quotes.append({"runnerId": key[1], "bookmaker": key[2], "price": LADDER[self._steps[key]]})
        answer = self.server.api("POST", f"/races/{race_id}/odds", {"odds": quotes})
        assert answer.status_code == 200, answer.text
        return int(answer.json()["version"]) - 1

    def board(self, race_id: str, **since: int) -> Any:
        """Return the race's image; with `since`, the delta."""
        query = f"?since={since['since']}" if since else ""
        return self.server.api("GET", f"/races/{race_id}/odds{query}").json()

    def _of(self, race_id: str) -> list[tuple[str, str, str]]:
        return [key for key in self._steps if key[0] == race_id]


def taken(card: Card) -> Iterator[Sample]:
    """Yield messages about races of all sizes."""
    for runners in FIELDS:
        for bookmakers in (BOOKMAKERS[:1], BOOKMAKERS):
            race_id = f"kempton-2026-11-24-{1400 + runners}-{len(bookmakers)}"
            card.declare(race_id, runners, bookmakers)
            for _ in range(MOVES_BEFORE):
                card.move(race_id, 1 + runners // 6)
            yield from _of_race(card, race_id, f"{runners} x {len(bookmakers)}", runners * len(bookmakers))
    yield from _small(card.board("kempton-2026-11-24-1412-1"))


def _of_race(card: Card, race_id: str, size: str, prices: int) -> Iterator[Sample]:
    one = card.board(race_id, since=card.move(race_id, 1))
    every = card.board(race_id, since=card.move(race_id, prices))
    for words, board in (("delta of 1 price", one), ("delta of all", every), ("image", card.board(race_id))):
        update = messages.odds_update(race_id, board)
        yield Sample(f"{words}, {size}", packets("odds_update", update))
        yield Sample(f"{words}, {size}, msgpack", packets("odds_update", messages.encoded(update, "msgpack")))


def _small(image: Any) -> Iterator[Sample]:
    race_id, state, version = "kempton-2026-11-24-1412-1", image["race"], image["version"]
    article: Any = {
        "id": 4117,
        "title": "Harbour Lights supplemented for the Wexmoor Stakes",
        "summary": "The four-year-old, unbeaten since May, has been added to the field at a cost of 20,000; the going"
        " is good to soft, and her trainer expects no more rain before the off.",
        "url": "/news/4117",
        "raceId": race_id,
        "publishedAt": image["updatedAt"],
    }
    standings = [Standing(raceId=f"kempton-2026-11-24-{n}", version=n, status="DORMANT") for n in range(40)]
    yield Sample("race_status", packets("race_status", messages.race_status(race_id, state, "DORMANT", version)))
    yield Sample("race_heartbeat", packets("race_heartbeat", messages.race_heartbeat(race_id, version)))
    yield Sample("news_update", packets("news_update", messages.news_update(article)))
    yield Sample("subscribed, 1 race", packets("subscribed", messages.subscribed_race(race_id, version, "DORMANT")))
    yield Sample("subscribed, 40 races", packets("subscribed", messages.subscribed_races(standings, [])))
