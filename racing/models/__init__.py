"""What the house keeps. One module a noun; import the nouns from here."""

from racing.models.audit import AuditEntry
from racing.models.idempotency import AnsweredRequest
from racing.models.meeting import Meeting
from racing.models.odds import Bookmaker, CurrentPrice, PriceChange
from racing.models.race import Race
from racing.models.runner import Runner
from racing.models.user import RevokedToken, Role, User

__all__ = [
    "AnsweredRequest",
    "AuditEntry",
    "Bookmaker",
    "CurrentPrice",
    "Meeting",
    "PriceChange",
    "Race",
    "RevokedToken",
    "Role",
    "Runner",
    "User",
]
