"""Rows as lines of COPY's text format, written where they are made: an adapter for each value costs too much."""

from collections.abc import Iterable

NULL = r"\N"

_ESCAPES = str.maketrans({"\b": r"\b", "\t": r"\t", "\n": r"\n", "\v": r"\v", "\f": r"\f", "\r": r"\r", "\\": r"\\"})
_IN_QUOTES = str.maketrans({"\\": r"\\", '"': r"\""})


def escaped(text: str) -> str:
    """Write a text as a field of a line; one with a NUL, which PostgreSQL cannot hold, MUST NOT come here."""
    return text if text.isprintable() and "\\" not in text else text.translate(_ESCAPES)


def escaped_or_null(text: str | None) -> str:
    """Write a text, or that there is none."""
    return NULL if text is None else escaped(text)


def text_array(texts: Iterable[str | None]) -> str:
    """Write texts of any content as a field that is an array of them."""
    return escaped("{" + ",".join("NULL" if each is None else _quoted(each) for each in texts) + "}")


def _quoted(text: str) -> str:
    return '"' + text.translate(_IN_QUOTES) + '"'
