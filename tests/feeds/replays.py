"""Replays messages onto the site, and reads what they made of the race."""

from pathlib import Path
from typing import Any

from racing.feeds import betfair
from racing.models import Race, Runner
from racing.services import racecards
from tests.feeds.streams import RACE, as_text, packed


def replayed(folder: Path, messages: list[dict[str, Any]], **options: Any) -> Race:
    """Replay the messages, and return the race with its runners and prices."""
    path = packed(folder / "market", as_text(messages))
    betfair.write(betfair.read(path, **options))
    return racecards.card(options.get("race_id") or RACE)


def runner_of(race: Race, selection: int) -> Runner:
    return next(runner for runner in race.runners if runner.runner_id == str(selection))


def price(race: Race, selection: int) -> str | None:
    """The price of the runner as it is written; None where there is none or never was one."""
    offers = [offer.price for offer in runner_of(race, selection).prices if offer.bookmaker == "betfair"]
    return str(offers[0]) if offers and offers[0] is not None else None
