"""Settings, watchlists, alerts; what cards say more of runners, and the names they are found under

Revision ID: 0003
Revises: 0002
"""

import re
import unicodedata

import sqlalchemy as sa
from alembic import op

revision = '0003'
down_revision = '0002'
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Apply."""
    op.create_table('user_settings',
    sa.Column('user_id', sa.Integer(), nullable=False),
    sa.Column('odds_format', sa.Enum('fractional', 'decimal', 'american', name='odds_format_known', native_enum=False, create_constraint=True, length=16), nullable=False),
    sa.Column('theme', sa.Enum('auto', 'light', 'dark', 'contrast', name='theme_known', native_enum=False, create_constraint=True, length=16), nullable=False),
    sa.Column('time_zone', sa.String(length=40), nullable=True),
    sa.Column('quiet_from', sa.Time(), nullable=True),
    sa.Column('quiet_until', sa.Time(), nullable=True),
    sa.CheckConstraint('(quiet_from IS NULL) = (quiet_until IS NULL)', name=op.f('ck_user_settings_quiet_hours_whole')),
    sa.ForeignKeyConstraint(['user_id'], ['users.id'], name=op.f('fk_user_settings_user_id')),
    sa.PrimaryKeyConstraint('user_id', name=op.f('pk_user_settings'))
    )
    op.create_table('watches',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('user_id', sa.Integer(), nullable=False),
    sa.Column('kind', sa.Enum('race', 'horse', 'jockey', 'trainer', name='kind_known', native_enum=False, create_constraint=True, length=16), nullable=False),
    sa.Column('key', sa.String(length=64), nullable=False),
    sa.Column('name', sa.String(length=200), nullable=False),
    sa.Column('alerts', sa.Boolean(), nullable=False),
    sa.Column('created_at', sa.DateTime(timezone=True), nullable=False),
    sa.ForeignKeyConstraint(['user_id'], ['users.id'], name=op.f('fk_watches_user_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_watches')),
    sa.UniqueConstraint('user_id', 'kind', 'key', name=op.f('uq_watches_user_id_kind_key'))
    )
    with op.batch_alter_table('watches', schema=None) as batch_op:
        batch_op.create_index('ix_watches_kind_key', ['kind', 'key'], unique=False)

    op.create_table('alert_progress',
    sa.Column('race_id', sa.String(length=64), nullable=False),
    sa.Column('version', sa.Integer(), nullable=False),
    sa.Column('status', sa.Enum('DORMANT', 'DELAYED', 'PARADING', 'GOINGDOWN', 'GOINGBEHIND', 'ATTHEPOST', 'UNDERORDERS', 'OFF', 'FALSESTART', 'FINISHED', 'PHOTOGRAPH', 'RESULT', 'WEIGHEDIN', 'RACEVOID', 'ABANDONED', name='status_known', native_enum=False, create_constraint=True, length=16), nullable=False),
    sa.Column('off_time', sa.DateTime(timezone=True), nullable=False),
    sa.ForeignKeyConstraint(['race_id'], ['races.id'], name=op.f('fk_alert_progress_race_id')),
    sa.PrimaryKeyConstraint('race_id', name=op.f('pk_alert_progress'))
    )
    op.create_table('price_alerts',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('user_id', sa.Integer(), nullable=False),
    sa.Column('race_id', sa.String(length=64), nullable=False),
    sa.Column('runner_pk', sa.Integer(), nullable=False),
    sa.Column('wanted', sa.Enum('bigger', 'shorter', name='wanted_known', native_enum=False, create_constraint=True, length=16), nullable=False),
    sa.Column('price', sa.Integer(), nullable=False),
    sa.Column('armed', sa.Boolean(), nullable=False),
    sa.Column('created_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('told_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('told_price', sa.Integer(), nullable=True),
    sa.CheckConstraint('price BETWEEN 101 AND 100000', name=op.f('ck_price_alerts_price_on_scale')),
    sa.CheckConstraint('told_price BETWEEN 101 AND 100000', name=op.f('ck_price_alerts_told_price_on_scale')),
    sa.ForeignKeyConstraint(['race_id'], ['races.id'], name=op.f('fk_price_alerts_race_id')),
    sa.ForeignKeyConstraint(['runner_pk'], ['runners.id'], name=op.f('fk_price_alerts_runner_pk')),
    sa.ForeignKeyConstraint(['user_id'], ['users.id'], name=op.f('fk_price_alerts_user_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_price_alerts')),
    sa.UniqueConstraint('user_id', 'runner_pk', 'wanted', name=op.f('uq_price_alerts_user_id_runner_pk_wanted'))
    )
    with op.batch_alter_table('price_alerts', schema=None) as batch_op:
        batch_op.create_index('ix_price_alerts_armed', ['race_id'], unique=False, sqlite_where=sa.text('armed'), postgresql_where=sa.text('armed'))

    with op.batch_alter_table('articles', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_articles_race_id'), ['race_id'], unique=False)

    with op.batch_alter_table('races', schema=None) as batch_op:
        batch_op.add_column(sa.Column('prize', sa.String(length=40), nullable=True))

    with op.batch_alter_table('runners', schema=None) as batch_op:
        batch_op.add_column(sa.Column('claim', sa.Integer(), nullable=True))
        batch_op.add_column(sa.Column('headgear', sa.String(length=20), nullable=True))
        batch_op.add_column(sa.Column('course_distance', sa.String(length=8), nullable=True))
        batch_op.add_column(sa.Column('horse_slug', sa.String(length=64), nullable=True))
        batch_op.add_column(sa.Column('jockey_slug', sa.String(length=64), nullable=True))
        batch_op.add_column(sa.Column('trainer_slug', sa.String(length=64), nullable=True))
        batch_op.add_column(sa.Column('opening_price', sa.Integer(), nullable=True))
        batch_op.add_column(sa.Column('longest_price', sa.Integer(), nullable=True))
        batch_op.add_column(sa.Column('shortest_price', sa.Integer(), nullable=True))
        batch_op.add_column(sa.Column('priced_day', sa.Date(), nullable=True))
        batch_op.create_index(batch_op.f('ix_runners_horse_slug'), ['horse_slug'], unique=False)
        batch_op.create_index(batch_op.f('ix_runners_jockey_slug'), ['jockey_slug'], unique=False)
        batch_op.create_index(batch_op.f('ix_runners_trainer_slug'), ['trainer_slug'], unique=False)

    _name_runners()


def _name_runners() -> None:
    """Give the runners that are there the slugs of their names, some thousands at a time."""
    runners = sa.table(
        'runners', *(sa.column(name) for name in ('id', 'name', 'jockey', 'trainer', 'horse_slug', 'jockey_slug', 'trainer_slug'))
    )
    connection, last = op.get_bind(), 0
    named = sa.update(runners).where(runners.c.id == sa.bindparam('pk')).values(
        horse_slug=sa.bindparam('of_horse'), jockey_slug=sa.bindparam('of_jockey'), trainer_slug=sa.bindparam('of_trainer')
    )
    columns = sa.select(runners.c.id, runners.c.name, runners.c.jockey, runners.c.trainer)
    while rows := connection.execute(columns.where(runners.c.id > last).order_by(runners.c.id).limit(5000)).all():
        connection.execute(named, [
            {'pk': row.id, 'of_horse': _slug(row.name), 'of_jockey': _slug(row.jockey), 'of_trainer': _slug(row.trainer)}
            for row in rows
        ])
        last = rows[-1].id


def _slug(name: str | None) -> str | None:
    """As services/slugs.py makes them on the day of this migration."""
    folded = re.sub('[\u0300-\u036f]', '', unicodedata.normalize('NFKD', (name or '').lower()))
    return re.sub('[^a-z0-9]+', '-', folded).strip('-')[:50].strip('-') or None


def downgrade() -> None:
    """Undo. Columns go in place: on SQLite a batch would copy tables that others refer to."""
    with op.batch_alter_table('runners', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_runners_trainer_slug'))
        batch_op.drop_index(batch_op.f('ix_runners_jockey_slug'))
        batch_op.drop_index(batch_op.f('ix_runners_horse_slug'))
    op.execute(sa.text('ALTER TABLE runners DROP COLUMN priced_day'))
    op.execute(sa.text('ALTER TABLE runners DROP COLUMN shortest_price'))
    op.execute(sa.text('ALTER TABLE runners DROP COLUMN longest_price'))
    op.execute(sa.text('ALTER TABLE runners DROP COLUMN opening_price'))
    op.execute(sa.text('ALTER TABLE runners DROP COLUMN trainer_slug'))
    op.execute(sa.text('ALTER TABLE runners DROP COLUMN jockey_slug'))
    op.execute(sa.text('ALTER TABLE runners DROP COLUMN horse_slug'))
    op.execute(sa.text('ALTER TABLE runners DROP COLUMN course_distance'))
    op.execute(sa.text('ALTER TABLE runners DROP COLUMN headgear'))
    op.execute(sa.text('ALTER TABLE runners DROP COLUMN claim'))

    op.execute(sa.text('ALTER TABLE races DROP COLUMN prize'))

    with op.batch_alter_table('articles', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_articles_race_id'))

    with op.batch_alter_table('price_alerts', schema=None) as batch_op:
        batch_op.drop_index('ix_price_alerts_armed', sqlite_where=sa.text('armed'), postgresql_where=sa.text('armed'))

    op.drop_table('price_alerts')
    op.drop_table('alert_progress')
    with op.batch_alter_table('watches', schema=None) as batch_op:
        batch_op.drop_index('ix_watches_kind_key')

    op.drop_table('watches')
    op.drop_table('user_settings')
