"""How a streaming process is set up."""

import gc
import sys
from collections.abc import Iterator

import pytest

from infra.interpreter import suit_to_streams


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
