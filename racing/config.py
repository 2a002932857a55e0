"""Every setting of the application, read once from the environment (and from `.env` in development)."""

from email.utils import parseaddr
from pathlib import Path
from typing import Any, Literal, Self
from urllib.parse import quote

from pydantic import Field, ValidationError, field_validator, model_validator
from pydantic_settings import BaseSettings, SettingsConfigDict

from racing import mail
from racing.origins import origin
from racing.signing_secrets import HOW_TO_MAKE_ONE, good_for_reading, is_guessable, kept_secret, several

ROOT = Path(__file__).resolve().parent.parent
# Named here only, so that gevent or threading can replace it (see also wsgi.py and requirements.txt).
ASYNC_MODE = "eventlet"
LARGEST_CLIENT_MESSAGE = 16 * 1024
"""Bytes that a client may send at once over Socket.IO."""


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
    # Each holds several, separated by commas, newest first, while a new one takes over.
    secret_key: str = ""
    jwt_secret: str = ""
    flask_debug: str = ""  # Flask's own; refused in production
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
    # All connections of a user together, and of an address; ten times as many at once.
    user_events_per_second: int = Field(1000, ge=1)
    address_events_per_second: int = Field(1000, ge=1)
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

    access_token_minutes: float = Field(15, gt=0)
    refresh_token_days: int = Field(30, ge=1)
    # How many routers stand in front and say who asks, over what. None: one in production, else none.
    trusted_proxies: int | None = Field(None, ge=0, le=5)

    # smtp://user:password@host:587 (STARTTLS) or smtps://...:465. Empty: mail goes to the console, in development only.
    smtp_url: str = ""
    mail_from: str = "Offtime <no-reply@localhost>"
    # What the site is called in mails, feeds, previews: https://offtime.example. Mails never take it from a request.
    public_url: str = ""
    reset_link_minutes: int = Field(30, ge=1)

    # Limits, each over all workers. Those by address but for passwords are off where MAX_CONNECTIONS_PER_IP is 0.
    writes_per_second: int = Field(200, ge=100)
    reads_per_second: int = Field(500, ge=1)
    connects_per_second: int = Field(100, ge=1)
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

    @field_validator("frontend_url")
    @classmethod
    def _name_origins(cls, given: str) -> str:
        for each in given.split(","):
            if each.strip():
                origin(each)
        return given

    @field_validator("smtp_url")
    @classmethod
    def _name_a_mail_server(cls, url: str) -> str:
        if url and not mail.is_server(url):
            raise ValueError("say smtp://user:password@host:587, or smtps://user:password@host:465")
        return url

    @field_validator("mail_from")
    @classmethod
    def _send_from_an_address(cls, sender: str) -> str:
        if not sender.isprintable() or "@" not in parseaddr(sender)[1]:
            raise ValueError("say who sends: Offtime <no-reply@offtime.example>")
        return sender

    @field_validator("public_url")
    @classmethod
    def _be_at_one_address(cls, url: str) -> str:
        try:
            return origin(url) if url else ""
        except ValueError as error:
            raise ValueError("say where the site is, without a path: https://offtime.example") from error

    @model_validator(mode="after")
    def _lead_mails_home(self) -> Self:
        if self.app_env == "production" and self.smtp_url and not self.public_url.startswith("https://"):
            raise ValueError("production sends mail (SMTP_URL) only with PUBLIC_URL, an https address, for its links")
        return self

    @model_validator(mode="after")
    def _fill_in(self) -> Self:
        if not self.redis_url and self.redis_host:
            self.redis_url = f"redis://{self.redis_host}:{self.redis_port}/0"
        if self.app_env == "production":
            missing = [name for name in ("SECRET_KEY", "JWT_SECRET", "DATABASE_URL") if not getattr(self, name.lower())]
            if missing:
                raise ValueError(f"production needs {', '.join(missing)}")
            self._refuse_what_anybody_guesses()
            return self
        self.instance_path.mkdir(parents=True, exist_ok=True)
        self.database_url = self.database_url or f"sqlite:///{quote(str(self.instance_path / 'racing.db'))}"
        self.secret_key = self.secret_key or kept_secret(self.instance_path / "secret_key")
        self.jwt_secret = self.jwt_secret or kept_secret(self.instance_path / "jwt_secret")
        return self

    def _refuse_what_anybody_guesses(self) -> None:
        if self.flask_debug.lower() not in ("", "0", "false", "no"):
            raise ValueError("FLASK_DEBUG shows everybody the inside: unset it in production")
        for name in ("SECRET_KEY", "JWT_SECRET"):
            if any(is_guessable(secret) for secret in several(getattr(self, name.lower()))):
                raise ValueError(f"{name} holds a secret that is short or well known: {HOW_TO_MAKE_ONE}")

    @property
    def known_secrets(self) -> list[str]:
        """All that signs, for the log never to write."""
        return [*good_for_reading(self.secret_key), *good_for_reading(self.jwt_secret)]

    @property
    def logs_as_json(self) -> bool:
        """Tell whether log lines are JSON, for a collector, rather than pairs for a reader."""
        return (self.log_format or ("json" if self.app_env == "production" else "pairs")) == "json"

    @property
    def origins(self) -> list[str]:
        """The origins whose pages may connect from another site, as browsers name them; none leaves only our own."""
        return [origin(each) for each in self.frontend_url.split(",") if each.strip()]

    @property
    def routers(self) -> int:
        """How many routers in front are believed."""
        return self.trusted_proxies if self.trusted_proxies is not None else int(self.app_env == "production")


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
