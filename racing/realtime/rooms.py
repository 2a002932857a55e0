"""Names of the Socket.IO rooms."""

from typing import Literal, get_args

Mode = Literal["full", "delta"]
MODES: tuple[Mode, ...] = get_args(Mode)


def race(race_id: str) -> str:
    """The room of everybody who follows this race, however."""
    return f"race:{race_id}"


def variant(race_id: str, mode: Mode) -> str:
    """The room of those who follow this race in this mode."""
    return f"race:{race_id}:{mode}"
