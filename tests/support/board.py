"""What a client holds of one race, and what it does with a message: PROTOCOL, section 3, "Rules for a client". Pure.

The same cases (tests/board_cases) are run by this and by static/js/live/, so the two cannot come to differ.
"""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any, Self

Payload = Mapping[str, Any]
ASK_AGAIN_S = 5.0
SILENT_AFTER_S = 12.0


class Gap(Exception):
    """Something between the held version and a delta's base is missing: ask again."""


def _price_key(entry: Payload) -> tuple[str, str]:
    return entry["runnerId"], entry["bookmaker"]


def _runner_key(change: Payload) -> str:
    return change["runnerId"]


@dataclass(frozen=True)
class Board:
    """A race at one version; without arguments that of a client which holds nothing yet."""

    version: int = -1
    prices: Mapping[tuple[str, str], Payload] = field(default_factory=dict)
    runners: Mapping[str, Payload] = field(default_factory=dict)
    race: Payload = field(default_factory=lambda: {"version": -1})
    book: Payload | None = None

    @classmethod
    def of(cls, image: Payload) -> Self:
        """Return the board that an image shows."""
        return cls()._merged(image)

    def after(self, payload: Payload, asked_since: int | None = None) -> Self:
        """Return the board after `payload`, that of an `odds_update`. What was seen already changes nothing.

        `asked_since` is the version that a subscription still unanswered was sent with, None where there is none.
        Raises Gap where the delta begins above the held version.
        """
        if payload["full"] and payload["version"] < self.version:
            # Older than what we hold. As the answer to a version it never reached: its database was restored.
            return self.of(payload) if asked_since is not None and asked_since > payload["version"] else self
        if not payload["full"] and payload["base"] > self.version:
            raise Gap(f"held {self.version}, but the delta begins at {payload['base']}")
        return self._merged(payload)

    def _merged(self, payload: Payload) -> Self:
        race = payload.get("race", self.race)
        return type(self)(
            version=max(self.version, payload["version"]),
            prices=_newer(self.prices, payload["odds"], _price_key),
            runners=_newer(self.runners, payload["runners"], _runner_key),
            race=race if race["version"] > self.race["version"] else self.race,
            # The book has no version of its own: it is as old as the message that brought it.
            book=payload["book"] if payload["version"] >= self.version else self.book,
        )


def _newer(held: Mapping[Any, Payload], entries: Iterable[Payload], key_of: Callable[[Payload], Any]) -> Any:
    merged = dict(held)
    for entry in entries:
        key = key_of(entry)
        if key not in merged or entry["version"] > merged[key]["version"]:
            merged[key] = entry
    return merged


@dataclass(frozen=True)
class Asked:
    """A subscription that is not answered yet; `since` None: no board was held. `at` in seconds."""

    since: int | None
    at: float


class FollowedRace:
    """One race of a client: its board, what was asked about it, and what it does with an answer."""

    def __init__(self, board: Board | None = None) -> None:
        """Begin with the board that a page was drawn from, or with none."""
        self.board = board or Board()
        self.asked: Asked | None = None
        self.synced = False
        self.heard_at: float | None = None
        self._early: list[Payload] = []
        self._version_at_last_beat: int | None = None

    def ask(self, now: float = 0.0) -> int | None:
        """Note that a subscription leaves; return the `since` to send with it, None where no board is held."""
        since = self.board.version if self.board.version >= 0 else None
        self.asked, self._early = Asked(since, now), []
        return since

    def lose(self) -> None:
        """Note that the connection went: nothing that was asked will be answered."""
        self.asked, self.synced, self.heard_at = None, False, None
        self._early, self._version_at_last_beat = [], None

    def subscribed(self, version: int, now: float = 0.0) -> None:
        """Take `subscribed`. Where the race is at our version no delta follows: that was the answer."""
        self.heard_at = now
        if self.asked is not None and version == self.asked.since:
            self._answered()

    def update(self, payload: Payload, now: float = 0.0) -> bool:
        """Take the payload of an `odds_update`; tell whether to ask because of a gap."""
        self.heard_at = now
        asked = self.asked
        try:
            self.board = self.board.after(payload, asked.since if asked else None)
        except Gap:
            # While the answer is under way a broadcast may overtake it: kept until there is something to put it on.
            if asked is not None:
                self._early.append(payload)
            return asked is None
        if asked is None or not _answers(payload, asked):
            return False
        self._answered()
        early, self._early = self._early, []
        gaps = [self.update(waiting, now) for waiting in early]
        return any(gaps)

    def beat(self, version: int, now: float = 0.0) -> bool:
        """Take a heartbeat; tell whether to ask: it is ahead of us, or we hold what the database no longer does."""
        self.heard_at = now
        # It was read a moment before it was sent: only below what we held a whole beat ago is it truly below.
        last, self._version_at_last_beat = self._version_at_last_beat, self.board.version
        is_restored = last is not None and version < min(last, self.board.version)
        return self.asked is None and (version > self.board.version or is_restored)

    def is_due(self, now: float, connected_at: float) -> bool:
        """Tell whether to ask because an answer, or any word at all, is overdue."""
        if self.asked is not None:
            return now - self.asked.at > ASK_AGAIN_S
        return now - max(self.heard_at or 0.0, connected_at) > SILENT_AFTER_S

    def _answered(self) -> None:
        self.asked, self.synced = None, True


def _answers(payload: Payload, asked: Asked) -> bool:
    return payload["full"] or (asked.since is not None and payload["base"] <= asked.since <= payload["version"])
