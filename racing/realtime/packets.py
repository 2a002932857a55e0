"""What a client may send as a packet, and how the libraries' word of those that it may not is told."""

import logging
import re
from typing import Any

import structlog
from socketio.packet import ACK, BINARY_ACK, BINARY_EVENT, CONNECT_ERROR, EVENT, Packet

log = structlog.get_logger()
MOST_ATTACHMENTS = 4  # no event of ours takes any; a few are let through to be refused in words
BINARY = {EVENT: BINARY_EVENT, ACK: BINARY_ACK}
RESERVED = ("connect", "disconnect")
# Type, number of attachments, namespace without its query: as the library's own parser takes them apart.
ADDRESS = re.compile(r"([0-6])(?:[0-9]+-)?(/[^,?]*)?")


class ClientPacket(Packet):  # type: ignore[misc]
    """A Socket.IO packet that takes from a client only what is one."""

    packet_type: int

    @classmethod
    def data_is_binary(cls, data: Any) -> bool:
        """Tell whether an argument is bytes. The library looks into every value, which is most of a message's cost."""
        return isinstance(data, list) and any(isinstance(part, bytes | bytearray) for part in data)

    def encode(self) -> Any:
        """As the library's."""
        try:
            return super().encode()
        except TypeError:
            attached = BINARY.get(int(self.packet_type))
            if attached is None:
                raise
            self.packet_type = attached  # bytes somewhere inside an argument
            return super().encode()

    def decode(self, encoded_packet: Any) -> int:
        """As the library's. Raises ValueError for what it would trip over later."""
        attachments = int(super().decode(encoded_packet) or 0)
        if attachments > MOST_ATTACHMENTS:
            raise ValueError("too many attachments")
        if self.packet_type in (EVENT, BINARY_EVENT):
            if not isinstance(self.data, list) or not self.data or not isinstance(self.data[0], str):
                raise ValueError("an event without a name")
            if self.data[0] in RESERVED:
                raise ValueError("an event by a reserved name")
        elif self.packet_type == BINARY_ACK and not isinstance(self.data, list):
            raise ValueError("an acknowledgement that is no list")
        return attachments


def address(encoded: str) -> tuple[int, str]:
    """Return type and namespace of an encoded packet. Raises ValueError for what is none."""
    found = ADDRESS.match(encoded)
    if found is None:
        raise ValueError("no packet")
    return int(found[1]), found[2] or "/"


def invalid_namespace(namespace: str) -> str:
    """Return the packet that tells a client that there is no such namespace."""
    return str(Packet(CONNECT_ERROR, {"message": "Invalid namespace"}, namespace=namespace).encode())


class QuietLogger(logging.Filter):
    """Tells what the libraries log about a client's misdeeds in a line: no traceback, no alarm."""

    def filter(self, record: logging.LogRecord) -> bool:
        """Pass the record on to our own log; the library's handlers never see it."""
        said = record.getMessage()[:200]
        if said.startswith(("connect handler", "disconnect handler")):
            log.error(said, exc_info=record.exc_info)  # these are ours, and must not fail
        else:
            log.info(said, library=record.name, error=repr(record.exc_info[1])[:200] if record.exc_info else None)
        return False


def quiet_logger(name: str) -> logging.Logger:
    """Return a logger for one of the libraries that speaks through ours."""
    logger = logging.getLogger(f"racing.{name}")
    logger.setLevel(logging.ERROR)
    if not logger.filters:
        logger.addFilter(QuietLogger())
    return logger


class DebugStream:
    """A file for what eventlet's WebSocket writes of a connection that is gone already."""

    def write(self, line: str) -> None:
        """Log one line, for whoever debugs."""
        log.debug("websocket", line=line.strip())
