"""Time and identifiers from the operating system."""

import os
import threading
from collections.abc import Sequence
from datetime import UTC, datetime
from uuid import UUID

_RANDOM_BITS = 74
_LOW = (1 << 62) - 1


class SystemClock:
    """The machine's clock, in UTC."""

    def now(self) -> datetime:
        """Give the time now."""
        return datetime.now(UTC)


class UuidV7Ids:
    """UUIDv7 (RFC 9562, section 5.7), increasing within this object, also within one millisecond."""

    def __init__(self, clock: SystemClock) -> None:
        self._clock = clock
        self._lock = threading.Lock()
        self._last = 0

    def event_id(self) -> UUID:
        """Make the next identifier."""
        return UUID(int=_version_7(self._draw(1)))

    def event_ids(self, count: int) -> Sequence[bytes]:
        """Make as many, each as its 16 bytes: one after another from one random place."""
        first = self._draw(count)
        made = _version_7(first)
        if (made & _LOW) + count > _LOW:
            return [_version_7(drawn).to_bytes(16) for drawn in range(first, first + count)]
        return [each.to_bytes(16) for each in range(made, made + count)]

    def _draw(self, count: int) -> int:
        """Reserve numbers of 48 bits of time and 74 random ones, beyond all reserved so far; gives the first."""
        milliseconds = int(self._clock.now().timestamp() * 1000)
        drawn = (milliseconds << _RANDOM_BITS) | int.from_bytes(os.urandom(10)) >> (80 - _RANDOM_BITS)
        with self._lock:
            first = max(drawn, self._last + 1)
            self._last = first + count - 1
        return first


def _version_7(drawn: int) -> int:
    # 48 bits of time, version 7, 12 random bits, variant 10, 62 random bits.
    time, a, b = drawn >> _RANDOM_BITS, drawn >> 62 & 0xFFF, drawn & _LOW
    return time << 80 | 0x7 << 76 | a << 64 | 0b10 << 62 | b
