"""A page's WebSocket that follows races, with compression or without, and how long its prices took."""

import asyncio
import base64
import json
import os
from datetime import datetime
from typing import Any

from wsproto.extensions import PerMessageDeflate
from wsproto.frame_protocol import FrameProtocol, Opcode

from racing.realtime.transport.handshake import AGREED, END
from tests.support.websocket_frames import TEXT, frame

OFFER = "permessage-deflate; client_max_window_bits"
"""What browsers say."""
PIECE = 65_536


class Page:
    """What one client was sent."""

    def __init__(self, *, inflates: bool) -> None:
        """`inflates`: offer compression."""
        self.inflates = inflates
        self.delays_ms: list[float] = []
        self.bytes = 0
        self.opened_after_s = 0.0
        self.has_opened = asyncio.Event()
        self._waits_for: set[str] = set()
        self._asked_at = 0.0
        self._parts: list[str] = []

    async def follow(self, port: int, race_ids: list[str], mode: str) -> None:
        """Connect, follow these races, and note what comes until the server or the caller ends it."""
        reader, self._writer = await asyncio.open_connection("127.0.0.1", port)
        key = base64.b64encode(os.urandom(16)).decode()
        lines = [
            "GET /socket.io/?EIO=4&transport=websocket HTTP/1.1", "Host: bench", "Upgrade: websocket",
            "Connection: Upgrade", f"Sec-WebSocket-Key: {key}", "Sec-WebSocket-Version: 13",
            *([f"Sec-WebSocket-Extensions: {OFFER}"] if self.inflates else []),
        ]  # fmt: skip
        self._writer.write("\r\n".join(lines).encode() + END)
        answer = await reader.readuntil(END)
        assert (AGREED.encode() in answer) == self.inflates, answer
        deflate = PerMessageDeflate()
        deflate.finalize(AGREED)
        protocol = FrameProtocol(client=True, extensions=[deflate] if self.inflates else [])
        self._say("40")
        self._subscription = json.dumps(["subscribe_races", {"raceIds": race_ids, "mode": mode}])
        self._waits_for = set(race_ids)
        while piece := await reader.read(PIECE):
            self.bytes += len(piece)
            protocol.receive_bytes(piece)
            for one in protocol.received_frames():
                assert one.opcode is Opcode.TEXT, one
                self._parts.append(one.payload)  # type: ignore[arg-type]
                if one.message_finished:
                    self._take("".join(self._parts))
                    self._parts = []

    def restart(self) -> None:
        """Forget what was noted."""
        self.delays_ms, self.bytes = [], 0

    def _say(self, packet: str) -> None:
        self._writer.write(frame(TEXT, packet.encode()))

    def _take(self, packet: str) -> None:
        if packet == "2":
            self._say("3")
        elif packet.startswith("40"):
            self._asked_at = asyncio.get_running_loop().time()
            self._say(f"42{self._subscription}")
        elif packet.startswith("42"):
            event, message = json.loads(packet[2:])
            if event == "odds_update":
                self._note(message)

    def _note(self, message: Any) -> None:
        sent_at = datetime.fromisoformat(message["timestamp"])
        self.delays_ms.append(1000 * (datetime.now(sent_at.tzinfo) - sent_at).total_seconds())
        self._waits_for.discard(message["raceId"])
        if not self._waits_for and not self.has_opened.is_set():
            self.opened_after_s = asyncio.get_running_loop().time() - self._asked_at
            self.has_opened.set()
