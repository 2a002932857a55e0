"""A page finds its own release's modules, also while the workers are exchanged."""

import re
import shutil
from pathlib import Path
from urllib.parse import urljoin

import pytest
from flask import Flask, url_for
from flask.testing import FlaskClient

from app import create_app
from racing.views.static_files import FOLDER, fingerprint

SECRETS = {"secret_key": "s" * 32, "jwt_secret": "j" * 32}
OF_ANOTHER_RELEASE = "0123456789ab"


@pytest.fixture
def in_production(sqlite_url: str, tmp_path: Path) -> FlaskClient:
    app = create_app(app_env="production", database_url=sqlite_url, instance_path=tmp_path, **SECRETS)
    return app.test_client()


def named_by(page: str) -> list[str]:
    """Every static address in a page."""
    return re.findall(r'(?:src|href)="(/static/[^"]+)"', page)


def modules_from(client: FlaskClient, entry: str) -> dict[str, int]:
    """Follow the imports of a module as a browser does before it runs it: address -> status."""
    answers: dict[str, int] = {}
    waiting = [entry]
    while waiting:
        address = waiting.pop()
        if address not in answers:
            answer = client.get(address)
            answers[address] = answer.status_code
            if "/vendor/" not in address:
                found = re.findall(r'(?:from|import)\s*"(\.[^"]+)"', answer.get_data(as_text=True))
                waiting += [urljoin(address, one) for one in found]
    return answers


def test_everything_that_a_page_names_is_of_one_release_and_kept_for_ever(in_production: FlaskClient) -> None:
    addresses = named_by(in_production.get("/").get_data(as_text=True))

    assert len(addresses) > 3
    for address in addresses:
        assert address.startswith(f"/static/v-{fingerprint(FOLDER)}/"), address
        answer = in_production.get(address)
        assert answer.status_code == 200
        assert answer.headers["Cache-Control"] == "public, max-age=31536000, immutable"
        assert "Set-Cookie" not in answer.headers, "a shared cache would not keep it"


def test_the_modules_that_a_module_imports_are_of_its_release(in_production: FlaskClient) -> None:
    entry = [one for one in named_by(in_production.get("/").get_data(as_text=True)) if one.endswith(".js")][-1]

    answers = modules_from(in_production, entry)

    assert len(answers) > 10
    assert set(answers.values()) == {200}
    assert all(address.startswith(f"/static/v-{fingerprint(FOLDER)}/") for address in answers)
    kept = {in_production.get(address).headers["Cache-Control"] for address in answers}
    assert kept == {"public, max-age=31536000, immutable"}


def test_a_page_of_another_release_finds_all_its_modules_here_but_nobody_keeps_them(in_production: FlaskClient) -> None:
    entry = f"/static/v-{OF_ANOTHER_RELEASE}/js/race_page.js"

    answers = modules_from(in_production, entry)

    assert len(answers) > 10
    assert set(answers.values()) == {200}
    for address in answers:
        assert in_production.get(address).headers["Cache-Control"] == "private, max-age=10"


def test_an_address_without_a_release_is_asked_for_each_time_and_seldom_sent(in_production: FlaskClient) -> None:
    first = in_production.get("/static/js/live/watch.js")
    again = in_production.get("/static/js/live/watch.js", headers={"If-None-Match": first.headers["ETag"]})

    assert (first.status_code, first.headers["Cache-Control"]) == (200, "no-cache")
    assert (again.status_code, again.data) == (304, b"")


def test_in_development_an_edit_is_seen_at_the_next_load(client: FlaskClient, app: Flask) -> None:
    with app.test_request_context():
        address = url_for("static", filename="css/base.css")

    assert client.get(address).headers["Cache-Control"] == "no-cache"


@pytest.mark.parametrize("address", ["/static/js/nothing.js", "/static/v-0123456789ab/js/nothing.js", "/static/js"])
def test_what_is_not_there_is_not_found(in_production: FlaskClient, address: str) -> None:
    assert in_production.get(address).status_code == 404


@pytest.mark.parametrize(
    "address", ["/static/../app.py", "/static/v-0123456789ab/../../../app.py", "/static/%2e%2e/app.py"]
)
def test_nothing_outside_the_folder_is_served(in_production: FlaskClient, address: str) -> None:
    assert in_production.get(address).status_code == 404


def test_a_fingerprint_changes_with_every_change_and_with_nothing_else(tmp_path: Path) -> None:
    release, copy = tmp_path / "release", tmp_path / "copy"
    shutil.copytree(FOLDER, release)
    shutil.copytree(FOLDER, copy, copy_function=shutil.copyfile)  # other times of change, as on another host
    before = fingerprint(release)
    assert fingerprint(copy) == before

    edited = release / "js" / "live" / "board.js"
    edited.write_text(edited.read_text() + "\n")
    after_an_edit = fingerprint(release)
    edited.rename(edited.with_name("boards.js"))

    assert len({before, after_an_edit, fingerprint(release)}) == 3
