"""Whom each view is for: declared beside it, in one word; guard.py lets nobody else come so far."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from enum import Enum, auto
from typing import Any, TypeVar

from racing.access import Access
from racing.models import User
from racing.views.identity import refresh_user, token_user, writing_user
from racing.views.signed_in import page_user

V = TypeVar("V", bound=Callable[..., Any])
Onward = str | Callable[[], Mapping[str, Any]]


class Keeping(Enum):
    """Who may keep an answer, to show it again."""

    NOBODY = auto()
    ITS_READER = auto()
    """Whoever it says itself; where somebody is signed in, that reader's own browser alone."""
    AS_IT_SAYS = auto()
    """It is the same for everybody."""


@dataclass(frozen=True)
class Declared:
    """Whom a view is for, and what goes with that.

    `asks` returns who is asking, None for nobody, or raises what makes 401. `onward` tells of a page how its reader
    comes back after signing in. `is_limited`: it writes, WRITES_PER_SECOND times a user.
    """

    access: Access
    asks: Callable[[], User | None] = lambda: None
    keeping: Keeping = Keeping.NOBODY
    onward: Onward | None = None
    is_limited: bool = False

    def __call__(self, view: V) -> V:
        """Declare it of a view."""
        view.declared = self  # type: ignore[attr-defined]
        return view


def declared(view: Callable[..., Any]) -> Declared | None:
    """Return what a view says of itself, None where it says nothing."""
    return getattr(view, "declared", None)


# --- pages: by the cookie that says who is signed in ------------------------------------------------------------------

for_anyone = Declared(Access.ANYONE, keeping=Keeping.ITS_READER)
"""For everybody, signed in or not."""

the_same_for_anyone = replace(for_anyone, keeping=Keeping.AS_IT_SAYS)
"""As `for_anyone`; who is signed in makes no difference."""

way_in = replace(for_anyone, keeping=Keeping.NOBODY)
"""As `for_anyone`; its answers hold tokens, or what somebody typed to get some."""

for_operators = Declared(Access.OPERATOR)
"""For whoever the router lets come here."""


def signed_in_only(form_page: Onward, keeping: Keeping = Keeping.ITS_READER) -> Declared:
    """For the signed-in, who is `g.user`; others are sent to sign in, and back after it.

    A form cannot be sent again by a redirect, so after signing in `form_page` (an endpoint) is opened anew; a function
    in its place returns what the log-in page is told of the form sent: `next`, a path, and what to `watch`.
    """
    return Declared(Access.USER, page_user, keeping, form_page)


staff_only = replace(signed_in_only("staff.desk", Keeping.NOBODY), access=Access.STAFF)
"""As `signed_in_only`, for staff; others get 403."""

admin_only = replace(staff_only, access=Access.ADMIN)
"""As `staff_only`, for admins alone."""

# --- the API: by a token or an API key in a header --------------------------------------------------------------------

by_token = Declared(Access.USER, token_user)
"""For the user of an access token, who is `g.user`."""

by_refresh_token = Declared(Access.USER, refresh_user, is_limited=True)
"""For the user of a refresh token, which is spent: that is a write."""

own_writer = Declared(Access.OWN, token_user, is_limited=True)
"""As `by_token`: the view writes nothing but what is the user's own."""

writer = Declared(Access.WRITER, writing_user, is_limited=True)
"""For staff and feeds, by token or by API key, as fast as WRITES_PER_SECOND."""

staff_writer = replace(writer, access=Access.STAFF)
"""As `writer`, for staff alone."""
