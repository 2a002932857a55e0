"""Who looks at a page: the user behind the cookie, if any."""

from racing.models import User
from racing.services import accounts
from racing.views import page_session


def page_user() -> User | None:
    """Return who is signed in on this page, None where nobody is; asked once a request."""
    sign_in = page_session.current()
    return None if sign_in is None else accounts.active_user(sign_in.user_id)
