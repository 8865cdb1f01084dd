"""Reading the tables of a read model from the file beside its fold."""

from collections.abc import Iterable
from importlib.resources import files

# In every `tables.sql` this line parts the tables from what is made when they are full.
_INDEXES = "\n-- Indexes"


def tables_of(*read_models: str) -> str:
    """Give the tables of these folders, one folder after another, without indexes and keys."""
    return "\n".join(tables for tables, _ in _parts(read_models))


def indexes_of(*read_models: str) -> str:
    """Give the indexes and keys of these folders."""
    return "\n".join(indexes for _, indexes in _parts(read_models))


def _parts(read_models: Iterable[str]) -> Iterable[tuple[str, str]]:
    for name in read_models:
        text = files(f"projections.{name}").joinpath("tables.sql").read_text(encoding="utf-8")
        tables, marker, indexes = text.partition(_INDEXES)
        yield tables, f"{marker}{indexes}"
