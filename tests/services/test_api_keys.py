"""Keys of feed writers: shown once, looked up at each write, noted once a minute, revoked for good."""

from datetime import timedelta

import pytest
from sqlalchemy import event, select, update

from racing.errors import InvalidInput, NotFound
from racing.extensions import db
from racing.models import ApiKey, AuditEntry, Role, User
from racing.models.columns import now
from racing.services import accounts, api_keys
from tests.factories import a_user
from tests.support.kept import everything_kept, nothing_written

pytestmark = pytest.mark.usefixtures("either_app")
FEED = "feed@example.org"


@pytest.fixture
def feed() -> User:
    """The user of a feed."""
    return a_user(Role.FEED)


def test_the_secret_is_told_once_and_kept_nowhere(feed: User) -> None:
    admin = a_user(Role.ADMIN)
    made = api_keys.make("  Tote,   Ascot ", " FEED@example.org", admin)

    assert made.secret.startswith(f"{made.key.prefix}_")
    assert (made.key.name, len(made.key.prefix)) == ("Tote, Ascot", 16)
    assert made.secret.removeprefix(made.key.prefix) not in repr(everything_kept())
    entry = db.session.scalars(select(AuditEntry)).one()
    assert (entry.action, entry.user_id, entry.after["apiKey"]) == ("api_key", admin.id, made.key.id)


def test_it_is_its_user_s_until_it_is_revoked_or_the_user_disabled(feed: User) -> None:
    user_id, first, second = feed.id, api_keys.make("a", FEED, None), api_keys.make("b", FEED, None)
    assert [getattr(api_keys.use(made.secret, None), "user_id", None) for made in (first, second)] == [user_id] * 2

    api_keys.revoke(first.key.id, a_user(Role.ADMIN))
    assert api_keys.use(first.secret, None) is None
    assert api_keys.use(second.secret, None) is not None

    accounts.disable(FEED)
    assert api_keys.use(second.secret, None) is None


def test_revoking_again_changes_nothing(feed: User) -> None:
    key_id = api_keys.make("a", FEED, None).key.id
    api_keys.revoke(key_id, None)

    with nothing_written():
        api_keys.revoke(key_id, None)

    with pytest.raises(NotFound):
        api_keys.revoke(4711, None)


@pytest.mark.parametrize("secret", ["", "offtime_", "offtime_deadbeef_nothing", "\0", "é" * 300])
def test_what_is_no_key_opens_nothing(secret: str, feed: User) -> None:
    api_keys.make("a", FEED, None)

    assert api_keys.use(secret, None) is None


def test_its_use_is_noted_once_a_minute_and_costs_other_writes_one_look(feed: User) -> None:
    made = api_keys.make("a", FEED, None)
    key_id = made.key.id
    api_keys.use(made.secret, "203.0.113.9")
    noted = db.session.get(ApiKey, key_id)
    assert (noted.last_used_from, noted.last_used_at > now() - timedelta(seconds=30)) == ("203.0.113.9", True)

    db.session.rollback()
    statements: list[str] = []
    event.listen(db.engine, "before_cursor_execute", lambda *told: statements.append(told[2]))
    api_keys.use(made.secret, "203.0.113.10")
    assert [statement.split()[0] for statement in statements if statement != "BEGIN"] == ["SELECT"]

    db.session.execute(update(ApiKey).values(last_used_at=now() - timedelta(seconds=61)))
    db.session.commit()
    api_keys.use(made.secret, "203.0.113.10")
    assert db.session.get(ApiKey, key_id).last_used_from == "203.0.113.10"


@pytest.mark.parametrize(
    ("name", "email", "field"),
    [("", FEED, "name"), ("n" * 81, FEED, "name"), ("a\0b", FEED, "name"), ("a", "nobody@example.org", "email"),
     ("a", "punter@example.org", "email"), ("a", "gone@example.org", "email")],
)  # fmt: skip
def test_a_key_has_a_name_and_a_user_who_writes(name: str, email: str, field: str, feed: User) -> None:
    a_user(Role.PUNTER)
    a_user(Role.FEED, "gone@example.org")
    accounts.disable("gone@example.org")

    with nothing_written(), pytest.raises(InvalidInput) as refused:
        api_keys.make(name, email, None)

    assert list(refused.value.fields) == [field]


def test_those_that_write_are_listed_first(feed: User) -> None:
    ids = [api_keys.make(name, FEED, None).key.id for name in "abc"]
    api_keys.revoke(ids[2], None)

    assert [key.id for key in api_keys.every_key()] == [ids[1], ids[0], ids[2]]
