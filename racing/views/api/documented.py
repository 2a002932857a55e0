"""What each route of the API says of itself, beside it; the OpenAPI document is made from that."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, TypeVar

from racing.access import Access
from racing.errors import (
    Forbidden,
    InvalidInput,
    KeyInFlight,
    KeyReused,
    NotFound,
    NotJson,
    RacingError,
    TokenExpired,
    TokenInvalid,
    Unauthorized,
)
from racing.views.api.bodies import Body
from racing.views.declared import Declared

V = TypeVar("V", bound=Callable[..., Any])
Refusal = type[RacingError]


class TooLarge(RacingError):
    """The body is above a megabyte."""

    type, status = "too_large", 413


class TooMany(RacingError):
    """More than the limit that the headers state; again after `Retry-After` seconds."""

    type, status = "rate_limited", 429


class Unavailable(RacingError):
    """The database does not answer, or readers wait too long for their turn. Send it again."""

    type, status = "unavailable", 503


class ServerError(RacingError):
    """Our fault; nothing has changed."""


class BadRequest(RacingError):
    """The request is no HTTP that we understand."""

    type, status = "bad_request", 400


@dataclass(frozen=True)
class Documented:
    """A route: what it takes, what it answers, what it refuses with. `query` is name -> JSON Schema."""

    answer: Any
    status: int = 200
    body: type[Body] | None = None
    query: Mapping[str, Mapping[str, Any]] = field(default_factory=dict)
    refuses: tuple[Refusal, ...] = ()
    access: Access = Access.ANYONE
    conditional: bool = False
    limited: bool = False

    @property
    def writes(self) -> bool:
        """Whether it is a write of staff or feeds, which may come with an Idempotency-Key."""
        return self.access in (Access.WRITER, Access.STAFF)

    def refusals(self, *, has_parameters: bool) -> list[Refusal]:
        """Return everything it can refuse with, by status: its own reasons and those of its kind."""
        reasons: list[Refusal] = [*self.refuses, ServerError, Unavailable]
        if self.body is not None:
            reasons += [NotJson, BadRequest, TooLarge, InvalidInput]
        if has_parameters or self.query:
            reasons += [InvalidInput]
        if has_parameters:
            reasons += [NotFound]
        if self.access is not Access.ANYONE:
            reasons += [Unauthorized, TokenInvalid, TokenExpired]
        if self.writes:
            reasons += [Forbidden, KeyInFlight, KeyReused, InvalidInput, TooLarge]
        if self.limited or self.access is not Access.ANYONE:
            reasons += [TooMany]
        return sorted(dict.fromkeys(reasons), key=lambda reason: reason.status)


def documented(
    answer: Any,
    *,
    status: int = 200,
    body: type[Body] | None = None,
    query: Mapping[str, Mapping[str, Any]] | None = None,
    refuses: tuple[Refusal, ...] = (),
    conditional: bool = False,
    limited: bool = False,
) -> Callable[[V], V]:
    """Say of the view below what it takes and answers.

    `answer` is a shape of answers.py; `refuses` what the service raises, besides what every route of its kind does.
    `conditional`: ETag and 304; `limited`: only so often, as all writes are. Whom it is for stands below this already
    (declared.py).
    """

    def note(view: V) -> V:
        who: Declared = view.declared  # type: ignore[attr-defined]
        view.documented = Documented(  # type: ignore[attr-defined]
            answer, status, body, query or {}, refuses, who.access, conditional, limited or who.is_limited
        )
        return view

    return note
