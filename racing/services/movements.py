"""How the best price of each runner moved in the day, bounded however busy the race was."""

from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from itertools import groupby
from typing import Any

from sqlalchemy import func, select

from racing.extensions import db
from racing.models import PriceChange, Runner

# An exchange moves some races 20,000 times. A page shows the opening and the newest of it, at a bounded cost.
NEWEST_MOST = 2000


@dataclass(frozen=True)
class BestPrice:
    """The longest price on offer for a runner from `at` on, decimal odds; None: nobody offered one."""

    at: datetime
    price: Decimal | None


def best_prices_of_day(race_id: str) -> dict[str, list[BestPrice]]:
    """Return, by runner id, each change of the best price, oldest first; the first is the opening price.

    Runners never priced are left out. Between the opening and the newest changes a very busy race may have a hole.
    """
    moves: dict[str, list[BestPrice]] = {}
    offers: dict[str, dict[str, Decimal | None]] = {}
    # One write moves several prices under one version: between them there was never a best price.
    for _, written in groupby(_changes(race_id), key=lambda change: change.version):
        changes = list(written)
        for change in changes:
            offers.setdefault(change.runner_id, {})[change.bookmaker] = change.price
        for runner_id in dict.fromkeys(change.runner_id for change in changes):
            best = max((price for price in offers[runner_id].values() if price is not None), default=None)
            known = moves.setdefault(runner_id, [])
            if not known or known[-1].price != best:
                known.append(BestPrice(changes[0].at, best))
    return moves


def _changes(race_id: str) -> list[Any]:
    columns = (
        select(
            PriceChange.id,
            PriceChange.version,
            PriceChange.at,
            PriceChange.bookmaker,
            PriceChange.price,
            Runner.runner_id,
        )
        .join(PriceChange.runner)
        .where(PriceChange.race_id == race_id)
    )
    first = (
        select(func.min(PriceChange.id))
        .where(PriceChange.race_id == race_id)
        .group_by(PriceChange.runner_pk, PriceChange.bookmaker)
    )
    opening = db.session.execute(columns.where(PriceChange.id.in_(first))).all()
    newest = db.session.execute(columns.order_by(PriceChange.id.desc()).limit(NEWEST_MOST)).all()
    found = {row.id: row for row in (*opening, *newest)}
    return [found[change_id] for change_id in sorted(found)]
