"""`python -m bench.compression`: prints the tables that docs/adr/0012 decides by; about four minutes on two cores."""

import argparse
import tempfile
from pathlib import Path

from bench.compression import deliveries, phone, sizes
from bench.compression.samples import Card, taken

SENT = ("delta of 1 price, 12 x 1", "delta of all, 12 x 1", "image, 12 x 1", "image, 12 x 5", "image, 40 x 5")
BOOKMAKERS = (1, 5)


def main() -> None:
    """Measure all of it."""
    parser = argparse.ArgumentParser(prog="python -m bench.compression", description="Where compression pays.")
    parser.add_argument("--seconds", help="so long prices change before the pages on slow lines", type=int, default=60)
    seconds = parser.parse_args().seconds
    with tempfile.TemporaryDirectory() as folder, Card(Path(folder)) as card:
        samples = list(taken(card))
    sizes.report(samples)
    deliveries.report([sample for sample in samples if sample.name in SENT])
    for bookmakers in BOOKMAKERS:
        phone.report(bookmakers, seconds)


if __name__ == "__main__":
    main()
