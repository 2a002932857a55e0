"""What must be reached, each as a ratio within one run."""

import statistics
from collections.abc import Callable
from dataclasses import dataclass

from bench.figures import Figure, Figures

DELIVERIES, CPU = "deliveries_per_s", "server_cpu_us_per_delivery"
Ratio = Callable[[float, float], float]


@dataclass(frozen=True)
class Outcome:
    """A row of the table: ours, the other's, their ratio with its lowest and highest round, and what is made of it."""

    words: str
    ours: float
    other: float | None
    ratio: float
    lowest: float
    highest: float
    goal: str
    is_reached: bool | None


@dataclass(frozen=True)
class Goal:
    """`how(ours, other)` must lie between `least` and `most`; with neither, the row is told and judges nothing."""

    words: str
    ours: Figure
    other: Figure
    how: Ratio
    least: float | None = None
    most: float | None = None

    def outcome(self, figures: Figures) -> Outcome | None:
        """Return the row; None where one of the two was not measured."""
        ours, other = figures.median(self.ours), figures.median(self.other)
        if ours is None or other is None:
            return None
        theirs = figures.rounds(self.other)
        rounds = [
            self.how(one, theirs[number]) for number, one in figures.rounds(self.ours).items() if number in theirs
        ]
        ratio = self.how(ours, other)
        spread = (min(rounds, default=ratio), max(rounds, default=ratio))
        return Outcome(self.words, ours, other, ratio, *spread, bounds(self.least, self.most), self._is_reached(ratio))

    def _is_reached(self, ratio: float) -> bool | None:
        if self.least is None and self.most is None:
            return None
        return (self.least is None or ratio >= self.least) and (self.most is None or ratio <= self.most)


@dataclass(frozen=True)
class MemoryGoal:
    """A figure of ours that must not be above a number."""

    words: str
    ours: Figure
    other: Figure
    most: float

    def outcome(self, figures: Figures) -> Outcome | None:
        """Return the row; the ratio is the figure itself."""
        rounds = figures.rounds(self.ours)
        if not rounds:
            return None
        ours = statistics.median(rounds.values())
        goal = f"{bounds(None, self.most)} kB"
        spread = (min(rounds.values()), max(rounds.values()))
        return Outcome(self.words, ours, figures.median(self.other), ours, *spread, goal, ours <= self.most)


@dataclass(frozen=True)
class GrowthGoal:
    """How much a figure grows from 100 clients to 10,000: ours over the limit's own."""

    words: str
    phase: str
    most: float

    def outcome(self, figures: Figures) -> Outcome | None:
        """Return the row; None where one of the four was not measured."""
        ours, limit = self._growth(figures, "ours"), self._growth(figures, "limit")
        if ours is None or limit is None:
            return None
        ratio = ours / limit
        return Outcome(self.words, ours, limit, ratio, ratio, ratio, bounds(None, self.most), ratio <= self.most)

    def _growth(self, figures: Figures, server: str) -> float | None:
        few = figures.median(Figure(server, "room-100", self.phase, CPU))
        many = figures.median(Figure(server, "room-10000", self.phase, CPU))
        return many / few if few and many else None


def bounds(least: float | None, most: float | None) -> str:
    """Return the words for a bound."""
    if least is not None and most is not None:
        return f"{least:g} to {most:g}"
    return f"at least {least:g}" if least is not None else f"at most {most:g}" if most is not None else ""


def faster(ours: float, other: float) -> float:
    """Return how many times as many."""
    return ours / other


def cheaper(ours: float, other: float) -> float:
    """Return how many times as much the other one takes."""
    return other / ours


def _room(clients: int) -> list[Goal]:
    scenario, words = f"room-{clients}", f"one room, N = {clients}"

    def figure(server: str, phase: str, name: str) -> Figure:
        return Figure(server, scenario, phase, name)

    ours, node, limit = (figure(server, "burst", DELIVERIES) for server in ("ours", "node", "limit"))
    redis = [figure(server, "burst", DELIVERIES) for server in ("ours-redis", "node-redis")]
    slow = "steady" if clients == 1000 else "paced"
    return [
        Goal(f"deliveries/s, {words}, over Node", ours, node, faster, least=2),
        Goal(f"deliveries/s, {words}, over the limit", ours, limit, faster, least=0.8),
        Goal(f"deliveries/s through Redis, {words}, over Node", redis[0], redis[1], faster, least=2),
        Goal(f"CPU us a delivery, nothing to join, {words}: Node's over ours",
             figure("ours", slow, CPU), figure("node", slow, CPU), cheaper),
        Goal(f"CPU us a delivery, nothing to join, {words}: the limit's over ours",
             figure("ours", slow, CPU), figure("limit", slow, CPU), cheaper),
        Goal(f"p50 ms, paced, {words}, of Node's",
             figure("ours", "paced", "p50_ms"), figure("node", "paced", "p50_ms"), faster, most=0.85),
        Goal(f"p99 ms, paced, {words}, of Node's",
             figure("ours", "paced", "p99_ms"), figure("node", "paced", "p99_ms"), faster, most=0.75),
    ]  # fmt: skip


def _browser(words: str, phase: str, name: str, how: Ratio, least: float, most: float | None = None) -> Goal:
    ours, node = (Figure(server, "browsers", phase, name) for server in ("ours", "node-deflate"))
    return Goal(f"{words}, compression offered, over Node's", ours, node, how, least, most)


def _storm(words: str, other: str, name: str, most: float | None) -> Goal:
    return Goal(words, Figure("ours", "storm", "setup", name), Figure(other, "storm", "setup", name), faster, most=most)


GOALS: list[Goal | MemoryGoal | GrowthGoal] = [
    *_room(1000),
    *_room(5000),
    Goal("CPU us a delivery, 40 races each: Node's over ours",
         Figure("ours", "races", "races", CPU), Figure("node", "races", "races", CPU), cheaper, least=5),
    _browser("deliveries/s", "burst", DELIVERIES, faster, 5),
    _browser("CPU us a delivery, paced", "paced", CPU, cheaper, 5),
    _browser("bytes a message", "paced", "bytes_per_message", faster, 0.9, 1.1),
    MemoryGoal("resident kB a connection, N = 5000",
               Figure("ours", "room-5000", "setup", "server_rss_kb_per_connection"),
               Figure("node", "room-5000", "setup", "server_rss_kb_per_connection"), 5),
    _storm("CPU ms a set-up, 5000 at once, of Node's", "node", "server_cpu_ms_per_connection", 1),
    _storm("the same, of a Node's that only acknowledges", "node-bare", "server_cpu_ms_per_connection", None),
    _storm("s until 5000 at once are set up, of Node's", "node", "elapsed_s", None),
    GrowthGoal("growth of the CPU a delivery, burst, N = 100 to 10000, of the limit's", "burst", 1.3),
    GrowthGoal("growth of the CPU a delivery, paced, N = 100 to 10000, of the limit's", "paced", 1.3),
]  # fmt: skip
