"""What somebody wanted that takes an account: told on the log-in form, and done as soon as somebody is signed in."""

from typing import NamedTuple

from flask import flash, url_for

from racing.errors import Conflict, NotFound
from racing.models import User, WatchKind
from racing.services import watchlists
from racing.views.addresses import own_path


class Wish(NamedTuple):
    """Where to go on to once signed in (empty: nowhere in particular), and what to watch, as `watch_word` writes it.

    `why` is what the form tells of it.
    """

    onward: str
    watch: str
    why: str

    @property
    def asked(self) -> dict[str, str | None]:
        """The query of another form for the same."""
        return {"next": self.onward or None, "watch": self.watch or None}


def watch_word(kind: str, key: str) -> str:
    """Return what stands for watching this in an address or a field."""
    return f"{kind}:{key}"


def wish_of(onward: str | None, watch: str | None) -> Wish:
    """Return what an address or a form asks for; what makes no sense, or leads elsewhere, is no wish."""
    path, name = own_path(onward), _name_of(watch)
    if name:
        return Wish(path, watch or "", f"Once you are signed in, {name} is on your list.")
    is_for_a_price = path.startswith(url_for("mine.new_alert"))
    return Wish(path, "", "Once you are signed in, you say which price to wait for." if is_for_a_price else "")


def grant(wish: Wish, user: User) -> None:
    """Do what the user asked for on the form, and say so on the next page."""
    kind, _, key = wish.watch.partition(":")
    if not key:
        return
    try:
        watchlists.watch(user.id, WatchKind(kind), key)
        flash("It is on your list now. You are told what happens.")
    except (Conflict, NotFound) as error:
        flash(error.message)


def _name_of(watch: str | None) -> str:
    kind, _, key = (watch or "").partition(":")
    if kind not in [each.value for each in WatchKind] or not key.isprintable():
        return ""
    try:
        return watchlists.name_of(WatchKind(kind), key)
    except NotFound:
        return ""
