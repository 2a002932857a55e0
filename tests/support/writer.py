"""Moves prices as fast as it can: `python -m tests.support.writer DATABASE_URL RUNNERS RACE_ID...`.

It writes past the web process, as `replay` does, until its standard input closes.
"""

import select
import sys
import tempfile
from decimal import Decimal

from app import create_app
from racing.services import odds
from racing.services.odds import Quote

PAUSE_S = 0.005


def main(address: str, runners: int, race_ids: list[str]) -> None:
    """Move one runner's price in every race at once, again and again."""
    number = 0
    with tempfile.TemporaryDirectory() as folder, create_app(database_url=address, instance_path=folder).app_context():
        while not select.select([sys.stdin], [], [], PAUSE_S)[0]:
            number += 1
            quote = [Quote(str(1 + number % runners), Decimal(200 + number % 300) / 100)]
            odds.change_prices_of_races(dict.fromkeys(race_ids, quote), None)


if __name__ == "__main__":
    main(sys.argv[1], int(sys.argv[2]), sys.argv[3:])
