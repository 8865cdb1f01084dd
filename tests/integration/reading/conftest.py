"""What tests of questions about trade share."""

from collections.abc import Iterator

import pytest

from application.filing import FilingAccepted
from tests.support.random_trade import Step
from tests.support.reading import Office, office
from tests.support.services import Database
from tests.support.small_story import STORY


@pytest.fixture
def told(database: Database) -> Iterator[Office]:
    """The story, filed and folded."""
    with office(database) as opened:
        for kind, row in STORY:
            assert isinstance(opened.file(Step(kind, "exporter", (row,))), FilingAccepted), row
        checked = opened.project()
        assert set(checked.values()) == {opened.log.head()}
        yield opened
