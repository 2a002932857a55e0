"""The load generator, asked from Python: what it is told, and the lines it prints."""

import json
import subprocess
import sys
from collections.abc import Sequence
from typing import Any

from bench.programs import LOAD
from bench.servers import LOAD_CORE, SERVER_CORE, Running

Line = dict[str, Any]
FAULTS = ("lost", "extra", "out_of_order", "damaged", "cut_fast")


def load(running: Running, clients: int, phases: Sequence[str], options: Sequence[str] = ()) -> list[Line]:
    """Connect so many clients, run the phases (NAME:MESSAGES:RATE[:STEP_MS]); return a line for the set-up and each.

    Exits with what was said where the load generator itself cannot go on.
    """
    command = ["taskset", "--cpu-list", str(LOAD_CORE), str(LOAD), "-p", str(running.port), "-n", str(clients)]
    command += ["--pids", str(running.pid), "--core", str(SERVER_CORE), *options]
    for phase in phases:
        command += ["--phase", phase]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    if done.stderr:
        lines = done.stderr.splitlines()
        print(f"  {len(lines)} complaints of the load generator, the first: {lines[0]}", flush=True)
    if done.returncode:
        sys.exit(
            f"The load generator ended with {done.returncode}; the server's log:\n{running.log.read_text()[-2000:]}"
        )
    return [json.loads(line) for line in done.stdout.splitlines()]


def faults(line: Line) -> dict[str, int]:
    """Return what is wrong with a line, by name; of a set-up, the clients that never got in."""
    if line["phase"] == "setup":
        missing = line["clients"] - line["ready"]
        return {"not_connected": missing} if missing else {}
    return {name: line[name] for name in FAULTS if line[name]}
