"""Identity of a filing: the same content filed again is the same command."""

from typing import Any
from uuid import UUID, uuid5

from domain.canonical import canonical_json

NAMESPACE = UUID("6b0f3d0a-8f0e-5c5e-9a41-2d5c1f7f6a10")


def command_id(kind: str, source: str, key: str, content: Any) -> UUID:
    """Derive a UUIDv5 from kind, source, natural key and canonical content as filed."""
    return uuid5(NAMESPACE, canonical_json([kind, source, key, content]).decode())
