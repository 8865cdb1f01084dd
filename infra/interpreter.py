"""How the interpreter runs a process that passes millions of small objects on: relay, consumer, worker of an import."""

import gc
import sys

# Envelopes, rows and records hold no cycles, and a batch is tens of thousands of them: with the default of 700 the
# collector walks over all that is alive again and again, for up to a third of the time, and finds nothing.
_ALLOCATIONS = 100_000

# While one thread decodes, another speaks with PostgreSQL or the broker in many short turns, and waits for this long
# before each: with the default of 5 ms a COPY beside decoding took twice as long, with this half as long again.
_SWITCH_S = 0.001


def suit_to_streams() -> None:
    """Collect garbage rarely and let threads take turns quickly; for a whole process, when it starts."""
    gc.freeze()
    gc.set_threshold(_ALLOCATIONS, 20, 100)
    sys.setswitchinterval(_SWITCH_S)
