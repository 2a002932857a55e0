"""The shapes on the wire, client to server (PROTOCOL, section 3), checked on arrival."""

from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field, StringConstraints

from racing.realtime.rooms import VARIANTS, Encoding, Mode, Variant

RaceId = Annotated[str, StringConstraints(pattern=r"^[a-z0-9][a-z0-9-]{0,63}$", strict=True)]
Version = Annotated[int, Field(ge=0, le=2**53, strict=True)]
Id = Annotated[int, Field(ge=0, le=2**53, strict=True)]
MOST_RACES_A_REQUEST = 500
_VARIANTS: dict[tuple[str, str], Variant] = {variant: variant for variant in VARIANTS}  # one each for all who ask


class _Request(BaseModel):
    model_config = ConfigDict(extra="ignore", frozen=True)


class Nothing(_Request):
    """`ping`, `get_subscriptions`: whatever comes is ignored."""


class _Subscription(_Request):
    mode: Mode = "full"
    encoding: Encoding = "json"

    @property
    def variant(self) -> Variant:
        """How the races are to be followed."""
        return _VARIANTS[self.mode, self.encoding]


class SubscribeRace(_Subscription):
    """`subscribe_race`; `since` is the version that the client holds."""

    raceId: RaceId
    since: Version | None = None


class UnsubscribeRace(_Request):
    """`unsubscribe_race`."""

    raceId: RaceId


class SubscribeRaces(_Subscription):
    """`subscribe_races`; `since` holds a version for each race that the client has a board of."""

    raceIds: Annotated[list[RaceId], Field(max_length=MOST_RACES_A_REQUEST)]
    since: dict[str, Version | None] | None = None


class Authenticate(_Request):
    """`authenticate`; `token` is an access token of `POST /api/v1/auth/login`."""

    token: Annotated[str, Field(min_length=1, max_length=8192, strict=True)]


class Replay(_Request):
    """`replay`: what was published after these ids. What is not named is not sent."""

    newsAfter: Id | None = None
    notificationsAfter: Id | None = None
