"""Reads the messages of a Betfair stream file, each checked for the shape the rest relies on."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any, Literal

from pydantic import AliasGenerator, AwareDatetime, BaseModel, ConfigDict, Field, ValidationError
from pydantic.alias_generators import to_camel

from racing.errors import FeedError
from racing.feeds.betfair_files import numbered_lines

HORSE_RACING, GREYHOUNDS = "7", "4339"
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_LATEST_MS = 253_402_300_799_000  # the end of the year 9999, where datetime ends


class _Wire(BaseModel):
    model_config = ConfigDict(
        alias_generator=AliasGenerator(validation_alias=to_camel), extra="ignore", coerce_numbers_to_str=True
    )


class RunnerDefinition(_Wire):
    """A runner as a market definition has it. `bsp` may be anything: a number, "NaN", nothing."""

    id: int
    status: str = "ACTIVE"
    name: str | None = None
    sort_priority: int = 0
    removal_date: AwareDatetime | None = None
    bsp: Any = None

    @property
    def runner_id(self) -> str:
        """Our name for the runner: the selection id."""
        return str(self.id)


class Definition(_Wire):
    """A market definition. It is always sent whole."""

    event_type_id: str
    market_time: AwareDatetime
    status: Literal["INACTIVE", "OPEN", "SUSPENDED", "CLOSED"]
    in_play: bool = False
    runners: list[RunnerDefinition]
    market_type: str = "WIN"
    number_of_winners: int | None = None
    venue: str | None = None
    name: str | None = None
    event_name: str | None = None
    country_code: str | None = None
    timezone: str | None = None
    race_type: str | None = None


class MarketChange(_Wire):
    """What one message says of one market. `rc` may name a runner several times: the entries apply in order."""

    id: str
    market_definition: Definition | None = None
    img: bool | None = None
    rc: list[dict[str, Any]] | None = None


class _Line(_Wire):
    op: str
    pt: int | None = Field(None, ge=0, le=_LATEST_MS)
    ct: str | None = None
    mc: list[MarketChange] | None = None


@dataclass(frozen=True)
class Message:
    """One change of the market: where it stands in the file, and when it was published."""

    line: int
    at: datetime
    change: MarketChange


def messages(path: Path) -> Iterator[Message]:
    """Yield the market changes of the file in its order; heartbeats and messages about other things are left out.

    Raises FeedError where the file or a line of it is not what Betfair sends, or a second market turns up.
    """
    market_id = None
    for number, line in numbered_lines(path):
        wire = _parse(path, number, line)
        if wire.op != "mcm" or not wire.mc:
            continue
        if wire.pt is None:
            raise FeedError(f"Line {number} of {path.name} does not say when it was published.")
        at = _EPOCH + timedelta(milliseconds=wire.pt)
        for change in wire.mc:
            market_id = market_id or change.id
            if change.id != market_id:
                raise FeedError(f"{path.name} holds several markets ({market_id} and {change.id}): split it first.")
            yield Message(number, at, change)


def _parse(path: Path, number: int, line: bytes) -> _Line:
    try:
        return _Line.model_validate_json(line)
    except ValidationError as error:
        wrong = error.errors(include_url=False)[0]
        if wrong["type"] == "json_invalid":
            said = f"Line {number} of {path.name} is not JSON"
            raise FeedError(f"{said}: the file is cut off there, damaged, or no Betfair stream file.") from error
        place = ".".join(str(part) for part in wrong["loc"]) or "the line"
        raise FeedError(
            f"Line {number} of {path.name} is not a Betfair stream message ({place}: {wrong['msg'].lower()})."
        ) from error
