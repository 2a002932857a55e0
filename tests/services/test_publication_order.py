"""Whoever publishes second is seen second, however long the first takes: a reader goes on from the last id it has."""

import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import event, text

from app import create_app
from racing.extensions import db
from racing.services import accounts, news, notifications
from tests.factories import a_notification, a_user, an_article

PATIENCE_S = 30
WAITING = text("SELECT count(*) FROM pg_locks WHERE NOT granted")


@pytest.fixture
def app_on_postgresql(postgres_url: str, tmp_path: Path) -> Iterator[Flask]:
    """The application on a fresh PostgreSQL database, its context pushed; on SQLite nothing can overlap."""
    app = create_app(database_url=postgres_url, instance_path=tmp_path / "instance")
    with app.app_context():
        yield app
        db.session.remove()
        db.engine.dispose()


def _news(title: str) -> None:
    an_article(title)


def _notification(title: str) -> None:
    a_notification(accounts.by_email("ann@example.org"), title)


def _news_titles() -> list[str]:
    return [told["title"] for told in news.after(0, 100)]


def _notification_titles() -> list[str]:
    return [told["title"] for _user_id, told in notifications.after(0, 100)]


@pytest.mark.parametrize(
    ("publish", "titles"), [(_news, _news_titles), (_notification, _notification_titles)], ids=["news", "notification"]
)
def test_what_is_published_second_waits_for_the_first(
    app_on_postgresql: Flask, publish: Callable[[str], None], titles: Callable[[], list[str]]
) -> None:
    a_user(email="ann@example.org")
    about_to_commit, go_on = threading.Event(), threading.Event()

    def hold_the_first(_session: Any) -> None:
        if threading.current_thread().name == "First":
            about_to_commit.set()
            go_on.wait(PATIENCE_S)

    def publishing(title: str) -> threading.Thread:
        def run() -> None:
            with app_on_postgresql.app_context():
                publish(title)

        thread = threading.Thread(target=run, name=title)
        thread.start()
        return thread

    event.listen(db.session, "before_commit", hold_the_first)
    try:
        first = publishing("First")
        assert about_to_commit.wait(PATIENCE_S)
        second = publishing("Second")
        _until_it_waits_or_ends(second)
        seen_meanwhile = titles()
        go_on.set()
        first.join(PATIENCE_S)
        second.join(PATIENCE_S)
    finally:
        event.remove(db.session, "before_commit", hold_the_first)

    assert seen_meanwhile == []
    assert titles() == ["First", "Second"]


def _until_it_waits_or_ends(publisher: threading.Thread) -> None:
    deadline = time.monotonic() + PATIENCE_S
    while publisher.is_alive() and time.monotonic() < deadline:
        with db.engine.connect() as connection:
            if connection.scalar(WAITING):
                return
        time.sleep(0.01)  # no event tells that another connection waits


def test_a_reader_misses_nothing_of_several_writers_and_gets_it_in_order(either_app: Flask) -> None:
    writers, articles = 3, 10

    def write() -> None:
        with either_app.app_context():
            for _ in range(articles):
                an_article("Going update")

    threads = [threading.Thread(target=write) for _ in range(writers)]
    for thread in threads:
        thread.start()
    read: list[int] = []
    while any(thread.is_alive() for thread in threads) or news.newest_id() > max(read, default=0):
        read += [told["id"] for told in news.after(max(read, default=0), 4)]

    assert len(read) == writers * articles
    assert read == sorted(set(read))
