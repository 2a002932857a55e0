"""Every way into the site, tried by everybody: what becomes of each is compared with access_table.txt."""

import contextvars
from collections.abc import Iterator, Mapping
from decimal import Decimal
from pathlib import Path
from typing import Any
from uuid import uuid4

from flask import Flask
from flask_jwt_extended import create_access_token, create_refresh_token
from sqlalchemy import select
from werkzeug.routing import Rule
from werkzeug.test import TestResponse

from racing.extensions import db
from racing.models import Role, User, Wanted
from racing.services import api_keys, drafts, price_alerts
from racing.services.news import Written
from racing.views import guard
from tests.factories import OFF_TIME, RACE, a_notification, a_race, a_user, an_article

TABLE = Path(__file__).parent / "access_table.txt"
WHO = ("nobody", *(role.value for role in Role), "key", "astray")
"""Roles; `key`: a feed by its API key; `astray`: an admin by the wrong way (a cookie at the API, a token at pages)."""
ASKED_THROUGH = ("nobody", "admin")
"""Who is answered by the view itself. The others are stopped at its door, which tells as much and takes less time."""
SAYS_401_ITSELF = ("auth.sign_in", "auth.renewed")
"""Views that answer so for themselves: everybody is stopped at their door."""
Line = tuple[str, ...]
Table = dict[str, Line]


def read_table(section: str) -> tuple[Line, Table]:
    """Return the columns of a section of the table, and for each way in what its line says of them."""
    text = TABLE.read_text().split(f"== {section}\n")[1].split("\n==")[0]
    head, *lines = [line.split() for line in text.splitlines() if line and not line.startswith("#")]
    width = len(head)
    return tuple(head), {" ".join(line[:-width]): tuple(line[-width:]) for line in lines}


def ways_in(app: Flask) -> Iterator[tuple[str, str, Rule]]:
    """Yield "GET /races/<race_id>", the method and the rule of everything that the site answers."""
    for rule in sorted(app.url_map.iter_rules(), key=lambda rule: rule.rule):
        for method in sorted((rule.methods or set()) - {"HEAD", "OPTIONS"}):
            yield f"{method} {rule.rule}", method, rule


class Walk:
    """Somebody of each role, and something at each address."""

    def __init__(self, app: Flask) -> None:
        """Fill `app`, whose database is empty and whose context is pushed."""
        # Tried with forms of no page; that each form needs its token is tested with the forms.
        app.config["WTF_CSRF_ENABLED"] = False
        self._app, self._stops = app, False
        before = app.before_request_funcs[None]
        before.insert(before.index(guard.let_in) + 1, lambda: ("", 204) if self._stops else None)
        self._users = {role.value: a_user(role).id for role in Role}
        self._key = api_keys.make("Tote", "feed@example.org", None).secret
        self._there = self._something_at_each_address()

    def tried(self, method: str, rule: Rule) -> Line:
        """Return for each of WHO what becomes of it."""
        address = self._address(rule)
        return tuple(self._tried(method, rule, address, who) for who in WHO)

    def _tried(self, method: str, rule: Rule, address: str, who: str) -> str:
        at_api = rule.rule.startswith("/api/v1/")
        self._stops = who not in ASKED_THROUGH or rule.endpoint in SAYS_401_ITSELF
        client, headers = self._app.test_client(), {}
        user_id = self._users.get("admin" if who == "astray" else who)
        if who == "key":
            headers["X-API-Key"] = self._key
        elif user_id is not None and at_api is not (who == "astray"):
            headers["Authorization"] = f"Bearer {self._token(user_id, rule, by_header=True)}"
        elif user_id is not None:
            client.set_cookie("access_token_cookie", self._token(user_id, rule, by_header=False))
        body: Mapping[str, Any] = {"json": {}} if at_api else {"data": {}}
        # A context of its own, as a server would give it: not the one that the test has pushed.
        answer = contextvars.Context().run(client.open, address, method=method, headers=headers, **body)
        return _word(answer)

    def _token(self, user_id: int, rule: Rule, *, by_header: bool) -> str:
        """Return a fresh token: some of what is tried signs out."""
        make = create_refresh_token if rule.endpoint == "api.refresh" else create_access_token
        bound = {} if by_header else {"csrf": uuid4().hex}
        db.session.rollback()  # not what stood when somebody asked before
        epoch = db.session.scalar(select(User.token_epoch).where(User.id == user_id))
        claims = {"session": str(uuid4()), "epoch": epoch, **bound}
        return make(identity=str(user_id), additional_claims=claims)

    def _address(self, rule: Rule) -> str:
        there = {name: self._there.get((rule.endpoint, name), self._there.get(name)) for name in rule.arguments}
        missing = [name for name, value in there.items() if value is None]
        assert not missing, f"Say in {__name__} what stands at <{missing[0]}> in {rule.rule}."
        built = rule.build(there)
        assert built is not None, rule.rule
        return built[1]

    def _something_at_each_address(self) -> Mapping[Any, Any]:
        other = a_user(Role.PUNTER, "other@example.org")
        a_race(prices={"1": "5"})
        article = an_article()
        return {
            "race_id": RACE, "runner_id": "2", "bookmaker": "house", "verb": "suspend", "status": "ABANDONED",
            "slug": "wexmoor", "day": OFF_TIME.date(), "number": 1, "filename": "css/tokens.css", "asked": "1",
            ("news.article", "slug"): article.slug, "article_id": article.id, "user_id": other.id,
            "draft_id": drafts.begin(Written("Rain", "It eases.", "It rains."), None, other).id,
            "notification_id": a_notification(other).id,
            "alert_id": price_alerts.set_alert(other.id, RACE, "1", Wanted.SHORTER, Decimal(3)).id,
            "key_id": api_keys.make("Another", "feed@example.org", None).key.id,
        }  # fmt: skip


def _word(answer: TestResponse) -> str:
    if answer.status_code == 302 and answer.location.startswith("/login?"):
        return "login"
    # Whatever else a view says of an empty form or body, whoever asked has come so far.
    return str(answer.status_code) if answer.status_code in (401, 403) or answer.status_code >= 500 else "in"
