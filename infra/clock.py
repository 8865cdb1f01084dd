"""Time and identifiers from the operating system."""

import os
import threading
from datetime import UTC, datetime
from uuid import UUID

_RANDOM_BITS = 74


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
        milliseconds = int(self._clock.now().timestamp() * 1000)
        drawn = (milliseconds << _RANDOM_BITS) | int.from_bytes(os.urandom(10)) >> (80 - _RANDOM_BITS)
        with self._lock:
            self._last = drawn = max(drawn, self._last + 1)
        # 48 bits of time, version 7, 12 random bits, variant 10, 62 random bits.
        time, a, b = drawn >> _RANDOM_BITS, drawn >> 62 & 0xFFF, drawn & ((1 << 62) - 1)
        return UUID(int=time << 80 | 0x7 << 76 | a << 64 | 0b10 << 62 | b)
