"""Pages of events with bounded memory: so many rows, and no event begun beyond so many bytes."""

from infra.postgres.envelopes import ENVELOPE_COLUMNS

PAGE_BYTES = 8 * 1024 * 1024


def sized_page(selection: str) -> bytes:
    """Wrap a selection of events (ordered by position, limited) so that it ends when ``%(max_bytes)s`` are reached.

    The size of a datum is known without reading it, so what is left out costs nothing; the first event always
    comes, whatever its size.
    """
    return sized_rows(ENVELOPE_COLUMNS, selection)


def sized_rows(columns: str, selection: str) -> bytes:
    """Do the same with other columns of the events."""
    return (
        f"SELECT {columns} FROM (SELECT page.*,"  # noqa: S608 - constants of this package
        f" sum(octet_length(data)) OVER (ORDER BY position) - octet_length(data) AS before FROM ({selection}) page"
        ") sized WHERE before < %(max_bytes)s ORDER BY position"
    ).encode()
