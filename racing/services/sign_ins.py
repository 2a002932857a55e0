"""Everything somebody is signed in with, ended at once: a new epoch begins, and the tokens of those before are void."""

from racing.models import User
from racing.models.columns import now


def end_all(user: User) -> None:
    """Begin a new epoch, in the running change: no token given until now counts after it.

    Whoever calls it tells the connections after the commit: `identities.end(users=[...])`.
    """
    user.token_epoch += 1
    user.signed_out_at = now()
