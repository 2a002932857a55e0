"""One turn's messages to many sockets, one send() for each: what a loop that does that is asked."""

from array import array
from collections.abc import Sequence
from typing import NamedTuple, Protocol


class Part(NamedTuple):
    """The same bytes for several sockets."""

    fds: "array[int]"
    """32-bit, each descriptor once."""
    frames: bytes


class Unsent(NamedTuple):
    """A socket that did not take all that it was to get."""

    fd: int
    sent: int
    """Bytes that went; below 0 where the socket is dead."""
    frames: list[bytes]


class Job(Protocol):
    """A run over all sockets that get something, which may be interrupted."""

    def run(self, until_ns: int) -> list[Unsent]:
        """Write until that moment of the monotonic clock; return who did not take all."""

    @property
    def is_done(self) -> bool:
        """Tell whether everybody has been written to."""


class SendLoop(Protocol):
    """Writes; knows of no connection, only of descriptors."""

    name: str

    def begin(self, parts: Sequence[Part]) -> Job:
        """Return the job of writing to each descriptor the parts it is in, in their order. Nothing is written yet.

        No other job may begin before this one is done.
        """

    def abandon(self) -> None:
        """Forget the job that was begun and will not be run to its end."""

    def admit(self, fd: int) -> None:
        """Get to know a descriptor, before anything is written to it."""

    def set_busy(self, fd: int, *, busy: bool) -> None:
        """Note whether a descriptor has older bytes to send first: what it gets then comes back whole, as unsent."""
