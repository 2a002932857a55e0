"""The tables of a run: `python -m bench.report FILE` prints those of an earlier one again."""

import json
import sys
from pathlib import Path

from bench.figures import Figure, Figures
from bench.goals import GOALS, Outcome
from bench.scenarios import SCENARIOS, Paced
from bench.servers import SERVERS

REACHED = {True: "reached", False: "NOT reached", None: "told only"}
PER_PHASE = {
    "deliveries_per_s": "deliveries/s",
    "server_cpu_us_per_delivery": "CPU us/delivery",
    "p50_ms": "p50 ms",
    "p99_ms": "p99 ms",
    "bytes_per_message": "bytes/message",
    "messages_per_read": "messages/read",
}
PER_SETUP = {
    "elapsed_s": "s",
    "server_cpu_ms_per_connection": "CPU ms/connection",
    "server_rss_kb_per_connection": "kB/connection",
    "p50_ms": "p50 ms",
    "p99_ms": "p99 ms",
}


def number(value: float | None) -> str:
    """Return `value` with three digits or more that mean something."""
    if value is None:
        return ""
    return f"{value:,.0f}" if abs(value) >= 1000 else f"{value:.3g}"


def table(head: list[str], rows: list[list[str]]) -> str:
    """Return a Markdown table, padded to be read as it is."""
    widths = [max(len(row[column]) for row in [head, *rows]) for column in range(len(head))]
    lines = [head, ["-" * width for width in widths], *rows]
    return "\n".join(f"| {' | '.join(cell.ljust(w) for cell, w in zip(line, widths, strict=True))} |" for line in lines)


def goals(figures: Figures) -> tuple[str, bool]:
    """Return the table of what must be reached, and whether all of it that was measured is."""
    outcomes = [outcome for goal in GOALS if (outcome := goal.outcome(figures)) is not None]
    head = ["", "ours", "other", "ratio", "lowest", "highest", "goal", ""]
    return table(head, [_row(one) for one in outcomes]), all(one.is_reached is not False for one in outcomes)


def _row(one: Outcome) -> list[str]:
    cells = [number(value) for value in (one.ours, one.other, one.ratio, one.lowest, one.highest)]
    return [one.words, *cells, one.goal, REACHED[one.is_reached]]


def overview(figures: Figures) -> str:
    """Return a table for each scenario: what was measured of each server, phase by phase."""
    parts = []
    for scenario in SCENARIOS:
        servers = figures.measured(scenario.name)
        if not servers:
            continue
        parts.append(f"{scenario.words}, setting up:\n\n{_phase(figures, scenario.name, 'setup', servers, PER_SETUP)}")
        named = [phase.name if isinstance(phase, Paced) else "burst" for phase in scenario.phases]
        for name in [*named, *(phase.name for phase in scenario.first_round_only)]:
            parts.append(f"{scenario.words}, {name}:\n\n{_phase(figures, scenario.name, name, servers, PER_PHASE)}")
    return "\n\n".join(parts)


def _phase(figures: Figures, scenario: str, phase: str, servers: list[str], names: dict[str, str]) -> str:
    rows = []
    for server in servers:
        values = [figures.median(Figure(server, scenario, phase, name)) for name in names]
        if any(value is not None for value in values):
            rows.append([SERVERS[server].words, *map(number, values)])
    return table(["", *names.values()], rows)


def report(figures: Figures) -> bool:
    """Print all of it; tell whether everything was reached and nothing went wrong at ours."""
    judged, is_reached = goals(figures)
    wrong = figures.faults()
    print(
        f"\n{overview(figures)}\n\nWhat must be reached (the median of the rounds; the lowest and highest of them):\n"
    )
    print(judged)
    print(f"\nOther processes had {figures.disturbance():.0%} of the server's core in the median phase. ", end="")
    print("With more than a few per cent, times and rates say little.")
    for sentence in wrong:
        print(f"Wrong: {sentence}")
    return is_reached and not any(sentence.startswith("ours") for sentence in wrong)


if __name__ == "__main__":
    file = Path(sys.argv[1])
    print(json.dumps(json.loads(file.read_text().partition("\n")[0]), indent=1))
    sys.exit(0 if report(Figures.read(file)) else 1)
