"""Bytes and zlib's time of one message, by level and memory."""

import time
import zlib
from collections.abc import Sequence
from statistics import median
from typing import NamedTuple

from bench.compression.samples import Sample
from bench.compression.table import show
from racing.realtime.transport import frames

# Of a segment on the internet 1,500 bytes less 20 of IP, 32 of TCP.
SEGMENT = 1448
TIMES = 40


class Way(NamedTuple):
    """How zlib is asked."""

    level: int
    memory: int


OURS = Way(frames.LEVEL, frames.MEMORY)
WAYS = tuple(dict.fromkeys((Way(1, OURS.memory), Way(6, OURS.memory), Way(9, OURS.memory), Way(6, 8))))


def report(samples: Sequence[Sample]) -> None:
    """Print what each message weighs and costs."""
    ways = [f"{way.level}, memory {way.memory}" for way in WAYS]
    head = ["message", "plain, bytes", *ways, *(f"µs: {words}" for words in ways), "saved", "segments"]
    show("Bytes, and µs to make them, by level", head, [_row(sample) for sample in samples])


def _row(sample: Sample) -> list[object]:
    payload = max(sample.payloads, key=len)
    took: dict[Way, list[int]] = {way: [] for way in WAYS}
    for _ in range(TIMES):
        for way in WAYS:
            began = time.perf_counter_ns()
            _deflated(payload, way)
            took[way].append(time.perf_counter_ns() - began)
    plain = sum(len(frames.plain(packet)) for packet in sample.packets)
    # As if all were worth it: where that is so, is the question.
    whole = plain - len(payload)
    sizes = [whole + len(_deflated(payload, way)) - len(frames.EMPTY_BLOCK) for way in WAYS]
    ours = sizes[WAYS.index(OURS)]
    segments = f"{-(-plain // SEGMENT)} to {-(-ours // SEGMENT)}"
    times = [median(took[way]) / 1000 for way in WAYS]
    return [sample.name, plain, *sizes, *times, f"{100 * (plain - ours) / plain:.0f} %", segments]


def _deflated(payload: bytes, way: Way) -> bytes:
    deflate = zlib.compressobj(way.level, zlib.DEFLATED, -zlib.MAX_WBITS, way.memory)
    return deflate.compress(payload) + deflate.flush(zlib.Z_SYNC_FLUSH)
