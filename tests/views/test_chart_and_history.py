"""What the price chart is drawn from, and a race's history to take away."""

import csv
from decimal import Decimal
from io import StringIO

from flask.testing import FlaskClient

from racing.extensions import db
from racing.models import Runner
from racing.services import odds, races
from tests.factories import RACE, a_quote, a_race, quotes


def test_the_chart_has_every_best_price_the_shortest_runner_first(client: FlaskClient) -> None:
    a_race(prices={"1": "4", "2": "2.5", "3": "9"})
    odds.change_prices(RACE, quotes({"3": "2"}), None)
    races.withdraw(RACE, "1", None)

    chart = client.get(f"/races/{RACE}/chart.json").get_json()

    assert chart["version"] == 3
    assert [runner["runnerId"] for runner in chart["runners"]] == ["3", "2", "1", "4"]
    assert [runner["prices"] for runner in chart["runners"]] == [[9.0, 2.0], [2.5], [4.0, None], []]
    assert chart["runners"][0]["at"][0] == 0
    assert chart["runners"][2]["withdrawnAt"] is not None


def test_after_the_off_the_order_is_that_of_the_market(client: FlaskClient) -> None:
    a_race(prices={"1": "2", "2": "9"})
    races.change_status(RACE, races.RaceStatus.OFF, None)
    odds.change_prices(RACE, quotes({"1": "900", "2": "1.01"}), None)

    chart = client.get(f"/races/{RACE}/chart.json").get_json()

    assert [runner["runnerId"] for runner in chart["runners"]][:2] == ["1", "2"]
    assert chart["offAt"] is not None


def test_whoever_has_the_newest_chart_is_told_so(client: FlaskClient) -> None:
    a_race(prices={"1": "4"})
    first = client.get(f"/races/{RACE}/chart.json")
    again = client.get(f"/races/{RACE}/chart.json", headers={"If-None-Match": first.headers["ETag"]})
    odds.change_prices(RACE, quotes({"1": "5"}), None)
    newer = client.get(f"/races/{RACE}/chart.json", headers={"If-None-Match": first.headers["ETag"]})

    assert (first.status_code, again.status_code, newer.status_code) == (200, 304, 200)
    assert again.data == b""
    assert newer.headers["ETag"] != first.headers["ETag"]


def test_the_history_is_a_spreadsheet(client: FlaskClient) -> None:
    a_race(runners=2, prices={"1": "3.75"})
    odds.change_prices(RACE, [a_quote("2", "13.93", "tote"), a_quote("1", None)], None)

    answer = client.get(f"/races/{RACE}/history.csv")

    lines = list(csv.DictReader(StringIO(answer.text)))
    assert answer.headers["Content-Disposition"] == f'attachment; filename="offtime-{RACE}-prices.csv"'
    assert answer.headers["Content-Type"] == "text/csv; charset=utf-8"
    told = [
        (line["runner_name"], line["bookmaker"], line["decimal"], line["fractional"], line["version"]) for line in lines
    ]
    assert told == [
        ("Horse 1", "house", "3.75", "11/4", "1"),
        ("Horse 2", "tote", "13.93", "12/1", "2"),
        ("Horse 1", "house", "", "", "2"),
    ]
    assert lines[0]["at"].endswith("Z")


def test_a_name_that_would_be_a_formula_is_a_text(client: FlaskClient) -> None:
    a_race(runners=1, prices={"1": "3.75"})
    db.session.query(Runner).update({"name": '=HYPERLINK("http://x.example","Win, now")', "number": "-1"})
    db.session.commit()

    (line,) = csv.DictReader(StringIO(client.get(f"/races/{RACE}/history.csv").text))

    assert line["runner_name"] == '\'=HYPERLINK("http://x.example","Win, now")'
    assert line["runner_number"] == "'-1"


def test_the_history_is_json_too(client: FlaskClient) -> None:
    a_race(runners=1, prices={"1": "3.75"})
    for price in ("4", None):
        odds.change_prices(RACE, quotes({"1": price}), None)

    told = client.get(f"/races/{RACE}/history.json").get_json()

    assert (told["raceId"], told["version"]) == (RACE, 3)
    assert [entry["price"] for entry in told["history"]] == [3.75, 4.0, None]
    assert [entry["fractional"] for entry in told["history"]] == ["11/4", "3/1", None]
    assert told["history"][0]["name"] == "Horse 1"


def test_a_race_never_priced_has_an_empty_history(client: FlaskClient) -> None:
    a_race()

    assert client.get(f"/races/{RACE}/history.json").get_json()["history"] == []
    assert client.get(f"/races/{RACE}/history.csv").text.count("\n") == 1
    assert client.get(f"/races/{RACE}/chart.json").get_json()["runners"][0]["prices"] == []


def test_an_unknown_race_is_refused_as_it_was_asked(client: FlaskClient) -> None:
    page = client.get("/races/nowhere-1/history.csv")
    answers = [client.get(f"/races/nowhere-1/{name}.json") for name in ("history", "chart")]

    assert (page.status_code, page.mimetype) == (404, "text/html")
    assert [(answer.status_code, answer.get_json()["error"]["type"]) for answer in answers] == [
        (404, "unknown_race")
    ] * 2


def test_a_price_in_the_history_is_exact(client: FlaskClient) -> None:
    a_race(runners=1)
    written = [Decimal(cents) / 100 for cents in (101, 110, 115, 229, 1007, 99999, 100000)]
    for price in written:
        odds.change_prices(RACE, quotes({"1": str(price)}), None)

    lines = csv.DictReader(StringIO(client.get(f"/races/{RACE}/history.csv").text))

    assert [Decimal(line["decimal"]) for line in lines] == written
