"""What became of a day's races: results, and who did not run."""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import joinedload

from racing.extensions import db
from racing.models import Meeting, Race, Runner
from racing.statuses import CLOSING, RunnerStatus

_TOLD = (RunnerStatus.WINNER, RunnerStatus.PLACED, RunnerStatus.NON_RUNNER)


def day_of(day: date) -> Sequence[Race]:
    """Return the races of a course-local day with their meetings, by off time."""
    query = select(Race).join(Race.meeting).where(Meeting.day == day).options(joinedload(Race.meeting))
    return db.session.scalars(query.order_by(Race.off_time, Race.id)).all()


def is_told(race: Race) -> bool:
    """Tell whether there is something to read among the results: a result, or that there will be none."""
    return race.has_result or race.status in CLOSING


def told_of(race_ids: Sequence[str]) -> Mapping[str, Sequence[Any]]:
    """Return, by race, its placed runners and its non-runners in the order of the card, as rows of columns.

    Races without any are left out.
    """
    return _runners(race_ids, _TOLD)


def out_of(race_ids: Sequence[str]) -> Mapping[str, Sequence[Any]]:
    """Return, by race, its non-runners alone, as `told_of` does."""
    return _runners(race_ids, (RunnerStatus.NON_RUNNER,))


def _runners(race_ids: Sequence[str], statuses: Sequence[RunnerStatus]) -> Mapping[str, Sequence[Any]]:
    columns = select(
        Runner.race_id, Runner.id, Runner.runner_id, Runner.position_on_card, Runner.number, Runner.name,
        Runner.horse_slug, Runner.jockey, Runner.jockey_slug, Runner.trainer, Runner.trainer_slug,
        Runner.status, Runner.withdrawn_at, Runner.withdrawn_price, Runner.position, Runner.sp,
    )  # fmt: skip
    query = columns.where(Runner.race_id.in_(race_ids), Runner.status.in_(statuses)).order_by(Runner.position_on_card)
    told: dict[str, list[Any]] = {}
    for row in db.session.execute(query):
        told.setdefault(row.race_id, []).append(row)
    return told
