"""Every setting of the application, read once from the environment (and from `.env` in development)."""

import secrets
from pathlib import Path
from typing import Any, Literal, Self
from urllib.parse import quote

from pydantic import Field, ValidationError, field_validator, model_validator
from pydantic_settings import BaseSettings, SettingsConfigDict

ROOT = Path(__file__).resolve().parent.parent
# Named here only, so that gevent or threading can replace it (see also wsgi.py and requirements.txt).
ASYNC_MODE = "eventlet"
LARGEST_CLIENT_MESSAGE = 16 * 1024
"""Bytes that a client may send at once over Socket.IO."""


# A database that has gone without a word is noticed within seconds, not within TCP's hours.
POSTGRESQL_OPTIONS: dict[str, Any] = {
    "pool_pre_ping": True,
    "pool_timeout": 5,
    "connect_args": {
        "connect_timeout": 5,
        "keepalives_idle": 10,
        "keepalives_interval": 5,
        "keepalives_count": 2,
        "tcp_user_timeout": 15_000,
    },
}


class SettingsError(Exception):
    """The environment holds something the application cannot start with."""


class Settings(BaseSettings):
    """The environment, checked. A number's unit is in its name."""

    model_config = SettingsConfigDict(env_file=ROOT / ".env", extra="ignore", env_ignore_empty=True)

    app_env: Literal["development", "production"] = "development"
    port: int = Field(5000, ge=0, le=65535)
    host: str = "0.0.0.0"  # nosec B104  # a web process behind a router listens on every address
    log_level: Literal["DEBUG", "INFO", "WARNING", "ERROR"] = "INFO"
    log_format: Literal["json", "pairs"] | None = None  # None: JSON in production
    instance_path: Path = ROOT / "instance"

    database_url: str = ""
    redis_url: str = ""
    redis_host: str = ""
    redis_port: int = Field(6379, ge=1, le=65535)
    redis_tls_verify: bool = False  # Heroku's Redis has a self-signed certificate
    secret_key: str = ""
    jwt_secret: str = ""
    frontend_url: str = ""

    broadcast_interval_ms: int = Field(1000, ge=10, le=60_000)
    heartbeat_interval_ms: int = Field(5000, ge=50, le=600_000)
    # How often a client is asked whether it is there, and how long its answer may take; the wire speaks whole seconds.
    ping_interval_ms: int = Field(25_000, ge=1000, le=600_000, multiple_of=1000)
    ping_timeout_ms: int = Field(20_000, ge=1000, le=600_000, multiple_of=1000)
    max_subscriptions: int = Field(50, ge=1)
    max_connections_per_ip: int = Field(100, ge=0)
    client_events_per_second: int = Field(50, ge=1)
    client_events_burst: int = Field(200, ge=1)
    # What a client leaves unread before its transport is closed; the images of fifty large races fit in.
    unread_messages: int = Field(1000, ge=50)
    unread_bytes: int = Field(1_500_000, ge=100_000)
    # `direct`: WebSockets are served by racing/realtime/transport; `stock`: by python-engineio and eventlet.
    websocket_transport: Literal["direct", "stock"] = "direct"
    # What writes to them: `auto` is the compiled loop where it has been built, else Python's.
    send_loop: Literal["auto", "compiled", "python"] = "auto"
    # Over this long the clients of a worker that goes down spread their return.
    restart_spread_ms: int = Field(2500, ge=0, le=60_000)
    default_bookmaker: str = Field("house", pattern=r"^[a-z0-9][a-z0-9-]{0,63}$")
    default_time_zone: str = "Europe/London"

    # The live desk shows a bookmaker red whose last price is older while a race of its is near the off.
    feed_late_seconds: int = Field(60, ge=1)

    access_token_minutes: int = Field(15, ge=1)
    refresh_token_days: int = Field(30, ge=1)
    # How many routers stand in front and say who asks, over what. None: one in production, else none.
    trusted_proxies: int | None = Field(None, ge=0, le=5)

    # smtp://user:password@host:587 (STARTTLS) or smtps://...:465. Empty: mail goes to the console, in development only.
    smtp_url: str = ""
    mail_from: str = "Offtime <no-reply@localhost>"
    # Where the links in mails lead: https://offtime.example. Never taken from a request.
    public_url: str = ""
    reset_link_minutes: int = Field(30, ge=1)

    # Limits, each over all workers. Those by address but for passwords are off where MAX_CONNECTIONS_PER_IP is 0.
    writes_per_second: int = Field(200, ge=100)
    reads_per_second: int = Field(200, ge=1)
    connects_per_second: int = Field(50, ge=1)
    failed_logins_per_minute: int = Field(10, ge=1)
    registrations_per_hour: int = Field(20, ge=1)
    resets_per_hour: int = Field(20, ge=1)

    # How long `thin` leaves what nobody needs any more.
    price_history_days: int = Field(90, ge=1)
    audit_days: int = Field(730, ge=30)
    read_notifications_days: int = Field(30, ge=1)
    notifications_days: int = Field(365, ge=1)

    @field_validator("database_url")
    @classmethod
    def _speak_psycopg(cls, url: str) -> str:
        # Heroku says postgres://, which SQLAlchemy refuses; without +psycopg it would look for psycopg2.
        for prefix in ("postgres://", "postgresql://"):
            if url.startswith(prefix):
                return f"postgresql+psycopg://{url.removeprefix(prefix)}"
        return url

    @model_validator(mode="after")
    def _fill_in(self) -> Self:
        if not self.redis_url and self.redis_host:
            self.redis_url = f"redis://{self.redis_host}:{self.redis_port}/0"
        if self.app_env == "production":
            missing = [name for name in ("SECRET_KEY", "JWT_SECRET", "DATABASE_URL") if not getattr(self, name.lower())]
            if missing:
                raise ValueError(f"production needs {', '.join(missing)}")
            return self
        self.instance_path.mkdir(parents=True, exist_ok=True)
        self.database_url = self.database_url or f"sqlite:///{quote(str(self.instance_path / 'racing.db'))}"
        self.secret_key = self.secret_key or _kept_secret(self.instance_path / "secret_key")
        self.jwt_secret = self.jwt_secret or _kept_secret(self.instance_path / "jwt_secret")
        return self

    @property
    def logs_as_json(self) -> bool:
        """Tell whether log lines are JSON, for a collector, rather than pairs for a reader."""
        return (self.log_format or ("json" if self.app_env == "production" else "pairs")) == "json"

    @property
    def origins(self) -> list[str] | None:
        """The origins that may connect from another site; None leaves only our own."""
        return [origin.strip().rstrip("/") for origin in self.frontend_url.split(",") if origin.strip()] or None


def _kept_secret(path: Path) -> str:
    """Return the secret kept in `path`, made on first use, so that a restart signs nobody out."""
    try:
        with path.open("x", encoding="ascii") as file:
            path.chmod(0o600)
            file.write(secrets.token_urlsafe(48))
    except FileExistsError:
        pass
    return path.read_text(encoding="ascii")


def read_settings(**given: Any) -> Settings:
    """Return the settings of the environment, `given` ones first.

    Raises SettingsError with a line for each variable that is wrong.
    """
    try:
        return Settings(**given)
    except ValidationError as error:
        lines = [
            f"{str(wrong['loc'][0]).upper() + ': ' if wrong['loc'] else ''}{wrong['msg'].removeprefix('Value error, ')}"
            for wrong in error.errors()
        ]
        raise SettingsError("; ".join(lines)) from error


def flask_config(settings: Settings) -> dict[str, Any]:
    """Return `settings` as Flask and its extensions name them; the rest under their own upper-case names."""
    production = settings.app_env == "production"
    return {
        **{name.upper(): value for name, value in settings.model_dump().items()},
        "SQLALCHEMY_DATABASE_URI": settings.database_url,
        "SQLALCHEMY_ENGINE_OPTIONS": {
            "hide_parameters": True,  # an error's text ends in the log: passwords' hashes and addresses must not
            **({} if settings.database_url.startswith("sqlite") else POSTGRESQL_OPTIONS),
        },
        "JWT_SECRET_KEY": settings.jwt_secret,
        "JWT_ACCESS_TOKEN_EXPIRES": settings.access_token_minutes * 60,
        "JWT_REFRESH_TOKEN_EXPIRES": settings.refresh_token_days * 24 * 3600,
        "JWT_TOKEN_LOCATION": ["headers", "cookies"],
        "JWT_COOKIE_SECURE": production,
        "JWT_COOKIE_SAMESITE": "Lax",
        # Pages carry Flask-WTF's token in every form; the API reads no cookie.
        "JWT_COOKIE_CSRF_PROTECT": False,
        "JWT_SESSION_COOKIE": False,
        "SESSION_COOKIE_SECURE": production,
        "SESSION_COOKIE_SAMESITE": "Lax",
        "WTF_CSRF_TIME_LIMIT": None,
        "MAX_CONTENT_LENGTH": 1024 * 1024,
        "MAX_FORM_MEMORY_SIZE": 1024 * 1024,  # a day's card is pasted into one field
        "RATELIMIT_STORAGE_URI": "racing-shared://",
    }
