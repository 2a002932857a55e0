"""What of a published board each of this worker's rooms is sent."""

from collections.abc import Callable
from typing import Any

from racing.realtime import messages, rooms, shapes
from racing.realtime.connections import Connections
from racing.realtime.standing import Followed

Emit = Callable[..., Any]


class LocalRooms:
    """The rooms of the races that are followed here."""

    def __init__(self, connections: Connections, emit: Emit) -> None:
        """`emit(event, message, to=room)` reaches local rooms."""
        self._connections, self._emit = connections, emit

    def need_image(self, race_id: str) -> bool:
        """Tell whether anybody here follows the race in full."""
        return any(variant.mode == "full" for variant in self._connections.variants_of(race_id))

    def send(self, race_id: str, followed: Followed, delta: shapes.Board, image: shapes.Board | None) -> None:
        """Send the delta to those who follow so, the image to the others, then ring the bell where the state is new.

        `image` is there where it is needed.
        """
        boards = {"delta": delta, **({"full": image} if image is not None else {})}
        made = {mode: messages.odds_update(race_id, board) for mode, board in boards.items()}
        for variant in sorted(self._connections.variants_of(race_id)):
            message = messages.encoded(made[variant.mode], variant.encoding)
            self._emit("odds_update", message, to=rooms.variant(race_id, variant))
        followed.sent = max(followed.sent, delta["version"])
        self._ring(race_id, followed, delta)

    def _ring(self, race_id: str, followed: Followed, delta: shapes.Board) -> None:
        state = delta.get("race")
        if state is not None and state["version"] > followed.told_state_version:
            bell = messages.race_status(race_id, state, followed.told_status, delta["version"])
            followed.told_status, followed.told_state_version = state["status"], state["version"]
            self._emit("race_status", bell, to=rooms.race(race_id))
