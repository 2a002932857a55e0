"""News to everybody, and after a break what was missed: once, in order."""

import json
from pathlib import Path

from app import create_app
from racing.extensions import db
from racing.services import news
from tests.support.raw import RawClient
from tests.support.servers import RunningServer
from tests.support.wire import Punter


def publish(server: RunningServer, title: str, **more: str) -> int:
    """Publish an article; return its id."""
    answer = server.api("POST", "/news", {"title": title, "summary": "In short.", "body": "At length.", **more})
    assert answer.status_code == 201, answer.text
    return int(answer.json()["id"])


def tell_staff(server: RunningServer, title: str) -> int:
    body = {"email": server.staff_email, "kind": "alert", "title": title, "body": "Arkle is 5/1."}
    return int(server.api("POST", "/notifications", body).json()["id"])


def test_an_article_reaches_everybody_connected_at_once(house: RunningServer) -> None:
    race = house.declare("news-race")
    with Punter(house.url) as one, Punter(house.url, "polling") as other:
        article = publish(house, "Going good to soft", raceId=race)

        for punter in (one, other):
            update = punter.next("news_update")
            assert update["payload"]["id"] == article
            assert (update["payload"]["title"], update["payload"]["raceId"]) == ("Going good to soft", race)
            assert punter.has_nothing("news_update")


def test_an_article_of_another_process_arrives_too(house: RunningServer, tmp_path: Path) -> None:
    app = create_app(database_url=house.env["DATABASE_URL"], instance_path=tmp_path / "elsewhere")
    with Punter(house.url) as punter, app.app_context():
        article = news.publish("From a cron job", "In short.", "At length.", None, None)

        assert punter.next("news_update")["payload"]["id"] == article.id
        db.session.remove()
        db.engine.dispose()


def test_what_was_missed_is_replayed_once_and_in_order(house: RunningServer) -> None:
    last = publish(house, "Before the break")
    missed = [publish(house, f"Missed {n}") for n in range(3)]
    told = [tell_staff(house, f"Told {n}") for n in range(2)]
    with RawClient(house.url, auth={"token": house.token}) as client:
        client.emit("replay", {"newsAfter": last, "notificationsAfter": told[0] - 1})
        client.emit("ping")
        came = client.events_until("pong")

        assert [payload["payload"]["id"] for name, payload in came if name == "news_update"] == missed
        assert [payload["payload"]["id"] for name, payload in came if name == "notification"] == told

        now = publish(house, "And now live")
        assert client.events_until("news_update")[-1][1]["payload"]["id"] == now


def test_nothing_is_replayed_that_was_not_asked_for(house: RunningServer) -> None:
    publish(house, "An old story")
    with Punter(house.url, token=house.token) as punter:
        assert punter.ask("replay") == {"news": 0, "notifications": 0, "more": False}
        assert punter.ask("replay", {"newsAfter": 10**9}) == {"news": 0, "notifications": 0, "more": False}
        assert punter.has_nothing("news_update")


def test_what_was_read_is_not_replayed(house: RunningServer) -> None:
    read, unread = tell_staff(house, "Read"), tell_staff(house, "Unread")
    assert house.api("POST", f"/notifications/{read}/read").status_code == 200
    with Punter(house.url, token=house.token) as punter:
        answer = punter.ask("replay", {"notificationsAfter": read - 1})

        assert answer["notifications"] == 1
        assert punter.next("notification")["payload"]["id"] == unread


def test_a_long_absence_is_replayed_a_hundred_at_a_time(house: RunningServer, tmp_path: Path) -> None:
    app = create_app(database_url=house.env["DATABASE_URL"], instance_path=tmp_path / "elsewhere")
    with app.app_context():
        ids = [news.publish(f"Story {n}", "In short.", "At length.", None, None).id for n in range(120)]
        db.session.remove()
        db.engine.dispose()
    with RawClient(house.url) as client:  # which the house may tell of them by itself between two answers, too
        came: list[int] = []
        while len(came) < len(ids):
            after = came[-1] if came else ids[0] - 1
            client.send(f'427["replay",{{"newsAfter":{after}}}]')
            while not (frame := client.frame()).startswith("437"):
                came += [story] if (story := _news_id(frame)) not in came else []
            assert '"more":true' in frame or len(came) == len(ids), frame
        now = publish(house, "And now live")
        assert [payload["payload"]["id"] for _, payload in client.events_until("news_update")] == [now]
        assert came == ids


def _news_id(frame: str) -> int:
    name, payload = json.loads(frame[2:])
    assert name == "news_update"
    return int(payload["payload"]["id"])


def test_an_anonymous_punter_has_no_notifications_to_replay(house: RunningServer) -> None:
    with Punter(house.url) as punter:
        refused = punter.ask("replay", {"newsAfter": 10**9, "notificationsAfter": 0})
        assert (refused["type"], refused["event"]) == ("unauthorized", "replay")
