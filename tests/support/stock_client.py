"""The stock Python client that follows one race and notes all that it is told, as npm/crowd.mjs does."""

import threading
import time
from typing import Any

import msgpack
from socketio.exceptions import BadNamespaceError

from tests.support.in_order import InOrder
from tests.support.notes import Note

ASK_EVERY_S = 0.02
READY_S = 20.0


class NotingClient:
    """Connected, subscribed and asking from the start; `end` it."""

    def __init__(self, url: str, transports: list[str], race_id: str, how: dict[str, str], asks: str) -> None:
        self.race_id, self._how, self._asks = race_id, how, asks
        self.notes: list[Note] = []
        self._changed, self._held, self._asked = threading.Condition(), -1, 0
        self._client = InOrder(reconnection=False)
        self._client.on("subscribed", self._subscribed)
        self._client.on("odds_update", self._update)
        self._client.on("error", lambda told: self._note(Note("error", str(told))))
        self._client.on("disconnect", lambda reason: self._note(Note("disconnect", str(reason))))
        self._ready, self._is_over = threading.Event(), threading.Event()
        self._client.connect(url, transports=transports)
        self._client.emit("subscribe_race", {"raceId": race_id, **how}, callback=self._first)
        self._asking = threading.Thread(target=self._ask_on, daemon=True)
        self._asking.start()

    @property
    def transport(self) -> str:
        """The one it has come to."""
        return str(self._client.transport())

    def is_ready(self) -> bool:
        """Wait until its subscription was answered."""
        return self._ready.wait(READY_S)

    def reaches(self, version: int, within_s: float) -> bool:
        """Wait until it holds this version."""
        with self._changed:
            return self._changed.wait_for(lambda: self._held >= version, within_s)

    def end(self) -> list[Note]:
        """Disconnect; return what was noted before."""
        self._is_over.set()
        self._asking.join(READY_S)
        notes = list(self.notes)
        self._client.shutdown()
        return notes

    def _note(self, note: Note) -> None:
        with self._changed:
            self.notes.append(note)
            self._held = max(self._held, note.version or 0) if note.what == "update" else self._held
            self._changed.notify_all()

    def _subscribed(self, told: dict[str, Any]) -> None:
        self._note(Note("subscribed", told["raceId"], told["version"]))

    def _update(self, told: Any) -> None:
        message = msgpack.unpackb(told) if isinstance(told, bytes) else told
        payload = message["payload"]
        self._note(Note("update", message["raceId"], payload["version"], payload["base"], payload["full"]))

    def _first(self, _answer: Any) -> None:
        self._note(Note("ack", 0))
        self._ready.set()

    def _ask_on(self) -> None:
        if not self._ready.wait(READY_S):
            return
        while not self._is_over.is_set():
            answered = threading.Event()
            try:
                self._ask(answered)
            except BadNamespaceError:
                return  # it has lost its connection, which is noted
            answered.wait(READY_S)
            time.sleep(ASK_EVERY_S)

    def _ask(self, answered: threading.Event) -> None:
        self._asked += 1
        number = self._asked

        def note(answer: dict[str, Any]) -> None:
            self._note(Note("ack", number, answer.get("version")))
            answered.set()

        body = None if self._asks == "ping" else {"raceId": self.race_id, **self._how, "since": self._held}
        self._client.emit(self._asks, body, callback=note)
