"""The races that the load generator's clients follow, in a database of the product's own."""

import json
from pathlib import Path

from tests.support.servers import RunningServer

RACES, RUNNERS = 40, 12
VERSION = "1"  # of each of them, once its prices are written


class Card:
    """A SQLite database with `bench-01` to `bench-40`, and the answer of ours to a subscription, for the peer."""

    def __init__(self, folder: Path) -> None:
        """Make it in `folder`."""
        self.instance = folder / "instance"
        self.database_url = f"sqlite:///{folder / 'racing.db'}"
        self.image = folder / "image.json"
        server = RunningServer(self.database_url, self.instance, WEBSOCKET_TRANSPORT="stock")
        server.flask("db", "upgrade")
        with server:
            for race_id in [f"bench-{number:02d}" for number in range(1, RACES + 1)]:
                server.declare(race_id, RUNNERS)
                server.price(race_id, **{f"r{runner}": 1.5 + runner for runner in range(1, RUNNERS + 1)})
            board = server.api("GET", "/races/bench-01/odds").json()
            image = {"type": "odds_update", "raceId": "bench-01", "payload": board, "timestamp": board["updatedAt"]}
            self.image.write_text(json.dumps(image))
            server.stop()
