"""TLS before a server that speaks none, its certificate signed by nobody: so does Heroku show its Redis."""

import socket
import ssl
import subprocess
import threading
from pathlib import Path
from types import TracebackType
from typing import Self

from tests.support.needs import need_program


class TlsFront:
    """Passes on what comes over TLS to a port of this machine. Use it as a context."""

    def __init__(self, behind: int, folder: Path) -> None:
        self._behind = behind
        folder.mkdir(parents=True, exist_ok=True)
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(*self_signed(folder))
        self._listener = context.wrap_socket(
            socket.create_server(("127.0.0.1", 0)), server_side=True, do_handshake_on_connect=False
        )
        self.port = int(self._listener.getsockname()[1])

    def __enter__(self) -> Self:
        threading.Thread(target=self._accept, daemon=True).start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._listener.close()

    def _accept(self) -> None:
        while True:
            try:
                client, _ = self._listener.accept()
            except OSError:
                return  # closed: the context has ended
            threading.Thread(target=self._serve, args=(client,), daemon=True).start()

    def _serve(self, client: ssl.SSLSocket) -> None:
        try:
            client.do_handshake()
        except OSError:
            client.close()  # a client that trusts no such certificate
            return
        behind = socket.create_connection(("127.0.0.1", self._behind))
        threading.Thread(target=_pass_on, args=(client, behind), daemon=True).start()
        _pass_on(behind, client)


def _pass_on(source: socket.socket, sink: socket.socket) -> None:
    try:
        while part := source.recv(65536):
            sink.sendall(part)
    except OSError:
        pass  # either end has gone, so the other goes
    for end in (source, sink):
        end.close()


def self_signed(folder: Path) -> tuple[Path, Path]:
    openssl = need_program(("openssl",), "a certificate")
    certificate, key = folder / "cert.pem", folder / "key.pem"
    kind = ("-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1")
    command = [openssl, "req", "-x509", *kind, "-nodes", "-days", "2", "-subj", "/CN=redis.invalid"]
    subprocess.run([*command, "-keyout", key, "-out", certificate], check=True, capture_output=True)
    return certificate, key
