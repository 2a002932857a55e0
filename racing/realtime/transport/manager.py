"""The Socket.IO client manager's way to many: a broadcast is encoded once and framed once, whatever the room holds."""

from array import array
from collections.abc import Callable, Iterator, Sequence
from typing import Any, NamedTuple, cast

from engineio.packet import MESSAGE, Packet
from socketio.manager import Manager
from socketio.packet import EVENT

from racing.realtime.messages import Shared
from racing.realtime.transport.frames import Framed
from racing.realtime.transport.internals import members, send, sessions
from racing.realtime.transport.output import Output
from racing.realtime.transport.session import Session


class Receivers(NamedTuple):
    """Who is in a room, by how they are written to."""

    plain: "array[int]"
    compact: "array[int]"
    others: Sequence[str]
    """Engine.IO sessions that are not ours: they poll."""


class Encoded(NamedTuple):
    """An event as it leaves."""

    parts: Sequence[str | bytes]
    """Socket.IO's: text, and its attachments."""
    framed: Framed


class Room(dict[str, str]):
    """The members of a room: connection -> Engine.IO session. The library's bidict weighs three times that."""

    __slots__ = ()

    @property
    def _fwdm(self) -> dict[str, str]:
        return self


class FanOutManager(Manager):  # type: ignore[misc]
    """Sends straight to the WebSockets of a room; what is asked for beside that goes the library's way."""

    output: Output | None = None
    """Where frames go; None while the library serves WebSockets by itself."""

    def __init__(self, *args: Any, **options: Any) -> None:
        """As the library's."""
        super().__init__(*args, **options)
        self._receivers: dict[tuple[str, str], Receivers] = {}
        self._rooms_of: dict[str, list[str]] = {}

    # --- sending ----------------------------------------------------------------------------------------------------

    def emit(
        self,
        event: str,
        data: Any,
        namespace: str,
        room: Any = None,
        skip_sid: Any = None,
        callback: Callable[..., Any] | None = None,
        to: Any = None,
        **options: Any,
    ) -> None:
        """Send an event to the members of a room, at the end of this turn of the loop."""
        room = to or room
        if self.output is None or callback is not None or skip_sid or not isinstance(room, str):
            super().emit(event, data, namespace, room, skip_sid, callback, **options)
            return
        receivers = self._receivers.get((namespace, room)) or self._find_receivers(namespace, room)
        if receivers is None:
            return
        parts, framed = self._encoded(event, data, namespace)
        if receivers.plain:
            self.output.to_many(receivers.plain, framed.plain)
        if receivers.compact:
            self.output.to_many(receivers.compact, framed.compact)
        for eio_sid in receivers.others:
            for part in parts:
                send(self.server, eio_sid, Packet(MESSAGE, part))

    def _encoded(self, event: str, data: Any, namespace: str) -> Encoded:
        if isinstance(data, Shared) and data.framed is not None:
            return cast(Encoded, data.framed)
        arguments = list(data) if isinstance(data, tuple) else [] if data is None else [data]
        packet = self.server.packet_class(EVENT, namespace=namespace, data=[event, *arguments])
        encoded = packet.encode()
        parts = encoded if isinstance(encoded, list) else [encoded]
        made = Encoded(parts, Framed([f"{MESSAGE}{part}" if isinstance(part, str) else part for part in parts]))
        if isinstance(data, Shared):
            data.framed = made  # it is sent as one event, in one namespace
        return made

    def _find_receivers(self, namespace: str, room: str) -> Receivers | None:
        here = members(self, namespace, room)
        if here is None:
            return None
        receivers = Receivers(array("i"), array("i"), [])
        for eio_sid, session in self._sessions(here.values()):
            if isinstance(session, Session):
                if session.line.is_open:
                    (receivers.compact if session.line.inflates else receivers.plain).append(session.line.fd)
            else:
                receivers.others.append(eio_sid)  # type: ignore[attr-defined]
        if room not in here:  # not a connection's own, which would be one more for each of them to keep
            self._receivers[namespace, room] = receivers
        return receivers

    def _sessions(self, eio_sids: Any) -> Iterator[tuple[str, Any]]:
        known = sessions(self.server)
        for eio_sid in eio_sids:
            session = known.get(eio_sid)
            if session is not None and not session.closed:
                yield eio_sid, session

    def forget_receivers(self) -> None:
        """Look anew for who is in which room: somebody is reached in another way than before."""
        self._receivers.clear()

    def forget_receiver(self, eio_sid: str) -> None:
        """Write no more to a session that is at its end, though it is still in its rooms."""
        for namespace in self.rooms:
            if (sid := self.sid_from_eio_sid(eio_sid, namespace)) is not None:
                for room in (*self._rooms_of.get(sid, ()), sid):
                    self._receivers.pop((namespace, room), None)

    # --- rooms ------------------------------------------------------------------------------------------------------

    def connect(self, sid: str, namespace: str) -> str:
        """As the library's, which takes a connection that went while it was let in for a session that comes."""
        if not self.is_pre_connected(sid, namespace) and sid not in sessions(self.server):
            return sid
        return str(super().connect(sid, namespace))

    def is_here(self, sid: str, namespace: str = "/") -> bool:
        """Tell whether a connection is there, joined or about to."""
        return sid in self.rooms.get(namespace, {}).get(None, ())

    def basic_enter_room(self, sid: str, namespace: str, room: str | None, eio_sid: str | None = None) -> None:
        """As the library's, with a lighter room."""
        here = self.rooms.get(namespace)
        if room is not None and here is not None:
            if eio_sid is None and sid not in here.get(None, ()):
                raise ValueError("sid is not connected to requested namespace")  # the library leaves a room behind
            if room not in here:
                here[room] = Room()
            self._receivers.pop((namespace, room), None)
        is_new = room is not None and sid not in self.rooms.get(namespace, {}).get(room, ())
        super().basic_enter_room(sid, namespace, room, eio_sid=eio_sid)
        if is_new and room is not None and room != sid:
            self._rooms_of.setdefault(sid, []).append(room)

    def basic_leave_room(self, sid: str, namespace: str, room: str | None) -> None:
        """As the library's."""
        if room is not None:
            self._receivers.pop((namespace, room), None)
            joined = self._rooms_of.get(sid, [])
            if room in joined and sid in self.rooms.get(namespace, {}).get(room, ()):
                joined.remove(room)
        super().basic_leave_room(sid, namespace, room)

    def basic_disconnect(self, sid: str, namespace: str, **_options: Any) -> None:
        """As the library's, which looks into every room there is for this one connection."""
        if namespace not in self.rooms:
            return
        for room in (*self._rooms_of.get(sid, ()), sid, None):
            self.basic_leave_room(sid, namespace, room)
        if not self._rooms_of.get(sid, True):
            del self._rooms_of[sid]
        self.callbacks.pop(sid, None)
        for pending in (self.pending_connect, self.pending_disconnect):
            if sid in pending.get(namespace, ()):
                pending[namespace].remove(sid)
                if not pending[namespace]:
                    del pending[namespace]
