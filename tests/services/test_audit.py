"""The audit trail tells what stood before and where a change came from, and is edited by nobody."""

from decimal import Decimal

import pytest
from sqlalchemy import delete, select, text, update
from sqlalchemy.exc import DBAPIError

from racing.extensions import db
from racing.models import AuditEntry
from racing.services import audit, odds, races
from racing.services.audit import Origin
from racing.services.races import Placing
from racing.statuses import RaceStatus
from tests.factories import RACE, a_race, a_user, quotes

pytestmark = pytest.mark.usefixtures("either_app")


def entry() -> AuditEntry:
    return db.session.scalars(select(AuditEntry).order_by(AuditEntry.id.desc())).first() or pytest.fail("no entry")


def test_an_entry_says_what_stood_and_what_stands() -> None:
    a_race(prices={"1": "2.5"})

    odds.change_prices(RACE, quotes({"1": "3", "2": "4"}), a_user())

    def prices(one: str | None, two: str | None) -> dict[str, object]:
        told = [("1", one), ("2", two)]
        return {"prices": [{"runnerId": runner, "bookmaker": "house", "price": price} for runner, price in told]}

    assert (entry().before, entry().after) == (prices("2.50", None), prices("3", "4"))


def test_a_runner_taken_out_leaves_its_prices_in_the_entry() -> None:
    a_race(prices={"1": "2.5"})

    races.withdraw(RACE, "1", a_user())

    before, after = entry().before or {}, entry().after
    assert [offer["price"] for offer in before["prices"]] == ["2.50"]
    assert [offer["price"] for offer in after["prices"]] == [None]
    assert (before["status"], after["status"]) == ("ACTIVE", "NON_RUNNER")
    assert Decimal(after["withdrawnPrice"]) == Decimal("2.5")


def test_a_result_leaves_the_state_before_it() -> None:
    a_race()
    races.change_status(RACE, RaceStatus.OFF, None)

    races.declare_result(RACE, [Placing("1", 1)], a_user())

    before, after = entry().before or {}, entry().after
    assert (before["status"], before["betting"], before["placings"]) == ("OFF", "open", [])
    assert (after["status"], after["betting"]) == ("RESULT", "closed")
    assert before["offAt"] == after["offAt"] is not None


def test_an_entry_says_where_the_change_came_from() -> None:
    a_race()
    audit.comes_from(Origin("api", "203.0.113.9"))

    odds.change_prices(RACE, quotes({"1": "3"}), a_user())
    audit.comes_from()

    assert (entry().source, entry().address) == ("api", "203.0.113.9")
    assert audit.origin() == Origin(None, None, None)


@pytest.mark.parametrize("edit", [update(AuditEntry).values(action="nothing"), delete(AuditEntry)])
def test_nobody_edits_it(edit: object) -> None:
    a_race()
    odds.change_prices(RACE, quotes({"1": "3"}), a_user())

    with pytest.raises(DBAPIError, match="the audit trail is not edited"):
        db.session.execute(edit)  # type: ignore[call-overload]
    db.session.rollback()

    assert entry().action == "prices"


def test_nobody_empties_it_at_once() -> None:
    if db.engine.dialect.name == "sqlite":
        pytest.skip("SQLite has no TRUNCATE")
    a_race()
    odds.change_prices(RACE, quotes({"1": "3"}), a_user())

    with pytest.raises(DBAPIError, match="the audit trail is not edited"):
        db.session.execute(text("TRUNCATE audit_entries CASCADE"))
    db.session.rollback()
