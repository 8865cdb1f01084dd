"""How the server is told to plan: what is added up is not sorted for it; what is ordered may be."""

import pytest

from infra.kafka.partitioning import PARTITIONS
from infra.postgres.connections import open_pool
from infra.postgres.snapshots import Asked, SnapshotReader, for_questions
from projections.answers import Wait
from tests.support.reading import TOPIC, Office
from tests.support.services import Database

_SHOWN = "SHOW enable_sort"


@pytest.mark.parametrize("sorts", ["off", "on"])
def test_a_question_says_whether_it_only_adds_up(told: Office, database: Database, sorts: str) -> None:
    """For itself alone: the same connection asks the next one as if nothing had been."""
    asked = Asked("volumes", Wait(told.log.head()), adds_up=sorts == "off")
    with open_pool(database.reader_url, max_size=1, configure=for_questions) as pool:
        reader = SnapshotReader(pool, TOPIC, PARTITIONS)
        assert reader.answer(asked, lambda rows, _: rows.execute(_SHOWN)).result == [(sorts,)]
        assert reader.look(_SHOWN, ()) == [("on",)]
