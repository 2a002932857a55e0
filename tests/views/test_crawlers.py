"""Search engines are told which pages there are, and which are not for them."""

import xml.etree.ElementTree as ElementTree
from concurrent.futures import Future, ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from urllib.robotparser import RobotFileParser

import pytest
from flask import Flask
from flask.testing import FlaskClient

from racing.extensions import db, socketio
from racing.services import site_index
from racing.views import sitemap
from tests.factories import RACE, a_race, an_article
from tests.support.asked import asked

MAPS = "{http://www.sitemaps.org/schemas/sitemap/0.9}"
SITE = "https://offtime.test"


def addresses(client: FlaskClient, path: str = "/sitemap.xml") -> dict[str, str | None]:
    """The addresses of a sitemap, each with when it last changed."""
    answer = client.get(path, base_url=SITE)
    assert answer.status_code == 200, answer.text
    assert answer.mimetype == "application/xml"
    entries = ElementTree.fromstring(answer.data)
    return {str(each.findtext(f"{MAPS}loc")): each.findtext(f"{MAPS}lastmod") for each in entries}


def test_races_meetings_and_articles_are_listed_with_when_they_changed(client: FlaskClient) -> None:
    a_race()
    an_article()

    listed = addresses(client)

    assert f"{SITE}/" in listed
    for path in (f"/races/{RACE}", "/meetings/wexmoor-2030-06-01", "/news/rain-at-wexmoor"):
        changed_at = listed[f"{SITE}{path}"]
        assert changed_at is not None
        assert abs(datetime.fromisoformat(changed_at) - datetime.now(UTC)) < timedelta(minutes=1)


def test_every_address_in_it_is_a_page(client: FlaskClient) -> None:
    a_race()
    an_article()

    for address in addresses(client):
        assert client.get(address.removeprefix(SITE)).status_code == 200, address


def test_a_race_of_long_ago_is_left_out(client: FlaskClient) -> None:
    now = datetime.now(UTC)
    a_race("long-ago", off_time=now - timedelta(days=91))
    a_race("lately", off_time=now - timedelta(days=89))

    listed = addresses(client)

    assert f"{SITE}/races/lately" in listed
    assert f"{SITE}/races/long-ago" not in listed
    assert sum("/meetings/" in address for address in listed) == 1


@pytest.mark.parametrize("size", [1, 2, 3, 4])
def test_too_many_for_one_file_are_listed_over_several_each_once(
    size: int, client: FlaskClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    for number in range(3):
        a_race(f"race-{number}")
    an_article()
    an_article("Another")
    in_one = addresses(client)
    client.application.extensions["kept_sitemap"].forget()
    monkeypatch.setattr(sitemap, "ADDRESSES_A_FILE", size)
    monkeypatch.setattr(site_index, "ROWS_AT_ONCE", 2)

    files = [address.removeprefix(SITE) for address in addresses(client)]
    in_several = [address for file in files for address in addresses(client, file)]

    assert len(files) == -(-6 // size)
    assert sorted(in_several) == sorted(in_one)
    assert client.get(f"/sitemap-{len(files) + 1}.xml").status_code == 404
    assert client.get("/sitemap-0.xml").status_code == 404


def test_places_count_on_from_kind_to_kind_on_both_databases(either_app: object) -> None:
    a_race()
    an_article()
    an_article("Another")
    now = datetime.now(UTC)

    whole = list(site_index.listed(now, 0, 10))

    assert [each.kind.value for each in whole] == ["race", "meeting", "article", "article"]
    assert site_index.count(now) == 4
    for first in range(5):
        assert list(site_index.listed(now, first, 2)) == whole[first : first + 2]


def test_a_sitemap_is_asked_for_once_an_hour_and_not_sent_twice(client: FlaskClient) -> None:
    answer = client.get("/sitemap.xml")

    assert answer.headers["Cache-Control"] == "public, max-age=3600"
    assert client.get("/sitemap.xml", headers={"If-None-Match": answer.headers["ETag"]}).status_code == 304


def test_a_file_is_drawn_once_an_hour_and_told_under_each_name_of_the_site(app: Flask) -> None:
    clock = [0.0]
    kept = sitemap.KeptSitemap(lambda: clock[0])
    a_race()
    with app.test_request_context():
        first = kept.index(SITE)
        clock[0] = 3599
        with asked() as noted:
            again = kept.index("http://other.test")
        clock[0] = 3600
        an_article()
        anew = kept.index(SITE)

    assert noted == []
    assert again == first.replace(SITE, "http://other.test")
    assert f"{SITE}/news/" not in first
    assert f"{SITE}/news/" in anew


def test_all_who_ask_while_it_is_drawn_get_the_same_drawing_and_nothing_waits_for_it(
    app: Flask, monkeypatch: pytest.MonkeyPatch
) -> None:
    for number in range(5):
        a_race(f"race-{number}")
    monkeypatch.setattr(site_index, "ROWS_AT_ONCE", 2)
    kept, others = sitemap.KeptSitemap(lambda: 0.0), ThreadPoolExecutor(1)
    looked: list[Future[str]] = []

    def others_go_on(_seconds: float) -> None:
        assert not db.session().in_transaction()
        if not looked:
            looked.append(others.submit(as_another_reader, app, kept))

    monkeypatch.setattr(socketio, "sleep", others_go_on)
    with app.test_request_context(), asked() as noted:
        drawn = kept.index(SITE)

    assert looked[0].result(20) == drawn
    assert sum("FROM races" in each.statement and "LIMIT" in each.statement for each in noted) == 4


def as_another_reader(app: Flask, kept: sitemap.KeptSitemap) -> str:
    """Ask for the same, from elsewhere."""
    with app.test_request_context():
        return kept.index(SITE)


def test_robots_stay_out_of_what_is_somebodys_own_and_find_the_sitemap(client: FlaskClient) -> None:
    answer = client.get("/robots.txt", base_url=SITE)
    rules = RobotFileParser()
    rules.parse(answer.text.splitlines())

    assert answer.mimetype == "text/plain"
    for closed in ("/staff/", "/api/v1/races", "/settings", "/account", "/login", "/notifications", "/my/alerts/new"):
        assert not rules.can_fetch("a-robot", closed), closed
    for open_to_all in ("/", f"/races/{RACE}", "/news", "/news.atom", "/meetings", "/static/css/base.css"):
        assert rules.can_fetch("a-robot", open_to_all), open_to_all
    # The standard library's parser knows no "*".
    for part in ("history", "chart.json", "others"):
        assert f"Disallow: /races/*/{part}\n" in answer.text
    assert rules.site_maps() == [f"{SITE}/sitemap.xml"]
