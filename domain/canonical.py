"""Canonical JSON (RFC 8785), for values without fractions."""

import json
from decimal import Decimal
from typing import Any

MAX_SAFE_INTEGER = 2**53 - 1


def canonical_json(value: Any) -> bytes:
    """Write a value as RFC 8785 does: keys by UTF-16 code units, no blanks, shortest escapes.

    Raises:
        ValueError: for a float, a Decimal, a lone surrogate, or an integer beyond 2^53-1, which have no
            form that every reader would keep.
    """
    return json.dumps(_ordered(value), ensure_ascii=False, separators=(",", ":"), allow_nan=False).encode()


def parse_json(data: bytes | str) -> Any:
    """Read JSON; a number with a fraction becomes a Decimal, never a float."""
    return json.loads(data, parse_float=Decimal)


def _ordered(value: Any) -> Any:
    if isinstance(value, dict):
        return {key: _ordered(value[key]) for key in sorted(value, key=lambda each: each.encode("utf-16-be"))}
    if isinstance(value, list | tuple):
        return [_ordered(each) for each in value]
    if isinstance(value, float | Decimal):
        raise ValueError(f"{value!r} has no exact form in canonical JSON; write it as a string")
    if isinstance(value, int) and abs(value) > MAX_SAFE_INTEGER:
        raise ValueError(f"{value} is beyond 2^53-1; write it as a string")
    return value
