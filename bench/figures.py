"""The figures of a run: by server, scenario, phase and name, the median over the rounds."""

import json
import statistics
from collections.abc import Iterable
from pathlib import Path
from typing import NamedTuple

from bench.load import Line, faults


class Figure(NamedTuple):
    """Where a figure is found in the lines of a run."""

    server: str
    scenario: str
    phase: str
    name: str


class Figures:
    """All lines of a run."""

    def __init__(self, lines: Iterable[Line]) -> None:
        """Take the lines as they were written."""
        self._lines = [line for line in lines if "server" in line]

    @classmethod
    def read(cls, file: Path) -> "Figures":
        """Return those of a file of JSON lines."""
        return cls(json.loads(line) for line in file.read_text().splitlines())

    def rounds(self, figure: Figure) -> dict[int, float]:
        """Return a figure of each round; none where it was not measured."""
        return {
            int(line["round"]): float(line[figure.name])
            for line in self._of(figure.server, figure.scenario, figure.phase)
            if figure.name in line
        }

    def median(self, figure: Figure) -> float | None:
        """Return the median over the rounds; None where it was not measured."""
        values = self.rounds(figure).values()
        return statistics.median(values) if values else None

    def measured(self, scenario: str) -> list[str]:
        """Return the servers measured in a scenario, in order."""
        return list(dict.fromkeys(line["server"] for line in self._lines if line["scenario"] == scenario))

    def faults(self) -> list[str]:
        """Return a sentence for each line in which something went wrong."""
        where = "{server}, {scenario}, {phase}, round {round}: "
        return [where.format(**line) + json.dumps(wrong) for line in self._lines if (wrong := faults(line))]

    def disturbance(self) -> float:
        """Return the share of the server's core that other processes had, in the median phase."""
        shares = [
            (line["core_busy_us_per_delivery"] - line["server_cpu_us_per_delivery"]) * line["deliveries_per_s"] / 1e6
            for line in self._lines
            if line["phase"] not in ("setup", "warm")
        ]
        return max(0.0, statistics.median(shares)) if shares else 0

    def _of(self, server: str, scenario: str, phase: str) -> list[Line]:
        wanted = (server, scenario, phase)
        return [line for line in self._lines if (line["server"], line["scenario"], line["phase"]) == wanted]
