"""Counting together: what another worker counted counts here too, unless it is told too late to be true any more."""

from collections.abc import Callable, Mapping
from typing import Any

from racing.realtime.shared_limits import LATEST_S, SharedStorage


class Wire:
    """The link's place between two workers: what one says the other hears when it is delivered."""

    def __init__(self) -> None:
        self.said: list[dict[str, Any]] = []
        self._hear: Callable[[Mapping[str, Any]], None] = lambda message: None

    def on(self, _kind: str, hear: Callable[[Mapping[str, Any]], None]) -> None:
        self._hear = hear

    def say(self, _kind: str, **message: Any) -> None:
        self.said.append(message)

    def deliver(self, to: "Wire", *, late_s: float = 0.0) -> None:
        for message in self.said:
            to._hear({**message, "at": message["at"] - late_s})


def two_workers() -> tuple[SharedStorage, Wire, SharedStorage, Wire]:
    one, other, wire, other_wire = SharedStorage(), SharedStorage(), Wire(), Wire()
    one.join(wire)  # type: ignore[arg-type]
    other.join(other_wire)  # type: ignore[arg-type]
    return one, wire, other, other_wire


def test_what_one_worker_counts_the_other_counts_too() -> None:
    one, wire, other, other_wire = two_workers()
    one.incr("user:1", 60)
    one.incr("user:1", 60)
    wire.deliver(other_wire)

    assert other.incr("user:1", 60) == 3
    assert len(other_wire.said) == 1  # what it heard it does not tell again


def test_what_a_hung_redis_tells_late_shuts_no_writer_out() -> None:
    one, wire, other, other_wire = two_workers()
    one.incr("a minute's", 60)
    wire.deliver(other_wire, late_s=LATEST_S + 0.1)
    one.incr("a second's", 1)
    wire.deliver(other_wire, late_s=LATEST_S + 0.1)

    assert other.incr("a minute's", 60) == 1
    assert other.incr("a second's", 1) == 1


def test_what_is_told_after_its_own_second_is_not_counted_in_the_next() -> None:
    one, wire, other, other_wire = two_workers()
    one.incr("a second's", 1)
    wire.deliver(other_wire, late_s=1.1)

    assert other.incr("a second's", 1) == 1
