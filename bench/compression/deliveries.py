"""The server's processor time a delivery, plain beside compressed, by the number of those who get it.

Through the product's send loop, over TCP; who reads is another process, on another core.
"""

import multiprocessing
import os
import selectors
import socket
import time
from array import array
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from multiprocessing.connection import Connection
from statistics import median
from typing import NamedTuple

from bench.compression.samples import Sample
from bench.compression.table import show
from bench.servers import LOAD_CORE, SERVER_CORE
from racing.realtime.transport import frames
from racing.realtime.transport.frames import Framed
from racing.realtime.transport.send_loop import Part, SendLoop
from racing.realtime.transport.send_loops import best

ROOMS = {1: 300, 10: 300, 100: 100, 1000: 40}
"""How many get a message, and how often it is measured."""
FOR_EVER_NS = 1 << 62
PIECE = 1 << 20


class Cost(NamedTuple):
    """Medians, in µs."""

    making: float
    writing: float


class Crowd:
    """Connections, a process that reads them, and the loop that writes to them."""

    def __init__(self, loop: SendLoop, fds: "array[int]", reader: Connection) -> None:
        """`reader` is told how much to expect, and answers when it has come."""
        self._loop, self._fds, self._reader = loop, fds, reader

    def cost(self, sample: Sample, room: int, *, compact: bool) -> Cost:
        """Send a message once; return the processor time."""
        fds = self._fds[:room]
        began = time.thread_time_ns()
        framed = Framed(sample.packets)
        wire = framed.compact if compact else framed.plain
        made = time.thread_time_ns()
        unsent = self._loop.begin([Part(fds, wire)]).run(FOR_EVER_NS)
        written = time.thread_time_ns()
        assert not unsent, "the readers do not keep up"
        self._reader.send(room * len(wire))
        self._reader.recv()
        return Cost((made - began) / 1000, (written - made) / 1000)


@contextmanager
def crowd(size: int) -> Iterator[Crowd]:
    """Have so many connections for a while."""
    here, there = multiprocessing.Pipe()
    listener = socket.create_server(("127.0.0.1", 0), backlog=size)
    reading = multiprocessing.get_context("fork").Process(target=_read, args=(listener, size, there), daemon=True)
    reading.start()
    clients = [socket.create_connection(listener.getsockname()) for _ in range(size)]
    for client in clients:
        client.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        client.setblocking(False)
    here.recv()
    loop = best({})
    for client in clients:
        loop.admit(client.fileno())
    os.sched_setaffinity(0, {SERVER_CORE})
    try:
        yield Crowd(loop, array("i", [client.fileno() for client in clients]), here)
    finally:
        os.sched_setaffinity(0, {SERVER_CORE, LOAD_CORE})
        reading.terminate()
        reading.join()
        for one in (*clients, listener):
            one.close()


def _read(listener: socket.socket, size: int, asked: Connection) -> None:
    os.sched_setaffinity(0, {LOAD_CORE})
    selector = selectors.DefaultSelector()
    selector.register(asked, selectors.EVENT_READ)
    for _ in range(size):
        selector.register(listener.accept()[0], selectors.EVENT_READ)
    asked.send(size)
    came = expected = 0
    while True:
        for key, _ in selector.select():
            if key.fileobj is asked:
                expected += asked.recv()
            else:
                came += len(key.fileobj.recv(PIECE))  # type: ignore[union-attr]
        if expected and came == expected:
            came = expected = 0
            asked.send(0)


def report(samples: Sequence[Sample]) -> None:
    """Print what a delivery costs, for each message and room."""
    rows = []
    with crowd(max(ROOMS)) as everybody:
        for sample in samples:
            for room, times in ROOMS.items():
                plain, compact = _costs(everybody, sample, room, times)
                rows.append([*_row(sample, room, plain, compact)])
    head = ["message", "room", "plain, µs a delivery", "compressed", "ratio", "of it made once", "saved a send()"]
    show(f"Processor time a delivery, level {frames.LEVEL}", head, rows)


def _costs(everybody: Crowd, sample: Sample, room: int, times: int) -> tuple[Cost, Cost]:
    took: dict[bool, list[Cost]] = {False: [], True: []}
    for _ in range(times):
        for kind, costs in took.items():
            costs.append(everybody.cost(sample, room, compact=kind))
    plain, compact = (Cost(*(median(of) for of in zip(*costs, strict=True))) for costs in took.values())
    return plain, compact


def _row(sample: Sample, room: int, plain: Cost, compact: Cost) -> Iterator[object]:
    each = [sum(cost) / room for cost in (plain, compact)]
    yield from (sample.name, room, *each, f"{each[1] / each[0]:.2f}")
    yield from (compact.making - plain.making, f"{(plain.writing - compact.writing) / room:.2f}")
