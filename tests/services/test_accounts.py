"""Users: made, signed in, disabled."""

import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from datetime import timedelta
from threading import Event
from typing import Any

import pytest
from argon2 import PasswordHasher
from flask import Flask

from racing.errors import Conflict, InvalidInput, NotFound, Unauthorized
from racing.extensions import db
from racing.models import RevokedToken, Role
from racing.models.columns import now
from racing.services import accounts, passwords, registrations, revocations, wrong_passwords
from tests.factories import a_user, a_user_who_signs_in
from tests.support.kept import nothing_written, rows_of

pytestmark = pytest.mark.usefixtures("app")
PASSWORD = "going good to firm"


def test_a_user_signs_in_with_the_address_in_any_case() -> None:
    created = accounts.create_user(" Ann@Example.org ", PASSWORD, Role.STAFF)
    user_id = created.id

    user = accounts.sign_in("ANN@example.org", PASSWORD)

    assert (user.id, user.email, user.role) == (user_id, "ann@example.org", Role.STAFF)
    assert PASSWORD not in user.password_hash


def test_the_refusal_does_not_tell_whether_there_is_such_a_user() -> None:
    accounts.create_user("ann@example.org", PASSWORD)

    with pytest.raises(Unauthorized) as wrong_password:
        accounts.sign_in("ann@example.org", "something else")
    with pytest.raises(Unauthorized) as nobody:
        accounts.sign_in("bob@example.org", PASSWORD)

    assert wrong_password.value.as_dict() == nobody.value.as_dict()


def test_a_hash_of_other_parameters_is_made_anew_when_its_user_signs_in(monkeypatch: pytest.MonkeyPatch) -> None:
    old = a_user_who_signs_in(PASSWORD).password_hash
    monkeypatch.setattr(passwords, "HASHER", PasswordHasher(time_cost=2, memory_cost=16, parallelism=1))

    with pytest.raises(Unauthorized):
        accounts.sign_in("ann@example.org", "not the password")
    assert accounts.by_email("ann@example.org").password_hash == old
    accounts.sign_in("ann@example.org", PASSWORD)

    kept = accounts.by_email("ann@example.org").password_hash
    assert "m=16,t=2" in kept
    assert passwords.fits(kept, PASSWORD)


@pytest.mark.parametrize("address", ["ann\0@example.org", "ann\x7f@example.org", "ann\u202e@example.org"])
def test_what_nobody_can_see_is_in_no_address(address: str) -> None:
    with pytest.raises(InvalidInput):
        accounts.create_user(address, PASSWORD)


def test_a_crowd_that_signs_in_is_hashed_a_few_at_a_time(app: Flask) -> None:
    def run(work: Callable[..., bool], *args: Any) -> bool:
        inside.append(args)
        if len(inside) > passwords.AT_ONCE:
            are_too_many.set()
        are_too_many.wait(0.1)
        right = work(*args)
        inside.remove(args)
        return right

    def look_at(number: int) -> None:
        with app.app_context():
            passwords.fits(None, f"password {number}")

    inside: list[Any] = []
    are_too_many = Event()
    app.config["OFF_THE_LOOP"] = run
    with ThreadPoolExecutor(passwords.AT_ONCE + 1) as crowd:
        list(crowd.map(look_at, range(passwords.AT_ONCE + 1)))

    assert not are_too_many.is_set()


@pytest.mark.soak
def test_neither_signing_in_nor_registering_takes_longer_where_there_is_an_account(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(passwords, "HASHER", PasswordHasher())
    accounts.create_user("ann@example.org", PASSWORD)
    a_user(email="gone@example.org").disabled_at = now()
    db.session.commit()

    def worked_s(do: Callable[[str], object], email: str) -> float:
        began = time.process_time()  # what others do on the machine is not in it
        with suppress(Unauthorized):
            do(email)
        return time.process_time() - began

    def log_in(email: str) -> None:
        wrong_passwords.forget(email)
        accounts.sign_in(email, "not the password")

    names = iter(range(1000))
    for do, unknown in ((log_in, "nobody"), (lambda email: registrations.register(email, PASSWORD), "new")):
        took = {
            who: min(worked_s(do, email or f"{unknown}{next(names)}@example.org") for _ in range(3))
            for who, email in (("known", "ann@example.org"), ("disabled", "gone@example.org"), ("unknown", None))
        }
        assert max(took.values()) < 1.25 * min(took.values()), took


def test_a_disabled_user_has_no_way_in() -> None:
    user_id = accounts.create_user("ann@example.org", PASSWORD).id

    accounts.disable("ann@example.org")

    with pytest.raises(Unauthorized):
        accounts.sign_in("ann@example.org", PASSWORD)
    assert accounts.active_user(user_id) is None


def test_a_new_password_replaces_the_old() -> None:
    accounts.create_user("ann@example.org", PASSWORD)

    accounts.change_password("ann@example.org", "good to soft in places")

    accounts.sign_in("ann@example.org", "good to soft in places")
    with pytest.raises(Unauthorized):
        accounts.sign_in("ann@example.org", PASSWORD)


@pytest.mark.parametrize(
    "email", ["ann", "ann@", "@example.org", "ann@example", "a nn@example.org", "a" * 300 + "@e.org"]
)
def test_what_is_no_address_makes_no_user(email: str) -> None:
    with nothing_written(), pytest.raises(InvalidInput) as refused:
        accounts.create_user(email, PASSWORD)

    assert "email" in refused.value.fields


@pytest.mark.parametrize("password", ["", "short one", "x" * 201])
def test_a_password_is_neither_short_nor_endless(password: str) -> None:
    with nothing_written(), pytest.raises(InvalidInput) as refused:
        accounts.create_user("ann@example.org", password)

    assert "password" in refused.value.fields


def test_an_address_belongs_to_one_user() -> None:
    a_user(Role.ADMIN, "ann@example.org")

    with nothing_written(), pytest.raises(Conflict):
        accounts.create_user("Ann@example.org", PASSWORD)


def test_nobody_is_disabled_or_renamed_by_mistake() -> None:
    with pytest.raises(NotFound):
        accounts.disable("bob@example.org")
    with pytest.raises(NotFound):
        accounts.change_password("bob@example.org", PASSWORD)


def test_users_are_listed_by_address() -> None:
    for email in ("zoe@example.org", "ann@example.org"):
        a_user(email=email)

    assert [user.email for user in accounts.users()] == ["ann@example.org", "zoe@example.org"]


def test_a_token_taken_back_stays_so_until_it_would_have_ended_anyway() -> None:
    revocations.revoke("ended", now() - timedelta(seconds=1))
    revocations.revoke("live", now() + timedelta(hours=1))
    revocations.revoke("live", now() + timedelta(hours=1))

    assert revocations.is_revoked(["live"])
    assert not revocations.is_revoked(["other"])
    assert rows_of(RevokedToken) == 1
