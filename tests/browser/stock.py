"""A site with something on every page: a day's card, a large race, results of all kinds, news, and a reader's own."""

import re
from datetime import UTC, datetime, timedelta
from functools import partial
from typing import NamedTuple
from zoneinfo import ZoneInfo

import requests

from tests.support.servers import STAFF_EMAIL, STAFF_PASSWORD, RunningServer

BOOKMAKERS = ("harrow", "bexley", "tote", "kestrel-sports", "exchange")
PUNTER_EMAIL, PUNTER_PASSWORD = "punter@example.org", "a punter's long password"
ADMIN_EMAIL, ADMIN_PASSWORD = "admin@example.org", "an admin's long password"
TOKEN = re.compile(r'name="csrf_token" value="([^"]+)"')
LONDON = ZoneInfo("Europe/London")
# Odds of sixteen runners at the first bookmaker; each other one is a little beside it.
ODDS = (3.25, 4.5, 7, 8, 9, 11, 13, 15, 17, 21, 23, 26, 34, 41, 67, 101)
MOVED = {"1": 2.88, "2": 5.0, "5": 7.5}
_HORSES = (
    "Quiet Harbour", "Paper Lantern", "Thistledown Waltz", "Sixpenny Semaphore", "Unhurried Cartographer",
    "Otter Parade", "Inkwell Gambit", "Copper Pocketwatch", "Borrowed Umbrella", "Velvet Barnacle", "Juniper Falcon",
    "Teacup Riddle", "Postscript Anthem", "Weathervane Otter", "Lamplit Meridian", "Lopsided Skylark",
)  # fmt: skip
_JOCKEYS = ("A Tunnicott", "R Verrinder", "J Oldacre", "M Pennyfold")
_TRAINERS = ("S Quillback", "B Ashmarsh", "D Marrowby", "T Skelhorne", "K Dunwether")
_SILKS = (
    "Royal blue, white hoop, red sleeves, white cap", "Emerald green, yellow chevron, white sleeves, green cap",
    "Red and white quarters, white sleeves, red cap", "Yellow, black spots, yellow sleeves, black cap",
    "Purple, orange cross belts, purple sleeves, orange cap", "White, pink star, white sleeves, pink cap",
)  # fmt: skip


class Stock(NamedTuple):
    """Where to find what was put on the site: parts of addresses."""

    race: str
    over: str
    abandoned: str
    meeting: str
    day: str
    article: str
    horse: str
    jockey: str
    trainer: str
    course: str


def stock(server: RunningServer) -> Stock:
    """Fill the site of a server with a fresh database; return what is where."""
    at = datetime.now(UTC).replace(second=0, microsecond=0)
    server.flask("demo", "--once")
    race = _large_race(server, at + timedelta(minutes=22))
    over = _run_race(server, at - timedelta(minutes=20))
    abandoned = _abandoned_race(server, at - timedelta(minutes=50))
    article = _news(server, race)
    _drafts(server, race)
    _reader(server, race)
    _admin(server)
    day = f"{(at + timedelta(minutes=22)).astimezone(LONDON):%Y-%m-%d}"
    return Stock(
        race, over, abandoned, f"ashcombe-park-{day}", day, article,
        horse="quiet-harbour", jockey="a-tunnicott", trainer="s-quillback", course="ashcombe-park",
    )  # fmt: skip


def _declare(server: RunningServer, race_id: str, off: datetime, title: str, runners: int) -> str:
    card = {
        "raceId": race_id, "course": "Ashcombe Park", "offTime": f"{off:%Y-%m-%dT%H:%M:%S}Z", "title": title,
        "distance": "1m2f", "going": "Good to Soft", "raceClass": "Class 3", "country": "GB", "timeZone": LONDON.key,
        "prize": "£24,500", "runners": [_runner(place) for place in range(runners)],
    }  # fmt: skip
    _write(server, "/races", card)
    return race_id


def _runner(place: int) -> dict[str, object]:
    return {
        "runnerId": str(place + 1), "number": str(place + 1), "name": _HORSES[place], "draw": (place * 7) % 16 + 1,
        "jockey": _JOCKEYS[place % len(_JOCKEYS)], "trainer": _TRAINERS[place % len(_TRAINERS)],
        "weight": f"9-{12 - place % 12}", "age": 3 + place % 5, "form": "12-305"[place % 4 :],
        "officialRating": 95 - place,
        "silks": _SILKS[place % len(_SILKS)], **({"claim": 5} if place == 3 else {}),
        **({"headgear": "p"} if place == 2 else {}), **({"courseDistance": "CD"} if place in (0, 5) else {}),
    }  # fmt: skip


def _price(server: RunningServer, race_id: str, odds: dict[str, float], bookmakers: tuple[str, ...]) -> None:
    entries = [
        {"runnerId": runner, "bookmaker": bookmaker, "price": round(price * (1 + (place - 1) * 0.03), 2)}
        for place, bookmaker in enumerate(bookmakers)
        for runner, price in odds.items()
    ]
    _write(server, f"/races/{race_id}/odds", {"odds": entries})


def _write(server: RunningServer, path: str, body: dict[str, object]) -> None:
    answer = server.api("POST", path, body)
    assert answer.ok, f"{path}: {answer.text}"


def _large_race(server: RunningServer, off: datetime) -> str:
    race_id = _declare(server, "ashcombe-large", off, "The Harbour Lights Handicap", 16)
    _price(server, race_id, {str(n + 1): price for n, price in enumerate(ODDS)}, BOOKMAKERS)
    _write(server, f"/races/{race_id}/runners/4/withdraw", {})
    _price(server, race_id, MOVED, BOOKMAKERS)
    _write(server, f"/races/{race_id}/status", {"status": "GOINGDOWN"})
    return race_id


def _run_race(server: RunningServer, off: datetime) -> str:
    race_id = _declare(server, "ashcombe-over", off, "The Old Ferry Maiden Stakes", 8)
    _price(server, race_id, {str(n + 1): price for n, price in enumerate(ODDS[:8])}, BOOKMAKERS[:3])
    _write(server, f"/races/{race_id}/runners/8/withdraw", {})
    _write(server, f"/races/{race_id}/status", {"status": "OFF"})
    placings = [
        {"runnerId": runner, "position": position, "sp": sp}
        for runner, position, sp in (("2", 1, 4.5), ("1", 2, 3.25), ("5", 2, 9), ("3", 4, 7))
    ]
    _write(server, f"/races/{race_id}/result", {"placings": placings})
    return race_id


def _abandoned_race(server: RunningServer, off: datetime) -> str:
    race_id = _declare(server, "ashcombe-abandoned", off, "The Millpond Novice Stakes", 6)
    _write(server, f"/races/{race_id}/status", {"status": "ABANDONED"})
    return race_id


def _news(server: RunningServer, race: str) -> str:
    about = ("The going eases at Ashcombe Park", "Nine millimetres fell overnight; no inspection is planned.", race)
    others = (
        ("Quiet Harbour is backed again", "The favourite shortens for the third day running.", race),
        ("A new stand opens at Castle Ridge", "Room for four thousand, and a weighing room with windows.", None),
    )
    for title, summary, race_id in (*others, about):
        body = (
            f"{summary}\n\nThe clerk of the course walked the straight at seven.\n\nMore is said before the first race."
        )
        article = {"title": title, "summary": summary, "body": body, **({"raceId": race_id} if race_id else {})}
        answer = server.api("POST", "/news", article)
        assert answer.status_code == 201, answer.text
    return str(answer.json()["slug"])


def _drafts(server: RunningServer, race: str) -> None:
    """One article that is being written, one that waits for its time."""
    body = "## What is known\n\n- **Good to Soft**\n- no inspection\n\n| Course | mm |\n|---|---|\n| Far side | 9 |"
    about = {"summary": "After the rain of the night.", "body": body, "raceId": race}
    at = f"{datetime.now(LONDON) + timedelta(days=1):%Y-%m-%dT%H:%M}"
    with requests.Session() as session:
        _send(session, server, "/login", email=STAFF_EMAIL, password=STAFF_PASSWORD)
        write = partial(_send, session, server, "/staff/news/new", **about)
        write(do="save", title="How the going is at seven", key="draft-1")
        write(do="schedule", title="Declarations for tomorrow are in", publishAt=at, key="draft-2")


def _reader(server: RunningServer, race: str) -> None:
    """A punter who was told two things, watches some of each kind, and waits for two prices."""
    create = ("users", "create", PUNTER_EMAIL, "--role", "punter", "--password-stdin")
    server.flask(*create, stdin=PUNTER_PASSWORD)
    for title, kind in (
        ("Quiet Harbour is 15/8", "price.alert"),
        ("Going down for the 14:05 Ashcombe Park", "race.status"),
    ):
        told = {"email": PUNTER_EMAIL, "kind": kind, "title": title, "body": "As you asked.", "url": f"/races/{race}"}
        _write(server, "/notifications", told)
    with requests.Session() as session:
        _send(session, server, "/login", email=PUNTER_EMAIL, password=PUNTER_PASSWORD)
        for kind, key in (
            ("race", race),
            ("horse", "paper-lantern"),
            ("jockey", "a-tunnicott"),
            ("trainer", "b-ashmarsh"),
        ):
            _send(session, server, "/my/watches", kind=kind, key=key, do="watch")
        _send(session, server, "/my/alerts", race=race, runner="2", wanted="bigger", price="10/1")
        _send(session, server, "/my/alerts", race=race, runner="1", wanted="shorter", price="5/1")  # it is that already


def _admin(server: RunningServer) -> None:
    """An admin, who has made a feed's user and two keys, one of which is revoked."""
    server.flask("users", "create", ADMIN_EMAIL, "--role", "admin", "--password-stdin", stdin=ADMIN_PASSWORD)
    with requests.Session() as session:
        _send(session, server, "/login", email=ADMIN_EMAIL, password=ADMIN_PASSWORD)
        feed = "feed@example.org"
        _send(session, server, "/staff/users", email=feed, role="feed", password=ADMIN_PASSWORD)
        for name in ("Tote, from the Ashcombe office", "Kestrel Sports, by night"):
            _send(session, server, "/staff/keys", name=name, email=feed)
        _send(session, server, "/staff/keys/2/revoke")


def _send(session: requests.Session, server: RunningServer, path: str, **typed: str) -> None:
    """Send a form as the browser of that session would."""
    token = TOKEN.search(session.get(f"{server.url}/settings", timeout=30).text)
    assert token is not None
    typed["csrf_token"] = token[1]
    answer = session.post(f"{server.url}{path}", data=typed, allow_redirects=False, timeout=30)
    assert answer.status_code in (201, 302, 303), f"{path}: {answer.status_code}"
