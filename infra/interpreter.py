"""How processes run that pass millions of small objects on: relay, consumer, workers of an import or a rebuild."""

import gc
import os
import sys

# Envelopes, rows and records hold no cycles, and a batch is tens of thousands of them: with the default of 700 the
# collector walks over all that is alive again and again, for up to a third of the time, and finds nothing.
_ALLOCATIONS = 100_000

# While one thread decodes, another speaks with PostgreSQL or the broker in many short turns, and waits for this long
# before each: with the default of 5 ms a COPY beside decoding took twice as long, with this half as long again.
_SWITCH_S = 0.001
# Each of them has a connection and some 200 MB; a server that does their work has cores of its own to find.
_MOST_AT_ONCE = 8


def processes_at_once() -> int:
    """Give how many processes of one job may work side by side here: two at least, one a core, eight at most."""
    return max(2, min(len(os.sched_getaffinity(0)), _MOST_AT_ONCE))


def suit_to_streams() -> None:
    """Collect garbage rarely and let threads take turns quickly; for a whole process, when it starts."""
    gc.freeze()
    gc.set_threshold(_ALLOCATIONS, 20, 100)
    sys.setswitchinterval(_SWITCH_S)
