"""What the site has already of the fictional races: those to go on with, and their markets."""

import re
from datetime import datetime, timedelta
from random import Random

from racing.feeds.fictional_card import COURSES
from racing.feeds.fictional_market import MARGINS, Market
from racing.models import Race
from racing.services import racecards, races
from racing.services.odds import Quote
from racing.services.slugs import slugify
from racing.statuses import ENDED, RaceStatus, RunnerStatus, may_follow

_OURS = re.compile(rf"({'|'.join(slugify(course.name) for course in COURSES)})-\d{{4}}-\d\d-\d\d-\d{{4}}")


def unfinished(at: datetime) -> list[str]:
    """Return the ids of our races from yesterday to tomorrow that are not over."""
    days = [(at + timedelta(days=days)).date() for days in (-1, 0, 1)]
    found = [race for day in days for race in racecards.races_of_day(day)]
    return [race.id for race in found if _OURS.fullmatch(race.id) and race.status not in ENDED]


def give_up(race_id: str, status: RaceStatus) -> None:
    """End a race that was left standing long ago, in whichever way the rules allow."""
    for end in (RaceStatus.WEIGHEDIN, RaceStatus.ABANDONED, RaceStatus.RACEVOID):
        if may_follow(status, end):
            races.change_status(race_id, end, by=None)
            return


def market_of(race: Race, rng: Random) -> Market:
    """Return the market as the board has it: chances from the best prices, every book as it stands."""
    makers = {Quote("", None, maker).maker: maker for maker in MARGINS}
    runners = [runner for runner in race.runners if runner.status is not RunnerStatus.NON_RUNNER]
    best = {
        runner.runner_id: max((offer.price for offer in runner.prices if offer.price is not None), default=None)
        for runner in runners
    }
    priced = {runner_id: 1 / float(price) for runner_id, price in best.items() if price is not None}
    market = Market(best, rng, priced if len(priced) == len(best) else None)
    for runner in runners:
        for offer in runner.prices:
            if offer.bookmaker in makers and offer.price is not None:
                market.held[makers[offer.bookmaker]][runner.runner_id] = offer.price
    return market
