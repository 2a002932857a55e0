"""A server under test: what it is asked, what it costs, and the table of two of them."""

import os
import statistics
import subprocess
import sys
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path


@dataclass
class Contender:
    """A server under test, its crowd, and the milliseconds measured."""

    name: str
    write: Callable[[int], None]
    crowd: "subprocess.Popen[str]"
    pid: int
    spacing_s: float
    cpu_ms: float = 0
    from_answer: list[float] = field(default_factory=list)
    from_request: list[float] = field(default_factory=list)

    def round(self, number: int) -> None:
        """Write once; note how long the last punter waited, from the answer and from the request."""
        time.sleep(self.spacing_s)
        asked = time.monotonic_ns()
        self.write(number)
        answered = time.monotonic_ns()
        last = self.await_crowd()
        self.from_answer.append((last - answered) / 1e6)
        self.from_request.append((last - asked) / 1e6)

    def await_crowd(self) -> int:
        """Return when the whole crowd had its next update, on the monotonic clock, in ns."""
        assert self.crowd.stdout is not None
        line = self.crowd.stdout.readline()
        if not line:
            sys.exit(f"{self.name}: the crowd has ended")
        return int(line)

    def start_measuring(self) -> None:
        """Forget the rounds that warmed up."""
        self.from_answer.clear()
        self.from_request.clear()
        self.cpu_ms = cpu_ms_of(self.pid)

    def stop_measuring(self) -> None:
        """Keep what the rounds have cost the server."""
        self.cpu_ms = (cpu_ms_of(self.pid) - self.cpu_ms) / len(self.from_answer)


def cpu_ms_of(pid: int) -> float:
    """Return the processor time that a process has used; 0 where the machine has no /proc."""
    stat = Path(f"/proc/{pid}/stat")
    if not stat.exists():
        return 0
    user, system = stat.read_text().rpartition(")")[2].split()[11:13]
    return (int(user) + int(system)) / os.sysconf("SC_CLK_TCK") * 1000


def row(name: str, times: list[float]) -> str:
    """Return a line of the table."""
    p95 = statistics.quantiles(times, n=20)[-1]
    return f"{name:<42}{statistics.median(times):>10.1f}{p95:>10.1f}{max(times):>10.1f}"


def report(contenders: list[Contender], punters: int) -> None:
    """Print the table, and the ratio where there is a peer."""
    rounds = len(contenders[0].from_answer)
    print(f"\n{punters} punters, {rounds} rounds, one write at a time. Until the last punter has it, ms:\n")
    print(f"{'':<42}{'median':>10}{'p95':>10}{'max':>10}")
    for words, which in (("from the HTTP answer", "from_answer"), ("from the HTTP request", "from_request")):
        for one in contenders:
            print(row(f"{one.name}, {words}", getattr(one, which)))
        print_ratio(f"ratio, {words}", [statistics.median(getattr(one, which)) for one in contenders])
    for one in contenders:
        print(f"{f'{one.name}, processor time a round':<42}{one.cpu_ms:>10.1f}")
    print_ratio("ratio, processor time", [one.cpu_ms for one in contenders])
    print(f"\nThe machine: {os.cpu_count()} processors, load {os.getloadavg()[0]:.1f} (about 1 of it is this).")


def print_ratio(words: str, figures: list[float]) -> None:
    """Print ours over the peer's. A peer that has sent all before it answers is at nothing, or below: no ratio."""
    if len(figures) == 2:
        print(f"{words:<42}{f'{figures[0] / figures[1]:.2f}' if figures[1] > 0.1 else 'none':>10}")
