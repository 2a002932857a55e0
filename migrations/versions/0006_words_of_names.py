"""Names and titles are found by each of their words

Revision ID: 0006
Revises: 0005
"""

import re
import unicodedata
from collections.abc import Iterator

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
    _fill()
    with op.batch_alter_table('name_words', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_name_words_newest'), ['newest'], unique=False)
        batch_op.create_index(batch_op.f('ix_name_words_slug'), ['slug'], unique=False)


def _fill() -> None:
    """Note the words of the titles and names that are on cards already: all of one moment, for others go on declaring."""
    races = sa.table('races', *(sa.column(name) for name in ('id', 'title')))
    runners = sa.table('runners', *(sa.column(name) for name in ('id', 'race_id', 'horse_slug', 'jockey_slug', 'trainer_slug')))
    cards = sa.select(races.c.title, *runners.c).join_from(runners, races, races.c.id == runners.c.race_id).order_by(races.c.id)
    found: dict[tuple[str, str, str], tuple[int, int, str]] = {}
    for runner in op.get_bind().execute(cards.execution_options(yield_per=ROWS_AT_ONCE)):
        for named in _names(runner):
            newest, count, last = found.get(named, (0, 0, ''))
            found[named] = max(newest, runner.id), count + (last != runner.race_id), runner.race_id
    rows = [
        {'kind': kind, 'ending': ending, 'slug': slug, 'newest': newest, 'races': count}
        for (kind, slug, name), (newest, count, _) in found.items()
        for ending in _endings(name)
    ]
    words = sa.table('name_words', *(sa.column(name) for name in ('kind', 'ending', 'slug', 'newest', 'races')))
    for start in range(0, len(rows), ROWS_AT_ONCE):
        op.bulk_insert(words, rows[start:start + ROWS_AT_ONCE])


def _names(runner: sa.Row) -> Iterator[tuple[str, str, str]]:
    """As services/name_words.py on the day of this migration: kind, slug, and what its words are taken from."""
    yield 'race', runner.race_id, _folded(runner.title)
    for kind, slug in (('horse', runner.horse_slug), ('jockey', runner.jockey_slug), ('trainer', runner.trainer_slug)):
        if slug is not None:
            yield kind, slug, slug


def _endings(name: str) -> list[str]:
    parts = name.split('-')
    return list(dict.fromkeys('-'.join(parts[place:])[:50] for place in range(len(parts))))


def _folded(text: str) -> str:
    plain = re.sub('[\u0300-\u036f]', '', unicodedata.normalize('NFKD', text.lower()))
    return re.sub('[^a-z0-9]+', '-', plain).strip('-')


def downgrade() -> None:
    """Undo."""
    with op.batch_alter_table('name_words', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_name_words_slug'))
        batch_op.drop_index(batch_op.f('ix_name_words_newest'))

    op.drop_table('name_words')
