"""The two tokens of a sign-in: one that opens doors for minutes, one that is spent for the next two."""

from datetime import datetime, timedelta
from secrets import token_hex
from typing import NamedTuple, NoReturn
from uuid import UUID, uuid4, uuid5

import structlog
from flask import current_app
from flask_jwt_extended import create_access_token, create_refresh_token

from racing import metrics
from racing.errors import TokenInvalid
from racing.models import User
from racing.models.columns import now
from racing.services import revocations
from racing.services.sign_ins import SignIn, holder

log = structlog.get_logger()
SPARED = timedelta(seconds=60)
"""For so long a page's refresh token may come again: a browser asks several things at once, and may lose an answer."""
_NEXT = UUID("6b1f4a52-6f0e-4c0b-9d39-0d6f3f0a5a11")  # of no meaning, but always the same


class TokenPair(NamedTuple):
    """Tokens as they travel; `expires_at` is the access token's. `refresh` None: whoever asks has it already."""

    access: str
    refresh: str | None
    expires_at: datetime


def begin(user: User, *, on_pages: bool = False) -> TokenPair:
    """Return the first tokens of a new sign-in of this user; those for pages carry what their forms are bound to."""
    return _pair(user, {"session": str(uuid4()), **({"csrf": token_hex(20)} if on_pages else {})})


def renew(refresh: SignIn) -> TokenPair:
    """Return the next tokens for a refresh token, which is spent by it.

    Raises TokenInvalid where it does not count. Where it was spent before there are two who have it, and nobody can
    tell which one is the thief: the whole sign-in ends. So it does where one comes twice at the same moment.
    """
    if refresh.csrf is not None:
        raise TokenInvalid("This token is a page's.")
    user = _holder(refresh)
    if not revocations.spend(str(refresh.jti), refresh.expires_at):
        _end_copied(refresh, "api")
    return _pair(user, {"session": refresh.session})


def renew_on_page(refresh: SignIn) -> TokenPair:
    """As `renew`, for a browser. What was spent less than SPARED ago is spared: it gets the same next token again.

    Never another one: of two chains of tokens nobody would see that one is the thief's.
    """
    if refresh.csrf is None:
        raise TokenInvalid("This token is no page's.")
    user, jti, following = _holder(refresh), str(refresh.jti), _jti_after(str(refresh.jti))
    claims = {"session": refresh.session, "csrf": refresh.csrf}
    if revocations.spend(jti, refresh.expires_at):
        return _pair(user, claims, following)
    spent_at = revocations.spent_at(jti)
    if spent_at is None or now() - spent_at > SPARED:
        _end_copied(refresh, "page")
    pair = _pair(user, claims, following)
    return pair if revocations.spent_at(following) is None else pair._replace(refresh=None)


def end(sign_in: SignIn) -> None:
    """Take back all tokens of a sign-in; connections that stand on them end."""
    for whole in sign_in.grants[-1:]:  # its session's; its own, where it is a lone token
        revocations.revoke(whole, now() + current_app.config["JWT_REFRESH_TOKEN_EXPIRES"])


def _holder(refresh: SignIn) -> User:
    """As sign_ins.holder, of a refresh token, whether it was spent or not."""
    if refresh.session is None or refresh.jti is None:
        raise TokenInvalid("The token is of no sign-in.")
    return holder(refresh._replace(jti=None))


def _end_copied(refresh: SignIn, way: str) -> NoReturn:
    end(refresh)
    metrics.REUSED_REFRESH_TOKENS.labels(way).inc()
    log.warning("a refresh token came twice: its sign-in has ended", user_id=refresh.user_id, sign_in=refresh.session)
    raise TokenInvalid("The token was used already, so its sign-in has ended: sign in again.")


def _jti_after(jti: str) -> str:
    return str(uuid5(_NEXT, jti))


def _pair(user: User, claims: dict[str, str | None], refresh_jti: str | None = None) -> TokenPair:
    whole = {**claims, "epoch": user.token_epoch}
    expires_at = now().replace(microsecond=0) + current_app.config["JWT_ACCESS_TOKEN_EXPIRES"]
    refresh = create_refresh_token(
        str(user.id), additional_claims=whole | ({"jti": refresh_jti} if refresh_jti else {})
    )
    return TokenPair(create_access_token(str(user.id), additional_claims=whole), refresh, expires_at)
