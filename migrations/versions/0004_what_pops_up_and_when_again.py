"""What pops up for a user; a price alert that was armed again while its price was there

Revision ID: 0004
Revises: 0003
"""

import sqlalchemy as sa
from alembic import op

revision = '0004'
down_revision = '0003'
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Apply."""
    with op.batch_alter_table('user_settings', schema=None) as batch_op:
        batch_op.add_column(sa.Column('pop_ups', sa.Enum('all', 'mine', 'none', name='pop_ups_known', native_enum=False, length=16), server_default='all', nullable=False))

    with op.batch_alter_table('price_alerts', schema=None) as batch_op:
        batch_op.add_column(sa.Column('must_leave', sa.Boolean(), server_default=sa.false(), nullable=False))


def downgrade() -> None:
    """Undo. Columns go in place: on SQLite a batch would copy the whole table."""
    op.execute(sa.text('ALTER TABLE price_alerts DROP COLUMN must_leave'))
    op.execute(sa.text('ALTER TABLE user_settings DROP COLUMN pop_ups'))
