"""How Alembic runs inside Flask-Migrate: the application's engine, its models, online or as SQL."""

from alembic import context
from flask import current_app

from racing.models.columns import Hundredths, UtcTime

extension = current_app.extensions["migrate"]
database = extension.db


def plain_types(kind: str, thing: object, _context: object) -> str | bool:
    """Write our column types as what the database sees, so that a migration outlives the code."""
    if kind == "type" and isinstance(thing, UtcTime):
        return "sa.DateTime(timezone=True)"
    if kind == "type" and isinstance(thing, Hundredths):
        return "sa.Integer()"
    return False


options = {
    **extension.configure_args,
    "target_metadata": database.metadata,
    "render_item": plain_types,
    # What one migration locks, the workers have back before the next one.
    "transaction_per_migration": True,
}


def run_offline() -> None:
    """Print the SQL instead of running it."""
    url = database.engine.url.render_as_string(hide_password=False)
    context.configure(url=url, literal_binds=True, **options)
    with context.begin_transaction():
        context.run_migrations()


def run_online() -> None:
    """Run the migrations, each in a transaction of its own."""
    with database.engine.connect() as connection:
        context.configure(connection=connection, **options)
        with context.begin_transaction():
            context.run_migrations()


if context.is_offline_mode():
    run_offline()
else:
    run_online()
