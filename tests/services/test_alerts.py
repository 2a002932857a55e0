"""What happens to a race is told to who watches it or somebody in it: each happening once, to nobody else."""

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from zoneinfo import ZoneInfoNotFoundError

import pytest
from sqlalchemy import select

from racing.extensions import db
from racing.models import AlertProgress, Notification, OddsFormat, Race, Role, UserSettings, Wanted, WatchKind
from racing.services import accounts, alerts, cards, odds, price_alerts, races, watchlists
from racing.services.cards import RaceDeclared, RunnerDeclared
from racing.services.races import Placing
from racing.statuses import RaceStatus
from tests.factories import OFF_TIME, RACE, a_user, quotes
from tests.support.kept import nothing_written

pytestmark = pytest.mark.usefixtures("either_app")
HORSES = ("Arkle", "Mill House", "Flyingbolt", "Dormant")


def a_punter(name: str = "ann", reads: OddsFormat | None = None) -> int:
    user_id = int(a_user(Role.PUNTER, f"{name}@example.org").id)
    if reads:
        db.session.add(UserSettings(user_id=user_id, odds_format=reads))
        db.session.commit()
    return user_id


def a_field(race_id: str = RACE, off_time: datetime = OFF_TIME, horses: Sequence[str] = HORSES) -> str:
    """Declare a race of known horses, "1" and "2" ridden by Pat Taaffe and Tom Dreaper's."""
    runners = [
        RunnerDeclared(str(n), name, jockey=f"Jockey {n}", trainer="Tom Dreaper" if n < 3 else "Other")
        for n, name in enumerate(horses, 1)
    ]
    cards.declare_race(RaceDeclared(race_id, "Wexmoor", off_time, "The Harbour Lights Stakes", runners), None)
    return race_id


def watching(user_id: int, kind: WatchKind = WatchKind.RACE, key: str = RACE) -> int:
    watchlists.watch(user_id, kind, key)
    return user_id


def told(user_id: int) -> list[tuple[str, str]]:
    """Tell all that is due; return (kind, title) of what this user has been told, oldest first."""
    while alerts.tell_due():
        pass
    db.session.rollback()
    mine = select(Notification.kind, Notification.title).where(Notification.user_id == user_id)
    return [tuple(row) for row in db.session.execute(mine.order_by(Notification.id))]


def body() -> str:
    return str(db.session.scalars(select(Notification.body).order_by(Notification.id.desc())).first())


def test_a_watched_race_is_told_of_at_its_turns_and_not_of_each_step() -> None:
    a_field()
    ann, bob = watching(a_punter()), a_punter("bob")

    for status in (
        RaceStatus.PARADING,
        RaceStatus.GOINGDOWN,
        RaceStatus.ATTHEPOST,
        RaceStatus.OFF,
        RaceStatus.FINISHED,
    ):
        races.change_status(RACE, status, None)
        told(ann)
    placings = [Placing("2", 1, Decimal("6.0")), Placing("1", 2, Decimal("2.5")), Placing("3", 3)]
    races.declare_result(RACE, placings, None)

    assert told(ann) == [
        ("race_status", "Going down for the 14:05 Wexmoor"),
        ("race_status", "They are off in the 14:05 Wexmoor"),
        ("result", "Mill House won the 14:05 Wexmoor at 5/1"),
    ]
    assert body() == "1st Mill House (5/1), 2nd Arkle (6/4), 3rd Flyingbolt"
    assert told(bob) == []
    (url,) = set(db.session.scalars(select(Notification.url)))
    assert url == f"/races/{RACE}"


def test_a_race_of_the_past_is_not_told_and_steps_in_between_are_one() -> None:
    a_field()
    races.change_status(RACE, RaceStatus.GOINGDOWN, None)
    ann = watching(a_punter())
    assert told(ann) == []

    races.change_status(RACE, RaceStatus.OFF, None)
    races.change_status(RACE, RaceStatus.FALSESTART, None)

    assert told(ann) == [("race_status", "False start in the 14:05 Wexmoor")]


def test_a_moved_off_time_is_told_with_both_times() -> None:
    a_field()
    ann = watching(a_punter())

    races.change_off_time(RACE, OFF_TIME + timedelta(minutes=10), None)

    assert told(ann) == [("race_status", "The 14:05 Wexmoor is now due off at 14:15")]
    assert told(ann)[1:] == []


def test_a_race_moved_to_another_day_is_told_with_the_day() -> None:
    a_field()
    ann = watching(a_punter())

    races.change_off_time(RACE, OFF_TIME + timedelta(days=1), None)

    assert told(ann) == [("race_status", "The 14:05 Wexmoor is now due off at 14:05 on Sun 2 Jun")]


def test_a_result_of_places_alone_names_the_placed() -> None:
    a_field()
    ann = watching(a_punter())

    races.declare_result(RACE, [Placing("1", None), Placing("2", None)], None)

    assert told(ann) == [("result", "Arkle and Mill House were placed in the 14:05 Wexmoor")]


def test_a_non_runner_is_told_once_to_each_who_may_care() -> None:
    a_field()
    ann = watching(a_punter())
    for kind, key in ((WatchKind.HORSE, "arkle"), (WatchKind.JOCKEY, "jockey-1"), (WatchKind.TRAINER, "tom-dreaper")):
        watching(ann, kind, key)
    bob = watching(a_punter("bob"), WatchKind.JOCKEY, "jockey-1")
    cyd = a_punter("cyd")
    price_alerts.set_alert(cyd, RACE, "1", Wanted.BIGGER, Decimal(6))
    dan = watching(a_punter("dan"), WatchKind.HORSE, "flyingbolt")

    races.withdraw(RACE, "1", None)

    out = [("non_runner", "Arkle is a non-runner in the 14:05 Wexmoor")]
    assert told(ann) == told(bob) == told(cyd) == out
    assert told(dan) == []
    bodies = dict(db.session.execute(select(Notification.user_id, Notification.body)).tuples().all())
    assert bodies[bob] == "The Harbour Lights Stakes: 3 runners left."
    assert bodies[cyd] == "The Harbour Lights Stakes: 3 runners left. Your price alert is closed."
    races.reinstate(RACE, "1", None)
    assert told(bob) == [*out, ("non_runner", "Arkle runs after all in the 14:05 Wexmoor")]


def test_a_result_is_told_by_horse_to_who_does_not_watch_the_race() -> None:
    a_field()
    ann = watching(watching(a_punter()), WatchKind.HORSE, "arkle")
    bob = watching(a_punter("bob", OddsFormat.DECIMAL), WatchKind.TRAINER, "tom-dreaper")
    cyd = watching(a_punter("cyd", OddsFormat.AMERICAN), WatchKind.HORSE, "dormant")

    races.declare_result(RACE, [Placing("1", 1, Decimal("2.5")), Placing("2", 2, Decimal(6))], None)

    assert told(ann) == [("result", "Arkle won the 14:05 Wexmoor at 6/4")]
    assert told(bob) == [
        ("result", "Arkle won the 14:05 Wexmoor"),
        ("result", "Mill House was 2nd of 4 in the 14:05 Wexmoor"),
    ]
    assert told(cyd) == [("result", "Dormant was unplaced in the 14:05 Wexmoor")]
    bodies = db.session.scalars(select(Notification.body).where(Notification.user_id == bob))
    assert next(iter(bodies)) == "SP 2.50. The Harbour Lights Stakes"


def test_an_amended_result_is_told_and_weighed_in_is_not() -> None:
    a_field()
    ann = watching(a_punter())
    bob = watching(a_punter("bob"), WatchKind.HORSE, "arkle")
    races.declare_result(RACE, [Placing("1", 1), Placing("2", 2)], None)
    races.change_enquiry(RACE, True, None)
    assert len(told(ann)) == 1
    assert body().endswith("Harbour Lights Stakes")

    races.declare_result(RACE, [Placing("2", 1), Placing("1", 2)], None)
    told(ann)
    races.change_status(RACE, RaceStatus.WEIGHEDIN, None)

    assert told(ann)[1:] == [("result", "Amended result: Mill House won the 14:05 Wexmoor")]
    assert told(bob)[1:] == [("result", "Amended: Arkle was 2nd of 4 in the 14:05 Wexmoor")]
    assert db.session.scalars(select(AlertProgress)).all() == []


def test_a_result_that_is_written_later_than_its_status_is_the_first() -> None:
    a_field()
    ann = watching(a_punter())
    races.change_status(RACE, RaceStatus.RESULT, None)
    assert told(ann) == []

    races.declare_result(RACE, [Placing("1", 1), Placing("2", 1)], None)

    assert told(ann) == [("result", "Arkle and Mill House dead-heated in the 14:05 Wexmoor")]


def test_a_race_called_off_is_told_to_who_watches_anybody_in_it() -> None:
    a_field()
    bob = watching(a_punter("bob"), WatchKind.TRAINER, "tom-dreaper")

    races.change_status(RACE, RaceStatus.ABANDONED, None)

    assert told(bob) == [("race_status", "The 14:05 Wexmoor is abandoned")]


def test_a_watched_horse_is_told_of_when_it_is_declared() -> None:
    a_field("earlier", datetime(2020, 1, 1, 12, tzinfo=UTC))
    ann = watching(a_punter(), WatchKind.HORSE, "arkle")
    bob = watching(a_punter("bob"), WatchKind.JOCKEY, "jockey-1")

    a_field()
    a_field("of-years-ago", datetime(2020, 6, 1, 12, tzinfo=UTC))

    assert told(ann) == [("declared", "Arkle is declared for the 14:05 Wexmoor, Sat 1 Jun")]
    assert body() == "The Harbour Lights Stakes. Jockey 1 rides."
    races.withdraw(RACE, "1", None)
    assert told(bob) == [("non_runner", "Arkle is a non-runner in the 14:05 Wexmoor")]


def test_who_wants_no_alerts_or_is_disabled_is_told_nothing() -> None:
    a_field()
    ann, bob = watching(a_punter()), watching(a_punter("bob"))
    odds.change_prices(RACE, quotes({"1": "4"}), None)
    price_alerts.set_alert(bob, RACE, "1", Wanted.BIGGER, Decimal(6))
    watchlists.set_alerts(ann, WatchKind.RACE, RACE, False)
    accounts.disable("bob@example.org")

    odds.change_prices(RACE, quotes({"1": "9"}), None)
    races.change_status(RACE, RaceStatus.OFF, None)

    assert told(ann) == told(bob) == []


def test_moving_prices_are_no_news_to_who_waits_for_none() -> None:
    a_field()
    ann = watching(a_punter())

    with nothing_written():
        assert not alerts.tell_due()
    odds.change_prices(RACE, quotes({"1": "4"}), None)
    with nothing_written():
        assert not alerts.tell_due()
    assert told(ann) == []


def test_more_alerts_than_fit_one_portion_are_told_in_several(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("racing.services.price_telling.MOST_AT_ONCE", 2)
    a_field()
    odds.change_prices(RACE, quotes({"1": "4"}), None)
    users = [watching(a_punter(f"user-{n}")) for n in range(5)]
    for user in users:
        price_alerts.set_alert(user, RACE, "1", Wanted.BIGGER, Decimal(6))

    odds.change_prices(RACE, quotes({"1": "7"}), None)
    races.change_status(RACE, RaceStatus.GOINGDOWN, None)

    assert alerts.tell_due()
    assert db.session.query(Notification).count() == 2
    for user in users:
        assert [kind for kind, _ in told(user)] == ["price_alert", "race_status"]


def test_one_race_s_trouble_does_not_silence_the_others(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(alerts, "LONGEST_S", 10.0)  # a slow machine puts the second off, and tells it at the next turn
    ann = a_punter()
    for race_id, off_time in (("a-race", OFF_TIME), ("b-race", OFF_TIME + timedelta(days=1))):
        watching(ann, key=a_field(race_id, off_time))
        races.change_status(race_id, RaceStatus.OFF, None)
    _put_course_of("a-race", "Nowhere/At-all")

    with pytest.raises(ZoneInfoNotFoundError):
        alerts.tell_due()
    assert db.session.scalars(select(Notification.url)).all() == ["/races/b-race"]
    _put_course_of("a-race", "Europe/London")

    assert len(told(ann)) == 2


def _put_course_of(race_id: str, time_zone: str) -> None:
    db.session.get(Race, race_id).meeting.time_zone = time_zone
    db.session.commit()


def test_a_user_who_wants_to_hear_again_hears_from_then_on() -> None:
    a_field("the-first")
    ann = watching(a_punter(), WatchKind.HORSE, "arkle")
    watchlists.set_alerts(ann, WatchKind.HORSE, "arkle", False)
    a_field()
    watchlists.set_alerts(ann, WatchKind.HORSE, "arkle", True)

    races.withdraw(RACE, "1", None)

    assert told(ann) == [("non_runner", "Arkle is a non-runner in the 14:05 Wexmoor")]


def test_who_waits_for_a_price_is_told_that_none_will_come() -> None:
    a_field()
    odds.change_prices(RACE, quotes({"1": "4"}), None)
    ann, bob = a_punter(), a_punter("bob")
    price_alerts.set_alert(ann, RACE, "1", Wanted.BIGGER, Decimal(6))

    races.change_status(RACE, RaceStatus.ABANDONED, None)

    assert told(ann) == [("race_status", "The 14:05 Wexmoor is abandoned")]
    assert told(bob) == []


def test_who_comes_between_a_status_and_its_result_hears_the_first_result() -> None:
    a_field()
    races.change_status(RACE, RaceStatus.RESULT, None)
    ann = watching(a_punter())

    races.declare_result(RACE, [Placing("1", 1)], None)

    assert told(ann) == [("result", "Arkle won the 14:05 Wexmoor")]


def test_a_race_put_back_to_what_it_was_is_told_of_again() -> None:
    a_field()
    ann = watching(a_punter())
    for status in (RaceStatus.PARADING, RaceStatus.GOINGDOWN, RaceStatus.ATTHEPOST):
        races.change_status(RACE, status, None)
    assert told(ann) == []

    race = db.session.get(Race, RACE)
    race.version, race.state_version, race.status = 1, 1, RaceStatus.PARADING
    db.session.commit()
    assert told(ann) == []
    races.change_status(RACE, RaceStatus.GOINGDOWN, None)

    assert told(ann) == [("race_status", "Going down for the 14:05 Wexmoor")]


def test_who_reads_prices_alike_or_not_is_told_in_one_turn() -> None:
    a_field()
    readers = {
        form: watching(a_punter(form.value, form), WatchKind.HORSE, "arkle")
        for form in (OddsFormat.FRACTIONAL, OddsFormat.DECIMAL, OddsFormat.AMERICAN)
    }
    by_default = watching(a_punter("by-default"), WatchKind.HORSE, "arkle")

    races.declare_result(RACE, [Placing("1", 1, Decimal("2.5"))], None)
    told(by_default)

    rows = db.session.execute(select(Notification.user_id, Notification.body))
    read = {user_id: text.removesuffix(". The Harbour Lights Stakes") for user_id, text in rows}
    assert read == {
        readers[OddsFormat.FRACTIONAL]: "SP 6/4",
        readers[OddsFormat.DECIMAL]: "SP 2.50",
        readers[OddsFormat.AMERICAN]: "SP +150",
        by_default: "SP 6/4",
    }
