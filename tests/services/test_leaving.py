"""Who leaves takes all that was its own along; what it did for the house stays, by nobody's name."""

from decimal import Decimal

import pytest
from sqlalchemy import select

from racing.errors import Conflict, Unauthorized
from racing.extensions import db
from racing.models import ApiKey, AuditEntry, Notification, PriceAlert, Role, User, UserSettings, Watch, WatchKind
from racing.models.settings import OddsFormat, Theme
from racing.models.watchlist import Wanted
from racing.services import accounts, api_keys, leaving, price_alerts, user_admin, user_settings, watchlists
from racing.services.user_settings import Chosen
from tests.factories import RACE, a_notification, a_race, a_user, a_user_who_signs_in
from tests.support.kept import everything_kept, nothing_written, rows_of

pytestmark = pytest.mark.usefixtures("either_app")
PASSWORD, ANN = "going good to firm", "ann@example.org"
OWN = (Watch, PriceAlert, UserSettings, Notification)


def furnish(user: User) -> None:
    """Let the user have something of everything."""
    user_id = user.id
    watchlists.watch(user_id, WatchKind.RACE, RACE)
    price_alerts.set_alert(user_id, RACE, "1", Wanted.BIGGER, Decimal("6"))
    user_settings.save(user_id, Chosen(OddsFormat.DECIMAL, Theme.DARK, None, None))
    a_notification(user)


def test_all_of_its_own_goes_and_nothing_of_others() -> None:
    a_race(prices={"1": "5"})
    ann, bob, admin = a_user_who_signs_in(PASSWORD, Role.FEED), a_user(Role.FEED, "bob@example.org"), a_user(Role.ADMIN)
    for user in (ann, bob):
        furnish(user)
        api_keys.make("The ring", user.email, admin)
    ann_id, bob_id = ann.id, bob.id

    leaving.leave(ann, PASSWORD)

    assert [rows_of(own) for own in OWN] == [1, 1, 1, 1]
    assert {db.session.scalars(select(own.user_id)).one() for own in OWN} == {bob_id}
    left = db.session.get_one(User, ann_id)
    assert (left.email, left.token_epoch, left.role) == (f"deleted-{ann_id}@deleted.invalid", 1, Role.FEED)
    assert None not in (left.deleted_at, left.disabled_at, left.signed_out_at)
    counting = db.session.scalars(select(ApiKey.user_id).where(ApiKey.revoked_at.is_(None))).all()
    assert list(counting) == [bob_id]
    kept = everything_kept()
    kept.pop("audit_entries")
    assert ANN not in str(kept)
    done = db.session.scalars(select(AuditEntry.action).where(AuditEntry.user_id == ann_id)).all()
    assert sorted(done) == ["account_deleted", "api_key"]
    with pytest.raises(Unauthorized):
        accounts.sign_in(left.email, PASSWORD)
    assert accounts.create_user(ANN, PASSWORD).id != ann_id
    with nothing_written(), pytest.raises(Conflict, match="deleted its account"):
        user_admin.enable(ann_id, admin)


def test_a_wrong_password_takes_nothing_away_and_the_last_admin_stays() -> None:
    admin = a_user_who_signs_in(PASSWORD, Role.ADMIN)
    other = a_user_who_signs_in(PASSWORD, Role.ADMIN, "other@example.org")
    admin_id = admin.id

    with nothing_written(), pytest.raises(Unauthorized):
        leaving.leave(admin, "not her password")
    leaving.leave(other, PASSWORD)
    with nothing_written(), pytest.raises(Conflict, match="last admin"):
        leaving.leave(db.session.get_one(User, admin_id), PASSWORD)
