"""A mail server that keeps what it is given."""

import contextlib
import ssl
from collections.abc import Iterator
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import default
from pathlib import Path
from queue import Queue
from typing import Any

from aiosmtpd.controller import Controller
from aiosmtpd.smtp import AuthResult

from tests.support.ports import free_port
from tests.support.tls_front import self_signed

WITHIN_S = 15


class Mailbox:
    """What has come: each mail, with whom its envelope names and whether it came over TLS."""

    def __init__(self, port: int) -> None:
        self.port, self.user, self.password = port, "offtime", "p@ss/word"
        self._came: Queue[tuple[EmailMessage, list[str], bool]] = Queue()

    @property
    def url(self) -> str:
        return f"smtp://127.0.0.1:{self.port}"

    async def handle_DATA(self, _server: Any, session: Any, envelope: Any) -> str:  # noqa: N802  # the library calls it so
        mail = message_from_bytes(envelope.content, policy=default)
        assert isinstance(mail, EmailMessage)
        self._came.put((mail, envelope.rcpt_tos, session.ssl is not None))
        return "250 kept"

    def next(self) -> tuple[EmailMessage, list[str], bool]:
        """Wait for the next mail."""
        return self._came.get(timeout=WITHIN_S)

    @property
    def is_empty(self) -> bool:
        return self._came.empty()


@contextlib.contextmanager
def mailbox(tls_in: Path | None = None) -> Iterator[Mailbox]:
    """Serve one; with a folder for its certificate it takes nothing but over STARTTLS, from who signs in."""
    box, options = Mailbox(free_port()), {}
    if tls_in is not None:
        tls_in.mkdir(parents=True, exist_ok=True)
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(*self_signed(tls_in))

        def knows(_server: Any, _session: Any, _envelope: Any, _mechanism: str, data: Any) -> AuthResult:
            right = (data.login, data.password) == (box.user.encode(), box.password.encode())
            return AuthResult(success=right)

        options = {"tls_context": context, "require_starttls": True, "auth_required": True, "authenticator": knows}
    controller = Controller(box, hostname="127.0.0.1", port=box.port, **options)
    controller.start()
    try:
        yield box
    finally:
        controller.stop()
