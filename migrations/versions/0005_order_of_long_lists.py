"""Long histories and the news of a race are read in their order, without sorting what comes later

Revision ID: 0005
Revises: 0004
"""

from alembic import op

revision = '0005'
down_revision = '0004'
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Apply."""
    op.create_index('ix_price_changes_race_id_version_id', 'price_changes', ['race_id', 'version', 'id'], unique=False)
    op.drop_index('ix_price_changes_race_id_version', table_name='price_changes')
    op.create_index('ix_articles_race_id_id', 'articles', ['race_id', 'id'], unique=False)
    op.drop_index('ix_articles_race_id', table_name='articles')


def downgrade() -> None:
    """Undo."""
    op.create_index('ix_articles_race_id', 'articles', ['race_id'], unique=False)
    op.drop_index('ix_articles_race_id_id', table_name='articles')
    op.create_index('ix_price_changes_race_id_version', 'price_changes', ['race_id', 'version'], unique=False)
    op.drop_index('ix_price_changes_race_id_version_id', table_name='price_changes')
