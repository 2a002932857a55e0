"""What of a card came later: the race's version that last changed its card, and that at which a runner came onto it

Revision ID: 0008_cards
Revises: 0007
"""

import sqlalchemy as sa
from alembic import op

revision = '0008_cards'
down_revision = '0007'
branch_labels = None
depends_on = None

# As plain SQL: on SQLite a batch would copy every runner there is. A worker of the release before leaves them 0.
COLUMNS = (('races', 'card_version'), ('runners', 'declared_version'))


def upgrade() -> None:
    """Apply."""
    for table, column in COLUMNS:
        op.execute(sa.text(f'ALTER TABLE {table} ADD COLUMN {column} INTEGER DEFAULT 0 NOT NULL'))


def downgrade() -> None:
    """Undo."""
    for table, column in COLUMNS:
        op.execute(sa.text(f'ALTER TABLE {table} DROP COLUMN {column}'))
