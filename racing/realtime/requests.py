"""The shapes on the wire, client to server (PROTOCOL, section 3), checked on arrival."""

from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field, StringConstraints

from racing.realtime.rooms import Mode

RaceId = Annotated[str, StringConstraints(pattern=r"^[a-z0-9][a-z0-9-]{0,63}$", strict=True)]
Version = Annotated[int, Field(ge=0, le=2**53, strict=True)]
MOST_RACES_A_REQUEST = 500


class _Request(BaseModel):
    model_config = ConfigDict(extra="ignore", frozen=True)


class Nothing(_Request):
    """`ping`, `get_subscriptions`: whatever comes is ignored."""


class SubscribeRace(_Request):
    """`subscribe_race`."""

    raceId: RaceId
    since: Version | None = None
    mode: Mode = "full"


class UnsubscribeRace(_Request):
    """`unsubscribe_race`."""

    raceId: RaceId


class SubscribeRaces(_Request):
    """`subscribe_races`; `since` holds a version for each race that the client has a board of."""

    raceIds: Annotated[list[RaceId], Field(max_length=MOST_RACES_A_REQUEST)]
    since: dict[str, Version] = {}
    mode: Mode = "full"
