"""Empty, migrated PostgreSQL databases: making one takes half a second, so a used one is emptied for the next."""

from sqlalchemy import Connection, NullPool, create_engine, text

_SCHEMA = text(
    "SELECT md5(string_agg(concat(table_name, '.', column_name, ' ', data_type), ',' ORDER BY table_name, column_name))"
    " FROM information_schema.columns WHERE table_schema = 'public'"
)
_TABLES = text("SELECT tablename FROM pg_tables WHERE schemaname = 'public' AND tablename <> 'alembic_version'")
_OTHERS = text(
    "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = :name AND pid <> pg_backend_pid()"
)
# Without its triggers the audit trail can be emptied, and no table waits for another.
_BEGIN_ANEW = (
    "SET session_replication_role = replica; {}; SELECT setval(oid, 1, false) FROM pg_class WHERE relkind = 'S'"
)


class PostgresDatabases:
    """The databases of one server, copied from its `template`."""

    def __init__(self, server: str, template: str) -> None:
        self._server, self._template = server, template
        self._empty: list[str] = []
        self._made = 0
        self._schema = self._schema_of(template)

    def take(self) -> str:
        """Return the address of an empty one."""
        if self._empty:
            return database_in(self._server, self._empty.pop())
        self._made += 1
        name = f"racing_{self._made}"
        run_sql(self._server, f"CREATE DATABASE {name} TEMPLATE {self._template}")
        return database_in(self._server, name)

    def give_back(self, url: str) -> None:
        """Empty it; where a test has left it at another release, it goes."""
        name = url.partition("?")[0].rpartition("/")[2]
        with _connected(url) as connection:
            connection.execute(_OTHERS, {"name": name})
            if connection.scalar(_SCHEMA) == self._schema:
                tables = connection.scalars(_TABLES).all()
                connection.execute(text(_BEGIN_ANEW.format("; ".join(f"DELETE FROM {table}" for table in tables))))
                self._empty.append(name)
        if name not in self._empty:
            run_sql(self._server, f"DROP DATABASE {name} WITH (FORCE)")

    def _schema_of(self, name: str) -> str:
        with _connected(database_in(self._server, name)) as connection:
            return str(connection.scalar(_SCHEMA))


def _connected(url: str) -> Connection:
    address = url.replace("postgresql://", "postgresql+psycopg://")
    return create_engine(address, isolation_level="AUTOCOMMIT", poolclass=NullPool).connect()


def run_sql(url: str, statement: str) -> None:
    """Run one statement outside a transaction."""
    with _connected(url) as connection:
        connection.execute(text(statement))


def database_in(url: str, name: str) -> str:
    """Return the address of another database of the same server."""
    before, _, after = url.partition("?")
    return f"{before.rpartition('/')[0]}/{name}" + (f"?{after}" if after else "")
