"""A word from the desk to all who watch a race."""

from collections.abc import Sequence
from typing import Any

from racing.errors import InvalidInput
from racing.models import Notification, Race, User
from racing.models.columns import now
from racing.realtime import outbox
from racing.services import audit, publication, racecards
from racing.services.alert_words import Words
from racing.services.announcements import Audience, announce_words, reached, watching_race, watching_runners
from racing.services.idempotency import Once, earlier_answer, keep_answer
from racing.services.notifications import LONGEST
from racing.services.transactions import one_change

NOBODY = "Nobody watches that race who would be told."


def watchers(race: Race, *, of_runners_too: bool) -> int:
    """Return how many users are told what happens to this race; each counts once, who is disabled does not.

    With `of_runners_too` those who watch any horse, jockey or trainer in it are among them.
    """
    return reached(*_audiences(race, of_runners_too))


def tell_watchers(
    race_id: str, title: str, body: str, url: str | None, by: User, once: Once, *, of_runners_too: bool
) -> int:
    """Tell those whom `watchers` counts, all in one change; to their connections it goes some at a time.

    `url` is a path of this site or an https address. Returns how many are told; as many as before where `once` was
    answered before. Raises RaceNotFound, InvalidInput, `fields` naming what is wrong, also where it is for nobody, or
    KeyReused; nobody is told anything then.
    """
    texts = publication.fit_texts({"title": title, "body": body}, LONGEST)
    with one_change():
        publication.take_turn(Notification)  # two that are sent together then queue
        if answered := earlier_answer(once):
            return int(answered["told"])
        race, at = racecards.card(race_id), now()
        told = announce_words("message", Words(**texts), url, *_audiences(race, of_runners_too))
        if not told:
            raise InvalidInput(NOBODY, {"raceId": NOBODY})
        sent: dict[str, Any] = {"users": told, "runnersToo": of_runners_too, "url": url, **texts}
        audit.record("notification", by, at, race_id=race_id, **sent)
        keep_answer(once, {"told": told}, at)
    outbox.touch()  # after the commit: nobody is told what we may lose
    return told


def _audiences(race: Race, of_runners_too: bool) -> Sequence[Audience]:
    return [watching_race(race), *([watching_runners(race.runners)] if of_runners_too else [])]
