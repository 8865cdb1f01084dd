"""What the importing process makes of a worker that has ended."""

from collections.abc import Sequence
from multiprocessing import Pipe, get_context

import pytest

from interfaces.cli.filing_worker import Complete, Failed
from interfaces.cli.filing_workers import Worker, WorkerFailed


@pytest.mark.parametrize(
    ("last_words", "code"), [([], "import.worker_lost"), ([Failed("store.unavailable", "gone")], "store.unavailable")]
)
def test_a_worker_that_ended_before_it_is_told_more(last_words: Sequence[Failed], code: str) -> None:
    """Its last words say why; without any it is lost. Either way the import ends with a code."""
    ours, theirs = Pipe()
    for each in last_words:
        theirs.send(each)
    theirs.close()
    worker = Worker(get_context("spawn").Process(), ours)
    with pytest.raises(WorkerFailed) as lost:
        worker.send(Complete())
    assert lost.value.code == code
    ours.close()
