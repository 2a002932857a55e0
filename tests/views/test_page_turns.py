"""However many read at once, writers and the live side have connections left."""

import threading
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import text

from app import create_app
from racing.extensions import db
from racing.models import Role
from tests.factories import RACE, a_race, a_user
from tests.views.pages import sign_in

AT_ONCE = 2


@pytest.fixture
def crowded(postgres_url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Flask]:
    """A site on which two read at a time, and others wait for a moment."""
    monkeypatch.setattr("racing.views.page_turns.AT_ONCE", AT_ONCE)
    monkeypatch.setattr("racing.views.page_turns.LONGEST_WAIT_S", 0.2)
    app = create_app(database_url=postgres_url, instance_path=tmp_path)
    with app.app_context():
        a_race(prices={"1": "2.5"})
        yield app
        db.session.remove()
        db.engine.dispose()


def test_who_comes_when_all_turns_are_taken_waits_and_is_told_and_others_do_not_wait(crowded: Flask) -> None:
    def read(path: str) -> tuple[int, str]:
        answer = crowded.test_client().get(path)
        return answer.status_code, answer.text

    with ThreadPoolExecutor(AT_ONCE) as readers, db.engine.connect() as holder:
        holder.execute(text("LOCK TABLE runners IN ACCESS EXCLUSIVE MODE"))
        held_up = [readers.submit(read, f"/races/{RACE}") for _ in range(AT_ONCE)]
        until = time.monotonic() + 30
        while _waiting() < AT_ONCE:
            assert time.monotonic() < until, "nobody waits for the table"

        status, page = read("/")
        assert (status, "Too many are reading at this moment." in page) == (503, True)
        assert read("/health")[0] == 200
        assert read("/login")[0] == 200
        holder.rollback()
        assert [one.result()[0] for one in held_up] == [200] * AT_ONCE
    assert read("/")[0] == 200


def test_nobody_holds_a_connection_while_waiting_for_a_turn(
    postgres_url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    class Turns(threading.BoundedSemaphore):
        def acquire(self, *asked: Any, **more: Any) -> bool:
            held.append(db.engine.pool.checkedout())  # type: ignore[attr-defined]
            return super().acquire(*asked, **more)

    held: list[int] = []
    with monkeypatch.context() as patched:
        patched.setattr(threading, "BoundedSemaphore", Turns)
        app = create_app(database_url=postgres_url, instance_path=tmp_path)
    with app.app_context():
        sign_in(client := app.test_client(), a_user(Role.PUNTER, "ann@example.org"))
        db.session.remove()
        client.delete_cookie("access_token_cookie")

        assert client.get("/account").status_code == 200
        assert client.get_cookie("access_token_cookie") is not None
        db.session.remove()
        db.engine.dispose()

    assert held == [0]


def test_an_answer_that_is_read_slowly_or_that_fails_takes_nobody_s_turn(crowded: Flask) -> None:
    slow = [crowded.test_client().get(f"/races/{RACE}/history.csv", buffered=False) for _ in range(AT_ONCE + 1)]
    assert [answer.status_code for answer in slow] == [200] * len(slow)
    for _ in range(AT_ONCE + 1):
        assert crowded.test_client().get("/races/nowhere").status_code == 404

    assert crowded.test_client().get("/").status_code == 200
    for answer in slow:
        answer.close()


def _waiting() -> int:
    """How many connections wait for a lock."""
    with db.engine.connect() as looker:
        return int(looker.scalar(text("SELECT count(*) FROM pg_locks WHERE NOT granted")) or 0)
