"""A process that moves prices as fast as it can: `python -m ... URL FOLDER RACE NAME MOVES THREADS`."""

import sys
import threading
from decimal import Decimal
from pathlib import Path

from app import create_app
from racing.services import odds
from racing.services.odds import Quote


def main(url: str, folder: str, race_id: str, name: str, moves: int, threads: int) -> None:
    """Make `moves` changes in each thread, each thread under a bookmaker of its own, so that every one is a change."""
    app = create_app(database_url=url, instance_path=Path(folder))
    failures: list[BaseException] = []

    def move(bookmaker: str) -> None:
        try:
            with app.app_context():
                for move_number in range(moves):
                    odds.change_prices(race_id, [Quote("1", Decimal(2 + move_number), bookmaker)], None)
        except Exception as error:  # noqa: BLE001  # told by the exit code
            failures.append(error)

    movers = [threading.Thread(target=move, args=(f"{name}-{number}",)) for number in range(threads)]
    print("ready", flush=True)
    sys.stdin.readline()
    for mover in movers:
        mover.start()
    for mover in movers:
        mover.join()
    sys.exit("\n".join(map(repr, failures)) or 0)


if __name__ == "__main__":
    main(*sys.argv[1:5], *map(int, sys.argv[5:7]))
