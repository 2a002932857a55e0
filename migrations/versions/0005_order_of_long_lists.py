"""Long histories and the news of a race are read in their order, without sorting what comes later

Revision ID: 0005
Revises: 0004
"""

from contextlib import nullcontext

from alembic import op

revision = '0005'
down_revision = '0004'
branch_labels = None
depends_on = None

INDEXES = [
    ('price_changes', ('ix_price_changes_race_id_version', ['race_id', 'version']), ('ix_price_changes_race_id_version_id', ['race_id', 'version', 'id'])),
    ('articles', ('ix_articles_race_id', ['race_id']), ('ix_articles_race_id_id', ['race_id', 'id'])),
]


def upgrade() -> None:
    """Apply."""
    for table, old, new in INDEXES:
        _replace(table, old[0], *new)


def downgrade() -> None:
    """Undo."""
    for table, old, new in INDEXES:
        _replace(table, new[0], *old)


def _replace(table: str, leaving: str, coming: str, columns: list[str]) -> None:
    """Put one index in the place of another. PostgreSQL writes prices meanwhile, so there it is no transaction."""
    context = op.get_context()
    with context.autocommit_block() if context.dialect.name == 'postgresql' else nullcontext():
        # A migration that was broken off here leaves an index that nothing uses.
        op.drop_index(coming, table_name=table, if_exists=True, postgresql_concurrently=True)
        op.create_index(coming, table, columns, unique=False, postgresql_concurrently=True)
        op.drop_index(leaving, table_name=table, if_exists=True, postgresql_concurrently=True)
