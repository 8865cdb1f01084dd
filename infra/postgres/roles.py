"""The database roles: one for each process, each with the least rights that its work needs."""

from collections.abc import Mapping

from psycopg import Connection, sql

OWNER = "lodestone_owner"
LOGIN_ROLES: Mapping[str, str] = {
    "writer": "lodestone_writer",
    "reader": "lodestone_reader",
    "relay": "lodestone_relay",
    "projector": "lodestone_projector",
}
# So that a writer that hangs does not keep the append lock. A writer that means ill could set another for its session.
WRITER_TRANSACTION_TIMEOUT = "30s"
# All that a writer asks for has a key. A plan made while a table had one page would read the whole table, and is kept.
WRITER_SETTINGS: Mapping[str, str] = {"transaction_timeout": WRITER_TRANSACTION_TIMEOUT, "enable_seqscan": "off"}
# A URL may ask for a harmless role (``?options=-c role=...``), which its session may put down again: both are judged.
_WHO_COULD_CHANGE = """
SELECT session_user || CASE WHEN current_user <> session_user THEN ' (as ' || current_user || ')' ELSE '' END
WHERE EXISTS (
    SELECT FROM pg_roles r WHERE (r.rolsuper OR r.rolname = %(owner)s)
        AND (pg_has_role(session_user, r.oid, 'MEMBER') OR pg_has_role(current_user, r.oid, 'MEMBER'))
) OR EXISTS (
    SELECT FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
    WHERE n.nspname = 'lodestone' AND c.relname = 'events'
        AND has_table_privilege(c.oid, 'INSERT, UPDATE, DELETE, TRUNCATE')
)
"""


# Asked of the catalogue, which everybody may read, whatever rights there are in the schema yet.
_IS_MIGRATED = """
SELECT FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
WHERE n.nspname = 'lodestone' AND c.relname = 'events'
"""


class NotMigrated(Exception):
    """A database without an event store. ``store.not_migrated``."""

    code = "store.not_migrated"


class PrivilegedRole(Exception):
    """A process connected as superuser or owner, who could rewrite history. ``store.privileged_role``."""

    code = "store.privileged_role"


def ensure_roles(connection: Connection, passwords: Mapping[str, str]) -> None:
    """Make the roles that are missing and set the passwords that are given (role name without prefix -> password).

    Roles belong to the whole cluster, so another database's migration may be making them at the same moment.
    """
    connection.execute(_create(OWNER, "NOLOGIN"))
    for short, role in LOGIN_ROLES.items():
        connection.execute(_create(role, "LOGIN"))
        if short in passwords:
            statement = sql.SQL("ALTER ROLE {} PASSWORD {}").format(sql.Identifier(role), sql.Literal(passwords[short]))
            connection.execute(statement)


def limit_database(connection: Connection) -> None:
    """Let only our roles connect, the projector make schemas, and end a writer's transaction that lasts too long."""
    database = sql.Identifier(connection.info.dbname)
    connection.execute(sql.SQL("REVOKE ALL ON DATABASE {} FROM PUBLIC").format(database))
    for role in LOGIN_ROLES.values():
        connection.execute(sql.SQL("GRANT CONNECT ON DATABASE {} TO {}").format(database, sql.Identifier(role)))
    # Rights on a database are in no backup of it and no copy.
    connection.execute(
        sql.SQL("GRANT CREATE ON DATABASE {} TO {}").format(database, sql.Identifier(LOGIN_ROLES["projector"]))
    )
    for name, value in WRITER_SETTINGS.items():
        connection.execute(
            sql.SQL("ALTER ROLE {} IN DATABASE {} SET {} = {}").format(
                sql.Identifier(LOGIN_ROLES["writer"]), database, sql.Identifier(name), sql.Literal(value)
            )
        )


def refuse_privileged(connection: Connection) -> None:
    """Refuse to work on as somebody who could change what is recorded, or could become such.

    Raises:
        PrivilegedRole: ``store.privileged_role``.
    """
    row = connection.execute(_WHO_COULD_CHANGE, {"owner": OWNER}).fetchone()
    if row is not None:
        raise PrivilegedRole(f"connected as {row[0]}, who could change history; use a lodestone role")


def require_migrated(connection: Connection) -> None:
    """Refuse to work on a database that `migrate` has not seen.

    Raises:
        NotMigrated: ``store.not_migrated``.
    """
    if connection.execute(_IS_MIGRATED).fetchone() is None:
        raise NotMigrated(f"there is no event store in {connection.info.dbname}; run `lodestone migrate` first")


def _create(role: str, login: str) -> sql.Composed:
    return sql.SQL(
        "DO $$ BEGIN CREATE ROLE {} {}; EXCEPTION WHEN duplicate_object OR unique_violation THEN NULL; END $$"
    ).format(sql.Identifier(role), sql.SQL(login))
