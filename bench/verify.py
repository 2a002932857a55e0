"""Whether all that is sent arrives whole, once and in order: millions of deliveries, all variants, slow readers too.

`python -m bench.verify [--deliveries N] [--server ours-python]` ends with 1 where a message was lost, doubled,
damaged or out of order. Every body differs from message to message and from variant to variant, every client's is
compared, and clients ask for acknowledgements in between.
"""

import argparse
import json
import sys
import tempfile
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path

from bench import programs
from bench.card import RACES, VERSION, Card
from bench.load import Line, faults, load
from bench.servers import SERVERS, started

VARIANTS = ",".join(
    f"{mode}{encoding}{offer}"
    for mode in ("full", "delta")
    for encoding in ("", "+msgpack")
    for offer in ("", "+deflate")
)
CHATTER = 50
TIGHT = {"UNREAD_MESSAGES": "200", "UNREAD_BYTES": "200000"}
PLENTY = {"CLIENT_EVENTS_PER_SECOND": "1000000", "CLIENT_EVENTS_BURST": "1000000"}


@dataclass(frozen=True)
class Pass:
    """One crowd, and the share of all deliveries that it gets, in phases of `messages` each."""

    words: str
    clients: int
    messages: int
    share: float
    rate: float = 0
    step_ms: int = 0
    options: Sequence[str] = ()
    settings: dict[str, str] = field(default_factory=dict)
    cuts_slow_readers: bool = False

    def phases(self, deliveries: int) -> list[str]:
        """Return as many phases as the share of `deliveries` takes, at least one."""
        times = max(1, round(deliveries * self.share / self.clients / self.messages))
        return [f"verify:{self.messages}:{self.rate:g}:{self.step_ms}"] * times


SLOW = ("--slow", "32", "--slow-ms", "10", "--slow-rcvbuf", "16384")
PASSES = (
    Pass("one race, as fast as it goes", 320, 1500, 0.5, options=SLOW),
    Pass("40 races, 100 messages due together", 320, 2000, 0.2, 2000, 50, ("--races", str(RACES), *SLOW)),
    Pass("40 races, one by one", 320, 2000, 0.1, 500, 0, ("--races", str(RACES), *SLOW)),
    Pass("one race, a big room", 4000, 250, 0.2, options=SLOW),
    Pass(
        "one race, slow readers are cut",
        320,
        1500,
        0.05,
        options=("--slow", "32", "--slow-ms", "200", "--slow-rcvbuf", "4096"),
        settings=TIGHT,
        cuts_slow_readers=True,
    ),
)


@dataclass
class Verified:
    """What came of it."""

    deliveries: int = 0
    answers: int = 0
    compressed: int = 0
    cut: int = 0
    faults: Counter[str] = field(default_factory=Counter)

    def add(self, line: Line, wanted: Pass) -> None:
        """Take a line of the load generator in."""
        self.faults.update(faults(line))
        if line["phase"] == "setup":
            return
        self.deliveries += line["received"]
        self.answers += line["answered"]
        self.compressed += line["compressed"]
        if wanted.cuts_slow_readers:
            self.cut += line["cut_slow"]
        elif line["cut_slow"]:
            self.faults["cut_slow"] += line["cut_slow"]


def verify(card: Card, server: str = "ours", deliveries: int = 10_000_000) -> Verified:
    """Send so many messages through `server`; return what came of it. `faults` is empty where all is well."""
    verified = Verified()
    for wanted in PASSES:
        with started(SERVERS[server], card, **PLENTY, **wanted.settings) as running:
            options = ["--verify", "--variants", VARIANTS, "--chatter", str(CHATTER), *wanted.options]
            if "--races" in options:
                options += ["--since", VERSION]
            for line in load(running, wanted.clients, wanted.phases(deliveries), options):
                verified.add(line, wanted)
        print(f"{wanted.words}: {verified.deliveries:,} deliveries so far, {json.dumps(verified.faults)}", flush=True)
    if not verified.cut:
        verified.faults["no_slow_reader_was_cut"] += 1
    return verified


def main() -> int:
    """Verify; return the exit code."""
    parser = argparse.ArgumentParser(description="Is every message delivered, once, in order?")
    parser.add_argument("--deliveries", type=int, default=10_000_000)
    parser.add_argument("--server", choices=[name for name in SERVERS if SERVERS[name].is_ours], default="ours")
    options = parser.parse_args()
    programs.build()
    with tempfile.TemporaryDirectory(prefix="verify-") as folder:
        verified = verify(Card(Path(folder)), options.server, options.deliveries)
    print(verified)
    return 1 if verified.faults else 0


if __name__ == "__main__":
    sys.exit(main())
