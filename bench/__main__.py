"""`python -m bench [full|quick|one-write]`: builds, measures, prints the tables; exit code 1 where a goal is missed."""

import argparse
import json
import os
import sys
import time
from functools import partial
from typing import TextIO

from bench import one_write, programs, rounds
from bench.figures import Figures
from bench.load import Line
from bench.report import report
from bench.scenarios import SCENARIOS
from bench.servers import SERVERS

ROUNDS = {"full": 3, "quick": 1}
SCALES = {"full": 1.0, "quick": 0.6}
WITHOUT_IN_QUICK = ("room-100", "room-10000")


def asked() -> argparse.Namespace:
    """Return what the command line asks for."""
    parser = argparse.ArgumentParser(prog="python -m bench", description="Fan-out, beside Node and the limit.")
    parser.add_argument("extent", choices=[*ROUNDS, "one-write"], nargs="?", default="full")
    parser.add_argument("--scenarios", help="only these", choices=[one.name for one in SCENARIOS], nargs="+")
    parser.add_argument("--servers", help="only these", choices=SERVERS, nargs="+", default=[])
    parser.add_argument("--rounds", help="instead of 3 (quick: 1)", type=int)
    return parser.parse_args()


def note(file: TextIO, lines: list[Line], line: Line) -> None:
    """Keep a line, on the disk too: a run that is broken off has measured something."""
    lines.append(line)
    print(json.dumps(line), file=file, flush=True)


def main() -> int:
    """Measure and report; return the exit code."""
    options = asked()
    if options.extent == "one-write":
        return one_write.main()
    if (os.cpu_count() or 1) < 2:
        sys.exit("The server and the load generator want a core each: this machine has one.")
    programs.build()
    programs.install_peer()
    wanted = options.scenarios or [one.name for one in SCENARIOS]
    is_quick = options.extent == "quick" and not options.scenarios
    scenarios = [one for one in SCENARIOS if one.name in wanted and not (is_quick and one.name in WITHOUT_IN_QUICK)]
    scenarios = [one.with_servers(options.servers) for one in scenarios]
    results = programs.BUILT / f"results-{time.strftime('%Y%m%d-%H%M%S')}.jsonl"
    lines: list[Line] = []
    with results.open("w") as file:
        times = options.rounds or ROUNDS[options.extent]
        rounds.run(scenarios, times, SCALES[options.extent], partial(note, file, lines))
    all_is_well = report(Figures(lines))
    print(f"\nThe raw figures are in {results}; `python -m bench.report` prints them again.")
    return 0 if all_is_well else 1


if __name__ == "__main__":
    sys.exit(main())
