"""The words a race, its betting and its runners are described with, and which word may follow which."""

from enum import StrEnum


class RaceStatus(StrEnum):
    """Where a race has got to: Betfair's race status values, in the order of a race."""

    DORMANT = "DORMANT"
    DELAYED = "DELAYED"
    PARADING = "PARADING"
    GOINGDOWN = "GOINGDOWN"
    GOINGBEHIND = "GOINGBEHIND"
    ATTHEPOST = "ATTHEPOST"
    UNDERORDERS = "UNDERORDERS"
    OFF = "OFF"
    FALSESTART = "FALSESTART"
    FINISHED = "FINISHED"
    PHOTOGRAPH = "PHOTOGRAPH"
    RESULT = "RESULT"
    WEIGHEDIN = "WEIGHEDIN"
    RACEVOID = "RACEVOID"
    ABANDONED = "ABANDONED"


class Betting(StrEnum):
    """Whether bets are taken; apart from the status of the race."""

    OPEN = "open"
    SUSPENDED = "suspended"
    CLOSED = "closed"


class RunnerStatus(StrEnum):
    """What has become of a runner."""

    ACTIVE = "ACTIVE"
    NON_RUNNER = "NON_RUNNER"
    WINNER = "WINNER"
    PLACED = "PLACED"
    LOSER = "LOSER"


_S = RaceStatus

# The straight way through a race. A step may be skipped: some feeds say DORMANT, then OFF.
_FORWARD = (
    _S.DORMANT, _S.PARADING, _S.GOINGDOWN, _S.GOINGBEHIND, _S.ATTHEPOST, _S.UNDERORDERS,
    _S.OFF, _S.FINISHED, _S.PHOTOGRAPH, _S.RESULT,
)  # fmt: skip

BEFORE_THE_OFF = frozenset({*_FORWARD[:6], _S.DELAYED})
# Statuses that close the betting for good.
CLOSING = frozenset({_S.RESULT, _S.WEIGHEDIN, _S.RACEVOID, _S.ABANDONED})
CALLED_OFF = frozenset({_S.ABANDONED, _S.RACEVOID})
ENDED = frozenset({_S.WEIGHEDIN, _S.RACEVOID, _S.ABANDONED})


def _followers() -> dict[RaceStatus, frozenset[RaceStatus]]:
    table: dict[RaceStatus, set[RaceStatus]] = {
        status: set(_FORWARD[place + 1 :]) for place, status in enumerate(_FORWARD)
    }
    # A delay may be announced at any moment before the off, and ends where the race then stands.
    for status in BEFORE_THE_OFF - {_S.DELAYED}:
        table[status].add(_S.DELAYED)
    table[_S.DELAYED] = set(_FORWARD[1:])
    table[_S.UNDERORDERS].add(_S.FALSESTART)
    table[_S.OFF].add(_S.FALSESTART)
    table[_S.FALSESTART] = {_S.ATTHEPOST, _S.UNDERORDERS, _S.OFF}
    for status in (*BEFORE_THE_OFF, _S.OFF, _S.FALSESTART, _S.FINISHED):
        table[status] |= {_S.ABANDONED, _S.RACEVOID}
    table[_S.PHOTOGRAPH].add(_S.RACEVOID)
    # A race is weighed in from RESULT alone; until then the stewards may still void it.
    table[_S.RESULT] = {_S.WEIGHEDIN, _S.RACEVOID}
    return {status: frozenset(table.get(status, ())) for status in RaceStatus}


FOLLOWERS: dict[RaceStatus, frozenset[RaceStatus]] = _followers()
"""For each status, those that may come next."""


def likely_next(status: RaceStatus) -> list[RaceStatus]:
    """Return those that may follow, the next step of the straight way first, those that end the race last."""
    in_order = (*_FORWARD, _S.WEIGHEDIN, _S.DELAYED, _S.FALSESTART, _S.ABANDONED, _S.RACEVOID)
    return [each for each in in_order if may_follow(status, each)]


def may_follow(status: RaceStatus, then: RaceStatus) -> bool:
    """Tell whether a race at `status` may become `then`. A status does not follow itself."""
    return then in FOLLOWERS[status]
