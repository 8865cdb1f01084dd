"""How a streaming process is set up."""

import gc
import os
import sys
from collections.abc import Iterator

import pytest

from infra.interpreter import processes_at_once, suit_to_streams


@pytest.fixture
def _as_before() -> Iterator[None]:
    """The interpreter begins with its defaults, whatever ran before, and goes on as it was."""
    thresholds, interval = gc.get_threshold(), sys.getswitchinterval()
    gc.set_threshold(700, 10, 10)
    sys.setswitchinterval(0.005)
    yield
    gc.set_threshold(*thresholds)
    gc.unfreeze()
    sys.setswitchinterval(interval)


@pytest.mark.usefixtures("_as_before")
def test_garbage_is_collected_rarely_but_still_collected() -> None:
    """And threads take turns more often than by default."""
    thresholds, interval = gc.get_threshold(), sys.getswitchinterval()
    suit_to_streams()
    assert gc.isenabled()
    assert gc.get_threshold()[0] > 100 * thresholds[0]
    assert sys.getswitchinterval() < interval


@pytest.mark.parametrize(("cores", "processes"), [(1, 2), (2, 2), (3, 3), (8, 8), (64, 8)])
def test_a_job_uses_the_cores_it_may_use(monkeypatch: pytest.MonkeyPatch, cores: int, processes: int) -> None:
    """Two even on one core: while one waits for the database the other works. Not all of a large server."""
    monkeypatch.setattr(os, "sched_getaffinity", lambda _pid: set(range(cores)))
    assert processes_at_once() == processes
