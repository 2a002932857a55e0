"""What can go wrong at the house, each with its type on the wire, its HTTP status and one sentence."""

from collections.abc import Mapping, Sequence
from typing import Any, ClassVar


class RacingError(Exception):
    """A request that the house refuses. Whoever raises it has changed nothing.

    `fields` names what is wrong where a form or a payload has several parts: place -> sentence.
    """

    type: ClassVar[str] = "server_error"
    status: ClassVar[int] = 500

    def __init__(self, message: str, fields: Mapping[str, Any] | None = None) -> None:
        super().__init__(message)
        self.message = message
        self.fields = dict(fields or {})

    def as_dict(self) -> dict[str, Any]:
        """Return `{type, message, fields?}`, the shape PROTOCOL gives every error."""
        error: dict[str, Any] = {"type": self.type, "message": self.message}
        if self.fields:
            error["fields"] = self.fields
        return error


class InvalidInput(RacingError):
    """Malformed: a price off the scale, a slug that is none, a missing field."""

    type, status = "invalid_payload", 422


class NotJson(RacingError):
    """The body is not JSON at all."""

    type, status = "invalid_payload", 400


class BadHost(RacingError):
    """The Host header is no name of a site."""

    type, status = "bad_host", 400


class Malformed(RacingError):
    """The request is no HTTP that can be relied on."""

    type, status = "bad_request", 400


class Unsupported(RacingError):
    """A body in a form that is not read here."""

    type, status = "invalid_payload", 415


class TooLarge(RacingError):
    """More than anybody here has to say at once."""

    type, status = "too_large", 413


class Unauthorized(RacingError):
    """Nobody is signed in, or the password is wrong."""

    type, status = "unauthorized", 401


class TokenInvalid(RacingError):
    """A token that is not ours, was revoked, or belongs to a disabled user."""

    type, status = "token_invalid", 401


class TokenExpired(RacingError):
    """A token past its time."""

    type, status = "token_expired", 401


class Forbidden(RacingError):
    """Signed in, but this is for others."""

    type, status = "forbidden", 403


class NotFound(RacingError):
    """There is nothing by that name."""

    type, status = "not_found", 404


class RaceNotFound(NotFound):
    """No race has that id."""

    type = "unknown_race"

    def __init__(self, race_id: str) -> None:
        super().__init__(f"There is no race '{race_id[:80]}'.")


class Conflict(RacingError):
    """Well-formed, but not possible as things stand."""

    type, status = "conflict", 409


class RunnerNotInRace(RacingError):
    """A runner of another race, or of none."""

    type, status = "unknown_runner", 422


class RunnerNotFound(NotFound):
    """The address names a runner that is not in the race."""

    type = "unknown_runner"


class RunnerOut(Conflict):
    """A price for a non-runner."""

    type = "non_runner"


class BettingClosed(Conflict):
    """The race takes no more prices."""

    type = "betting_closed"


class TransitionForbidden(Conflict):
    """The rules of racing do not let this status follow that one."""

    type = "transition_forbidden"


class StalePrice(Conflict):
    """Somebody moved a price since the writer last looked; `fields` names those prices."""

    type = "stale_price"


class StaleText(Conflict):
    """Somebody else saved what is being written since the writer last looked; `fields` has what stands now."""

    type = "stale_text"


class ArticleWithdrawn(RacingError):
    """An article that was published, and is no longer to be read."""

    type, status = "gone", 410


class ResetLinkOver(RacingError):
    """The link of a mail that sets a password: used, too old, or its user has gone."""

    type, status = "gone", 410


class ResetLinkWrong(RacingError):
    """What is no such link of ours, or only a part of one."""

    type, status = "invalid_payload", 422


class Doubtful(Conflict):
    """Well-formed, but it looks like a slip: whoever writes is asked again; `warnings` say why."""

    type = "doubtful"

    def __init__(self, message: str, warnings: Sequence[Mapping[str, Any]]) -> None:
        super().__init__(message)
        self.warnings = warnings


class StaleCard(Conflict):
    """Somebody changed the card since the editor last looked; `fields` has what stands in each such field now."""

    type = "stale_card"


class RaceExists(Conflict):
    """A race with that id is there already."""

    type = "race_exists"


class KeyReused(RacingError):
    """An Idempotency-Key that came before with another request."""

    type, status = "idempotency_key_reused", 422


class KeyInFlight(Conflict):
    """The request that came first with this Idempotency-Key is still being carried out."""

    type = "in_flight"


class FeedError(InvalidInput):
    """A file that is not what a feed can read."""

    type = "unreadable_feed"


class LimitReached(RacingError):
    """Too much of something; `retry_after_ms` is when asking again may help."""

    type, status = "rate_limited", 429

    def __init__(self, message: str, retry_after_ms: int) -> None:
        super().__init__(message)
        self.retry_after_ms = retry_after_ms


class TooManySubscriptions(LimitReached):
    """A connection asked to follow more races than MAX_SUBSCRIPTIONS."""

    type = "too_many_subscriptions"


class TooManyConnections(LimitReached):
    """An address has more connections than MAX_CONNECTIONS_PER_IP."""

    type = "too_many_connections"


def sentence_list(parts: Sequence[str]) -> str:
    """Join `parts` for a sentence: "a", "a and b", "a, b and c"."""
    if len(parts) < 2:
        return "".join(parts)
    return f"{', '.join(parts[:-1])} and {parts[-1]}"
