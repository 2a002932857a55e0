"""Who asks, over what, under which name: as far as the routers in front are believed."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from flask.testing import FlaskClient
from werkzeug.test import EnvironBuilder, run_wsgi_app

from racing.views.routers import Routers
from tests.views.guarded import in_production


@pytest.fixture(scope="module")
def site(migrated_sqlite: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[FlaskClient]:
    yield from in_production(migrated_sqlite, tmp_path_factory.mktemp("routers"))


def asked(trusted: int, said: dict[str, str]) -> tuple[str, str, list[str]]:
    """Return the address and the scheme that the application sees, and what is left of what was said."""
    seen: list[Any] = []

    def application(environ: dict[str, Any], start_response: Any) -> list[bytes]:
        seen.append(environ)
        start_response("200 OK", [])
        return [b""]

    built = EnvironBuilder(headers=said, environ_base={"REMOTE_ADDR": "10.0.0.1"}).get_environ()
    run_wsgi_app(Routers(application, trusted), built)
    left = [name for name in seen[0] if "FORWARDED" in name or "REAL_IP" in name]
    return seen[0]["REMOTE_ADDR"], seen[0]["wsgi.url_scheme"], left


@pytest.mark.parametrize(
    ("trusted", "said", "address"),
    [(0, "192.0.2.1", "10.0.0.1"), (1, "192.0.2.1", "192.0.2.1"), (1, "198.51.100.6, 192.0.2.1", "192.0.2.1"),
     (2, "198.51.100.6, 192.0.2.1, 10.0.0.9", "192.0.2.1"), (2, "192.0.2.1", "10.0.0.1"), (1, "", "10.0.0.1"),
     (1, "unknown", "10.0.0.1"), (1, "<script>", "10.0.0.1"), (1, "192.0.2.1, ", "192.0.2.1"),
     (1, "192.0.2.1:4711", "192.0.2.1"), (1, "[2001:DB8:0::1]:4711", "2001:db8::1"), (1, "2001:DB8::1", "2001:db8::1"),
     (1, "x" * 9000, "10.0.0.1"), (1, ",".join(["192.0.2.9"] * 500), "192.0.2.9")],
)  # fmt: skip
def test_the_address_is_what_the_last_believed_router_saw(trusted: int, said: str, address: str) -> None:
    assert asked(trusted, {"X-Forwarded-For": said})[0] == address


@pytest.mark.parametrize(
    ("trusted", "said", "scheme"),
    [
        (0, "https", "http"),
        (1, "https", "https"),
        (1, "https, http", "http"),
        (1, "javascript", "http"),
        (1, "", "http"),
    ],
)
def test_the_scheme_is_believed_likewise(trusted: int, said: str, scheme: str) -> None:
    assert asked(trusted, {"X-Forwarded-Proto": said})[1] == scheme


@pytest.mark.parametrize("trusted", [0, 1])
def test_nobody_behind_reads_what_others_said(trusted: int) -> None:
    said = dict.fromkeys(("For", "Proto", "Host", "Port", "Prefix"), "evil.example")
    said = {f"X-Forwarded-{name}": value for name, value in said.items()} | {"Forwarded": "x", "X-Real-IP": "x"}

    assert asked(trusted, said) == ("10.0.0.1", "http", [])


@pytest.mark.parametrize(
    "host",
    ["", "a b", "me@site.example", '"x"', "site.example/path", "site.example:99999", "site.example:x", "<b>", "x" * 256,
     "sité.example".encode().decode("latin-1"), "site.example, evil.example", "[::1", "a\\b", "%0d%0a", "a?b", "a#b"],
)  # fmt: skip
def test_a_host_that_is_none_is_refused_in_words(host: str, site: FlaskClient) -> None:
    page, data, socket = (
        site.get(path, headers={"Host": host}) for path in ("/", "/api/v1/races", "/socket.io/?EIO=4&transport=polling")
    )

    assert [each.status_code for each in (page, data, socket)] == [400] * 3
    assert "no name of a site" in page.text
    assert page.mimetype == "text/html"
    assert data.json is not None
    assert data.json["error"]["type"] == "bad_host"
    assert "no name of a site" in socket.text
    assert "evil" not in page.text + data.text + socket.text


@pytest.mark.parametrize("host", ["localhost:5000", "web_1:5000", "[::1]:5000", "127.0.0.1", "Site.Example."])
def test_a_host_that_is_one_is_served(host: str, site: FlaskClient) -> None:
    assert site.get("/login", headers={"Host": host}).status_code == 200
