"""Every setting comes from the environment, and a wrong one is told in a sentence."""

from pathlib import Path

import pytest

from racing.config import SettingsError, read_settings
from racing.flask_config import flask_config

SECRETS = {"secret_key": "s" * 32, "jwt_secret": "j" * 32, "database_url": "postgresql://db/racing"}


@pytest.fixture(autouse=True)
def bare_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    names = ("APP_ENV", "DATABASE_URL", "REDIS_URL", "REDIS_HOST", "REDIS_PORT", "SECRET_KEY", "JWT_SECRET", "PORT")
    for name in names:
        monkeypatch.delenv(name, raising=False)


@pytest.mark.parametrize(
    ("given", "spoken"),
    [
        ("postgres://u:p@db:5432/racing", "postgresql+psycopg://u:p@db:5432/racing"),
        ("postgresql://u:p@db/racing?sslmode=require", "postgresql+psycopg://u:p@db/racing?sslmode=require"),
        ("postgresql+psycopg://db/racing", "postgresql+psycopg://db/racing"),
        ("sqlite:////tmp/racing.db", "sqlite:////tmp/racing.db"),
    ],
)
def test_a_database_address_is_rewritten_for_the_driver_we_have(given: str, spoken: str, tmp_path: Path) -> None:
    assert read_settings(database_url=given, instance_path=tmp_path).database_url == spoken


def test_the_environment_is_where_settings_come_from(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("DATABASE_URL", "postgres://db/racing")
    monkeypatch.setenv("PORT", "8123")

    settings = read_settings(instance_path=tmp_path)

    assert (settings.database_url, settings.port) == ("postgresql+psycopg://db/racing", 8123)


@pytest.mark.parametrize("missing", ["secret_key", "jwt_secret", "database_url"])
def test_production_refuses_to_start_without_its_secrets(missing: str, tmp_path: Path) -> None:
    with pytest.raises(SettingsError, match=f"production needs {missing.upper()}"):
        read_settings(app_env="production", instance_path=tmp_path, **{**SECRETS, missing: ""})


def test_production_names_all_that_is_missing_and_makes_no_secret(tmp_path: Path) -> None:
    with pytest.raises(SettingsError, match="production needs SECRET_KEY, JWT_SECRET, DATABASE_URL"):
        read_settings(app_env="production", instance_path=tmp_path)

    assert list(tmp_path.iterdir()) == []


def test_production_starts_with_its_secrets_and_sends_cookies_over_https_only(tmp_path: Path) -> None:
    config = flask_config(read_settings(app_env="production", instance_path=tmp_path, **SECRETS))

    assert config["JWT_COOKIE_SECURE"]
    assert config["SESSION_COOKIE_SECURE"]


@pytest.mark.parametrize(
    "secret",
    ["short", "changeme-changeme", "dev-secret-key-change-in-production", "Your-256-bit-Secret", "x" * 40 + ", secret"],
)
@pytest.mark.parametrize("name", ["secret_key", "jwt_secret"])
def test_production_refuses_secrets_that_anybody_guesses(name: str, secret: str, tmp_path: Path) -> None:
    with pytest.raises(SettingsError, match=f"{name.upper()} holds .*python -c"):
        read_settings(app_env="production", instance_path=tmp_path, **{**SECRETS, name: secret})
    assert read_settings(instance_path=tmp_path, **{name: secret})  # development takes what it is given


@pytest.mark.parametrize(
    "secret", ["a-long-production-secret-0123456789", "exactly sixteen!", "racing-at-wexmoor-in-the-rain"]
)
def test_production_takes_a_secret_that_somebody_has_made(secret: str, tmp_path: Path) -> None:
    given = {**SECRETS, "secret_key": secret, "jwt_secret": secret}
    assert read_settings(app_env="production", instance_path=tmp_path, **given).secret_key == secret


def test_production_refuses_to_run_in_debug(tmp_path: Path) -> None:
    with pytest.raises(SettingsError, match="FLASK_DEBUG"):
        read_settings(app_env="production", instance_path=tmp_path, flask_debug="1", **SECRETS)
    assert read_settings(app_env="production", instance_path=tmp_path, flask_debug="0", **SECRETS)


def test_the_newest_of_several_secrets_signs_and_all_of_them_count_and_stay_out_of_the_log(tmp_path: Path) -> None:
    settings = read_settings(instance_path=tmp_path, secret_key="new, old", jwt_secret="newer, older")

    config = flask_config(settings)

    assert (config["SECRET_KEY"], config["SECRET_KEY_FALLBACKS"]) == ("new", ["old", "new, old"])
    assert config["WTF_CSRF_SECRET_KEY"] == ["new, old", "old", "new"]
    assert config["JWT_SECRETS"] == ["newer", "older", "newer, older"]
    assert {"new", "old", "newer", "older"} <= set(settings.known_secrets)


def test_development_keeps_its_secrets_between_starts(tmp_path: Path) -> None:
    first, second = read_settings(instance_path=tmp_path), read_settings(instance_path=tmp_path)

    assert (first.secret_key, first.jwt_secret) == (second.secret_key, second.jwt_secret)
    assert first.secret_key != first.jwt_secret
    assert len(first.jwt_secret) >= 32
    assert (tmp_path / "jwt_secret").stat().st_mode & 0o077 == 0


def test_development_keeps_its_database_in_the_instance_folder(tmp_path: Path) -> None:
    assert read_settings(instance_path=tmp_path).database_url == f"sqlite:///{tmp_path}/racing.db"


def test_redis_is_given_as_host_and_port_too(tmp_path: Path) -> None:
    assert read_settings(instance_path=tmp_path).redis_url == ""
    assert read_settings(instance_path=tmp_path, redis_host="cache").redis_url == "redis://cache:6379/0"
    host_and_port = read_settings(instance_path=tmp_path, redis_host="cache", redis_port=6380)
    assert host_and_port.redis_url == "redis://cache:6380/0"


def test_a_redis_address_goes_before_host_and_port(tmp_path: Path) -> None:
    settings = read_settings(instance_path=tmp_path, redis_url="rediss://far:6379", redis_host="cache")

    assert settings.redis_url == "rediss://far:6379"


@pytest.mark.parametrize(
    ("name", "value"),
    [("port", "http"), ("broadcast_interval_ms", "0"), ("app_env", "staging"), ("default_bookmaker", "The House")],
)
def test_a_wrong_setting_is_named(name: str, value: str, tmp_path: Path) -> None:
    with pytest.raises(SettingsError, match=name.upper()):
        read_settings(instance_path=tmp_path, **{name: value})


def test_other_sites_are_listed_by_comma(tmp_path: Path) -> None:
    listed = read_settings(instance_path=tmp_path, frontend_url="https://a.example/, https://b.example")

    assert listed.origins == ["https://a.example", "https://b.example"]
    assert read_settings(instance_path=tmp_path).origins == []


def test_other_sites_are_named_as_browsers_name_them(tmp_path: Path) -> None:
    said = "HTTPS://A.Example:443,http://localhost:3000,http://[::1]:80,http://web_1"

    listed = read_settings(instance_path=tmp_path, frontend_url=said)

    assert listed.origins == ["https://a.example", "http://localhost:3000", "http://[::1]", "http://web_1"]


@pytest.mark.parametrize(
    "said",
    ["*", "a.example", "https://*.a.example", "https://a.example/shop", "https://a.example?x", "ftp://a.example",
     "https://me@a.example", "https://a.example:99999", "null", "https://a.example https://b.example", "https://"],
)  # fmt: skip
def test_what_is_no_origin_is_refused_with_a_sentence(said: str, tmp_path: Path) -> None:
    with pytest.raises(SettingsError, match=r"FRONTEND_URL: .* is no origin: write scheme://host"):
        read_settings(instance_path=tmp_path, frontend_url=f"https://good.example, {said}")


@pytest.mark.parametrize(
    ("said", "app_env", "believed"),
    [(None, "production", 1), (None, "development", 0), (0, "production", 0), (2, "development", 2)],
)
def test_one_router_is_believed_in_production_and_none_elsewhere(
    said: int | None, app_env: str, believed: int, tmp_path: Path
) -> None:
    settings = read_settings(instance_path=tmp_path, app_env=app_env, trusted_proxies=said, **SECRETS)

    assert settings.routers == believed


@pytest.mark.parametrize(
    ("given", "sentence"),
    [
        ({"smtp_url": "http://mail.example"}, "SMTP_URL: say smtp://"),
        ({"smtp_url": "smtp://mail.example:mail"}, "SMTP_URL: say smtp://"),
        ({"mail_from": "Offtime"}, "MAIL_FROM: say who sends"),
        ({"mail_from": "a@b.example\nBcc: c@d.example"}, "MAIL_FROM: say who sends"),
        ({"public_url": "offtime.example"}, "PUBLIC_URL: say where"),
        ({"public_url": "https://offtime.example/path"}, "PUBLIC_URL: say where"),
        ({**SECRETS, "app_env": "production", "smtp_url": "smtp://mail.example"}, "only with PUBLIC_URL"),
        (
            {**SECRETS, "app_env": "production", "smtp_url": "smtps://m.example", "public_url": "http://o.example"},
            "only with PUBLIC_URL",
        ),
    ],
)
def test_mail_is_set_up_whole_or_not_at_all(given: dict[str, str], sentence: str, tmp_path: Path) -> None:
    with pytest.raises(SettingsError, match=sentence):
        read_settings(instance_path=tmp_path, **given)
