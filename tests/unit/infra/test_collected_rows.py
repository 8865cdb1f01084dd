"""What is folded ahead can only add rows."""

import pytest

from infra.postgres.collected_rows import CollectedRows


def test_a_fold_that_reads_or_changes_is_refused() -> None:
    """It would see its tables before the batch that it follows is in them."""
    with pytest.raises(TypeError, match="a fold only adds rows: DELETE FROM given"):
        CollectedRows().execute("DELETE FROM given WHERE position = %s", (1,))
