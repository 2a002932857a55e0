"""What a horse's page says of the horse itself."""

import re
from dataclasses import replace
from datetime import UTC, datetime, timedelta

from flask.testing import FlaskClient

from racing.extensions import db
from racing.models import Race
from racing.services import cards, races
from racing.services.cards import RunnerDeclared
from racing.services.races import Placing
from tests.views.lists import links, words


def a_run(race_id: str, days_ago: int, card: RunnerDeclared, *placings: Placing) -> None:
    """Put a race of the horse of this card and nine others on the site, with its result."""
    runners = [card, *(RunnerDeclared(str(n), f"Other {n}", str(n)) for n in range(1, 10))]
    off_time = datetime.now(UTC) - timedelta(days=days_ago)
    cards.declare_race(cards.RaceDeclared(race_id, "Wexmoor", off_time, "A Handicap", runners), None)
    if placings:
        races.declare_result(race_id, placings, None)


def test_a_horse_s_page_has_its_silks_its_card_and_its_places_by_date(client: FlaskClient) -> None:
    older = RunnerDeclared("0", "Quiet Harbour", "7", None, "R Moore", "Another")
    newest = replace(older, trainer="J Smith", age=4, official_rating=88, form="31-2", silks="Red, white cap")
    a_run("unplaced", 40, older, Placing("1", 1))
    a_run("tenth", 30, older, *(Placing(str(n % 10), n) for n in range(1, 11)))
    a_run("won", 20, older, Placing("0", 1))
    a_run("third", 10, newest, Placing("2", 1), Placing("1", 2), Placing("0", 3))
    a_run("untold", 5, newest)

    page = client.get("/horses/quiet-harbour").text

    assert "Horse, 4 years old · rated 88 · trained by J Smith · form 31-2" in words(page)
    assert links(page, "J Smith")[0] == "/trainers/j-smith"
    assert 'role="img" aria-label="Red, white cap"' in page
    form = re.search(r'<ol class="form-line".*?</ol>', page, re.DOTALL)
    assert form is not None
    figures = re.findall(r'href="/races/(\w+)" title="([^"]+)"><b>(\w+)</b> <span>(\d+ \w{3})</span>', form[0])
    told = [("unplaced", "unplaced of 10", "unpl"), ("tenth", "10th of 10", "0"), ("won", "1st of 10", "1"),
            ("third", "3rd of 10", "3")]  # fmt: skip
    assert [figure[:3] for figure in figures] == [(race, f"{words} at Wexmoor", place) for race, words, place in told]
    third = db.session.get_one(Race, "third").meeting.day
    assert figures[-1][3] == f"{third.day} {third:%b}"


def test_a_horse_without_a_run_has_no_form_line_and_a_jockey_no_silks(client: FlaskClient) -> None:
    a_run("untold", 5, RunnerDeclared("0", "Quiet Harbour", "7", None, "R Moore"))

    assert "Form here" not in client.get("/horses/quiet-harbour").text
    assert '<svg class="silks"' in client.get("/horses/quiet-harbour").text
    assert '<svg class="silks"' not in client.get("/jockeys/r-moore").text
