"""As many writes as can be: a program of its own, so that the tests that measure are not slowed down by it.

Reads `{"addresses", "token", "race_ids", "writers", "a_second", "seconds"}` from stdin; tells what it got as JSON.
"""

import json
import socket
import sys
import threading
import time
from collections import Counter
from typing import Any
from urllib.parse import urlsplit


class StormWriter:
    """One connection that is kept alive, over which one bookmaker's prices go, each after the last one's answer."""

    def __init__(self, number: int, order: dict[str, Any]) -> None:
        self._netloc = urlsplit(order["addresses"][number % len(order["addresses"])]).netloc
        self._race_id = order["race_ids"][number % len(order["race_ids"])]
        self._bookmaker, self._token = f"storm-{number}", order["token"]
        self._every_s, self._seconds = order["writers"] / order["a_second"], order["seconds"]
        self.statuses: Counter[int] = Counter()
        self.took_s: list[float] = []

    def run(self) -> None:
        """Write until the time is over, at most as often as ordered."""
        host, port = self._netloc.split(":")
        line = socket.create_connection((host, int(port)), 30)
        line.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        begun = time.monotonic()
        for n in range(10**6):
            wait = begun + n * self._every_s - time.monotonic()
            if wait > 0:
                time.sleep(wait)
            if time.monotonic() - begun > self._seconds:
                break
            at = time.monotonic()
            line.sendall(self._request(n))
            self.statuses[_status(line)] += 1
            self.took_s.append(time.monotonic() - at)
        line.close()

    def _request(self, n: int) -> bytes:
        quote = {"runnerId": str(1 + n % 4), "bookmaker": self._bookmaker, "price": round(2 + n / 100, 2)}
        body = json.dumps({"odds": [quote]}).encode()
        head = (
            f"POST /api/v1/races/{self._race_id}/odds HTTP/1.1\r\nHost: {self._netloc}\r\n"
            f"Authorization: Bearer {self._token}\r\nContent-Type: application/json\r\n"
            f"Content-Length: {len(body)}\r\n\r\n"
        )
        return head.encode() + body


def _status(line: socket.socket) -> int:
    came = b""
    while b"\r\n\r\n" not in came:
        came += _more(line)
    head, _, body = came.partition(b"\r\n\r\n")
    length = next(
        int(field.split(b":")[1]) for field in head.split(b"\r\n") if field.lower().startswith(b"content-length")
    )
    while len(body) < length:
        body += _more(line)
    return int(head.split(b" ")[1])


def _more(line: socket.socket) -> bytes:
    part = line.recv(65536)
    if not part:
        raise ConnectionError("the worker has hung up")
    return part


def main() -> None:
    """Let it blow."""
    order = json.load(sys.stdin)
    writers = [StormWriter(number, order) for number in range(order["writers"])]
    threads = [threading.Thread(target=writer.run) for writer in writers]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    took = sorted(took for writer in writers for took in writer.took_s)
    statuses = sum((writer.statuses for writer in writers), Counter())
    print(json.dumps({"statuses": statuses, "median_s": took[len(took) // 2], "p99_s": took[int(0.99 * len(took))]}))


if __name__ == "__main__":
    main()
