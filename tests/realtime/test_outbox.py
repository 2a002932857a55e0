"""What is published is sent on once, in order, whoever published it."""

from collections.abc import Sequence
from typing import Any

import pytest

from racing.realtime.outbox import MOST_A_TURN, Outbox, Tables
from racing.realtime.shapes import NewsPayload, NotificationPayload


def an_article(number: int) -> NewsPayload:
    at = "2030-06-01T13:05:00.000Z"
    return {"id": number, "title": "Going", "summary": "Good", "url": f"/news/{number}", "publishedAt": at}


def a_notification(number: int) -> NotificationPayload:
    at = "2030-06-01T13:05:00.000Z"
    return {"id": number, "kind": "alert", "title": "Arkle", "body": "5/1", "url": None, "createdAt": at}


class Press:
    """Two tables kept in lists, and what was emitted: (event, room, id, who was skipped)."""

    def __init__(self) -> None:
        self.articles: list[int] = []
        self.told: list[tuple[int, int]] = []
        self.emitted: list[tuple[str, str, int, list[str]]] = []
        self.is_away = False
        tables = Tables(
            self._news_after,
            lambda: max(self.articles, default=0),
            self._told_after,
            lambda: max((number for _, number in self.told), default=0),
        )
        self.outbox = Outbox(tables, self._emit)

    def _news_after(self, after: int, most: int) -> Sequence[NewsPayload]:
        if self.is_away:
            raise ConnectionError("the database is away")
        return [an_article(number) for number in sorted(self.articles) if number > after][:most]

    def _told_after(self, after: int, most: int) -> Sequence[tuple[int, NotificationPayload]]:
        return [(user, a_notification(number)) for user, number in self.told if number > after][:most]

    def _emit(self, event: str, message: Any, *, to: str, skip_sid: list[str]) -> None:
        self.emitted.append((event, to, message["payload"]["id"], skip_sid))

    def sent(self) -> list[int]:
        return [number for _, _, number, _ in self.emitted]


@pytest.fixture
def press() -> Press:
    """A press with one old article, at which the worker has looked once."""
    press = Press()
    press.articles.append(1)
    press.outbox.poll()
    return press


def test_what_was_there_before_the_worker_is_not_told_again(press: Press) -> None:
    assert press.emitted == []


def test_an_article_goes_to_everybody_and_a_notification_to_its_user(press: Press) -> None:
    press.articles.append(2)
    press.told.append((7, 1))

    press.outbox.poll()

    assert press.emitted == [("news_update", "news", 2, []), ("notification", "user:7", 1, [])]


def test_each_is_sent_on_once_and_in_order(press: Press) -> None:
    press.articles += range(2, 300)
    press.outbox.poll()
    press.outbox.poll()

    assert press.sent() == list(range(2, 300))


def test_what_is_published_here_is_due_at_once(press: Press) -> None:
    assert press.outbox.due_in() is None
    press.articles.append(2)
    press.outbox.touch()
    assert press.outbox.due_in() == 0

    press.outbox.do_due()

    assert press.sent() == [2]
    assert press.outbox.due_in() is None


def test_a_database_that_was_away_loses_nothing(press: Press) -> None:
    press.articles.append(2)
    press.is_away = True
    with pytest.raises(ConnectionError):
        press.outbox.poll()
    press.is_away = False

    press.outbox.poll()

    assert press.sent() == [2]


def test_a_restored_database_goes_on_from_where_it_is(press: Press) -> None:
    press.articles += [2, 3, 4]
    press.outbox.poll()
    press.articles[:] = [1, 2]
    press.outbox.poll()
    press.articles.append(3)

    press.outbox.poll()

    assert press.sent() == [2, 3, 4, 3]


def test_who_was_sent_it_by_a_replay_is_left_out_once(press: Press) -> None:
    press.articles += [2, 3]
    press.outbox.news.replayed("back again", 2)

    press.outbox.poll()
    press.articles.append(4)
    press.outbox.poll()

    assert [(number, skipped) for _, _, number, skipped in press.emitted] == [(2, ["back again"]), (3, []), (4, [])]


def test_of_thousands_of_notifications_a_portion_is_sent_at_a_time(press: Press) -> None:
    press.told += [(user, user) for user in range(1, MOST_A_TURN + 200)]

    press.outbox.poll()
    assert (len(press.emitted), press.outbox.due_in()) == (MOST_A_TURN, 0)
    press.outbox.do_due()

    assert press.sent() == list(range(1, MOST_A_TURN + 200))
    assert press.outbox.due_in() is None
