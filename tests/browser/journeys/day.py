"""A real card's race, lived through from the morning to weighed in, as staff and bookmakers write it."""

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any, NamedTuple

from tests.support.servers import RunningServer

CARD = "gb-2025-11-24.json"
BOOKMAKERS = ("tote", "harrow", "bexley")
MORNING = (2.5, 4.0, 5.5, 7.0, 9.0, 12.0, 15.0, 21.0, 26.0, 34.0, 41.0, 51.0, 67.0)
Chapter = tuple[str, Callable[[], None]]


class Runner(NamedTuple):
    """A runner of the race, by the id on the wire."""

    runner_id: str
    name: str


class Day:
    """One race of eight runners or more, and what happens to it. Each chapter is what came about between two looks."""

    def __init__(self, server: RunningServer, data: Path) -> None:
        """Import the real card and take its first race that loses an each-way place with a runner."""
        self.server = server
        server.flask("cards", "import", str(data / "cards" / CARD))
        races = server.api("GET", "/races?date=2025-11-24").json()["races"]
        cards = (server.api("GET", f"/races/{race['raceId']}").json() for race in races)
        card = next(card for card in cards if len(card["runners"]) == 8)
        self.race_id: str = card["raceId"]
        self.runners = [Runner(each["runnerId"], each["name"]) for each in card["runners"]]

    @property
    def chapters(self) -> Sequence[Chapter]:
        """The day in order: a title, and what makes it happen."""
        return (
            ("the morning's prices", self._price_the_field),
            ("a steamer", self._move_the_market),
            ("a withdrawal", self._withdraw_the_last),
            ("going down", lambda: self._status("GOINGDOWN")),
            ("at the post", lambda: self._status("ATTHEPOST")),
            ("the off", lambda: self._status("OFF")),
            ("a photograph", lambda: self._status("PHOTOGRAPH")),
            ("the result", self._declare_a_dead_heat),
            ("an enquiry", lambda: self._post("/enquiry", {"enquiry": True})),
            ("its end", lambda: self._post("/enquiry", {"enquiry": False})),
            ("weighed in", lambda: self._status("WEIGHEDIN")),
        )

    @property
    def image(self) -> dict[str, Any]:
        """What the database holds of the race now."""
        return self.server.api("GET", f"/races/{self.race_id}").json()  # type: ignore[no-any-return]

    def _price_the_field(self) -> None:
        for place, bookmaker in enumerate(BOOKMAKERS):
            self._quote(bookmaker, {each.runner_id: price + place / 2 for each, price in self._priced()})

    def _move_the_market(self) -> None:
        favourite, second = self.runners[0].runner_id, self.runners[1].runner_id
        for bookmaker in BOOKMAKERS:
            self._quote(bookmaker, {favourite: 2.0, second: 5.5})

    def _withdraw_the_last(self) -> None:
        self._post(f"/runners/{self.runners[2].runner_id}/withdraw", None)

    def _declare_a_dead_heat(self) -> None:
        first, second, _, third = self.runners[:4]
        places = ((first, 1, 2.0), (second, 1, 5.5), (third, 3, 7.0))
        placings = [{"runnerId": each.runner_id, "position": position, "sp": sp} for each, position, sp in places]
        self._post("/result", {"placings": placings})

    def _priced(self) -> list[tuple[Runner, float]]:
        return list(zip(self.runners, MORNING, strict=False))

    def _quote(self, bookmaker: str, prices: dict[str, float]) -> None:
        odds = [{"runnerId": runner, "bookmaker": bookmaker, "price": price} for runner, price in prices.items()]
        self._post("/odds", {"odds": odds})

    def _status(self, status: str) -> None:
        self._post("/status", {"status": status})

    def _post(self, path: str, body: Any) -> None:
        answer = self.server.api("POST", f"/races/{self.race_id}{path}", body)
        assert answer.status_code == 200, answer.text
