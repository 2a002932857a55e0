"""Whose a connection is, for how long: what puts it into a user's private room, and takes it out again."""

import math
from collections.abc import Callable, Collection, Mapping
from datetime import UTC, datetime
from types import MappingProxyType
from typing import Any, NamedTuple

import structlog
from flask import current_app

from racing.realtime import messages, rooms
from racing.realtime.shapes import Reason

log = structlog.get_logger()
Emit = Callable[..., Any]
# A row that is committed late, or by a host whose clock is behind ours, is still seen.
LOOK_BACK_S = 60


class Identity(NamedTuple):
    """Who a token says somebody is. `grants` are the ids it stands and falls with: the token's own, its session's.

    `epoch` is that of the user in which it was given.
    """

    user_id: int
    expires_at: datetime
    grants: tuple[str, ...]
    epoch: int = 0


class Ended(NamedTuple):
    """What has been taken back: tokens or sessions, and what users were given before an epoch (None: all of it)."""

    grants: Collection[str] = ()
    users: Mapping[int, int | None] = MappingProxyType({})

    def includes(self, identity: Identity) -> bool:
        """Tell whether this identity is among it."""
        if not set(identity.grants).isdisjoint(self.grants):
            return True
        began = self.users.get(identity.user_id, 0)
        return began is None or identity.epoch < began

    def said(self) -> dict[str, Any]:
        """Return it as other workers are told."""
        return {"grants": list(self.grants), "users": list(self.users.items())}

    @classmethod
    def heard(cls, message: Mapping[str, Any]) -> "Ended":
        """Return what another worker has said."""
        return cls(message["grants"], {int(user_id): epoch for user_id, epoch in message["users"]})


ReadEnded = Callable[[datetime], Ended]
"""since -> what was taken back after it."""


class Identities:
    """The signed-in connections of this worker. Public races are none of its business: it only knows private rooms."""

    def __init__(
        self,
        emit: Emit,
        enter_room: Callable[[str, str], None],
        leave_room: Callable[[str, str], None],
        read_ended: ReadEnded,
        clock: Callable[[], float],
    ) -> None:
        """`emit(event, message, to=sid)`; rooms are entered and left by `(sid, room)`; `clock` tells Unix time."""
        self._emit, self._enter_room, self._leave_room = emit, enter_room, leave_room
        self._read_ended, self._clock = read_ended, clock
        self._held: dict[str, Identity] = {}
        self._first_expiry = math.inf

    def sign_in(self, sid: str, identity: Identity) -> None:
        """Let a connection be this user's from now on, whoever's it was before."""
        before = self._held.get(sid)
        if before is not None and before.user_id != identity.user_id:
            self._leave_room(sid, rooms.user(before.user_id))
        self._held[sid] = identity
        self._first_expiry = min(self._first_expiry, identity.expires_at.timestamp())
        self._enter_room(sid, rooms.user(identity.user_id))

    def of(self, sid: str) -> Identity | None:
        """Return whose connection this is, None for an anonymous one. An identity past its time counts no more."""
        held = self._held.get(sid)
        return held if held is not None and held.expires_at.timestamp() > self._clock() else None

    def forget(self, sid: str) -> None:
        """Drop a connection that has gone; Socket.IO takes it out of its rooms by itself."""
        self._held.pop(sid, None)

    def due_in(self) -> float | None:
        """Return in how many seconds the next identity expires; None where nobody is signed in."""
        return None if math.isinf(self._first_expiry) else self._first_expiry - self._clock()

    def do_due(self) -> None:
        """Take private rooms from those whose token has expired, with a word of warning. They keep their races."""
        now = self._clock()
        if now < self._first_expiry:
            return
        for sid, identity in list(self._held.items()):
            if identity.expires_at.timestamp() <= now:
                self._dismiss(sid, identity, "token_expired", "The token has expired: authenticate again.")
        times = (identity.expires_at.timestamp() for identity in self._held.values())
        self._first_expiry = min(times, default=math.inf)

    def end(self, ended: Ended) -> None:
        """Take private rooms at once from every connection that stands on something taken back."""
        for sid, identity in list(self._held.items()):
            if ended.includes(identity):
                self._dismiss(sid, identity, "token_invalid", "You are signed out: this connection is anonymous now.")

    def poll(self) -> None:
        """Ask what other processes have taken back (a sign-out at another worker, `users disable`)."""
        if self._held:
            since = datetime.fromtimestamp(self._clock() - LOOK_BACK_S, UTC)
            self.end(self._read_ended(since))

    def _dismiss(self, sid: str, identity: Identity, reason: Reason, sentence: str) -> None:
        # The room first: from here on nothing private reaches this connection.
        self._leave_room(sid, rooms.user(identity.user_id))
        self._held.pop(sid, None)
        self._emit("error", messages.error(reason, sentence), to=sid)
        log.info("a connection is anonymous again", user_id=identity.user_id, why=reason)


def end(grants: Collection[str] = (), users: Collection[int] | Mapping[int, int | None] = ()) -> None:
    """Tell the connections of all workers what was taken back. Call it after the commit.

    `users` says in which epoch of each a connection must have been signed in to stay; where it only lists them, none.
    """
    ended = Ended(grants, users if isinstance(users, Mapping) else dict.fromkeys(users))
    current_app.extensions["identities"].end(ended)
    if (link := current_app.extensions["link"]) is not None:
        link.say("ended", **ended.said())
