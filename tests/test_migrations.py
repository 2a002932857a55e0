"""The database can be built, taken down and built again, and guards its own rules."""

from collections.abc import Mapping
from datetime import UTC, datetime

import flask_migrate
import pytest
from flask import Flask
from sqlalchemy import inspect, select, text
from sqlalchemy.exc import IntegrityError

from racing.extensions import db
from racing.models import RevokedToken
from racing.models.columns import now
from racing.services import cards, odds, racecards
from racing.services.cards import RaceDeclared, RunnerDeclared
from tests.factories import OFF_TIME, RACE, a_notification, a_race, a_user, an_article, quotes
from tests.support.kept import everything_kept

UNKNOWN_TO_RACING = [
    "UPDATE current_prices SET price = 5",
    "UPDATE current_prices SET price = 100",
    "UPDATE current_prices SET price = 100001",
    "UPDATE current_prices SET previous = 0",
    "UPDATE price_changes SET price = 5",
    "UPDATE runners SET sp = 5",
    "UPDATE runners SET withdrawn_price = 5",
    "UPDATE runners SET position = 0",
    "UPDATE runners SET status = 'LAME'",
    "UPDATE runners SET status = 'NON_RUNNER'",
    "UPDATE runners SET withdrawn_at = :at",
    "UPDATE races SET status = 'RUNNING'",
    "UPDATE races SET betting = 'ajar'",
    "UPDATE races SET status = 'RESULT'",
    "UPDATE races SET version = -1",
    "UPDATE races SET state_version = version + 1",
    "UPDATE races SET id = 'Wexmoor'",
    "UPDATE races SET meeting_id = 4711",
    "UPDATE races SET version = NULL",
    "INSERT INTO runners (race_id, runner_id, position_on_card, name, status, version)"
    " VALUES ('wexmoor-1405', '1', 9, 'Twin', 'ACTIVE', 0)",
    "INSERT INTO runners (race_id, runner_id, position_on_card, name, status, version)"
    " VALUES ('nowhere', '1', 9, 'Stray', 'ACTIVE', 0)",
    "INSERT INTO current_prices (runner_pk, bookmaker, race_id, price, version, updated_at)"
    " SELECT runner_pk, bookmaker, race_id, 300, 2, :at FROM current_prices",
    "INSERT INTO current_prices (runner_pk, bookmaker, race_id, price, version, updated_at)"
    " SELECT runner_pk, 'nobody', race_id, 300, 2, :at FROM current_prices",
    "INSERT INTO users (email, password_hash, role, created_at) VALUES ('Staff@example.org', '-', 'staff', :at)",
    "INSERT INTO users (email, password_hash, role, created_at) VALUES ('s@example.org', '-', 'owner', :at)",
    "UPDATE articles SET race_id = 'nowhere'",
    "UPDATE articles SET title = NULL",
    "INSERT INTO articles (slug, title, summary, body, published_at) SELECT slug, 'T', 'S', 'B', :at FROM articles",
    "INSERT INTO notifications (user_id, kind, title, body, created_at) VALUES (4711, 'k', 'T', 'B', :at)",
]


def test_the_migrations_go_up_down_and_up_again_to_what_the_models_say(either_app: Flask) -> None:
    a_race(prices={"1": "2.5"})

    flask_migrate.downgrade(revision="base")
    assert inspect(db.engine).get_table_names() == ["alembic_version"]

    flask_migrate.upgrade()
    flask_migrate.check()
    assert not any(everything_kept().values())


def test_a_database_in_use_goes_to_each_release_with_all_that_it_holds(either_app: Flask) -> None:
    runners = [
        RunnerDeclared("1", "Flyingbolt", jockey="Pat Taaffe", trainer="Tom Dreaper"),
        RunnerDeclared("2", "L'Escargot"),
    ]
    cards.declare_race(RaceDeclared(RACE, "Wexmoor", OFF_TIME, "The Harbour Lights Stakes", runners), None)
    odds.change_prices(RACE, quotes({"1": "2.5", "2": "4"}), None)
    an_article(race_id=RACE)
    a_notification(a_user())
    kept, version = everything_kept(), racecards.card(RACE).version
    db.session.rollback()

    flask_migrate.downgrade(revision="0001")
    flask_migrate.upgrade()

    found = {runner.name: runner for runner in racecards.card(RACE).runners}
    assert {name: (found[name].horse_slug, found[name].jockey_slug, found[name].trainer_slug) for name in found} == {
        "Flyingbolt": ("flyingbolt", "pat-taaffe", "tom-dreaper"),
        "L'Escargot": ("l-escargot", None, None),
    }
    assert racecards.card(RACE).version == version
    for table in ("races", "runners", "current_prices", "price_changes", "users"):
        assert len(everything_kept()[table]) == len(kept[table])


def test_a_token_taken_back_before_the_migration_counts_as_taken_back_by_it(either_app: Flask) -> None:
    flask_migrate.downgrade(revision="0001")
    _write("INSERT INTO revoked_tokens (jti, expires_at) VALUES ('old', :at)")
    before = now().replace(microsecond=0)  # SQLite's own clock has whole seconds

    flask_migrate.upgrade()

    revoked_at = db.session.scalar(select(RevokedToken.revoked_at).where(RevokedToken.jti == "old"))
    assert before <= revoked_at <= now()
    _write("INSERT INTO revoked_tokens (jti, expires_at) VALUES ('by a worker of the release before', :at)")


def test_the_database_itself_refuses_what_racing_does_not_know(either_app: Flask) -> None:
    a_race(RACE, prices={"1": "2.5"})
    an_article()
    before = everything_kept()

    for statement in UNKNOWN_TO_RACING:
        with pytest.raises(IntegrityError):
            pytest.fail(f"taken: {statement} ({_write(statement)})")
        db.session.rollback()

    assert everything_kept() == before


def test_the_database_takes_what_racing_does_know(either_app: Flask) -> None:
    a_race(prices={"1": "2.5"})

    _write("UPDATE current_prices SET price = 101")
    _write("UPDATE current_prices SET price = NULL")
    _write("UPDATE runners SET status = 'NON_RUNNER', withdrawn_at = :at WHERE runner_id = '1'")
    _write("UPDATE races SET status = 'RESULT', betting = 'closed'")


def _write(statement: str) -> None:
    values: Mapping[str, datetime] = {"at": datetime(2030, 6, 1, tzinfo=UTC)} if ":at" in statement else {}
    db.session.execute(text(statement), values)
    db.session.commit()
