"""What the house keeps. One module a noun; import the nouns from here."""

from racing.access import Role
from racing.models.api_key import ApiKey
from racing.models.audit import AuditEntry
from racing.models.idempotency import AnsweredRequest
from racing.models.meeting import Meeting
from racing.models.name_word import NameWord
from racing.models.news import Article, ArticleDraft
from racing.models.notification import Notification
from racing.models.odds import Bookmaker, CurrentPrice, PriceChange
from racing.models.race import Race
from racing.models.runner import Runner
from racing.models.settings import OddsFormat, PopUps, Theme, UserSettings
from racing.models.suspension import BookmakerSuspension
from racing.models.user import RevokedToken, User
from racing.models.watchlist import AlertProgress, PriceAlert, Wanted, Watch, WatchKind

__all__ = [
    "AlertProgress",
    "AnsweredRequest",
    "ApiKey",
    "Article",
    "ArticleDraft",
    "AuditEntry",
    "Bookmaker",
    "BookmakerSuspension",
    "CurrentPrice",
    "Meeting",
    "NameWord",
    "Notification",
    "OddsFormat",
    "PopUps",
    "PriceAlert",
    "PriceChange",
    "Race",
    "RevokedToken",
    "Role",
    "Runner",
    "Theme",
    "User",
    "UserSettings",
    "Wanted",
    "Watch",
    "WatchKind",
]
