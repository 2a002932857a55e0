"""The command line: `flask --app wsgi replay`, `cards`, `demo`, `thin` and `users`."""

import signal
import sys
from collections.abc import Callable
from datetime import timedelta
from functools import partial, wraps
from pathlib import Path
from typing import Any

import click
from flask import Flask, current_app
from flask.cli import with_appcontext
from sqlalchemy.exc import DBAPIError
from tqdm import tqdm

from racing.errors import FeedError, RacingError, sentence_list
from racing.feeds import betfair, card_files
from racing.feeds.demo import SEED, Demo
from racing.models import Role, User
from racing.services import accounts, racecards, retention


def register(app: Flask) -> None:
    """Add the commands to the application."""
    for command in (replay, cards_group, demo, thin, users):
        app.cli.add_command(command)


def refusals_in_a_sentence(command: Callable[..., None]) -> Callable[..., None]:
    """Let the house's refusals come out as one sentence on stderr and exit code 1, without a traceback."""

    @wraps(command)
    def told(*args: Any, **kwargs: Any) -> None:
        try:
            command(*args, **kwargs)
        except RacingError as error:
            raise click.ClickException(error.message) from error
        except DBAPIError as error:
            first_line = str(error.orig).splitlines()[0]
            raise click.ClickException(
                f"The database refuses ({first_line}): `db upgrade` may not have been run."
            ) from error

    return told


@click.command("replay")
@click.argument("file", type=click.Path(path_type=Path))
@click.option("--speed", type=click.FloatRange(min=0.01), help="How many times as fast as it happened.")
@click.option(
    "--from",
    "from_minutes",
    type=click.FloatRange(min=0),
    metavar="MINUTES",
    help="Apply all before that many minutes before the off at once.",
)
@click.option("--race-id", help="Its id on the site, instead of betfair-MARKET.")
@with_appcontext
@refusals_in_a_sentence
def replay(file: Path, speed: float | None, from_minutes: float | None, race_id: str | None) -> None:
    """Replay a Betfair stream FILE (plain, .gz, .bz2 or .zip), as fast as possible unless --speed is given."""
    read = betfair.read(file, race_id, from_minutes)
    if not read.traded:
        click.echo("The file has no last traded prices: these are the best back prices.", err=True)
    bar = partial(tqdm, desc=read.race.race_id, unit=" changes", file=sys.stderr, mininterval=0.5)
    version = betfair.write(read, betfair.Pace(speed), bar)
    race = racecards.race(read.race.race_id)
    click.echo(
        f"{race.id}: {race.title}, {race.meeting.course}: "
        f"{read.market.messages} messages, version {version}, {race.status}."
    )


@click.group("cards")
def cards_group() -> None:
    """Race cards."""


@cards_group.command("import")
@click.argument("file", type=click.Path(path_type=Path))
@with_appcontext
@refusals_in_a_sentence
def import_cards(file: Path) -> None:
    """Declare the races of FILE, all or none: a Betfair market catalogue (JSON), or a card in CSV (docs/cards.md)."""
    try:
        imported = card_files.import_cards(file)
    except FeedError as error:
        for sentence in list(error.fields.values())[1:]:
            click.echo(sentence, err=True)
        raise
    said = f"{imported.declared} races declared, {imported.there_already} were there already"
    if imported.other_markets:
        said += f", {imported.other_markets} markets left out that are no win markets"
    click.echo(f"{said}.")


@click.command("demo")
@click.option("--once", is_flag=True, help="Only declare the card with its opening prices.")
@click.option("--seed", type=int, default=SEED, show_default=True, help="Another number is another card.")
@with_appcontext
@refusals_in_a_sentence
def demo(once: bool, seed: int) -> None:
    """Declare a fictional card where there is none, and keep its prices moving until interrupted."""
    fiction = Demo(seed, tell=click.echo)
    count = fiction.open()
    click.echo(f"{count} fictional races are on the site.")
    if not once:
        fiction.run(_until_interrupted())


def _until_interrupted() -> Callable[[], bool]:
    """Return a function that tells whether SIGINT or SIGTERM has come; no change is cut off by them any more."""
    came: list[int] = []
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, lambda number, _frame: came.append(number))
    return lambda: bool(came)


@click.command("thin")
@with_appcontext
@refusals_in_a_sentence
def thin() -> None:
    """Remove what is older than the *_DAYS settings say. For a scheduler, once a day, beside running workers."""
    ages = (timedelta(days=current_app.config[f"{name.upper()}_DAYS"]) for name in retention.Ages._fields)
    removed = retention.thin(retention.Ages(*ages))
    click.echo(f"Removed {sentence_list([f'{rows} {what}' for what, rows in removed.items()])}.")


@click.group("users")
def users() -> None:
    """Who may sign in, and as what."""


def _password_from_stdin(context: click.Context, _option: click.Parameter, asked: bool) -> str:
    """Return the first line of stdin: a password on the command line would stay in the shell's history."""
    if not asked:
        raise click.UsageError("Give --password-stdin, and the password on standard input.", context)
    return sys.stdin.readline().rstrip("\r\n")


password_option = click.option(
    "--password-stdin",
    "password",
    is_flag=True,
    callback=_password_from_stdin,
    help="Read the password from standard input.",
)


@users.command("create")
@click.argument("email")
@click.option("--role", type=click.Choice([role.value for role in Role]), required=True)
@password_option
@with_appcontext
@refusals_in_a_sentence
def create_user(email: str, role: str, password: str) -> None:
    """Make a user."""
    user = accounts.create_user(email, password, Role(role))
    click.echo(f"{user.email} may sign in, as {user.role}.")


@users.command("list")
@with_appcontext
@refusals_in_a_sentence
def list_users() -> None:
    """List all users by e-mail address."""
    for user in accounts.users():
        click.echo(f"{user.email}\t{user.role}\t{_state(user)}")


def _state(user: User) -> str:
    if user.deleted_at:
        return f"deleted {user.deleted_at:%Y-%m-%d}"
    return f"disabled {user.disabled_at:%Y-%m-%d}" if user.disabled_at else "active"


@users.command("disable")
@click.argument("email")
@with_appcontext
@refusals_in_a_sentence
def disable_user(email: str) -> None:
    """Take a user's way in; the history stays."""
    user = accounts.disable(email)
    click.echo(f"{user.email} can no longer sign in.")


@users.command("password")
@click.argument("email")
@password_option
@with_appcontext
@refusals_in_a_sentence
def change_password(email: str, password: str) -> None:
    """Set a user's password, and end all its sign-ins."""
    user = accounts.change_password(email, password)
    click.echo(f"{user.email} has a new password.")
