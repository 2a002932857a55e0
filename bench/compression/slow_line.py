"""A line of a given speed between a client and the server: what a phone is behind.

Downward each segment takes its time, headers included, behind those before it; both ways all of it takes half a round
trip more. What the line holds is bounded, so that the server is held up as by a line.
"""

import asyncio
from typing import NamedTuple

from bench.compression.sizes import SEGMENT

HEADERS = 52
QUEUE_S = 0.5
"""So much of its own time a line holds, as a router does, before the sender is held up."""


class Speed(NamedTuple):
    """What a line is like."""

    name: str
    bits_a_second: float
    round_trip_s: float


SPEEDS = (Speed("400 kbit/s, 200 ms", 400e3, 0.2), Speed("1.6 Mbit/s, 150 ms", 1.6e6, 0.15))


class SlowLine:
    """Passes TCP on to `port`; each connection is a line of its own. Use it as an asynchronous context."""

    def __init__(self, port: int, speed: Speed) -> None:
        """Be the way to `port`."""
        self._target, self._speed = port, speed
        self._passing: list[asyncio.Task[None]] = []
        self.port = 0

    async def __aenter__(self) -> "SlowLine":
        """Let clients come."""
        self._server = await asyncio.start_server(self._join, "127.0.0.1", 0)
        self.port = self._server.sockets[0].getsockname()[1]
        return self

    async def __aexit__(self, *_: object) -> None:
        """Cut them off."""
        self._server.close()
        for task in self._passing:
            task.cancel()
        for task in (await asyncio.wait(self._passing))[0]:
            if not task.cancelled():
                task.result()  # it had failed before

    def _join(self, client: asyncio.StreamReader, to_client: asyncio.StreamWriter) -> None:
        self._passing.append(asyncio.create_task(self._pass(client, to_client)))

    async def _pass(self, client: asyncio.StreamReader, to_client: asyncio.StreamWriter) -> None:
        server, to_server = await asyncio.open_connection("127.0.0.1", self._target, limit=SEGMENT)
        await asyncio.gather(self._up(client, to_server), self._down(server, to_client))

    async def _up(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        while piece := await reader.read(SEGMENT):
            asyncio.get_running_loop().call_later(self._speed.round_trip_s / 2, writer.write, piece)
        writer.close()

    async def _down(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        loop = asyncio.get_running_loop()
        free_at = loop.time()
        while piece := await reader.read(SEGMENT):
            free_at = max(free_at, loop.time()) + 8 * (len(piece) + HEADERS) / self._speed.bits_a_second
            loop.call_at(free_at + self._speed.round_trip_s / 2, writer.write, piece)
            await asyncio.sleep(free_at - QUEUE_S - loop.time())
        loop.call_at(free_at + self._speed.round_trip_s / 2, writer.close)
