"""An application as it stands in production, made once for tests that write nothing."""

import shutil
from collections.abc import Iterator
from pathlib import Path

from flask import Flask
from flask.testing import FlaskClient

from app import create_app
from racing.extensions import db

FRIEND, OTHER_FRIEND = "https://friend.example", "http://[::1]:3000"
SECRETS = {"secret_key": "s" * 32, "jwt_secret": "j" * 32}
OVER_TLS = {"X-Forwarded-Proto": "https", "X-Forwarded-For": "192.0.2.7"}


def in_production(migrated: Path, folder: Path, **settings: object) -> Iterator[FlaskClient]:
    """Yield a client of it."""
    shutil.copy(migrated, folder / "racing.db")
    url = f"sqlite:///{folder / 'racing.db'}"
    app: Flask = create_app(
        app_env="production",
        database_url=url,
        instance_path=folder,
        frontend_url=f"{FRIEND},{OTHER_FRIEND}",
        **SECRETS,
        **settings,
    )
    yield app.test_client()
    with app.app_context():
        db.engine.dispose()
