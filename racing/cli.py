"""The command line: `flask --app wsgi replay`, `cards`, `demo` and `users`."""

import sys
from collections.abc import Callable
from functools import partial, wraps
from pathlib import Path
from typing import Any

import click
from flask import Flask
from flask.cli import AppGroup, with_appcontext
from sqlalchemy.exc import DBAPIError
from tqdm import tqdm

from racing.errors import InvalidInput, RacingError
from racing.feeds import betfair
from racing.models import Role
from racing.services import accounts, racecards


def register(app: Flask) -> None:
    """Add the commands to the application."""
    for command in (replay, cards_group, demo, users):
        app.cli.add_command(command)


def _refusals_in_a_sentence(command: Callable[..., None]) -> Callable[..., None]:
    """Let the house's refusals come out as one sentence on stderr and exit code 1, without a traceback."""

    @wraps(command)
    def told(*args: Any, **kwargs: Any) -> None:
        try:
            command(*args, **kwargs)
        except RacingError as error:
            raise click.ClickException(error.message) from error
        except DBAPIError as error:
            first_line = str(error.orig).splitlines()[0]
            raise click.ClickException(f"The database refuses ({first_line}). Has `db upgrade` been run?") from error

    return told
