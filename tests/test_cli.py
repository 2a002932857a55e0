"""The command line says what it did on stdout, and a refusal in one sentence on stderr."""

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest
from click.testing import Result
from flask import Flask

from app import create_app
from racing.feeds import betfair
from racing.models import Role
from racing.services import accounts, api_keys, leaving, racecards
from tests.conftest import ROOT
from tests.factories import a_user_who_signs_in
from tests.feeds import streams
from tests.support.kept import every_race, history

PASSWORD = "correct horse"


def run(app: Flask, *words: str, stdin: str | None = None) -> Result:
    return app.test_cli_runner().invoke(args=list(words), input=stdin)


def refusal(result: Result) -> str:
    """The sentence of a refusal: one line on stderr, exit code 1."""
    assert result.exit_code == 1, result.output
    (line,) = [line for line in result.stderr.splitlines() if line]
    assert line.startswith("Error: ")
    assert line.endswith(".")
    return line


def a_market(folder: Path) -> str:
    return str(streams.packed(folder / "market.bz2", streams.as_text(streams.whole_race())))


def test_a_replay_says_what_became_of_the_race(app: Flask, tmp_path: Path) -> None:
    result = run(app, "replay", a_market(tmp_path))

    assert result.exit_code == 0, result.output
    assert result.stdout == f"{streams.RACE}: 1m2f Hcap, Wexmoor: 8 messages, version 10, RESULT.\n"
    assert "100%" in result.stderr


def test_a_replay_takes_another_id_a_start_and_a_speed(app: Flask, tmp_path: Path) -> None:
    result = run(app, "replay", a_market(tmp_path), "--race-id", "again", "--from", "1", "--speed", "100000")

    assert result.exit_code == 0, result.output
    assert racecards.race("again").status == "RESULT"


def test_a_replay_without_traded_prices_says_so(app: Flask, tmp_path: Path) -> None:
    only_backs = streams.message(-60, {"id": 101, "atb": [[3, 5]]}, define=streams.definition())

    result = run(app, "replay", str(streams.packed(tmp_path / "market", streams.as_text([only_backs]))))

    assert "best back prices" in result.stderr


def test_the_same_file_twice_is_refused(app: Flask, tmp_path: Path) -> None:
    run(app, "replay", a_market(tmp_path))

    assert "--race-id" in refusal(run(app, "replay", a_market(tmp_path)))


def test_an_import_names_every_wrong_line_and_declares_nothing(app: Flask, tmp_path: Path) -> None:
    file = tmp_path / "card.csv"
    file.write_text("course,offTime,title,name,draw\nWexmoor,2030-06-01 14:05,The Lights,Paper Falcon,4\n,x,,,200\n")

    result = run(app, "cards", "import", str(file))

    assert (result.exit_code, result.stdout, every_race()) == (1, "", [])
    told = result.stderr.splitlines()
    assert [line.partition(":")[0] for line in told[:-1]] == ["Line 3, offTime", "Line 3, name", "Line 3, draw"]
    assert "4 places are wrong, the first is Line 3, course: This is needed." in told[-1]

    file.write_text("course,offTime,title,name,draw\nWexmoor,2030-06-01 14:05,The Lights,Paper Falcon,4\n")
    assert run(app, "cards", "import", str(file)).stdout == "1 races declared, 0 were there already.\n"


@pytest.mark.parametrize("command", [("replay",), ("cards", "import")])
def test_a_file_that_cannot_be_read_is_refused(app: Flask, tmp_path: Path, command: tuple[str, ...]) -> None:
    empty = tmp_path / "empty.gz"
    empty.touch()

    assert "empty" in refusal(run(app, *command, str(empty)))
    assert "No such file" in refusal(run(app, *command, str(tmp_path / "nothing")))


@pytest.mark.parametrize(
    "options", [("--speed", "0"), ("--speed", "-1"), ("--from", "-5"), ("--speed", "0.001"), ("--speed", "fast")]
)
def test_a_replay_backwards_is_a_misuse(app: Flask, tmp_path: Path, options: tuple[str, str]) -> None:
    assert run(app, "replay", a_market(tmp_path), *options).exit_code == 2


def test_without_a_migrated_database_the_way_out_is_named(tmp_path: Path) -> None:
    bare = create_app(database_url=f"sqlite:///{tmp_path / 'bare.db'}", instance_path=tmp_path / "bare")

    assert "db upgrade" in refusal(run(bare, "replay", a_market(tmp_path)))


def test_a_user_is_made_listed_and_disabled(app: Flask) -> None:
    made = run(app, "users", "create", "Ann@Example.com", "--role", "staff", "--password-stdin", stdin=f"{PASSWORD}\n")
    assert made.stdout == "ann@example.com may sign in, as staff.\n"
    assert accounts.sign_in("ann@example.com", PASSWORD).is_staff

    assert run(app, "users", "list").stdout == "ann@example.com\tstaff\tactive\n"
    assert run(app, "users", "disable", "ann@example.com").exit_code == 0
    assert "disabled" in run(app, "users", "list").stdout


@pytest.mark.parametrize("role", ["punter", "feed", "staff", "admin"])
def test_every_role_can_be_given(app: Flask, role: str) -> None:
    made = run(app, "users", "create", "ann@example.com", "--role", role, "--password-stdin", stdin=PASSWORD)

    assert made.exit_code == 0, made.output
    assert accounts.by_email("ann@example.com").role == role


def test_a_user_that_exists_is_said_to(app: Flask) -> None:
    words = ("users", "create", "ann@example.com", "--role", "staff", "--password-stdin")
    run(app, *words, stdin=PASSWORD)

    assert "There is a user ann@example.com already" in refusal(run(app, *words, stdin=PASSWORD))


def test_a_forgotten_password_is_replaced(app: Flask) -> None:
    run(app, "users", "create", "ann@example.com", "--role", "staff", "--password-stdin", stdin=PASSWORD)

    changed = run(app, "users", "password", "ann@example.com", "--password-stdin", stdin="another horse\n")

    assert changed.exit_code == 0, changed.output
    assert accounts.sign_in("ann@example.com", "another horse").token_epoch == 1


def test_who_has_deleted_its_account_is_listed_as_gone(app: Flask) -> None:
    leaving.leave(a_user_who_signs_in(PASSWORD), PASSWORD)

    assert "@deleted.invalid\tpunter\tdeleted 20" in run(app, "users", "list").stdout


def test_what_is_wrong_with_a_user_is_said(app: Flask) -> None:
    create = ("users", "create", "ann@example.com", "--role", "staff")

    assert "10 to" in refusal(run(app, *create, "--password-stdin", stdin="short\n"))
    assert "no user nobody@example.com" in refusal(run(app, "users", "disable", "nobody@example.com"))
    assert run(app, *create, stdin=PASSWORD).exit_code == 2
    assert run(app, "users", "create", "ann@example.com", "--role", "jockey", "--password-stdin").exit_code == 2


def test_the_demo_card_is_declared_once(app: Flask) -> None:
    first = run(app, "demo", "--once")
    count = len(every_race())
    run(app, "demo", "--once")

    assert first.exit_code == 0, first.output
    assert f"{count} fictional races are on the site." in first.stdout
    assert len(every_race()) == count > 10


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_the_demo_ends_cleanly_when_it_is_interrupted(sqlite_url: str, tmp_path: Path, number: int) -> None:
    environment = os.environ | {"DATABASE_URL": sqlite_url, "INSTANCE_PATH": str(tmp_path), "PYTHONUNBUFFERED": "1"}
    command = [sys.executable, "-m", "flask", "--app", "wsgi", "demo"]
    with subprocess.Popen(
        command, cwd=ROOT, env=environment, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    ) as demo:
        assert demo.stdout is not None
        for line in demo.stdout:
            if "are on the site" in line:
                break
        time.sleep(1.5)  # long enough for a tick; there is nothing to wait for that would tell of one
        demo.send_signal(number)
        _, errors = demo.communicate(timeout=20)

    assert demo.returncode == 0, errors
    assert errors == ""


def test_a_replay_is_written_as_if_by_nobody(app: Flask, tmp_path: Path) -> None:
    run(app, "replay", a_market(tmp_path))

    changes = history(streams.RACE)
    assert {change.bookmaker for change in changes} == {betfair.BOOKMAKER}
    assert {change.by_user_id for change in changes} == {None}


def test_a_key_is_printed_once_and_writes_until_it_is_revoked(app: Flask) -> None:
    accounts.create_user("feed@example.org", PASSWORD, Role.FEED)

    made = run(app, "keys", "create", "feed@example.org", "--name", "Tote")
    secret = made.stdout.strip()
    listed = run(app, "keys", "list").stdout
    key = api_keys.use(secret, None)

    assert key is not None
    assert (made.exit_code, secret in listed, listed.split("\t")[:3]) == (0, False, [str(key.id), key.prefix, "Tote"])
    assert run(app, "keys", "revoke", str(key.id)).stdout == f"{key.prefix} (Tote) writes nothing any more.\n"
    assert api_keys.use(secret, None) is None
    assert "name has" in refusal(run(app, "keys", "create", "feed@example.org", "--name", ""))
