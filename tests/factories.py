"""What a test needs to begin with, everything valid; the test states only what it is about."""

from collections.abc import Mapping
from datetime import UTC, datetime
from decimal import Decimal
from typing import Any

from racing.extensions import db
from racing.models import Article, Notification, Role, User
from racing.services import cards, news, notifications, odds, passwords
from racing.services.cards import RaceDeclared, RunnerDeclared
from racing.services.odds import Quote

RACE = "wexmoor-1405"
OFF_TIME = datetime(2030, 6, 1, 13, 5, tzinfo=UTC)


def a_card(race_id: str = RACE, runners: int = 4, **more: Any) -> RaceDeclared:
    """Return a card with runners "1", "2", ... that is fit to be declared."""
    fields = {"course": "Wexmoor", "off_time": OFF_TIME, "title": "The Harbour Lights Stakes", **more}
    declared = [RunnerDeclared(runner_id=str(n), name=f"Horse {n}", number=str(n)) for n in range(1, runners + 1)]
    return RaceDeclared(race_id=race_id, runners=declared, **fields)


def a_race(race_id: str = RACE, runners: int = 4, prices: Mapping[str, str | None] | None = None, **more: Any) -> str:
    """Put a race on the site and, with `prices` (runner id -> decimal odds), price it at version 1; return its id."""
    cards.declare_race(a_card(race_id, runners, **more), None)
    if prices:
        odds.change_prices(race_id, quotes(prices), None)
    return race_id


def a_quote(runner_id: str, price: str | None, bookmaker: str | None = None, seen: int | None = None) -> Quote:
    """Return what one bookmaker is to offer for one runner."""
    return Quote(runner_id, None if price is None else Decimal(price), bookmaker, seen)


def quotes(prices: Mapping[str, str | None], bookmaker: str | None = None) -> list[Quote]:
    """Return one bookmaker's quotes (runner id -> decimal odds)."""
    return [a_quote(runner_id, price, bookmaker) for runner_id, price in prices.items()]


def a_user(role: Role = Role.STAFF, email: str | None = None) -> User:
    """Return a user of that role whom no password lets in."""
    user = User(email=email or f"{role.value}@example.org", password_hash="none", role=role)
    db.session.add(user)
    db.session.commit()
    return user


def a_user_who_signs_in(password: str, role: Role = Role.PUNTER, email: str = "ann@example.org") -> User:
    """Return a user whom this password lets in."""
    user = a_user(role, email)
    user.password_hash = passwords.hashed(password)
    db.session.commit()
    return user


def an_article(title: str = "Rain at Wexmoor", race_id: str | None = None, body: str = "It rains.") -> Article:
    """Publish an article and return it."""
    return news.publish(title, "The going eases.", body, race_id, None)


def a_notification(user: User, title: str = "Your limit was raised", url: str | None = None) -> Notification:
    """Tell a user something; return what it was told."""
    return notifications.notify(user, "account.limit", title, "It is 200 a week.", url, None)
