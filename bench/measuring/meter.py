"""What processes take while something is measured: CPU seconds and peak memory, each with its children."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from threading import Event, Thread

import psutil

from bench.measuring.runs import Usage

_LOOK_S = 0.1
_MB = 1024 * 1024


class Meter:
    """Watches some processes from a thread of its own.

    Memory is what a process and its children have to themselves (resident less shared), so that PostgreSQL's
    shared buffers do not count once for each connection; the peak is the largest sum seen, ten looks a second.

    Args:
        pids: name -> process.
    """

    def __init__(self, pids: Mapping[str, int]) -> None:
        self._roots = {name: psutil.Process(pid) for name, pid in pids.items()}
        self._before = {name: _cpu(_tree(root)) for name, root in self._roots.items()}
        self._cpu = dict(self._before)
        self._peak = dict.fromkeys(self._roots, 0.0)

    def look(self) -> None:
        """Look once; a process that is gone keeps what was last seen of it."""
        for name, root in self._roots.items():
            tree = _tree(root)
            self._cpu[name] = max(self._cpu[name], _cpu(tree))
            self._peak[name] = max(self._peak[name], _memory(tree))

    def usage(self) -> Mapping[str, Usage]:
        """Give what was taken since this was made."""
        return {name: Usage(self._cpu[name] - self._before[name], self._peak[name] / _MB) for name in self._roots}


@contextmanager
def metered(pids: Mapping[str, int]) -> Iterator[Meter]:
    """Watch processes as long as the body lasts."""
    meter, done = Meter(pids), Event()

    def watch() -> None:
        while not done.wait(_LOOK_S):
            meter.look()

    thread = Thread(target=watch, daemon=True)
    thread.start()
    try:
        yield meter
    finally:
        meter.look()
        done.set()
        thread.join()


def _tree(root: psutil.Process) -> list[psutil.Process]:
    try:
        return [root, *root.children(recursive=True)]
    except psutil.NoSuchProcess:
        return []


def _cpu(tree: list[psutil.Process]) -> float:
    total = 0.0
    for place, process in enumerate(tree):
        with suppress(psutil.NoSuchProcess):
            times = process.cpu_times()
            total += times.user + times.system
            if place == 0:
                # Children that have ended since are counted by their parent.
                total += times.children_user + times.children_system
    return total


def _memory(tree: list[psutil.Process]) -> float:
    total = 0
    for process in tree:
        with suppress(psutil.NoSuchProcess):
            memory = process.memory_info()
            total += max(memory.rss - memory.shared, 0)
    return float(total)
