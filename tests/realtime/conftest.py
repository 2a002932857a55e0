"""A publisher on its own for every test here, and another process's view of the database."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from flask import Flask

from app import create_app
from racing.extensions import db
from tests.realtime.stand import Stand


@pytest.fixture
def stand() -> Stand:
    """A worker with a stepped clock and races in memory."""
    return Stand()


@pytest.fixture
def elsewhere(sqlite_url: str, tmp_path: Path) -> Iterator[Flask]:
    """An application on the same database, made first: the one made last is the one that clients connect to."""
    app = create_app(database_url=sqlite_url, instance_path=tmp_path / "elsewhere")
    yield app
    with app.app_context():
        db.engine.dispose()
