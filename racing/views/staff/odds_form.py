"""The odds form: one bookmaker's prices for every runner of a race, written where they changed."""

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from racing import prices
from racing.errors import InvalidInput, StalePrice
from racing.models import Race, User
from racing.services import odds
from racing.services.odds import Quote
from racing.statuses import RunnerStatus
from racing.views import words
from racing.views.forms import TypedBook


@dataclass(frozen=True)
class PriceField:
    """One field: what it holds, what stands in the database (`was`), and what to say beside it."""

    runner_id: str
    number: str | None
    name: str
    is_out: bool
    text: str
    was: str
    wrong: str = ""
    moved: str = ""


@dataclass(frozen=True)
class OddsForm:
    """The form as drawn. `version` is the race's: what the writer will have seen."""

    bookmaker: str
    name: str
    version: int
    book: str
    fields: list[PriceField]
    message: str = ""


def odds_form(race: Race, bookmaker: str, typed: TypedBook | None = None, message: str = "") -> OddsForm:
    """Return the form over what stands now, with what was typed kept and what moved meanwhile said beside it.

    The race's version must have been read before its prices.
    """
    standing = standing_prices(race, bookmaker)
    fields = []
    for runner in race.runners:
        held = standing.get(runner.runner_id)
        given = typed.prices.get(runner.runner_id) if typed else None
        moved = given is not None and held != given.was
        wrong = typed.wrong.get(runner.runner_id, "") if typed else ""
        fields.append(
            PriceField(
                runner_id=runner.runner_id,
                number=runner.number,
                name=runner.name,
                is_out=runner.status is RunnerStatus.NON_RUNNER,
                text=given.text if given and (given.changed or wrong) else words.as_typed(held),
                was=words.as_typed(held),
                wrong=wrong,
                moved=_moved(held, given.was) if given and moved else "",
            )
        )
    running = [price for price in standing.values() if price is not None]
    percent = prices.overround(running)
    book = words.percent(None if percent is None else float(percent))
    return OddsForm(bookmaker, words.bookmaker_name(bookmaker), race.version, book, fields, message)


def standing_prices(race: Race, bookmaker: str) -> dict[str, Decimal | None]:
    """Return this bookmaker's prices by runner id; runners never priced are left out."""
    return {
        runner.runner_id: price.price
        for runner in race.runners
        for price in runner.prices
        if price.bookmaker == bookmaker
    }


def _moved(held: Decimal | None, was: Decimal | None) -> str:
    now, before = (words.as_typed(price) or "no price" for price in (held, was))
    return f"Now {now}; it was {before} when you opened the form."


def write_changed(race: Race, typed: TypedBook, by: User) -> int:
    """Write the prices that the writer changed and that do not stand already. Returns how many were written.

    Raises InvalidInput where a field is no price, StalePrice where a price moved meanwhile: nothing is written then.
    """
    if typed.wrong:
        raise InvalidInput("Nothing was written: look at the fields marked.")
    wanted = {runner_id: given.price for runner_id, given in typed.prices.items() if given.changed}
    race_id, standing = race.id, standing_prices(race, typed.bookmaker)
    # The same form posted twice asks for what it already did: that is no conflict.
    left = {runner_id: price for runner_id, price in wanted.items() if standing.get(runner_id) != price}
    try:
        return _write(race_id, left, typed, by)
    except StalePrice as error:
        # The twin of this very post may have committed after we looked; what it wrote is done.
        left = {runner_id: price for runner_id, price in left.items() if not _stands(error.fields, runner_id, price)}
        return _write(race_id, left, typed, by)


def _write(race_id: str, wanted: Mapping[str, Decimal | None], typed: TypedBook, by: User) -> int:
    quotes = [Quote(runner_id, price, typed.bookmaker) for runner_id, price in wanted.items()]
    if quotes:
        odds.change_prices(race_id, quotes, by, seen=typed.seen)
    return len(quotes)


def _stands(stale: Mapping[str, Any], runner_id: str, price: Decimal | None) -> bool:
    held = stale.get(runner_id)
    return held is not None and held["price"] == (None if price is None else float(price))


def bookmakers_of(race: Race, default: str, current: str) -> list[str]:
    """Return the bookmakers to choose from: those of the race, the house's own, the one chosen."""
    return sorted({price.bookmaker for runner in race.runners for price in runner.prices} | {default, current})
