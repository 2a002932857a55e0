"""What a writer asks for: one price each, and when it is refused."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any, NamedTuple

from flask import current_app

from racing import prices
from racing.errors import InvalidInput, RunnerNotInRace, RunnerOut, StalePrice, sentence_list
from racing.models import CurrentPrice, Race, Runner
from racing.statuses import RunnerStatus

Held = Mapping[str, Mapping[str, Decimal | None]]
"""What suspended bookmakers will offer once they are back: bookmaker -> runner id -> price."""


class Stood(NamedTuple):
    """The price that a writer saw standing; None: no price."""

    price: Decimal | None


@dataclass(frozen=True)
class Quote:
    """What one bookmaker is to offer for one runner, in decimal odds, stake included; None: no price.

    `bookmaker` None is the configured default. `seen` is the version of that price the writer last saw, if it says;
    `stood` the price itself, by which one that is held back is judged: it has no version.
    """

    runner_id: str
    price: Decimal | None
    bookmaker: str | None = None
    seen: int | None = None
    stood: Stood | None = None

    @property
    def maker(self) -> str:
        """The bookmaker's slug."""
        return self.bookmaker or str(current_app.config["DEFAULT_BOOKMAKER"])


def refuse_unfit(race: Race, runners: Mapping[str, Runner], quotes: Sequence[Quote]) -> None:
    """Raise RunnerNotInRace, RunnerOut or InvalidInput where one of these cannot be offered in this race."""
    if strangers := sorted({quote.runner_id for quote in quotes} - runners.keys()):
        raise RunnerNotInRace(
            f"Race {race.id} has no runner {sentence_list(strangers)}.",
            dict.fromkeys(strangers, "not a runner of this race"),
        )
    keys = [(quote.runner_id, quote.maker) for quote in quotes]
    if len(set(keys)) < len(keys):
        raise InvalidInput("The same runner and bookmaker come twice in one write.")
    for quote in quotes:
        runner = runners[quote.runner_id]
        if quote.price is None:
            continue
        prices.check(quote.price)
        if runner.status is RunnerStatus.NON_RUNNER:
            raise RunnerOut(f"{runner.name} is a non-runner.", {quote.runner_id: "a non-runner has no price"})


def refuse_stale(
    race_id: str,
    runners: Mapping[str, Runner],
    current: Mapping[tuple[int, str], CurrentPrice],
    held: Held,
    quotes: Sequence[Quote],
    seen: int | None,
) -> None:
    """Raise StalePrice, naming them, where prices being written changed after the version their writer last saw.

    `current` are the race's rows by (runner's key, bookmaker); `seen` holds for quotes that name no version themselves.
    """
    stale: dict[str, Any] = {}
    for quote in quotes:
        row = current.get((runners[quote.runner_id].id, quote.maker))
        known = quote.seen if quote.seen is not None else seen
        stands = None if row is None else row.price
        is_stale = row is not None and known is not None and row.version > known
        if quote.maker in held:
            stands = held[quote.maker].get(quote.runner_id)
            is_stale = is_stale if quote.stood is None else stands != quote.stood.price
        if is_stale:
            # Its name is the runner's; where more bookmakers of one moved, theirs is added.
            name = quote.runner_id if quote.runner_id not in stale else f"{quote.runner_id}/{quote.maker}"
            stale[name] = {
                "raceId": race_id,
                "runnerId": quote.runner_id,
                "bookmaker": quote.maker,
                "price": None if stands is None else float(stands),
                "version": 0 if row is None else row.version,
                "message": f"now {'no price' if stands is None else stands}",
            }
    if stale:
        names = sentence_list(list(dict.fromkeys(runners[price["runnerId"]].name for price in stale.values())))
        raise StalePrice(f"Prices changed meanwhile: {names}.", stale)
