"""Names are found by each of their words

Revision ID: 0006
Revises: 0005
"""

import sqlalchemy as sa
from alembic import op

revision = '0006'
down_revision = '0005'
branch_labels = None
depends_on = None

ROWS_AT_ONCE = 5000


def upgrade() -> None:
    """Apply."""
    op.create_table('name_words',
    sa.Column('kind', sa.String(length=16), nullable=False),
    sa.Column('ending', sa.String(length=64), nullable=False),
    sa.Column('slug', sa.String(length=64), nullable=False),
    sa.Column('newest', sa.Integer(), nullable=False),
    sa.Column('races', sa.Integer(), nullable=False),
    sa.PrimaryKeyConstraint('kind', 'ending', 'slug', name=op.f('pk_name_words'))
    )
    for kind in ('horse', 'jockey', 'trainer'):
        _fill(kind)
    with op.batch_alter_table('name_words', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_name_words_newest'), ['newest'], unique=False)


def _fill(kind: str) -> None:
    """Note the words of the names of that kind that are on cards already."""
    runners = sa.table('runners', *(sa.column(name) for name in ('id', 'race_id', f'{kind}_slug')))
    words = sa.table('name_words', *(sa.column(name) for name in ('kind', 'ending', 'slug', 'newest', 'races')))
    slug = runners.c[f'{kind}_slug']
    names = sa.select(slug.label('slug'), sa.func.max(runners.c.id).label('newest'), sa.func.count(runners.c.race_id.distinct()).label('races'))
    rows = []
    for name in op.get_bind().execute(names.where(slug.is_not(None)).group_by(slug)).all():
        parts = name.slug.split('-')
        rows += [
            {'kind': kind, 'ending': '-'.join(parts[place:]), 'slug': name.slug, 'newest': name.newest, 'races': name.races}
            for place in range(len(parts))
        ]
    for start in range(0, len(rows), ROWS_AT_ONCE):
        op.bulk_insert(words, rows[start:start + ROWS_AT_ONCE])


def downgrade() -> None:
    """Undo."""
    with op.batch_alter_table('name_words', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_name_words_newest'))

    op.drop_table('name_words')
