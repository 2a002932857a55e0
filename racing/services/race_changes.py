"""A change of one race that no punter may wait for."""

from collections.abc import Iterator
from contextlib import contextmanager

from racing.models import Race
from racing.realtime import publisher
from racing.services import racecards
from racing.services.transactions import one_change


@contextmanager
def changing(race_id: str) -> Iterator[Race]:
    """Lock the race, commit the block, then tell the punters at once where the version rose.

    Raises RaceNotFound. Where the block raises, nothing has changed.
    """
    with one_change():
        race = racecards.race_for_update(race_id)
        before = race.version
        yield race
        version = race.version  # read before the commit: after it the row might be a later writer's
    if version > before:
        publisher.touch(race_id, version, urgent=True)
