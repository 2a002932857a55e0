"""Meetings, races, prices and users

Revision ID: 0001
Revises: 
"""

import sqlalchemy as sa
from alembic import op

revision = '0001'
down_revision = None
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Apply."""
    op.create_table('bookmakers',
    sa.Column('slug', sa.String(length=64), nullable=False),
    sa.Column('name', sa.String(length=80), nullable=False),
    sa.PrimaryKeyConstraint('slug', name=op.f('pk_bookmakers'))
    )
    op.create_table('meetings',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('slug', sa.String(length=100), nullable=False),
    sa.Column('course', sa.String(length=80), nullable=False),
    sa.Column('day', sa.Date(), nullable=False),
    sa.Column('country', sa.String(length=3), nullable=True),
    sa.Column('time_zone', sa.String(length=40), nullable=False),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_meetings')),
    sa.UniqueConstraint('course', 'day', name=op.f('uq_meetings_course_day')),
    sa.UniqueConstraint('slug', name=op.f('uq_meetings_slug'))
    )
    with op.batch_alter_table('meetings', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_meetings_day'), ['day'], unique=False)

    op.create_table('revoked_tokens',
    sa.Column('jti', sa.String(length=36), nullable=False),
    sa.Column('expires_at', sa.DateTime(timezone=True), nullable=False),
    sa.PrimaryKeyConstraint('jti', name=op.f('pk_revoked_tokens'))
    )
    with op.batch_alter_table('revoked_tokens', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_revoked_tokens_expires_at'), ['expires_at'], unique=False)

    op.create_table('users',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('email', sa.String(length=254), nullable=False),
    sa.Column('password_hash', sa.String(length=200), nullable=False),
    sa.Column('role', sa.Enum('punter', 'feed', 'staff', 'admin', name='role_known', native_enum=False, create_constraint=True, length=16), nullable=False),
    sa.Column('disabled_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('created_at', sa.DateTime(timezone=True), nullable=False),
    sa.CheckConstraint('email = lower(email)', name=op.f('ck_users_email_is_lower')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_users')),
    sa.UniqueConstraint('email', name=op.f('uq_users_email'))
    )
    op.create_table('answered_requests',
    sa.Column('user_id', sa.Integer(), nullable=False),
    sa.Column('key', sa.String(length=200), nullable=False),
    sa.Column('fingerprint', sa.String(length=64), nullable=False),
    sa.Column('answer', sa.JSON(), nullable=False),
    sa.Column('at', sa.DateTime(timezone=True), nullable=False),
    sa.ForeignKeyConstraint(['user_id'], ['users.id'], name=op.f('fk_answered_requests_user_id')),
    sa.PrimaryKeyConstraint('user_id', 'key', name=op.f('pk_answered_requests'))
    )
    with op.batch_alter_table('answered_requests', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_answered_requests_at'), ['at'], unique=False)

    op.create_table('races',
    sa.Column('id', sa.String(length=64), nullable=False),
    sa.Column('meeting_id', sa.Integer(), nullable=False),
    sa.Column('off_time', sa.DateTime(timezone=True), nullable=False),
    sa.Column('off_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('title', sa.String(length=200), nullable=False),
    sa.Column('distance', sa.String(length=40), nullable=True),
    sa.Column('going', sa.String(length=60), nullable=True),
    sa.Column('race_class', sa.String(length=40), nullable=True),
    sa.Column('handicap', sa.Boolean(), nullable=False),
    sa.Column('status', sa.Enum('DORMANT', 'DELAYED', 'PARADING', 'GOINGDOWN', 'GOINGBEHIND', 'ATTHEPOST', 'UNDERORDERS', 'OFF', 'FALSESTART', 'FINISHED', 'PHOTOGRAPH', 'RESULT', 'WEIGHEDIN', 'RACEVOID', 'ABANDONED', name='status_known', native_enum=False, create_constraint=True, length=16), nullable=False),
    sa.Column('betting', sa.Enum('open', 'suspended', 'closed', name='betting_known', native_enum=False, create_constraint=True, length=16), nullable=False),
    sa.Column('enquiry', sa.Boolean(), nullable=False),
    sa.Column('has_result', sa.Boolean(), nullable=False),
    sa.Column('version', sa.Integer(), nullable=False),
    sa.Column('state_version', sa.Integer(), nullable=False),
    sa.Column('created_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('updated_at', sa.DateTime(timezone=True), nullable=False),
    sa.CheckConstraint("status NOT IN ('RESULT', 'WEIGHEDIN', 'RACEVOID', 'ABANDONED') OR betting = 'closed'", name=op.f('ck_races_no_betting_after_result')),
    sa.CheckConstraint('length(id) BETWEEN 1 AND 64 AND id = lower(id)', name=op.f('ck_races_id_is_slug')),
    sa.CheckConstraint('state_version BETWEEN 0 AND version', name=op.f('ck_races_state_version_reached')),
    sa.CheckConstraint('version >= 0', name=op.f('ck_races_version_not_negative')),
    sa.ForeignKeyConstraint(['meeting_id'], ['meetings.id'], name=op.f('fk_races_meeting_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_races'))
    )
    with op.batch_alter_table('races', schema=None) as batch_op:
        batch_op.create_index('ix_races_meeting_id_off_time', ['meeting_id', 'off_time'], unique=False)
        batch_op.create_index(batch_op.f('ix_races_off_time'), ['off_time'], unique=False)

    op.create_table('audit_entries',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('user_id', sa.Integer(), nullable=True),
    sa.Column('action', sa.String(length=40), nullable=False),
    sa.Column('race_id', sa.String(length=64), nullable=True),
    sa.Column('version', sa.Integer(), nullable=True),
    sa.Column('detail', sa.JSON(), nullable=False),
    sa.ForeignKeyConstraint(['race_id'], ['races.id'], name=op.f('fk_audit_entries_race_id')),
    sa.ForeignKeyConstraint(['user_id'], ['users.id'], name=op.f('fk_audit_entries_user_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_audit_entries'))
    )
    with op.batch_alter_table('audit_entries', schema=None) as batch_op:
        batch_op.create_index('ix_audit_entries_race_id_id', ['race_id', 'id'], unique=False)

    op.create_table('runners',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('race_id', sa.String(length=64), nullable=False),
    sa.Column('runner_id', sa.String(length=64), nullable=False),
    sa.Column('position_on_card', sa.Integer(), nullable=False),
    sa.Column('number', sa.String(length=8), nullable=True),
    sa.Column('name', sa.String(length=120), nullable=False),
    sa.Column('draw', sa.Integer(), nullable=True),
    sa.Column('jockey', sa.String(length=120), nullable=True),
    sa.Column('trainer', sa.String(length=120), nullable=True),
    sa.Column('weight', sa.String(length=20), nullable=True),
    sa.Column('age', sa.Integer(), nullable=True),
    sa.Column('form', sa.String(length=40), nullable=True),
    sa.Column('official_rating', sa.Integer(), nullable=True),
    sa.Column('silks', sa.String(length=200), nullable=True),
    sa.Column('status', sa.Enum('ACTIVE', 'NON_RUNNER', 'WINNER', 'PLACED', 'LOSER', name='status_known', native_enum=False, create_constraint=True, length=16), nullable=False),
    sa.Column('withdrawn_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('withdrawn_price', sa.Integer(), nullable=True),
    sa.Column('position', sa.Integer(), nullable=True),
    sa.Column('sp', sa.Integer(), nullable=True),
    sa.Column('version', sa.Integer(), nullable=False),
    sa.CheckConstraint("(status = 'NON_RUNNER') = (withdrawn_at IS NOT NULL)", name=op.f('ck_runners_withdrawn_has_time')),
    sa.CheckConstraint('position >= 1', name=op.f('ck_runners_position_from_one')),
    sa.CheckConstraint('sp BETWEEN 101 AND 100000', name=op.f('ck_runners_sp_on_scale')),
    sa.CheckConstraint('withdrawn_price BETWEEN 101 AND 100000', name=op.f('ck_runners_withdrawn_price_on_scale')),
    sa.ForeignKeyConstraint(['race_id'], ['races.id'], name=op.f('fk_runners_race_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_runners')),
    sa.UniqueConstraint('race_id', 'runner_id', name=op.f('uq_runners_race_id_runner_id'))
    )
    with op.batch_alter_table('runners', schema=None) as batch_op:
        batch_op.create_index('ix_runners_race_id_version', ['race_id', 'version'], unique=False)

    op.create_table('current_prices',
    sa.Column('runner_pk', sa.Integer(), nullable=False),
    sa.Column('bookmaker', sa.String(length=64), nullable=False),
    sa.Column('race_id', sa.String(length=64), nullable=False),
    sa.Column('price', sa.Integer(), nullable=True),
    sa.Column('previous', sa.Integer(), nullable=True),
    sa.Column('version', sa.Integer(), nullable=False),
    sa.Column('updated_at', sa.DateTime(timezone=True), nullable=False),
    sa.CheckConstraint('previous BETWEEN 101 AND 100000', name=op.f('ck_current_prices_previous_on_scale')),
    sa.CheckConstraint('price BETWEEN 101 AND 100000', name=op.f('ck_current_prices_price_on_scale')),
    sa.ForeignKeyConstraint(['bookmaker'], ['bookmakers.slug'], name=op.f('fk_current_prices_bookmaker')),
    sa.ForeignKeyConstraint(['race_id'], ['races.id'], name=op.f('fk_current_prices_race_id')),
    sa.ForeignKeyConstraint(['runner_pk'], ['runners.id'], name=op.f('fk_current_prices_runner_pk')),
    sa.PrimaryKeyConstraint('runner_pk', 'bookmaker', name=op.f('pk_current_prices'))
    )
    with op.batch_alter_table('current_prices', schema=None) as batch_op:
        batch_op.create_index('ix_current_prices_race_id_version', ['race_id', 'version'], unique=False)

    op.create_table('price_changes',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('race_id', sa.String(length=64), nullable=False),
    sa.Column('runner_pk', sa.Integer(), nullable=False),
    sa.Column('bookmaker', sa.String(length=64), nullable=False),
    sa.Column('price', sa.Integer(), nullable=True),
    sa.Column('version', sa.Integer(), nullable=False),
    sa.Column('at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('by_user_id', sa.Integer(), nullable=True),
    sa.CheckConstraint('price BETWEEN 101 AND 100000', name=op.f('ck_price_changes_price_on_scale')),
    sa.ForeignKeyConstraint(['bookmaker'], ['bookmakers.slug'], name=op.f('fk_price_changes_bookmaker')),
    sa.ForeignKeyConstraint(['by_user_id'], ['users.id'], name=op.f('fk_price_changes_by_user_id')),
    sa.ForeignKeyConstraint(['race_id'], ['races.id'], name=op.f('fk_price_changes_race_id')),
    sa.ForeignKeyConstraint(['runner_pk'], ['runners.id'], name=op.f('fk_price_changes_runner_pk')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_price_changes'))
    )
    with op.batch_alter_table('price_changes', schema=None) as batch_op:
        batch_op.create_index('ix_price_changes_race_id_version', ['race_id', 'version'], unique=False)
        batch_op.create_index('ix_price_changes_runner_pk_bookmaker_version', ['runner_pk', 'bookmaker', 'version'], unique=False)



def downgrade() -> None:
    """Undo."""
    with op.batch_alter_table('price_changes', schema=None) as batch_op:
        batch_op.drop_index('ix_price_changes_runner_pk_bookmaker_version')
        batch_op.drop_index('ix_price_changes_race_id_version')

    op.drop_table('price_changes')
    with op.batch_alter_table('current_prices', schema=None) as batch_op:
        batch_op.drop_index('ix_current_prices_race_id_version')

    op.drop_table('current_prices')
    with op.batch_alter_table('runners', schema=None) as batch_op:
        batch_op.drop_index('ix_runners_race_id_version')

    op.drop_table('runners')
    with op.batch_alter_table('audit_entries', schema=None) as batch_op:
        batch_op.drop_index('ix_audit_entries_race_id_id')

    op.drop_table('audit_entries')
    with op.batch_alter_table('races', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_races_off_time'))
        batch_op.drop_index('ix_races_meeting_id_off_time')

    op.drop_table('races')
    with op.batch_alter_table('answered_requests', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_answered_requests_at'))

    op.drop_table('answered_requests')
    op.drop_table('users')
    with op.batch_alter_table('revoked_tokens', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_revoked_tokens_expires_at'))

    op.drop_table('revoked_tokens')
    with op.batch_alter_table('meetings', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_meetings_day'))

    op.drop_table('meetings')
    op.drop_table('bookmakers')
