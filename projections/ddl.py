"""Reading the tables of a read model from the file beside its fold."""

from importlib.resources import files


def tables_of(*read_models: str) -> str:
    """Give the DDL of these folders, one after another."""
    texts = [files(f"projections.{name}").joinpath("tables.sql").read_text(encoding="utf-8") for name in read_models]
    return "\n".join(texts)
