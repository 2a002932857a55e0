"""The command line: `flask --app wsgi keys`, for feeds that write through the API."""

import click
from flask import Flask
from flask.cli import with_appcontext

from racing.cli import refusals_in_a_sentence
from racing.services import api_keys


def register(app: Flask) -> None:
    """Add the commands to the application."""
    app.cli.add_command(keys)


@click.group("keys")
def keys() -> None:
    """Keys with which feeds write through the API."""


@keys.command("create")
@click.argument("email")
@click.option("--name", required=True, help="What writes with it, and from where.")
@with_appcontext
@refusals_in_a_sentence
def create_key(email: str, name: str) -> None:
    """Make a key for the user EMAIL; the key alone is printed, this once."""
    made = api_keys.make(name, email, None)
    click.echo(f"{made.key.prefix}: a key for {made.key.user.email}. It is shown this once:", err=True)
    click.echo(made.secret)


@keys.command("list")
@with_appcontext
@refusals_in_a_sentence
def list_keys() -> None:
    """List all keys, by their ids."""
    for key in sorted(api_keys.every_key(), key=lambda key: key.id):
        used = f"used {key.last_used_at:%Y-%m-%d %H:%M} UTC" if key.last_used_at else "never used"
        state = f"revoked {key.revoked_at:%Y-%m-%d}" if key.revoked_at else "active"
        click.echo(f"{key.id}\t{key.prefix}\t{key.name}\t{key.user.email}\t{used}\t{state}")


@keys.command("revoke")
@click.argument("key_id", type=int)
@with_appcontext
@refusals_in_a_sentence
def revoke_key(key_id: int) -> None:
    """Let the key with this id write nothing any more."""
    key = api_keys.revoke(key_id, None)
    click.echo(f"{key.prefix} ({key.name}) writes nothing any more.")
