"""What was taken back before its time, tokens and whole sign-ins: kept in the database, known in this process."""

from collections.abc import Callable, Collection, Mapping
from datetime import datetime
from typing import Any, cast

from flask import Flask, current_app
from sqlalchemy import delete, select
from sqlalchemy.dialects import postgresql, sqlite

from racing.extensions import db
from racing.models import RevokedToken, User
from racing.models.columns import now
from racing.realtime import identities
from racing.realtime.identities import Ended
from racing.services.transactions import one_change

BELIEVED_S = 1.0
"""For how long this process believes that something was not taken back, before it asks the database again."""
MOST_KNOWN = 10_000

Grants = Collection[str]


class KnownRevocations:
    """What this process knows: what was taken back, for good; what was not, for a moment. To forget costs a look."""

    def __init__(self, clock: Callable[[], float]) -> None:
        """`clock` returns seconds."""
        self._clock = clock
        self._revoked: dict[str, None] = {}
        self._good_until: dict[str, float] = {}

    def note(self, grants: Grants) -> None:
        """These were taken back: that counts at once."""
        self._revoked.update(dict.fromkeys(grants))
        _keep_newest(self._revoked)

    def hold(self, grants: Grants, read: Callable[[Grants], Grants]) -> bool:
        """Tell whether any of these was taken back; `read` returns those that the database has as taken back."""
        asked_at = self._clock()
        if not self._revoked.keys().isdisjoint(grants):
            return True
        if all(self._good_until.get(grant, 0.0) > asked_at for grant in grants):
            return False
        self.note(read(grants))
        self._good_until.update(dict.fromkeys(grants, asked_at + BELIEVED_S))
        _keep_newest(self._good_until)
        # What was taken back here while the database was asked is known by now, whatever it answered.
        return not self._revoked.keys().isdisjoint(grants)


def is_revoked(grants: Grants) -> bool:
    """Tell whether any of these ids, of tokens or sign-ins, was taken back: here at once, elsewhere a second ago."""
    return _known().hold(grants, _taken_back)


def spend(jti: str, expires_at: datetime) -> bool:
    """Note that a token that counts once was used; tell whether that was the first time. Of two at once it is one's.

    Those long expired are forgotten on the way.
    """
    dialect = postgresql if db.engine.dialect.name == "postgresql" else sqlite
    with one_change():
        db.session.execute(delete(RevokedToken).where(RevokedToken.expires_at < now()))
        row = {"jti": jti, "expires_at": expires_at, "revoked_at": now()}
        insert = dialect.insert(RevokedToken).values(row).on_conflict_do_nothing().returning(RevokedToken.jti)
        return db.session.scalar(insert) is not None


def spent_at(jti: str) -> datetime | None:
    """Return when this token was used, None where it was not."""
    return db.session.scalar(select(RevokedToken.revoked_at).where(RevokedToken.jti == jti))


def revoke(token_or_session: str, expires_at: datetime) -> bool:
    """Take a token, or all of a sign-in's, back until they expire by themselves; tell whether that is new.

    Connections that stand on it end, at all workers.
    """
    is_new = spend(token_or_session, expires_at)
    _known().note([token_or_session])
    identities.end(grants=[token_or_session])
    return is_new


def ended_since(since: datetime) -> Ended:
    """Return what was taken back after `since`: tokens, sign-ins, users disabled and users signed out everywhere."""
    grants = db.session.scalars(select(RevokedToken.jti).where(RevokedToken.revoked_at > since)).all()
    signed_out = db.session.execute(select(User.id, User.token_epoch).where(User.signed_out_at > since))
    users: dict[int, int | None] = {user_id: epoch for user_id, epoch in signed_out}  # noqa: C416  # rows are no pairs
    disabled = db.session.scalars(select(User.id).where(User.disabled_at > since)).all()
    db.session.rollback()  # a snapshot kept open would show the next read the past
    _known().note(grants)
    return Ended(grants, users | dict.fromkeys(disabled))


def hear(app: Flask, message: Mapping[str, Any]) -> None:
    """Let what another worker says was taken back count here, too."""
    ended = Ended.heard(message)
    cast(KnownRevocations, app.extensions["revocations"]).note(ended.grants)
    app.extensions["identities"].end(ended)


def _known() -> KnownRevocations:
    return cast(KnownRevocations, current_app.extensions["revocations"])


def _taken_back(grants: Grants) -> Grants:
    return db.session.scalars(select(RevokedToken.jti).where(RevokedToken.jti.in_(grants))).all()


def _keep_newest(known: dict[str, Any]) -> None:
    while len(known) > MOST_KNOWN:
        del known[next(iter(known))]
