"""Whose tokens still count, and who has left: the epoch of a user's sign-ins, since when it stands, and the deletion

Revision ID: 0009_ways_in
Revises: 0008_cards
"""

import sqlalchemy as sa
from alembic import op

revision = '0009_ways_in'
down_revision = '0008_cards'
branch_labels = None
depends_on = None

# As plain SQL: on SQLite a batch would copy every user there is. Tokens of the release before are of epoch 0.
TIMES = ('signed_out_at', 'deleted_at')


def upgrade() -> None:
    """Apply."""
    kind = 'TIMESTAMP WITH TIME ZONE' if op.get_bind().dialect.name == 'postgresql' else 'DATETIME'
    op.execute(sa.text('ALTER TABLE users ADD COLUMN token_epoch INTEGER DEFAULT 0 NOT NULL'))
    for column in TIMES:
        op.execute(sa.text(f'ALTER TABLE users ADD COLUMN {column} {kind}'))
    op.create_index('ix_users_signed_out_at', 'users', ['signed_out_at'])


def downgrade() -> None:
    """Undo."""
    op.drop_index('ix_users_signed_out_at', 'users')
    for column in ('token_epoch', *TIMES):
        op.execute(sa.text(f'ALTER TABLE users DROP COLUMN {column}'))
