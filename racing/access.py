"""Who may do what: decided here alone, for pages, the API and the live connection. What nobody allows is refused."""

from collections.abc import Mapping
from enum import StrEnum

from racing.errors import Forbidden, Unauthorized


class Role(StrEnum):
    """What a user may do: a punter reads, a feed writes odds and results, staff also publish, an admin all."""

    PUNTER = "punter"
    FEED = "feed"
    STAFF = "staff"
    ADMIN = "admin"


class Access(StrEnum):
    """Whom something is for. Each page, route of the API and event of a client names one of these."""

    ANYONE = "anyone"
    OPERATOR = "operators"
    USER = "a user"
    OWN = "a user: its own"
    WRITER = "staff and feeds"
    STAFF = "staff"
    ADMIN = "admins"


_STAFF = frozenset((Role.STAFF, Role.ADMIN))
_USERS = frozenset(Role)
_NOBODY: frozenset[Role | None] = frozenset((None,))
_ADMITTED: Mapping[Access, frozenset[Role | None]] = {
    Access.ANYONE: _NOBODY | _USERS,
    # Who is an operator is decided in front of us: the router lets nobody else through (docs/operations.md).
    Access.OPERATOR: _NOBODY | _USERS,
    Access.USER: _USERS,
    Access.OWN: _USERS,
    Access.WRITER: _STAFF | {Role.FEED},
    Access.STAFF: _STAFF,
    Access.ADMIN: frozenset((Role.ADMIN,)),
}


def is_admitted(role: Role | None, access: Access) -> bool:
    """Tell whether somebody of that role may have what is for `access`; `role` None: nobody is signed in."""
    return role in _ADMITTED.get(access, ())


def decide(role: Role | None, access: Access) -> None:
    """Let somebody of that role through. Raises Unauthorized where nobody is signed in, else Forbidden."""
    if is_admitted(role, access):
        return
    if role is None:
        raise Unauthorized("Sign in first.")
    raise Forbidden(f"This is for {access}.")
