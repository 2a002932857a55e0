"""A line between clients and a server that can stall: nothing passes, nothing is closed."""

import selectors
import socket
import threading
import time

PIECE = 65_536


class Relay:
    """Passes TCP on to `port`; use it as a context. `stall` holds up everything that passes."""

    def __init__(self, port: int) -> None:
        self._target = ("127.0.0.1", port)
        self._listener = socket.create_server(("127.0.0.1", 0), backlog=64)
        self.port = int(self._listener.getsockname()[1])
        self._selector = selectors.DefaultSelector()
        self._stalled_until = 0.0
        self._ended = threading.Event()
        self._thread = threading.Thread(target=self._run)

    def __enter__(self) -> "Relay":
        self._selector.register(self._listener, selectors.EVENT_READ)
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._ended.set()
        self._thread.join()
        for key in list(self._selector.get_map().values()):
            key.fileobj.close()  # type: ignore[union-attr]

    def stall(self, seconds: float) -> None:
        """Let nothing pass for so long."""
        self._stalled_until = time.monotonic() + seconds

    def _run(self) -> None:
        while not self._ended.is_set():
            self._ended.wait(self._stalled_until - time.monotonic())
            for key, _ in self._selector.select(0.1):
                if key.fileobj is self._listener:
                    self._join(self._listener.accept()[0])
                else:
                    self._pass(key.fileobj, key.data)  # type: ignore[arg-type]

    def _join(self, client: socket.socket) -> None:
        server = socket.create_connection(self._target)
        self._selector.register(client, selectors.EVENT_READ, server)
        self._selector.register(server, selectors.EVENT_READ, client)

    def _pass(self, source: socket.socket, target: socket.socket) -> None:
        if source.fileno() < 0:
            return  # closed with its other half in this round
        try:
            piece = source.recv(PIECE)
            target.sendall(piece)
        except OSError:
            piece = b""  # reset by either end: for the other it ends as well
        if not piece:
            for end in (source, target):
                self._selector.unregister(end)
                end.close()
