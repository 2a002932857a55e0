"""What is measured: which servers, how many clients, what they are sent."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace

from bench.card import RACES, VERSION

SLOW = ("stock", "stock-raised", "ours-stock", "ours-stock-redis", "node-deflate")
SLOW_SHARE = 0.15  # of the messages of a burst: it says as much, and takes no minute
STEPS_MS = {"evenly": 0, "step-500": 500, "step-1000": 1000}
CHANGES_A_SECOND = 20


@dataclass(frozen=True)
class Burst:
    """As many messages as the server can send, `deliveries` in all."""

    deliveries: int


@dataclass(frozen=True)
class Paced:
    """Messages at a rate (a second); those due within `step_ms` together."""

    name: str
    rate: float
    seconds: float
    step_ms: int = 0


@dataclass(frozen=True)
class Scenario:
    """So many clients at each of the servers, and the phases they go through."""

    name: str
    words: str
    clients: int
    servers: Sequence[str]
    phases: Sequence[Burst | Paced] = ()
    first_round_only: Sequence[Paced] = ()
    options: Sequence[str] = ()
    without: Mapping[str, Sequence[str]] = field(default_factory=dict)
    """Phases that a server is spared, because it cannot keep up with them."""

    def with_servers(self, wanted: Sequence[str]) -> "Scenario":
        """Return this scenario at the `wanted` servers alone, others of ours among them; as it is where none are."""
        return replace(self, servers=wanted) if wanted else self

    def phases_of(self, server: str, number: int, scale: float) -> list[str]:
        """Return the load generator's phases for round `number`; `scale` shortens them. The first one only warms up."""
        made = []
        every = [*self.phases, *(self.first_round_only if number == 0 else ())]
        for phase in every:
            if isinstance(phase, Burst):
                share = SLOW_SHARE if server in SLOW else 1
                messages = max(4, round(phase.deliveries * share * scale / self.clients))
                made += [f"warm:{max(2, messages // 8)}:0", f"burst:{messages}:0"]
            elif phase.name not in self.without.get(server, ()):
                messages = max(4, round(phase.rate * phase.seconds * scale))
                made.append(f"{phase.name}:{messages}:{phase.rate:g}:{phase.step_ms}")
        return made


def room(clients: int, servers: Sequence[str], rate: float, *more: Paced) -> Scenario:
    """Return the scenario in which all clients follow one race."""
    return Scenario(
        f"room-{clients}",
        f"one room, {clients} clients",
        clients,
        servers,
        (Burst(240_000), Paced("paced", rate, 4), *more),
        without={"stock-raised": ("paced",), "stock": ("steady",)},
    )


ALL = ("limit", "node", "ours", "stock", "node-redis", "ours-redis")
ALL_RAISED = ("limit", "node", "ours", "stock-raised", "node-redis", "ours-redis")
FOLLOWED = Paced("races", CHANGES_A_SECOND, 5, 250)
SCENARIOS = [
    room(100, ("limit", "node", "ours", "stock"), 100),
    room(1000, ALL, 10, Paced("steady", 40, 2)),
    room(5000, ALL_RAISED, 5),
    room(10_000, ("limit", "node", "ours"), 2),
    Scenario(
        "races",
        f"1000 clients follow {RACES} races each, {CHANGES_A_SECOND} change a second",
        1000,
        ("node", "ours"),
        (FOLLOWED,),
        tuple(Paced(name, CHANGES_A_SECOND, 5, step_ms) for name, step_ms in STEPS_MS.items()),
        ("--races", str(RACES), "--variants", "delta", "--since", VERSION),
    ),
    Scenario(
        "browsers",
        "1000 clients offer compression, as browsers do",
        1000,
        ("node-deflate", "ours"),
        (Burst(200_000), Paced("paced", 5, 4)),
        options=("--variants", "full+deflate"),
    ),
    Scenario(
        "storm",
        "5000 clients connect at once, each is answered with the race's image",
        5000,
        ("node", "node-bare", "ours"),
        options=("--at-once", "5000"),
    ),
]
