"""The settings as Flask and its extensions name them."""

from datetime import timedelta
from typing import Any

from racing.config import Settings
from racing.signing_secrets import good_for_reading

ALGORITHM = "HS256"
"""What tokens are signed by; nothing else is taken."""

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


def flask_config(settings: Settings) -> dict[str, Any]:
    """Return `settings` as Flask and its extensions name them; the rest under their own upper-case names."""
    production = settings.app_env == "production"
    secret_keys, jwt_secrets = good_for_reading(settings.secret_key), good_for_reading(settings.jwt_secret)
    return {
        **{name.upper(): value for name, value in settings.model_dump().items()},
        "SQLALCHEMY_DATABASE_URI": settings.database_url,
        "SQLALCHEMY_ENGINE_OPTIONS": {
            "hide_parameters": True,  # an error's text ends in the log: passwords' hashes and addresses must not
            **({} if settings.database_url.startswith("sqlite") else POSTGRESQL_OPTIONS),
        },
        "SECRET_KEY": secret_keys[0],
        "SECRET_KEY_FALLBACKS": secret_keys[1:],
        "WTF_CSRF_SECRET_KEY": secret_keys[::-1],  # as itsdangerous has several: the last one signs
        "JWT_SECRETS": jwt_secrets,  # and no JWT_SECRET_KEY: token_keys.py says which
        "JWT_ALGORITHM": ALGORITHM,
        "JWT_DECODE_ALGORITHMS": [ALGORITHM],
        "JWT_ACCESS_TOKEN_EXPIRES": timedelta(minutes=settings.access_token_minutes),
        "JWT_REFRESH_TOKEN_EXPIRES": timedelta(days=settings.refresh_token_days),
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
