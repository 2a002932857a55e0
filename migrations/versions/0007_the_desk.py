"""What the desk keeps: before and after in an audit trail that nobody edits, API keys, drafts, suspended bookmakers

Revision ID: 0007
Revises: 0006
"""

from contextlib import nullcontext

import sqlalchemy as sa
from alembic import op

revision = '0007'
down_revision = '0006'
branch_labels = None
depends_on = None

# As plain SQL: on SQLite a batch would copy the whole trail.
COLUMNS = [
    'ALTER TABLE audit_entries ADD COLUMN before JSON',
    'ALTER TABLE audit_entries ADD COLUMN source VARCHAR(16)',
    'ALTER TABLE audit_entries ADD COLUMN address VARCHAR(45)',
    'ALTER TABLE audit_entries ADD COLUMN api_key_id INTEGER CONSTRAINT fk_audit_entries_api_key_id REFERENCES api_keys (id)',
    'ALTER TABLE audit_entries ADD COLUMN undoes_id INTEGER CONSTRAINT fk_audit_entries_undoes_id REFERENCES audit_entries (id)',
    'ALTER TABLE articles ADD COLUMN corrected_at TIMESTAMP WITH TIME ZONE',
    'ALTER TABLE articles ADD COLUMN correction VARCHAR(300)',
    'ALTER TABLE articles ADD COLUMN withdrawn_at TIMESTAMP WITH TIME ZONE',
]
INDEXES = [
    ('ix_audit_entries_user_id_id', ['user_id', 'id']),
    ('ix_audit_entries_action_id', ['action', 'id']),
    ('ix_audit_entries_undoes_id', ['undoes_id']),
]
# What is younger than thirty days cannot go; the rest goes by its age (AUDIT_DAYS, 30 at least).
SQLITE_GUARDS = [
    """CREATE TRIGGER audit_entries_stay BEFORE UPDATE ON audit_entries
       BEGIN SELECT RAISE(ABORT, 'the audit trail is not edited'); END""",
    """CREATE TRIGGER audit_entries_last BEFORE DELETE ON audit_entries WHEN OLD.at > datetime('now', '-30 days')
       BEGIN SELECT RAISE(ABORT, 'the audit trail is not edited'); END""",
]
POSTGRESQL_GUARDS = [
    """CREATE FUNCTION refuse_to_edit_the_audit_trail() RETURNS trigger LANGUAGE plpgsql AS $$
       BEGIN
         IF TG_OP = 'DELETE' THEN
           IF OLD.at <= now() - interval '30 days' THEN RETURN OLD; END IF;
         END IF;
         RAISE EXCEPTION 'the audit trail is not edited';
       END $$""",
    """CREATE TRIGGER audit_entries_stay BEFORE UPDATE OR DELETE ON audit_entries
       FOR EACH ROW EXECUTE FUNCTION refuse_to_edit_the_audit_trail()""",
    """CREATE TRIGGER audit_entries_last BEFORE TRUNCATE ON audit_entries
       FOR EACH STATEMENT EXECUTE FUNCTION refuse_to_edit_the_audit_trail()""",
]


def upgrade() -> None:
    """Apply."""
    op.create_table('api_keys',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('user_id', sa.Integer(), nullable=False),
    sa.Column('name', sa.String(length=80), nullable=False),
    sa.Column('prefix', sa.String(length=16), nullable=False),
    sa.Column('digest', sa.String(length=64), nullable=False),
    sa.Column('created_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('created_by_id', sa.Integer(), nullable=True),
    sa.Column('revoked_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('last_used_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('last_used_from', sa.String(length=45), nullable=True),
    sa.ForeignKeyConstraint(['created_by_id'], ['users.id'], name=op.f('fk_api_keys_created_by_id')),
    sa.ForeignKeyConstraint(['user_id'], ['users.id'], name=op.f('fk_api_keys_user_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_api_keys')),
    sa.UniqueConstraint('digest', name=op.f('uq_api_keys_digest'))
    )
    op.create_index('ix_api_keys_user_id', 'api_keys', ['user_id'], unique=False)
    op.create_table('article_drafts',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('title', sa.String(length=150), nullable=False),
    sa.Column('summary', sa.String(length=300), nullable=False),
    sa.Column('body', sa.Text(), nullable=False),
    sa.Column('race_id', sa.String(length=64), nullable=True),
    sa.Column('author_id', sa.Integer(), nullable=True),
    sa.Column('publish_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('saved_at', sa.DateTime(timezone=True), nullable=False),
    sa.ForeignKeyConstraint(['author_id'], ['users.id'], name=op.f('fk_article_drafts_author_id')),
    sa.ForeignKeyConstraint(['race_id'], ['races.id'], name=op.f('fk_article_drafts_race_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_article_drafts'))
    )
    op.create_index('ix_article_drafts_publish_at', 'article_drafts', ['publish_at'], unique=False)
    op.create_table('bookmaker_suspensions',
    sa.Column('race_id', sa.String(length=64), nullable=False),
    sa.Column('bookmaker', sa.String(length=64), nullable=False),
    sa.Column('at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('by_user_id', sa.Integer(), nullable=True),
    sa.Column('held', sa.JSON(), nullable=False),
    sa.ForeignKeyConstraint(['bookmaker'], ['bookmakers.slug'], name=op.f('fk_bookmaker_suspensions_bookmaker')),
    sa.ForeignKeyConstraint(['by_user_id'], ['users.id'], name=op.f('fk_bookmaker_suspensions_by_user_id')),
    sa.ForeignKeyConstraint(['race_id'], ['races.id'], name=op.f('fk_bookmaker_suspensions_race_id')),
    sa.PrimaryKeyConstraint('race_id', 'bookmaker', name=op.f('pk_bookmaker_suspensions'))
    )
    for statement in COLUMNS:
        op.execute(sa.text(statement if op.get_context().dialect.name == 'postgresql' else statement.replace('TIMESTAMP WITH TIME ZONE', 'DATETIME')))
    for statement in _guards():
        op.execute(sa.text(statement))
    context = op.get_context()
    with context.autocommit_block() if context.dialect.name == 'postgresql' else nullcontext():
        for name, columns in INDEXES:
            # A migration that was broken off here leaves an index that nothing uses.
            op.drop_index(name, table_name='audit_entries', if_exists=True, postgresql_concurrently=True)
            op.create_index(name, 'audit_entries', columns, unique=False, postgresql_concurrently=True)


def _guards() -> list[str]:
    return POSTGRESQL_GUARDS if op.get_context().dialect.name == 'postgresql' else SQLITE_GUARDS


def downgrade() -> None:
    """Undo."""
    on = ' ON audit_entries' if op.get_context().dialect.name == 'postgresql' else ''
    for name in ('audit_entries_stay', 'audit_entries_last'):
        op.execute(sa.text(f'DROP TRIGGER IF EXISTS {name}{on}'))
    if on:
        op.execute(sa.text('DROP FUNCTION refuse_to_edit_the_audit_trail()'))
    for name, _ in INDEXES:
        op.drop_index(name, table_name='audit_entries')
    # SQLite keeps no name of a rule that came with its column.
    names = {'fk': 'fk_%(table_name)s_%(column_0_name)s'}
    with op.batch_alter_table('audit_entries', schema=None, naming_convention=names) as batch_op:
        batch_op.drop_constraint('fk_audit_entries_undoes_id', type_='foreignkey')
        batch_op.drop_constraint('fk_audit_entries_api_key_id', type_='foreignkey')
        for name in ('undoes_id', 'api_key_id', 'address', 'source', 'before'):
            batch_op.drop_column(name)
    for name in ('withdrawn_at', 'correction', 'corrected_at'):
        op.execute(sa.text(f'ALTER TABLE articles DROP COLUMN {name}'))
    op.drop_table('bookmaker_suspensions')
    op.drop_table('article_drafts')
    op.drop_table('api_keys')
