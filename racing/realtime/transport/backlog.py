"""What a client has not taken yet."""

from collections import deque
from typing import Any

MOST_JOINED = 64
"""Rests joined into one send()."""


class Backlog:
    """What a client has not taken yet."""

    __slots__ = ("bytes", "frames", "is_full")

    def __init__(self) -> None:
        """Begin with nothing."""
        self.frames: deque[bytes] = deque()
        self.bytes = 0
        self.is_full = False

    def add(self, frames: bytes) -> None:
        """Keep some more."""
        self.frames.append(frames)
        self.bytes += len(frames)

    def send(self, sock: Any) -> bool:
        """Write on as far as it goes; tell whether all is gone. Raises OSError where the socket is dead."""
        while self.frames:
            joined = b"".join(self.frames.popleft() for _ in range(min(MOST_JOINED, len(self.frames))))
            try:
                sent = sock.send(joined)
            except (BlockingIOError, InterruptedError):
                sent = 0
            self.bytes -= sent
            if sent < len(joined):
                self.frames.appendleft(joined[sent:])
                return False
        return True
