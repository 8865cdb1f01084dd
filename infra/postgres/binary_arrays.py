"""Parameters in PostgreSQL's binary form, arrays included, written without asking each element for its type.

psycopg finds the type of a list by looking at all of it and quotes what it holds; for the 17 arrays of the append
function that cost more than the call itself. Here the column says what it holds.
"""

from collections.abc import Callable, Sequence
from datetime import UTC, datetime, timedelta
from struct import Struct, pack
from typing import Any
from uuid import UUID

from psycopg.postgres import types

Write = Callable[[Sequence[Any]], bytes]

_ONE_DIMENSION = Struct("!iiIii").pack
_SIZE = Struct("!i").pack
_SIZED_LONG = Struct("!iq").pack
_NULL = _SIZE(-1)
_UUID_SIZE = _SIZE(16)
_NO_NUL = "a text holds the character U+0000, which PostgreSQL cannot keep"
_EPOCH = datetime(2000, 1, 1, tzinfo=UTC)
_MICROSECOND = timedelta(microseconds=1)


def microseconds(moment: datetime) -> int:
    """Give a moment as PostgreSQL counts it: microseconds since 2000, exact."""
    return (moment - _EPOCH) // _MICROSECOND


def checked_text(value: str) -> bytes:
    """Write a text.

    Raises:
        ValueError: it holds U+0000; the server would say so too, but only after refusing the whole call.
    """
    data = value.encode()
    if b"\0" in data:
        raise ValueError(_NO_NUL)
    return data


def sized_text(value: str) -> bytes:
    """Write a text as an element of an array: its length in bytes, then its bytes (errors as ``checked_text``)."""
    data = checked_text(value)
    return _SIZE(len(data)) + data


def text_array(values: Sequence[str]) -> bytes:
    """Write an array of texts (errors as ``checked_text``)."""
    written = [value.encode() for value in values]
    body = b"".join([_SIZE(len(each)) + each for each in written])
    # A length may hold a zero byte, so only texts are looked through.
    if b"\0" in b"".join(written):
        raise ValueError(_NO_NUL)
    return _head("text", len(written)) + body


def bytes_array(values: Sequence[bytes]) -> bytes:
    """Write an array of bytes."""
    return _head("bytea", len(values)) + b"".join([_SIZE(len(each)) + each for each in values])


def id_array(values: Sequence[bytes]) -> bytes:
    """Write an array of identifiers, each given as its 16 bytes."""
    return _head("uuid", len(values)) + _UUID_SIZE.join([b"", *values])


def int_array(values: Sequence[int]) -> bytes:
    """Write an array of integers of 32 bits."""
    sized = [4] * (2 * len(values))
    sized[1::2] = values
    return _head("int4", len(values)) + pack(f"!{len(sized)}i", *sized)


def _head(element: str, count: int) -> bytes:
    return _ONE_DIMENSION(1, 1, types[element].oid, count, 1)


def _uuid(value: UUID | None) -> bytes:
    return _NULL if value is None else _UUID_SIZE + value.bytes


def _time(value: datetime) -> bytes:
    return _SIZED_LONG(8, microseconds(value))


def _array_of(element: str, write: Callable[[Any], bytes], *, repeats: bool = False) -> Write:
    """Make what writes an array; where values come again and again, each is written once."""

    def array(values: Sequence[Any]) -> bytes:
        return _head(element, len(values)) + b"".join(map(write, values))

    def repeating(values: Sequence[Any]) -> bytes:
        written = {value: write(value) for value in set(values)}
        return _head(element, len(values)) + b"".join([written[value] for value in values])

    return repeating if repeats else array


uuid_array = _array_of("uuid", _uuid)
repeating_text_array = _array_of("text", sized_text, repeats=True)
time_array = _array_of("timestamptz", _time, repeats=True)
