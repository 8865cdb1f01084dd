"""How often this process looks for garbage in cycles."""

import gc

# Envelopes, rows and records hold no cycles, and a batch is tens of thousands of them: with the default of 700 the
# collector walks over all that is alive again and again, for up to a third of the time, and finds nothing.
_ALLOCATIONS = 100_000


def collect_rarely() -> None:
    """Suit the collector to a process that makes many small objects at once: a relay or a consumer."""
    gc.freeze()
    gc.set_threshold(_ALLOCATIONS, 20, 100)
