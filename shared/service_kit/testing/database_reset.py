"""Takes a test's database back to what the migrations made, which is quicker than to make another.

A database is some 700 files: 0.3 s to make on a disk, and dropping it has the server sync whatever else it wrote, for
seconds where several are open. Emptying takes 0.03 s. It counts for nothing what a test did to rows; who did more, to
the schema or with very many rows, gets no database to be used again.
"""

from dataclasses import dataclass

import psycopg
from psycopg import sql

_CATALOGUES = (
    *("pg_attrdef", "pg_attribute", "pg_class", "pg_constraint", "pg_default_acl", "pg_depend", "pg_event_trigger"),
    *("pg_index", "pg_policy", "pg_proc", "pg_rewrite", "pg_sequence", "pg_trigger", "pg_type"),
)
_SCHEMA = " UNION ALL ".join(
    f"SELECT '{name}', count(*), sum(xmin::text::bigint) FROM {name}"  # noqa: S608
    for name in _CATALOGUES
)
"""Moves with any change of the schema, of a right or of a trigger: each writes a row anew, in a later transaction."""
_TABLES = "SELECT tablename FROM pg_tables WHERE schemaname = 'public' ORDER BY 1"
_SEQUENCES = "SELECT sequencename, start_value, last_value FROM pg_sequences WHERE schemaname = 'public' ORDER BY 1"
_OTHERS_OUT = (
    "SELECT pg_terminate_backend(pid, 5000) FROM pg_stat_activity "
    "WHERE datname = current_database() AND pid <> pg_backend_pid()"
)
_BYTES = "SELECT pg_database_size(current_database())"
_MOST_MORE = 8 * 1024**2
"""Bytes by which a database may have grown: rows that are deleted still lie in its files."""


@dataclass(frozen=True)
class Made:
    """What the migrations made: the state of the schema, and the rows that each table begins with."""

    schema: list[tuple[str, int, int]]
    rows: dict[str, bytes]
    sequences: list[tuple[str, int, int | None]]
    size: int

    @classmethod
    def read(cls, database: psycopg.Connection) -> "Made":
        """Read it from a database that nobody has used yet."""
        rows = {}
        for (table,) in database.execute(_TABLES).fetchall():
            with database.cursor().copy(sql.SQL("COPY {} TO STDOUT").format(sql.Identifier(table))) as copy:
                rows[table] = b"".join(map(bytes, copy))
        return cls(_schema(database), rows, database.execute(_SEQUENCES).fetchall(), _size(database))

    def again(self, database: psycopg.Connection) -> bool:
        """Take a used database back to it, in one transaction; False where the schema moved or the files grew."""
        database.execute(_OTHERS_OUT)
        if _size(database) > self.size + _MOST_MORE or _schema(database) != self.schema:
            return False
        database.execute("SET LOCAL synchronous_commit = off")
        database.execute("SET LOCAL session_replication_role = replica")  # no triggers: some tables forbid to delete
        database.execute(
            sql.SQL(";").join(sql.SQL("DELETE FROM {}").format(sql.Identifier(table)) for table in self.rows)
        )
        for table, rows in self.rows.items():
            if rows:
                with database.cursor().copy(sql.SQL("COPY {} FROM STDIN").format(sql.Identifier(table))) as copy:
                    copy.write(rows)
        for name, start, last in self.sequences:
            database.execute("SELECT setval(%s, %s, %s)", (name, start if last is None else last, last is not None))
        return True


def _schema(database: psycopg.Connection) -> list[tuple[str, int, int]]:
    return database.execute(_SCHEMA).fetchall()


def _size(database: psycopg.Connection) -> int:
    row = database.execute(_BYTES).fetchone()
    assert row is not None
    return int(row[0])
