"""Makes small Betfair stream files of races that never were, in every format they come in."""

import bz2
import gzip
import json
import zipfile
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

OFF = datetime(2024, 6, 1, 14, 0, tzinfo=UTC)
MARKET = "1.555000111"
RACE = "betfair-1-555000111"
# Selection ids of the usual field: Velvet Otter, Paper Falcon, Lopsided Waltz.
OTTER, FALCON, WALTZ = 101, 102, 103
NAMES = {OTTER: "Velvet Otter", FALCON: "Paper Falcon", WALTZ: "Lopsided Waltz"}


def at(seconds: float) -> datetime:
    """The instant `seconds` after the scheduled off."""
    return OFF + timedelta(seconds=seconds)


def runner(selection: int, status: str = "ACTIVE", **more: Any) -> dict[str, Any]:
    """A runner as a market definition has it, by name; `name=None` leaves the name out."""
    named = {"id": selection, "status": status, "sortPriority": selection, "name": NAMES.get(selection), **more}
    return {key: value for key, value in named.items() if value is not None}


def field(**statuses: str) -> list[dict[str, Any]]:
    """The usual field: `field(otter="WINNER")`."""
    selections = {"otter": OTTER, "falcon": FALCON, "waltz": WALTZ}
    return [runner(selection, statuses.get(name, "ACTIVE")) for name, selection in selections.items()]


def definition(status: str = "OPEN", *, in_play: bool = False, **more: Any) -> dict[str, Any]:
    """A market definition of the usual race; None leaves a field out."""
    made = {
        "eventTypeId": "7",
        "marketType": "WIN",
        "marketTime": "2024-06-01T14:00:00.000Z",
        "status": status,
        "inPlay": in_play,
        "numberOfWinners": 1,
        "venue": "Wexmoor",
        "countryCode": "GB",
        "timezone": "Europe/London",
        "name": "1m2f Hcap",
        "eventName": "Wexmoor 1st Jun",
        "runners": field(),
        **more,
    }
    return {key: value for key, value in made.items() if value is not None}


def message(
    seconds: float,
    *prices: dict[str, Any],
    market: str = MARKET,
    define: dict[str, Any] | None = None,
    **more: Any,
) -> dict[str, Any]:
    """A message published `seconds` after the scheduled off."""
    change: dict[str, Any] = {"id": market, "rc": list(prices), **more}
    if define is not None:
        change["marketDefinition"] = define
    return {"op": "mcm", "clk": "c", "pt": int(at(seconds).timestamp() * 1000), "mc": [change]}


def ltp(selection: int, price: float, **more: Any) -> dict[str, Any]:
    """A runner change with a last traded price."""
    return {"id": selection, "ltp": price, **more}


def whole_race() -> list[dict[str, Any]]:
    """A race from opening to result: off 10 s late, run in a minute, won by Velvet Otter."""
    return [
        message(-3600, define=definition()),
        message(-3000, ltp(OTTER, 3.0), ltp(FALCON, 2.5), ltp(WALTZ, 6)),
        message(-300, ltp(OTTER, 2.8)),
        message(10, define=definition("SUSPENDED")),
        message(10.5, define=definition(in_play=True)),
        message(40, ltp(OTTER, 1.5), ltp(FALCON, 4.1)),
        message(70, ltp(OTTER, 1.01), define=definition("SUSPENDED", in_play=True)),
        message(
            200, define=definition("CLOSED", in_play=True, runners=field(otter="WINNER", falcon="LOSER", waltz="LOSER"))
        ),
    ]


def as_text(messages: list[dict[str, Any]], line_end: str = "\n") -> bytes:
    """The messages as lines."""
    return "".join(json.dumps(one) + line_end for one in messages).encode()


def packed(path: Path, text: bytes) -> Path:
    """Write `text` to `path`, packed as the name says."""
    if path.suffix == ".gz":
        path.write_bytes(gzip.compress(text))
    elif path.suffix == ".bz2":
        path.write_bytes(bz2.compress(text))
    elif path.suffix == ".zip":
        with zipfile.ZipFile(path, "w", zipfile.ZIP_LZMA) as archive:
            archive.writestr(MARKET, text)
    else:
        path.write_bytes(text)
    return path
