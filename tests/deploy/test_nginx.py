"""The router of deploy/ in front of two workers: who comes to which, and what it adds."""

import json
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager

import pytest
import requests

from tests.support.cluster import RunningCluster
from tests.support.raw import RawClient
from tests.support.servers import RunningServer
from tests.support.wire import Punter, all_is_quiet

pytestmark = pytest.mark.soak  # nginx is installed for `make soak` and `make cluster` only

POLL = {"EIO": "4", "transport": "polling"}
PONG = "3"
CROWD = 16
FAILED_LOGINS = 3


@pytest.fixture(scope="module")
def cluster(tmp_path_factory: pytest.TempPathFactory) -> Iterator[RunningCluster]:
    """Two workers as in production. They log no error meanwhile."""
    settings = {"APP_ENV": "production", "FAILED_LOGINS_PER_MINUTE": str(FAILED_LOGINS)}
    with RunningCluster(tmp_path_factory.mktemp("cluster"), **settings) as running:
        assert all(worker.token for worker in running.workers)  # before somebody has used the log-ins up
        yield running
        for worker in running.workers:
            assert all_is_quiet(worker), worker.log


@contextmanager
def away(*workers: RunningServer) -> Iterator[None]:
    """Let these workers be gone meanwhile."""
    for worker in workers:
        worker.kill()
    yield
    for worker in workers:
        worker.start()


@pytest.fixture
def front(cluster: RunningCluster) -> str:
    """The address of nginx."""
    return cluster.nginx.url


def sid_in(opening: str) -> str:
    """The session's id in an Engine.IO OPEN packet."""
    return str(json.loads(opening[1:])["sid"])


def port_that_knows(cluster: RunningCluster, sid: str) -> int:
    """The port of the worker that holds this session."""
    answers = {
        worker.port: requests.post(f"{worker.url}/socket.io/", params={**POLL, "sid": sid}, data=PONG).text
        for worker in cluster.workers
    }
    (port,) = (port for port, answer in answers.items() if "Session ID unknown" not in answer)
    return port


def begin_to_poll(front: str, client: requests.Session) -> str:
    """Open a long-polling session and use it; every request must come to the worker that knows it."""
    sid = sid_in(client.get(f"{front}/socket.io/", params=POLL).text)
    for _ in range(5):
        assert client.post(f"{front}/socket.io/", params={**POLL, "sid": sid}, data=PONG).text == "OK"
    return sid


def test_browsers_behind_one_address_poll_at_both_workers_each_at_its_own(cluster: RunningCluster, front: str) -> None:
    at: Counter[int] = Counter()
    for _ in range(CROWD):
        browser = requests.Session()
        browser.get(f"{front}/")  # a page gives the cookie
        at[port_that_knows(cluster, begin_to_poll(front, browser))] += 1

    assert len(at) == 2, at


def test_a_client_without_cookies_polls_at_one_worker(cluster: RunningCluster, front: str) -> None:
    at = set()
    for _ in range(3):
        client = requests.Session()
        client.cookies.set_policy(requests.cookies.cookielib.DefaultCookiePolicy(allowed_domains=[]))
        client.get(f"{front}/")
        assert not client.cookies
        at.add(port_that_knows(cluster, begin_to_poll(front, client)))

    assert len(at) == 1


def test_a_page_gives_its_cookie_once_and_an_api_answer_none(front: str) -> None:
    browser = requests.Session()

    assert "punter" in browser.get(f"{front}/").cookies
    assert "punter=" not in browser.get(f"{front}/").headers.get("Set-Cookie", "")
    assert "Set-Cookie" not in requests.get(f"{front}/api/v1/races").headers


def test_web_sockets_from_one_address_spread_over_both_workers(cluster: RunningCluster, front: str) -> None:
    clients = [RawClient(front) for _ in range(CROWD)]

    at = Counter(port_that_knows(cluster, sid_in(client.opening)) for client in clients)
    for client in clients:
        client.socket.shutdown()

    assert len(at) == 2
    assert min(at.values()) >= CROWD // 4, at


@pytest.mark.parametrize("transport", ["websocket", "polling"])
def test_a_price_reaches_a_punter_through_the_router(cluster: RunningCluster, front: str, transport: str) -> None:
    worker = cluster.workers[0]
    race = worker.declare(f"by-{transport}")
    with Punter(front, transport) as punter:
        punter.follow(race, mode="delta")
        version = worker.price(race, r1=2.5)
        assert punter.next("odds_update", race)["payload"]["version"] == version


def test_a_client_cannot_say_that_it_comes_from_elsewhere(front: str) -> None:
    def log_in(pretended: str) -> int:
        body = {"email": "nobody@example.org", "password": "wrong, and long enough"}
        headers = {"X-Forwarded-For": pretended}
        return requests.post(f"{front}/api/v1/auth/login", json=body, headers=headers).status_code

    codes = [log_in(f"198.51.100.{n}") for n in range(2 * FAILED_LOGINS + 2)]

    # Two workers count together; each knows a moment later what the other counted.
    assert codes[0] == 401
    assert codes[-1] == 429


ENCODINGS = {
    "gzip, deflate, br, zstd": ("zstd", "br"),
    "gzip, deflate, br": ("br", "br"),
    "gzip": ("gzip", "gzip"),
    "br;q=0, identity": (None, None),
}


def test_all_is_compressed_once_and_the_router_keeps_static_files_in_each_encoding(
    cluster: RunningCluster, front: str
) -> None:
    page = requests.get(f"{front}/")
    address = next(part for part in page.text.split('"') if part.endswith("/css/base.css"))
    assert address.startswith("/static/v-")
    asked = {accepted: {"Accept-Encoding": accepted} for accepted in ENCODINGS}

    pages = {accepted: requests.get(f"{front}/", headers=headers) for accepted, headers in asked.items()}
    styles = {accepted: requests.get(f"{front}{address}", headers=headers) for accepted, headers in asked.items()}

    for accepted, (of_page, of_file) in ENCODINGS.items():
        assert pages[accepted].headers.get("Content-Encoding") == of_page
        assert styles[accepted].headers.get("Content-Encoding") == of_file
        assert styles[accepted].headers["Cache-Control"] == "public, max-age=31536000, immutable"
        assert "Accept-Encoding" in styles[accepted].headers["Vary"]
    plain = styles["br;q=0, identity"].text
    (compressed,) = {style.text for style in styles.values() if style.text != plain}
    assert len(compressed) < len(plain)  # what only its readers need stays behind
    with away(*cluster.workers):
        for accepted, headers in asked.items():
            kept = requests.get(f"{front}{address}", headers=headers)
            assert (kept.text, kept.headers.get("Content-Encoding")) == (styles[accepted].text, ENCODINGS[accepted][1])


def test_a_request_has_one_id_in_the_log_of_the_router_and_of_the_worker(cluster: RunningCluster, front: str) -> None:
    answer = requests.get(f"{front}/races/nowhere", headers={"X-Request-ID": "of-the-client"})

    assert f" {answer.headers['X-Request-ID']} " in cluster.nginx.log
    assert "of-the-client" not in cluster.nginx.log


def test_nobody_outside_sees_the_counters(cluster: RunningCluster, front: str) -> None:
    assert requests.get(f"{front}/metrics").status_code == 404
    assert requests.get(f"{cluster.workers[0].url}/metrics").status_code == 200


def test_while_one_worker_is_away_everything_is_answered_by_the_other(cluster: RunningCluster, front: str) -> None:
    worker, other = cluster.workers
    race = worker.declare("one-away")
    body, headers = {"odds": [{"runnerId": "1", "price": 2.5}]}, {"Authorization": f"Bearer {other.token}"}

    with away(worker):
        pages = [requests.get(f"{front}/races/{race}").status_code for _ in range(10)]
        write = requests.post(f"{front}/api/v1/races/{race}/odds", json=body, headers=headers)

    assert pages == [200] * 10
    assert (write.status_code, write.json()["version"]) == (200, 1)


def test_while_all_are_away_the_api_says_so_in_json_and_a_page_tries_again(cluster: RunningCluster, front: str) -> None:
    with away(*cluster.workers):
        told, page = requests.get(f"{front}/api/v1/races"), requests.get(f"{front}/")

    assert (told.status_code, told.json()["error"]["type"]) == (503, "unavailable")
    assert page.status_code == 503
    assert 'http-equiv="refresh"' in page.text


def test_what_is_far_too_large_is_refused_in_json(front: str) -> None:
    answer = requests.post(f"{front}/api/v1/odds", data=b" " * 3_000_000)

    assert (answer.status_code, answer.json()["error"]["type"]) == (413, "too_large")
