"""Wrong passwords are counted by account and by address; after too many not even the right one is looked at."""

import time
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from threading import BoundedSemaphore

import pytest
from flask import Flask

from racing import metrics
from racing.errors import LimitReached, Unauthorized
from racing.extensions import db, limiter
from racing.models import Role
from racing.services import accounts, wrong_passwords
from racing.services.wrong_passwords import BY_ACCOUNT, one_try
from tests.factories import a_user

pytestmark = pytest.mark.usefixtures("app")
ANN, HERE, THERE = "ann@example.org", "198.51.100.1", "198.51.100.2"
A_MINUTE = BY_ACCOUNT[0].amount


def guess(email: str = ANN, address: str | None = None, *, right: bool = False) -> str:
    """Say what becomes of a try: "in", "wrong", or how long one is told to wait."""
    try:
        with one_try(email, address):
            if not right:
                raise Unauthorized("wrong")
    except Unauthorized:
        return "wrong"
    except LimitReached as error:
        return f"wait {error.retry_after_ms // 1000}: {error.message}"
    return "in"


@pytest.mark.parametrize("email", [ANN, "nobody@example.org"])
def test_an_account_is_locked_for_a_while_whether_there_is_one_or_not(email: str) -> None:
    a_user(Role.PUNTER, ANN)
    refused = metrics.total(metrics.FAILED_SIGN_INS)

    assert [guess(email, f"198.51.100.{n}") for n in range(A_MINUTE)] == ["wrong"] * A_MINUTE

    waits = guess(f" {email.upper()}", right=True)
    assert waits.startswith(("wait 60: ", "wait 59: "))
    assert "for this account" in waits
    assert metrics.total(metrics.FAILED_SIGN_INS) == refused + 1
    assert guess("bob@example.org", right=True) == "in"


def test_a_right_password_or_a_reset_ends_the_count() -> None:
    for _ in range(3):
        for _ in range(A_MINUTE - 1):
            guess()
        assert guess(right=True) == "in"
    for _ in range(A_MINUTE):
        guess()

    wrong_passwords.forget(ANN)

    assert guess(right=True) == "in"


def test_an_hour_has_its_own_measure() -> None:
    minute, hour = BY_ACCOUNT
    tries = []
    for _ in range(hour.amount + 1):
        limiter.limiter.clear(minute, "account", wrong_passwords.account_key(ANN))  # as if a minute had passed
        tries.append(guess())

    assert tries[:-1] == ["wrong"] * hour.amount
    assert "in 60 minutes" in tries[-1]


def test_an_address_that_tries_many_accounts_is_locked_for_all_of_them(app: Flask) -> None:
    app.config["FAILED_LOGINS_PER_MINUTE"] = 3

    tries = [guess(f"user{n}@example.org", HERE) for n in range(5)]

    assert tries[:3] == ["wrong"] * 3
    assert ["from where you are" in told for told in tries[3:]] == [True, True]
    assert guess("user9@example.org", THERE, right=True) == "in"


def test_another_address_of_the_same_network_is_no_other(app: Flask) -> None:
    app.config["FAILED_LOGINS_PER_MINUTE"] = 3

    tries = [guess(f"user{n}@example.org", f"2001:db8::{n}") for n in range(4)]

    assert tries[:3] == ["wrong"] * 3
    assert "from where you are" in tries[3]
    assert guess("user9@example.org", "2001:db8:0:1::1", right=True) == "in"


def test_of_many_that_come_at_once_no_more_are_looked_at(app: Flask) -> None:
    def try_it(_number: int) -> None:
        with app.app_context(), suppress(LimitReached, Unauthorized), one_try(ANN, None):
            looked_at.append(ANN)
            time.sleep(0.01)  # a hash takes its time
            raise Unauthorized("wrong")

    looked_at: list[str] = []
    with ThreadPoolExecutor(10) as crowd:
        list(crowd.map(try_it, range(10)))

    assert len(looked_at) == A_MINUTE


def test_who_waits_to_be_looked_at_holds_no_connection(monkeypatch: pytest.MonkeyPatch) -> None:
    class Turn(BoundedSemaphore):
        def __enter__(self) -> bool:
            held.append(db.session().in_transaction())
            return self.acquire()

    held: list[bool] = []
    monkeypatch.setattr(wrong_passwords, "_TURNS_OF_ACCOUNTS", [Turn()])
    ann = a_user(Role.PUNTER, ANN)
    assert ann.id
    assert db.session().in_transaction()  # as a page that looks who is signed in

    with suppress(Unauthorized):
        accounts.sign_in(ANN, "not the right one")

    assert held == [False]


def test_no_address_of_a_mail_is_in_the_counts() -> None:
    guess(address=HERE)

    counts = str(vars(limiter.storage))
    assert "'_counts': {}" not in counts
    assert [who for who in (ANN, HERE) if who in counts] == []
