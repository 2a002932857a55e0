"""A client of HTTP long-polling by hand: single requests to Engine.IO, and what they were answered."""

import json
from http.client import HTTPConnection
from typing import Any

import requests

WITHIN_S = 10.0
SEPARATOR = "\x1e"


class WaitingPoll:
    """A poll that the server has under way."""

    def __init__(self, netloc: str, path: str) -> None:
        self._connection = HTTPConnection(netloc, timeout=WITHIN_S)
        self._connection.request("GET", path)
        for _ in range(2):  # requests are begun in the order they came: after these ours waits
            requests.get(f"http://{netloc}/health", timeout=WITHIN_S)

    def answer(self) -> tuple[int, str]:
        """Wait for the answer; return status and text."""
        answer = self._connection.getresponse()
        return answer.status, answer.read().decode()

    def give_up(self) -> None:
        """Close the connection."""
        self._connection.close()


class PollingClient:
    """One long-polling session, joined to the namespace where `joined` says so; each request has these headers."""

    def __init__(self, url: str, headers: dict[str, str] | None = None, *, joined: bool = False) -> None:
        self.url, self._session, self._headers = url, {}, headers
        opened = requests.get(self.address(), headers=headers, timeout=WITHIN_S)
        assert opened.status_code == 200, opened.text
        self.opening: dict[str, Any] = json.loads(opened.text[1:])
        self._session = {"sid": self.opening["sid"]}
        if joined:
            self.post("40")
            assert self.get().text.startswith("40")

    def address(self, **query: str) -> str:
        """Return the address of Engine.IO, of this session once it has begun."""
        asked = {"EIO": "4", "transport": "polling", **self._session, **query}
        return f"{self.url}/socket.io/?" + "&".join(f"{name}={value}" for name, value in asked.items())

    def websocket_address(self) -> str:
        """Return where a WebSocket would take this session over."""
        return self.address(transport="websocket").replace("http", "ws", 1)

    def get(self) -> requests.Response:
        """Poll once."""
        return requests.get(self.address(), headers=self._headers, timeout=WITHIN_S)

    def wait(self) -> WaitingPoll:
        """Begin a poll for which there is nothing yet."""
        return WaitingPoll(self.url.removeprefix("http://"), self.address().removeprefix(self.url))

    def post(self, *packets: str) -> requests.Response:
        """Send packets in one payload."""
        body = SEPARATOR.join(packets)
        return requests.post(self.address(), data=body, headers=self._headers, timeout=WITHIN_S)
